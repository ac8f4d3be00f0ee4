"""Changes of a document: operations, their preview, undo and redo."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from netgraft.web import views
from netgraft.web.answers import answer
from netgraft.web.changing import ChangingDep
from netgraft.web.context import AskedDep, DocumentId, SettingsDep, WorkspaceDep
from netgraft.web.diff import unified
from netgraft.web.editing import OnRevision, merged, rebased
from netgraft.web.models import Edit, EditAnswer, PreviewAnswer
from netgraft.web.observe import metrics
from netgraft.web.openapi import refusals

router = APIRouter(prefix="/api/documents/{id}", tags=["edits"])

Base = Annotated[
    int | None,
    Query(description="The revision that the caller saw; refused with 409 if it is another by now."),
]


@router.post(
    "/operations",
    response_model=EditAnswer,
    responses=refusals(404, 409, 413, 422),
    summary="Carry out operations",
)
def operations(id: DocumentId, asked: Edit, changing: ChangingDep) -> Response:
    """Applies the operations in turn, all or none, as one revision that one undo takes back.

    If the document is no longer at `base_revision`, they are carried over to where it is: `rebased` says over
    what. Where that would undo or change what others did, or they no longer mean the same, answers 409 with
    `revision`, the `changes` since and the `clashes`.

    With an `Idempotency-Key` it is safe to ask again where no answer came: what was carried out is not so
    twice, and the answer tells of the first time, with the document as it is now."""
    on = OnRevision(changing.workspace, changing.settings)
    carried, after = on.commit(id, asked.base_revision, asked.operations, changing.by)
    if not carried.repeated:
        metrics.edited(each.op for each in asked.operations)
        if carried.over is not None:
            metrics.rebased(applied=True)
    return changing.told(
        after,
        report=merged(carried.reports).model_dump(),
        rebased=rebased(carried, asked.base_revision),
        repeated=carried.repeated,
    )


@router.post(
    "/preview",
    response_model=PreviewAnswer,
    responses=refusals(404, 409, 413, 422),
    summary="Try operations",
)
def preview(
    id: DocumentId, asked: Edit, how: AskedDep, workspace: WorkspaceDep, settings: SettingsDep
) -> Response:
    """What the operations would do: report, graph, new text and its difference. Saves nothing.

    Carried over to the present revision as by `operations`; the difference is to that."""
    carried = OnRevision(workspace, settings).attempt(id, asked.base_revision, asked.operations)
    before = carried.before
    return answer(
        {
            "report": merged(carried.reports).model_dump(),
            "graph": views.graph_of(before, workspace, settings, how, document=carried.document).whole(),
            "diff": unified(before.document.tree, carried.document.tree, before.entry.name),
            "text": carried.document.text,
            "rebased": rebased(carried, asked.base_revision),
        }
    )


@router.post(
    "/undo", response_model=EditAnswer, responses=refusals(404, 409), summary="Take the last change back"
)
def undo(id: DocumentId, changing: ChangingDep, base_revision: Base = None) -> Response:
    """Back to the revision before. Answers 409 where there is none, or it is not at `base_revision`."""
    return changing.told(changing.workspace.undo(id, base_revision, by=changing.by))


@router.post(
    "/redo", response_model=EditAnswer, responses=refusals(404, 409), summary="Do what was undone again"
)
def redo(id: DocumentId, changing: ChangingDep, base_revision: Base = None) -> Response:
    """On to the revision that was undone last. Answers 409 as `undo` does."""
    return changing.told(changing.workspace.redo(id, base_revision, by=changing.by))
