"""Healing a net after layers go: readers are tied to what the gone layers read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from netgraft import prototxt
from netgraft.edit.view import View
from netgraft.prototxt import Splice


@dataclass(slots=True)
class Healing:
    """What has to change at the layers that stay."""

    splices: list[Splice] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def heal(here: View, gone: Collection[str]) -> Healing:
    """Ties each reader of a gone layer to that layer's first bottom.

    A reader that worked in place gets a top of its own thereby (it keeps the name), for the blob it
    reads now may have other readers, which Caffe does not allow beside an in-place one.
    """
    healing = Healing()
    instead: dict[str, str] = {}
    for layer in here.layers:
        if layer.key in gone:
            for index, top in enumerate(layer.top_names):
                if layer.in_place(index):
                    continue
                instead.pop(top, None)
                if layer.bottoms:
                    first = layer.bottom_names[0]
                    instead[top] = instead.get(first, first)
            continue
        if not instead:  # nothing above it goes
            continue
        for bottom in layer.bottoms:
            new = instead.get(bottom.value)
            if new is not None and new != bottom.value:
                healing.splices += prototxt.set_string(here.tree, layer.chunk, bottom.field, new)
                healing.told.append(f"{layer.key} reads {new} instead of {bottom.value}")
                if layer.key not in healing.changed:
                    healing.changed.append(layer.key)
        for made in layer.tops:
            instead.pop(made.value, None)
    return healing
