"""Files sent whole or in part (RFC 9110, byte ranges), so that a large download can be resumed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from fastapi import Request, Response

from netgraft.web.answers import Streamed, nothing
from netgraft.web.names import attachment
from netgraft.web.problems import ProblemError

Read = Callable[[int, int], Iterable[bytes | memoryview]]
"""Bytes [start, stop) of the file, in pieces."""

_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)", re.ASCII)


def file_answer(
    request: Request,
    read: Read,
    size: int,
    file_name: str,
    media_type: str,
    etag: str,
    after: Callable[[], None] = nothing,
) -> Response:
    """The file, or the one range of it that is asked for; `etag` names these very bytes.

    304 where the client has them, 416 for a range that lies behind the end. Several ranges at once, and a
    range of another version (If-Range), get the whole file, as the standard allows. `after` is called when
    the file was sent, or its client is gone.
    """
    tag = f'"{etag}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": attachment(file_name),
    }
    if tag in {each.strip() for each in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    start, stop, status = 0, size, 200
    asked = wanted_range(request.headers.get("range"), size)
    if asked is not None and request.headers.get("if-range", tag) == tag:
        start, stop = asked
        if start >= stop:
            detail = f"The file has {size:,} bytes: nothing of it lies in the range that was asked for."
            refusal = ProblemError(416, "range-not-satisfiable", detail, extra={"size": size})
            return refusal.response({"Content-Range": f"bytes */{size}"})
        status = 206
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    return Streamed(read(start, stop), status, headers, media_type, after)


def wanted_range(header: str | None, size: int) -> tuple[int, int] | None:
    """[start, stop) of a Range header; None for what is no single byte range, and is to be ignored.

    Empty (start >= stop) where nothing of the file lies in it.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        return (max(0, size - length), size) if length else (size, size)
    first = int(found[1])
    if found[2] and int(found[2]) < first:
        return None
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    return first, max(first, last + 1) if first < size else first
