"""Blobs that stand in no file: a BatchNorm (and Scale) merged into the layer before it.

A computed blob reads its values out of the stored ones a piece at a time, so a plan streams it as it streams
every other. The same stored bytes give the same bytes always: float64 inside, rounded once to float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from netgraft.weights.errors import WeightsError
from netgraft.weights.origin import Norm, Origin
from netgraft.weights.stored import NUMPY, StoredBlob, StoredLayer

Find = Callable[[Origin], StoredLayer | None]
"""The stored layer that an origin means, None where there is none."""


@dataclass(frozen=True, slots=True)
class Affine:
    """y = factor * x + offset, one of each a channel, in float64."""

    factor: NDArray[np.float64]
    offset: NDArray[np.float64]

    def then(self, after: Affine) -> Affine:
        """This one followed by another."""
        return Affine(self.factor * after.factor, self.offset * after.factor + after.offset)


def affine(norm: Norm, find: Find) -> Affine:
    """What a BatchNorm with stored statistics, and the Scale after it, does to each channel.

    Mirrors BatchNormLayer::Forward_cpu with use_global_stats: mean and variance are divided by the stored
    moving-average factor (0 stays 0). Raises WeightsError (kind `origin`) where blobs are missing.
    """
    mean, variance, factor = (_flat(blob) for blob in _blobs(norm.batch_norm, find, (3,)))
    if mean.size != variance.size or factor.size != 1:
        raise _no_norm(norm.batch_norm, "holds no mean and variance of one size with one factor")
    average = 0.0 if factor[0] == 0 else 1.0 / float(factor[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1.0 / np.sqrt(variance * average + norm.eps)
        result = Affine(inverse, -mean * average * inverse)
    if norm.scale is None:
        return result
    stored = [_flat(blob) for blob in _blobs(norm.scale, find, (1, 2))]
    offset = stored[1] if len(stored) == 2 else np.zeros_like(stored[0])
    if stored[0].size != mean.size or offset.size != mean.size:
        raise _no_norm(norm.scale, f"does not scale the {mean.size} channels of '{norm.batch_norm.layer}'")
    return result.then(Affine(stored[0], offset))


_kept: WeakKeyDictionary[StoredLayer, tuple[Origin, list[StoredLayer | None], StoredLayer]] = (
    WeakKeyDictionary()
)


def merged(layer: StoredLayer, origin: Origin, find: Find) -> StoredLayer:
    """A stored layer with all of an origin's norms merged into weight and bias, which it then has.

    Kept while the layer is: every graph of a document asks for it. Raises WeightsError (kind `origin`) where
    the blobs do not go together.
    """
    parts = [find(part) for norm in origin.norms for part in (norm.batch_norm, norm.scale) if part]
    known = _kept.get(layer)
    if known is None or known[0] != origin or any(a is not b for a, b in zip(known[1], parts, strict=True)):
        known = _kept[layer] = origin, parts, _merged(layer, origin, find)
    return known[2]


def _merged(layer: StoredLayer, origin: Origin, find: Find) -> StoredLayer:
    if not 1 <= len(layer.blobs) <= 2 or any(blob.count != blob.volume for blob in layer.blobs):
        raise _no_norm(origin, "has no weight and bias that a BatchNorm could be merged into")
    weight = layer.blobs[0]
    steps = [affine(norm, find) for norm in origin.norms]
    channels = steps[0].factor.size
    shape = tuple(axis for axis in weight.shape)
    inner = prod(_tail(shape, origin.channels, channels))
    if (
        not inner
        or weight.count % (channels * inner)
        or (not origin.channels and weight.count != channels * inner)
    ):
        raise _no_norm(origin, f"has not the {channels} channels of '{origin.norms[0].batch_norm.layer}'")
    whole = steps[0]
    for step in steps[1:]:
        if step.factor.size != channels:
            raise _no_norm(origin, "is followed by BatchNorms of different sizes")
        whole = whole.then(step)
    bias = np.zeros(channels) if len(layer.blobs) == 1 else _flat(layer.blobs[1])
    if bias.size != channels:
        raise _no_norm(origin, f"has a bias of {bias.size} values for {channels} channels")
    with np.errstate(over="ignore", invalid="ignore"):
        new_bias = (bias * whole.factor + whole.offset).astype("<f4")
    blobs = (
        _made(weight, shape, weight.count, _scaled(weight, whole.factor, inner)),
        _made(weight, (channels,), channels, lambda first, last: new_bias[first:last].tobytes()),
    )
    return replace(layer, blobs=blobs, positions=())


def _tail(shape: tuple[int, ...], axis: int, channels: int) -> tuple[int, ...]:
    """The axes inside the channels' axis; a legacy shape has leading ones, so the channels are looked for."""
    while len(shape) > axis + 1 and shape[0] == 1 and shape[axis] != channels:
        shape = shape[1:]
    return shape[axis + 1 :] if len(shape) > axis and shape[axis] == channels else (0,)


def _scaled(weight: StoredBlob, factor: NDArray[np.float64], inner: int) -> Callable[[int, int], bytes]:
    def load(first: int, last: int) -> bytes:
        values = np.frombuffer(weight.span_of(first, last), NUMPY[weight.dtype]).astype(np.float64)
        channel = np.arange(first, last) // inner % factor.size
        with np.errstate(over="ignore", invalid="ignore"):
            return (values * factor[channel]).astype("<f4").tobytes()

    return load


def _made(
    like: StoredBlob, shape: tuple[int, ...], count: int, load: Callable[[int, int], bytes]
) -> StoredBlob:
    return StoredBlob(like.source, shape, like.legacy and len(shape) == 4, "float", count, (), load=load)


def _blobs(origin: Origin, find: Find, counts: tuple[int, ...]) -> tuple[StoredBlob, ...]:
    layer = find(origin)
    if layer is None:
        raise WeightsError(f"No layer '{origin.layer}' in the weights, which is to be merged", kind="origin")
    if len(layer.blobs) not in counts or any(blob.count != blob.volume for blob in layer.blobs):
        raise _no_norm(origin, f"holds {len(layer.blobs)} blobs")
    return layer.blobs


def _flat(blob: StoredBlob) -> NDArray[np.float64]:
    return blob.read().astype(np.float64).reshape(-1)


def _no_norm(origin: Origin, why: str) -> WeightsError:
    return WeightsError(f"Nothing can be merged: the stored layer '{origin.layer}' {why}", kind="origin")
