"""The protobuf wire format, walked without decoding: where each field of a message stands.

`walk` yields a message's own fields, one step a field, whatever their length: a blob of a hundred
megabytes is one step. A run of equal unpacked fixed-width fields (floats written one by one, as
old writers did) is one step too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from netgraft.weights.errors import WeightsError
from netgraft.weights.source import Source

VARINT, FIXED64, BYTES, GROUP, END_GROUP, FIXED32 = range(6)

WINDOW = 1 << 12
MAX_DEPTH = 100
"""How deep groups may nest: protobuf's own limit of recursion."""
MAX_FIELDS = 1_000_000
"""Fields walked in one file. The largest nets have a tenth; beyond it a file is made to keep readers busy."""


class Field(NamedTuple):
    """One field, or a run of `repeats` equal unpacked fixed-width ones.

    `start` is its tag's first byte, `value` where its value begins (after the length, if any) and `end`
    one past it, as offsets in the file. `number` is the field's number, `wire` its wire type, `varint`
    its value where it is a varint.
    """

    number: int
    wire: int
    start: int
    value: int
    end: int
    varint: int = 0
    repeats: int = 1


class Scanner:
    """Reads a source through a small moving window, and counts the fields that it is made to look at."""

    __slots__ = ("base", "fields", "made", "most", "source", "window")

    def __init__(self, source: Source, most: int = MAX_FIELDS) -> None:
        self.source = source
        self.most = most
        self.window: bytes | memoryview = b""
        self.base = 0
        self.fields = 0
        self.made = 0

    def at(self, offset: int) -> None:
        """Moves the window to begin at `offset`."""
        self.base = offset
        self.window = self.source.read(offset, min(WINDOW, self.source.size - offset))

    def varint(self, offset: int, end: int) -> tuple[int, int]:
        """(value, offset after it) of the varint at `offset`, which must end before `end`."""
        if offset - self.base + 10 > len(self.window) or offset < self.base:
            self.at(offset)
        window, index = self.window, offset - self.base
        value = shift = 0
        for byte in window[index : index + min(10, end - offset)]:
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value & 0xFFFF_FFFF_FFFF_FFFF, offset + shift // 7
        if end - offset < 10:
            raise WeightsError("The file ends, or a message does, in the middle of a number", end)
        raise WeightsError("A number of more than ten bytes: this is not protobuf", offset)


def walk(scanner: Scanner, start: int, end: int) -> Iterator[Field]:
    """The fields of the message in [start, end), in order.

    Raises WeightsError with the byte's offset where a tag, a length or a wire type cannot be right.
    A known field with another wire type than the schema's is the caller's to judge: protobuf keeps
    it as an unknown field.
    """
    offset = start
    while offset < end:
        index = offset - scanner.base
        window = scanner.window
        if index < 0 or index + 20 > len(window):
            scanner.at(offset)
            window, index = scanner.window, 0
        scanner.fields += 1
        if scanner.fields > scanner.most:
            raise WeightsError(f"More than {scanner.most:,} fields: no caffemodel looks like this", offset)
        tag = window[index]
        after = offset + 1
        # Most tags, lengths and numbers are one byte, so that byte is taken here; 0x80 asks for the long way.
        byte = window[index + 1] if after < end and index + 2 < len(window) else 0x80
        if tag >= 0x80 and byte < 0x80:
            tag, after = tag & 0x7F | byte << 7, offset + 2
            byte = window[index + 2] if after < end else 0x80
        elif tag >= 0x80:
            tag, after = scanner.varint(offset, end)
            if after - offset > 5 or tag >> 32:
                raise WeightsError("A field number out of range: this is not protobuf", offset)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            raise WeightsError("A field with number 0: this is not protobuf", offset)
        if wire == BYTES:
            length, value = (byte, after + 1) if byte < 0x80 else scanner.varint(after, end)
            stop = value + length
            if stop > end:
                raise WeightsError(
                    f"Field {number} claims {length:,} bytes, but only {end - value:,} are left", after
                )
            yield Field(number, wire, offset, value, stop)
        elif wire == VARINT:
            varint, stop = (byte, after + 1) if byte < 0x80 else scanner.varint(after, end)
            yield Field(number, wire, offset, after, stop, varint)
        elif wire in (FIXED32, FIXED64):
            width = 4 if wire == FIXED32 else 8
            stop = after + width
            if stop > end:
                raise WeightsError(f"Field {number} needs {width} bytes, but the message ends", after)
            count = _run(scanner.source, stop, end, tag, width) if after == offset + 1 else 0
            stop += count * (width + 1)
            yield Field(number, wire, offset, after, stop, 0, 1 + count)
        elif wire == GROUP:
            stop = _skip_group(scanner, number, offset, after, end)
            yield Field(number, wire, offset, after, stop)
        elif wire == END_GROUP:
            raise WeightsError(f"Group {number} ends, but never began", offset)
        else:
            raise WeightsError(f"Wire type {wire} does not exist: this is not protobuf", offset)
        offset = stop


def _run(source: Source, offset: int, end: int, tag: int, width: int) -> int:
    """How many more fields with this one-byte tag and width follow one another from `offset`."""
    stride, count, step = width + 1, 0, 16
    while (fit := (end - offset) // stride) > 0:
        fit = min(fit, step)
        tags = np.frombuffer(source.read(offset, fit * stride), np.uint8)[::stride]
        equal = int((tags != tag).argmax()) if (tags != tag).any() else fit
        count += equal
        offset += equal * stride
        if equal < fit:
            break
        step = min(step * 16, 1 << 18)
    return count


def _skip_group(scanner: Scanner, number: int, start: int, offset: int, end: int) -> int:
    """The offset after the end of the group that began at `start`; iterative, so no depth can break it."""
    open_groups = [number]
    while open_groups:
        if offset >= end:
            raise WeightsError(f"Group {open_groups[-1]} never ends", start)
        scanner.fields += 1
        if scanner.fields > scanner.most:
            raise WeightsError(f"More than {scanner.most:,} fields: no caffemodel looks like this", offset)
        tag, after = scanner.varint(offset, end)
        number, wire = tag >> 3, tag & 7
        if number == 0 or tag >> 32:
            raise WeightsError("A field number out of range: this is not protobuf", offset)
        if wire == GROUP:
            open_groups.append(number)
            if len(open_groups) > MAX_DEPTH:
                raise WeightsError(f"Groups nest deeper than {MAX_DEPTH}", offset)
            offset = after
        elif wire == END_GROUP:
            if open_groups.pop() != number:
                raise WeightsError(f"Group {number} ends, but another one is open", offset)
            offset = after
        elif wire == BYTES:
            length, value = scanner.varint(after, end)
            offset = value + length
        elif wire == VARINT:
            offset = scanner.varint(after, end)[1]
        elif wire in (FIXED32, FIXED64):
            offset = after + (4 if wire == FIXED32 else 8)
        else:
            raise WeightsError(f"Wire type {wire} does not exist: this is not protobuf", offset)
        if offset > end:
            raise WeightsError(f"A field in group {open_groups[-1]} is longer than the message", after)
    return offset


def signed(value: int, bits: int) -> int:
    """A varint's value as a two's complement integer of so many bits, as int32 and int64 fields hold it."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def varint(value: int) -> bytes:
    """A number of at least zero (or a negative one, as 64 bits) as a varint."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def length_prefix(number: int, length: int) -> bytes:
    """What stands before the `length` bytes of a length-delimited field."""
    return varint(number << 3 | BYTES) + varint(length)


def string_field(number: int, text: str) -> bytes:
    """A string field in wire format."""
    raw = text.encode("utf-8", "surrogateescape")
    return length_prefix(number, len(raw)) + raw
