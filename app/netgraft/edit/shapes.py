"""Shapes for edits: what `netgraft.caffe` finds for each state of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netgraft import prototxt
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

Shape = tuple[int, ...]
Datum = Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class LayerShapes:
    """What one layer reads, holds and makes, in one state."""

    bottoms: tuple[Shape | None, ...]
    blobs: tuple[Shape | None, ...]
    tops: tuple[Shape | None, ...]


def layer_shapes(
    tree: prototxt.Document, states: Sequence[NetState], datum: Datum
) -> dict[NetState, dict[str, LayerShapes]]:
    """Shapes by state and layer key; a fork's layers do not stop the others."""
    found: dict[NetState, dict[str, LayerShapes]] = {}
    for state in states:
        net = check(tree, state, datum=datum, profile="fork").net
        found[state] = {
            layer.key: LayerShapes(layer.bottom_shapes, layer.blobs, layer.top_shapes) for layer in net.layers
        }
    return found
