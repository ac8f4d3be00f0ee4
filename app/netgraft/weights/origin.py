"""Where a layer's weights come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Norm:
    """A BatchNorm, and the Scale after it if any, that the layer before took in.

    Data, not numbers: the merged blobs are computed anew from the stored ones whenever they are read.
    """

    batch_norm: Origin
    eps: float
    scale: Origin | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A layer of an uploaded caffemodel.

    `source` names the caffemodel, "" is the document's main one. `reshape` allows a blob of another shape
    with as many values, as when an InnerProduct becomes a Convolution. `fallbacks` are layers to try in
    order where the caffemodel has no `layer`: a sharer that was set free is stored under its own name where
    Caffe trained it so (Caffe stores sharers too), and else its former owner's blobs are what it had.
    `norms` are merged into its blobs in their order; `channels` is then the axis of the weight that they
    scale (1 for a transposed InnerProduct).
    """

    layer: str
    source: str = ""
    reshape: bool = False
    fallbacks: tuple[str, ...] = ()
    norms: tuple[Norm, ...] = ()
    channels: int = 0

    @property
    def candidates(self) -> tuple[str, ...]:
        """The stored layers to look for; the first that is there counts."""
        return (self.layer, *self.fallbacks)

    @property
    def name(self) -> str:
        """The stored layer for people: `conv1`, `conv1 with bn1 and scale1`."""
        norms = [part.layer for norm in self.norms for part in (norm.batch_norm, norm.scale) if part]
        return f"{self.layer} with {' and '.join(norms)}" if norms else self.layer

    @property
    def title(self) -> str:
        """As `name`, with the source: `conv1 of other`."""
        return f"{self.name} of {self.source}" if self.source else self.name


def origin_from(data: Mapping[str, Any]) -> Origin:
    """An origin from plain data, as `dataclasses.asdict` and JSON make it. Raises TypeError for none."""
    norms = tuple(
        Norm(
            origin_from(norm["batch_norm"]),
            norm["eps"],
            origin_from(norm["scale"]) if norm["scale"] is not None else None,
        )
        for norm in data.get("norms", ())
    )
    return Origin(**{**data, "fallbacks": tuple(data.get("fallbacks", ())), "norms": norms})
