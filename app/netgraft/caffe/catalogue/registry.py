"""The one catalogue of layer types: what depends on a layer's type stands here once.

A layer family's file registers its types with `register(LayerType(...))`. The checks, the forms in
the browser, the graph and the operations ask `lookup`. A fork's layer types register the same way
with `profile="fork"`. An unknown type is no error of ours: its shapes are unknown, and so are
those downstream of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from netgraft.proto import caffe_pb2

Shape = tuple[int, ...]
"""The axes of a blob, outermost first; () is a blob with no axes and one value."""

Family = Literal[
    "data", "vision", "recurrent", "common", "normalization", "activation", "utility", "loss", "fork"
]


class Refusal(Exception):
    """Caffe would abort here. The text is Caffe's own, `Check failed: ...` included."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unknown(Exception):
    """What follows depends on a shape that is not known; the layer's tops are unknown from here on.

    Its parameter blobs are then those of `LayerType.roles`, their shapes unknown.
    """


ForkFields = Mapping[str, Sequence[object]]
"""Fields that the BVLC schema does not know, by path (`permute_param`, `pooling_param.pool`), each a
sequence of values: str (a string's contents, or a number or enum name as written) or, for a message,
again a mapping by field name."""

NO_FORK_FIELDS: ForkFields = MappingProxyType({})


@dataclass(slots=True)
class LayerContext:
    """One layer as its shape function sees it.

    `bottoms` holds a shape for each bottom, None where it is unknown. `phase` is the layer's own
    or else the net's. `datum` answers what a data layer's `source` holds: (channels, height, width), or None.
    """

    layer: caffe_pb2.LayerParameter
    bottoms: Sequence[Shape | None]
    tops: int
    phase: Literal["TRAIN", "TEST"]
    datum: Callable[[str], tuple[int, int, int] | None] = lambda source: None
    fork: ForkFields = field(default_factory=lambda: NO_FORK_FIELDS)
    """What the layer states beyond BVLC's schema: `{"permute_param": [{"order": ["0", "2"]}]}`."""

    @property
    def in_place(self) -> bool:
        """Whether the first top is the first bottom itself (Net::AppendTop)."""
        layer = self.layer
        return bool(layer.top) and bool(layer.bottom) and layer.top[0] == layer.bottom[0]

    def bottom(self, index: int) -> Shape:
        """The shape of one bottom; raises Unknown where nobody knows it."""
        shape = self.bottoms[index]
        if shape is None:
            raise Unknown
        return shape


@dataclass(slots=True)
class Outcome:
    """What a layer makes: a shape (or None) for each top and for each parameter blob.

    `blobs` is None while even their number is unknown; an entry of it is None while its shape is.
    """

    tops: list[Shape | None]
    blobs: list[Shape | None] | None = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Arity:
    """How many bottoms or tops Caffe's CheckBlobCounts allows; None is no limit.

    `exact` prints as `ExactNum...`, the others as `Min...` and `Max...`.
    """

    exact: int | None = None
    least: int | None = None
    most: int | None = None


Setup = Callable[[LayerContext], Outcome]


@dataclass(frozen=True, slots=True)
class LayerType:
    """One layer type of the catalogue.

    `setup` mirrors the type's LayerSetUp and Reshape: it returns the Outcome, raises Refusal with
    Caffe's words, or Unknown. It is called after Caffe's CheckBlobCounts (bottoms, tops, equal).
    `roles(layer)` names its parameter blobs in order without any shape ("weight", "bias", ...),
    so that rates and sharing work where shapes are unknown.
    """

    name: str
    family: Family
    doc: str
    setup: Setup
    param_field: str | None = None  # the LayerParameter field that holds its parameters
    bottoms: Arity = Arity()
    tops: Arity = Arity()
    equal: bool = False  # EqualNumBottomTopBlobs
    auto_tops: bool = False  # AutoTopBlobs: missing tops are made
    keeps_shape: bool = False  # top 0 has bottom 0's shape: it may be used in place
    in_place: bool = False  # Caffe's layer works in place (top == bottom)
    loss: bool = False  # a LossLayer: its first top has loss_weight 1 where none is given
    allow_force_backward: Callable[[int], bool] = lambda bottom: True
    engine: Callable[[caffe_pb2.LayerParameter], int] | None = None  # DEFAULT 0, CAFFE 1, CUDNN 2
    roles: Callable[[caffe_pb2.LayerParameter], tuple[str, ...]] = lambda layer: ()
    summary: Callable[[caffe_pb2.LayerParameter], str] = lambda layer: ""  # key parameters, for cards
    profile: Literal["bvlc", "fork"] = "bvlc"
    needs: Literal["", "OpenCV", "Python"] = (
        ""  # BVLC's own, but only in builds with this (not the plain CPU build)
    )
    # Caffe's SetUp order differs for a few (LossLayer::LayerSetUp and so on): that is the setup's matter.


_types: dict[str, LayerType] = {}


def register(layer_type: LayerType) -> LayerType:
    """Adds a type to the catalogue; a name may be registered once."""
    if layer_type.name in _types:
        raise ValueError(f"layer type {layer_type.name} is registered twice")
    _types[layer_type.name] = layer_type
    return layer_type


def lookup(name: str) -> LayerType | None:
    """The type of that name, or None."""
    return _types.get(name)


def all_types() -> tuple[LayerType, ...]:
    """Every registered type, by name."""
    return tuple(sorted(_types.values(), key=lambda t: t.name))
