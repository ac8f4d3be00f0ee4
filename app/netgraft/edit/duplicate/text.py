"""The text of a graft: a layer's own text with splices in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netgraft import prototxt
from netgraft.edit.duplicate.wiring import Wires
from netgraft.edit.layout import lead_start
from netgraft.edit.params import add_before
from netgraft.edit.view import LayerText, Named
from netgraft.prototxt import Document, Splice


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


def _tail_end(text: str, end: int) -> int:
    line_end = text.find("\n", end)
    tail = text[end:] if line_end < 0 else text[end:line_end]
    if tail.strip(" \t\r;,").startswith("#") or not tail.strip(" \t\r;,"):
        return len(text) if line_end < 0 else line_end + 1
    return end
