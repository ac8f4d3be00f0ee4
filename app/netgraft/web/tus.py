"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload): version, offsets, metadata, dates."""

from __future__ import annotations

import base64
import binascii
import re
from email.utils import formatdate

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netgraft.web.problems import ProblemError
from netgraft.workspace import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
MEDIA_TYPE = "application/offset+octet-stream"
PREFIX = "/api/uploads"
LONGEST_METADATA = 4096

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_PAIR = re.compile(r"([!-+\--~]+)(?: ([A-Za-z0-9+/]*={0,2}))?", re.ASCII)


class Tus:
    """ASGI middleware: every request below `PREFIX` names the version it speaks, as every answer does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (scope["path"] + "/").startswith(PREFIX + "/"):
            await self.app(scope, receive, send)
            return

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Tus-Resumable"] = VERSION
                if message["status"] == 412:
                    headers["Tus-Version"] = VERSION
            await send(message)

        if scope["method"] != "OPTIONS" and Headers(scope=scope).get("tus-resumable") != VERSION:
            detail = f"This server speaks tus {VERSION}: say so in the header Tus-Resumable."
            await ProblemError(412, "tus-version", detail).response()(scope, receive, named)
            return
        await self.app(scope, receive, named)


def number(name: str, value: str | None) -> int:
    """A header that is a number of bytes. Raises ProblemError (400)."""
    if value is None or not _NUMBER.fullmatch(value):
        given = "is missing" if value is None else f"is {value!r}"
        raise ProblemError(400, "bad-header", f"The header {name} must be a number of bytes, but {given}.")
    return int(value)


def metadata(value: str) -> dict[str, str]:
    """Upload-Metadata: names, each with a text in Base64. Raises ProblemError (400)."""
    found: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in value.split(","))):
        match = _PAIR.fullmatch(pair)
        try:
            if match is None or len(value) > LONGEST_METADATA:
                raise ValueError
            text = base64.b64decode(match[2] or "", validate=True).decode("utf-8", "replace")
        except (ValueError, binascii.Error):
            detail = "The header Upload-Metadata must hold names with values in Base64, by commas."
            raise ProblemError(400, "bad-header", detail) from None
        found[match[1]] = text
    return found


def answer_headers(upload: Upload) -> dict[str, str]:
    """What an answer says of an upload."""
    return {
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": formatdate(upload.expires, usegmt=True),
        "Cache-Control": "no-store",
    }
