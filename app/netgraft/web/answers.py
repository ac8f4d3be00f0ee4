"""Writing answers: JSON as fast as it goes, downloads that say their size."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from netgraft.web.names import attachment

JSON = "application/json"


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of plain values (tuples count as lists)."""
    return Response(dump(content), status, dict(headers or {}), JSON)


class Written:
    """A value that is JSON already. No dataclass: orjson would write that out by its fields."""

    __slots__ = ("json",)

    def __init__(self, json: bytes) -> None:
        self.json = json


def dump(content: Any) -> bytes:
    """JSON. Text that is not UTF-8 (lone surrogates) is written as escapes, which orjson refuses to do.

    Numbers that JSON cannot say (infinite, not a number) are null.
    """
    try:
        return orjson.dumps(content, default=_fragment)
    except TypeError:
        return json.dumps(_finite(content), separators=(",", ":"), allow_nan=False).encode("ascii")


def _fragment(content: object) -> orjson.Fragment:
    if isinstance(content, Written):
        return orjson.Fragment(content.json)
    raise TypeError


def _finite(content: Any) -> Any:
    if isinstance(content, Written):
        return json.loads(content.json)
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: _finite(value) for key, value in content.items()}
    return [_finite(each) for each in content] if isinstance(content, list | tuple) else content


def nothing() -> None:
    """What there is to do where nothing is."""


class Streamed(StreamingResponse):
    """Pieces, read in worker threads. `after` is called at the end, be it that the client went away: what is
    held open until the garbage is collected is held for long, for that is made rare (`memory.settle`)."""

    def __init__(
        self,
        chunks: Iterable[bytes | memoryview],
        status: int,
        headers: Mapping[str, str],
        media_type: str,
        after: Callable[[], None] = nothing,
    ) -> None:
        super().__init__(iter(chunks), status, dict(headers), media_type)
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._after()


def download(
    chunks: Iterable[bytes | memoryview],
    size: int,
    file_name: str,
    media_type: str,
    after: Callable[[], None] = nothing,
) -> Streamed:
    """A file sent in pieces; `size` is exact. `after` as for `Streamed`."""
    headers = {"Content-Length": str(size), "Content-Disposition": attachment(file_name)}
    return Streamed(chunks, 200, headers, media_type, after)
