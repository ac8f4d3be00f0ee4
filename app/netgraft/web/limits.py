"""How much a request may bring, and how many may wait: refused as soon as it is too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio.to_thread
from fastapi.responses import JSONResponse
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


class NotNow(ProblemError):
    """A 503 that says when to ask again."""

    def __init__(self, code: str, detail: str, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(503, code, detail, extra=extra)
        metrics.refused(code)

    def answer(self) -> JSONResponse:
        """The refusal, after which the connection is closed: a body that still comes is not read."""
        return self.response({"Connection": "close"})

    def response(self, headers: Mapping[str, str] | None = None) -> JSONResponse:
        return super().response({"Retry-After": _RETRY[self.code], **(headers or {})})


class Busy(NotNow):
    """Too much waits already."""

    def __init__(self, waiting: int, most: int) -> None:
        detail = f"{waiting} requests wait already; the limit is {most}. Ask again in a moment."
        super().__init__("busy", detail, {"limit": most})


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
        await refusal.answer()(scope, receive, send)

    def _refusal(self) -> NotNow | None:
        if self.stopping.begun:
            return NotNow("stopping", "The server is about to stop. Ask again when it is back.")
        workers = anyio.to_thread.current_default_thread_limiter().statistics()
        if workers.borrowed_tokens >= workers.total_tokens and workers.tasks_waiting >= self.most:
            return Busy(workers.tasks_waiting, self.most)
        return None


def _too_large(limit: int) -> ProblemError:
    detail = f"The request is larger than the limit of {limit:,} bytes."
    return ProblemError(413, "too-large", detail, extra={"limit": limit})
