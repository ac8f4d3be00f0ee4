"""Where Caffe puts Split layers: a blob version with several readers is split, one name a reader.

Splits are no layers of the net as its author sees it, but their names decide what is in place and
what clashes. Mirrors InsertSplits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from netgraft.caffe.upgrade import SourceLayer


class Split(NamedTuple):
    """One Split layer, right after the layer that makes `blob`; `loss`: it carries its loss weight."""

    name: str
    blob: str
    tops: tuple[str, ...]
    loss: bool


class Unfound(NamedTuple):
    """A bottom that no earlier layer makes: (layer, bottom) indices."""

    layer: int
    bottom: int


class SplitPlan(NamedTuple):
    """`bottoms`: by layer index, its bottoms' names where some are split. `splits`: by layer index, the Split
    layers after it. `cleared`: layers whose loss weights move to a Split."""

    bottoms: dict[int, tuple[str, ...]]
    splits: dict[int, tuple[Split, ...]]
    cleared: frozenset[int]
    unfound: tuple[Unfound, ...]


def plan_splits(layers: Sequence[SourceLayer]) -> SplitPlan:
    """The splits of a filtered net. A use of a top in the loss counts as a reader."""
    last_top: dict[str, int] = {}  # blob name -> the number of the top that last made it
    readers: list[int] = []  # by top number
    weights: dict[int, float] = {}
    sources: list[int] = []  # for each bottom of each layer in turn, the number of its top, or -1
    unfound: list[Unfound] = []
    several = False
    for index, layer in enumerate(layers):
        facts = layer.facts
        for position, blob in enumerate(facts.bottoms):
            top = last_top.get(blob, -1)
            sources.append(top)
            if top < 0:
                unfound.append(Unfound(index, position))
            else:
                readers[top] += 1
                if readers[top] > 1:
                    several = True
        for blob in facts.tops:
            last_top[blob] = len(readers)
            readers.append(0)
        if facts.loss_weights:
            for blob, weight in zip(facts.tops, facts.loss_weights, strict=False):
                top = last_top[blob]
                weights[top] = weight
                if weight:
                    readers[top] += 1
                    several = several or readers[top] > 1
    if not several:
        return SplitPlan({}, {}, frozenset(), tuple(unfound))
    return _name_splits(layers, readers, weights, sources, unfound)


def _name_splits(
    layers: Sequence[SourceLayer],
    readers: list[int],
    weights: dict[int, float],
    sources: list[int],
    unfound: list[Unfound],
) -> SplitPlan:
    bottoms: dict[int, tuple[str, ...]] = {}
    splits: dict[int, tuple[Split, ...]] = {}
    cleared: set[int] = set()
    names: dict[int, tuple[str, ...]] = {}  # by top number
    following: dict[int, int] = {}  # by top number, the next of its names to be read
    first_bottom = top = 0
    for index, layer in enumerate(layers):
        facts = layer.facts
        read = sources[first_bottom : first_bottom + len(facts.bottoms)]
        first_bottom += len(facts.bottoms)
        if names and not names.keys().isdisjoint(read):
            renamed = list(facts.bottoms)
            for position, source in enumerate(read):
                if source in names:
                    renamed[position] = names[source][following[source]]
                    following[source] += 1
            bottoms[index] = tuple(renamed)
        made: list[Split] = []
        for position, blob in enumerate(facts.tops):
            if readers[top] > 1:
                stem = f"{blob}_{facts.name}_{position}_split"
                names[top] = tuple([f"{stem}_{k}" for k in range(readers[top])])
                following[top] = 0
                made.append(Split(stem, blob, names[top], bool(weights.get(top))))
                if weights.get(top):
                    cleared.add(index)
                    following[top] = 1  # the Split's first top is the loss
            top += 1
        if made:
            splits[index] = tuple(made)
    return SplitPlan(bottoms, splits, frozenset(cleared), tuple(unfound))
