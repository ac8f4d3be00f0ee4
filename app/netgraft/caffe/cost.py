"""What a net costs: parameters, multiply-accumulates and activation memory, per layer and in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from netgraft.caffe.catalogue import costs
from netgraft.caffe.catalogue.registry import Shape
from netgraft.caffe.catalogue.shapes import total
from netgraft.caffe.model import Net, NetLayer

BYTES_A_VALUE: Final = 4
"""Caffe computes in 32-bit floats."""


class LayerCost(NamedTuple):
    """One layer's cost for the batch that the net states; None where shapes are unknown.

    `parameters`: values in the blobs that the layer owns; `shared`: values in those that it shares with an
    owner before it. `macs`: multiply-accumulates of one forward pass, counted for layers that multiply by
    weights; 0 for others. `activations`: values in the blobs that the layer makes (none for one in place).
    """

    key: str
    parameters: int | None
    shared: int | None
    macs: int | None
    activations: int | None

    @property
    def activation_bytes(self) -> int | None:
        """Memory of the blobs that the layer makes, values only; gradients need as much again."""
        return None if self.activations is None else self.activations * BYTES_A_VALUE


class NetCost(NamedTuple):
    """All layers, and their sums. A sum leaves out what is unknown; `complete` says whether nothing was."""

    layers: tuple[LayerCost, ...]
    parameters: int
    macs: int
    activations: int
    complete: bool

    @property
    def activation_bytes(self) -> int:
        """Memory of all blobs, values only."""
        return self.activations * BYTES_A_VALUE


def cost(net: Net) -> NetCost:
    """The cost of a built net; shared parameters count once, for their owner."""
    params = net.params
    sharers = {params[member].layer for group in net.groups for member in group.members[1:]}
    layers = tuple(
        [
            layer_cost(net, layer) if index in sharers else _alone(layer)
            for index, layer in enumerate(net.layers)
        ]
    )
    return NetCost(
        layers,
        sum([layer[1] or 0 for layer in layers]),
        sum([layer[3] or 0 for layer in layers]),
        sum([layer[4] or 0 for layer in layers]),
        not any(None in layer for layer in layers),
    )


def layer_cost(net: Net, layer: NetLayer) -> LayerCost:
    """The cost of one layer of the net."""
    own: int | None = 0 if layer.blobs_known else None
    shared: int | None = own
    if layer.blobs:
        for param in net.params[layer.first_param : layer.first_param + len(layer.blobs)]:
            if param.shape is None:
                own = shared = None
            elif own is not None and shared is not None:
                if param.owner < 0:
                    own += total(param.shape)
                else:
                    shared += total(param.shape)
    _, _, macs, activations = _work(layer)
    return LayerCost(layer.key, own, shared, macs, activations)


def _alone(layer: NetLayer) -> LayerCost:
    """The cost of a layer that shares no blob with one before it."""
    return tuple.__new__(LayerCost, (layer.key, *_work(layer)))


class _Work(NamedTuple):
    """As LayerCost has it, for a layer that owns all its blobs."""

    parameters: int | None
    shared: int | None
    macs: int | None
    activations: int | None


def _work(layer: NetLayer) -> _Work:
    """Kept with the layer's facts: what it costs changes with its text and its shapes only."""
    shapes = (layer.bottom_shapes, layer.top_shapes, layer.blobs, layer.blobs_known)
    known = layer.source.facts.work
    if known is not None and known[0] == shapes and isinstance(known[1], _Work):
        return known[1]
    made = [
        shape
        for position, (top, shape) in enumerate(zip(layer.tops, layer.top_shapes, strict=True))
        if position >= len(layer.bottoms) or layer.bottoms[position] != top
    ]
    own = _values(layer.blobs) if layer.blobs_known else None
    work = _Work(own, None if own is None else 0, _macs(layer), _values(made))
    layer.source.facts.work = shapes, work
    return work


def _values(shapes: Sequence[Shape | None]) -> int | None:
    counts = [None if shape is None else total(shape) for shape in shapes]
    return None if None in counts else sum(count or 0 for count in counts)


def _macs(layer: NetLayer) -> int | None:
    known = layer.known
    if known is None:
        return None
    if not costs.multiplies(known):
        return 0
    bottoms, tops, blobs = (_known(shapes) for shapes in (layer.bottom_shapes, layer.top_shapes, layer.blobs))
    if bottoms is None or tops is None or blobs is None:
        return None
    return costs.macs(known, layer.message, bottoms, tops, blobs)


def _known(shapes: tuple[Shape | None, ...]) -> list[Shape] | None:
    found = [shape for shape in shapes if shape is not None]
    return found if len(found) == len(shapes) else None
