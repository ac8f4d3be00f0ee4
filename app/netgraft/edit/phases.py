"""One layer for each phase: the same name and wires, told apart by a rule."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.caffe.state import NetState, Phase
from netgraft.edit.document import Document, Edited
from netgraft.edit.drawing_operations import SplitPhases
from netgraft.edit.duplicate.text import clone
from netgraft.edit.errors import EditError
from netgraft.edit.origins import tidy
from netgraft.edit.report import Report
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, view
from netgraft.prototxt import Splice

_OTHER: dict[Phase, Phase] = {"TRAIN": "TEST", "TEST": "TRAIN"}


def split_phases(document: Document, operation: SplitPhases) -> Edited:
    """A layer that lives in both phases stays in TRAIN and gets a twin for TEST behind it.

    One that lives in one phase only gets its twin for the other. The twin makes and reads the same blobs.
    Raises EditError where the twin is there already, and where rules ask for more than a phase.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    lives = _lives(layer)
    own: Phase = lives or "TRAIN"
    other = _OTHER[own]
    if any(one.key != layer.key and one.active(NetState(other)) for one in here.variants(layer.name)):
        raise EditError("variant-exists", f"{layer.name!r} has its layer for {other} already.", layer.place)
    tree = document.tree
    twin = clone(tree, layer, _ruled(here, layer, other))
    own_rule = [] if lives is not None else _ruled(here, layer, own)
    now = prototxt.apply(tree, own_rule, insert={layer.chunk + 1: [twin]})
    after = view(now)
    key = next(one.key for one in after.variants(layer.name) if one.chunk == layer.chunk + 1)
    report = Report(
        op="split_phases",
        title=f"Give {layer.name} a layer for {other}",
        summary=[f"{layer.name} lives in {own}, {key} in {other}"],
        upgraded=upgraded,
        added=[key],
        changed=[layer.key] if own_rule else [],
    )
    return Edited(Document(now, tidy(document.origins, after)), report)


def _lives(layer: LayerText) -> Phase | None:
    """The one phase it lives in; None: both."""
    rules = (*layer.include, *layer.exclude)
    if not rules:
        return None
    fields = [field for field in layer.field.children if field.name in ("include", "exclude")]
    if len(fields) != 1 or [child.name for child in fields[0].children] != ["phase"]:
        text = f"{layer.name!r} has rules of its own: whose twin it would be is not to be guessed."
        raise EditError("own-rules", text, layer.place)
    return "TRAIN" if layer.active(NetState("TRAIN")) else "TEST"


def _ruled(here: View, layer: LayerText, phase: Phase) -> list[Splice]:
    """What lets the layer's text live in that phase only."""
    rule = f"include {{ phase: {phase} }}"
    for name in ("include", "exclude"):
        stated = layer.child(name)
        if stated is not None:
            return [Splice(layer.chunk, stated.start, stated.end, rule)]
    wired = [named.field for named in (*layer.bottoms, *layer.tops)]
    last = max(wired, key=lambda field: field.start, default=layer.child("type"))
    return prototxt.add_field(here.tree, layer.chunk, layer.field, rule, after=last)
