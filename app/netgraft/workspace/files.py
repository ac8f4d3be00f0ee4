"""Files on their way in: written, hashed and checked as they arrive, gone unless they are accepted."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Protocol, Self

from netgraft.weights import Arriving
from netgraft.workspace.errors import TooLarge

WHAT = "The weights file"


class Received(Protocol):
    """A file that came in as a whole and can be accepted: `Incoming`, or an upload that was resumed."""

    path: Path
    size: int

    def finish(self) -> str:
        """Brings all bytes to the disk; returns their SHA-256 in hexadecimal."""

    def done(self) -> None:
        """It was accepted, and is not needed any more."""


class Incoming:
    """A file on its way in: hashed and checked as it is written, never wholly in memory.

    A context manager: at its end the file is gone; the workspace has made it its own, or has not. `size` is
    what the sender says that it will have, where it does. `write` raises TooLarge past the limit,
    WeightsError at the first byte that no caffemodel has, and OSError where the disk is full.
    """

    def __init__(self, path: Path, limit: int, size: int | None = None) -> None:
        self.path = path
        self.size = 0
        self._limit = limit
        self._hash = hashlib.sha256()
        self._check = Arriving(size)
        self._file = path.open("xb", buffering=0)
        self._guard = Lock()  # a cancelled request ends it while its last bytes are still being written

    def write(self, data: bytes) -> None:
        """Appends bytes."""
        self.size += len(data)
        if self.size > self._limit:
            raise TooLarge(WHAT, self._limit)
        self._check.feed(data)
        self._hash.update(data)
        with self._guard:
            write_all(self._file.fileno(), data)

    def finish(self) -> str:
        """Brings all bytes to the disk; returns their SHA-256 in hexadecimal."""
        os.fsync(self._file.fileno())
        return self._hash.hexdigest()

    def done(self) -> None:
        """It was accepted: its own name is given up at the end, as ever."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._file.close()
        self.path.unlink(missing_ok=True)


class Inbox:
    """The folder of files that are on their way in, or out. What a stopped server leaves in it is swept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "incoming"
        self.folder.mkdir(parents=True, exist_ok=True)

    def sweep(self, before: float) -> None:
        """Deletes what a stopped server left half done before that time (seconds since 1970)."""
        for left in self.folder.iterdir():
            # Another server on the folder may be faster.
            if left.is_file() and modified(left) < before:
                left.unlink(missing_ok=True)

    def receive(self, limit: int, size: int | None = None) -> Incoming:
        """A new file to write an upload of at most `limit` bytes into; `size` is how many it will have."""
        return Incoming(self.scratch(), limit, size)

    def scratch(self) -> Path:
        """A new path in the folder."""
        return self.folder / secrets.token_hex(16)


def modified(path: Path) -> float:
    """When a file was last written to, in seconds since 1970; now, so to speak, for one that is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Writes all bytes. Raises OSError, some of them being written."""
    view = memoryview(data)
    while len(view):
        view = view[os.write(descriptor, view) :]


def write_whole(path: Path, data: bytes) -> None:
    """Writes a small new file and brings it to the disk."""
    with path.open("xb", buffering=0) as file:
        write_all(file.fileno(), data)
        os.fsync(file.fileno())
