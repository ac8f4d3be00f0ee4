"""How much a request may bring, and how many may wait: refused as soon as it is too much."""

from __future__ import annotations

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netgraft.web.observe import metrics
from netgraft.web.observe.stopping import Stopping
from netgraft.web.problems import ProblemError
from netgraft.web.settings import MIB, Settings

_ALWAYS = ("/api/health", "/api/ready", "/metrics")
_RETRY = {"busy": "2", "stopping": "5"}
_UPLOADS = ("multipart/form-data", "application/octet-stream", "application/offset+octet-stream")
_DRAINED = 64 * MIB
"""How much of a refused body is still read: some clients hear only once they have sent everything. Of more
one is rid by closing the connection."""
_SLACK = MIB  # for what surrounds a text or a file in a body


class BodyLimit:
    """ASGI middleware: a JSON body may be as large as a text needs, any other as large as an upload."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.json_limit = 2 * settings.max_text + _SLACK  # escapes in JSON may double a text
        self.upload_limit = settings.max_upload + settings.max_text + _SLACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        limit = self.upload_limit if kind in _UPLOADS else self.json_limit
        stated = headers.get("content-length", "")
        if stated.isdecimal() and int(stated) > limit:
            await _too_large(limit).response({"Connection": "close"})(scope, receive, send)
            return
        taken = 0
        left = int(stated) if stated.isdecimal() else 0
        if headers.get("transfer-encoding"):
            left = limit

        async def counted() -> Message:
            nonlocal taken, left
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                left = left - len(message.get("body", b"")) if message.get("more_body") else 0
                if taken > limit:
                    raise _too_large(limit)
            return message

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400 and left > _DRAINED:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self.app(scope, counted, told)


class Gate:
    """ASGI middleware: nothing new once the server stops, or while too much waits for a worker.

    What asks after the server itself passes: it needs no worker.
    """

    def __init__(self, app: ASGIApp, settings: Settings, stopping: Stopping) -> None:
        self.app = app
        self.most = settings.waiting
        self.stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self.app(scope, receive, send)
            return
        refusal = self._refusal()
        if refusal is None:
            await self.app(scope, receive, send)
            return
        metrics.refused(refusal.code)
        headers = {"Retry-After": _RETRY[refusal.code], "Connection": "close"}
        await refusal.response(headers)(scope, receive, send)

    def _refusal(self) -> ProblemError | None:
        if self.stopping.begun:
            return ProblemError(503, "stopping", "The server is about to stop. Ask again when it is back.")
        waiting = anyio.to_thread.current_default_thread_limiter().statistics().tasks_waiting
        if waiting >= self.most:
            detail = f"{waiting} requests wait already; the limit is {self.most}. Ask again in a moment."
            return ProblemError(503, "busy", detail, extra={"limit": self.most})
        return None


def _too_large(limit: int) -> ProblemError:
    detail = f"The request is larger than the limit of {limit:,} bytes."
    return ProblemError(413, "too-large", detail, extra={"limit": limit})
