"""Downloads: the prototxt, the grafted caffemodel, both in a zip; and the proof of what they hold."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from netgraft import prototxt
from netgraft.web import weighing, zipped
from netgraft.web.answers import answer, download, nothing
from netgraft.web.context import DocumentId, WorkspaceDep
from netgraft.web.exporting import (
    ENDINGS,
    TYPES,
    Exported,
    Format,
    Options,
    download_name,
    etag,
    export,
    prove,
)
from netgraft.web.openapi import binary, refusals
from netgraft.web.ranges import file_answer
from netgraft.web.weight_models import ProofAnswer

router = APIRouter(prefix="/api/documents/{id}/export", tags=["export"])


def _options(
    skip_sharers: Annotated[
        bool,
        Query(description="Leave out layers that only share: a smaller file, which Caffe loads the same."),
    ] = False,
    strip_diff: Annotated[bool, Query(description="Leave out stored gradients.")] = True,
    keep_unused: Annotated[
        bool, Query(description="Keep stored layers that the net does not have (not in HDF5).")
    ] = False,
) -> Options:
    return Options(skip_sharers, strip_diff, keep_unused)


OptionsDep = Annotated[Options, Depends(_options)]
FormatQuery = Annotated[
    Format,
    Query(
        alias="format",
        description="`hdf5` is .caffemodel.h5: owners only, and no limit of 2 GiB as Caffe reads.",
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
    return download((text,), len(text), f"{download_name(snapshot)}.prototxt", "text/plain; charset=utf-8")


@router.get(
    "/caffemodel",
    responses=binary("The caffemodel.", TYPES["caffemodel"]) | refusals(404, 413, 416, 422),
    summary="Download the caffemodel",
)
def export_caffemodel(
    id: DocumentId, request: Request, workspace: WorkspaceDep, options: OptionsDep
) -> Response:
    """The document's weights, grafted: every layer of the net under its present name, streamed. A `Range` is
    answered with that part; of 2 GiB or more, which Caffe cannot read, only HDF5 is written."""
    return _file(id, request, workspace, "caffemodel", options)


@router.get(
    "/hdf5",
    responses=binary("The weights as HDF5.", TYPES["hdf5"]) | refusals(404, 416, 422),
    summary="Download the weights as HDF5",
)
def export_hdf5(id: DocumentId, request: Request, workspace: WorkspaceDep, options: OptionsDep) -> Response:
    """The same as .caffemodel.h5, as Caffe writes it: owners only, of any size; layer names with `/` are
    refused, as Caffe fails on them."""
    return _file(id, request, workspace, "hdf5", options)


def _file(id: str, request: Request, workspace: WorkspaceDep, form: Format, options: Options) -> Response:
    snapshot = workspace.snapshot(id)
    made = export(snapshot, workspace, form, options)
    name = download_name(snapshot) + ENDINGS[form]
    tag = etag(snapshot, form, options)
    return file_answer(request, made.read, made.size, name, TYPES[form], tag, made.close)


@router.get(
    "/zip",
    responses=binary("The pair.", "application/zip") | refusals(404, 413, 422),
    summary="Download both",
)
def export_zip(
    id: DocumentId, workspace: WorkspaceDep, options: OptionsDep, form: FormatQuery = "caffemodel"
) -> Response:
    """A zip of the prototxt and, where the document has weights, the caffemodel."""
    snapshot = workspace.snapshot(id)
    made = export(snapshot, workspace, form, options) if snapshot.sources else None
    return zip_of(download_name(snapshot), prototxt.emit(snapshot.document.tree), made, form=form)


@router.get(
    "/proof",
    response_model=ProofAnswer,
    responses=refusals(404, 413, 422),
    summary="Prove an export",
)
def export_proof(
    id: DocumentId, workspace: WorkspaceDep, options: OptionsDep, form: FormatQuery = "caffemodel"
) -> Response:
    """Reads the caffemodel that a download would give as Caffe would read it, and says of every blob of the
    net whether it equals its source, bit for bit."""
    snapshot = workspace.snapshot(id)
    return answer(weighing.proof(prove(snapshot, workspace, form, options), snapshot.revision))


def zip_of(
    name: str, text: bytes, made: Exported | None, *more: zipped.Entry, form: Format = "caffemodel"
) -> Response:
    """The pair as a download; `more` are further entries."""
    entries = [zipped.entry(f"{name}.prototxt", text)]
    if made is not None:
        size, read = made.size, made.read
        entries.append(zipped.Entry(name + ENDINGS[form], size, lambda: read(0, size)))
    entries += more
    close = made.close if made is not None else nothing
    total = zipped.size(entries)
    return download(zipped.stream(entries), total, f"{name}.zip", "application/zip", close)
