"""What stands beside a net: the solver with the states it builds and the rates it makes, and data sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netgraft import prototxt
from netgraft.caffe.checks.sources import data_source
from netgraft.caffe.model import Net
from netgraft.caffe.report import diagnostic_object
from netgraft.caffe.solver import solver_findings, test_states, train_state
from netgraft.caffe.state import NetState
from netgraft.web.graph.states import as_json
from netgraft.web.names import stem
from netgraft.workspace import SolverFile

Json = dict[str, Any]


def solver_states(file: SolverFile | None, tree: prototxt.Document) -> tuple[NetState, ...]:
    """The states in which the solver builds the net: to train, then each of its test nets."""
    if file is None:
        return ()
    return train_state(file.solver, tree), *test_states(file.solver, tree)


def solver_info(file: SolverFile, tree: prototxt.Document) -> Json:
    """SolverInfo."""
    message = file.solver.message
    return {
        "name": file.name,
        "type": message.type,
        "net": message.net or message.train_net,
        "base_lr": message.base_lr,
        "lr_policy": message.lr_policy,
        "weight_decay": message.weight_decay,
        "momentum": message.momentum,
        "max_iter": message.max_iter,
        "train_state": as_json(train_state(file.solver, tree)),
        "test_states": [as_json(state) for state in test_states(file.solver, tree)],
    }


def findings_of(file: SolverFile, tree: prototxt.Document, train: Net, net_name: str) -> list[Json]:
    """What is to be said about the solver: like findings of the net, with the file of their places."""
    message = file.solver.message
    stated = message.net or message.train_net
    # The document goes by its file's name without the ending, or by what a person called it.
    other = None if not net_name or stem(stated) == net_name else net_name
    return [
        {**diagnostic_object(file.solver.document, found), "file": file.name, "states": []}
        for found in solver_findings(file.solver, tree, train, other)
    ]


def sources_of(nets: Iterable[Net], datum: Mapping[str, tuple[int, int, int]]) -> list[Json]:
    """The data sources whose shapes are asked, and the answers that there are."""
    readers: dict[str, dict[str, None]] = {}
    for net in nets:
        for layer in net.layers:
            source = data_source(layer)
            if source and (source in datum or None in layer.top_shapes[:1]):
                readers.setdefault(source, {})[layer.key] = None
    return [
        {"source": source, "layers": list(keys), "datum": datum.get(source)}
        for source, keys in readers.items()
    ]
