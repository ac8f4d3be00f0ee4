"""Old formats, upgraded as Caffe does it after parsing (UpgradeNetAsNeeded), each layer knowing its chunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from netgraft.caffe.catalogue.registry import Refusal
from netgraft.caffe.facts import LayerFacts
from netgraft.caffe.reading import Place, Reading
from netgraft.caffe.upgrade import batch_norm, inputs, v0, v1
from netgraft.proto import caffe_pb2
from netgraft.prototxt import Field

_MIXED: Final = (
    "Refusing to upgrade inconsistent NetParameter input; "
    "the definition includes both 'layer' and 'layers' fields. "
    "The current format defines 'layer' fields with string type like "
    "layer { type: 'Layer' ... } and not layers { type: LAYER ... }. "
    "Manually switch the definition to 'layer' format to continue."
)


class SourceLayer(NamedTuple):
    """A layer in today's format and where the file says it: its chunk and its top-level field (for the
    Input layer made of net-level inputs, the first `input`)."""

    chunk: int
    field: Field
    facts: LayerFacts


class UpgradeProblem(NamedTuple):
    """An upgrade that Caffe aborts on, and where."""

    code: str
    message: str
    chunk: int
    field: Field


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The net in today's format: all layers in Caffe's order, before any filter. `upgrades` says for people
    what was upgraded. `name` is the net's; `stages` are those that the file states for itself."""

    name: str
    stages: frozenset[str]
    layers: tuple[SourceLayer, ...]
    upgrades: tuple[str, ...]
    problems: tuple[UpgradeProblem, ...]


def upgrade(reading: Reading) -> Upgraded:
    """The whole chain, in Caffe's order: V0, data-layer fields, V1, net-level input, BatchNorm."""
    net = reading.net
    upgrades: list[str] = []
    problems: list[UpgradeProblem] = []
    layers: list[SourceLayer] = []
    old = reading.old_layers
    is_v0 = any(_v1(place).HasField("layer") for place in old)
    if is_v0:
        upgrades.append("V0 layers")
        layers = _upgrade_v0(reading, problems)
    elif old:
        upgrades.append("V1 layers")
        if any(v1.needs_data_upgrade(_v1(place)) for place in old):
            upgrades.append("data layers' transformation fields")
        if reading.layers:
            at = max(old[0], reading.layers[0], key=lambda place: (place.chunk, place.piece.field.start))
            problems.append(UpgradeProblem("mixed-formats", _MIXED, at.chunk, at.piece.field))
        everything = sorted((*old, *reading.layers), key=lambda place: (place.chunk, place.piece.field.start))
        layers = [_source(place) for place in everything]
    else:
        layers = [_source(place) for place in reading.layers]
    if net.input:
        upgrades.append("net-level inputs")
        made = _input(reading, problems, is_v0)
        if made is not None:
            layers.insert(0, made)
    if any(layer.facts.type == "BatchNorm" and _fixed(layer) for layer in layers):
        upgrades.append("BatchNorm layers with three params")
    stages = frozenset() if is_v0 else frozenset(net.state.stage)
    return Upgraded(net.name, stages, tuple(layers), tuple(upgrades), tuple(problems))


def _v1(place: Place) -> caffe_pb2.V1LayerParameter:
    message = place.piece.message
    assert isinstance(message, caffe_pb2.V1LayerParameter)
    return message


def _fixed(layer: SourceLayer) -> bool:
    """Whether a BatchNorm's three params were set to 0 by the upgrade: the file says otherwise."""
    return len(layer.facts.params) == 3 and layer.facts.upgraded


def _source(place: Place) -> SourceLayer:
    """A `layer`, or a V1 layer on its own; made once as long as it stays in its chunk."""
    piece = place.piece
    known = piece.memo.get("source")
    if isinstance(known, SourceLayer) and known.chunk == place.chunk:
        return known
    made = piece.memo["source"] = SourceLayer(place.chunk, piece.field, _facts(place))
    return made


def _facts(place: Place) -> LayerFacts:
    """The facts of a `layer`, or of a V1 layer on its own; found once per piece."""
    piece = place.piece
    known = piece.memo.get("facts")
    if isinstance(known, LayerFacts):
        return known
    message = piece.message
    unknown_type = ""
    if isinstance(message, caffe_pb2.V1LayerParameter):
        unknown_type = _text(piece.extra.get("type"))
        message = v1.upgrade_layer(v1.upgrade_data_transformation(message))
    assert isinstance(message, caffe_pb2.LayerParameter)
    facts = piece.memo["facts"] = _made(message, piece.extra, unknown_type)
    return facts


def _made(message: caffe_pb2.LayerParameter, extra: object = None, unknown_type: str = "") -> LayerFacts:
    upgraded = batch_norm.needs_upgrade(message)
    if upgraded:
        message = batch_norm.upgrade(message)
    facts = LayerFacts(message, extra if isinstance(extra, dict) else {}, unknown_type)
    facts.upgraded = upgraded
    return facts


def _text(values: object) -> str:
    return values[-1] if isinstance(values, list) and values and isinstance(values[-1], str) else ""


def _upgrade_v0(reading: Reading, problems: list[UpgradeProblem]) -> list[SourceLayer]:
    out: list[SourceLayer] = []
    places = reading.old_layers
    all_folded = v0.fold_padding(reading.net.input, [_v1(place) for place in places])
    for folded in all_folded:
        if folded.refusal is not None:
            place = places[folded.position]
            problems.append(
                UpgradeProblem("padding-layer", folded.refusal.message, place.chunk, place.piece.field)
            )
    for folded in all_folded:
        place = places[folded.position]
        layer, unknown_type = folded.layer, ""
        try:
            layer = v0.upgrade_layer(layer)
        except Refusal as refusal:
            problems.append(
                UpgradeProblem("unknown-v0-type", refusal.message, place.chunk, place.piece.field)
            )
            unknown_type = folded.layer.layer.type
            layer = caffe_pb2.V1LayerParameter(bottom=layer.bottom, top=layer.top, name=layer.layer.name)
        key = layer.SerializeToString()
        known = place.piece.memo.get("v0")
        if isinstance(known, tuple) and known[0] == key:
            facts = known[1]
        else:
            message = v1.upgrade_layer(v1.upgrade_data_transformation(layer))
            facts = _made(message, place.piece.extra, unknown_type)
            place.piece.memo["v0"] = (key, facts)
        out.append(SourceLayer(place.chunk, place.piece.field, facts))
    return out


_inputs: dict[bytes, LayerFacts] = {}


def _input(reading: Reading, problems: list[UpgradeProblem], is_v0: bool) -> SourceLayer | None:
    net = reading.net
    if is_v0 and net.input_shape:  # UpgradeV0Net takes input and input_dim over, and this not
        net = caffe_pb2.NetParameter(input=net.input, input_dim=net.input_dim)
    place = next(place for place in reading.others if place.piece.field.name == "input")
    try:
        message = inputs.input_layer(net)
    except Refusal as refusal:
        problems.append(
            UpgradeProblem("input-shape-missing", refusal.message, place.chunk, place.piece.field)
        )
        message = caffe_pb2.LayerParameter(name="input", type="Input", top=net.input)
    if message is None:
        return None
    key = message.SerializeToString()
    facts = _inputs.get(key)
    if facts is None:
        if len(_inputs) >= 1000:
            _inputs.clear()
        facts = _inputs[key] = _made(message)
    return SourceLayer(place.chunk, place.piece.field, facts)
