"""What the copies read from outside, where it is not the same blob: inputs and slices of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netgraft import prototxt
from netgraft.caffe.state import NetState
from netgraft.edit.duplicate.naming import Namer
from netgraft.edit.duplicate.plan import Inputs
from netgraft.edit.duplicate.wiring import Wiring
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.layout import Statement, new_layer
from netgraft.edit.report import Note
from netgraft.edit.shapes import LayerShapes, Shape
from netgraft.edit.view import LayerText, View
from netgraft.prototxt import Splice

Shapes = Mapping[NetState, Mapping[str, LayerShapes]]


@dataclass(slots=True)
class OwnInputs:
    """The inputs of the copies: names by (blob, copy), new layers' texts by chunk, changes of producers."""

    names: dict[tuple[str, int], str] = field(default_factory=dict)
    insert: dict[int, list[str]] = field(default_factory=dict)
    splices: list[Splice] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def modes(asked: Inputs | Mapping[str, Inputs], wiring: Wiring) -> dict[str, Inputs]:
    """The mode of every blob that the selection reads from outside. Raises EditError for other blobs."""
    if isinstance(asked, str):
        return dict.fromkeys(wiring.border, asked)
    for blob in asked:
        if blob not in wiring.border:
            hint = suggestion(blob, wiring.border)
            raise EditError("unknown-blob", f"The selection does not read {blob!r} from outside.{hint}")
    return {blob: asked.get(blob, "same") for blob in wiring.border}


def own_inputs(
    view: View, wiring: Wiring, chosen: Mapping[str, Inputs], namer: Namer, axis: int, shapes: Shapes
) -> OwnInputs:
    """Makes the inputs. The first copy goes on reading the blob that it read.

    Raises EditError where a shape is not known or a blob cannot be sliced.
    """
    result = OwnInputs()
    for blob, mode in chosen.items():
        if mode == "separate":
            _separate(view, blob, wiring.border[blob], namer, shapes, result)
        elif mode == "slice":
            _slice(view, blob, wiring.border[blob], namer, axis, shapes, result)
    return result


def producers(view: View, blob: str) -> list[LayerText]:
    """The layers that make a blob, in-place ones left out."""
    return [
        layer
        for layer in view.layers
        if any(top == blob and not layer.in_place(index) for index, top in enumerate(layer.top_names))
    ]


def _shapes_of(blob: str, readers: Sequence[tuple[LayerText, int]], shapes: Shapes) -> dict[str, Shape]:
    """The blob's shape by phase, as its readers in the selection find it."""
    found: dict[str, Shape] = {}
    for state, layers in shapes.items():
        for reader, index in readers:
            known = layers.get(reader.key)
            if known is None or not reader.active(state):
                continue
            shape = known.bottoms[index] if index < len(known.bottoms) else None
            if shape is None:
                raise EditError(
                    "unknown-shape",
                    f"The shape of {blob!r} is not known in {state.phase}: no such input can be made. "
                    "Say what the data layer's source holds (--datum SOURCE=CxHxW), or let the copies read "
                    "the same.",
                    reader.place,
                )
            found.setdefault(state.phase, shape)
    if not found:
        raise EditError(
            "unknown-shape", f"No state of the net has the blob {blob!r}: its shape is not known."
        )
    return found


def _separate(
    view: View,
    blob: str,
    readers: Sequence[tuple[LayerText, int]],
    namer: Namer,
    shapes: Shapes,
    result: OwnInputs,
) -> None:
    by_phase = _shapes_of(blob, readers, shapes)
    made_by = producers(view, blob)
    like = made_by[-1] if made_by else readers[0][0]
    at = (made_by[-1].chunk + 1) if made_by else like.chunk
    rows: list[tuple[str | None, Shape]] = [(None, next(iter(by_phase.values())))]
    if len(set(by_phase.values())) > 1 or (len(by_phase) == 1 and like.include):
        rows = list(by_phase.items())
    for copy in range(1, len(namer.affixes)):
        name = namer.blob(blob, copy)
        result.names[(blob, copy)] = name
        for phase, shape in rows:
            statements: list[Statement] = [
                ("name", prototxt.quote(name)),
                ("type", '"Input"'),
                ("top", prototxt.quote(name)),
            ]
            if phase is not None:
                statements.append(("include", [("phase", phase)]))
            statements.append(("input_param", [("shape", [("dim", str(dim)) for dim in shape])]))
            result.insert.setdefault(at, []).append(new_layer(view, like, statements))
        result.added.append(name)


def _slice(
    view: View,
    blob: str,
    readers: Sequence[tuple[LayerText, int]],
    namer: Namer,
    axis: int,
    shapes: Shapes,
    result: OwnInputs,
) -> None:
    made_by = producers(view, blob)
    if not made_by or any(layer.bottoms for layer in made_by):
        raise EditError(
            "cannot-slice",
            f"{blob!r} comes from no input or data layer: only such a blob can hold all copies' inputs.",
            made_by[0].place if made_by else None,
        )
    between = [layer for layer in view.layers if blob in layer.top_names and layer not in made_by]
    if any(
        layer.key != reader.key for layer in between for reader, _ in readers if _before(view, layer, reader)
    ):
        raise EditError(
            "cannot-slice",
            f"{between[0].name!r} changes {blob!r} in place before the selection: select it as well.",
        )
    copies = len(namer.affixes)
    paired = namer.fresh(f"{blob}_{'pair' if copies == 2 else 'stack'}")
    for layer in made_by:
        for top in layer.tops:
            if top.value == blob:
                result.splices += prototxt.set_string(view.tree, layer.chunk, top.field, paired)
        _widen(view, layer, blob, paired, axis, copies, result)
    tops = [blob]
    for copy in range(1, copies):
        name = namer.blob(blob, copy)
        result.names[(blob, copy)] = name
        tops.append(name)
    name = namer.fresh(f"{blob}_slice")
    statements: list[Statement] = [
        ("name", prototxt.quote(name)),
        ("type", '"Slice"'),
        ("bottom", prototxt.quote(paired)),
        *(("top", prototxt.quote(top)) for top in tops),
        ("slice_param", [("axis", str(axis))]),
    ]
    last = made_by[-1]
    result.insert.setdefault(last.chunk + 1, []).append(new_layer(view, last, statements))
    result.added.append(name)


def _before(view: View, layer: LayerText, other: LayerText) -> bool:
    return view.layers.index(layer) < view.layers.index(other)


def _widen(
    view: View, layer: LayerText, blob: str, paired: str, axis: int, copies: int, result: OwnInputs
) -> None:
    """An Input layer's shape grows, so that each slice has the shape that there was; data must grow too."""
    if layer.type != "Input":
        text = (
            f"What {layer.name!r} reads must now hold {copies} inputs one after another on axis {axis}: "
            f"{paired!r} is cut into {copies} equal slices."
        )
        result.notes.append(
            Note(code="data-must-be-paired", severity="warning", message=text, layer=layer.key)
        )
        return
    parameter = layer.child("input_param")
    shapes = prototxt.elements(parameter.children, "shape") if parameter is not None else []
    index = layer.top_names.index(blob)
    if not shapes or (len(shapes) == 1 and len(layer.tops) > 1):
        raise EditError("cannot-slice", f"Give each top of {layer.name!r} its own shape first.", layer.place)
    dims = prototxt.elements(shapes[min(index, len(shapes) - 1)].children, "dim")
    if not -len(dims) <= axis < len(dims):
        raise EditError(
            "cannot-slice", f"{blob!r} has {len(dims)} axes: there is no axis {axis}.", layer.place
        )
    dim = dims[axis]
    size = int(prototxt.raw(view.tree.chunks[layer.chunk], dim), 0) * copies
    result.splices += prototxt.set_value(layer.chunk, dim, str(size))
