"""A slice of one paired blob for each copy: how a siamese net reads its pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netgraft import prototxt
from netgraft.edit.duplicate.inputs import OwnInputs, Readers, producers
from netgraft.edit.errors import EditError
from netgraft.edit.layout import Statement
from netgraft.edit.report import Note
from netgraft.edit.view import LayerText, View

_STATED: Final = {"Input": "input_param", "DummyData": "dummy_data_param"}  # layers that state their shapes


def can_be_sliced(view: View, blob: str, axis: int) -> bool:
    """Whether a blob may hold several inputs: no label (a later top of a data layer), no lack of axes."""
    for layer in producers(view, blob):
        dims = _dims(layer, blob)
        if dims and not -len(dims) <= axis < len(dims):
            return False
        if layer.type != "Input" and layer.top_names.index(blob) > 0:
            return False
    return True


def add_slices(result: OwnInputs, blob: str, readers: Readers, axis: int) -> None:
    """A Slice layer after the one that makes the blob, with a top for each copy.

    A shape that the net states (Input, DummyData) grows, so that each slice has the shape that the blob had;
    what a data layer reads must grow by itself, and the report says so. Where layers outside read the blob
    too, or the first copy keeps its names, the first slice takes the blob's name. Raises EditError for a
    blob that comes from inside the net.
    """
    view, namer = result.view, result.namer
    made_by = producers(view, blob)
    _check(view, blob, made_by, readers)
    copies = len(namer.affixes)
    whole, first = blob, namer.blob(blob, 0)
    if result.first_may_be_renamed(blob):
        result.names[(blob, 0)] = first
    else:
        whole, first = namer.fresh(f"{blob}_{'pair' if copies == 2 else 'stack'}"), blob
    for layer in made_by:
        if whole != blob:
            result.rename_top(layer, blob, whole)
        _widen(result, layer, blob, whole, axis)
        result.changed.append(layer.key)
    tops = [first]
    for copy in range(1, copies):
        result.names[(blob, copy)] = namer.blob(blob, copy)
        tops.append(result.names[(blob, copy)])
    name = namer.fresh(f"{blob}_slice")
    statements: list[Statement] = [
        ("name", prototxt.quote(name)),
        ("type", '"Slice"'),
        ("bottom", prototxt.quote(whole)),
        *(("top", prototxt.quote(top)) for top in tops),
        ("slice_param", [("axis", str(axis))]),
    ]
    result.add(made_by[-1], name, statements)


def _check(view: View, blob: str, made_by: Sequence[LayerText], readers: Readers) -> None:
    if not made_by or any(layer.bottoms for layer in made_by):
        raise EditError(
            "cannot-slice",
            f"{blob!r} comes from no input or data layer: only such a blob can hold all copies' inputs.",
            made_by[0].place if made_by else None,
        )
    order = {layer.key: index for index, layer in enumerate(view.layers)}
    first = min(order[reader.key] for reader, _ in readers)
    for layer in view.layers[:first]:
        if blob in layer.top_names and layer not in made_by:
            text = f"{layer.name!r} changes {blob!r} in place before the selection: select it as well."
            raise EditError("cannot-slice", text, layer.place)


def _dims(layer: LayerText, blob: str) -> list[prototxt.Field]:
    """The stated sizes of a blob, axis by axis; none where its tops have a shape in common, or the layer
    states none (what it reads decides)."""
    index, tops = layer.top_names.index(blob), len(layer.tops)
    if layer.type not in _STATED:
        return []
    parameter = layer.child(_STATED[layer.type])
    stated = parameter.children if parameter is not None else ()
    shapes = prototxt.elements(stated, "shape")
    if shapes:
        alone = index < len(shapes) and (len(shapes) > 1 or tops == 1)
        return prototxt.elements(shapes[index].children, "dim") if alone else []
    sizes = [prototxt.elements(stated, name) for name in ("num", "channels", "height", "width")]
    if any(index >= len(one) or (len(one) == 1 and tops > 1) for one in sizes):
        return []
    return [one[index] for one in sizes]


def _widen(result: OwnInputs, layer: LayerText, blob: str, whole: str, axis: int) -> None:
    copies = len(result.namer.affixes)
    dims = _dims(layer, blob)
    if layer.type not in _STATED:
        text = (
            f"What {layer.name!r} reads must now hold {copies} inputs one after another on axis {axis}: "
            f"{whole!r} is cut into {copies} equal slices."
        )
        result.notes.append(
            Note(code="data-must-be-paired", severity="warning", message=text, layer=layer.key)
        )
        return
    if not dims:
        raise EditError("cannot-slice", f"Give each top of {layer.name!r} its own shape first.", layer.place)
    if not -len(dims) <= axis < len(dims):
        text = f"{blob!r} has {len(dims)} axes: there is no axis {axis}."
        raise EditError("cannot-slice", text, layer.place)
    size = int(prototxt.raw(result.view.tree.chunks[layer.chunk], dims[axis]), 0) * copies
    result.splices += prototxt.set_value(layer.chunk, dims[axis], str(size))
