"""What routes that change a document have in common: who asks, and how they want to see it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Response

from netgraft.web import views
from netgraft.web.answers import answer
from netgraft.web.context import AskedDep, ByDep, SettingsDep, Tell, TellDep, WorkspaceDep
from netgraft.web.graph import Asked
from netgraft.web.settings import Settings
from netgraft.workspace import By, Snapshot, Workspace


@dataclass(frozen=True, slots=True)
class Changing:
    """Somebody who changes a document, and the graph that they want to see of it."""

    workspace: Workspace
    settings: Settings
    by: By
    how: Asked
    tell: Tell

    def told(self, after: Snapshot, **more: Any) -> Response:
        """The document as it is now, an EditAnswer; `more` says what operations did."""
        graph = self.tell(views.graph_of(after, self.workspace, self.settings, self.how))
        said = {"document": views.info(after, self.settings), "report": None, "graph": graph}
        return answer(said | more)


async def _changing(
    how: AskedDep, tell: TellDep, by: ByDep, workspace: WorkspaceDep, settings: SettingsDep
) -> Changing:
    return Changing(workspace, settings, by, how, tell)


ChangingDep = Annotated[Changing, Depends(_changing)]
