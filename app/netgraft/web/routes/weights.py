"""A document's weights: upload them, read how they fit and what they are like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.openapi.models import Example
from starlette.concurrency import run_in_threadpool

from netgraft.web import views, weighing
from netgraft.web.answers import answer
from netgraft.web.context import AdmissionDep, ByDep, DocumentId, SettingsDep, WorkspaceDep
from netgraft.web.grafting import fits
from netgraft.web.models import DocumentInfo, UploadedWeights
from netgraft.web.multipart import FilePart, read_form, read_raw, stated_size
from netgraft.web.names import weights_name
from netgraft.web.openapi import binary, form, refusals
from netgraft.web.problems import ProblemError
from netgraft.web.reading import read_json
from netgraft.web.settings import Settings
from netgraft.web.sharing import Access
from netgraft.web.tus import metadata
from netgraft.web.weight_models import LayerWeights, WeightsAnswer
from netgraft.workspace import By, Received, Snapshot, Workspace

router = APIRouter(prefix="/api/documents/{id}", tags=["weights"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/UploadedWeights"},
                "example": {"upload": "0" * 40},
            },
            **form("Weights.", {"caffemodel": "The weights."}, ("caffemodel",), {}),
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
FileName = Annotated[str, Query(description="The file's name, for a raw body.", max_length=500)]
_SOURCES: dict[str, Example] = {"example": {"summary": "A second caffemodel", "value": "other"}}
SourceName = Annotated[
    str,
    Path(
        description="The caffemodel's name in operations.",
        openapi_examples=_SOURCES,
        min_length=1,
        max_length=100,
    ),
]
_KEYS: dict[str, Example] = {"example": {"summary": "A layer of the example", "value": "ip1_a"}}
LayerKey = Annotated[
    str, Path(description="The layer's key; it may hold slashes.", openapi_examples=_KEYS, max_length=5000)
]


@dataclass(frozen=True, slots=True)
class _Uploading:
    """A request whose body brings a caffemodel for a document, or names an upload that brought it."""

    id: str
    request: Request
    by: By
    workspace: Workspace
    settings: Settings
    name: str

    async def take(self, source: str = "") -> Response:
        """Keeps it as the document's `source`: a WeightsAnswer."""
        request, workspace = self.request, self.workspace
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        await run_in_threadpool(workspace.snapshot, self.id)  # 404 before the upload, not after it
        if kind == "application/json":
            asked = read_json(UploadedWeights, await request.body())
            return await run_in_threadpool(self._accept_upload, source, asked)
        size = stated_size(request) if kind == "application/octet-stream" else None
        with FilePart(lambda: workspace.receive(self.settings.max_upload, size)) as part:
            if kind == "multipart/form-data":
                await read_form(request, {"caffemodel": part})
            elif kind == "application/octet-stream":
                await read_raw(request, part, self.name)
            else:
                raise ProblemError(
                    415,
                    "unsupported-media-type",
                    "Send application/json, multipart/form-data or application/octet-stream.",
                )
            if part.incoming is None:
                raise ProblemError(422, "invalid-request", "The form lacks the field 'caffemodel'.")
            return await run_in_threadpool(self._accept, source, part.incoming, part.file_name)

    def _accept_upload(self, source: str, asked: UploadedWeights) -> Response:
        with self.workspace.uploads.take(asked.upload) as arrived:
            name = asked.name or metadata(arrived.metadata).get("filename", "")
            return self._accept(source, arrived, name)

    def _accept(self, source: str, received: Received, file_name: str) -> Response:
        before = self.workspace.snapshot(self.id)
        others = {each: index for each, index in self.workspace.indexes(before).items() if each}
        check = None if source else fits(before.document, before.premises.datum, others)
        name = weights_name(file_name)
        after = self.workspace.set_weights(self.id, received, name, check, source, by=self.by)
        return answer(_described(after, self.workspace, self.settings))


async def _uploading(
    id: DocumentId,
    request: Request,
    by: ByDep,
    workspace: WorkspaceDep,
    settings: SettingsDep,
    name: FileName = "weights.caffemodel",
) -> _Uploading:
    return _Uploading(id, request, by, workspace, settings, name)


UploadingDep = Annotated[_Uploading, Depends(_uploading)]
_REFUSALS = refusals(400, 404, 409, 410, 413, 415, 422, 423, 503, 507)


@router.put(
    "/weights",
    response_model=WeightsAnswer,
    responses=_REFUSALS,
    openapi_extra=_BODY,
    summary="Upload weights",
)
async def upload(uploading: UploadingDep) -> Response:
    """Makes a caffemodel the document's weights: multipart (`caffemodel`), the bytes themselves, or JSON with
    the id of a finished `upload`.

    The file is read and matched as a whole first. If it is damaged, or Caffe would refuse it for this net,
    the document keeps the weights that it had."""
    return await uploading.take()


@router.put(
    "/weights/{source}",
    response_model=WeightsAnswer,
    responses=_REFUSALS,
    openapi_extra=_BODY,
    summary="Upload another caffemodel",
)
async def upload_source(source: SourceName, uploading: UploadingDep) -> Response:
    """Keeps a further caffemodel beside the main one, under a name. It changes nothing by itself: the
    operation `take_weights` lets layers start from it."""
    return await uploading.take(source)


@router.delete(
    "/weights/{source}",
    response_model=DocumentInfo,
    responses=refusals(404),
    summary="Take a caffemodel away",
)
def remove_source(
    id: DocumentId, source: SourceName, by: ByDep, workspace: WorkspaceDep, settings: SettingsDep
) -> Response:
    """Takes another caffemodel away. Layers that start from it have nothing to load then, and say so."""
    return answer(views.info(workspace.remove_weights(id, source, by=by), settings))


@router.get(
    "/weights", response_model=WeightsAnswer, responses=refusals(404), summary="Read how the weights fit"
)
def read(id: DocumentId, workspace: WorkspaceDep, settings: SettingsDep, admission: AdmissionDep) -> Response:
    """What loading the document's weights would do to each layer of its net, blob by blob."""
    return answer(_described(workspace.snapshot(id), workspace, settings, admission.access))


@router.get(
    "/weights/layers/{key:path}",
    response_model=LayerWeights,
    responses=refusals(404),
    summary="Look at a layer's weights",
)
def layer(
    id: DocumentId,
    key: LayerKey,
    workspace: WorkspaceDep,
    values: Annotated[bool, Query(description="Whether to read the values; without it: no figures.")] = True,
) -> Response:
    """The values that a layer starts from, in figures and a histogram a blob, and the stored layers whose
    blobs it could take instead. They are read in pieces."""
    return answer(weighing.described(workspace.snapshot(id), workspace, key, values=values))


@router.get(
    "/weights/filters/{key:path}",
    responses=binary("The filters side by side.", "image/png") | refusals(404),
    summary="See a layer's filters",
)
def filters(
    id: DocumentId,
    key: Annotated[
        str,
        Path(
            description="The layer's key.",
            openapi_examples={"example": {"summary": "A first convolution", "value": "conv1"}},
            max_length=5000,
        ),
    ],
    workspace: WorkspaceDep,
) -> Response:
    """The filters of a first convolution (one or three channels) as a picture, a pixel a weight, each
    stretched to its own extremes."""
    picture = weighing.sheet(workspace.snapshot(id), workspace, key)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, no-cache"})


def _described(
    snapshot: Snapshot, workspace: Workspace, settings: Settings, access: Access = "edit"
) -> dict[str, object]:
    """WeightsAnswer."""
    stored = snapshot.entry.weights
    plan = weighing.plan_of(snapshot, workspace, refuse_clashes=False)
    return {
        "weights": views.weights_info(stored) if stored else None,
        "sources": views.sources(snapshot),
        "document": views.info(snapshot, settings, access),
        **weighing.matches(plan),
    }
