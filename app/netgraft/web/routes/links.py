"""Share links: let somebody look at a document who may not change it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict, Field

from netgraft.web.answers import answer
from netgraft.web.context import ByDep, DocumentId, WorkspaceDep
from netgraft.web.live.room import revoked
from netgraft.web.openapi import refusals
from netgraft.web.sharing import PREFIX
from netgraft.workspace import Link

router = APIRouter(prefix="/api/documents/{id}/links", tags=["links"])


class NewLink(BaseModel):
    """A link to be made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "for the reviewers"}]})

    note: str = Field("", max_length=200, description="What it is for, told in the list.")


class LinkInfo(BaseModel):
    """A link that lets whoever holds it read the document."""

    id: int
    note: str
    author: str = Field(description="Who made it; empty where nobody said.")
    created: int = Field(description="Milliseconds since 1970, UTC.")
    used: int | None = Field(description="When it was used last, right to ten minutes; null: never.")


class MadeLink(LinkInfo):
    """A link just made. Its token is not kept and cannot be told again."""

    token: str
    address: str = Field(description="The path of the page that it opens on this server.")


class LinkList(BaseModel):
    """A document's links, oldest first."""

    links: list[LinkInfo]


_IDS: dict[str, Example] = {"example": {"summary": "The first link of a new workspace", "value": 1}}
LinkId = Annotated[
    int, Path(description="The link's id.", openapi_examples=_IDS, ge=1, le=2**31 - 1, alias="link")
]


@router.post(
    "",
    status_code=201,
    response_model=MadeLink,
    responses=refusals(404, 413, 422),
    summary="Make a read-only link",
)
def add(id: DocumentId, asked: NewLink, by: ByDep, workspace: WorkspaceDep) -> Response:
    """Whoever has its address may read this document, follow it live and download it, without the server's
    token, until the link is revoked. The address is told this once: only its hash is kept."""
    link, token = workspace.links.add(id, asked.note, by)
    made = _info(link) | {"token": token, "address": PREFIX + token}
    return answer(made, 201, {"Cache-Control": "no-store"})


@router.get("", response_model=LinkList, responses=refusals(404), summary="List a document's links")
def listing(id: DocumentId, workspace: WorkspaceDep) -> Response:
    """All links that open the document, without their tokens."""
    return answer({"links": [_info(each) for each in workspace.links.of(id)]})


@router.delete("/{link}", status_code=204, responses=refusals(404), summary="Revoke a link")
def revoke(id: DocumentId, link: LinkId, workspace: WorkspaceDep) -> Response:
    """The link opens nothing any more; whoever is on the document by it is sent away."""
    workspace.links.revoke(id, link)
    workspace.signal(id, revoked(link))
    return Response(status_code=204)


def _info(link: Link) -> dict[str, object]:
    """LinkInfo."""
    return {
        "id": link.id,
        "note": link.note,
        "author": link.author,
        "created": link.created,
        "used": link.used,
    }
