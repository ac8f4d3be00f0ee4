"""Each request gets an id, a line in the log and its place in the metrics; what fails gets a trace."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netgraft.web.observe import ids, metrics
from netgraft.web.observe.logs import logger
from netgraft.web.observe.stopping import Running
from netgraft.web.problems import internal

NO_ROUTE = "none"
"""The route of a request that no route was found for: its path is the client's own words."""

CLIENT_GONE = 499
"""The status that is told of a request whose client went away before its answer began."""

_FILES = ("multipart/form-data", "application/octet-stream", "application/offset+octet-stream")
# Asked for every few seconds, or a hundred at a time when a page opens: only where one looks closely.
_QUIET = ("/metrics", "/api/health", "/api/ready", "/static")

_log = logger("netgraft.web")


class Observe:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp, running: Running) -> None:
        self.app = app
        self.running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        request_id = ids.begin(headers.get(ids.HEADER))
        files = headers.get("content-type", "").partition(";")[0].strip().lower() in _FILES
        started = time.perf_counter()
        status, sent, complete = 0, 0, False

        async def counted() -> Message:
            message = await receive()
            if files and message["type"] == "http.request":
                metrics.received.inc(len(message.get("body", b"")))
            return message

        async def told(message: Message) -> None:
            nonlocal status, sent, complete
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[ids.HEADER] = request_id
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
                complete = not message.get("more_body", False)
            await send(message)

        self.running.requests += 1
        try:
            await self.app(scope, counted, told)
        except ClientDisconnect:
            pass  # nobody is there to be told
        except Exception as error:
            _log.error("failed", route=route_of(scope), method=scope["method"], exc_info=error)
            if not status:
                await internal().response()(scope, receive, told)
            # An answer that had begun stays unfinished: the server then closes the connection.
        finally:
            self.running.requests -= 1
            seconds = time.perf_counter() - started
            route = route_of(scope)
            metrics.answered(route, scope["method"], status or CLIENT_GONE, seconds)
            if not route.startswith(_QUIET) or status >= 500 or _log.isEnabledFor(10):
                _log.info("request", **_about(scope, route, status, seconds), bytes=sent, **_cut(complete))

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        ids.begin(Headers(scope=scope).get(ids.HEADER))
        started = time.perf_counter()
        opened = False
        code: int | None = None

        async def heard() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = code or message.get("code")
            return message

        async def told(message: Message) -> None:
            nonlocal opened, code
            if message["type"] == "websocket.accept" and not opened:
                opened = True
                self.running.sockets += 1
            elif message["type"] == "websocket.close":
                code = code or message.get("code", 1000)
            await send(message)

        try:
            await self.app(scope, heard, told)
        except Exception as error:
            _log.error("failed", route=route_of(scope), exc_info=error)
            if code is None:
                await send({"type": "websocket.close", "code": 1011})
                code = 1011
        finally:
            self.running.sockets -= opened
            seconds = time.perf_counter() - started
            _log.info("socket", **_about(scope, route_of(scope), None, seconds), opened=opened, code=code)


def route_of(scope: Scope) -> str:
    """The template of the route that a request went to, "/api/documents/{id}"; never what it asked for."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else NO_ROUTE


def _about(scope: Scope, route: str, status: int | None, seconds: float) -> Mapping[str, Any]:
    about: dict[str, Any] = {"route": route}
    if status is not None:
        about = {"method": scope["method"], "route": route, "status": status or CLIENT_GONE}
    about["ms"] = round(1000 * seconds, 1)
    client, document = scope.get("client"), scope.get("path_params", {}).get("id")
    if document is not None:
        about["document"] = document
    if client is not None:
        about["client"] = client[0]
    return about


def _cut(complete: bool) -> Mapping[str, bool]:
    return {} if complete else {"cut": True}
