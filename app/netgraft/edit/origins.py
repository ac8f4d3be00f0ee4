"""The map from layers to the stored layers that they start from, kept up by every operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netgraft import prototxt
from netgraft.edit.meaning import roles, states
from netgraft.edit.shapes import Datum, layer_shapes
from netgraft.edit.view import View, view
from netgraft.weights.origin import Origin


def tidy(origins: Mapping[str, Origin | None], after: View) -> dict[str, Origin | None]:
    """The map without what goes without saying: layers that are gone, that have no parameters, or that
    start from the stored layer of their own name."""
    with_blobs = {layer.name for layer in after.layers if layer.name in origins and roles(after, layer) != ()}
    return {name: origin for name, origin in origins.items() if name in with_blobs and origin != Origin(name)}


def with_owner(before: Origin | None, owner: Origin | None) -> Origin | None:
    """Where a sharer that leaves its owner starts from: its own stored blobs, else the owner's.

    Caffe stores sharers under their own names in a .caffemodel and leaves them out of HDF5; a net that was
    trained before it had the sharer holds the owner's alone."""
    if before is None or owner is None:
        return before or owner
    if (before.source, before.norms) != (owner.source, owner.norms):
        return before
    fallbacks = dict.fromkeys((*before.fallbacks, *owner.candidates))
    return replace(before, fallbacks=tuple(one for one in fallbacks if one != before.layer))


def misfits(
    before: prototxt.Document, after: prototxt.Document, sources: Mapping[str, str], datum: Datum
) -> list[str]:
    """The names of layers whose parameters have other shapes than their sources': what is stored for
    them fits no more (Caffe would abort on it), so they start from their fillers. `sources` gives
    each new layer's source, by key."""
    found_states = states(view(before))
    old, new = (layer_shapes(tree, found_states, datum) for tree in (before, after))
    keys = view(after).by_key
    names: dict[str, None] = {}
    for state in found_states:
        for key, source in sources.items():
            was, now = old[state].get(source), new[state].get(key)
            if was is None or now is None or key not in keys:
                continue
            known = None not in was.blobs and None not in now.blobs
            if known and was.blobs != now.blobs:
                names[keys[key].name] = None
    return list(names)
