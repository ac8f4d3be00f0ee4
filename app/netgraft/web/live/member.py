"""One socket on a document: what it is yet to be told, and its end."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from netgraft.web.sharing import Access

STOPPING: Final = (1001, "The server stops.")
TOO_SLOW: Final = (1013, "Messages were not read fast enough.")
GONE: Final = (4404, "There is no such document.")
REVOKED: Final = (4403, "This link was revoked.")
FAILED: Final = (1011, "Something went wrong inside Netgraft.")

MOST_WAITING: Final = 100
"""Changes that may wait for a client to read. One that is slower catches up when it connects again."""

Ending = tuple[int, str]


class Member:
    """A socket's outgoing side. Belongs to one event loop; nothing here but `write` waits."""

    def __init__(self, socket: WebSocket, client: str, access: Access, link: int | None, joined: int) -> None:
        self.client = client
        self.access: Access = access
        self.link = link
        self.joined = joined
        self.ended = asyncio.Event()
        self._socket = socket
        self._changes: deque[str] = deque()
        self._people: str | None = None
        self._ending: tuple[Ending, str | None] | None = None
        self._stirred = asyncio.Event()

    def tell(self, text: str) -> None:
        """Has a message sent after those before it."""
        if self._ending is not None:
            return
        if len(self._changes) >= MOST_WAITING:
            self._changes.clear()
            self.end(TOO_SLOW)
            return
        self._changes.append(text)
        self._stirred.set()

    def show(self, people: str) -> None:
        """Has the people sent, instead of those that were not sent yet."""
        self._people = people
        self._stirred.set()

    def end(self, ending: Ending, last: str | None = None) -> None:
        """Has the socket closed once it was told what waits, and `last`. The first end counts."""
        if self._ending is None:
            self._ending = (ending, last)
            self.ended.set()
            self._stirred.set()

    async def write(self) -> None:
        """Sends what there is to send, up to the end."""
        # uvicorn calls it an error to use a socket that it closed itself, for a lost ping or a broken frame.
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await self._stirred.wait()
                self._stirred.clear()
                while self._changes:
                    await self._socket.send_text(self._changes.popleft())
                if self._ending is not None:
                    (code, reason), last = self._ending
                    if last is not None:
                        await self._socket.send_text(last)
                    await self._socket.close(code, reason)
                    return
                if self._people is not None:
                    people, self._people = self._people, None
                    await self._socket.send_text(people)
