"""Who may call: Host and Origin checks, the token, share links, and the headers that bind the browser.

A server on loopback is reachable by every page that the user's browser shows. The Host check stops
DNS rebinding, the Origin check stops other sites' forms, scripts and sockets, the content security policy
stops what an uploaded name might smuggle into a page. No answer ever allows another origin.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from ipaddress import ip_address
from typing import Final, cast
from urllib.parse import parse_qsl, quote, urlencode

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netgraft.web import sharing
from netgraft.web.notices import refusal
from netgraft.web.observe.routes import PROBES
from netgraft.web.problems import ProblemError, database_problem
from netgraft.web.settings import Settings
from netgraft.workspace import DatabaseTrouble, Link, Workspace

COOKIE = "netgraft_token"

POLICY = "; ".join(
    (
        # Of connections 'self' means the live socket, too: ws: on the page's own host and port (CSP level 3).
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

SHARED_HEADERS = {
    # The address is the secret: it goes into no cache, no referrer and no search engine.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}

# Closing codes of a socket that was let in only to be told why it is not.
NEEDS_TOKEN: Final = 4401
NOT_ADMITTED: Final = 4403

_STARTS = ("http.response.start", "websocket.http.response.start")


class Guard:
    """ASGI middleware, the outermost: refuses before anything else runs."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        # With a token other names are harmless: a page that rebinds its name does not have the cookie.
        self.hosts = None if settings.token else settings.hosts
        # A rebound name is a name: where others can reach the server, they may do so by any of its numbers.
        self.numbers = not is_loopback(settings.host)
        self.token = settings.token
        self.cookie = cookie_name(settings.token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] not in ("http", "websocket"):
            raise ValueError(f"Netgraft does not speak {scope['type']!r}.")
        shared = scope["path"].startswith(sharing.PREFIX)
        bound = _bind(send, HEADERS | SHARED_HEADERS if shared else HEADERS)
        answer = self._refusal(scope)
        if answer is not None:
            await _refuse(answer, scope, receive, bound)
        elif shared:
            await self._by_link(scope, receive, bound)
        elif (answer := self._admission(scope)) is None:
            await self.app(scope, receive, bound)
        elif scope["type"] == "websocket":
            await _close(receive, bound, NEEDS_TOKEN, "This server asks for its token.")
        else:
            await answer(scope, receive, bound)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_named(name_of(host)):
            detail = (
                f"This server does not answer to the name {host!r}. "
                "NETGRAFT_ALLOWED_HOSTS says which names it has beside its own."
            )
            return ProblemError(421, "wrong-host", detail).response()
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "none")
        foreign = (
            not host or origin.partition("://")[2] != host if origin else site not in ("none", "same-origin")
        )
        # A link on another site may open the editor's page; nothing else may come from elsewhere.
        followed = scope.get("method") == "GET" and headers.get("sec-fetch-mode") == "navigate"
        if foreign and (origin or not followed):
            return ProblemError(403, "wrong-origin", "Requests from other sites are refused.").response()
        return None

    def _is_named(self, name: str) -> bool:
        return self.hosts is None or name in self.hosts or (self.numbers and _is_number(name))

    def _admission(self, scope: Scope) -> Response | None:
        """None where the request may pass; the token in a page's URL is moved into a cookie."""
        if not self.token or _is_open(scope):
            return None
        headers = Headers(scope=scope)
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        cookie = _cookie(headers, self.cookie)
        if self._is_token(cookie) or (scheme.lower() == "bearer" and self._is_token(bearer)):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if any(name == "token" and self._is_token(value) for name, value in query):
            if scope["type"] == "websocket":
                return None
            if scope["method"] == "GET":
                return self._with_cookie(scope, headers, query)
        detail = "This server asks for its token: open the address that it printed when it started."
        problem = ProblemError(401, "token-needed", detail)
        return refusal(headers, problem, "Token needed", {"WWW-Authenticate": "Bearer"})

    def _with_cookie(self, scope: Scope, headers: Headers, query: list[tuple[str, str]]) -> Response:
        rest = urlencode([pair for pair in query if pair[0] != "token"])
        path = "/" + quote(scope["path"].lstrip("/\\"))  # "//name" would be another site
        answer = RedirectResponse(path + ("?" + rest if rest else ""), 303)
        # Lax, not strict: who follows a colleague's link to a document is to get there. Requests that change
        # something, and all that scripts and frames of other sites ask for, are refused by their Origin.
        secure = "https" in (scope["scheme"], headers.get("x-forwarded-proto", "").partition(",")[0].strip())
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="lax", secure=secure)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def _by_link(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request to /s/TOKEN or below: as much of it as the link opens."""
        token, slash, rest = scope["path"][len(sharing.PREFIX) :].partition("/")
        try:
            link = await _link(scope, token)
        except DatabaseTrouble as error:
            await _refuse(database_problem(error), scope, receive, send)
            return
        socket = scope["type"] == "websocket"
        if link is None:
            if socket:
                await _close(receive, send, NOT_ADMITTED, "This link does not exist, or was revoked.")
            else:
                await _no_link(Headers(scope=scope))(scope, receive, send)
            return
        # The link's own address is the editor's page; what stands below it is a path of the server.
        path = f"/{rest}" if slash else scope["path"]
        method = sharing.SOCKET if socket else scope["method"]
        verdict = sharing.verdict(method, f"/{rest}" if slash else None, link.document)
        if verdict == "admitted":
            admission = sharing.Admission("read", link.document, link.id)
            sharing.admit(scope, path, admission)
            await self.app(scope, receive, send)
        elif verdict == "read-only":
            detail = "This link lets you look, not change anything."
            await ProblemError(403, "read-only", detail).response()(scope, receive, send)
        else:
            answer = ProblemError(404, "not-found", "This link opens nothing of the kind.").response()
            await _refuse(answer, scope, receive, send)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


def _bind(send: Send, headers: Mapping[str, str]) -> Send:
    async def bound(message: Message) -> None:
        if message["type"] in _STARTS:
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return bound


async def _refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers; a socket is refused before it opens."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": NOT_ADMITTED})
    else:
        await answer(scope, receive, send)


async def _close(receive: Receive, send: Send, code: int, reason: str) -> None:
    """Opens a socket and closes it at once: a page cannot read why one was refused before it opened."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code, "reason": reason})


async def _link(scope: Scope, token: str) -> Link | None:
    workspace = cast(Workspace, scope["app"].state.workspace)
    return await anyio.to_thread.run_sync(workspace.links.find, token)


def _no_link(headers: Headers) -> Response:
    detail = "This link does not exist, or was revoked. Ask whoever gave it to you for another one."
    return refusal(headers, ProblemError(404, "no-such-link", detail), "This link opens nothing")


def _is_open(scope: Scope) -> bool:
    """What needs no token: Netgraft's own files, the same everywhere, and a load balancer's probes."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    path: str = scope["path"]
    return path.startswith("/static/") or path in PROBES


def cookie_name(token: str) -> str:
    """Its cookie's name: browsers share cookies between the ports of a host, so each token has its own."""
    return f"{COOKIE}_{sha256(token.encode()).hexdigest()[:8]}"


def name_of(host: str) -> str:
    """A Host header without its port, in lower case; an IPv6 address keeps its brackets."""
    return (host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]).lower()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_number(name: str) -> bool:
    try:
        return bool(ip_address(name.strip("[]")))
    except ValueError:
        return False


def _cookie(headers: Headers, name: str) -> str:
    # Not http.cookies, which gives up at the first odd cookie that another server on this host has set.
    return cookie_parser("; ".join(headers.getlist("cookie"))).get(name, "")
