"""Where a layer's weights come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """A layer of an uploaded caffemodel.

    `source` names the caffemodel, "" is the document's main one. `reshape` allows a blob of another shape
    with as many values, as when an InnerProduct becomes a Convolution. `fallbacks` are layers to try in
    order where the caffemodel has no `layer`: a sharer that was set free is stored under its own name where
    Caffe trained it so (Caffe stores sharers too), and else its former owner's blobs are what it had.
    """

    layer: str
    source: str = ""
    reshape: bool = False
    fallbacks: tuple[str, ...] = ()

    @property
    def candidates(self) -> tuple[str, ...]:
        """The stored layers to look for; the first that is there counts."""
        return (self.layer, *self.fallbacks)
