"""Edits on whatever revision their makers saw: carried over to the present one, or refused with the reasons.

All the work is done outside the database's write lock, so that a heavy edit holds up nobody. Where somebody
was faster, it is done again on what they made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from netgraft import edit
from netgraft.edit import EditError, Operation, Report, rebase
from netgraft.edit.operations import read_operation
from netgraft.edit.rebase import Apply, Clash, Fact, Given, Passed
from netgraft.edit.report import title_of
from netgraft.workspace.errors import Change, Conflict, Repeated, StaleRevision
from netgraft.workspace.records import NOBODY, By, Snapshot
from netgraft.workspace.workspace import Workspace

_TRIES: Final = 32
"""So many times an edit may find that somebody was faster; of those who try at once, one gets through."""

_LOOKED_THROUGH: Final = 20  # revisions that are compared to say who changed something

Prepare = Callable[[Snapshot], Apply]
"""How operations are carried out on a snapshot: within which limits, with which weights."""


@dataclass(frozen=True, eq=False)
class Carried:
    """An operation list, carried out on a document's present revision.

    `over` are the changes that it was carried over, None where it was made for the present revision.
    `names` were given otherwise than it alone would have given them. `repeated`: it had been done before,
    and `before` is the document as it is now.
    """

    before: Snapshot
    document: edit.Document
    reports: Sequence[Report]
    operations: Sequence[Operation]
    over: Sequence[Change] | None = None
    names: Sequence[Given] = ()
    repeated: bool = False


def attempt(
    workspace: Workspace, id: str, base: int, operations: Sequence[Operation], prepare: Prepare
) -> Carried:
    """Carries operations that were made for revision `base` out on the present one; saves nothing.

    Raises NoSuchDocument, StaleRevision, and what carrying them out raises.
    """
    before = workspace.snapshot(id)
    apply = prepare(before)
    if before.revision != base:
        return _carried_over(workspace, before, base, operations, apply)
    document, reports = before.document, []
    for operation in operations:
        edited = apply(document, operation)
        document = edited.document
        reports.append(edited.report)
    return Carried(before, document, reports, operations)


def commit(
    workspace: Workspace,
    id: str,
    base: int,
    operations: Sequence[Operation],
    prepare: Prepare,
    *,
    by: By = NOBODY,
) -> tuple[Carried, Snapshot]:
    """As `attempt`, and makes it one revision. Raises as that does.

    `by.key` makes it safe to ask again where no answer came: what was carried out is not so twice, and the
    answer is the first one's, on the document as it is now."""
    by = replace(by, key=_key(by.key, base, operations))

    def repeated() -> tuple[Carried, Snapshot] | None:
        done = workspace.edit_of(id, by.key)
        return None if done is None else _repeated(workspace, id, base, done, prepare)

    if (answered := repeated()) is not None:
        return answered
    for tries in range(1, _TRIES + 1):
        try:
            carried = attempt(workspace, id, base, operations, prepare)
        except StaleRevision:
            # Over what the very same edit made, asked for a second time just now, it is refused as a rule.
            if (answered := repeated()) is not None:
                return answered
            raise
        try:
            after = workspace.commit(
                id,
                carried.before.revision,
                carried.document,
                title=title_of(carried.reports),
                operations=as_data(carried.operations),
                by=by,
            )
        except StaleRevision:
            if tries == _TRIES:
                raise
        except Repeated:
            answered = repeated()
            assert answered is not None
            return answered
        else:
            return carried, after
    raise AssertionError("unreachable")


def _key(given: str, base: int, operations: Sequence[Operation]) -> str:
    """A key for one edit: the same key for another edit is another key."""
    if not given:
        return ""
    asked = json.dumps([given, base, as_data(operations)], sort_keys=True)
    return hashlib.sha256(asked.encode("ascii")).hexdigest()


def _repeated(
    workspace: Workspace, id: str, base: int, done: Change, prepare: Prepare
) -> tuple[Carried, Snapshot]:
    """What the first one's answer was: what it carried out, on what, told anew."""
    present = workspace.snapshot(id)
    parent = base if done.parent is None else done.parent
    operations = [read_operation(one) for one in done.operations if isinstance(one, Mapping)]
    document, reports = workspace.revision(id, parent), []
    apply = prepare(present)
    try:
        for operation in operations:
            edited = apply(document, operation)
            document = edited.document
            reports.append(edited.report)
    except EditError:  # weights that it took are gone by now, say: it is done all the same
        reports = [Report(op=operations[0].op, title=done.title)]
    over = workspace.between(id, base, parent) if parent != base else None
    return Carried(present, document, reports, operations, over, repeated=True), present


def as_data(operations: Sequence[Operation]) -> list[Mapping[str, Any]]:
    """The operations as they were asked for: what a revision keeps."""
    return [
        operation.model_dump(mode="json", exclude_unset=True) | {"op": operation.op}
        for operation in operations
    ]


def _carried_over(
    workspace: Workspace, before: Snapshot, base: int, operations: Sequence[Operation], apply: Apply
) -> Carried:
    over = workspace.between(before.id, base, before.revision)
    if not over:
        raise StaleRevision(base, before.revision, [])
    was = workspace.revision(before.id, base)
    premises = rebase.Premises(before.premises.datum, before.premises.profile)
    try:
        done = rebase.rebase(was, before.document, operations, apply, premises)
    except rebase.Refused as refused:
        conflicts = _conflicts(workspace, before.id, refused.clashes, over)
        raise StaleRevision(base, before.revision, over, conflicts) from refused
    return Carried(before, done.document, done.reports, done.operations, over, done.names)


def _conflicts(
    workspace: Workspace, id: str, clashes: Sequence[Clash], over: Sequence[Change]
) -> list[Conflict]:
    """The clashes with who made them, as far as that can be said."""
    last: dict[Fact, Change] = {}
    if len(over) > 1:
        for change in over[-_LOOKED_THROUGH:]:
            last.update(dict.fromkeys(_changed_by(workspace, id, change), change))
    found: list[Conflict] = []
    for clash in clashes:
        by = over[0] if len(over) == 1 else last.get(clash.fact) if clash.fact else None
        passed = Passed(by.revision, by.title, by.author, by.undone) if by is not None else None
        found.append(Conflict(clash.kind, clash.name, rebase.message(clash, passed)))
    return found


def _changed_by(workspace: Workspace, id: str, change: Change) -> set[Fact]:
    if change.parent is None:
        return set()
    pair = [workspace.revision(id, number) for number in (change.parent, change.revision)]
    states = rebase.net_states(pair)
    return rebase.changed(*(rebase.facts_of(each, states) for each in pair))
