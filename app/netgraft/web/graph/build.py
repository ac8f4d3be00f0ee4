"""Builds the graph's JSON from a document and the state asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netgraft import edit
from netgraft.caffe.cost import cost
from netgraft.caffe.layers import document_layers
from netgraft.caffe.meant import not_meant
from netgraft.caffe.model import Net, Profile
from netgraft.caffe.net import suggested_profile
from netgraft.caffe.state import NetState
from netgraft.edit.starts import starts
from netgraft.web.graph import beside, findings, states
from netgraft.web.graph.changes import Graph
from netgraft.web.graph.edges import edges
from netgraft.web.graph.fates import land
from netgraft.web.graph.rows import About, rows
from netgraft.web.graph.verdicts import distinct, verdicts_of
from netgraft.web.observe import metrics
from netgraft.weights import Index
from netgraft.workspace import Premises

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """How to look at a net: in which state, and as which Caffe (None: as the document's premises say)."""

    state: NetState
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a graph is made of: a document, the indexes of its weights by source, how to look at it, and what
    verdicts rest on beside the text. `name` is the document's, to be held against the net a solver names."""

    id: str
    revision: int
    document: edit.Document
    weights: Mapping[str, Index]
    asked: Asked
    most_states: int
    premises: Premises = field(default_factory=Premises)
    name: str = ""


def build(look: Look) -> Graph:
    """The graph of what is looked at."""
    tree = look.document.tree
    layers = document_layers(tree)
    told = states.states_of(layers, look.most_states)
    premises = look.premises
    suggested = suggested_profile(tree)
    profile = look.asked.profile or premises.profile or suggested
    built = beside.solver_states(premises.solver, tree)
    wanted = dict.fromkeys((look.asked.state, *told, *built))
    origins = starts(look.document, look.weights)
    with metrics.checks.time():
        verdicts = verdicts_of(tree, layers, tuple(wanted), profile, premises.datum, origins)
    verdict = verdicts[look.asked.state]
    solver = premises.solver
    costs = cost(verdict.net)
    landing = land(look.document, look.weights, layers, distinct(verdicts))
    merged = findings.merge(tree, verdicts, landing.diagnostics)
    if solver is not None:
        merged += beside.findings_of(solver, tree, verdicts[built[0]].net, look.name)
    about = About(landing.fates, findings.count(merged), costs, solver.solver.message if solver else None)
    head = {
        "document": look.id,
        "revision": look.revision,
        "name": verdict.net.name,
        "state": states.as_json(look.asked.state),
        "states": [states.as_json(state) for state in told],
        "verdict": "ok" if verdict.ok else "refused",
        "profile": profile,
        "suggested_profile": suggested,
        "not_meant": not_meant(layers),
        "solver": solver.name if solver else None,
        "groups": groups(verdict.net),
        "diagnostics": merged,
        "outputs": list(verdict.net.outputs),
        "sources": beside.sources_of(distinct(verdicts), premises.datum),
        "totals": {
            "parameters": costs.parameters,
            "layers": len(verdict.net.layers),
            "macs": costs.macs,
            "activation_bytes": costs.activation_bytes,
            "complete": costs.complete,
        },
    }
    return Graph(
        head,
        rows(tree, layers, verdicts, look.asked.state, about),
        edges(layers, distinct(verdicts)),
    )


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
