"""The bytes of a weights file: read at an offset, never all at once.

Reading goes through `pread` and not through a memory map: mapped pages would count as resident memory
while a gigabyte passes by, and a file that another process shortens would kill this one by SIGBUS
instead of raising an error.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from pathlib import Path

from netgraft.weights.errors import WeightsError

Buffer = bytes | bytearray | memoryview

CHUNK = 1 << 20
"""Bytes read at once where a blob's values are streamed."""


class Source:
    """A file or a buffer: `size` bytes, read by `read(offset, length)`. Safe to share between threads."""

    __slots__ = ("__weakref__", "_close", "fd", "path", "size", "view")

    def __init__(self, data: str | os.PathLike[str] | Buffer) -> None:
        """Opens a path, or wraps a buffer without copying it. Raises OSError where that cannot be done."""
        self.fd: int | None = None
        self.path: Path | None = None
        self.view: memoryview | None = None
        if isinstance(data, bytes | bytearray | memoryview):
            self.view = memoryview(data).cast("B")
            self.size = len(self.view)
            return
        self.path = Path(data)
        self.fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        # Closes with the last reader: blobs and plans hold on to their source for as long as they live.
        self._close = weakref.finalize(self, os.close, self.fd)
        self.size = os.fstat(self.fd).st_size

    def read(self, offset: int, length: int) -> bytes | memoryview:
        """Exactly `length` bytes from `offset`. Raises WeightsError where the file has fewer (any more)."""
        if self.view is not None:
            piece: bytes | memoryview = self.view[offset : offset + length]
        elif self.fd is not None:
            piece = os.pread(self.fd, length, offset)
            while len(piece) < length and (
                more := os.pread(self.fd, length - len(piece), offset + len(piece))
            ):
                piece = bytes(piece) + more
        else:
            raise WeightsError("The weights file is closed", kind="changed")
        if len(piece) != length:
            raise WeightsError(
                "The weights file became shorter while it was read", offset + len(piece), kind="changed"
            )
        return piece

    def chunks(self, offset: int, length: int, size: int = CHUNK) -> Iterator[bytes | memoryview]:
        """The bytes of a span in pieces of at most `size` bytes."""
        end = offset + length
        while offset < end:
            step = min(size, end - offset)
            yield self.read(offset, step)
            offset += step

    def close(self) -> None:
        """Gives the file back; reading raises WeightsError from here on."""
        if self.fd is not None:
            self._close()
            self.fd = None
        self.view = None
