"""Writing answers: JSON as fast as it goes, downloads that say their size."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi import Response
from fastapi.responses import StreamingResponse

from netgraft.web.names import attachment

JSON = "application/json"


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of plain values (tuples count as lists)."""
    return Response(dump(content), status, dict(headers or {}), JSON)


def dump(content: Any) -> bytes:
    """JSON. Text that is not UTF-8 (lone surrogates) is written as escapes, which orjson refuses to do.

    Numbers that JSON cannot say (infinite, not a number) are null.
    """
    try:
        return orjson.dumps(content)
    except TypeError:
        return json.dumps(_finite(content), separators=(",", ":"), allow_nan=False).encode("ascii")


def _finite(content: Any) -> Any:
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: _finite(value) for key, value in content.items()}
    return [_finite(each) for each in content] if isinstance(content, list | tuple) else content


def download(
    chunks: Iterable[bytes | memoryview], size: int, file_name: str, media_type: str
) -> StreamingResponse:
    """A file sent in pieces, read in a worker thread; `size` is exact."""
    headers = {"Content-Length": str(size), "Content-Disposition": attachment(file_name)}
    return StreamingResponse(iter(chunks), media_type=media_type, headers=headers)
