"""Walking along a document's revisions: back by `parent`, as undo does, and on by `next`, as redo does.

A document may have tens of thousands of revisions. They are read in pieces, as far as is walked, and without
their texts: a parent has a lower number and a next one a higher, so a piece by number holds many of the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from netgraft.workspace.errors import NothingToUndo
from netgraft.workspace.records import Step
from netgraft.workspace.tables import DocumentRow, RevisionRow

_FIRST_PIECE = 256
_LARGEST_PIECE = 4096

_WAY = (RevisionRow.number, RevisionRow.parent, RevisionRow.next)
_TOLD = (RevisionRow.title, RevisionRow.created, RevisionRow.author)


def steps(session: Session, row: DocumentRow, most: int) -> list[Step]:
    """The revisions that undo and redo pass, oldest first; on either side of the present at most so many."""
    back = list(islice(_walk(session, row.id, row.head, *_TOLD, back=True), most + 1))
    on = list(islice(_walk(session, row.id, row.head, *_TOLD, back=False), 1, most + 1))
    return [Step(each.number, each.title, each.created, each.author) for each in [*back[::-1], *on]]


def reach(session: Session, row: DocumentRow, number: int) -> None:
    """Raises NothingToUndo unless undo or redo lead to the revision."""
    back = number <= row.head
    for each in _walk(session, row.id, row.head, back=back):
        if each.number == number:
            return
        if each.number < number if back else each.number > number:
            break
    raise NothingToUndo(f"Undo and redo do not lead to revision {number}.")


def _walk(
    session: Session, document: str, start: int, *more: InstrumentedAttribute[Any], back: bool
) -> Iterator[Row[Any]]:
    """The revisions from `start` on, itself included, in the direction."""
    known: dict[int, Row[Any]] = {}
    piece = _FIRST_PIECE
    number: int | None = start
    while number is not None:
        if number not in known:
            number_of = RevisionRow.number
            query = (
                select(*_WAY, *more)
                .where(RevisionRow.document == document)
                .where(number_of <= number if back else number_of >= number)
                .order_by(number_of.desc() if back else number_of)
                .limit(piece)
            )
            known = {found.number: found for found in session.execute(query)}
            piece = min(2 * piece, _LARGEST_PIECE)
        yield known[number]
        number = known[number].parent if back else known[number].next
