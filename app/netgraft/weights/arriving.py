"""A weights file checked while it arrives: refused at its first impossible byte, not after its last.

`Arriving` is fed the file in pieces of any size and walks the wire format of NetParameter as
`weights.binary` does, holding nothing but the place where it is. It refuses only what `weights.index`
refuses, whatever the pieces are (a property test compares the two), and it knows less: what takes the whole
file to say, and what is inside HDF5, is left to the index.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netgraft.weights.binary import MAX_AXES, MAX_PARTS, require_name
from netgraft.weights.errors import WeightsError
from netgraft.weights.sniff import (
    HDF5_MAGIC,
    HEAD,
    LEARNED_NET,
    LEARNED_NET_SHOWN,
    SUPERBLOCK_OFFSETS,
    TEXT_HEAD,
    Seen,
    is_text,
    note_field,
    refuse_head,
    refuse_solver_files,
    text_error,
)
from netgraft.weights.wire import (
    BYTES,
    END_GROUP,
    FIXED32,
    FIXED64,
    GROUP,
    MAX_DEPTH,
    MAX_FIELDS,
    VARINT,
    Field,
)

_FAR = 1 << 62  # no file is that long: the end of a message whose end is not known yet
_LOOKED_AT = SUPERBLOCK_OFFSETS[-1] + len(HDF5_MAGIC)
NET, LAYER, V1, V0, BLOB, SHAPE, DIMS, IN_GROUP = range(8)
_INSIDE: dict[tuple[int, int], int] = {
    (NET, 100): LAYER,
    (NET, 2): V1,
    (V1, 1): V0,
    (LAYER, 7): BLOB,
    (V1, 6): BLOB,
    (V0, 50): BLOB,
    (BLOB, 7): SHAPE,
    (SHAPE, 1): DIMS,
}
"""The messages that are walked, by the message and the field that they stand in. All else is passed over."""
_NAMES = frozenset({(NET, 1), (LAYER, 1), (LAYER, 2), (V1, 4), (V0, 1), (V0, 2)})
_VALUES = {(BLOB, 5): 4, (BLOB, 8): 8}


class _Message(NamedTuple):
    """A message, or a group, that is being walked."""

    kind: int
    end: int
    number: int = 0
    start: int = 0


class _Wait(Exception):
    """The next field's header has not wholly arrived."""


class Arriving:
    """The walker. `size`: how many bytes the file will have, if that is known; `position`: how many came."""

    def __init__(self, size: int | None = None) -> None:
        self.position = 0
        self._size = size
        self._head = bytearray()
        self._hdf5 = False
        self._refusal: WeightsError | None = None
        self._data = memoryview(b"")
        self._base = 0  # the offset of _data's first byte
        self._next = 0  # the offset of the next field
        self._open = [_Message(NET, _FAR if size is None else size)]
        self._run = -1  # the one-byte tag of the fixed-width field before, in the same message
        self._fields = self._made = self._axes = 0
        self._seen: Seen = {}

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        """Takes the next bytes. Raises WeightsError, with the byte's offset, once no caffemodel has them."""
        before = self.position
        self.position += len(data)
        if self._hdf5:
            return
        if len(self._head) < _LOOKED_AT:
            self._head += data[: _LOOKED_AT - len(self._head)]
            self._hdf5 = any(self._head[at : at + 8] == HDF5_MAGIC for at in SUPERBLOCK_OFFSETS)
            if len(self._head) < HEAD:
                return
            refuse_head(bytes(self._head[:HEAD]))
            if self._hdf5:
                return
            if before < HEAD:  # nothing was walked yet
                data, before = bytes(self._head[:before]) + bytes(data), 0
        if self._refusal is None:
            self._walk(memoryview(data), before)
        # Behind a user block it may still be HDF5.
        if self._refusal is not None and len(self._head) == _LOOKED_AT:
            raise text_error() if is_text(bytes(self._head[:TEXT_HEAD])) else self._refusal

    @property
    def idle(self) -> int:
        """How many of the next bytes need not be looked at."""
        if self._hdf5:
            return _FAR
        looking = len(self._head) < _LOOKED_AT or self._refusal is not None
        return 0 if looking else max(0, self._next - self.position)

    def skip(self, count: int) -> None:
        """Passes over at most `idle` bytes, as `feed` would."""
        self.position += count

    def _walk(self, data: memoryview, before: int) -> None:
        """Walks what can be walked of `data`, which begins at the offset `before`."""
        if len(self._data):
            data, before = memoryview(bytes(self._data) + bytes(data)), self._base
        self._data, self._base = data, before
        arrived = before + len(data)
        try:
            while self._next < arrived:
                while len(self._open) > 1 and self._next == self._open[-1].end and not self._in_group:
                    self._open.pop()
                    self._run = -1
                self._field()
        except _Wait:
            pass
        except WeightsError as refusal:
            if refusal.kind != "damaged":
                raise
            self._refusal = refusal
        left = max(0, arrived - self._next)
        self._data, self._base = memoryview(bytes(data[len(data) - left :])), arrived - left

    @property
    def _in_group(self) -> bool:
        return self._open[-1].kind == IN_GROUP

    def _field(self) -> None:
        """Walks one field of the innermost message: nothing changes where it has not wholly arrived."""
        message = self._open[-1]
        offset, end = self._next, message.end
        if message.kind == DIMS:
            self._next = self._varint(offset, end)[1]
            self._axis(message.start)
            return
        if message.kind == IN_GROUP and offset >= end:
            raise WeightsError(f"Group {message.number} never ends", message.start)
        tag, after = self._varint(offset, end)
        number, wire = tag >> 3, tag & 7
        if tag >> 32 or (message.kind != IN_GROUP and after - offset > 5):
            raise WeightsError("A field number out of range: this is not protobuf", offset)
        if number == 0:
            raise WeightsError("A field with number 0: this is not protobuf", offset)
        value, varint, inside = after, 0, _INSIDE.get((message.kind, number))
        if wire == BYTES:
            length, value = self._varint(after, end)
            stop = value + length
            if stop > end:
                raise WeightsError(
                    f"Field {number} claims {length:,} bytes, but only {end - value:,} are left", after
                )
        elif wire == VARINT:
            varint, stop = self._varint(after, end)
        elif wire in (FIXED32, FIXED64):
            stop = after + (4 if wire == FIXED32 else 8)
            if stop > end:
                raise WeightsError(f"Field {number} needs {stop - after} bytes, but the message ends", after)
        elif wire == GROUP:
            stop = after
            if sum(each.kind == IN_GROUP for each in self._open) >= MAX_DEPTH:
                raise WeightsError(f"Groups nest deeper than {MAX_DEPTH}", offset)
        elif wire == END_GROUP and message.kind == IN_GROUP:
            stop = after
            if number != message.number:
                raise WeightsError(f"Group {number} ends, but another one is open", offset)
        elif wire == END_GROUP:
            raise WeightsError(f"Group {number} ends, but never began", offset)
        else:
            raise WeightsError(f"Wire type {wire} does not exist: this is not protobuf", offset)
        field = Field(number, wire, offset, value, stop, varint)
        if message.kind == NET and self._head[0] == 0x08:
            self._solver(field)
        fixed = wire in (FIXED32, FIXED64) and after == offset + 1 and message.kind != IN_GROUP
        if not (fixed and tag == self._run):
            self._count(offset)
        self._run = tag if fixed else -1
        self._next = self._after_run(stop, end, tag, stop - offset) if fixed else stop
        if wire == GROUP:
            self._open.append(_Message(IN_GROUP, end, number, offset))
        elif wire == END_GROUP:
            self._open.pop()
        elif wire == VARINT and inside == DIMS:
            self._axis(offset)
        elif wire == BYTES and message.kind != IN_GROUP:
            self._enter(message.kind, inside, field)

    def _enter(self, kind: int, inside: int | None, field: Field) -> None:
        """Looks at a field of bytes: into it, or at its length, or not at all."""
        if (kind, field.number) in _NAMES:
            require_name(field.value, field.end)
        width = _VALUES.get((kind, field.number), 1)
        if (field.end - field.value) % width:
            length = field.end - field.value
            raise WeightsError(f"{length:,} bytes of values of {width} bytes each", field.value)
        if inside is None:
            return
        if inside in (LAYER, V1, BLOB):
            self._made += 1
            if self._made > MAX_PARTS:
                raise WeightsError(
                    f"More than {MAX_PARTS:,} layers and blobs: no caffemodel looks like this", field.start
                )
        if inside == BLOB:
            self._axes = 0
        self._open.append(_Message(inside, field.end, start=field.start))
        self._next = field.value

    def _axis(self, start: int) -> None:
        self._axes += 1
        if self._axes > MAX_AXES:
            raise WeightsError(f"A blob of more than {MAX_AXES} axes: Caffe has no such blobs", start)

    def _count(self, offset: int) -> None:
        self._fields += 1
        if self._fields > MAX_FIELDS:
            raise WeightsError(f"More than {MAX_FIELDS:,} fields: no caffemodel looks like this", offset)

    def _after_run(self, offset: int, end: int, tag: int, stride: int) -> int:
        """The offset after all the equal fixed-width fields that follow from `offset` on and have arrived."""
        first = offset - self._base
        fit = (min(end - self._base, len(self._data)) - first) // stride
        if fit <= 0:
            return offset
        others = np.frombuffer(self._data, np.uint8, fit * stride, first)[::stride] != tag
        return offset + stride * (int(others.argmax()) if others.any() else fit)

    def _varint(self, offset: int, end: int) -> tuple[int, int]:
        """(value, offset after it) of a varint that must end before `end`; see `wire.Scanner.varint`."""
        first = offset - self._base
        most = min(10, end - offset)
        value = shift = 0
        for byte in self._data[first : first + most] if most > 0 else b"":
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value & 0xFFFF_FFFF_FFFF_FFFF, offset + shift // 7
        if most <= 0 or first + most <= len(self._data):
            if most < 10:
                raise WeightsError("The file ends, or a message does, in the middle of a number", end)
            raise WeightsError("A number of more than ten bytes: this is not protobuf", offset)
        raise _Wait

    def _solver(self, field: Field) -> None:
        """Tells a solver's file from its first fields; waits for the name in it that the message tells."""
        if (field.number, field.wire) == LEARNED_NET:
            wanted = min(field.end, field.value + LEARNED_NET_SHOWN)
            if wanted > self._base + len(self._data):
                raise _Wait
        note_field(self._seen, field, self._read)
        refuse_solver_files(self._seen)

    def _read(self, offset: int, length: int) -> memoryview:
        return self._data[offset - self._base :][:length]
