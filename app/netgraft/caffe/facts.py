"""What Net::Init reads of a layer, taken out of its message once.

Facts live as long as the layer's text stays the same, and hold what was found out about it, so an
edit elsewhere in the net costs this layer next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from netgraft.caffe.catalogue.registry import Refusal, Shape
from netgraft.caffe.message import Loose
from netgraft.caffe.scalars import from_wire_string
from netgraft.caffe.state import Phase, Rule, phase_name, rule
from netgraft.proto import caffe_pb2


class ParamFacts(NamedTuple):
    """One `param { ... }` of a layer (ParamSpec)."""

    name: str = ""
    lr: float = 1.0
    decay: float = 1.0
    lr_stated: bool = False
    decay_stated: bool = False
    permissive: bool = False


UNSTATED: Final = ParamFacts()


class Settled(NamedTuple):
    """What setting a layer up on given bottoms came to: Outcome with tuples, or a Refusal.

    `created`: whether the refusal, if any, came after CreateLayer, and so after the blobs were wired."""

    tops: tuple[Shape | None, ...]
    blobs: tuple[Shape | None, ...] | None
    refusal: Refusal | None = None
    created: bool = True


class LayerFacts:
    """One layer after upgrade. `settled` remembers the outcomes by (bottom shapes, number of tops, ...).
    `extra` holds what the file says beyond the schema, by path (`permute_param`, `pooling_param.pool`).
    `memo` is for whoever derives more from a layer: what is kept there names what else it rests on."""

    __slots__ = (
        "__weakref__",
        "bottoms",
        "exclude",
        "extra",
        "include",
        "loss_weights",
        "memo",
        "message",
        "name",
        "params",
        "phase",
        "propagate_down",
        "settled",
        "tops",
        "type",
        "upgraded",
        "work",
    )

    message: caffe_pb2.LayerParameter
    name: str
    type: str
    bottoms: tuple[str, ...]
    tops: tuple[str, ...]
    params: tuple[ParamFacts, ...]
    loss_weights: tuple[float, ...]
    propagate_down: int
    include: tuple[Rule, ...]
    exclude: tuple[Rule, ...]
    phase: Phase | None
    extra: Mapping[str, list[Loose]]
    settled: dict[object, Settled]
    memo: dict[str, object]
    work: tuple[object, object] | None  # what the layer costs (see cost.py), and the shapes that this is for
    upgraded: bool  # whether a BatchNorm's three params were set to 0 by the upgrade

    def __init__(
        self, message: caffe_pb2.LayerParameter, extra: Mapping[str, list[Loose]] = {}, unknown_type: str = ""
    ) -> None:
        self.message = message
        self.name = from_wire_string(message.name)
        self.type = from_wire_string(message.type) or unknown_type
        self.bottoms = _strings(message.bottom)
        self.tops = _strings(message.top)
        self.params = tuple([_param(spec) for spec in message.param]) if message.param else ()
        self.loss_weights = tuple(message.loss_weight)
        self.propagate_down = len(message.propagate_down)
        self.include = tuple(map(rule, message.include)) if message.include else ()
        self.exclude = tuple(map(rule, message.exclude)) if message.exclude else ()
        self.phase = phase_name(message.phase) if message.HasField("phase") else None
        self.extra = extra
        self.settled = {}
        self.memo = {}
        self.work = None
        self.upgraded = False


def _strings(values: Iterable[str]) -> tuple[str, ...]:
    found = tuple(values)
    return found if all(map(str.isascii, found)) else tuple(map(from_wire_string, found))


_specs: dict[bytes, ParamFacts] = {}


def _param(spec: caffe_pb2.ParamSpec) -> ParamFacts:
    key = spec.SerializeToString()
    facts = _specs.get(key)
    if facts is None:
        if len(_specs) > 20_000:
            _specs.clear()
        facts = _specs[key] = ParamFacts(
            from_wire_string(spec.name),
            spec.lr_mult,
            spec.decay_mult,
            spec.HasField("lr_mult"),
            spec.HasField("decay_mult"),
            spec.share_mode == caffe_pb2.ParamSpec.PERMISSIVE,
        )
    return facts
