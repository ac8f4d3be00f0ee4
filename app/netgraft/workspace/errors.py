"""What can go wrong in the workspace, in words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class WorkspaceError(Exception):
    """Base of the workspace's refusals: nothing was changed."""


class DatabaseTrouble(WorkspaceError):
    """The database cannot do its work: nobody's fault who asks."""


class DatabaseGone(DatabaseTrouble):
    """It does not answer, for now. What was asked is saved wholly or not at all: look before trying again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The database cannot be reached: {reason}")


class DatabaseBusy(DatabaseTrouble):
    """Others held for too long what a change needs. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "The database is busy with other changes for too long; nothing was saved. Try again."
        )


class DatabaseFull(DatabaseTrouble):
    """Its disk is full. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__("The disk of the database is full; nothing was saved.")


class DatabaseUnusable(DatabaseTrouble):
    """Netgraft cannot work with it: what its URL names is none, too new, or lacks something."""


class NoSuchDocument(WorkspaceError):
    """No document has that id."""

    def __init__(self, document: str) -> None:
        super().__init__(f"There is no document {document!r}.")
        self.document = document


class AlreadyThere(WorkspaceError):
    """A document has that id."""

    def __init__(self, document: str) -> None:
        super().__init__(f"There is a document {document!r} already.")


class Repeated(WorkspaceError):
    """An edit that was carried out already, as `revision`: its answer was lost, so it came again."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"This edit was carried out already, as revision {revision}.")
        self.revision = revision


class DamagedRevision(WorkspaceError):
    """A revision cannot be read: what the database holds of it, or of one that it rests on, was spoilt.

    `damaged` is the spoilt one, `readable` the last one before it that can be read (None: none can).
    """

    def __init__(self, revision: int, damaged: int, readable: int | None) -> None:
        whose = "its" if revision == damaged else f"it rests on revision {damaged}, whose"
        way = "No revision before it can be read either: open the net from its file again."
        if readable is not None:
            way = (
                f"Nothing else is lost: go back to revision {readable}, the last before it that can be read."
            )
        super().__init__(f"Revision {revision} cannot be read: {whose} stored text is damaged. {way}")
        self.damaged = damaged
        self.readable = readable


class NothingToUndo(WorkspaceError):
    """Undo at the first revision, or redo at the last."""


@dataclass(frozen=True, slots=True)
class Change:
    """One revision that a stale edit has not seen, or that was `undone` since. `parent` is what it was made
    from."""

    revision: int
    title: str
    operations: Sequence[object]
    author: str = ""
    undone: bool = False
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why a stale edit cannot be carried over, as a sentence. See netgraft.edit.rebase."""

    kind: str
    name: str
    message: str


class StaleRevision(WorkspaceError):
    """An edit was made for another revision than the present one, and cannot be carried over to it.

    `changes` are the revisions between the two: what was undone, then what was made, oldest first. Both are
    empty where the document never had the edit's revision.
    """

    def __init__(
        self, base: int, current: int, changes: Sequence[Change], conflicts: Sequence[Conflict] = ()
    ) -> None:
        told = " ".join(conflict.message for conflict in conflicts[:_TOLD_CONFLICTS])
        if len(conflicts) > _TOLD_CONFLICTS:
            told += f" And {len(conflicts) - _TOLD_CONFLICTS} more."
        super().__init__(told or _moved_on(base, current, changes))
        self.base = base
        self.current = current
        self.changes = changes
        self.conflicts = conflicts


_TOLD_CONFLICTS = 3


def _moved_on(base: int, current: int, changes: Sequence[Change]) -> str:
    if not changes:
        return f"The document has no revision {base}; it is at revision {current}."
    done = "; ".join(f"{change.title} was undone" if change.undone else change.title for change in changes)
    return f"This was asked for revision {base}, but the document is at revision {current}: {done}."


class TooLarge(WorkspaceError):
    """More bytes than a limit allows."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"{what} is larger than the limit of {limit:,} bytes.")
        self.limit = limit


class TooMany(WorkspaceError):
    """One thing more than a limit allows."""

    def __init__(self, what: str, limit: int, things: str = "files") -> None:
        super().__init__(f"{what} are limited to {limit:,} {things}".rstrip() + ".")
        self.limit = limit


class NoSuchWeights(WorkspaceError):
    """The document has no weights of that name."""

    def __init__(self, source: str) -> None:
        named = f"weights named {source!r}" if source else "main weights"
        super().__init__(f"The document has no {named}.")
        self.source = source


class NoSuchLink(WorkspaceError):
    """The document has no such share link."""

    def __init__(self, link: int) -> None:
        super().__init__(f"The document has no share link {link}.")
        self.link = link


class UploadError(WorkspaceError):
    """An upload is not there, or not as it must be."""


class NoSuchUpload(UploadError):
    """No upload has that id."""

    def __init__(self, upload: str) -> None:
        super().__init__(f"There is no upload {upload!r}.")
        self.upload = upload


class UploadGone(UploadError):
    """There was such an upload: it was used, cancelled or refused, or waited for too long."""

    def __init__(self, upload: str) -> None:
        super().__init__(
            f"The upload {upload!r} is not there any more: it was used, cancelled or refused, or nobody "
            "went on with it for too long. Begin a new one."
        )
        self.upload = upload


class UploadBusy(UploadError):
    """Another request is at work on the upload."""

    def __init__(self, upload: str) -> None:
        super().__init__(f"Another request is at work on the upload {upload!r}; try again in a moment.")
        self.upload = upload


class UploadOffset(UploadError):
    """Bytes for another place than the one where the upload is."""

    def __init__(self, given: int, offset: int) -> None:
        super().__init__(f"The upload has {offset:,} bytes, so it cannot go on at {given:,}.")
        self.offset = offset


class UploadUnfinished(UploadError):
    """An upload of which some bytes have not come yet."""

    def __init__(self, offset: int, length: int) -> None:
        super().__init__(f"The upload has {offset:,} of its {length:,} bytes; send the others first.")
        self.offset = offset


class StoreUnusable(WorkspaceError):
    """The address of the store of the weights is none that can be used."""


class StoreUnavailable(WorkspaceError):
    """The store of the weights does not answer, or refuses."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The store of the weights cannot be used at the moment: {why}. Nothing was lost.")
