"""Weights on disk: each accepted file once, named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from netgraft.workspace.errors import TooLarge


class Incoming:
    """A file on its way in: hashed as it is written, never wholly in memory.

    A context manager: unless `WeightsFiles.keep` took it, its bytes are gone at the end.
    `write` raises TooLarge past the limit, and OSError where the disk is full.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.size = 0
        self._limit = limit
        self._hash = hashlib.sha256()
        self._file = path.open("xb")

    def write(self, data: bytes) -> None:
        """Appends bytes."""
        self.size += len(data)
        if self.size > self._limit:
            raise TooLarge("The weights file", self._limit)
        self._hash.update(data)
        self._file.write(data)

    def finish(self) -> str:
        """Brings all bytes to the disk; returns their SHA-256 in hexadecimal."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class WeightsFiles:
    """The weights files of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._kept = folder / "weights"
        self._incoming = folder / "incoming"
        for made in (self._kept, self._incoming):
            made.mkdir(parents=True, exist_ok=True)

    def sweep(self, before: float) -> None:
        """Deletes uploads that a stopped server left half done before that time (seconds since 1970)."""
        for left in self._incoming.iterdir():
            if left.stat().st_mtime < before:
                left.unlink(missing_ok=True)

    def receive(self, limit: int) -> Incoming:
        """A new file to write an upload of at most `limit` bytes into."""
        return Incoming(self.scratch(), limit)

    def scratch(self) -> Path:
        """A new path among the uploads."""
        return self._incoming / secrets.token_hex(16)

    def path(self, sha256: str) -> Path:
        """Where the accepted file with that hash stands."""
        return self._kept / sha256[:2] / sha256

    def keep(self, incoming: Incoming, sha256: str) -> Path:
        """Takes a finished file in, once; the same bytes a second time cost nothing."""
        target = self.path(sha256)
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            incoming.path.replace(target)
            _sync_folder(target.parent)
        return target

    def discard(self, sha256: str) -> None:
        """Deletes an accepted file that nothing uses any more."""
        with suppress(FileNotFoundError):
            self.path(sha256).unlink()


def _sync_folder(folder: Path) -> None:
    """Makes a rename durable (a file's own fsync does not cover its name)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
