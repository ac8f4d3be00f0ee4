"""What forms are made of: the schema with its documentation, and what layers state."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from netgraft.web import forms
from netgraft.web.answers import answer
from netgraft.web.context import DocumentId, WorkspaceDep
from netgraft.web.openapi import refusals

router = APIRouter(prefix="/api", tags=["catalogue"])

_MOST = 500

Keys = Annotated[
    list[str] | None, Query(description="A layer's key; repeat it for more. Unknown ones are left out.")
]


@router.get("/schema", response_model=forms.Forms, summary="Read the schema")
def schema() -> Response:
    """Caffe's messages with types, defaults and a line of documentation, and what each layer type reads."""
    return answer(forms.all_forms(), headers={"Cache-Control": "no-cache"})


@router.get(
    "/documents/{id}/layers",
    response_model=forms.StatedLayers,
    responses=refusals(404),
    summary="Read what layers state",
)
def layers(id: DocumentId, workspace: WorkspaceDep, layer: Keys = None) -> Response:
    """The fields of some layers as the text states them, in the order of the file, lists taken apart."""
    snapshot = workspace.snapshot(id)
    found = forms.stated(snapshot.document, (layer or [])[:_MOST])
    return answer({"revision": snapshot.revision, "layers": found})
