"""A slice of one paired blob for each copy: how a siamese net reads its pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netgraft import prototxt
from netgraft.edit.duplicate.inputs import OwnInputs, Readers, producers
from netgraft.edit.errors import EditError
from netgraft.edit.layout import Statement
from netgraft.edit.numbers import read_int
from netgraft.edit.report import Note
from netgraft.edit.view import LayerText, View
from netgraft.prototxt import Splice

_STATED: Final = {"Input": "input_param", "DummyData": "dummy_data_param"}  # layers that state their shapes
_SIZES: Final = ("num", "channels", "height", "width")  # DummyData's old way to state one


def can_be_sliced(view: View, blob: str, axis: int) -> bool:
    """Whether a blob may hold several inputs: no label (a later top of a data layer), no lack of axes."""
    for layer in producers(view, blob):
        stated = _stated(layer, blob)
        if stated is not None and not -len(stated.dims) <= axis < len(stated.dims):
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
    result.told.append(f"sliced input: {whole} -> {' + '.join(tops)} (axis {axis})")
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


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a layer states of one blob: its sizes, axis by axis, and the statement that its other tops have in
    common with it on one of them."""

    dims: list[prototxt.Field]
    parameter: prototxt.Field
    whole: prototxt.Field | None = None  # a shape that all tops have in common
    legacy: bool = False


def _stated(layer: LayerText, blob: str) -> _Stated | None:
    """None where the layer states no shape (what it reads decides), or not one for each of its tops."""
    index, tops = layer.top_names.index(blob), len(layer.tops)
    if layer.type not in _STATED:
        return None
    parameter = layer.child(_STATED[layer.type])
    if parameter is None:
        return None
    shapes = prototxt.elements(parameter.children, "shape")
    if shapes:
        if len(shapes) not in (1, tops):
            return None
        shape = shapes[index if len(shapes) > 1 else 0]
        common = shape if len(shapes) < tops else None
        return _Stated(prototxt.elements(shape.children, "dim"), parameter, common)
    sizes = [prototxt.elements(parameter.children, name) for name in _SIZES]
    if any(len(one) not in (1, tops) for one in sizes):
        return None
    return _Stated([one[index if len(one) > 1 else 0] for one in sizes], parameter, legacy=True)


def _widen(result: OwnInputs, layer: LayerText, blob: str, whole: str, axis: int) -> None:
    copies = len(result.namer.affixes)
    if layer.type not in _STATED:
        _widen_memory(result, layer, blob, axis)
        text = (
            f"What {layer.name!r} reads must now hold {copies} inputs one after another on axis {axis}: "
            f"{whole!r} is cut into {copies} equal slices."
        )
        result.notes.append(
            Note(code="data-must-be-paired", severity="warning", message=text, layer=layer.key)
        )
        return
    stated = _stated(layer, blob)
    if stated is None or not stated.dims:
        raise EditError("cannot-slice", f"{layer.name!r} states no shape for {blob!r}.", layer.place)
    dims = stated.dims
    if not -len(dims) <= axis < len(dims):
        text = f"{blob!r} has {len(dims)} axes: there is no axis {axis}."
        raise EditError("cannot-slice", text, layer.place)
    if stated.whole is not None:
        sizes = [prototxt.raw(result.view.tree.chunks[layer.chunk], dim) for dim in dims]
        wider = [
            str(read_int(size) * copies) if dim is dims[axis] else size
            for dim, size in zip(dims, sizes, strict=True)
        ]
        _each_its_own(result, layer, blob, stated.parameter, "shape", _shape(sizes), _shape(wider))
    elif stated.legacy and len(prototxt.elements(stated.parameter.children, _SIZES[axis])) < len(layer.tops):
        size = prototxt.raw(result.view.tree.chunks[layer.chunk], dims[axis])
        _each_its_own(result, layer, blob, stated.parameter, _SIZES[axis], size, str(read_int(size) * copies))
    else:
        result.splices += _times(result, layer, dims[axis], copies)


def _shape(sizes: Sequence[str]) -> str:
    return f"{{ {' '.join(f'dim: {size}' for size in sizes)} }}"


def _each_its_own(
    result: OwnInputs,
    layer: LayerText,
    blob: str,
    parameter: prototxt.Field,
    name: str,
    whole: str,
    wider: str,
) -> None:
    """A value that all tops have in common is stated once a top, so that one of them can be wider."""
    tree, index = result.view.tree, layer.top_names.index(blob)
    statement = prototxt.last(parameter.children, name)
    assert statement is not None
    if index == 0:
        result.splices += prototxt.set_value(layer.chunk, statement, wider)
    colon = "" if whole.startswith("{") else ":"
    for top in range(1, len(layer.tops)):
        text = f"{name}{colon} {wider if top == index else whole}"
        result.splices += prototxt.add_field(tree, layer.chunk, parameter, text, after=statement)


def _widen_memory(result: OwnInputs, layer: LayerText, blob: str, axis: int) -> None:
    """MemoryData states what its program hands over; along its batch the label would grow, too."""
    if layer.type != "MemoryData" or layer.top_names.index(blob) > 0 or axis % 4 == 0:
        return
    parameter = layer.child("memory_data_param")
    size = prototxt.last(parameter.children, ("", *_SIZES[1:])[axis % 4]) if parameter is not None else None
    if size is not None:
        result.splices += _times(result, layer, size, len(result.namer.affixes))


def _times(result: OwnInputs, layer: LayerText, size: prototxt.Field, factor: int) -> list[Splice]:
    value = read_int(prototxt.raw(result.view.tree.chunks[layer.chunk], size)) * factor
    return prototxt.set_value(layer.chunk, size, str(value))
