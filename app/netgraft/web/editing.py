"""Carrying out operation lists: all of a list or none of it, its errors with their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netgraft import edit
from netgraft.edit import EditError, Operation, Report
from netgraft.edit.shapes import Datum
from netgraft.edit.taking import Sources
from netgraft.web.problems import Place, ProblemError
from netgraft.web.reading import check_is_net, check_limits, check_nesting, check_parses
from netgraft.web.settings import Settings


@dataclass(frozen=True, slots=True)
class Done:
    """A document after an operation list, with one report of the whole."""

    document: edit.Document
    report: Report


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
    if not operations:
        raise ProblemError(422, "no-operations", "The list of operations is empty.")
    reports = []
    for operation in operations:
        if operation.op == "duplicate" and operation.copies > settings.max_copies:
            detail = f"{operation.copies:,} copies are more than the limit of {settings.max_copies}."
            raise ProblemError(422, "too-many-copies", detail, extra={"limit": settings.max_copies})
        faults = len(document.tree.errors)
        try:
            edited = edit.apply(document, operation, datum=datum, sources=sources)
        except EditError as error:
            raise refused(document, error) from error
        document = edited.document
        reports.append(edited.report)
        check_limits(document, settings)
        if operation.op in ("replace_text", "set_field"):
            check_nesting(document.tree, settings)
        if operation.op == "replace_text":
            check_is_net(document.tree)
            if operation.must_parse:
                check_parses(document.tree, faults)
    return Done(document, merged(reports))


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
    return Report(op=first.op, title="; ".join(report.title for report in reports), **joined)


def as_data(operations: Sequence[Operation]) -> list[Mapping[str, Any]]:
    """The operations as they were asked for: what a revision keeps."""
    return [
        operation.model_dump(mode="json", exclude_unset=True) | {"op": operation.op}
        for operation in operations
    ]
