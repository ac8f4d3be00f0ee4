"""Copies that can never become different."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from google.protobuf.message import Message

from netgraft.caffe import places
from netgraft.caffe.checks.dangers import Scene, danger
from netgraft.caffe.diagnostics import Diagnostic, counted
from netgraft.caffe.model import NetLayer
from netgraft.proto import caffe_pb2

TWINS: Final = "identical-twins"

_Top = tuple[int, int]  # a layer's index and the number of its top: one version of a blob
_NOT_COMPARED: Final = ("name", "bottom", "top", "param", "include", "exclude", "propagate_down")


@danger(TWINS, "Copies that stay equal for ever")
def identical_twins(scene: Scene) -> Iterator[Diagnostic]:
    """Two unshared chains of the same layers that read the same blobs, start from the same weights, learn at
    equal rates, and meet in a layer that treats them alike: they get equal gradients at every step."""
    joins = [index for index, layer in enumerate(scene.net.layers) if _symmetric_bottoms(layer)]
    if not joins:
        return
    wiring = _Wiring(scene)
    for join in joins:
        layer = scene.net.layers[join]
        for first, second in _symmetric_bottoms(layer):
            pairs = wiring.twins(wiring.sources[join][first], wiring.sources[join][second])
            if not pairs:
                continue
            one, other = (scene.net.layers[index] for index in sorted(pairs[0]))
            more = f" (and {counted(len(pairs) - 1, 'pair')} before them)" if len(pairs) > 1 else ""
            message = (
                f"{one.key} and {other.key}{more} are not shared, yet they read the same, start from the "
                f"same weights and learn at equal rates, and {layer.key} treats them alike: "
                "they stay equal for ever."
            )
            place = places.layer_place(other.source)
            yield Diagnostic(TWINS, "warning", message, None, other.key, None, place)


def _symmetric_bottoms(layer: NetLayer) -> list[tuple[int, int]]:
    """The pairs of bottoms that a layer treats alike."""
    bottoms = len(layer.bottoms)
    if layer.type in ("EuclideanLoss", "ContrastiveLoss"):
        return [(0, 1)] if bottoms >= 2 else []
    if layer.type != "Eltwise" or bottoms < 2:
        return []
    coefficients = layer.message.eltwise_param.coeff
    pairs = combinations(range(bottoms), 2)
    if len(coefficients) != bottoms:
        return list(pairs)
    return [(first, second) for first, second in pairs if coefficients[first] == coefficients[second]]


class _Wiring:
    """Which version of a blob each bottom reads, and how often each version is read."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        made: dict[str, _Top] = {}
        self.sources: list[list[_Top | None]] = []
        self.readers: dict[_Top, int] = {}
        for index, layer in enumerate(scene.net.layers):
            sources = [made.get(blob) for blob in layer.bottoms]
            self.sources.append(sources)
            for source in sources:
                if source is not None:
                    self.readers[source] = self.readers.get(source, 0) + 1
            for position, blob in enumerate(layer.tops):
                made[blob] = (index, position)

    def twins(self, first: _Top | None, second: _Top | None) -> list[tuple[int, int]]:
        """The pairs of unshared learning layers on the two chains that end in these blobs, last first; none
        where the chains are not alike down to blobs that they have in common."""
        pairs: dict[tuple[int, int], None] = {}
        stack = [(first, second)]
        seen: set[tuple[_Top, _Top]] = set()
        while stack:
            one, other = stack.pop()
            if one is None or other is None:
                return []
            if one == other or (one, other) in seen:
                continue
            seen.add((one, other))
            alike = one[1] == other[1] and self.readers.get(one) == self.readers.get(other)
            if not alike or one[0] == other[0] or not self._alike(one[0], other[0]):
                return []
            if self._learns_apart(one[0], other[0]):
                pairs[one[0], other[0]] = None
            stack += zip(self.sources[one[0]], self.sources[other[0]], strict=True)
        return list(pairs)

    def _alike(self, first: int, second: int) -> bool:
        """Whether two layers compute the same on equal bottoms and will go on to."""
        one, other = self.scene.net.layers[first], self.scene.net.layers[second]
        if one.type != other.type or not one.bottoms or len(one.bottoms) != len(other.bottoms):
            return False
        if len(one.tops) != len(other.tops) or one.blobs != other.blobs or None in one.blobs:
            return False
        if _signature(one.message) != _signature(other.message):
            return False
        params = self.scene.net.params
        for blob in range(len(one.blobs)):
            left, right = params[one.first_param + blob], params[other.first_param + blob]
            if (left.lr, left.decay) != (right.lr, right.decay):
                return False
        return not one.blobs or not self._learns_apart(first, second) or self._same_start(one, other)

    def _learns_apart(self, first: int, second: int) -> bool:
        """Whether the layers have blobs that learn and that they do not share with each other."""
        params = self.scene.net.params
        one, other = self.scene.net.layers[first], self.scene.net.layers[second]
        for blob in range(len(one.blobs)):
            left, right = one.first_param + blob, other.first_param + blob
            owners = (_owner(params[left].owner, left), _owner(params[right].owner, right))
            if params[left].lr != 0 and owners[0] != owners[1]:
                return True
        return False

    def _same_start(self, one: NetLayer, other: NetLayer) -> bool:
        """Whether the weights begin equal: copies of one layer's stored weights, or constant fillers."""
        origins = self.scene.origins
        if one.name in origins or other.name in origins:
            return origins.get(one.name) is not None and origins.get(one.name) == origins.get(other.name)
        return all(filler.type == "constant" for filler in _fillers(one.message))


def _owner(owner: int, param: int) -> int:
    return param if owner < 0 else owner


def _signature(message: caffe_pb2.LayerParameter) -> bytes:
    copy = caffe_pb2.LayerParameter()
    copy.CopyFrom(message)
    for name in _NOT_COMPARED:
        copy.ClearField(name)
    return copy.SerializeToString(deterministic=True)


def _fillers(message: Message) -> Iterator[caffe_pb2.FillerParameter]:
    """Every filler that a layer states; one that it does not state is constant."""
    for field, value in message.ListFields():
        if field.message_type is None or field.is_repeated:
            continue
        if isinstance(value, caffe_pb2.FillerParameter):
            yield value
        elif isinstance(value, Message):
            yield from _fillers(value)
