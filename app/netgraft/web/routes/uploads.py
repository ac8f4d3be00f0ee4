"""Uploads that can be cut off and go on, by tus 1.0.0; what they brought is then given to a document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.openapi.models import Example
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from netgraft.web import tus
from netgraft.web.answers import answer
from netgraft.web.context import SettingsDep, WorkspaceDep
from netgraft.web.models import UploadInfo
from netgraft.web.multipart import feed
from netgraft.web.openapi import Responses, refusals
from netgraft.web.problems import ProblemError
from netgraft.workspace import Appending, TooLarge, Upload, Workspace

router = APIRouter(prefix=tus.PREFIX, tags=["uploads"])


def _example(value: str) -> dict[str, Example]:
    return {"example": {"summary": "An example", "value": value}}


_BYTES = {"schema": {"type": "string", "format": "binary"}}
_DONE: Responses = {204: {"description": "Done; the headers say more."}}
UploadId = Annotated[
    str, Path(description="The upload's id, as its `Location` has it.", openapi_examples=_example("0" * 40))
]
Resumable = Annotated[
    str, Header(description="The version of tus: 1.0.0.", openapi_examples=_example(tus.VERSION))
]
Length = Annotated[
    str | None, Header(description="How many bytes it will have.", openapi_examples=_example("1000000"))
]
Metadata = Annotated[
    str,
    Header(
        description="Names with values in Base64, by commas; `filename` is the file's name.",
        openapi_examples=_example("filename bmV0LmNhZmZlbW9kZWw="),
    ),
]
Offset = Annotated[
    str | None, Header(description="How many bytes the server has.", openapi_examples=_example("0"))
]


@router.options("", status_code=204, responses=_DONE, summary="Ask what uploads may be")
def options(settings: SettingsDep) -> Response:
    """The headers `Tus-Version`, `Tus-Extension` and `Tus-Max-Size`."""
    headers = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(settings.max_upload),
        "Allow": "OPTIONS, POST, HEAD, PATCH, DELETE",
    }
    return Response(status_code=204, headers=headers)


@router.options("/{upload}", status_code=204, responses=_DONE, summary="Ask what an upload may be")
def options_of_one(upload: UploadId, settings: SettingsDep) -> Response:
    """The same for one upload, whether it is there or not."""
    return options(settings)


@router.post(
    "",
    status_code=201,
    response_model=UploadInfo,
    responses=refusals(400, 412, 413, 415, 422, 507),
    openapi_extra={"requestBody": {"content": {tus.MEDIA_TYPE: _BYTES}}},
    summary="Begin an upload",
)
async def create(
    request: Request,
    workspace: WorkspaceDep,
    settings: SettingsDep,
    upload_length: Length = None,
    upload_metadata: Metadata = "",
    tus_resumable: Resumable = tus.VERSION,
) -> Response:
    """Makes an upload of so many bytes; its address is the header `Location`. The body may bring the first of
    them, or all. They are checked as they come: the first byte that no caffemodel has ends it."""
    length = tus.number("Upload-Length", upload_length)
    tus.metadata(upload_metadata)
    kind = request.headers.get("content-type")
    if kind not in (None, tus.MEDIA_TYPE):
        raise _kind()
    made = await run_in_threadpool(workspace.uploads.create, length, settings.max_upload, upload_metadata)
    if kind is not None:
        try:
            made = await _append(request, workspace, made.id, 0)
        except ClientDisconnect:
            # Nobody was told its address, so nobody can go on with it.
            await run_in_threadpool(workspace.uploads.terminate, made.id)
            raise
    headers = {"Location": f"{tus.PREFIX}/{made.id}", **tus.answer_headers(made)}
    return answer({"id": made.id, "offset": made.offset, "length": made.length}, 201, headers)


@router.head(
    "/{upload}",
    status_code=204,
    responses=_DONE | refusals(404, 410, 412),
    summary="Ask how far an upload is",
)
def look(upload: UploadId, workspace: WorkspaceDep, tus_resumable: Resumable = tus.VERSION) -> Response:
    """The headers `Upload-Offset` and `Upload-Length`; what was sent from there on is to be sent again."""
    found = workspace.uploads.find(upload)
    headers = tus.answer_headers(found) | {"Upload-Length": str(found.length)}
    if found.metadata:
        headers["Upload-Metadata"] = found.metadata
    return Response(status_code=204, headers=headers)


@router.patch(
    "/{upload}",
    status_code=204,
    responses=_DONE | refusals(400, 404, 409, 410, 412, 413, 415, 422, 423, 507),
    openapi_extra={"requestBody": {"required": True, "content": {tus.MEDIA_TYPE: _BYTES}}},
    summary="Go on with an upload",
)
async def append(
    upload: UploadId,
    request: Request,
    workspace: WorkspaceDep,
    upload_offset: Offset = None,
    tus_resumable: Resumable = tus.VERSION,
) -> Response:
    """Appends the body at `Upload-Offset`, which must be where the upload is. What came is kept, should the
    request be cut off. A byte that no caffemodel has, or a full disk, ends the upload."""
    if request.headers.get("content-type") != tus.MEDIA_TYPE:
        raise _kind()
    offset = tus.number("Upload-Offset", upload_offset)
    try:
        after = await _append(request, workspace, upload, offset)
    except ClientDisconnect:
        after = await run_in_threadpool(workspace.uploads.find, upload)  # for nobody to hear
    return Response(status_code=204, headers=tus.answer_headers(after))


@router.delete(
    "/{upload}", status_code=204, responses=_DONE | refusals(404, 410, 412), summary="Cancel an upload"
)
def cancel(upload: UploadId, workspace: WorkspaceDep, tus_resumable: Resumable = tus.VERSION) -> Response:
    """Gives an upload up; its bytes are deleted, even while another request sends more of them."""
    workspace.uploads.find(upload)
    workspace.uploads.terminate(upload)
    return Response(status_code=204)


async def _append(request: Request, workspace: Workspace, upload: str, offset: int) -> Upload:
    """Writes the body to an upload; whatever ends it, what came is kept. Raises ClientDisconnect."""
    appending: Appending = await run_in_threadpool(workspace.uploads.append, upload, offset)
    try:
        stated = request.headers.get("content-length", "")
        if stated.isdecimal() and offset + int(stated) > appending.length:
            raise TooLarge("The upload", appending.length)
        await feed(request, appending.write)
    finally:
        await run_in_threadpool(appending.close)
    return await run_in_threadpool(workspace.uploads.find, upload)


def _kind() -> ProblemError:
    return ProblemError(415, "unsupported-media-type", f"Send {tus.MEDIA_TYPE}.")
