"""Documents: open, list, read, delete."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from netgraft import edit, prototxt
from netgraft.caffe.state import NetState
from netgraft.web import views
from netgraft.web.answers import answer
from netgraft.web.context import (
    AdmissionDep,
    AheadDep,
    AskedDep,
    ByDep,
    DocumentId,
    SettingsDep,
    TellDep,
    WorkspaceDep,
)
from netgraft.web.examples import example
from netgraft.web.grafting import fits
from netgraft.web.graph import Ahead, Asked, Made
from netgraft.web.graph.models import GraphChanges, GraphModel
from netgraft.web.models import DocumentInfo, DocumentList, NewDocument
from netgraft.web.multipart import FilePart, TextPart, read_form
from netgraft.web.names import stem, weights_name
from netgraft.web.openapi import binary, form, refusals
from netgraft.web.problems import ProblemError
from netgraft.web.reading import read_json, read_net
from netgraft.web.settings import Settings
from netgraft.web.tus import metadata
from netgraft.workspace import By, Received, Snapshot, Workspace

router = APIRouter(prefix="/api/documents", tags=["documents"])

_NEW = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/NewDocument"},
                "example": {"example": "question"},
            },
            **form(
                "A net, and weights for it.",
                {
                    "prototxt": "The net.",
                    "caffemodel": "Its weights.",
                    "upload": "Instead of them: the id of a finished upload.",
                    "name": "What to call it.",
                },
                ("prototxt",),
                {"prototxt": 'layer { name: "data" type: "Input" top: "data" }', "name": "small"},
            ),
        },
    }
}


@router.post(
    "",
    status_code=201,
    response_model=DocumentInfo,
    responses=refusals(400, 404, 409, 410, 413, 415, 422, 423, 503, 507),
    openapi_extra=_NEW,
    summary="Open a net",
)
async def create(
    request: Request, by: ByDep, workspace: WorkspaceDep, settings: SettingsDep, ahead: AheadDep
) -> Response:
    """Makes a document: from a multipart upload (`prototxt`, `caffemodel` or `upload`, `name`), or from JSON
    with a `text` or the name of an `example`, and an `upload`. With weights that cannot be read or do not
    fit, none is made."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        text = TextPart("The prototxt", settings.max_text)
        name = TextPart("The name", 2000)
        upload = TextPart("The upload's id", 64)
        with FilePart(lambda: workspace.receive(settings.max_upload)) as weights:
            await read_form(
                request, {"prototxt": text, "caffemodel": weights, "upload": upload, "name": name}
            )
            if text.data is None:
                raise ProblemError(422, "invalid-request", "The form lacks the field 'prototxt'.")
            net = await run_in_threadpool(read_net, bytes(text.data), settings)
            title = _title(name.text or text.file_name)
            made = await run_in_threadpool(
                partial(
                    _create, workspace, settings, net, title, by, upload=upload.text or None, weights=weights
                )
            )
            return await run_in_threadpool(_told, made, workspace, settings, ahead)
    if kind != "application/json":
        raise ProblemError(415, "unsupported-media-type", "Send multipart/form-data or application/json.")
    asked = read_json(NewDocument, await request.body())
    made = await run_in_threadpool(_create_from, workspace, settings, asked, by)
    return await run_in_threadpool(_told, made, workspace, settings, ahead)


@router.get("", response_model=DocumentList, summary="List the documents")
def listing(workspace: WorkspaceDep, admission: AdmissionDep) -> Response:
    """All documents, the one changed last first; by a share link its own only."""
    if admission.document is not None:
        return answer({"documents": [views.entry(workspace.snapshot(admission.document).entry)]})
    return answer({"documents": [views.entry(each) for each in workspace.entries()]})


@router.get("/{id}", response_model=DocumentInfo, responses=refusals(404), summary="Read a document's state")
def read(id: DocumentId, workspace: WorkspaceDep, settings: SettingsDep, admission: AdmissionDep) -> Response:
    """Its present revision, what can be undone, its weights, and the states that its net tells apart."""
    return answer(views.info(workspace.snapshot(id), settings, admission.access))


@router.delete("/{id}", status_code=204, responses=refusals(404), summary="Delete a document")
def delete(id: DocumentId, by: ByDep, workspace: WorkspaceDep) -> Response:
    """Deletes it with its revisions, and its weights unless another document uses them."""
    workspace.delete(id, by=by)
    return Response(status_code=204)


@router.get(
    "/{id}/source",
    responses=binary("The prototxt, byte for byte.", "text/plain") | refusals(404),
    summary="Read the text",
)
def source(id: DocumentId, request: Request, workspace: WorkspaceDep) -> Response:
    """The prototxt of the present revision. Its ETag is the revision's number."""
    snapshot = workspace.snapshot(id)
    headers = {"ETag": f'"{snapshot.revision}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    text = prototxt.emit(snapshot.document.tree)
    return Response(text, headers=headers, media_type="text/plain; charset=utf-8")


@router.get(
    "/{id}/graph",
    response_model=GraphModel | GraphChanges,
    responses=refusals(404, 422),
    summary="Read the graph for a state",
)
def read_graph(
    id: DocumentId,
    asked: AskedDep,
    tell: TellDep,
    workspace: WorkspaceDep,
    settings: SettingsDep,
    ahead: AheadDep,
) -> Response:
    """Every layer of the file with shapes, parameters and share groups as the state has them, and all
    findings over all the states that the file tells apart."""
    snapshot = workspace.snapshot(id)
    make = partial(views.graph_of, snapshot, workspace, settings, asked)
    return answer(tell(ahead.take(Made(id, snapshot.entry.version, asked), make)))


def _create_from(workspace: Workspace, settings: Settings, asked: NewDocument, by: By) -> Snapshot:
    if (asked.text is None) == (asked.example is None):
        raise ProblemError(422, "invalid-request", "Give either a text or the name of an example.")
    if asked.example is not None:
        found = example(asked.example)
        if found is None:
            raise ProblemError(404, "no-such-example", f"There is no example {asked.example!r}.")
        name, net = asked.name or found.name, edit.Document.read(found.text)
    else:
        assert asked.text is not None
        name, net = _title(asked.name or ""), read_net(asked.text, settings)
    return _create(workspace, settings, net, name, by, upload=asked.upload)


def _create(
    workspace: Workspace,
    settings: Settings,
    net: edit.Document,
    name: str,
    by: By,
    *,
    upload: str | None = None,
    weights: FilePart | None = None,
) -> Snapshot:
    """Makes the document, with the weights of an upload or of a form where there are any."""
    incoming: Received | None = weights.incoming if weights else None
    with ExitStack() as stack:
        file_name = weights.file_name if weights else ""
        if upload is not None:
            if incoming is not None:
                raise ProblemError(422, "invalid-request", "Give either an upload or a caffemodel.")
            incoming = arrived = stack.enter_context(workspace.uploads.take(upload))
            file_name = metadata(arrived.metadata).get("filename", "")
        return workspace.create(
            name,
            net,
            incoming=incoming,
            weights_name=weights_name(file_name),
            fits=fits(net),
            by=by,
        )


def _told(made: Snapshot, workspace: Workspace, settings: Settings, ahead: Ahead) -> Response:
    """What was made. Its graph, which a browser asks for next, is begun."""
    told = answer(views.info(made, settings), 201, {"Location": f"/api/documents/{made.id}"})
    asked = Asked(NetState(phase="TRAIN"))  # what the graph's query means where it says nothing
    make = partial(views.graph_of, made, workspace, settings, asked)
    ahead.begin(Made(made.id, made.entry.version, asked), make)
    return told


def _title(name: str) -> str:
    return stem(name, "untitled")
