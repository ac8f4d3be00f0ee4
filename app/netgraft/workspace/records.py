"""What the workspace hands out: plain values, detached from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from netgraft import edit
from netgraft.workspace.premises import Premises


@dataclass(frozen=True, slots=True)
class By:
    """Who changes a document: a name for people, and the id of the browser tab or program that asks.

    `key` tells one edit from all others: one that comes again with it was made already (`Repeated`)."""

    author: str = ""
    client: str = ""
    key: str = ""


NOBODY = By()
"""A change of which nobody said who makes it."""

EventKind = Literal["open", "edit", "undo", "redo", "goto", "rename", "premises", "weights", "layout"]


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a document, of whatever kind. Its versions have no gaps, and say what came first.

    `revision` is the present one after the change. `title` is the step that was made, undone, redone or gone
    to, the new name, or the weights' file name; empty where the kind says it all. `created` is milliseconds
    since 1970, UTC.
    """

    document: str
    version: int
    revision: int
    kind: EventKind
    title: str
    author: str
    client: str
    created: int


@dataclass(frozen=True, slots=True)
class StoredWeights:
    """An accepted weights file and the name it came under."""

    sha256: str
    size: int
    layers: int
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a listing. Times are milliseconds since 1970, UTC. `version` counts all its changes."""

    id: str
    name: str
    revision: int
    version: int
    created: int
    changed: int
    weights: StoredWeights | None


@dataclass(frozen=True, slots=True)
class Step:
    """A revision in a document's history. `created` is milliseconds since 1970, UTC."""

    revision: int
    title: str
    created: int
    author: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document as it stands at its present revision, parsed."""

    entry: Entry
    document: edit.Document
    can_undo: bool
    can_redo: bool
    undo_title: str | None
    redo_title: str | None
    undo_author: str | None  # who made the step that undo takes back; empty where nobody said
    redo_author: str | None
    premises: Premises
    sources: Mapping[str, StoredWeights]
    """All its caffemodels by source name; "" is the main one, which `entry` has, too."""

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def revision(self) -> int:
        return self.entry.revision
