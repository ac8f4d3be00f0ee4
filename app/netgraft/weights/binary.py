"""The index of a .caffemodel: NetParameter walked down to its blobs, in any of its three formats.

Repeated occurrences of a singular field are handled as protobuf does: the last scalar wins, messages
merge. A known field with another wire type than the schema's is an unknown field.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from netgraft.caffe.upgrade import v0, v1
from netgraft.proto import caffe_pb2
from netgraft.weights.errors import WeightsError
from netgraft.weights.source import Source
from netgraft.weights.stored import Dtype, Format, Index, Segment, Span, StoredBlob, StoredLayer, add_span
from netgraft.weights.wire import BYTES, FIXED32, FIXED64, VARINT, Field, Scanner, signed, walk

NET, LAYER, V1, V0, BLOB = (
    caffe_pb2.NetParameter.DESCRIPTOR.fields_by_number,
    caffe_pb2.LayerParameter.DESCRIPTOR.fields_by_number,
    caffe_pb2.V1LayerParameter.DESCRIPTOR.fields_by_number,
    caffe_pb2.V0LayerParameter.DESCRIPTOR.fields_by_number,
    caffe_pb2.BlobProto.DESCRIPTOR.fields_by_number,
)
MAX_PARTS = 100_000
"""Layers and blobs of one file; a net of 10,000 layers has 30,000."""
MAX_NAME = 1 << 16
"""Bytes of a layer's, a type's or the net's name."""
MAX_AXES = 32
"""kMaxBlobAxes."""
RAW_TYPES: dict[int, tuple[Dtype, int]] = {
    0: ("double", 8),
    1: ("float", 4),
    2: ("half", 2),
    3: ("int", 4),
    4: ("uint", 4),
}
"""NVIDIA's BlobProto.raw_data_type: the value's type and width in bytes."""


class _Numbers(NamedTuple):
    """The numbers that the fields of a layer have in one format."""

    blobs: int
    name: int
    type: int | None = None


_TODAY, _OF_V1, _OF_V0 = _Numbers(7, 1, 2), _Numbers(6, 4), _Numbers(50, 1, 2)


@dataclass(slots=True)
class _Draft:
    """A layer while it is being read: V1 fills in both its own fields and those of a V0 layer inside."""

    format: Format
    span: Span
    name: Span | None = None
    type: str = ""
    blobs: list[StoredBlob] = field(default_factory=list)
    rest: list[Span] = field(default_factory=list)
    unknown: list[Span] = field(default_factory=list)
    v0: _Draft | None = None


def index_binary(source: Source) -> Index:
    """Walks a NetParameter. Time grows with its layers, not with its bytes. Raises WeightsError."""
    scanner = Scanner(source)
    name: Span = (0, 0)
    drafts: list[_Draft] = []
    unknown: list[Span] = []
    seen: set[int] = set()
    for item in walk(scanner, 0, source.size):
        seen.add(item.number)
        if item.number == 100 and item.wire == BYTES:
            drafts.append(_layer(scanner, item))
        elif item.number == 2 and item.wire == BYTES:
            drafts.append(_v1_layer(scanner, item))
        elif item.number == 1 and item.wire == BYTES:
            name = _name(item)
        elif item.number not in NET:
            add_span(unknown, item.start, item.end)
    # UpgradeV0Net takes every layer for a V0 one as soon as one is, and folds padding layers away.
    if any(draft.v0 for draft in drafts):
        drafts = [draft.v0 or _Draft("v0", draft.span) for draft in drafts]
        drafts = [draft for draft in drafts if draft.type != "padding"]
    layers = tuple(_finished(source, draft) for draft in drafts)
    formats = {draft.format for draft in drafts}
    return Index(
        source=source,
        name=_text(source, name),
        layers=layers,
        format=layers[0].format if layers else "layer",
        unknown=tuple(unknown),
        input_layer=3 in seen and (4 in seen or 8 in seen),
        mixed="layer" in formats and len(formats) > 1,
    )


def _finished(source: Source, draft: _Draft) -> StoredLayer:
    kind = v0.NAMES.get(draft.type, draft.type) if draft.format == "v0" else draft.type
    return StoredLayer(
        name=_text(source, draft.name) if draft.name else "",
        type=kind,
        format=draft.format,
        blobs=tuple(draft.blobs),
        source=source,
        span=draft.span,
        name_span=draft.name,
        rest=tuple(draft.rest),
        unknown=tuple(draft.unknown),
    )


def _layer(scanner: Scanner, message: Field) -> _Draft:
    _count(scanner, message.start)
    draft = _Draft("layer", _span(message))
    for item in walk(scanner, message.value, message.end):
        if not _take(scanner, item, draft, _TODAY):
            add_span(draft.rest, item.start, item.end)
            if item.number not in LAYER:
                add_span(draft.unknown, item.start, item.end)
    return draft


def _v1_layer(scanner: Scanner, message: Field) -> _Draft:
    _count(scanner, message.start)
    draft = _Draft("layers", _span(message))
    for item in walk(scanner, message.value, message.end):
        if _take(scanner, item, draft, _OF_V1):
            continue
        if item.wire == VARINT and item.number == 5:
            # A number that the enum lacks is an unknown field to protobuf: the type stays as it was.
            draft.type = v1.TYPES.get(signed(item.varint, 32), draft.type)
        elif item.wire == BYTES and item.number == 1:
            draft.v0 = draft.v0 or _Draft("v0", draft.span)
            _v0_layer(scanner, item, draft.v0)
    return draft


def _v0_layer(scanner: Scanner, message: Field, draft: _Draft) -> None:
    for item in walk(scanner, message.value, message.end):
        _take(scanner, item, draft, _OF_V0)


def _take(scanner: Scanner, item: Field, draft: _Draft, numbers: _Numbers) -> bool:
    """Reads a blob, the name, or a type that is a word; says whether it was one of them."""
    if item.wire != BYTES:
        return False
    if item.number == numbers.blobs:
        draft.blobs.append(_blob(scanner, item))
    elif item.number == numbers.name:
        draft.name = _name(item)
    elif item.number == numbers.type:
        draft.type = _text(scanner.source, _name(item))
    else:
        return False
    return True


def _blob(scanner: Scanner, message: Field) -> StoredBlob:
    _count(scanner, message.start)
    legacy: list[int] | None = None
    dims: list[int] = []
    floats: list[Segment] = []
    doubles: list[Segment] = []
    raw: Span | None = None
    raw_type = 0
    shape_spans: list[Span] = []
    diff_spans: list[Span] = []
    for item in walk(scanner, message.value, message.end):
        number = item.number
        if number in (5, 8):
            _segment(item, 4 if number == 5 else 8, floats if number == 5 else doubles)
        elif number in (6, 9, 11, 13):
            add_span(diff_spans, item.start, item.end)
        elif number <= 4 and item.wire == VARINT:
            legacy = legacy or [0, 0, 0, 0]
            legacy[number - 1] = signed(item.varint, 32)
            add_span(shape_spans, item.start, item.end)
        elif number == 7 and item.wire == BYTES:
            _dims(scanner, item, dims)
            add_span(shape_spans, item.start, item.end)
        elif number == 10 and item.wire == VARINT:
            raw_type = item.varint
        elif number == 12 and item.wire == BYTES:
            raw = _span(item)
    # Blob::FromProto takes double_data where there is any; only a fork reads raw_data.
    segments, width = (doubles, 8) if doubles else (floats, 4)
    dtype: Dtype = "double" if doubles else "float"
    is_raw = raw is not None and not segments
    if raw is not None and is_raw:
        if raw_type not in RAW_TYPES:
            raise WeightsError(f"raw_data of an unknown type {raw_type}", raw[0])
        dtype, width = RAW_TYPES[raw_type]
        if raw[1] % width:
            raise WeightsError(f"raw_data of {raw[1]:,} bytes holds no whole number of values", raw[0])
        segments = [Segment(raw[0], raw[1] // width, width)] if raw[1] else []
    return StoredBlob(
        source=scanner.source,
        shape=tuple(legacy if legacy is not None else dims),
        legacy=legacy is not None,
        dtype=dtype,
        count=sum(segment.values for segment in segments),
        segments=tuple(segments),
        span=_span(message),
        shape_spans=tuple(shape_spans),
        diff_spans=tuple(diff_spans),
        raw=is_raw,
    )


def _segment(item: Field, width: int, segments: list[Segment]) -> None:
    length = item.end - item.value
    if item.wire == BYTES:
        if length % width:
            raise WeightsError(f"{length:,} bytes of values of {width} bytes each", item.value)
        if length:
            segments.append(Segment(item.value, length // width, width))
    elif item.wire == (FIXED32 if width == 4 else FIXED64):
        segments.append(Segment(item.value, item.repeats, width + 1))


def _dims(scanner: Scanner, message: Field, dims: list[int]) -> None:
    for item in walk(scanner, message.value, message.end):
        if item.number != 1:
            continue
        if item.wire == VARINT:
            dims.append(signed(item.varint, 64))
        elif item.wire == BYTES:
            offset = item.value
            while offset < item.end and len(dims) <= MAX_AXES:
                value, offset = scanner.varint(offset, item.end)
                dims.append(signed(value, 64) if value >> 63 else value)
        if len(dims) > MAX_AXES:
            raise WeightsError(f"A blob of more than {MAX_AXES} axes: Caffe has no such blobs", item.start)


def _count(scanner: Scanner, offset: int) -> None:
    """Counts a layer or blob, so that a small file cannot fill the memory with empty ones."""
    scanner.made += 1
    if scanner.made > MAX_PARTS:
        raise WeightsError(f"More than {MAX_PARTS:,} layers and blobs: no caffemodel looks like this", offset)


def _span(item: Field) -> Span:
    return item.value, item.end - item.value


def _name(item: Field) -> Span:
    require_name(item.value, item.end)
    return _span(item)


def require_name(start: int, end: int) -> None:
    """Raises WeightsError for a name that is too long to be one: the bytes of most other files claim such."""
    if end - start > MAX_NAME:
        raise WeightsError(f"A name of {end - start:,} bytes: no caffemodel looks like this", start)


def _text(source: Source, span: Span) -> str:
    return bytes(source.read(*span)).decode("utf-8", "surrogateescape")
