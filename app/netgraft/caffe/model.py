"""The net that Caffe would build of a document for one NetState."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from netgraft.caffe.catalogue.registry import LayerType, Shape
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.params import Learnable, NetParam, ShareGroup
from netgraft.caffe.state import NetState
from netgraft.caffe.upgrade import SourceLayer
from netgraft.proto import caffe_pb2

Profile = Literal["bvlc", "fork"]
"""`bvlc`: the layer types and fields of BVLC Caffe 1.0, in a build without OpenCV and Python layers.
`fork`: whatever else a file uses is taken for a fork's, and said as information."""


class NetLayer(NamedTuple):
    """A layer of the built net, Split layers left out. Shapes are None where they are unknown;
    `blobs_known` says whether the number of parameter blobs is known. `known` is its catalogue entry.
    The layer's blobs are `net.params[first_param : first_param + len(blobs)]`."""

    key: str
    chunk: int
    name: str
    type: str
    message: caffe_pb2.LayerParameter
    bottoms: tuple[str, ...]
    tops: tuple[str, ...]
    bottom_shapes: tuple[Shape | None, ...]
    top_shapes: tuple[Shape | None, ...]
    blobs: tuple[Shape | None, ...]
    blobs_known: bool
    known: LayerType | None
    first_param: int
    source: SourceLayer


@dataclass(frozen=True, slots=True)
class Net:
    """`outputs`: the blobs that no layer reads, in Caffe's order (by name)."""

    name: str
    state: NetState
    layers: tuple[NetLayer, ...]
    params: tuple[NetParam, ...]
    learnable: tuple[Learnable, ...]
    groups: tuple[ShareGroup, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Caffe would say. The errors come first and in the order in which Caffe would meet them: it dies of
    `first_error`, creating the layer named `culprit` (None where it has not come to any).
    `upgrades` says for people which old formats were upgraded."""

    ok: bool
    net: Net
    diagnostics: tuple[Diagnostic, ...]
    upgrades: tuple[str, ...]
    culprit: str | None = None

    @property
    def first_error(self) -> Diagnostic | None:
        """The error that Caffe dies of."""
        return None if self.ok else self.diagnostics[0]
