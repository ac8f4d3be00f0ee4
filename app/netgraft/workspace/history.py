"""The rows behind a document's revisions: reading, committing, moving along them.

Every function works inside its caller's session, so that what it reads and writes is one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netgraft import edit
from netgraft.caffe.model import Profile
from netgraft.workspace import journal, texts
from netgraft.workspace.between import between
from netgraft.workspace.errors import AlreadyThere, NoSuchDocument, NothingToUndo, StaleRevision
from netgraft.workspace.premises import Premises, SolverFile, pack_datum, unpack_datum
from netgraft.workspace.records import By
from netgraft.workspace.tables import DocumentRow, PremisesRow, RevisionRow
from netgraft.workspace.walk import reach

FIRST = 1
"""The number of a document's first revision: the file as it was opened."""


def find(session: Session, document: str, *, lock: bool = False) -> DocumentRow:
    """The document's row; raises NoSuchDocument. `lock`: no other transaction may change it meanwhile."""
    row = session.get(DocumentRow, document, with_for_update=True if lock else None)
    if row is None:
        raise NoSuchDocument(document)
    return row


def revision(session: Session, document: str, number: int) -> RevisionRow:
    """One revision, without its text and origins (they are loaded when asked for)."""
    return session.get_one(RevisionRow, (document, number))


def start(
    session: Session, document: str, name: str, content: edit.Document, title: str, by: By, moment: int
) -> None:
    """Puts a new document with its first revision in; raises AlreadyThere."""
    row = DocumentRow(
        id=document, name=name, head=FIRST, last=FIRST, version=1, created=moment, changed=moment
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise AlreadyThere(document) from None
    _add(session, document, FIRST, content, title, [], by, moment)
    journal.begin(session, row, by, moment, title)


def commit(
    session: Session,
    row: DocumentRow,
    content: edit.Document,
    title: str,
    operations: Sequence[object],
    by: By,
    moment: int,
    before: edit.Document | None = None,
) -> int:
    """Makes `content` the document's new present revision; what could be redone before no longer can.
    `before` is the present one's document, if it is at hand: then only what changed is written."""
    parent = revision(session, row.id, row.head)
    parent.next = number = row.last + 1
    _add(session, row.id, number, content, title, operations, by, moment, parent, before)
    row.head = row.last = number
    journal.record(session, row, "edit", by, moment, title)
    return number


def go(session: Session, row: DocumentRow, number: int, by: By, moment: int) -> None:
    """As many undos or redos as lead to a revision; raises NothingToUndo where none do."""
    reach(session, row, number)
    row.head = number
    journal.record(session, row, "goto", by, moment, revision(session, row.id, number).title)


def step(session: Session, row: DocumentRow, by: By, moment: int, *, back: bool) -> None:
    """Undo (`back`) or redo; raises NothingToUndo at either end."""
    present = revision(session, row.id, row.head)
    target = present.parent if back else present.next
    if target is None:
        raise NothingToUndo("There is nothing to undo." if back else "There is nothing to redo.")
    row.head = target
    title = present.title if back else revision(session, row.id, target).title
    journal.record(session, row, "undo" if back else "redo", by, moment, title)


def require(session: Session, row: DocumentRow, base: int | None) -> None:
    """Raises StaleRevision, with what changed since, unless `base` is None or the present revision."""
    if base is not None and base != row.head:
        raise StaleRevision(base, row.head, between(session, row.id, base, row.head))


def _add(
    session: Session,
    document: str,
    number: int,
    content: edit.Document,
    title: str,
    operations: Sequence[object],
    by: By,
    moment: int,
    parent: RevisionRow | None = None,
    before: edit.Document | None = None,
) -> None:
    text, origins, depth = texts.packed(content, parent, before)
    session.add(
        RevisionRow(
            document=document,
            number=number,
            parent=parent.number if parent else None,
            next=None,
            created=moment,
            author=by.author,
            title=title,
            operations=texts.packed_operations(operations, content),
            text=text,
            origins=origins,
            depth=depth,
        )
    )


def premises(session: Session, document: str) -> Premises:
    """What verdicts on the document rest on beside its text."""
    row = session.get(PremisesRow, document)
    if row is None:
        return Premises()
    solver = None if row.solver is None else SolverFile(row.solver_name or "", row.solver)
    profile = cast(Profile | None, row.profile)
    return Premises(unpack_datum(row.datum), profile, solver)


def set_premises(session: Session, row: DocumentRow, now_holds: Premises, by: By, moment: int) -> None:
    """Keeps them; the document counts as changed, its revision stays."""
    solver = now_holds.solver
    session.merge(
        PremisesRow(
            document=row.id,
            datum=pack_datum(now_holds.datum),
            profile=now_holds.profile,
            solver_name=solver.name if solver else None,
            solver=solver.text if solver else None,
        )
    )
    journal.record(session, row, "premises", by, moment)
