"""The bytes of a caffemodel as a list of pieces: small new ones, and long ones that stand in a source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from netgraft.weights.source import CHUNK, Source
from netgraft.weights.stored import NUMPY, Shape, Span, StoredBlob, StoredLayer
from netgraft.weights.wire import length_prefix, string_field, varint


class Piece(NamedTuple):
    """`length` bytes of a source, from `offset` on."""

    source: Source
    offset: int
    length: int


class Values(NamedTuple):
    """A blob's values that have to be read through HDF5, as `length` bytes."""

    blob: StoredBlob
    length: int


Part = bytes | Piece | Values


@dataclass(slots=True)
class Parts:
    """Parts in order, joined where they touch, with their length in all."""

    items: list[Part] = field(default_factory=list)
    length: int = 0

    def add(self, part: Part) -> None:
        """Appends one part."""
        size = part_length(part)
        if not size:
            return
        self.length += size
        last = self.items[-1] if self.items else None
        if isinstance(part, bytes) and isinstance(last, bytes):
            self.items[-1] = last + part
        elif (
            isinstance(part, Piece)
            and isinstance(last, Piece)
            and part.source is last.source
            and last.offset + last.length == part.offset
        ):
            self.items[-1] = Piece(last.source, last.offset, last.length + part.length)
        else:
            self.items.append(part)

    def extend(self, parts: Iterable[Part]) -> None:
        """Appends several parts."""
        for part in parts:
            self.add(part)


def part_length(part: Part) -> int:
    """Bytes of a part."""
    return len(part) if isinstance(part, bytes) else part.length


def part_bytes(part: Part, start: int, stop: int, size: int = CHUNK) -> Iterator[bytes | memoryview]:
    """Bytes [start, stop) of a part, in pieces of at most `size` (Values: of about that) bytes."""
    if isinstance(part, bytes):
        for offset in range(start, stop, size):
            yield memoryview(part)[offset : min(offset + size, stop)]
    elif isinstance(part, Piece):
        yield from part.source.chunks(part.offset + start, stop - start, size)
    elif part.blob.load is not None:
        width = NUMPY[part.blob.dtype].itemsize
        step = max(1, size // width)
        for first in range(start // width, -(-stop // width), step):
            last = min(first + step, -(-stop // width))
            raw = part.blob.load(first, last)
            yield memoryview(raw)[max(0, start - first * width) : stop - first * width]


def blob_parts(blob: StoredBlob, shape: Shape | None, *, strip_diff: bool) -> Parts:
    """A BlobProto: the stored one byte for byte, but for its diff and, where `shape` differs, its shape.

    Blobs from HDF5 are built anew, in their own precision (float or double).
    """
    parts = Parts()
    if blob.from_hdf5:
        dims = b"".join(varint(axis) for axis in (blob.shape if shape is None else shape))
        parts.add(_shape_field(dims))
        length = blob.count * NUMPY[blob.dtype].itemsize
        if length:
            parts.add(length_prefix(8 if blob.dtype == "double" else 5, length))
            data = blob.data
            parts.add(Piece(blob.source, *data) if data else Values(blob, length))
        return parts
    drop: list[Span] = list(blob.diff_spans) if strip_diff else []
    if shape is not None and (blob.legacy or blob.shape != shape):
        drop += blob.shape_spans
        parts.add(_shape_field(b"".join(varint(axis) for axis in shape)))
    parts.extend(without(blob.source, blob.span, drop))
    return parts


def _shape_field(dims: bytes) -> bytes:
    packed = length_prefix(1, len(dims)) + dims if dims else b""
    return length_prefix(7, len(packed)) + packed


def without(source: Source, span: Span, drop: Iterable[Span]) -> Iterator[Piece]:
    """What is left of a span when some spans inside are left out."""
    offset = span[0]
    for start, length in sorted(drop):
        if start > offset:
            yield Piece(source, offset, start - offset)
        offset = start + length
    if offset < span[0] + span[1]:
        yield Piece(source, offset, span[0] + span[1] - offset)


def layer_head(layer: StoredLayer) -> Parts:
    """A stored layer's fields but for its blobs, in today's format; of old formats the name and type only."""
    parts = Parts()
    parts.add(string_field(1, layer.name) + string_field(2, layer.type))
    parts.extend(Piece(layer.source, *span) for span in layer.rest)
    return parts


def layer_parts(head: Parts, blobs: Iterable[Parts]) -> Parts:
    """A `layer` field of NetParameter: its fields, then its blobs, each with tag and length."""
    inner = Parts()
    inner.extend(head.items)
    for blob in blobs:
        inner.add(length_prefix(7, blob.length))
        inner.extend(blob.items)
    whole = Parts()
    whole.add(length_prefix(100, inner.length))
    whole.extend(inner.items)
    return whole
