"""What forms, completion and hover texts are made from: the schema's messages with defaults and
documentation, and which of them each layer type reads."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

from google.protobuf.descriptor import FieldDescriptor

from netgraft.caffe.catalogue.field_docs import ASSUMED, CHOICES, FIELD_DOCS, SELDOM
from netgraft.caffe.catalogue.registry import LayerType, all_types
from netgraft.proto import caffe_pb2

_INTEGERS: Final = {
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_INT64: "int64",
    FieldDescriptor.TYPE_UINT32: "uint32",
    FieldDescriptor.TYPE_UINT64: "uint64",
}
_ROOTS: Final = (caffe_pb2.LayerParameter, caffe_pb2.NetParameter)
# Messages that Caffe's types read beside the one that the catalogue names.
_TRANSFORMED: Final = frozenset({"Data", "ImageData", "WindowData", "MemoryData", "AnnotatedData"})


class FormField(NamedTuple):
    """One field of a message as a form shows it.

    `default` is as a prototxt spells it, None where there is none.
    """

    name: str
    type: str  # bool, int32, int64, uint32, uint64, float, string, enum, message
    repeated: bool
    message: str | None
    values: tuple[str, ...]
    default: str | None
    seldom: bool
    deprecated: bool
    doc: str


@cache
def messages() -> dict[str, tuple[FormField, ...]]:
    """Every message that a net may hold, by name, its fields in the schema's order."""
    found: dict[str, tuple[FormField, ...]] = {}
    pending: list[Any] = [root.DESCRIPTOR for root in _ROOTS]
    while pending:
        descriptor = pending.pop()
        if descriptor.name in found:
            continue
        found[descriptor.name] = tuple(_field(descriptor.name, field) for field in descriptor.fields)
        pending += [field.message_type for field in descriptor.fields if field.message_type is not None]
    return found


def sections(kind: LayerType) -> tuple[str, ...]:
    """The fields of LayerParameter that a type's parameters stand in, the most important first."""
    found = [kind.param_field] if kind.param_field else []
    if kind.name in _TRANSFORMED:
        found.append("transform_param")
    if kind.loss:
        found.append("loss_param")
    return tuple(found)


@cache
def type_sections() -> dict[str, tuple[str, ...]]:
    """`sections` of every layer type of the catalogue."""
    return {kind.name: sections(kind) for kind in all_types()}


def _field(message: str, field: Any) -> FormField:
    key = f"{message}.{field.name}"
    deprecated = bool(field.GetOptions().deprecated)
    enum = field.enum_type
    return FormField(
        name=field.name,
        type=_type(field),
        repeated=field.is_repeated,
        message=field.message_type.name if field.message_type is not None else None,
        values=CHOICES.get(key, ()) if enum is None else tuple(value.name for value in enum.values),
        default=ASSUMED.get(key) or _default(field),
        seldom=deprecated or key in SELDOM,
        deprecated=deprecated,
        doc=FIELD_DOCS.get(key, ""),
    )


def _type(field: Any) -> str:
    if field.message_type is not None:
        return "message"
    if field.enum_type is not None:
        return "enum"
    if field.type == FieldDescriptor.TYPE_BOOL:
        return "bool"
    if field.type in (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES):
        return "string"
    return _INTEGERS.get(field.type, "float")


def _default(field: Any) -> str | None:
    """What Caffe reads where nothing is stated; None where that is nothing, or depends."""
    if field.is_repeated or field.message_type is not None:
        return None
    if field.enum_type is not None:
        return str(field.enum_type.values_by_number[field.default_value].name)
    if not field.has_default_value:
        return None
    value = field.default_value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """A float32 as people write it: 0.999 and not 0.9990000128746033."""
    return f"{value:.6g}".replace("e-0", "e-")
