"""The journal: one row for each change of a document, in the transaction that makes the change."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from netgraft.workspace.feed import Notice, note
from netgraft.workspace.records import By, Event, EventKind
from netgraft.workspace.tables import DocumentRow, JournalRow


def record(session: Session, row: DocumentRow, kind: EventKind, by: By, moment: int, title: str = "") -> None:
    """Writes a change that was just made into the journal and raises the document's version.

    `moment` (milliseconds since 1970) may lie before that of an earlier change, where the clock was put back:
    versions say what came first, and `changed` does not go back.
    """
    row.version += 1
    if kind != "layout":  # a picture that was tidied is no news of the net
        row.changed = max(row.changed, moment)
    _add(session, row, kind, by, moment, title)


def begin(session: Session, row: DocumentRow, by: By, moment: int, title: str) -> None:
    """Begins the journal of a document that was just put in, at version 1."""
    _add(session, row, "open", by, moment, title)


def read(session: Session, document: str, after: int, most: int) -> list[Event]:
    """The changes after a version, oldest first, at most so many."""
    query = (
        select(JournalRow)
        .where(JournalRow.document == document, JournalRow.version > after)
        .order_by(JournalRow.version)
        .limit(most)
    )
    return [_event(row) for row in session.scalars(query)]


def revision_of(session: Session, document: str, key: str) -> int | None:
    """The revision that an edit of that key made; None where there was none, or no key."""
    if not key:
        return None
    query = select(JournalRow.revision).where(JournalRow.document == document, JournalRow.key == key)
    return session.scalar(query)


def _add(session: Session, row: DocumentRow, kind: EventKind, by: By, moment: int, title: str) -> None:
    session.add(
        JournalRow(
            document=row.id,
            version=row.version,
            revision=row.head,
            kind=kind,
            title=title,
            author=by.author,
            client=by.client,
            created=moment,
            key=by.key or None if kind == "edit" else None,
        )
    )
    note(session, row.id, Notice("change", str(row.version)))


def _event(row: JournalRow) -> Event:
    kind = cast(EventKind, row.kind)
    return Event(
        row.document, row.version, row.revision, kind, row.title, row.author, row.client, row.created
    )
