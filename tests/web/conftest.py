"""A real server on a free port of the loopback interface, with a data folder of its own."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from tests.postgres import Postgres
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from netgraft.web.app import create_app
from netgraft.web.settings import Settings

Serve = Callable[..., httpx.Client]
PATIENCE = 30  # seconds for a message that has to come


@contextmanager
def serving(
    settings: Settings,
    app: FastAPI | None = None,
    send_buffer: int | None = None,
    stopping: list[threading.Thread] | None = None,
) -> Iterator[httpx.Client]:
    """A client of a server that runs with the settings, or an app of one's own, in a thread of its own.

    `send_buffer`: bytes that the system keeps for a client that does not read.
    `stopping`: where the thread is put that is told to stop; without it, its end is waited for.
    """
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
        listening = server.servers[0].sockets[0]
        if send_buffer is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        port = listening.getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        if stopping is None:
            thread.join()
        else:
            stopping.append(thread)


# Their tests run on each kind of database: what a request does to it is what they are about.
ON_EACH_DATABASE = ("test_authors", "test_documents_api", "test_edits_api", "test_history_api")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if (
        metafunc.module.__name__.rpartition(".")[2] in ON_EACH_DATABASE
        and "database" in metafunc.fixturenames
    ):
        metafunc.parametrize("database", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The URL of the database of the test's servers; empty for the one in their data folder."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_url()


@pytest.fixture(scope="module")
def stopping() -> Iterator[list[threading.Thread]]:
    """Servers of tests that are over: each takes a sixth of a second to stop, and nobody waits for it."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join()


@pytest.fixture
def serve(tmp_path: Path, database: str, stopping: list[threading.Thread]) -> Iterator[Serve]:
    """Starts servers with settings of one's own; all use the test's data folder."""
    with ExitStack() as stack:

        def start(
            app: FastAPI | None = None, send_buffer: int | None = None, **settings: Any
        ) -> httpx.Client:
            own: dict[str, Any] = {"data": tmp_path / "data", "database_url": database} | settings
            return stack.enter_context(serving(Settings(**own), app, send_buffer, stopping))

        yield start


@pytest.fixture(scope="module")
def serve_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """The same for the tests of one module that do not get into each other's way."""
    data = tmp_path_factory.mktemp("module")
    with ExitStack() as stack:

        def start(**settings: Any) -> httpx.Client:
            return stack.enter_context(serving(Settings(data=data, **settings)))

        yield start


class Follower:
    """A client of a document's live socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def hear(self, kind: str | None = None) -> dict[str, Any]:
        """The next message, or the next one of a kind."""
        while True:
            message: dict[str, Any] = json.loads(self.socket.recv(PATIENCE))
            if kind in (None, message["type"]):
                return message

    def changes(self, count: int) -> list[dict[str, Any]]:
        """The next changes, so many."""
        return [self.hear("change") for _ in range(count)]

    def people(self, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The people of the first message in which they are as wanted."""
        while True:
            people: list[dict[str, Any]] | None = self.hear().get("people")
            if people is not None and wanted(people):
                return people

    def say(self, **me: Any) -> None:
        self.socket.send(json.dumps({"type": "me", **me}))

    def closed(self) -> int | None:
        """The code with which the server closes, once it does."""
        with suppress(ConnectionClosed):
            while True:
                self.socket.recv(PATIENCE)
        return self.socket.close_code

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def follow() -> Iterator[Callable[..., Follower]]:
    """Opens live sockets: `follow(api, client="a", name="Ada", after=3)`."""
    with ExitStack() as stack:

        def opened(
            api: httpx.Client | str, document: str = "example", *, by: str = "", how: Any = None, **query: Any
        ) -> Follower:
            base = str(api.base_url if isinstance(api, httpx.Client) else api).rstrip("/")
            address = f"{base.replace('http', 'ws', 1)}{by}/api/documents/{document}/live?{urlencode(query)}"
            return Follower(stack.enter_context(connect(address, close_timeout=5, **(how or {}))))

        yield opened


@pytest.fixture
def api(serve: Serve) -> httpx.Client:
    """A client of a new server with the default settings."""
    return serve()


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server that is shared by tests which change nothing in its example document."""
    with serving(Settings(data=tmp_path_factory.mktemp("reader"))) as client:
        yield client
