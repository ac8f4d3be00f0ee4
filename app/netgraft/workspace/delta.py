"""What one text has of another, so that a revision need not be kept whole: pieces copied, and its own.

The texts are nets cut into chunks (a layer each, as a rule), and an edit leaves most chunks the very objects
that they were, so finding the pieces takes a look at each chunk and no comparison of characters.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

from netgraft.prototxt import Chunk

_MARK = b"d1\n"


class DamagedText(Exception):
    """A revision's stored text is not what was stored."""


def encode(old: Sequence[Chunk], new: Sequence[Chunk]) -> bytes:
    """The new text by what it has of the old one; `decode` makes it again."""
    at = _offsets(old)
    head = 0
    while head < min(len(old), len(new)) and _same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    pieces = _Pieces()
    pieces.copy(0, at[head])
    known: dict[str, int] = {old[index].text: index for index in range(len(old) - tail - 1, head - 1, -1)}
    follows = head
    for chunk in new[head : len(new) - tail]:
        index: int | None = follows
        if not (head <= follows < len(old) - tail and _same(old[follows], chunk)):
            index = known.get(chunk.text)
        if index is None:
            pieces.insert(_bytes(chunk))
        else:
            pieces.copy(at[index], at[index + 1])
            follows = index + 1
    pieces.copy(at[len(old) - tail], at[len(old)])
    whole = b"".join(map(_bytes, new))
    table = json.dumps([zlib.crc32(whole), pieces.table], separators=(",", ":")).encode("ascii")
    return _MARK + zlib.compress(table + b"\n" + b"".join(pieces.own), 1)


def decode(old: bytes, stored: bytes) -> bytes:
    """The text that `encode` was given. Raises DamagedText where it does not come out."""
    if not stored.startswith(_MARK):
        raise DamagedText("This revision's text is stored in a form that is not known.")
    try:
        table, own = zlib.decompress(stored[len(_MARK) :]).split(b"\n", 1)
        check, pieces = json.loads(table)
    except (zlib.error, ValueError) as error:
        raise DamagedText(f"This revision's text cannot be unpacked: {error}") from error
    made: list[bytes] = []
    at = 0
    for start, length in pieces:
        if start < 0:
            made.append(own[at : at + length])
            at += length
        else:
            made.append(old[start : start + length])
    text = b"".join(made)
    if zlib.crc32(text) != check:
        raise DamagedText("This revision's text does not come out as it was stored.")
    return text


class _Pieces:
    """The table: [start in the old text, length], or [-1, length] of the new one's own bytes."""

    def __init__(self) -> None:
        self.table: list[list[int]] = []
        self.own: list[bytes] = []

    def copy(self, start: int, end: int) -> None:
        if start == end:
            return
        if self.table and self.table[-1][0] >= 0 and sum(self.table[-1]) == start:
            self.table[-1][1] += end - start
        else:
            self.table.append([start, end - start])

    def insert(self, text: bytes) -> None:
        self.own.append(text)
        if self.table and self.table[-1][0] < 0:
            self.table[-1][1] += len(text)
        else:
            self.table.append([-1, len(text)])


def _offsets(chunks: Sequence[Chunk]) -> list[int]:
    found = [0]
    for chunk in chunks:
        found.append(found[-1] + (len(chunk.text) if chunk.text.isascii() else len(_bytes(chunk))))
    return found


def _same(one: Chunk, other: Chunk) -> bool:
    return one is other or one.text == other.text


def _bytes(chunk: Chunk) -> bytes:
    return chunk.text.encode("utf-8", "surrogateescape")
