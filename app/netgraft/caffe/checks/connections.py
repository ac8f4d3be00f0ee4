"""Bottoms and tops: what Net::Init and InsertSplits abort on."""

from __future__ import annotations

from collections.abc import Sequence, Set
from difflib import get_close_matches
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.catalogue.shapes import fail
from netgraft.caffe.diagnostics import Diagnostic, Fix, counted, declare, said_instead
from netgraft.caffe.facts import LayerFacts
from netgraft.caffe.upgrade import SourceLayer

UNKNOWN_BOTTOM: Final = declare("unknown-bottom", "error", "A layer reads a blob that no earlier layer makes")
PRODUCED_TWICE: Final = declare("top-produced-twice", "error", "Two layers make a blob of one name")
PROPAGATE_DOWN: Final = declare("propagate-down-count", "error", "propagate_down does not match the bottoms")

Layers = Sequence[tuple[str, SourceLayer]]


def unknown_bottom(layers: Layers, inactive: Layers, index: int, bottom: int) -> Diagnostic:
    """InsertSplits: a bottom must come from an earlier layer of the filtered net."""
    key, source = layers[index]
    blob = source.facts.bottoms[bottom]
    earlier = [top for _, layer in layers[:index] for top in layer.facts.tops]
    later = next((at for at in range(index, len(layers)) if blob in layers[at][1].facts.tops), None)
    elsewhere = next((key for key, layer in inactive if blob in layer.facts.tops), None)
    message = f"No layer before {key} makes the blob '{blob}'"
    fixes: tuple[Fix, ...] = ()
    if later == index:
        message += "; the layer makes it itself, and cannot read what it has not yet made."
    elif later is not None:
        message += f"; {layers[later][0]} does, but later in the file, and Caffe runs in file order."
        fixes = _moves(layers, index, later)
    elif elsewhere is not None:
        message += f"; {elsewhere} does, but its include and exclude rules keep it out of this net."
    else:
        near = get_close_matches(blob, earlier, 1)
        message += f"; is '{near[0]}' meant?" if near else "."
        fixes = tuple(said_instead(f"Read '{name}'", key, f"bottom[{bottom}]", name) for name in near)
    caffe = f"Unknown bottom blob '{blob}' (layer '{source.facts.name}', bottom index {bottom})"
    place = places.element_place(source, "bottom", bottom)
    return Diagnostic(UNKNOWN_BOTTOM, "error", message, caffe, key, blob, place, fixes)


def _moves(layers: Layers, reader: int, maker: int) -> tuple[Fix, ...]:
    """The maker before its reader, or else the reader after its maker, where all others stay as they are."""
    (key, reading), (other, making) = layers[reader], layers[maker]
    earlier = {top for _, layer in layers[:reader] for top in layer.facts.tops}
    between = [layer.facts for _, layer in layers[reader + 1 : maker]]
    up = [_bound(one, making.facts, earlier) for one in (reading.facts, *between)]
    if not any(up) and earlier.issuperset(making.facts.bottoms):
        return (Fix(f"Move {other} before {key}", ({"op": "move_layer", "layer": other, "before": key},)),)
    down = [_bound(reading.facts, one, earlier) for one in (*between, making.facts)]
    there = earlier.union(making.facts.tops, *(one.tops for one in between))
    if not any(down) and there.issuperset(reading.facts.bottoms):
        return (Fix(f"Move {key} after {other}", ({"op": "move_layer", "layer": key, "after": other},)),)
    return ()


def _bound(one: LayerFacts, other: LayerFacts, earlier: Set[str]) -> bool:
    """Whether `other` must stay after `one`, where `earlier` are the blobs that are made before both."""
    remade = {*one.tops, *(earlier & {*one.bottoms})}
    return not (remade.isdisjoint(other.tops) and {*one.tops}.isdisjoint(other.bottoms))


def taken_bottom(key: str, source: SourceLayer, bottoms: Sequence[str], bottom: int) -> Diagnostic:
    """AppendBottom: the blob was there, but another layer has read it (only after another error)."""
    blob = bottoms[bottom]
    caffe = f"Unknown bottom blob '{blob}' (layer '{source.facts.name}', bottom index {bottom})"
    message = f"'{blob}' is not to be had when {key} reads it."
    place = places.element_place(source, "bottom", bottom)
    return Diagnostic(UNKNOWN_BOTTOM, "error", message, caffe, key, blob, place)


def produced_twice(
    layers: Layers, key: str, source: SourceLayer, top: int, bottoms: Sequence[str]
) -> Diagnostic:
    """AppendTop: a top that exists already and is not this layer's bottom at the same index."""
    blob = source.facts.tops[top]
    caffe = f"Top blob '{blob}' produced by multiple sources."
    other = next((other for other, layer in layers if blob in layer.facts.tops), key)
    stated = source.facts.bottoms
    if top < len(stated) and stated[top] == blob and bottoms[top] != blob:
        message = (
            f"{key} cannot work in place on '{blob}': another layer reads '{blob}' too, so Caffe splits it "
            "and there is nothing left to overwrite."
        )
    elif other == key:
        message = f"{key} makes '{blob}' twice."
    else:
        message = f"{key} makes the blob '{blob}', which {other} has made already."
    return Diagnostic(
        PRODUCED_TWICE, "error", message, caffe, key, blob, places.element_place(source, "top", top)
    )


def split_clash(key: str, source: SourceLayer, blob: str) -> Diagnostic:
    """AppendTop on a Split layer's top: two layers of one name that make the same blob."""
    caffe = f"Top blob '{blob}' produced by multiple sources."
    message = (
        f"Caffe splits what {key} makes for its readers, and the name '{blob}' that it makes up for it "
        "is taken: another layer has the same name and the same top."
    )
    return Diagnostic(PRODUCED_TWICE, "error", message, caffe, key, blob, places.layer_place(source))


def propagate_down(key: str, source: SourceLayer) -> Diagnostic:
    """Net::Init: propagate_down is given for every bottom or for none."""
    given, bottoms = source.facts.propagate_down, len(source.facts.bottoms)
    caffe = fail(
        "layer_param.propagate_down_size() == layer_param.bottom_size()",
        "propagate_down param must be specified either 0 or bottom_size times",
        (given, bottoms),
    ).message
    message = (
        f"{key} states propagate_down {given} times for {counted(bottoms, 'bottom')}; "
        "state it once each, or not at all."
    )
    place = places.element_place(source, "propagate_down", min(given - 1, bottoms))
    return Diagnostic(PROPAGATE_DOWN, "error", message, caffe, key, None, place)
