"""What the workspace hands out: plain values, detached from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from netgraft import edit
from netgraft.workspace.premises import Premises


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
    """A document in a listing. Times are milliseconds since 1970, UTC."""

    id: str
    name: str
    revision: int
    created: int
    changed: int
    weights: StoredWeights | None


@dataclass(frozen=True, slots=True)
class Step:
    """A revision in a document's history. `created` is milliseconds since 1970, UTC."""

    revision: int
    title: str
    created: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document as it stands at its present revision, parsed."""

    entry: Entry
    document: edit.Document
    can_undo: bool
    can_redo: bool
    undo_title: str | None
    redo_title: str | None
    premises: Premises
    sources: Mapping[str, StoredWeights]
    """All its caffemodels by source name; "" is the main one, which `entry` has, too."""

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def revision(self) -> int:
        return self.entry.revision
