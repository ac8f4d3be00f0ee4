"""Workspaces on a new database, in turn of each kind that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from netgraft.workspace import Workspace

Open = Callable[..., Workspace]


@pytest.fixture
def open_workspace(tmp_path: Path, database_url: str) -> Iterator[Open]:
    """Opens the test's data once more, as another server would; all are closed at the end."""
    with ExitStack() as stack:

        def start(**options: Any) -> Workspace:
            return stack.enter_context(closing(Workspace(tmp_path, database_url, **options)))

        yield start


@pytest.fixture
def workspace(open_workspace: Open) -> Workspace:
    """A new workspace."""
    return open_workspace()


@pytest.fixture
def other(workspace: Workspace, open_workspace: Open) -> Workspace:
    """A second server's view of the same data."""
    return open_workspace()
