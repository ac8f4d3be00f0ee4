"""What edits ask Caffe's meaning: parameter blobs and their roles, and the states a file speaks of."""

from __future__ import annotations

from itertools import product
from typing import Final
from weakref import WeakKeyDictionary

from netgraft import prototxt
from netgraft.caffe.catalogue.registry import lookup
from netgraft.caffe.layers import outline
from netgraft.caffe.state import NetState, Phase
from netgraft.edit.view import LayerText, View
from netgraft.proto import caffe_pb2

BATCH_NORM: Final = "BatchNorm"
_MOST_STATES: Final = 24
_SHORT: Final = {"weight": "w", "bias": "b"}
_Messages = dict[tuple[int, int], caffe_pb2.LayerParameter]
_messages: WeakKeyDictionary[prototxt.Document, _Messages] = WeakKeyDictionary()


def message(view: View, layer: LayerText) -> caffe_pb2.LayerParameter:
    """The layer as Caffe's message; what the schema lacks is left out."""
    known = _messages.get(view.tree)
    if known is None:
        known = _messages[view.tree] = {
            (source.chunk, source.field.start): source.facts.message
            for source in outline(view.tree).upgraded.layers
        }
    return known.get((layer.chunk, layer.field.start)) or caffe_pb2.LayerParameter()


def roles(view: View, layer: LayerText) -> tuple[str, ...] | None:
    """The roles of a layer's parameter blobs in order; None where the catalogue lacks the type."""
    known = lookup(layer.type)
    if known is None:
        return None
    return known.roles(message(view, layer))


def blob_roles(view: View, layer: LayerText) -> tuple[str, ...]:
    """As `roles`; for an unknown type as many as its text has `param` entries, named `blob0`, ..."""
    known = roles(view, layer)
    if known is None:
        return tuple(f"blob{index}" for index in range(len(layer.params)))
    return known


def short_role(role: str) -> str:
    """How a role is written in a made `param` name: `conv1_w`, `conv1_b`, `prelu1_slope`."""
    return _SHORT.get(role, role)


def states(view: View) -> list[NetState]:
    """The NetStates that the file's rules tell apart: both phases, each stage and level named. The
    stages that the file states for itself are in all of them."""
    rules = [rule for layer in view.layers for rule in (*layer.include, *layer.exclude)]
    stages = {stage for rule in rules for stage in (*rule.stages, *rule.not_stages)}
    together = {frozenset(rule.stages) for rule in rules}
    levels = {0} | {
        level for rule in rules for level in (rule.min_level, rule.max_level) if level is not None
    }
    own = outline(view.tree).upgraded.stages
    sets = {own, *(own | some for some in together), *(own | {stage} for stage in stages)}
    ordered = sorted(sets, key=lambda s: (len(s), sorted(s)))
    phases: tuple[Phase, ...] = ("TRAIN", "TEST")
    found = [
        NetState(phase, level, chosen) for chosen, level, phase in product(ordered, sorted(levels), phases)
    ]
    return found[:_MOST_STATES]
