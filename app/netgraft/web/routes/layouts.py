"""Where people moved the cards of a net's picture."""

from __future__ import annotations

from fastapi import APIRouter, Response

from netgraft.web.answers import answer
from netgraft.web.context import ByDep, DocumentId, WorkspaceDep
from netgraft.web.models import CardMoves, PictureLayout
from netgraft.web.openapi import refusals

router = APIRouter(prefix="/api/documents/{id}", tags=["documents"])


@router.get(
    "/layout", response_model=PictureLayout, responses=refusals(404), summary="Where cards were moved to"
)
def read(id: DocumentId, workspace: WorkspaceDep) -> Response:
    """How far each card was moved from the place that the picture gives it, by the way the net flows."""
    return answer({"down": {}, "right": {}, **workspace.layout(id)})


@router.put("/layout", status_code=204, responses=refusals(404, 422), summary="Keep where cards are moved to")
def keep(id: DocumentId, layout: PictureLayout, by: ByDep, workspace: WorkspaceDep) -> Response:
    """Keeps it with the document instead of what was kept before; an empty one forgets all. It is no
    revision: undo does not take it back, and the net stays as it is."""
    workspace.set_layout(id, {"down": layout.down, "right": layout.right}, by=by)
    return Response(status_code=204)


@router.patch(
    "/layout", response_model=PictureLayout, responses=refusals(404, 413, 422), summary="Move some cards"
)
def move(id: DocumentId, moves: CardMoves, by: ByDep, workspace: WorkspaceDep) -> Response:
    """Moves these cards and leaves all others where they are: two people can move cards at once. Answers
    with where all cards are now."""
    layout = workspace.move_cards(id, {"down": moves.down, "right": moves.right}, by=by)
    return answer({"down": {}, "right": {}, **layout})
