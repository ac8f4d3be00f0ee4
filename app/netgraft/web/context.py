"""What routes ask for: the workspace, the settings, and the state that a query names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, cast
from urllib.parse import unquote

from fastapi import Depends, Header, Query, Request
from fastapi import Path as PathParameter
from fastapi.openapi.models import Example
from starlette.requests import HTTPConnection

from netgraft.caffe.model import Profile
from netgraft.caffe.state import NetState
from netgraft.web.graph import Ahead, Asked, Graph, Shown
from netgraft.web.settings import Settings
from netgraft.web.sharing import Admission, admission_of
from netgraft.workspace import By, Workspace

EXAMPLE = "example"
"""The id of the document that a new workspace opens with; the API's examples are about it."""


Tell = Callable[[Graph], dict[str, Any]]
"""A graph as a route answers it: whole, or what differs from the one that the request knows."""

# All of them async, though they await nothing: FastAPI would send the others to a worker thread each.


async def _workspace(request: Request) -> Workspace:
    return cast(Workspace, request.app.state.workspace)


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


async def _asked(
    phase: Annotated[Literal["TRAIN", "TEST"], Query(description="The phase of the net.")] = "TRAIN",
    level: Annotated[int, Query(description="The level, for nets whose rules name one.")] = 0,
    stage: Annotated[list[str] | None, Query(description="The stages; may be repeated.")] = None,
    profile: Annotated[
        Profile | None,
        Query(description="`bvlc` for Caffe 1.0, `fork` for any fork; by default what the file suggests."),
    ] = None,
) -> Asked:
    return Asked(NetState(phase=phase, level=level, stages=frozenset(stage or ())), profile)


async def _tell(
    request: Request,
    known: Annotated[
        str | None,
        Query(
            description="The `tag` of a graph that the caller holds: only what differs from it is told, as "
            "`GraphChanges`, if the server remembers it. Empty: all is told, with its `tag`.",
            max_length=64,
        ),
    ] = None,
) -> Tell:
    shown = cast(Shown, request.app.state.shown)
    return lambda graph: graph.whole() if known is None else shown.answer(graph, known)


_CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_AUTHOR = 100


async def _by(
    netgraft_client: Annotated[
        str | None, Header(description="A random id of the browser tab or program that asks.")
    ] = None,
    netgraft_author: Annotated[
        str | None, Header(description="The name of whoever asks, as percent-encoded UTF-8.")
    ] = None,
    idempotency_key: Annotated[
        str | None,
        Header(description="A random text for one edit, sent again with it where no answer came."),
    ] = None,
) -> By:
    """Who asks, as far as they say so properly: a broken name is no reason to refuse an edit."""
    client = netgraft_client or ""
    said = author(netgraft_author or "")
    return By(said, client if _CLIENT.fullmatch(client) else "", idempotency_key or "")


def author(encoded: str) -> str:
    """A name for people from percent-encoded UTF-8; empty where it cannot be shown."""
    try:
        name = unquote(encoded, errors="strict").strip()
    except UnicodeDecodeError:
        return ""
    return name if len(name) <= _LONGEST_AUTHOR and name.isprintable() else ""


async def _ahead(request: Request) -> Ahead:
    return cast(Ahead, request.app.state.ahead)


async def _admission(connection: HTTPConnection) -> Admission:
    return admission_of(connection.scope)


WorkspaceDep = Annotated[Workspace, Depends(_workspace)]
SettingsDep = Annotated[Settings, Depends(_settings)]
AskedDep = Annotated[Asked, Depends(_asked)]
TellDep = Annotated[Tell, Depends(_tell)]
AheadDep = Annotated[Ahead, Depends(_ahead)]
ByDep = Annotated[By, Depends(_by)]
AdmissionDep = Annotated[Admission, Depends(_admission)]
_IDS: dict[str, Example] = {"example": {"summary": "What a new workspace opens with", "value": EXAMPLE}}
DocumentId = Annotated[
    str, PathParameter(description="The document's id.", openapi_examples=_IDS, max_length=64)
]
