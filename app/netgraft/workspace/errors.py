"""What can go wrong in the workspace, in words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class WorkspaceError(Exception):
    """Base of the workspace's refusals: nothing was changed."""


class NoSuchDocument(WorkspaceError):
    """No document has that id."""

    def __init__(self, document: str) -> None:
        super().__init__(f"There is no document {document!r}.")
        self.document = document


class NothingToUndo(WorkspaceError):
    """Undo at the first revision, or redo at the last."""


@dataclass(frozen=True, slots=True)
class Change:
    """One revision that a stale edit has not seen."""

    revision: int
    title: str
    operations: Sequence[object]


class StaleRevision(WorkspaceError):
    """An edit was made for another revision than the present one.

    `changes` are the revisions between the two, oldest first; empty where the edit's base was undone.
    """

    def __init__(self, base: int, current: int, changes: Sequence[Change]) -> None:
        done = "; ".join(change.title for change in changes) or "it was undone"
        super().__init__(
            f"This edit was made for revision {base}, but the document is at revision {current}: {done}."
        )
        self.base = base
        self.current = current
        self.changes = changes


class TooLarge(WorkspaceError):
    """More bytes than a limit allows."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"{what} is larger than the limit of {limit:,} bytes.")
        self.limit = limit


class TooMany(WorkspaceError):
    """One thing more than a limit allows."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"{what} are limited to {limit:,} files.")
        self.limit = limit


class NoSuchWeights(WorkspaceError):
    """The document has no weights of that name."""

    def __init__(self, source: str) -> None:
        named = f"weights named {source!r}" if source else "main weights"
        super().__init__(f"The document has no {named}.")
        self.source = source
