"""The compiled schema against the table of facts, in both directions."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from netgraft.proto import caffe_pb2

SCALARS = {
    FieldDescriptor.TYPE_DOUBLE: "double",
    FieldDescriptor.TYPE_FLOAT: "float",
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_INT64: "int64",
    FieldDescriptor.TYPE_UINT32: "uint32",
    FieldDescriptor.TYPE_BOOL: "bool",
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_BYTES: "bytes",
}


class Row(NamedTuple):
    """One row of schema.tsv, and one element of the descriptor in the same words."""

    kind: str
    owner: str
    name: str
    number: str
    label: str
    type: str
    default: str
    packed: str
    deprecated: str


@pytest.fixture(scope="module")
def table(shared: Path) -> set[Row]:
    with (shared / "caffe" / "schema.tsv").open(newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = [Row(*cells) for cells in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    assert len(rows) == len(set(rows))
    return set(rows)


def _messages(found: list[Descriptor]) -> Iterator[Descriptor]:
    for message in found:
        yield message
        yield from _messages(list(message.nested_types))


def _scoped(name: str) -> str:
    return name.removeprefix("caffe.")


def _type(field: FieldDescriptor) -> str:
    if field.message_type is not None:
        return _scoped(field.message_type.full_name)
    if field.enum_type is not None:
        return _scoped(field.enum_type.full_name)
    return SCALARS[field.type]


def _default(field: FieldDescriptor) -> str:
    """The stated default as the table spells it: floats as the nearest 32-bit float to nine digits."""
    if not field.has_default_value:
        return ""
    if field.enum_type is not None:
        return str(field.enum_type.values_by_number[field.default_value].name)
    if isinstance(field.default_value, bool):
        return str(field.default_value).lower()
    if isinstance(field.default_value, float):
        return f"{field.default_value:.9g}"
    return str(field.default_value)


def _field_row(message: Descriptor, field: FieldDescriptor) -> Row:
    label = "repeated" if field.is_repeated else "required" if field.is_required else "optional"
    options = field.GetOptions()
    return Row(
        "field",
        _scoped(message.full_name),
        field.name,
        str(field.number),
        label,
        _type(field),
        _default(field),
        "packed" if options.packed else "",
        "deprecated" if options.deprecated else "",
    )


def _enum_rows(enum: EnumDescriptor) -> Iterator[Row]:
    for value in enum.values:
        yield Row("enum", _scoped(enum.full_name), value.name, str(value.number), "", "", "", "", "")


@pytest.fixture(scope="module")
def compiled() -> set[Row]:
    file = caffe_pb2.DESCRIPTOR
    rows: set[Row] = set()
    for enum in file.enum_types_by_name.values():
        rows.update(_enum_rows(enum))
    for message in _messages(list(file.message_types_by_name.values())):
        rows.update(_field_row(message, field) for field in message.fields)
        for enum in message.enum_types:
            rows.update(_enum_rows(enum))
    return rows


def test_every_row_of_the_table_is_in_the_compiled_schema(table: set[Row], compiled: set[Row]) -> None:
    assert sorted(table - compiled) == []


def test_the_compiled_schema_holds_nothing_that_the_table_lacks(table: set[Row], compiled: set[Row]) -> None:
    assert sorted(compiled - table) == []


def test_the_table_speaks_of_the_whole_schema(table: set[Row]) -> None:
    assert {row.kind for row in table} == {"field", "enum"}
    assert {"NetParameter", "V1LayerParameter", "V0LayerParameter", "SolverParameter"} <= {
        row.owner for row in table
    }


def test_the_schema_is_proto2_in_the_package_caffe() -> None:
    assert caffe_pb2.DESCRIPTOR.package == "caffe"
    assert caffe_pb2.NetParameter.DESCRIPTOR.fields_by_name["name"].has_presence
