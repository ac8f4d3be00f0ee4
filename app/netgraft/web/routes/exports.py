"""Downloads: the prototxt, the grafted caffemodel, or both in a zip."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from netgraft import prototxt
from netgraft.edit.pairing import plan_weights
from netgraft.web import zipped
from netgraft.web.answers import download
from netgraft.web.context import DocumentId, WorkspaceDep
from netgraft.web.names import stem
from netgraft.web.openapi import binary, refusals
from netgraft.web.problems import ProblemError
from netgraft.weights import Plan
from netgraft.workspace import Snapshot, Workspace

router = APIRouter(prefix="/api/documents/{id}/export", tags=["export"])

SkipSharers = Annotated[
    bool,
    Query(
        description="Leave out layers that only share: a smaller file, which Caffe loads the same.",
        examples=[False],
    ),
]


@router.get(
    "/prototxt",
    responses=binary("The prototxt.", "text/plain") | refusals(404),
    summary="Download the prototxt",
)
def export_prototxt(id: DocumentId, workspace: WorkspaceDep) -> Response:
    """The text of the present revision as a file."""
    snapshot = workspace.snapshot(id)
    text = prototxt.emit(snapshot.document.tree)
    return download((text,), len(text), f"{stem(snapshot.entry.name)}.prototxt", "text/plain; charset=utf-8")


@router.get(
    "/caffemodel",
    responses=binary("The caffemodel.", "application/octet-stream") | refusals(404, 413, 422),
    summary="Download the caffemodel",
)
def export_caffemodel(id: DocumentId, workspace: WorkspaceDep, skip_sharers: SkipSharers = False) -> Response:
    """The document's weights, grafted: every layer of the net under its present name, streamed."""
    snapshot = workspace.snapshot(id)
    plan = _plan(snapshot, workspace, skip_sharers)
    if plan is None:
        raise ProblemError(
            404, "no-weights", "This document has no weights: upload a caffemodel for it first."
        )
    name = f"{stem(snapshot.entry.name)}.caffemodel"
    return download(plan.chunks(), plan.size, name, "application/octet-stream")


@router.get(
    "/zip",
    responses=binary("The pair.", "application/zip") | refusals(404, 413, 422),
    summary="Download both",
)
def export_zip(id: DocumentId, workspace: WorkspaceDep, skip_sharers: SkipSharers = False) -> Response:
    """A zip of the prototxt and, where the document has weights, the caffemodel."""
    snapshot = workspace.snapshot(id)
    return zip_of(
        stem(snapshot.entry.name),
        prototxt.emit(snapshot.document.tree),
        _plan(snapshot, workspace, skip_sharers),
    )


def zip_of(name: str, text: bytes, plan: Plan | None, *more: zipped.Entry) -> Response:
    """The pair as a download; `more` are further entries."""
    entries = [zipped.entry(f"{name}.prototxt", text)]
    if plan is not None:
        entries.append(zipped.Entry(f"{name}.caffemodel", plan.size, plan.chunks))
    entries += more
    return download(zipped.stream(entries), zipped.size(entries), f"{name}.zip", "application/zip")


def _plan(snapshot: Snapshot, workspace: Workspace, skip_sharers: bool) -> Plan | None:
    stored = snapshot.entry.weights
    if stored is None:
        return None
    plan = plan_weights(
        snapshot.document,
        workspace.index(stored),
        skip_sharers=skip_sharers,
        datum=snapshot.premises.datum,
    )
    plan.require_readable()
    return plan
