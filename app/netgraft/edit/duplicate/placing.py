"""Where copies and joins go in the file: Caffe runs layers in file order."""

from __future__ import annotations

from collections.abc import Mapping

from netgraft.edit.duplicate.selection import Selection
from netgraft.edit.view import View


def places(view: View, selection: Selection, before: Mapping[int, int]) -> dict[int, int]:
    """For each selected layer (by its index in the view) the chunk that its copies stand before.

    That is after the last selected layer, or earlier where someone cannot wait: a reader of a join,
    or an in-place layer outside that overwrites what a copy reads. The copies keep the selection's
    order, so whatever comes before a hurried layer is placed no later than it.
    """
    index_of = {layer.key: index for index, layer in enumerate(view.layers)}
    limit = selection.layers[-1].chunk + 1
    found: dict[int, int] = {}
    for layer in reversed(selection.layers):
        index = index_of[layer.key]
        if index in before:
            limit = min(limit, view.layers[before[index]].chunk)
        found[index] = limit
    return found
