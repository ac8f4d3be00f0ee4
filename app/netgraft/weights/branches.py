"""Which layers of a grafted net do what a layer of the original does, found out from the two nets alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from netgraft.caffe.model import Net, NetLayer

Version = tuple[int, int]
"""A blob as one layer makes it: (index of the layer in its net, index of the top)."""
SameWeights = Callable[[NetLayer, NetLayer], bool]
"""Whether a layer of the graft holds the values that a layer of the original holds."""

_NAMES = ("name", "bottom", "top", "param", "blobs", "include", "exclude", "phase", "loss_weight")


@dataclass(frozen=True, slots=True)
class Branch:
    """A layer of the grafted net at which a copy ends, and the layer of the original that it copies.

    `copy` is false for an output that only bears the name: it may be the same in other layers (a merged
    BatchNorm), or another answer (behind a sum of copies).
    """

    layer: str
    original: str
    copy: bool = True


@dataclass(frozen=True, slots=True)
class Branches:
    """`ends`: where copies end. `pairs`: for every layer of the graft the layers of the original that it does
    the same as, by index. `inputs`: blobs of the graft that are fed, with the original's blob for each."""

    ends: tuple[Branch, ...]
    pairs: dict[int, tuple[int, ...]]
    inputs: dict[str, str]


def branches(graft: Net, original: Net, same_weights: SameWeights) -> Branches:
    """Walks the graft in file order: a layer corresponds to one of the original of the same type, parameters
    and weights that reads corresponding blobs. Layers without bottoms correspond by the shapes they make.

    A net's output that both have under one name, with as many values, is an end, too, whatever became of the
    layers before it.
    """
    made = _versions(original)
    now: dict[str, set[Version]] = {}
    pairs: dict[int, tuple[int, ...]] = {}
    inputs: dict[str, str] = {}
    for position, layer in enumerate(graft.layers):
        if layer.bottoms:
            found = [
                index
                for index, other in enumerate(original.layers)
                if other.bottoms
                and _alike(layer, other)
                and all(made[index][at] in now.get(blob, ()) for at, blob in enumerate(layer.bottoms))
                and same_weights(layer, other)
            ]
            tops = [{(index, top) for index in found} for top in range(len(layer.tops))]
        else:
            tops = [_same_input(original, layer, top) for top in range(len(layer.tops))]
            found = sorted({index for versions in tops for index, _ in versions})
            for blob, versions in zip(layer.tops, tops, strict=True):
                for index, top in sorted(versions)[:1]:
                    inputs[blob] = original.layers[index].tops[top]
        if found:
            pairs[position] = tuple(found)
        now.update(zip(layer.tops, tops, strict=True))
    return Branches(tuple(_ends(graft, original, pairs)), pairs, inputs)


def _ends(graft: Net, original: Net, pairs: dict[int, tuple[int, ...]]) -> list[Branch]:
    """Corresponding layers whose tops no corresponding layer reads; and outputs of one name."""
    readers: set[int] = set()
    maker: dict[str, int] = {}
    for position, layer in enumerate(graft.layers):
        if position in pairs:
            readers.update(maker[blob] for blob in layer.bottoms if blob in maker)
        maker.update(dict.fromkeys(layer.tops, position))
    ends = {
        graft.layers[position].name: Branch(graft.layers[position].name, original.layers[found[0]].name)
        for position, found in pairs.items()
        if position not in readers and graft.layers[position].bottoms
    }
    sizes = {
        layer.name: _sizes(layer) for layer in original.layers if set(layer.tops) & set(original.outputs)
    }
    for layer in graft.layers:
        # With other values (behind a Concat of the copies) it is meant to give another answer.
        if sizes.get(layer.name) == _sizes(layer) and set(layer.tops) & set(graft.outputs):
            ends.setdefault(layer.name, Branch(layer.name, layer.name, copy=False))
    return list(ends.values())


def _sizes(layer: NetLayer) -> list[int | None]:
    """How many values each top has; None where its shape is unknown."""
    return [None if shape is None else prod(shape) for shape in layer.top_shapes]


def _versions(net: Net) -> list[list[Version | None]]:
    """For each layer the versions of the blobs that it reads."""
    now: dict[str, Version] = {}
    read: list[list[Version | None]] = []
    for position, layer in enumerate(net.layers):
        read.append([now.get(blob) for blob in layer.bottoms])
        now.update({blob: (position, top) for top, blob in enumerate(layer.tops)})
    return read


def _alike(layer: NetLayer, other: NetLayer) -> bool:
    if layer.type != other.type or len(layer.bottoms) != len(other.bottoms):
        return False
    if len(layer.tops) != len(other.tops):
        return False
    return _bare(layer) == _bare(other)


def _bare(layer: NetLayer) -> bytes:
    """The layer's message but for names, rates and states."""
    bare = type(layer.message)()
    bare.CopyFrom(layer.message)
    for name in _NAMES:
        bare.ClearField(name)
    return bare.SerializePartialToString(deterministic=True)


def _same_input(original: Net, layer: NetLayer, top: int) -> set[Version]:
    """The original's input of the same name and shape, else those of the same shape."""
    shape = layer.top_shapes[top]
    if shape is None:
        return set()
    fitting = {
        (index, position): blob
        for index, other in enumerate(original.layers)
        if not other.bottoms
        for position, blob in enumerate(other.tops)
        if other.top_shapes[position] == shape
    }
    named = {version for version, blob in fitting.items() if blob == layer.tops[top]}
    return named or set(fitting)


def layers_of(net: Net, wanted: Sequence[int]) -> list[NetLayer]:
    """The wanted layers of a net with all that they need to be computed, in file order."""
    maker: dict[str, int] = {}
    needs: list[set[int]] = []
    for position, layer in enumerate(net.layers):
        needs.append({maker[blob] for blob in layer.bottoms if blob in maker})
        maker.update(dict.fromkeys(layer.tops, position))
    kept: set[int] = set()
    pending = list(wanted)
    while pending:
        position = pending.pop()
        if position not in kept:
            kept.add(position)
            pending += needs[position]
    return [net.layers[position] for position in sorted(kept)]
