"""From the tree to protobuf messages, with protobuf's own words for what its parser refuses.

The parts that are sound are written straight in wire format from tables made once from the
schema's descriptors, and handed to protobuf in one piece. Real nets say the same thing many times
over (`param { lr_mult: 1 decay_mult: 1 }`), so values and short messages are remembered by their text.

Mirrors google::protobuf::TextFormat::Parser (ConsumeField and below), which stops at the first
problem; this goes on, leaves out what it cannot read, and reports every problem in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from google.protobuf.descriptor import FieldDescriptor

from netgraft import prototxt
from netgraft.caffe import scalars
from netgraft.caffe.scalars import BadValue, Encoder, varint
from netgraft.proto import caffe_pb2
from netgraft.prototxt import Field, Kind

_REMEMBERED: Final = 20_000  # values per field
_LONGEST: Final = 600  # characters of a message worth remembering
NEEDS_SPACE: Final = "Need space between number and identifier."
LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_COMMENT: Final = re.compile(r"\#[^\n]*")


class Problem(NamedTuple):
    """What protobuf's parser refuses. Offsets count in the chunk's text; the parser stands at the
    first token at or after `after` when it says so, or `exact`ly there. `unknown`: the name (of a field or of
    an enum value) is not Caffe's, but may be a fork's."""

    code: str
    message: str
    start: int
    end: int
    after: int
    unknown: bool = False
    exact: bool = False


class ForkField(NamedTuple):
    """A field that the schema lacks, kept out of the message: its path from the layer (or the net),
    such as `pooling_param.norm_region`, and where it stands."""

    path: str
    field: Field


class Spec:
    """What the encoder knows of one field of one message type."""

    __slots__ = ("encode", "expects", "known", "repeated", "table", "tag")

    def __init__(self, field: FieldDescriptor) -> None:
        self.repeated = field.is_repeated
        self.table = message_table(field.message_type.name) if field.message_type is not None else None
        self.tag = varint(field.number << 3 | _WIRE_TYPES[field.type])
        self.encode = _encoder(field)
        self.expects = _EXPECTS.get(field.type, "integer")
        self.known: dict[str, bytes] = {}


class Table:
    """The fields of one message type by name."""

    __slots__ = ("fields", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: dict[str, Spec] = {}


_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_WIRE_TYPES: Final = {
    FieldDescriptor.TYPE_DOUBLE: _FIXED64,
    FieldDescriptor.TYPE_FLOAT: _FIXED32,
    FieldDescriptor.TYPE_INT64: _VARINT,
    FieldDescriptor.TYPE_UINT64: _VARINT,
    FieldDescriptor.TYPE_INT32: _VARINT,
    FieldDescriptor.TYPE_UINT32: _VARINT,
    FieldDescriptor.TYPE_BOOL: _VARINT,
    FieldDescriptor.TYPE_ENUM: _VARINT,
    FieldDescriptor.TYPE_STRING: _BYTES,
    FieldDescriptor.TYPE_BYTES: _BYTES,
    FieldDescriptor.TYPE_MESSAGE: _BYTES,
}
_ENCODERS: Final[dict[int, Encoder]] = {
    FieldDescriptor.TYPE_DOUBLE: scalars.encode_double,
    FieldDescriptor.TYPE_FLOAT: scalars.encode_float,
    FieldDescriptor.TYPE_INT64: scalars.integer(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: scalars.integer(0, 2**64 - 1),
    FieldDescriptor.TYPE_INT32: scalars.integer(-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_UINT32: scalars.integer(0, 2**32 - 1),
    FieldDescriptor.TYPE_STRING: scalars.encode_string,
    FieldDescriptor.TYPE_BYTES: scalars.encode_bytes,
}
_EXPECTS: Final = {
    FieldDescriptor.TYPE_DOUBLE: "double",
    FieldDescriptor.TYPE_FLOAT: "double",
    FieldDescriptor.TYPE_BOOL: "identifier",
    FieldDescriptor.TYPE_ENUM: "integer or identifier",
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_BYTES: "string",
    FieldDescriptor.TYPE_MESSAGE: "{",
}
_tables: dict[str, Table] = {}


def message_table(name: str) -> Table:
    """The table of one of Caffe's message types, made at its first use."""
    table = _tables.get(name)
    if table is None:
        descriptor = caffe_pb2.DESCRIPTOR.message_types_by_name[name]
        table = _tables[name] = Table(descriptor.full_name)
        for field in descriptor.fields:
            table.fields[field.name] = Spec(field)
    return table


def _no_scalar(kind: Kind, text: str) -> bytes:
    raise BadValue(f'Expected "{{", found "{scalars.first_token(text)}".')


def _encoder(field: FieldDescriptor) -> Encoder:
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return _no_scalar
    if field.type == FieldDescriptor.TYPE_BOOL:
        return scalars.boolean(field.name)
    if field.type == FieldDescriptor.TYPE_ENUM:
        enum = field.enum_type
        assert enum is not None
        return scalars.enumeration(field.name, {value.name: value.number for value in enum.values})
    return _ENCODERS[field.type]


def forget_values() -> None:
    """Drops all remembered values (for benchmarks)."""
    for table in _tables.values():
        for spec in table.fields.values():
            spec.known.clear()


NET_TABLE: Final = message_table("NetParameter")
SOLVER_TABLE: Final = message_table("SolverParameter")


class Reader:
    """Reads fields of one chunk into wire bytes; `problems` and `forks` gather what was left out, and
    `expected` what kind of value should have stood where the tree has none, by offset, and `lists` what the
    elements of each list should be, by span."""

    __slots__ = ("expected", "forks", "lists", "problems", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.forks: list[ForkField] = []
        self.expected: dict[int, str] = {}
        self.lists: list[tuple[int, int, str]] = []

    def encode(self, table: Table, fields: Iterable[Field], path: str = "") -> bytes:
        """The wire form of a message made of these fields."""
        text = self.text
        out: list[bytes] = []
        specs = table.fields
        seen: set[str] = set()
        for field in fields:
            name, kind, start, value_start, end, children = field
            spec = specs.get(name)
            if spec is None:
                if name:  # a message without a name is a syntax problem already
                    self._unknown(table, field, path)
                continue
            if not spec.repeated:
                if name in seen:
                    message = f'Non-repeated field "{name}" is specified multiple times.'
                    after = start + len(name)
                    self.problems.append(Problem("field-given-twice", message, start, end, after))
                    continue
                seen.add(name)
            if kind is Kind.NUMBER and text[end : end + 1] in LETTERS and end < len(text):
                self.problems.append(Problem("bad-value", NEEDS_SPACE, end, end + 1, end, exact=True))
            if kind is Kind.LIST and spec.repeated:
                self.lists.append((value_start, end, spec.expects))
                if spec.table is None and not self._has_colon(field):
                    message = 'Expected ":", found "[".'
                    self.problems.append(
                        Problem("syntax", message, value_start, value_start + 1, value_start)
                    )
                out += [self._value(spec, child, path) for child in children]
                continue
            if kind is Kind.MISSING:
                self.expected[value_start] = spec.expects  # the syntax problem says the rest
                continue
            known = spec.known.get(text[value_start:end])
            out.append(self._value(spec, field, path) if known is None else known)
        return b"".join(out)

    def _value(self, spec: Spec, field: Field, path: str) -> bytes:
        """One value with its tag; empty where protobuf would refuse it."""
        name, kind, _, value_start, end, children = field
        text = self.text[value_start:end]
        table = spec.table
        try:
            if table is not None and kind is Kind.MESSAGE:
                found = len(self.problems)
                data = self.encode(table, children, f"{path}.{name}" if path else name)
                data = spec.tag + varint(len(data)) + data
                if len(text) > _LONGEST or len(self.problems) > found:
                    return data
            else:
                data = spec.tag + spec.encode(kind, text)
        except BadValue as bad:
            self._refuse(bad, field, path)
            return b""
        if len(spec.known) >= _REMEMBERED:
            spec.known.clear()
        spec.known[text] = data
        return data

    def _refuse(self, bad: BadValue, field: Field, path: str) -> None:
        name, kind, start, value_start, end, _ = field
        after = end if bad.skip is None else value_start + bad.skip
        message = bad.message
        if not bad.message.startswith('Expected "{"') and start != value_start and not self._has_colon(field):
            if kind is not Kind.MESSAGE:
                return  # the syntax problem says it
            message = f'Expected ":", found "{self.text[value_start]}".'
        unknown = bad.code == "unknown-enum-value"
        self.problems.append(Problem(bad.code, message, value_start, end, after, unknown, bad.exact))
        if unknown:
            self.forks.append(ForkField(f"{path}.{name}" if path else name, field))

    def _has_colon(self, field: Field) -> bool:
        """Whether a colon stands between a field's name and its value."""
        return ":" in _COMMENT.sub("", self.text[field.start + len(field.name) : field.value_start])

    def _unknown(self, table: Table, field: Field, path: str) -> None:
        name = field.name
        if name.startswith("["):
            inner = name.strip("[] \t")
            message = f'Extension "{inner}" is not defined or is not an extension of "{table.name}".'
        else:
            message = f'Message type "{table.name}" has no field named "{name}".'
        end = field.start + len(name)
        self.problems.append(Problem("unknown-field", message, field.start, end, end, True))
        self.forks.append(ForkField(f"{path}.{name}" if path else name, field))


Loose = str | dict[str, list["Loose"]]
"""A value without a schema: a scalar's text (a string's value), or a message's values by field name."""


def loose(text: str, field: Field) -> list[Loose]:
    """What a field of no schema holds: one value, or those of a list."""
    if field.kind is Kind.LIST:
        return [value for child in field.children for value in loose(text, child)]
    if field.kind is Kind.MESSAGE:
        return [loose_message(text, field.children)]
    raw = text[field.value_start : field.end]
    return [prototxt.unquote(raw) if field.kind is Kind.STRING else raw]


def loose_message(text: str, fields: Sequence[Field]) -> dict[str, list[Loose]]:
    """The values of a message of no schema, by field name, in order."""
    out: dict[str, list[Loose]] = {}
    for field in fields:
        out.setdefault(field.name, []).extend(loose(text, field))
    return out
