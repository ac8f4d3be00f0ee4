"""A document's weights: upload and read how they fit."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from netgraft.edit.pairing import plan_weights
from netgraft.web import views
from netgraft.web.answers import answer
from netgraft.web.context import DocumentId, SettingsDep, WorkspaceDep
from netgraft.web.grafting import fits, matches
from netgraft.web.models import WeightsAnswer
from netgraft.web.multipart import FilePart, read_form, read_raw
from netgraft.web.names import stem
from netgraft.web.openapi import form, refusals
from netgraft.web.problems import ProblemError
from netgraft.web.settings import Settings
from netgraft.workspace import Snapshot, Workspace

router = APIRouter(prefix="/api/documents/{id}", tags=["weights"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            **form("Weights.", {"caffemodel": "The weights."}, ("caffemodel",), {}),
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.put(
    "/weights",
    response_model=WeightsAnswer,
    responses=refusals(400, 404, 413, 415, 422),
    openapi_extra=_BODY,
    summary="Upload weights",
)
async def upload(
    id: DocumentId,
    request: Request,
    workspace: WorkspaceDep,
    settings: SettingsDep,
    name: str = Query("weights.caffemodel", description="The file's name, for a raw body.", max_length=500),
) -> Response:
    """Makes a caffemodel the document's weights: multipart (`caffemodel`), or the bytes themselves.

    The file is read and matched as a whole first. If it is damaged, or Caffe would refuse it for this net,
    the document keeps the weights that it had."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    await run_in_threadpool(workspace.snapshot, id)  # 404 before the upload, not after it
    with FilePart(lambda: workspace.receive(settings.max_upload)) as part:
        if kind == "multipart/form-data":
            await read_form(request, {"caffemodel": part})
        elif kind == "application/octet-stream":
            await read_raw(request, part, name)
        else:
            raise ProblemError(
                415, "unsupported-media-type", "Send multipart/form-data or application/octet-stream."
            )
        return await run_in_threadpool(_accept, id, workspace, settings, part)


@router.get(
    "/weights", response_model=WeightsAnswer, responses=refusals(404), summary="Read how the weights fit"
)
def read(id: DocumentId, workspace: WorkspaceDep, settings: SettingsDep) -> Response:
    """What loading the document's weights would do to each layer of its net."""
    return answer(_described(workspace.snapshot(id), workspace, settings))


def _accept(id: str, workspace: Workspace, settings: Settings, part: FilePart) -> Response:
    if part.incoming is None:
        raise ProblemError(422, "invalid-request", "The form lacks the field 'caffemodel'.")
    before = workspace.snapshot(id)
    name = stem(part.file_name, "weights") + (
        ".caffemodel.h5" if part.file_name.endswith(".h5") else ".caffemodel"
    )
    after = workspace.set_weights(id, part.incoming, name, fits(before.document, before.premises.datum))
    return answer(_described(after, workspace, settings))


def _described(snapshot: Snapshot, workspace: Workspace, settings: Settings) -> dict[str, object]:
    stored = snapshot.entry.weights
    if stored is None:
        raise ProblemError(
            404, "no-weights", "This document has no weights: upload a caffemodel for it first."
        )
    plan = plan_weights(
        snapshot.document,
        workspace.index(stored),
        refuse_clashes=False,
        datum=snapshot.premises.datum,
    )
    return {
        "weights": views.weights_info(stored),
        "document": views.info(snapshot, settings),
        **matches(plan),
    }
