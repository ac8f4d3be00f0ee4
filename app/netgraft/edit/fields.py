"""Setting one field of a layer by its path, in the layer's own style."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from google.protobuf.descriptor import FieldDescriptor

from netgraft import prototxt
from netgraft.caffe.layers import outline
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.layers import rename_layer
from netgraft.edit.operations import RenameLayer, SetField
from netgraft.edit.origins import tidy
from netgraft.edit.params import add_before
from netgraft.edit.removal import remove_fields
from netgraft.edit.report import Note, Report
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, view
from netgraft.proto import caffe_pb2
from netgraft.prototxt import Field, Kind, Splice

_STEP: Final = re.compile(r"([A-Za-z_]\w*)(?:\[(\d+)\])?")
# Where a field of a layer goes that is its first of the name: after the last of these that is there.
_AFTER: Final = {
    "name": (),
    "type": ("name",),
    "bottom": ("type", "name"),
    "top": ("bottom", "type", "name"),
    "include": ("exclude", "top", "bottom", "type", "name"),
    "exclude": ("include", "top", "bottom", "type", "name"),
    "param": ("exclude", "include", "top", "bottom", "type", "name"),
    "loss_weight": ("top", "bottom", "type", "name"),
    "propagate_down": ("top", "bottom", "type", "name"),
}


# ScaleLayer and PReLULayer ask has_filler(): none means another constant than an empty one.
_OWN_FILLERS: Final = {("caffe.ScaleParameter", "filler"), ("caffe.PReLUParameter", "filler")}


class Step(NamedTuple):
    """One part of a path; `position` is None where none is given."""

    name: str
    position: int | None


class Entry(NamedTuple):
    """What the schema says of one field: its message type ('' for a scalar) and its enum's names."""

    name: str
    repeated: bool
    is_string: bool
    message: str
    values: tuple[str, ...]


def _entries() -> dict[str, dict[str, Entry]]:
    """The fields of every message type of the schema, by full name."""
    found: dict[str, dict[str, Entry]] = {}
    for descriptor in caffe_pb2.DESCRIPTOR.message_types_by_name.values():
        found[descriptor.full_name] = {
            field.name: Entry(
                field.name,
                field.is_repeated,
                field.type == FieldDescriptor.TYPE_STRING,
                field.message_type.full_name if field.message_type is not None else "",
                tuple(value.name for value in field.enum_type.values) if field.enum_type is not None else (),
            )
            for field in descriptor.fields
        }
    return found


_ENTRIES: Final = _entries()
# An empty one of these is refused where none is not.
_DEMANDING: Final = frozenset(
    descriptor.full_name
    for descriptor in caffe_pb2.DESCRIPTOR.message_types_by_name.values()
    if any(field.is_required for field in descriptor.fields)
)


def read_path(path: str) -> list[Step]:
    """`param[1].lr_mult` in steps. Raises EditError for what is no path."""
    steps: list[Step] = []
    for part in path.split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            raise EditError("bad-path", f"{path!r} is no path: write it as convolution_param.num_output.")
        steps.append(Step(found[1], int(found[2]) if found[2] is not None else None))
    return steps


def set_field(document: Document, operation: SetField) -> Edited:
    """Sets a field, makes it with the messages around it, or takes it out (value null): a message that is
    empty then goes, too, unless Caffe takes an empty one otherwise than none.

    A bare string value gets its quotes. Raises EditError for values that Caffe's parser would
    refuse, and for places that do not exist. A new `name` renames the layer, weights and all.
    """
    document, upgraded = modernise_layers(document)
    tree = document.tree
    layer = view(tree).layer(operation.layer)
    steps = read_path(operation.path)
    if operation.path == "name" and operation.value is not None:
        to = _bare(operation.value)
        return rename_layer(document, RenameLayer(layer=operation.layer, to=to))
    target, notes = _descriptor(steps, layer)
    if operation.value is None:
        after = prototxt.apply(tree, _remove(tree, layer, steps))
    elif _is_row(operation.value, target, steps[-1]):
        after = _set_row(tree, layer.key, steps, target, operation.value.strip()[1:-1].split(","))
    else:
        after = prototxt.apply(tree, _set(tree, layer, steps, _spelled(operation.value, target)))
    _refuse_new_problems(tree, after, layer)
    value = "unset" if operation.value is None else operation.value
    report = Report(
        op="set_field",
        title=f"Set {operation.path} of {layer.name}",
        summary=[f"{layer.key}: {operation.path} {value}"],
        upgraded=upgraded,
        changed=[layer.key],
        notes=notes,
    )
    return Edited(Document(after, tidy(document.origins, view(after))), report)


def _bare(value: str) -> str:
    return prototxt.unquote(value) if value[:1] in ('"', "'") else value


def _descriptor(steps: Sequence[Step], layer: LayerText) -> tuple[Entry | None, list[Note]]:
    """The schema's entry for the field; None with a note for one that only a fork knows."""
    message = caffe_pb2.LayerParameter.DESCRIPTOR.full_name
    entry: Entry | None = None
    for step in steps:
        fields = _ENTRIES.get(message)
        if fields is None:
            raise EditError("bad-path", f"{steps[0].name!r} holds no {step.name!r}.")
        entry = fields.get(step.name)
        if entry is None:
            hint = suggestion(step.name, fields)
            text = f"{message} has no field {step.name!r} in Caffe 1.0; a fork may know it.{hint}"
            return None, [Note(code="unknown-field", severity="warning", message=text, layer=layer.key)]
        if step.position is not None and not entry.repeated:
            raise EditError("bad-path", f"{step.name!r} stands once: it takes no index.")
        message = entry.message
    return entry, []


def _spelled(value: str, field: Entry | None) -> str:
    """The value as the file must spell it: strings in quotes, messages in braces."""
    text = value.strip()
    if field is None:
        plain = re.fullmatch(r"[-+.\w]+", text) and re.match(r"[-+.]?\d|(true|false)$|[A-Z_]+$", text)
        return text if plain or text[:1] in ("{", '"', "'", "[") else prototxt.quote(value)
    if field.is_string:
        quoted = len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]
        return text if quoted else prototxt.quote(value)
    if field.values and text not in field.values:
        known = ", ".join(field.values)
        raise EditError("bad-value", f"{field.name} is one of {known}; not {text!r}.")
    if not text:
        raise EditError("bad-value", f"{field.name} needs a value; null takes it out.")
    if field.message and text[:1] not in "{<":
        return f"{{ {text} }}"
    return text


def _is_row(value: str, field: Entry | None, last: Step) -> bool:
    """Whether `[1, 2]` stands for all values of a repeated scalar."""
    text = value.strip()
    plain = field is not None and field.repeated and not field.message and not field.is_string
    return plain and last.position is None and text[:1] == "[" and text[-1:] == "]"


def _set_row(
    tree: prototxt.Document, key: str, steps: Sequence[Step], field: Entry | None, values: Sequence[str]
) -> prototxt.Document:
    """Writes all values of a repeated field where its old ones stand; what is too much goes."""
    *parents, last = steps
    values = [] if [value.strip() for value in values] == [""] else values
    for position, value in enumerate(values):
        path = [*parents, Step(last.name, position)]
        tree = prototxt.apply(tree, _set(tree, view(tree).layer(key), path, _spelled(value, field)))
    while True:
        splices = _remove(tree, view(tree).layer(key), [*parents, Step(last.name, len(values))])
        if not splices:
            return tree
        tree = prototxt.apply(tree, splices)


def _children(parent: Field, name: str) -> list[Field]:
    return prototxt.elements(parent.children, name)


def _pick(parent: Field, step: Step) -> Field | None:
    """The field that a step means: by index, or the last."""
    found = _children(parent, step.name)
    if step.position is None:
        return found[-1] if found else None
    return found[step.position] if step.position < len(found) else None


def _text(steps: Sequence[Step], value: str) -> str:
    """The rest of a path as a field to be added."""
    step, *rest = steps
    if rest:
        return f"{step.name} {{ {_text(rest, value)} }}"
    joint = " " if value.startswith(("{", "<")) else ": "
    return f"{step.name}{joint}{value}"


def _set(tree: prototxt.Document, layer: LayerText, steps: Sequence[Step], value: str) -> list[Splice]:
    parent = layer.field
    for depth, step in enumerate(steps):
        found = _pick(parent, step)
        if found is None:
            return _add(tree, layer, parent, steps[depth:], value)
        if depth == len(steps) - 1:
            return prototxt.set_value(layer.chunk, found, value)
        if found.kind is not Kind.MESSAGE:
            raise EditError("bad-path", f"{step.name!r} of {layer.name!r} holds no fields.", layer.place)
        parent = found
    raise EditError("bad-path", "The path is empty.")


def _add(
    tree: prototxt.Document, layer: LayerText, parent: Field, steps: Sequence[Step], value: str
) -> list[Splice]:
    step = steps[0]
    present = _children(parent, step.name)
    index = step.position or 0
    if index > len(present) and step.name != "param":
        number = len(present)
        text = f"{step.name!r} of {layer.name!r} has {number} values: the next one is {step.name}[{number}]."
        raise EditError("bad-path", text, layer.place)
    texts = [f"{step.name} {{ }}"] * max(0, index - len(present)) + [_text(steps, value)]
    chunk = layer.chunk
    if present and present[-1].start == present[-1].value_start:  # a list takes it as an element
        end = present[-1].end
        return [Splice(chunk, end, end, "".join(f", {text.split(' ', 1)[1].lstrip()}" for text in texts))]
    if not parent.children:
        return prototxt.add_field(tree, chunk, parent, " ".join(texts))
    anchor = present[-1] if present else None
    if anchor is None and parent is layer.field and step.name in _AFTER:
        names = _AFTER[step.name]
        anchor = next(filter(None, (prototxt.last(parent.children, name) for name in names)), None)
        if anchor is None:
            return [s for text in texts for s in add_before(tree, chunk, parent.children[0], text)]
    return [s for text in texts for s in prototxt.add_field(tree, chunk, parent, text, after=anchor)]


def _remove(tree: prototxt.Document, layer: LayerText, steps: Sequence[Step]) -> list[Splice]:
    """Takes a field out, and with its last field a message that says nothing without it."""
    around = [layer.field]
    for step in steps[:-1]:
        found = _pick(around[-1], step)
        if found is None or found.kind is not Kind.MESSAGE:
            return []
        around.append(found)
    parent, last = around[-1], steps[-1]
    if last.position is None:
        fields = [child for child in parent.children if child.name == last.name]
    else:
        one = _pick(parent, last)
        fields = [] if one is None else [one]
    text = tree.chunks[layer.chunk].text
    whole = [one for one in fields if one.start != one.value_start]
    if len(whole) == len(fields):
        for message, said in zip(around[:0:-1], _said_by_presence(steps)[::-1], strict=True):
            if said or not _alone(text, message, whole):
                break
            whole = [message]
    splices = remove_fields(layer.chunk, text, whole)
    for field in fields:
        if field.start == field.value_start:  # one element of a list
            row = next(child for child in parent.children if field in child.children)
            left = ", ".join(text[one.start : one.end] for one in row.children if one is not field)
            splices += prototxt.set_value(layer.chunk, row, f"[{left}]")
    return splices


def _said_by_presence(steps: Sequence[Step]) -> list[bool]:
    """Of each message that a path leads through, whether Caffe takes an empty one otherwise than none: one of
    several has its place among them, some fillers have a default of their own. A fork's may be either."""
    message = caffe_pb2.LayerParameter.DESCRIPTOR.full_name
    found: list[bool] = []
    for step in steps[:-1]:
        entry = _ENTRIES.get(message, {}).get(step.name)
        said = entry is None or entry.repeated or entry.message in _DEMANDING
        found.append(said or (message, step.name) in _OWN_FILLERS)
        message = entry.message if entry else ""
    return found


def _alone(text: str, message: Field, fields: Sequence[Field]) -> bool:
    """Whether a message holds these fields and nothing else, no comment either."""
    inside = text[message.value_start : message.end]
    for field in sorted(fields, key=lambda one: one.start, reverse=True):
        inside = inside[: field.start - message.value_start] + inside[field.end - message.value_start :]
    return bool(fields) and not inside[1:-1].strip(" \t\r\n\f\v,;")


def _refuse_new_problems(before: prototxt.Document, after: prototxt.Document, layer: LayerText) -> None:
    old = {problem.message for chunk, problem in outline(before).reading.problems if chunk == layer.chunk}
    for chunk, problem in outline(after).reading.problems:
        if chunk == layer.chunk and problem.message not in old and not problem.unknown:
            raise EditError("bad-value", problem.message, layer.place)
