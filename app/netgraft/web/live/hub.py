"""All live documents of this process."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import anyio
import anyio.to_thread

from netgraft.web.live.member import STOPPING
from netgraft.web.live.room import Room
from netgraft.web.observe.stopping import Stopping
from netgraft.web.settings import Settings
from netgraft.workspace import Workspace

T = TypeVar("T")

_THREADS: Final = 4  # of its own: changes are told while every worker checks a large net


class Full(Exception):
    """There are as many sockets as the settings allow."""


class Hub:
    """Belongs to one event loop, from the server's start to its stop."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.stopping = False
        self._workspace = workspace
        self._most = settings.max_live
        self._most_of_one = settings.max_live_document
        self._node = secrets.token_hex(8)
        self._rooms: dict[str, Room] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._sockets = 0
        self._limiter = anyio.CapacityLimiter(_THREADS)

    @asynccontextmanager
    async def room(self, document: str) -> AsyncIterator[Room]:
        """The room of a document, for one socket, open. Raises NoSuchDocument, Full."""
        room = self._rooms.get(document)
        if self._sockets >= self._most or (room is not None and room.users >= self._most_of_one):
            raise Full
        if room is None:
            room = self._rooms[document] = Room(document, self._workspace, self.work, self._node)
        room.users += 1
        self._sockets += 1
        try:
            await room.open()
            yield room
        finally:
            self._sockets -= 1
            room.users -= 1
            if not room.users:
                # Whoever comes now gets a new one; the old one is closed whatever happens to who left last.
                del self._rooms[document]
                closing = asyncio.create_task(room.close())
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)
                await asyncio.shield(closing)

    def stop(self) -> None:
        """Sends everybody away, and whoever comes from now on."""
        self.stopping = True
        for room in self._rooms.values():
            room.end(STOPPING)

    async def stop_with(self, stopping: Stopping) -> None:
        """Stops as soon as the server begins to."""
        await stopping.wait()
        self.stop()

    async def close(self) -> None:
        """Returns when all rooms that were left are closed."""
        self.stop()
        if self._closing:
            await asyncio.wait(self._closing)

    async def work(self, call: Callable[..., T], /, *arguments: Any) -> T:
        """Runs what blocks in a thread."""
        return await anyio.to_thread.run_sync(call, *arguments, limiter=self._limiter)
