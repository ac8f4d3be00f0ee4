"""Builds the graph's JSON from a document and the state asked for."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from netgraft import edit
from netgraft.caffe.layers import document_layers
from netgraft.caffe.model import Net, Profile
from netgraft.caffe.net import suggested_profile
from netgraft.caffe.state import NetState
from netgraft.web.graph import findings, states
from netgraft.web.graph.edges import edges
from netgraft.web.graph.fates import land
from netgraft.web.graph.rows import rows
from netgraft.web.graph.verdicts import distinct, verdicts_of
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
    verdicts = verdicts_of(tree, layers, tuple(wanted), profile)
    verdict = verdicts[look.asked.state]
    landing = land(look.document, look.index, layers, distinct(verdicts))
    merged = findings.merge(tree, verdicts, landing.diagnostics)
    return {
        "document": look.id,
        "revision": look.revision,
        "name": verdict.net.name,
        "state": states.as_json(look.asked.state),
        "states": [states.as_json(state) for state in told],
        "verdict": "ok" if verdict.ok else "refused",
        "profile": profile,
        "layers": rows(tree, layers, verdicts, look.asked.state, landing.fates, findings.count(merged)),
        "edges": edges(layers, distinct(verdicts)),
        "groups": groups(verdict.net),
        "diagnostics": merged,
        "outputs": list(verdict.net.outputs),
        "totals": {
            "parameters": sum(
                prod(each.shape) for each in verdict.net.params if each.owner < 0 and each.shape is not None
            ),
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
