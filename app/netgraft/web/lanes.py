"""Requests about large nets take turns, so that they never hold up the small edits of others.

Python computes in one thread at a time, whatever the number of workers. Two checks of 10,000 layers at once
take as long as one after the other, and each thread that computes makes every other one wait its turn, again
and again. docs/architecture.md has the measurements.
"""

from __future__ import annotations

import re

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netgraft.web.limits import Busy
from netgraft.web.settings import Settings

_DOCUMENT = re.compile(r"/api/documents/([^/]{1,64})(?:/|\Z)")
_STATELESS = ("/api/documents", "/api/check", "/api/duplicate")
_BYTES_A_LAYER = 150  # of a prototxt, about


class _Gone(ClientDisconnect):
    """The client went away while its request waited for its turn."""


class Lanes:
    """ASGI middleware: of the requests about nets of `heavy_layers` and more, `heavy` are worked on at once.

    A request waits once its body is there and has had its turn when its answer begins: a slow client holds up
    nobody. One whose client goes away meanwhile is dropped.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.layers = settings.heavy_layers
        self.turns = anyio.Semaphore(max(1, settings.heavy), fast_acquire=True)
        self.most = settings.waiting
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        heavy, taken, has_turn = await self._is_large(scope), 0, False
        by_size = scope["path"] in _STATELESS and scope["method"] == "POST"

        async def turn() -> None:
            nonlocal has_turn
            if not has_turn and (heavy or (by_size and taken >= self.layers * _BYTES_A_LAYER)):
                await self._wait(receive)
                has_turn = True

        async def received() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if not message.get("more_body", False):
                    await turn()
            return message

        async def told(message: Message) -> None:
            nonlocal has_turn, heavy, by_size
            if message["type"] == "http.response.start":
                heavy = by_size = False  # what is computed from now on is little
                if has_turn:
                    has_turn = False
                    self.turns.release()
            await send(message)

        try:
            if _has_body(scope):
                await self.app(scope, received, told)
                return
            if heavy:
                # Its body is empty: what comes first says so, and what comes next is the client's going.
                first = await receive()
                await turn()
                await self.app(scope, _after(first, receive), told)
                return
            await self.app(scope, receive, told)
        except _Gone:
            return
        except Busy as refusal:
            await refusal.answer()(scope, receive, told)
        finally:
            if has_turn:
                self.turns.release()

    async def _is_large(self, scope: Scope) -> bool:
        found = _DOCUMENT.match(scope["path"])
        if found is None:
            return False
        workspace = scope["app"].state.workspace
        layers = workspace.layers_seen(found[1])
        if layers is None:
            layers = await anyio.to_thread.run_sync(workspace.guess_layers, found[1])
        return bool(layers >= self.layers)

    async def _wait(self, receive: Receive) -> None:
        """Returns when it is this request's turn. Raises ProblemError (503), or _Gone."""
        try:
            self.turns.acquire_nowait()
        except anyio.WouldBlock:
            pass
        else:
            return
        if self.waiting >= self.most:
            raise Busy(self.waiting, self.most)
        gone = acquired = False
        self.waiting += 1
        try:
            async with anyio.create_task_group() as group:

                async def watch() -> None:
                    nonlocal gone
                    while (await receive())["type"] != "http.disconnect":
                        pass
                    gone = True
                    group.cancel_scope.cancel()

                group.start_soon(watch)
                await self.turns.acquire()
                acquired = True
                group.cancel_scope.cancel()
        finally:
            self.waiting -= 1
        if not acquired:
            raise _Gone
        if gone:
            self.turns.release()
            raise _Gone


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _after(first: Message, receive: Receive) -> Receive:
    pending = [first]

    async def received() -> Message:
        return pending.pop() if pending else await receive()

    return received
