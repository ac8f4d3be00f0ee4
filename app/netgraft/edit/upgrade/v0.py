"""V0 nets: nearly every field has another name and place today, so the layers are written anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from netgraft import prototxt
from netgraft.caffe.layers import outline
from netgraft.caffe.scalars import from_wire_string
from netgraft.edit.layout import Statement, inline, lines_of
from netgraft.edit.numbers import write_float
from netgraft.edit.removal import remove_fields
from netgraft.prototxt import Document, Splice

_DROPPED: Final = ("input_shape", "state", "debug_info")  # UpgradeV0Net does not take them over


def rewrite_v0(tree: Document) -> Document:
    """The layers as Caffe's upgrade makes them, each in its place with the comments around it.

    Padding layers are folded into what follows them. Comments inside a layer are lost.
    """
    made = {(layer.chunk, layer.field.start): layer.facts for layer in outline(tree).upgraded.layers}
    splices: list[Splice] = []
    for index, field in tree.fields():
        text = tree.chunks[index].text
        if field.name in _DROPPED:
            splices += remove_fields(index, text, [field])
        if field.name != "layers":
            continue
        outer = prototxt.own_line(tree.chunks[index], field) or ""
        written: list[str] = []
        for layer in prototxt.elements((field,), "layers"):
            facts = made.get((index, layer.start)) or made.get((index, field.start))
            if facts is not None:
                like = text[field.start : field.end]
                written.append(_text(statements(facts.message), like, outer, tree.newline))
        if written:
            splices.append(Splice(index, field.start, field.end, f"{tree.newline}{outer}".join(written)))
        else:
            splices += remove_fields(index, text, [field])
    return prototxt.apply(tree, splices)


def _text(body: Sequence[Statement], like: str, outer: str, newline: str) -> str:
    if "\n" not in like:
        return f"layer {inline(body)}"
    return newline.join(lines_of([("layer", list(body))], outer, "  ")).removeprefix(outer)


def statements(message: Message) -> list[Statement]:
    """A message's fields as text, in the schema's order."""
    return [
        (field.name, statements(one) if isinstance(one, Message) else _scalar(field, one))
        for field, value in message.ListFields()
        for one in (value if field.is_repeated else [value])
    ]


def _scalar(field: FieldDescriptor, value: object) -> str:
    if field.enum_type is not None and isinstance(value, int):
        return str(field.enum_type.values_by_number[value].name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return write_float(value)
    if isinstance(value, str):
        return prototxt.quote(from_wire_string(value))
    return str(value)
