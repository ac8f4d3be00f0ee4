"""What routes ask for: the workspace, the settings, and the state that a query names."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import Depends, Query, Request
from fastapi import Path as PathParameter
from fastapi.openapi.models import Example

from netgraft.caffe.model import Profile
from netgraft.caffe.state import NetState
from netgraft.web.graph import Asked
from netgraft.web.settings import Settings
from netgraft.workspace import Workspace

EXAMPLE = "example"
"""The id of the document that a new workspace opens with; the API's examples are about it."""


def _workspace(request: Request) -> Workspace:
    return cast(Workspace, request.app.state.workspace)


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def _asked(
    phase: Annotated[Literal["TRAIN", "TEST"], Query(description="The phase of the net.")] = "TRAIN",
    level: Annotated[int, Query(description="The level, for nets whose rules name one.")] = 0,
    stage: Annotated[list[str] | None, Query(description="The stages; may be repeated.")] = None,
    profile: Annotated[
        Profile | None,
        Query(description="`bvlc` for Caffe 1.0, `fork` for any fork; by default what the file suggests."),
    ] = None,
) -> Asked:
    return Asked(NetState(phase=phase, level=level, stages=frozenset(stage or ())), profile)


WorkspaceDep = Annotated[Workspace, Depends(_workspace)]
SettingsDep = Annotated[Settings, Depends(_settings)]
AskedDep = Annotated[Asked, Depends(_asked)]
_IDS: dict[str, Example] = {"example": {"summary": "What a new workspace opens with", "value": EXAMPLE}}
DocumentId = Annotated[
    str, PathParameter(description="The document's id.", openapi_examples=_IDS, max_length=64)
]
