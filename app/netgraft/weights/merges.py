"""Finding out, for a pair on disk, which BatchNorm was merged into a layer: nothing there says so any more.

A merged bias is as good as a signature: it is made anew from every BatchNorm of as many channels (and every
Scale) that the originals hold, the nearest after the layer first, until one gives the very bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from google.protobuf.message import DecodeError

from netgraft.proto import caffe_pb2
from netgraft.weights.compare import first_difference
from netgraft.weights.computed import Affine, affine, merged
from netgraft.weights.errors import WeightsError
from netgraft.weights.origin import Norm, Origin
from netgraft.weights.stored import Index, StoredBlob, StoredLayer

MOST_TRIES: Final = 20_000
"""Biases that are made for one layer before it is called unknown."""


@dataclass(slots=True)
class Merges:
    """Looks in the originals for what was merged. `eps` are those of BatchNorms as their nets state them, by
    layer name; else what the caffemodel says of the layer counts."""

    sources: Mapping[str, Index]
    eps: Mapping[str, float] = field(default_factory=dict)
    _affine: dict[Norm, Affine | None] = field(default_factory=dict)
    _norms: dict[tuple[str, int], tuple[list[tuple[int, Norm]], list[tuple[int, Origin]]]] = field(
        default_factory=dict
    )

    def find(self, layer: str, blobs: Sequence[StoredBlob | None]) -> Origin | None:
        """Where the weight and bias come from, None where nothing makes them bit for bit."""
        if len(blobs) != 2 or blobs[0] is None or blobs[1] is None:
            return None
        weight, bias = blobs[0], blobs[1]
        wanted = b"".join(bytes(piece) for piece in bias.pieces())
        tries = 0
        for source, at, stored in self._makers(layer, weight, bias.count):
            old = stored.blobs[1].read().astype(np.float64).reshape(-1) if len(stored.blobs) == 2 else 0.0
            for norm in self._after(source, at, bias.count):
                tries += 1
                if tries > MOST_TRIES:
                    return None
                step = self._step(norm)
                if step is None:
                    continue
                with np.errstate(over="ignore", invalid="ignore"):
                    made = (old * step.factor + step.offset).astype("<f4")
                if made.tobytes() == wanted and (origin := self._made(stored, source, norm, weight)):
                    return origin
        return None

    def merged(self, origin: Origin) -> StoredLayer:
        """The layer that an origin of `find` makes."""
        return merged(self.sources[origin.source].require(origin.layer), origin, self._find)

    def _find(self, origin: Origin) -> StoredLayer | None:
        return self.sources[origin.source].effective(origin.layer)

    def _made(self, stored: StoredLayer, source: str, norm: Norm, weight: StoredBlob) -> Origin | None:
        """The origin whose weight is that very one, too; the channels may be the first axis or the second."""
        for channels in (0, 1):
            origin = Origin(stored.name, source, norms=(norm,), channels=channels)
            with suppress(WeightsError):
                if first_difference(weight, self.merged(origin).blobs[0]) is None:
                    return origin
        return None

    def _makers(self, name: str, weight: StoredBlob, channels: int) -> Iterator[tuple[str, int, StoredLayer]]:
        """Layers of the originals that the merged one may have been, that of its own name first."""
        found = [
            (source, at, layer)
            for source, index in self.sources.items()
            for at, layer in enumerate(index.layers)
            if index.effective(layer.name) is layer
            and 1 <= len(layer.blobs) <= 2
            and layer.blobs[0].count == weight.count
            and all(blob.count == channels for blob in layer.blobs[1:])
        ]
        yield from sorted(found, key=lambda one: one[2].name != name)

    def _after(self, source: str, at: int, channels: int) -> Iterator[Norm]:
        """BatchNorms alone and with each Scale, those first that stand soonest after a place of the file."""
        key = source, channels
        if key not in self._norms:
            self._norms[key] = self._parts(source, channels)
        norms, scales = self._norms[key]

        def distance(place: int, start: int) -> tuple[bool, int]:
            return place < start, abs(place - start)

        for place, norm in sorted(norms, key=lambda one: distance(one[0], at)):
            yield norm
            for _, scale in sorted(scales, key=lambda one: distance(one[0], place)):
                yield Norm(norm.batch_norm, norm.eps, scale)

    def _parts(self, source: str, channels: int) -> tuple[list[tuple[int, Norm]], list[tuple[int, Origin]]]:
        norms: list[tuple[int, Norm]] = []
        scales: list[tuple[int, Origin]] = []
        index = self.sources[source]
        for at, layer in enumerate(index.layers):
            if index.effective(layer.name) is not layer:
                continue
            counts = [blob.count for blob in layer.blobs]
            if counts == [channels, channels, 1] and layer.type in ("BatchNorm", ""):
                eps = self.eps.get(layer.name, _stored_eps(layer))
                norms.append((at, Norm(Origin(layer.name, source), eps)))
            elif counts in ([channels], [channels, channels]) and layer.type in ("Scale", ""):
                scales.append((at, Origin(layer.name, source)))
        return norms, scales

    def _step(self, norm: Norm) -> Affine | None:
        if norm not in self._affine:
            self._affine[norm] = None
            with suppress(WeightsError):
                self._affine[norm] = affine(norm, self._find)
        return self._affine[norm]


def _stored_eps(layer: StoredLayer) -> float:
    """What the caffemodel's own layer states, else Caffe's default."""
    message = caffe_pb2.LayerParameter()
    with suppress(DecodeError):
        message.MergeFromString(b"".join(bytes(layer.source.read(*span)) for span in layer.rest))
    return message.batch_norm_param.eps
