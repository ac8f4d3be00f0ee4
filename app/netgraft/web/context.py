"""What routes ask for: the workspace, the settings, and the state that a query names."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import Depends, Query, Request
from fastapi import Path as PathParameter

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
    phase: Annotated[
        Literal["TRAIN", "TEST"], Query(description="The phase of the net.", examples=["TRAIN"])
    ] = "TRAIN",
    level: Annotated[int, Query(description="The level, for nets whose rules name one.", examples=[0])] = 0,
    stage: Annotated[
        list[str] | None, Query(description="The stages; may be repeated.", examples=[[]])
    ] = None,
    profile: Annotated[
        Profile | None,
        Query(description="`bvlc` for Caffe 1.0, `fork` for any fork; by default what the file suggests."),
    ] = None,
) -> Asked:
    return Asked(NetState(phase=phase, level=level, stages=frozenset(stage or ())), profile)


WorkspaceDep = Annotated[Workspace, Depends(_workspace)]
SettingsDep = Annotated[Settings, Depends(_settings)]
AskedDep = Annotated[Asked, Depends(_asked)]
DocumentId = Annotated[
    str, PathParameter(description="The document's id.", examples=[EXAMPLE], max_length=64)
]
