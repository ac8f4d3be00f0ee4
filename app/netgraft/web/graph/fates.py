"""What loading a document's weights does to each layer."""

from __future__ import annotations

from collections.abc import Sequence

from netgraft import edit, weights
from netgraft.caffe.layers import DocLayer
from netgraft.caffe.model import Net
from netgraft.weights import Index
from netgraft.weights.resolve import resolve

_WORDS = {"copied": "loads", "shared": "loads", "left out": "loads", "filler": "filler", "clash": "clash"}

Fate = tuple[str | None, str | None]
"""The stored layer that a layer's weights come from, and what becomes of it."""


def fates(
    document: edit.Document, index: Index | None, layers: Sequence[DocLayer], nets: Sequence[Net]
) -> dict[str, Fate]:
    """By layer key; without weights, only the origins that differ from the layer's own name."""
    if index is None:
        names = {name: origin.layer if origin else None for name, origin in document.origins.items()}
        return {layer.key: (names[layer.name], None) for layer in layers if layer.name in names}
    found: dict[str, Fate] = {}
    for layer in resolve(weights.targets(*nets), {"": index}, document.origins):
        if layer.action in _WORDS:
            origin = layer.blobs[0].origin if layer.blobs else layer.origin
            stored = origin.layer if origin is not None and layer.stored is not None else None
            found[layer.target.name] = (stored, _WORDS[layer.action])
    return {layer.key: found[layer.name] for layer in layers if layer.name in found}
