"""The plan of a grafted caffemodel: every byte known by its place before one is written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from netgraft.weights.errors import Kind, WeightsError
from netgraft.weights.layout import (
    Part,
    Parts,
    Piece,
    blob_parts,
    layer_head,
    layer_parts,
    part_bytes,
    part_length,
)
from netgraft.weights.origin import Origin
from netgraft.weights.report import GraftReport, make_report
from netgraft.weights.resolve import PlannedLayer, resolve
from netgraft.weights.source import CHUNK
from netgraft.weights.stored import Index, Shape, StoredBlob
from netgraft.weights.target import Target
from netgraft.weights.wire import string_field
from netgraft.weights.words import READ_LIMIT


@dataclass(slots=True, eq=False)
class Plan:
    """A caffemodel that is not written yet. `layers` says what becomes of each layer of the net.

    It reads its sources when it is written, so these must stay open, and may be written several times.
    """

    name: str
    layers: tuple[PlannedLayer, ...]
    parts: tuple[Part, ...]
    report: GraftReport
    _ends: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ends = list(accumulate(part_length(part) for part in self.parts))

    @property
    def size(self) -> int:
        """Bytes of the .caffemodel, exactly: the Content-Length of a download."""
        return self._ends[-1] if self._ends else 0

    def require_readable(self) -> None:
        """Raises WeightsError (kind `too-large`) where Caffe's reader would refuse the file for its size."""
        if self.size >= READ_LIMIT:
            raise WeightsError(
                f"The caffemodel would have {self.size:,} bytes, but Caffe reads only fewer than "
                f"{READ_LIMIT:,}. Write it as HDF5 (.caffemodel.h5), which has no such limit, or leave out "
                "the sharers",
                kind="too-large",
            )

    def chunks(
        self, start: int = 0, stop: int | None = None, size: int = CHUNK
    ) -> Iterator[bytes | memoryview]:
        """Bytes [start, stop) of the file in pieces of at most `size` bytes, read as they are asked for.

        Raises WeightsError where the file is too large for Caffe or a source has changed.
        """
        self.require_readable()
        stop = self.size if stop is None else min(stop, self.size)
        position = bisect_right(self._ends, start)
        while start < stop:
            part = self.parts[position]
            begin = self._ends[position] - part_length(part)
            until = min(stop, self._ends[position])
            yield from part_bytes(part, start - begin, until - begin, size)
            start = until
            position += 1


def plan(
    targets: Sequence[Target],
    sources: Index | Mapping[str, Index],
    origins: Mapping[str, Origin | None] | None = None,
    *,
    name: str | None = None,
    skip_sharers: bool = False,
    strip_diff: bool = True,
    keep_unused: bool = False,
    refuse_clashes: bool = True,
) -> Plan:
    """Plans the caffemodel of a net, in the current format, whatever the formats of the sources.

    `targets` come from `targets(*nets)`. `origins`: layer name -> where its blobs come from; None leaves it
    to its filler, and a layer that is absent takes the stored layer of its own name. Sharers get their
    owner's blobs; with `skip_sharers` layers that only share are left out. `name` is the net's name (default:
    that of the main source). `keep_unused` also copies stored layers that the net does not have.

    Raises WeightsError: kind `clash` with Caffe's words where a stored layer does not fit its target (unless
    not `refuse_clashes`: then such layers are left to their fillers), kind `origin` for an unknown source.
    """
    indexes = {"": sources} if isinstance(sources, Index) else dict(sources)
    layers = resolve(targets, indexes, origins or {}, skip_sharers=skip_sharers)
    clashes = [layer for layer in layers if layer.action == "clash"]
    if clashes and refuse_clashes:
        more = f" (and {len(clashes) - 1} more layers)" if len(clashes) > 1 else ""
        kind: Kind = "clash" if clashes[0].stored is not None else "origin"
        raise WeightsError(clashes[0].message.strip() + more, kind=kind)
    report = make_report(layers, indexes, strip_diff=strip_diff, kept=keep_unused)
    main = indexes.get("")
    whole = Parts()
    title = name if name is not None else main.name if main else ""
    if title:
        whole.add(string_field(1, title))
    if main is not None and main.format != "hdf5":
        whole.extend(Piece(main.source, *span) for span in main.unknown)
    blobs = _BlobCache(strip_diff)
    for layer in layers:
        if layer.action in ("copied", "shared", "no blobs"):
            parts = [blobs.parts(blob.stored, blob.shape) for blob in layer.blobs]
            whole.extend(layer_parts(_head(layer), parts).items)
    if keep_unused and main is not None:
        unused = set(report.unused)
        for stored in main.layers:
            if stored.name in unused:
                parts = [blobs.parts(blob, None) for blob in stored.blobs]
                whole.extend(layer_parts(layer_head(stored), parts).items)
    return Plan(title, tuple(layers), tuple(whole.items), report)


@dataclass(slots=True)
class _BlobCache:
    """The parts of a blob, made once for all the copies of a layer."""

    strip_diff: bool
    known: dict[tuple[int, Shape | None], Parts] = field(default_factory=dict)

    def parts(self, blob: StoredBlob, shape: Shape | None) -> Parts:
        key = id(blob), shape
        if key not in self.known:
            self.known[key] = blob_parts(blob, shape, strip_diff=self.strip_diff)
        return self.known[key]


def _head(layer: PlannedLayer) -> Parts:
    """The net's own LayerParameter without blobs, as Caffe saves it, and a fork's fields of the source."""
    parts = Parts()
    target = layer.target
    parts.add(target.head())
    if layer.stored is not None:
        parts.extend(Piece(layer.stored.source, *span) for span in layer.stored.unknown)
    return parts
