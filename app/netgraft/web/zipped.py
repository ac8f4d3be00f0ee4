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
_EPOCH: Final = (1980 - 1980) << 9 | 1 << 5 | 1  # 1 January 1980: the same pair makes the same zip
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


def size(entries: Sequence[Entry]) -> int:
    """How many bytes `stream` gives."""
    total = sum(len(_local(each, 0)) + each.size for each in entries)
    return total + len(_directory([(each, 0, at) for each, at in _placed(entries)], total))


def stream(entries: Sequence[Entry]) -> Iterator[bytes | memoryview]:
    """The bytes of the zip file."""
    written = []
    at = 0
    for each in entries:
        crc = 0
        for chunk in each.chunks():
            crc = zlib.crc32(chunk, crc)
        header = _local(each, crc)
        written.append((each, crc, at))
        yield header
        yield from each.chunks()
        at += len(header) + each.size
    yield _directory(written, at)


def _placed(entries: Sequence[Entry]) -> Iterator[tuple[Entry, int]]:
    at = 0
    for each in entries:
        yield each, at
        at += len(_local(each, 0)) + each.size


def _local(each: Entry, crc: int) -> bytes:
    name = each.name.encode()
    large = each.size >= _LIMIT
    extra = struct.pack("<HHQQ", 1, 16, each.size, each.size) if large else b""
    short = _LIMIT if large else each.size
    version = _ZIP64 if large else _OLD
    head = struct.pack(
        "<4s5H3L2H", b"PK\3\4", version, _UTF8, 0, 0, _EPOCH, crc, short, short, len(name), len(extra)
    )
    return head + name + extra


def _directory(written: Sequence[tuple[Entry, int, int]], at: int) -> bytes:
    records = b"".join(_central(*each) for each in written)
    count = len(written)
    tail = b""
    if at >= _LIMIT:
        tail = struct.pack(
            "<4sQ2H2L4Q", b"PK\6\6", 44, _ZIP64, _ZIP64, 0, 0, count, count, len(records), at
        ) + struct.pack("<4sLQL", b"PK\6\7", 0, at + len(records), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(records), min(at, _LIMIT), 0)
    return records + tail + end


def _central(each: Entry, crc: int, at: int) -> bytes:
    name = each.name.encode()
    wide = []
    if each.size >= _LIMIT:
        wide += [each.size, each.size]
    if at >= _LIMIT:
        wide.append(at)
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    short = min(each.size, _LIMIT)
    version = _ZIP64 if wide else _OLD
    unix = 3 << 8 | version
    head = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", unix, version, _UTF8, 0, 0, _EPOCH, crc, short, short,
        len(name), len(extra), 0, 0, 0, 0o100644 << 16, min(at, _LIMIT),
    )  # fmt: skip
    return head + name + extra
