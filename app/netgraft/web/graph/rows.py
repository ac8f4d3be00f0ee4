"""The layers of the graph: what the file says of each, what the net makes of it, what is wrong with it.

A layer's row is written as JSON once, and kept with the layer's facts together with all that it rests on: an
edit elsewhere in the net costs a comparison. Where the layer stands in the file is kept apart, since that
changes with every line that is added above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from netgraft import prototxt
from netgraft.caffe.catalogue.registry import Shape, lookup
from netgraft.caffe.cost import LayerCost, NetCost, layer_cost
from netgraft.caffe.facts import LayerFacts
from netgraft.caffe.layers import DocLayer
from netgraft.caffe.model import Net, NetLayer
from netgraft.caffe.params import NetParam
from netgraft.caffe.state import NetState
from netgraft.proto import caffe_pb2
from netgraft.web.answers import dump
from netgraft.web.graph.fates import Fate
from netgraft.web.graph.verdicts import Verdicts, distinct

Json = dict[str, Any]
Place = tuple[int, int, int]
"""A layer's chunk, and the lines that it begins and ends in, from 1."""

_NO_PROBLEMS: Mapping[str, int] = {"error": 0, "warning": 0, "info": 0}
_NO_FATE: Fate = (None, None)
_NO_PHASES: tuple[str, ...] = ()
_REMEMBERED = 2
"""Rows that are kept of one text: people look at a net in TRAIN and in TEST."""


@dataclass(frozen=True)
class Rows:
    """All layers of a graph: their keys, their rows as JSON without the last `}`, and where they stand."""

    keys: Sequence[str]
    told: Sequence[bytes]
    places: Sequence[Place]

    @cached_property
    def at(self) -> dict[str, int]:
        """The number of each layer by its key."""
        return {key: index for index, key in enumerate(self.keys)}

    def json(self, first: int = 0, last: int | None = None) -> bytes:
        """The rows from `first` up to `last` as a JSON array of `LayerModel`."""
        rows = zip(self.told[first:last], self.places[first:last], strict=True)
        return b"[%b]" % b",".join(
            [b'%b,"chunk":%d,"line":%d,"end_line":%d}' % (told, *place) for told, place in rows]
        )


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
) -> Rows:
    """The row of every layer of the file. One that is not in the asked state is described as the first
    state has it that it is in; the asked state is the first of `verdicts`."""
    nets = [_Built(net) for net in distinct(verdicts)]
    seen: dict[str, tuple[_Built, NetLayer]] = {}
    for built in reversed(nets):
        seen.update({layer.key: (built, layer) for layer in built.net.layers})
    costs = {each.key: each for each in about.costs.layers}
    phases = _phases(verdicts)
    active = {layer.key for layer in verdicts[asked].net.layers}
    solver = about.solver
    rates = None if solver is None else (solver.base_lr, solver.weight_decay)
    fates, counts = about.fates, about.counts
    told: list[bytes] = []
    for layer in layers:
        key = layer.key
        facts = layer.source.facts
        built_layer = seen.get(key)
        params: tuple[Any, ...]
        shapes: tuple[Shape | None, ...] | None
        if built_layer is None:
            tops, shapes, params, cost = layer.tops, None, (), None
        else:
            built, net_layer = built_layer
            tops, shapes, params = net_layer.tops, net_layer.top_shapes, built.params_of(net_layer)
            cost = costs.get(key) or layer_cost(built.net, net_layer)
        # All that the row is made from beside the layer's own text.
        rests_on = (
            key,
            key in active,
            tops,
            shapes,
            params,
            cost,
            phases.get(key, _NO_PHASES),
            fates.get(key, _NO_FATE),
            counts.get(key, _NO_PROBLEMS),
            rates,
        )
        known = facts.memo.get("rows", ())
        assert isinstance(known, tuple)
        for kept in known:
            if kept[0] == rests_on:
                told.append(kept[1])
                break
        else:
            made = dump(_row(facts, *rests_on))[:-1]
            facts.memo["rows"] = ((rests_on, made), *known[: _REMEMBERED - 1])
            told.append(made)
    return Rows([layer.key for layer in layers], told, _places(tree, layers))


class _Built:
    """A built net, and what its layers' blobs are to those of other layers."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self._grouped = {member for group in net.groups if len(group.members) > 1 for member in group.members}

    def params_of(self, layer: NetLayer) -> tuple[Any, ...]:
        """Of each of the layer's blobs its shape and rates, and of one with a name that name, the owner's key
        and whether others share it. No number in it changes with what stands elsewhere in the net."""
        first = layer.first_param
        params = self.net.params[first : first + len(layer.blobs)]
        if not params:
            return ()
        return tuple(
            [
                (param[5:], *self._sharing(first + blob, param)) if param[3] else (param[5:], "", None, False)
                for blob, param in enumerate(params)
            ]
        )

    def _sharing(self, index: int, param: NetParam) -> tuple[str, str | None, bool]:
        net, owner = self.net, param.owner
        key = net.layers[net.params[owner].layer].key if owner >= 0 else None
        return param.shared_name, key, index in self._grouped


def _row(
    facts: LayerFacts,
    key: str,
    active: bool,
    tops: tuple[str, ...],
    shapes: tuple[Shape | None, ...] | None,
    params: tuple[Any, ...],
    cost: LayerCost | None,
    phases: Sequence[str],
    fate: Fate,
    problems: Mapping[str, int],
    rates: tuple[float, float] | None,
) -> Json:
    """`LayerModel` without where the layer stands."""
    kind = lookup(facts.type)
    if shapes is None:
        shapes = (None,) * len(tops)
    return {
        "key": key,
        "name": facts.name,
        "type": facts.type,
        "family": kind.family if kind else "unknown",
        "known": kind is not None,
        "active": active,
        "bottoms": facts.bottoms,
        "tops": [{"name": name, "shape": shape} for name, shape in zip(tops, shapes, strict=True)],
        "in_place": any(a == b for a, b in zip(facts.bottoms, facts.tops, strict=False)),
        "phases": phases,
        "summary": kind.summary(facts.message) if kind else "",
        "blobs": _blobs(facts, params, rates),
        "origin": fate[0],
        "weights": fate[1],
        "problems": problems,
        "cost": None
        if cost is None
        else {
            "parameters": cost.parameters,
            "macs": cost.macs,
            "activation_bytes": cost.activation_bytes,
        },
    }


def _blobs(
    facts: LayerFacts, params: Iterable[Sequence[Any]], rates: tuple[float, float] | None
) -> list[Json]:
    """`BlobModel` for each of a layer's blobs, as `_Built.params_of` has them."""
    known = lookup(facts.type)
    roles = known.roles(facts.message) if known else ()
    made: list[Json] = []
    for index, (param, shared_name, owner, grouped) in enumerate(params):
        shape, lr, decay, lr_stated, decay_stated = param
        own = facts.params[index] if index < len(facts.params) else None
        made.append(
            {
                "index": index,
                "role": roles[index] if index < len(roles) else f"blob {index}",
                "shape": shape,
                "param": shared_name or None,
                "lr": lr,
                "decay": decay,
                "lr_stated": lr_stated,
                "decay_stated": decay_stated,
                "lr_own": own.lr if own is not None and own.lr_stated else None,
                "decay_own": own.decay if own is not None and own.decay_stated else None,
                "owner": owner,
                "group": shared_name if grouped else None,
            }
        )
        if rates is not None:
            made[-1]["rate"], made[-1]["decay_rate"] = rates[0] * lr, rates[1] * decay
    return made


def _phases(verdicts: Verdicts) -> Mapping[str, tuple[str, ...]]:
    """The phases that each layer is in, TRAIN first."""
    members: dict[str, set[str]] = {"TRAIN": set(), "TEST": set()}
    for state, verdict in verdicts.items():
        members[state.phase].update([layer.key for layer in verdict.net.layers])
    train, test = members["TRAIN"], members["TEST"]
    found: dict[str, tuple[str, ...]] = dict.fromkeys(train & test, ("TRAIN", "TEST"))
    found.update(dict.fromkeys(train - test, ("TRAIN",)))
    found.update(dict.fromkeys(test - train, ("TEST",)))
    return found


def _places(tree: prototxt.Document, layers: Sequence[DocLayer]) -> list[Place]:
    """Where each layer stands; the lines before each chunk are counted once."""
    chunks = tree.chunks
    before = [1]
    for chunk in chunks:
        before.append(before[-1] + chunk.lines)
    places: list[Place] = []
    for layer in layers:
        field, index = layer.field, layer.chunk
        text = chunks[index].text
        first = before[index] + text.count("\n", 0, field.start)
        places.append((index, first, first + text.count("\n", field.start, field.end)))
    return places
