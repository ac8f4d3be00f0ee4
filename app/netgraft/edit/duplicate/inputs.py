"""What the copies read from outside, where it is not the same blob: inputs of their own."""

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
Readers = Sequence[tuple[LayerText, int]]


@dataclass(slots=True)
class OwnInputs:
    """The inputs of the copies: names by (blob, copy), new layers' texts by chunk, changes of producers."""

    view: View
    keys: frozenset[str]  # of the selection
    namer: Namer
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    insert: dict[int, list[str]] = field(default_factory=dict)
    splices: list[Splice] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # for the report
    changed: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, after: LayerText, name: str, statements: Sequence[Statement]) -> None:
        """A new layer right after one that is there."""
        self.insert.setdefault(after.chunk + 1, []).append(new_layer(self.view, after, statements))
        if name not in self.added:
            self.added.append(name)

    def rename_top(self, layer: LayerText, blob: str, new: str) -> None:
        """Another name for a blob at the layer that makes it; nobody else is told."""
        for top in layer.tops:
            if top.value == blob:
                self.splices += prototxt.set_string(self.view.tree, layer.chunk, top.field, new)

    def first_may_be_renamed(self, blob: str) -> bool:
        """Whether the first copy's input may bear its name: it has one, and nobody else reads the blob."""
        if not self.namer.affixes[0].text:
            return False
        return not any(blob in layer.bottom_names for layer in self.view.layers if layer.key not in self.keys)


def modes(asked: Inputs | Mapping[str, Inputs], wiring: Wiring) -> dict[str, Inputs]:
    """The mode of every blob that the selection reads from outside. Raises EditError for other blobs."""
    if isinstance(asked, str):
        return dict.fromkeys(wiring.border, asked)
    for blob in asked:
        if blob not in wiring.border:
            hint = suggestion(blob, wiring.border)
            raise EditError("unknown-blob", f"The selection does not read {blob!r} from outside.{hint}")
    return {blob: asked.get(blob, "same") for blob in wiring.border}


def producers(view: View, blob: str) -> list[LayerText]:
    """The layers that make a blob, in-place ones left out."""
    return [
        layer
        for layer in view.layers
        if any(top == blob and not layer.in_place(index) for index, top in enumerate(layer.top_names))
    ]


def add_inputs(result: OwnInputs, blob: str, readers: Readers, shapes: Shapes) -> None:
    """An Input layer of the blob's shape for each copy but the first, beside the layer that makes it.

    The first copy goes on reading what it read; where that is an Input layer of its own, it is
    renamed with the copy. Raises EditError where the shape is not known.
    """
    view, namer = result.view, result.namer
    by_phase = _shapes_of(blob, readers, shapes)
    made_by = producers(view, blob)
    like = made_by[-1] if made_by else readers[0][0]
    rows: list[tuple[str | None, Shape]] = [(None, next(iter(by_phase.values())))]
    if len(set(by_phase.values())) > 1 or (len(by_phase) == 1 and like.include):
        rows = list(by_phase.items())
    if made_by and all(layer.type == "Input" for layer in made_by) and result.first_may_be_renamed(blob):
        _rename_first(result, blob, made_by)
    for copy in range(1, len(namer.affixes)):
        name = namer.blob(blob, copy)
        result.names[(blob, copy)] = name
        result.told.append(f"new input: {name}")
        for phase, shape in rows:
            statements: list[Statement] = [
                ("name", prototxt.quote(name)),
                ("type", '"Input"'),
                ("top", prototxt.quote(name)),
            ]
            if phase is not None:
                statements.append(("include", [("phase", phase)]))
            statements.append(("input_param", [("shape", [("dim", str(dim)) for dim in shape])]))
            result.add(like, name, statements)


def _rename_first(result: OwnInputs, blob: str, made_by: Sequence[LayerText]) -> None:
    new = result.namer.blob(blob, 0)
    result.names[(blob, 0)] = new
    result.told.append(f"renamed input: {blob} -> {new}")
    for layer in made_by:
        result.rename_top(layer, blob, new)
        name = layer.child("name")
        coupled = layer.name == blob and len(layer.tops) == 1
        if coupled and name is not None:
            result.splices += prototxt.set_string(result.view.tree, layer.chunk, name, new)
        result.changed.append(new + layer.key.removeprefix(layer.name) if coupled else layer.key)


def _shapes_of(blob: str, readers: Readers, shapes: Shapes) -> dict[str, Shape]:
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
                    "Say what the data layer's source holds (in the editor at the layer, on the command line "
                    "by --datum SOURCE=CxHxW), or let the copies read the same.",
                    reader.place,
                )
            found.setdefault(state.phase, shape)
    if not found:
        raise EditError(
            "unknown-shape", f"No state of the net has the blob {blob!r}: its shape is not known."
        )
    return found
