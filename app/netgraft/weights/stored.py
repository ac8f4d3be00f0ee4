"""What a weights file holds: its layers and blobs, as places in the file rather than as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netgraft.weights.errors import WeightsError
from netgraft.weights.source import CHUNK, Source

Shape = tuple[int, ...]
Span = tuple[int, int]
"""(offset, length) in the file, both in bytes."""

Format = Literal["layer", "layers", "v0", "hdf5"]
"""How a layer is stored: the current `layer` (field 100), V1 `layers` (field 2), V0 nested in V1, or HDF5."""

Dtype = Literal["float", "double", "half", "int", "uint"]
NUMPY: dict[Dtype, np.dtype[np.generic]] = {
    "float": np.dtype("<f4"),
    "double": np.dtype("<f8"),
    "half": np.dtype("<f2"),
    "int": np.dtype("<i4"),
    "uint": np.dtype("<u4"),
}


class Segment(NamedTuple):
    """`values` of them from `offset` on, `stride` bytes apart: one width when packed, a tag more if not."""

    offset: int
    values: int
    stride: int


@dataclass(frozen=True, slots=True, eq=False)
class StoredBlob:
    """One blob: `shape` as stored (`legacy`: num, channels, height, width) and where its values are.

    `count` is the number of values really stored, which a damaged or a fork's file may not have equal to
    the shape's product. `raw` marks NVIDIA's `raw_data`, which BVLC Caffe does not read. `span` is the
    BlobProto message; `shape_spans` and `diff_spans` are the fields of it that say the shape and the diff.
    """

    source: Source
    shape: Shape
    legacy: bool
    dtype: Dtype
    count: int
    segments: tuple[Segment, ...]
    span: Span = (0, 0)
    shape_spans: tuple[Span, ...] = ()
    diff_spans: tuple[Span, ...] = ()
    raw: bool = False
    load: Callable[[int, int], bytes] | None = None
    """Values [first, last) as little-endian bytes, where they are no plain bytes of the file (HDF5)."""

    def __repr__(self) -> str:
        return f"<StoredBlob {' '.join(map(str, self.shape)) or 'scalar'} {self.dtype}>"

    @property
    def from_hdf5(self) -> bool:
        """Whether it is an HDF5 dataset, so that there is no BlobProto to copy."""
        return self.span == (0, 0)

    @property
    def volume(self) -> int:
        """How many values the shape asks for."""
        return prod(self.shape)

    @property
    def data(self) -> Span | None:
        """(offset, length) of the values where they stand in one piece, else None."""
        width = NUMPY[self.dtype].itemsize
        if self.load is None and len(self.segments) == 1 and self.segments[0].stride == width:
            return self.segments[0].offset, self.count * width
        return None

    def pieces(self, size: int = CHUNK) -> Iterator[bytes | memoryview]:
        """The values as little-endian bytes, in pieces of at most `size` bytes and of whole values."""
        width = NUMPY[self.dtype].itemsize
        step = max(1, size // width)
        if self.load is not None:
            for first in range(0, self.count, step):
                yield self.load(first, min(first + step, self.count))
            return
        for offset, count, stride in self.segments:
            if stride == width:
                yield from self.source.chunks(offset, count * width, step * width)
                continue
            for first in range(0, count, step):
                some = min(step, count - first)
                # The last value has no tag after it, so the window ends with the value.
                raw = self.source.read(offset + first * stride, (some - 1) * stride + width)
                padded = np.zeros(some * stride, np.uint8)
                padded[: len(raw)] = np.frombuffer(raw, np.uint8)
                yield padded.reshape(some, stride)[:, :width].tobytes()

    def span_of(self, first: int, last: int) -> bytes:
        """Values [first, last) as little-endian bytes."""
        if self.load is not None:
            return self.load(first, last)
        width = NUMPY[self.dtype].itemsize
        found = []
        for offset, count, stride in self.segments:
            begin, end = max(first, 0), min(last, count)
            if begin < end:
                raw = self.source.read(offset + begin * stride, (end - begin - 1) * stride + width)
                padded = np.zeros((end - begin) * stride, np.uint8)
                padded[: len(raw)] = np.frombuffer(raw, np.uint8)
                found.append(padded.reshape(-1, stride)[:, :width].tobytes())
            first, last = first - count, last - count
        return b"".join(found)

    def values(self, size: int = CHUNK) -> Iterator[NDArray[np.generic]]:
        """The values in flat arrays of at most `size` bytes."""
        for piece in self.pieces(size):
            yield np.frombuffer(piece, NUMPY[self.dtype])

    def read(self) -> NDArray[np.generic]:
        """All values, in the stored shape where they fit it, else flat. Holds the whole blob in memory."""
        flat = np.concatenate([np.empty(0, NUMPY[self.dtype]), *self.values()])
        return flat.reshape(self.shape) if flat.size == self.volume else flat


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class StoredLayer:
    """One layer of the file. `type` is the current type's name, whatever the format ("" where unstated).

    `span` is the layer's message, `name_span` its name, `rest` every field that is no name, type or blob,
    and `unknown` those of them that BVLC's schema does not know (both only for the `layer` format).
    """

    name: str
    type: str
    format: Format
    blobs: tuple[StoredBlob, ...]
    source: Source
    span: Span = (0, 0)
    name_span: Span | None = None
    rest: tuple[Span, ...] = ()
    unknown: tuple[Span, ...] = ()
    positions: tuple[int, ...] = ()
    """Which blob of the layer each of `blobs` is, where some are missing: HDF5 leaves sharers out."""

    def __repr__(self) -> str:
        return f"<StoredLayer {self.name} ({self.type or 'no type'}): {len(self.blobs)} blobs>"

    def blob(self, index: int) -> StoredBlob | None:
        """The layer's blob with this index, None where the file leaves it out."""
        if self.positions:
            return self.blobs[self.positions.index(index)] if index in self.positions else None
        return self.blobs[index] if index < len(self.blobs) else None


@dataclass(slots=True, eq=False)
class Index:
    """A weights file, opened: its net's name and its layers in file order, duplicates included.

    Caffe copies every stored layer in turn, so of several with one name the LAST is the one in force:
    `effective`. `input_layer`: the file states net-level inputs with their sizes, out of which Caffe
    makes a layer named "input" without blobs. `mixed`: both `layer` and `layers`, which Caffe refuses.
    """

    source: Source
    name: str
    layers: tuple[StoredLayer, ...]
    format: Format
    unknown: tuple[Span, ...] = ()
    input_layer: bool = False
    mixed: bool = False
    on_close: tuple[Callable[[], None], ...] = ()
    _first: dict[str, StoredLayer] = field(default_factory=dict)
    _last: dict[str, StoredLayer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for layer in self.layers:
            self._first.setdefault(layer.name, layer)
            self._last[layer.name] = layer

    def __repr__(self) -> str:
        name = self.source.path.name if self.source.path else "in memory"
        return f"<Index {name}: {len(self.layers)} stored layers, {self.size:,} bytes>"

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.source.size

    def by_name(self, name: str) -> StoredLayer | None:
        """The first layer with the name, None where there is none."""
        return self._first.get(name)

    def effective(self, name: str) -> StoredLayer | None:
        """The layer whose blobs a net keeps that loads this file: the last with the name."""
        return self._last.get(name)

    def require(self, name: str) -> StoredLayer:
        """`effective`, or WeightsError where the file has no such layer."""
        layer = self._last.get(name)
        if layer is None:
            raise WeightsError(f"No layer '{name}' in the weights", kind="origin")
        return layer

    def close(self) -> None:
        """Closes the file; the index still tells names and shapes, but values can no longer be read."""
        for action in self.on_close:
            action()
        self.source.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def add_span(spans: list[Span], start: int, end: int) -> None:
    """Adds [start, end) to a list in file order, joined with the last where they touch."""
    if spans and spans[-1][0] + spans[-1][1] == start:
        spans[-1] = (spans[-1][0], end - spans[-1][0])
    else:
        spans.append((start, end - start))


def shape_string(shape: Shape) -> str:
    """A shape as Caffe prints it, `20 1 5 5 (500)`. Mirrors Blob::shape_string."""
    return "".join(f"{axis} " for axis in shape) + f"({prod(shape)})"
