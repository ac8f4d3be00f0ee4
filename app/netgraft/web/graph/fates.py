"""What loading a document's weights does to each layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from netgraft import edit, weights
from netgraft.caffe.layers import DocLayer
from netgraft.caffe.model import Net
from netgraft.weights import Index
from netgraft.weights.resolve import PlannedLayer, resolve

Word = Literal["loads", "filler", "count-clash", "shape-clash"]

Fate = tuple[str | None, Word | None]
"""The stored layer that a layer's weights come from, and what becomes of it."""


def fate_of(planned: PlannedLayer) -> Fate | None:
    """The fate of a planned layer; None where it has no parameters."""
    source = planned.stored.name if planned.stored is not None else None
    if planned.action == "shared":
        source = planned.blobs[0].origin.layer  # its owner's
    match planned.action:
        case "no blobs":
            return None
        case "filler":
            return source, "filler"
        case "clash":
            wanted, stored = planned.target.blobs, planned.stored
            same = wanted is None or stored is None or len(wanted) == len(stored.blobs)
            return source, "shape-clash" if same else "count-clash"
    return source, "loads"


def fates(
    document: edit.Document, index: Index | None, layers: Sequence[DocLayer], nets: Sequence[Net]
) -> dict[str, Fate]:
    """By layer key; without weights, only the origins that differ from the layer's own name."""
    if index is None:
        names = {name: origin.layer if origin else None for name, origin in document.origins.items()}
        return {layer.key: (names[layer.name], None) for layer in layers if layer.name in names}
    found: dict[str, Fate] = {}
    for planned in resolve(weights.targets(*nets), {"": index}, document.origins):
        fate = fate_of(planned)
        if fate is not None:
            found[planned.target.name] = fate
    return {layer.key: found[layer.name] for layer in layers if layer.name in found}
