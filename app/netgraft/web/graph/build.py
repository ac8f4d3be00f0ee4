"""Builds the graph's JSON from a document and the state asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from netgraft import edit, prototxt
from netgraft.caffe.catalogue.registry import lookup
from netgraft.caffe.layers import DocLayer, document_layers
from netgraft.caffe.model import Net, NetLayer, Profile, Verdict
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.params import NetParam
from netgraft.caffe.state import NetState
from netgraft.web.graph import findings, states
from netgraft.web.graph.edges import edges
from netgraft.web.graph.fates import fates
from netgraft.weights import Index

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """How to look at a net: in which state, and as which Caffe (None: as the file suggests)."""

    state: NetState
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a graph is made of: a document, its weights' index where it has any, and how to look at it."""

    id: str
    revision: int
    document: edit.Document
    index: Index | None
    asked: Asked
    most_states: int


def build(look: Look) -> Json:
    """The graph, as `GraphModel` documents it."""
    tree = look.document.tree
    layers = document_layers(tree)
    told = states.states_of(layers, look.most_states)
    profile = look.asked.profile or suggested_profile(tree)
    wanted = dict.fromkeys((look.asked.state, *told))
    verdicts = {state: check(tree, state, profile=profile) for state in wanted}
    verdict = verdicts[look.asked.state]
    merged = findings.merge(tree, verdicts)
    return {
        "document": look.id,
        "revision": look.revision,
        "name": verdict.net.name,
        "state": states.as_json(look.asked.state),
        "states": [states.as_json(state) for state in told],
        "verdict": "ok" if verdict.ok else "refused",
        "profile": profile,
        "layers": _layers(look, layers, verdicts, findings.count(merged)),
        "edges": edges(layers, [each.net.layers for each in verdicts.values()]),
        "groups": groups(verdict.net),
        "diagnostics": merged,
        "outputs": list(verdict.net.outputs),
        "totals": {
            "parameters": sum(prod(each.shape) for each in _owned(verdict.net) if each.shape is not None),
            "layers": len(verdict.net.layers),
        },
    }


def groups(net: Net) -> list[Json]:
    """The share groups of a net that have two members or more, in the order of the owners."""
    return [
        {
            "name": group.name,
            "members": [
                {"layer": net.layers[net.params[member].layer].key, "blob": net.params[member].blob}
                for member in group.members
            ],
            "owner": net.layers[net.params[group.members[0]].layer].key,
            "lr": group.lr,
            "decay": group.decay,
            "shape": group.shape,
        }
        for group in net.groups
        if len(group.members) > 1
    ]


def _owned(net: Net) -> list[NetParam]:
    return [param for param in net.params if param.owner < 0]


def _layers(
    look: Look,
    layers: Sequence[DocLayer],
    verdicts: Mapping[NetState, Verdict],
    counts: Mapping[str, Json],
) -> list[Json]:
    tree = look.document.tree
    # A layer that is not in the asked state is described as another state has it.
    seen: dict[str, NetLayer] = {}
    phases: dict[str, list[str]] = {}
    for state, verdict in verdicts.items():
        for each in verdict.net.layers:
            seen.setdefault(each.key, each)
            found = phases.setdefault(each.key, [])
            if state.phase not in found:
                found.append(state.phase)
    active = {layer.key for layer in verdicts[look.asked.state].net.layers}
    blobs: dict[str, list[Json]] = {}
    for verdict in verdicts.values():
        for key, made in _blobs(verdict.net).items():
            blobs.setdefault(key, made)
    fate = fates(look.document, look.index, layers, [verdict.net for verdict in verdicts.values()])
    lines = _Lines(tree)
    none = {"error": 0, "warning": 0, "info": 0}
    made_layers = []
    for layer in layers:
        key = layer.key
        kind = lookup(layer.type)
        net_layer = seen.get(key)
        tops = net_layer.tops if net_layer else layer.tops
        shapes = net_layer.top_shapes if net_layer else (None,) * len(tops)
        line, end_line = lines.of(layer)
        origin, weights = fate.get(key, (None, None))
        made_layers.append(
            {
                "key": key,
                "chunk": layer.chunk,
                "line": line,
                "end_line": end_line,
                "name": layer.name,
                "type": layer.type,
                "family": kind.family if kind else "unknown",
                "known": kind is not None,
                "active": key in active,
                "bottoms": layer.bottoms,
                "tops": [{"name": n, "shape": s} for n, s in zip(tops, shapes, strict=True)],
                "in_place": any(a == b for a, b in zip(layer.bottoms, tops, strict=False)),
                "phases": sorted(phases.get(key, ()), reverse=True),
                "summary": kind.summary(layer.message) if kind else "",
                "blobs": blobs.get(key, []),
                "origin": origin,
                "weights": weights,
                "problems": counts.get(key, none),
            }
        )
    return made_layers


def _blobs(net: Net) -> dict[str, list[Json]]:
    """The parameter blobs of each layer that has any, by layer key."""
    grouped = {member for group in net.groups if len(group.members) > 1 for member in group.members}
    made: dict[str, list[Json]] = {}
    roles: tuple[str, ...] = ()
    for at, param in enumerate(net.params):
        layer = net.layers[param.layer]
        if param.blob == 0:
            roles = layer.known.roles(layer.message) if layer.known else ()
        specs = layer.message.param
        spec = specs[param.blob] if param.blob < len(specs) else None
        made.setdefault(layer.key, []).append(
            {
                "index": param.blob,
                "role": roles[param.blob] if param.blob < len(roles) else f"blob {param.blob}",
                "shape": param.shape,
                "param": param.shared_name or None,
                "lr": param.lr,
                "decay": param.decay,
                "lr_stated": param.lr_stated,
                "decay_stated": param.decay_stated,
                "lr_own": spec.lr_mult if spec is not None and param.lr_stated else None,
                "decay_own": spec.decay_mult if spec is not None and param.decay_stated else None,
                "owner": net.layers[net.params[param.owner].layer].key if param.owner >= 0 else None,
                "group": param.shared_name if at in grouped else None,
            }
        )
    return made


class _Lines:
    """First and last line of a layer, from 1; the lines before each chunk are counted once."""

    def __init__(self, tree: prototxt.Document) -> None:
        self._chunks = tree.chunks
        self._before = [0]
        for chunk in tree.chunks:
            self._before.append(self._before[-1] + chunk.lines)

    def of(self, layer: DocLayer) -> tuple[int, int]:
        text = self._chunks[layer.chunk].text
        first = self._before[layer.chunk] + 1 + text.count("\n", 0, layer.field.start)
        return first, first + text.count("\n", layer.field.start, layer.field.end)
