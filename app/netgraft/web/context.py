"""What routes ask for: the workspace, the settings, and the state that a query names."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import Depends, Query, Request
from fastapi import Path as PathParameter

from netgraft.caffe.state import NetState
from netgraft.web.settings import Settings
from netgraft.workspace import Workspace

EXAMPLE = "example"
"""The id of the document that a new workspace opens with; the API's examples are about it."""


def _workspace(request: Request) -> Workspace:
    return cast(Workspace, request.app.state.workspace)


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def _state(
    phase: Annotated[
        Literal["TRAIN", "TEST"], Query(description="The phase of the net.", examples=["TRAIN"])
    ] = "TRAIN",
    level: Annotated[int, Query(description="The level, for nets whose rules name one.", examples=[0])] = 0,
    stage: Annotated[
        list[str] | None, Query(description="The stages; may be repeated.", examples=[[]])
    ] = None,
) -> NetState:
    return NetState(phase=phase, level=level, stages=frozenset(stage or ()))


WorkspaceDep = Annotated[Workspace, Depends(_workspace)]
SettingsDep = Annotated[Settings, Depends(_settings)]
StateDep = Annotated[NetState, Depends(_state)]
DocumentId = Annotated[
    str, PathParameter(description="The document's id.", examples=[EXAMPLE], max_length=64)
]
