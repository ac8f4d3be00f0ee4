"""Who may call: Host and Origin checks, the token, and the headers that bind the browser.

A server on loopback is reachable by every page that the user's browser shows. The Host check stops
DNS rebinding, the Origin check stops other sites' forms and scripts, the content security policy
stops what an uploaded name might smuggle into a page. No answer ever allows another origin.
"""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netgraft.web.problems import ProblemError
from netgraft.web.settings import Settings

COOKIE = "netgraft_token"

POLICY = "; ".join(
    (
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


class Guard:
    """ASGI middleware, the outermost: refuses before anything else runs."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        # With a token other names are harmless: a page that rebinds its name does not have the cookie.
        self.hosts = None if settings.token else settings.hosts
        self.token = settings.token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answer = self._refusal(scope) or self._admission(scope)
        await (answer or self.app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.hosts is not None and name_of(host) not in self.hosts:
            detail = f"This server does not answer to the name {host!r}."
            return ProblemError(421, "wrong-host", detail).response()
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "none")
        foreign = origin.partition("://")[2] != host if origin else site not in ("none", "same-origin")
        # A link on another site may open the editor's page; nothing else may come from elsewhere.
        if foreign and (origin or headers.get("sec-fetch-mode") != "navigate" or scope["method"] != "GET"):
            return ProblemError(403, "wrong-origin", "Requests from other sites are refused.").response()
        return None

    def _admission(self, scope: Scope) -> Response | None:
        """None where the request may pass; the token in a page's URL is moved into a cookie."""
        if not self.token:
            return None
        headers = Headers(scope=scope)
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if self._is_token(_cookie(headers)) or (scheme.lower() == "bearer" and self._is_token(bearer)):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and any(
            name == "token" and self._is_token(value) for name, value in query
        ):
            rest = urlencode([pair for pair in query if pair[0] != "token"])
            path = "/" + quote(scope["path"].lstrip("/"))  # "//name" would be another site
            answer = RedirectResponse(path + ("?" + rest if rest else ""), 303)
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return answer
        detail = "This server asks for its token: open the address that it printed when it started."
        return ProblemError(401, "token-needed", detail).response({"WWW-Authenticate": "Bearer"})

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


def name_of(host: str) -> str:
    """A Host header without its port, in lower case; an IPv6 address keeps its brackets."""
    return (host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]).lower()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
