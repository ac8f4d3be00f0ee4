"""A zip file as a stream whose size is known before its first byte.

Entries are stored, not compressed (weights hardly shrink), with their size and CRC before the data,
which every unpacker reads. ZIP64 records are used where a size or an offset needs them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_LIMIT: Final = 0xFFFFFFFF
_UTF8: Final = 1 << 11
_EPOCH: Final = 1 << 5 | 1  # 1 January 1980: the same pair makes the same zip
_UNIX: Final = 3 << 8
_PLAIN_FILE: Final = 0o100644 << 16
_OLD: Final = 20
_ZIP64: Final = 45


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to be zipped. `chunks` is called twice: once for the CRC, once to send."""

    name: str
    size: int
    chunks: Callable[[], Iterable[bytes | memoryview]]


def entry(name: str, data: bytes) -> Entry:
    """An entry from bytes in memory."""
    return Entry(name, len(data), lambda: (data,))


def size(entries: Sequence[Entry], zip64_from: int = _LIMIT) -> int:
    """How many bytes `stream` gives."""
    placed = []
    at = 0
    for each in entries:
        placed.append(_Placed(each, 0, at, zip64_from))
        at += len(placed[-1].local()) + each.size
    return at + len(_directory(placed, at, zip64_from))


def stream(entries: Sequence[Entry], zip64_from: int = _LIMIT) -> Iterator[bytes | memoryview]:
    """The bytes of the zip file. `zip64_from`: the size or offset from which ZIP64 records are used."""
    placed = []
    at = 0
    for each in entries:
        crc = 0
        for chunk in each.chunks():
            crc = zlib.crc32(chunk, crc)
        placed.append(_Placed(each, crc, at, zip64_from))
        header = placed[-1].local()
        yield header
        yield from each.chunks()
        at += len(header) + each.size
    yield _directory(placed, at, zip64_from)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entry with its CRC and where its header stands."""

    entry: Entry
    crc: int
    at: int
    zip64_from: int

    def local(self) -> bytes:
        """The header before the data."""
        large = self.entry.size >= self.zip64_from
        extra = struct.pack("<HHQQ", 1, 16, self.entry.size, self.entry.size) if large else b""
        name = self.entry.name.encode()
        fields = self._common(_ZIP64 if large else _OLD, large)
        return struct.pack("<4s5H3L2H", b"PK\3\4", *fields, len(name), len(extra)) + name + extra

    def central(self) -> bytes:
        """The record in the directory."""
        large, far = self.entry.size >= self.zip64_from, self.at >= self.zip64_from
        wide = [self.entry.size, self.entry.size] * large + [self.at] * far
        extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
        name = self.entry.name.encode()
        version = _ZIP64 if wide else _OLD
        fields = (_UNIX | version, *self._common(version, large))
        tail = (len(name), len(extra), 0, 0, 0, _PLAIN_FILE, _LIMIT if far else self.at)
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields, *tail) + name + extra

    def _common(self, version: int, large: bool) -> tuple[int, ...]:
        short = _LIMIT if large else self.entry.size
        return version, _UTF8, 0, 0, _EPOCH, self.crc, short, short


def _directory(placed: Sequence[_Placed], at: int, zip64_from: int) -> bytes:
    records = b"".join(each.central() for each in placed)
    count = len(placed)
    tail = b""
    if at >= zip64_from:
        counts = (0, 0, count, count, len(records), at)
        tail = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, _ZIP64, _ZIP64, *counts)
        tail += struct.pack("<4sLQL", b"PK\6\7", 0, at + len(records), 1)
    offset = _LIMIT if at >= zip64_from else at
    return records + tail + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(records), offset, 0)
