"""A contrastive loss over two copies: what it can compare, and what makes it so."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from netgraft.caffe.state import NetState
from netgraft.edit.duplicate.plan import Join
from netgraft.edit.duplicate.wiring import Output
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.shapes import LayerShapes, Shape
from netgraft.edit.view import View

Shapes = Mapping[NetState, Mapping[str, LayerShapes]]


def check_contrastive(view: View, join: Join, outputs: list[Output], copies: int, shapes: Shapes) -> None:
    """Raises EditError where a contrastive loss is asked for what it cannot compare."""
    if copies != 2:
        raise EditError("contrastive-needs-two", f"A contrastive loss compares two copies, not {copies}.")
    if len(outputs) != 1:
        names = ", ".join(repr(output.blob) for output in outputs)
        raise EditError(
            "contrastive-needs-one-blob",
            f"A contrastive loss compares one blob; say which of {names} in join.blobs.",
        )
    if not join.label:
        raise EditError(
            "no-label", "A contrastive loss needs a label: the blob that says which pairs are alike."
        )
    if join.label not in view.blob_names:
        hint = suggestion(join.label, view.blob_names)
        raise EditError("unknown-blob", f"No layer makes the label {join.label!r}.{hint}")
    for shape in _shapes_of(view, join.label, shapes):
        if prod(shape[1:]) != 1 or len(shape) > 4:
            raise EditError(
                "label-is-no-number",
                f"A contrastive loss reads one number a pair as its label; {join.label!r} is {_told(shape)}.",
            )


def flattened(view: View, output: Output, shapes: Shapes) -> Shape | None:
    """The shape of a blob that is no vector an item, and has to become one (ContrastiveLossLayer::LayerSetUp
    takes N x C, or N x C x 1 x 1); None for one that is, and for one whose shape is not known."""
    for shape in _shapes_of(view, output.blob, shapes, output.maker):
        if len(shape) > 4 or prod(shape[2:]) != 1:
            return shape
    return None


def told_flattened(blob: str, shape: Shape) -> str:
    """Why a copy's output is flattened before it is compared."""
    return (
        f"{blob!r} is {_told(shape)}: a contrastive loss compares one vector an item, so each copy's is "
        f"flattened to {_told((shape[0], prod(shape[1:])))} first."
    )


def _shapes_of(view: View, blob: str, shapes: Shapes, maker: int | None = None) -> list[Shape]:
    """The shapes that a blob has in the net's states, as it leaves `maker` or the last that makes it."""
    makers = [layer for layer in view.layers if blob in layer.top_names]
    if maker is not None:
        makers = [layer for layer in makers if view.layers.index(layer) <= maker]
    found: list[Shape] = []
    for layers in shapes.values():
        here = [layer for layer in makers if layer.key in layers]
        if here:
            tops = layers[here[-1].key].tops
            position = here[-1].top_names.index(blob)
            shape = tops[position] if position < len(tops) else None
            if shape is not None:
                found.append(shape)
    return found


def _told(shape: Shape) -> str:
    return " x ".join(map(str, shape)) or "a single number"
