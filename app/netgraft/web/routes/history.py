"""A document's history: its steps, going to one of them, what changed since; and the document's name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from netgraft.web import views
from netgraft.web.answers import answer
from netgraft.web.changing import ChangingDep
from netgraft.web.context import ByDep, DocumentId, SettingsDep, WorkspaceDep
from netgraft.web.diff import unified
from netgraft.web.models import DocumentInfo, EditAnswer
from netgraft.web.names import stem
from netgraft.web.openapi import refusals

router = APIRouter(prefix="/api/documents/{id}", tags=["edits"])


class StepModel(BaseModel):
    """One step."""

    revision: int
    title: str
    created: int = Field(description="Milliseconds since 1970, UTC.")
    author: str = Field(description="Who made it, as they called themselves; may be empty.")


class History(BaseModel):
    """The steps that undo and redo pass, oldest first."""

    present: int = Field(description="The revision that is shown.")
    steps: list[StepModel]


class GoTo(BaseModel):
    """Where to go."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"revision": 1}]})

    revision: int
    base_revision: int | None = Field(
        None, description="The revision that the caller saw; refused with 409 if it is another by now."
    )


class NewName(BaseModel):
    """What to call a document."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "twins"}]})

    name: str = Field(min_length=1, max_length=500)


class Difference(BaseModel):
    """What changed in the text."""

    since: int
    revision: int
    diff: str = Field(description="Unified; empty where nothing changed.")


@router.get("/history", response_model=History, responses=refusals(404), summary="Read the history")
def read(id: DocumentId, workspace: WorkspaceDep) -> Response:
    """The steps that undo and redo pass, each by name; at most 200 before the present one and 200 after."""
    steps = [
        {"revision": step.revision, "title": step.title, "created": step.created, "author": step.author}
        for step in workspace.steps(id)
    ]
    return answer({"present": workspace.last_event(id).revision, "steps": steps})


@router.post(
    "/goto",
    response_model=EditAnswer,
    responses=refusals(404, 409, 422),
    summary="Go to a step of the history",
)
def goto(id: DocumentId, asked: GoTo, changing: ChangingDep) -> Response:
    """As many undos or redos as lead to the revision. Answers 409 where none do, or the document is not at
    `base_revision`."""
    return changing.told(changing.workspace.go(id, asked.revision, asked.base_revision, by=changing.by))


@router.get(
    "/diff",
    response_model=Difference,
    responses=refusals(404, 409),
    summary="Read what changed since a revision",
)
def diff(
    id: DocumentId,
    workspace: WorkspaceDep,
    since: Annotated[
        int, Query(description="A revision of the history; 1 is the file as it was opened.")
    ] = 1,
) -> Response:
    """A unified diff of the text from a revision to the present one."""
    present = workspace.snapshot(id)
    before = workspace.at(id, since)
    text = unified(before.tree, present.document.tree, present.entry.name)
    return answer({"since": since, "revision": present.revision, "diff": text})


@router.patch("", response_model=DocumentInfo, responses=refusals(404, 422), summary="Rename a document")
def rename(
    id: DocumentId, asked: NewName, by: ByDep, workspace: WorkspaceDep, settings: SettingsDep
) -> Response:
    """Calls it something else: in the list, and in the names of its downloads."""
    return answer(views.info(workspace.rename(id, stem(asked.name, "untitled"), by=by), settings))
