"""Multipart uploads, read as they arrive: texts into memory up to a limit, weights straight to disk.

Starlette's own form parser would first write every file to a temporary folder, often one in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from netgraft.web.problems import ProblemError
from netgraft.web.settings import MIB
from netgraft.workspace import Incoming, TooLarge

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_BATCH = MIB  # how much is handed to a worker thread at once
_FIRST_BATCH = 8192  # what is wrong from its first bytes on is refused by them
_LONGEST_HEADER = 8192


class Part(Protocol):
    """One field of a form."""

    def begin(self, file_name: str) -> None:
        """The field is there; its bytes follow."""

    def write(self, data: bytes) -> None:
        """Some of its bytes."""


class TextPart:
    """A field kept in memory; `data` is None until it came."""

    def __init__(self, what: str, limit: int) -> None:
        self.data: bytearray | None = None
        self.file_name = ""
        self._what = what
        self._limit = limit

    @property
    def text(self) -> str:
        """The field as text; empty where it did not come."""
        return (self.data or b"").decode("utf-8", "replace")

    def begin(self, file_name: str) -> None:
        self.data = bytearray()
        self.file_name = file_name

    def write(self, data: bytes) -> None:
        assert self.data is not None
        self.data += data
        if len(self.data) > self._limit:
            raise TooLarge(self._what, self._limit)


class FilePart:
    """A field written to a file of the workspace; `incoming` is None until it came.

    A context manager: at its end the file is gone unless the workspace took it.
    """

    def __init__(self, receive: Callable[[], Incoming]) -> None:
        self.incoming: Incoming | None = None
        self.file_name = ""
        self._receive = receive

    def begin(self, file_name: str) -> None:
        self.incoming = self._receive()
        self.file_name = file_name

    def write(self, data: bytes) -> None:
        assert self.incoming is not None
        self.incoming.write(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.incoming is not None:
            self.incoming.__exit__(kind, error, trace)


async def read_form(request: Request, parts: Mapping[str, Part]) -> None:
    """Reads a multipart body into the parts named; any other field is refused.

    Raises ProblemError for a body that is no multipart form, TooLarge past a part's limit.
    """
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if not boundary:
        raise _malformed("the content type names no boundary")
    reader = _Reader(parts)
    parser = MultipartParser(boundary, reader.callbacks())
    try:
        await feed(request, parser.write)
        await run_in_threadpool(parser.finalize)
    except MultipartParseError as error:
        raise _malformed(str(error)) from None
    if not reader.ended:
        raise _malformed("it was cut off")


async def read_raw(request: Request, part: Part, file_name: str) -> None:
    """Reads a whole body into one part."""
    part.begin(file_name)
    await feed(request, part.write)


async def feed(request: Request, write: Callable[[bytes], object]) -> None:
    """Hands the body on in worker threads as it comes, also what came before the client was gone.

    Raises ClientDisconnect, and what `write` raises.
    """
    batch = bytearray()
    enough = _FIRST_BATCH
    try:
        async for data in request.stream():
            batch += data
            if len(batch) >= enough:
                taken, batch, enough = bytes(batch), bytearray(), _BATCH
                await run_in_threadpool(write, taken)
    except ClientDisconnect:
        await run_in_threadpool(write, bytes(batch))
        raise
    await run_in_threadpool(write, bytes(batch))


def stated_size(request: Request) -> int | None:
    """How many bytes the body is said to have."""
    stated = request.headers.get("content-length", "")
    return int(stated) if stated.isdecimal() else None


def _malformed(why: str) -> ProblemError:
    return ProblemError(400, "malformed-form", f"The form in the request cannot be read: {why}.")


def _extend(header: bytearray, data: bytes) -> None:
    header += data
    if len(header) > _LONGEST_HEADER:
        raise _malformed("a header in it is too long")


class _Reader:
    """Turns the parser's events into calls on the parts."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self.ended = False
        self._parts = parts
        self._seen: set[str] = set()
        self._header = bytearray()
        self._value = bytearray()
        self._disposition = b""
        self._part: Part | None = None

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: _extend(self._header, data[start:end]),
            "on_header_value": lambda data, start, end: _extend(self._value, data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition = b""

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name not in self._parts:
            known = ", ".join(self._parts)
            raise ProblemError(422, "unknown-field", f"The form has a field {name!r}; it may have: {known}.")
        if name in self._seen:
            raise ProblemError(422, "repeated-field", f"The form has the field {name!r} twice.")
        self._seen.add(name)
        self._part = self._parts[name]
        self._part.begin(options.get(b"filename", b"").decode("utf-8", "replace"))

    def _data(self, data: bytes, start: int, end: int) -> None:
        assert self._part is not None
        self._part.write(data[start:end])

    def _end(self) -> None:
        self.ended = True
