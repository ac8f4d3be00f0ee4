"""Where a layer's weights come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """A layer of an uploaded caffemodel.

    `source` names the caffemodel, "" is the document's main one. `reshape` allows a blob of another shape
    with as many values, as when an InnerProduct becomes a Convolution.
    """

    layer: str
    source: str = ""
    reshape: bool = False
