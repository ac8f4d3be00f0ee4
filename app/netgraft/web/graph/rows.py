"""The layers of the graph: what the file says of each, what the net makes of it, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from netgraft import prototxt
from netgraft.caffe.catalogue.registry import lookup
from netgraft.caffe.cost import NetCost, layer_cost
from netgraft.caffe.facts import LayerFacts
from netgraft.caffe.layers import DocLayer
from netgraft.caffe.model import Net, NetLayer
from netgraft.caffe.state import NetState
from netgraft.proto import caffe_pb2
from netgraft.web.graph.fates import Fate
from netgraft.web.graph.verdicts import Verdicts, distinct

Json = dict[str, Any]

_NO_PROBLEMS = {"error": 0, "warning": 0, "info": 0}
_NO_FATE: Fate = (None, None)


@dataclass(frozen=True, slots=True)
class About:
    """What is told of layers beside what the file says of them: what becomes of their weights and how many
    findings there are, both by layer key, the asked net's cost, and the solver beside the net."""

    fates: Mapping[str, Fate]
    counts: Mapping[str, Mapping[str, int]]
    costs: NetCost
    solver: caffe_pb2.SolverParameter | None


def rows(
    tree: prototxt.Document,
    layers: Sequence[DocLayer],
    verdicts: Verdicts,
    asked: NetState,
    about: About,
) -> list[Json]:
    """`LayerModel` for every layer of the file. One that is not in the asked state is described as the first
    state has it that it is in; the asked state is the first of `verdicts`."""
    nets = distinct(verdicts)
    seen: dict[str, NetLayer] = {}
    blobs: dict[str, list[Json]] = {}
    for net in reversed(nets):
        seen.update({layer.key: layer for layer in net.layers})
        blobs.update(_blobs(net, about.solver))
    costs = _costs(nets, about.costs)
    phases = _phases(verdicts)
    active = {layer.key for layer in verdicts[asked].net.layers}
    lines = _Lines(tree)
    made = []
    for layer in layers:
        key = layer.key
        row = _stated(layer.source.facts).copy()
        row["key"] = key
        row["chunk"] = layer.chunk
        row["line"], row["end_line"] = lines.of(layer)
        row["active"] = key in active
        net_layer = seen.get(key)
        if net_layer is None:
            row["tops"] = [{"name": name, "shape": None} for name in layer.tops]
        else:
            tops = zip(net_layer.tops, net_layer.top_shapes, strict=True)
            row["tops"] = [{"name": name, "shape": shape} for name, shape in tops]
        row["phases"] = phases.get(key, ())
        row["blobs"] = blobs.get(key, ())
        row["origin"], row["weights"] = about.fates.get(key, _NO_FATE)
        row["problems"] = about.counts.get(key, _NO_PROBLEMS)
        row["cost"] = costs.get(key)
        made.append(row)
    return made


_rows: WeakKeyDictionary[LayerFacts, Json] = WeakKeyDictionary()


def _stated(facts: LayerFacts) -> Json:
    """What a layer's own text decides; kept as long as the text stays the same."""
    found = _rows.get(facts)
    if found is None:
        kind = lookup(facts.type)
        found = _rows[facts] = {
            "name": facts.name,
            "type": facts.type,
            "family": kind.family if kind else "unknown",
            "known": kind is not None,
            "bottoms": facts.bottoms,
            "in_place": any(a == b for a, b in zip(facts.bottoms, facts.tops, strict=False)),
            "summary": kind.summary(facts.message) if kind else "",
        }
    return found


def _phases(verdicts: Verdicts) -> Mapping[str, Sequence[str]]:
    """The phases that each layer is in, TRAIN first."""
    members: dict[str, set[str]] = {"TRAIN": set(), "TEST": set()}
    for state, verdict in verdicts.items():
        members[state.phase].update([layer.key for layer in verdict.net.layers])
    train, test = members["TRAIN"], members["TEST"]
    found: dict[str, Sequence[str]] = dict.fromkeys(train & test, ("TRAIN", "TEST"))
    found.update(dict.fromkeys(train - test, ("TRAIN",)))
    found.update(dict.fromkeys(test - train, ("TEST",)))
    return found


def _costs(nets: Sequence[Net], asked: NetCost) -> dict[str, Json]:
    """The cost of each layer by key: in the asked net, else in the first other one that has it."""
    found = {each.key: each for each in asked.layers}
    for net in nets:
        for layer in net.layers:
            if layer.key not in found:
                found[layer.key] = layer_cost(net, layer)
    return {
        key: {
            "parameters": each.parameters,
            "macs": each.macs,
            "activation_bytes": each.activation_bytes,
        }
        for key, each in found.items()
    }


def _blobs(net: Net, solver: caffe_pb2.SolverParameter | None) -> dict[str, list[Json]]:
    """The parameter blobs of each layer that has any, by layer key; with a solver at the rates it makes."""
    grouped = {member for group in net.groups if len(group.members) > 1 for member in group.members}
    made: dict[str, list[Json]] = {}
    for layer in net.layers:
        first = layer.first_param
        params = net.params[first : first + len(layer.blobs)]
        if not params:
            continue
        roles = layer.known.roles(layer.message) if layer.known else ()
        stated = layer.source.facts.params
        found = made[layer.key] = []
        for index, param in enumerate(params):
            own = stated[index] if index < len(stated) else None
            found.append(
                {
                    "index": index,
                    "role": roles[index] if index < len(roles) else f"blob {index}",
                    "shape": param.shape,
                    "param": param.shared_name or None,
                    "lr": param.lr,
                    "decay": param.decay,
                    "lr_stated": param.lr_stated,
                    "decay_stated": param.decay_stated,
                    "lr_own": own.lr if own is not None and own.lr_stated else None,
                    "decay_own": own.decay if own is not None and own.decay_stated else None,
                    "owner": net.layers[net.params[param.owner].layer].key if param.owner >= 0 else None,
                    "group": param.shared_name if first + index in grouped else None,
                }
            )
            if solver is not None:
                found[-1]["rate"] = solver.base_lr * param.lr
                found[-1]["decay_rate"] = solver.weight_decay * param.decay
    return made


class _Lines:
    """First and last line of a layer, from 1; the lines before each chunk are counted once."""

    def __init__(self, tree: prototxt.Document) -> None:
        self._chunks = tree.chunks
        self._before = [0]
        for chunk in tree.chunks:
            self._before.append(self._before[-1] + chunk.lines)

    def of(self, layer: DocLayer) -> tuple[int, int]:
        """The lines that the layer begins and ends in."""
        text = self._chunks[layer.chunk].text
        first = self._before[layer.chunk] + 1 + text.count("\n", 0, layer.field.start)
        return first, first + text.count("\n", layer.field.start, layer.field.end)
