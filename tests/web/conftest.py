"""A real server on a free port of the loopback interface, with a data folder of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from netgraft.web.app import create_app
from netgraft.web.settings import Settings

Serve = Callable[..., httpx.Client]


@contextmanager
def serving(settings: Settings, app: FastAPI | None = None) -> Iterator[httpx.Client]:
    """A client of a server that runs with the settings, or an app of one's own, in a thread of its own."""
    config = uvicorn.Config(
        app or create_app(settings), port=0, log_level="error", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers with settings of one's own; all use the test's data folder."""
    with ExitStack() as stack:

        def start(app: FastAPI | None = None, **settings: Any) -> httpx.Client:
            return stack.enter_context(serving(Settings(data=tmp_path / "data", **settings), app))

        yield start


@pytest.fixture(scope="module")
def serve_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """The same for the tests of one module that do not get into each other's way."""
    data = tmp_path_factory.mktemp("module")
    with ExitStack() as stack:

        def start(**settings: Any) -> httpx.Client:
            return stack.enter_context(serving(Settings(data=data, **settings)))

        yield start


@pytest.fixture
def api(serve: Serve) -> httpx.Client:
    """A client of a new server with the default settings."""
    return serve()


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server that is shared by tests which change nothing in its example document."""
    with serving(Settings(data=tmp_path_factory.mktemp("reader"))) as client:
        yield client
