"""What happened to a document between two of its revisions: those that were made, and those undone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from netgraft.workspace.errors import Change
from netgraft.workspace.tables import RevisionRow
from netgraft.workspace.texts import operations

MOST_TOLD = 50
"""So many revisions, the latest, are told of."""


def exists(session: Session, document: str, number: int) -> bool:
    """Whether the document ever was at a revision."""
    return session.get(RevisionRow, (document, number)) is not None


def between(session: Session, document: str, base: int, head: int) -> list[Change]:
    """The changes that lead from one revision to another: what was undone of it, then what was made, oldest
    first; of more than 50 the last ones. Empty for a revision that the document never had."""
    if not (exists(session, document, base) and exists(session, document, head)):
        return []
    parents = _Parents(session, document, base, head)
    undone: list[int] = []
    made: list[int] = []
    one, other = base, head
    while one != other:  # a revision's parent has a lower number, and all descend from the first
        if one > other:
            undone.append(one)
            one = parents.of(one)
        else:
            made.append(other)
            other = parents.of(other)
    passed = [*((number, True) for number in undone), *((number, False) for number in reversed(made))]
    return [
        change(session, document, number, undone=was_undone) for number, was_undone in passed[-MOST_TOLD:]
    ]


class _Parents:
    """The parents of revisions, read at once for the stretch that is walked as a rule."""

    def __init__(self, session: Session, document: str, base: int, head: int) -> None:
        self._session, self._document = session, document
        query = select(RevisionRow.number, RevisionRow.parent).where(
            RevisionRow.document == document, RevisionRow.number >= min(base, head)
        )
        self._known = {found.number: found.parent for found in session.execute(query)}

    def of(self, number: int) -> int:
        """The number of the revision that one was made from; 0 for the first."""
        if number not in self._known:
            self._known[number] = self._session.get_one(RevisionRow, (self._document, number)).parent
        return self._known[number] or 0


def change(session: Session, document: str, number: int, *, undone: bool = False) -> Change:
    """What one revision changed."""
    row = session.get_one(RevisionRow, (document, number))
    return Change(number, row.title, operations(session, row), row.author, undone, row.parent)
