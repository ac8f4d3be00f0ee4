"""Carrying out operation lists: all of a list or none of it, its errors with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netgraft import edit
from netgraft.edit import EditError, Operation, Report
from netgraft.edit.rebase import Apply
from netgraft.edit.report import title_of
from netgraft.edit.shapes import Datum
from netgraft.edit.taking import Sources
from netgraft.web.problems import Place, ProblemError
from netgraft.web.reading import check_is_net, check_limits, check_nesting, check_parses
from netgraft.web.settings import Settings
from netgraft.workspace import By, Snapshot, Workspace, rebasing
from netgraft.workspace.rebasing import Carried


@dataclass(frozen=True, slots=True)
class Done:
    """A document after an operation list, with one report of the whole."""

    document: edit.Document
    report: Report


class Undoable(EditError):
    """An operation that cannot be carried out, as the problem to answer with."""

    def __init__(self, document: edit.Document, error: EditError) -> None:
        super().__init__(error.code, error.message, error.place)
        self.problem = refused(document, error)


def carry_out(
    document: edit.Document,
    operations: Sequence[Operation],
    settings: Settings,
    datum: Datum | None = None,
    sources: Sources | None = None,
) -> Done:
    """Applies the operations in turn; `datum` says what data sources hold, `sources` are the caffemodels.

    Raises ProblemError (422, 413); nothing is half done then.
    """
    require_some(operations)
    reports = []
    for operation in operations:
        try:
            edited = apply_one(document, operation, settings, datum, sources)
        except Undoable as error:
            raise error.problem from error
        document = edited.document
        reports.append(edited.report)
    return Done(document, merged(reports))


def require_some(operations: Sequence[Operation]) -> None:
    """Raises ProblemError (422) for an empty list."""
    if not operations:
        raise ProblemError(422, "no-operations", "The list of operations is empty.")


def apply_one(
    document: edit.Document,
    operation: Operation,
    settings: Settings,
    datum: Datum | None = None,
    sources: Sources | None = None,
) -> edit.Edited:
    """One operation within the limits. Raises Undoable, and ProblemError (413, 422) past a limit."""
    if operation.op == "duplicate" and operation.copies > settings.max_copies:
        detail = f"{operation.copies:,} copies are more than the limit of {settings.max_copies}."
        raise ProblemError(422, "too-many-copies", detail, extra={"limit": settings.max_copies})
    faults = len(document.tree.errors)
    try:
        edited = edit.apply(document, operation, datum=datum, sources=sources)
    except EditError as error:
        raise Undoable(document, error) from error
    check_limits(edited.document, settings)
    if operation.op in ("replace_text", "set_field"):
        check_nesting(edited.document.tree, settings)
    if operation.op == "replace_text":
        check_is_net(edited.document.tree)
        if operation.must_parse:
            check_parses(edited.document.tree, faults)
    return edited


@dataclass(frozen=True, slots=True)
class OnRevision:
    """A document's edits within the settings, on whatever revision their makers saw."""

    workspace: Workspace
    settings: Settings

    def attempt(self, id: str, base: int, operations: Sequence[Operation]) -> Carried:
        """Carries operations out and saves nothing. Raises ProblemError (422, 413) and StaleRevision."""
        require_some(operations)
        try:
            return rebasing.attempt(self.workspace, id, base, operations, self._prepare)
        except Undoable as error:
            raise error.problem from error

    def commit(self, id: str, base: int, operations: Sequence[Operation], by: By) -> tuple[Carried, Snapshot]:
        """Carries them out as one revision. Raises as `attempt` does."""
        require_some(operations)
        try:
            return rebasing.commit(self.workspace, id, base, operations, self._prepare, by=by)
        except Undoable as error:
            raise error.problem from error

    def _prepare(self, before: Snapshot) -> Apply:
        datum, sources = before.premises.datum, self.workspace.indexes(before)
        return lambda document, operation: apply_one(document, operation, self.settings, datum, sources)


def rebased(carried: Carried, base: int) -> dict[str, Any] | None:
    """Over what an edit was carried, as `RebasedModel` documents it."""
    if carried.over is None:
        return None
    return {
        "from": base,
        "over": [
            {
                "revision": change.revision,
                "title": change.title,
                "author": change.author,
                "undone": change.undone,
            }
            for change in carried.over
        ],
        "renamed": [{"kind": name.kind, "old": name.old, "new": name.new} for name in carried.names],
    }


def refused(document: edit.Document, error: EditError) -> ProblemError:
    """An EditError as a problem, with line and column where it has a place."""
    places: list[Place] = []
    if error.place is not None:
        line, column = document.tree.position(error.place.chunk, error.place.start)
        places.append({"line": line, "column": column, "message": error.message, "code": error.code})
    return ProblemError(422, error.code, error.message, places)


def merged(reports: Sequence[Report]) -> Report:
    """One report of several operations, in their order."""
    first = reports[0]
    if len(reports) == 1:
        return first
    joined: dict[str, Any] = {
        name: [item for report in reports for item in getattr(report, name)]
        for name in ("summary", "upgraded", "copies", "added", "removed", "changed", "renamed", "notes")
    }
    return Report(op=first.op, title=title_of(reports), **joined)
