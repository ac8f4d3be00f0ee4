"""The text of a graft: a layer's own text with splices in it, and new layers in the style around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netgraft import prototxt
from netgraft.edit.duplicate.wiring import Wires
from netgraft.edit.params import add_before
from netgraft.edit.view import LayerText, Named, View
from netgraft.prototxt import Document, Splice

Statement = tuple[str, "str | list[Statement]"]
"""A field to be written: its name, and its value's text or its own fields."""


def rename_splices(tree: Document, layer: LayerText, name: str, wires: Wires) -> list[Splice]:
    """What makes a layer's text bear a new name and new wires; values that stay are not touched."""
    splices: list[Splice] = []
    if layer.name != name:
        field = layer.child("name")
        if field is not None:
            splices += prototxt.set_string(tree, layer.chunk, field, name)
        elif layer.field.children:
            text = f"name: {prototxt.quote(name)}"
            splices += add_before(tree, layer.chunk, layer.field.children[0], text)
    return splices + wire_splices(tree, layer, wires)


def wire_splices(tree: Document, layer: LayerText, wires: Wires) -> list[Splice]:
    """Only the bottoms and tops that differ."""
    splices: list[Splice] = []
    olds: Iterable[Named] = (*layer.bottoms, *layer.tops)
    for old, new in zip(olds, (*wires.bottoms, *wires.tops), strict=True):
        if old.value != new:
            splices += prototxt.set_string(tree, layer.chunk, old.field, new)
    return splices


def clone(tree: Document, layer: LayerText, splices: Sequence[Splice]) -> str:
    """A copy of a layer's text, with the comment above it and on its line, after splices."""
    text = tree.chunks[layer.chunk].text
    field = layer.field
    if field.start == field.value_start:  # an element of a list of layers
        start, end = field.start, field.end
        body = prototxt.splice_text(text, splices)
        return f"layer {body[start : len(body) - (len(text) - end)]}{tree.newline}"
    alone = len(tree.chunks[layer.chunk].fields) == 1
    start = lead_start(text, field.start, first=layer.chunk == 0) if alone else field.start
    end = _tail_end(text, field.end) if alone else field.end
    spliced = prototxt.splice_text(text, splices)
    piece = spliced[start : len(spliced) - (len(text) - end)]
    return piece if piece.endswith("\n") else piece + tree.newline


def lead_start(text: str, start: int, *, first: bool) -> int:
    """Where a layer's own lead begins: comment lines right above it, and one blank line above those."""
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" \t\f\v"):
        return start  # something else begins the line
    at = line
    while at:
        previous = text.rfind("\n", 0, at - 1) + 1
        if not text[previous:at].lstrip(" \t").startswith("#"):
            break
        at = previous
    if at == 0 and first and at < line:
        return line  # the file's head, not the layer's
    if at:
        previous = text.rfind("\n", 0, at - 1) + 1
        if not text[previous:at].strip() and (previous or not first):
            at = previous
    return at


def _tail_end(text: str, end: int) -> int:
    line_end = text.find("\n", end)
    tail = text[end:] if line_end < 0 else text[end:line_end]
    if tail.strip(" \t\r;,").startswith("#") or not tail.strip(" \t\r;,"):
        return len(text) if line_end < 0 else line_end + 1
    return end


def new_layer(view: View, like: LayerText, statements: Sequence[Statement]) -> str:
    """The text of a new layer, laid out as `like` is: on one line or on several, indented as there."""
    tree = view.tree
    chunk = tree.chunks[like.chunk]
    newline = tree.newline
    body = chunk.text[like.field.start : like.field.end]
    outer = prototxt.own_line(chunk, like.field) or ""
    if "\n" not in body or not like.field.children:
        return f"{outer}layer {_inline(statements)}{newline}"
    inner = prototxt.own_line(chunk, like.field.children[0])
    unit = inner[len(outer) :] if inner is not None and inner.startswith(outer) and inner != outer else "  "
    start = lead_start(chunk.text, like.field.start, first=False)
    blank = newline if chunk.text[start : like.field.start].startswith(("\n", "\r\n")) else ""
    lines = _lines([("layer", list(statements))], outer, unit)
    return blank + "".join(line + newline for line in lines)


def _inline(statements: Sequence[Statement]) -> str:
    parts = [
        f"{name}: {value}" if isinstance(value, str) else f"{name} {_inline(value)}"
        for name, value in statements
    ]
    return "{ " + " ".join(parts) + " }" if parts else "{ }"


def _lines(statements: Sequence[Statement], indent: str, unit: str) -> list[str]:
    lines: list[str] = []
    for name, value in statements:
        if isinstance(value, str):
            lines.append(f"{indent}{name}: {value}")
        elif name in ("shape", "include", "exclude", "param"):  # short by custom
            lines.append(f"{indent}{name} {_inline(value)}")
        else:
            lines += [f"{indent}{name} {{", *_lines(value, indent + unit, unit), f"{indent}}}"]
    return lines
