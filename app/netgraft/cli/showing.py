"""`netgraft show`: what is in a net, or in a weights file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netgraft import prototxt
from netgraft.caffe.cost import cost
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.model import Net
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.report import run_object
from netgraft.caffe.solver import Solver, effective_rates, is_solver
from netgraft.caffe.state import TRAIN, NetState
from netgraft.cli import costing, solving
from netgraft.cli.nets import read_datum, read_net, state_name
from netgraft.cli.solving import read_beside
from netgraft.cli.terminal import OK, fail, finding, read_bytes, say, shape, table

_WEIGHTS_ENDINGS = (".caffemodel", ".h5", ".hdf5")


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command. `state` is None where nothing was said of it."""

    state: NetState | None
    datum: Sequence[str]
    solver: str | None
    cost: bool
    as_json: bool


def run(file: str, asked: Asked) -> int:
    """Prints what the file holds; returns the exit code."""
    as_json = asked.as_json
    if file.lower().endswith(_WEIGHTS_ENDINGS) or _is_binary(file):
        return _show_weights(file, as_json)
    beside = read_beside(asked.solver) if asked.solver else None
    tree = prototxt.parse(read_bytes(file))
    if is_solver(tree) and beside is None:
        beside = read_beside(file)
        net = beside.net_file()
        if net is None:
            named = beside.solver.message.net or beside.solver.message.train_net
            what = f"its net {named!r} is not here" if named else "it names no net"
            fail(file, f"This is a solver, and {what}; show the net with --solver {file}.")
        file = str(net)
    tree = read_net(file)
    state = asked.state or (beside.states(tree)[0] if beside else TRAIN)
    verdict = check(tree, state, datum=read_datum(asked.datum), profile=suggested_profile(tree))
    of_solver: tuple[Diagnostic, ...] = ()
    if beside:
        of_solver = beside.findings(tree, verdict.net, file)
    if as_json:
        row = run_object(tree, verdict, file)
        row["groups"] = _groups(verdict.net)
        row["cost"] = costing.object_of(verdict.net)
        if beside:
            row["solver"] = solving.object_of(beside, verdict.net, of_solver)
        say(json.dumps(row, indent=1))
        return OK
    if beside:
        solving.print_solver(beside, verdict.net)
    _show_net(verdict.net, beside.solver if beside else None, costs=asked.cost)
    for upgrade in verdict.upgrades:
        say(f"old format: {upgrade}")
    for found in verdict.diagnostics:
        if found.severity == "error":
            line, column = (
                tree.position(found.place.chunk, found.place.start) if found.place else (None, None)
            )
            finding(file, line, column, "error", found.caffe_message or found.message)
    if beside:
        for found in of_solver:
            place = found.place
            solver_file = beside.solver.document
            line, column = solver_file.position(place.chunk, place.start) if place else (None, None)
            finding(beside.file, line, column, found.severity, found.message)
    return OK


def _is_binary(file: str) -> bool:
    try:
        with Path(file).open("rb") as source:
            return b"\0" in source.read(4096)
    except OSError as error:
        fail(file, error.strerror or str(error))


def _show_net(net: Net, solver: Solver | None, *, costs: bool) -> None:
    say(f"{net.name or 'unnamed net'}, {state_name(net.state)}: {len(net.layers)} layers")
    say("")
    if costs:
        costing.print_costs(net)
    else:
        _print_layers(net, solver)
    groups = _groups(net)
    if groups and not costs:
        _print_groups(groups)
    owned = [param.shape for param in net.params if param.owner < 0]
    unknown = sum(1 for each in owned if each is None)
    say("")
    more = f" and {unknown} blobs of unknown shape" if unknown else ""
    found = cost(net)
    say(f"{found.parameters:,} parameters{more}, shared ones once")
    say(costing.totals_line(found))


def _print_layers(net: Net, solver: Solver | None) -> None:
    rates = effective_rates(solver, net) if solver else ()
    rows = []
    for layer in net.layers:
        first = layer.first_param
        params = net.params[first : first + len(layer.blobs)]
        learns = rates[first : first + len(layer.blobs)]
        effective = [
            " ".join(f"{rate.lr:g}" for rate in learns) or "-",
            " ".join(f"{rate.decay:g}" for rate in learns) or "-",
        ]
        rows.append(
            [
                layer.key,
                layer.type,
                " ".join(layer.bottoms) or "-",
                " ".join(layer.tops) or "-",
                ", ".join(shape(each) for each in layer.top_shapes) or "-",
                ", ".join(shape(each) for each in layer.blobs) or ("-" if layer.blobs_known else "?"),
                " ".join(f"{param.lr:g}" for param in params) or "-",
                *(effective if solver else ()),
                " ".join(dict.fromkeys(param.shared_name for param in params if param.shared_name)) or "-",
            ]
        )
    heads = ["layer", "type", "bottoms", "tops", "shapes", "parameters", "lr_mult"]
    table([*heads, *(["rate", "decay"] if solver else []), "param names"], rows)


def _print_groups(groups: Sequence[dict[str, Any]]) -> None:
    say("")
    say("Share groups:")
    table(
        ["name", "owner", "sharers", "shape", "lr_mult", "decay_mult"],
        [
            [
                each["name"],
                each["members"][0],
                " ".join(each["members"][1:]),
                shape(each["shape"]),
                f"{each['lr']:g}",
                f"{each['decay']:g}",
            ]
            for each in groups
        ],
    )


def _groups(net: Net) -> list[dict[str, Any]]:
    """The share groups with two members or more; a member is `layer[blob]`, the owner first."""
    return [
        {
            "name": group.name,
            "members": [
                f"{net.layers[net.params[member].layer].key}[{net.params[member].blob}]"
                for member in group.members
            ],
            "shape": group.shape,
            "lr": group.lr,
            "decay": group.decay,
        }
        for group in net.groups
        if len(group.members) > 1
    ]


def _show_weights(file: str, as_json: bool) -> int:
    from netgraft import weights
    from netgraft.weights import WeightsError

    try:
        with weights.index(file) as index:
            layers = [
                {
                    "name": layer.name,
                    "type": layer.type,
                    "format": layer.format,
                    "blobs": [
                        {"shape": list(blob.shape), "dtype": blob.dtype, "count": blob.count}
                        for blob in layer.blobs
                    ],
                }
                for layer in index.layers
            ]
            whole = {
                "file": file,
                "name": index.name,
                "format": index.format,
                "size": index.size,
                "layers": layers,
            }
    except WeightsError as error:
        fail(file, str(error))
    except OSError as error:
        fail(file, error.strerror or str(error))
    if as_json:
        say(json.dumps(whole, indent=1))
        return OK
    _print_weights(whole)
    return OK


def _print_weights(whole: dict[str, Any]) -> None:
    layers = whole["layers"]
    say(f"{whole['name'] or 'unnamed net'}: {len(layers)} layers, {whole['size']:,} bytes")
    say("")
    rows = [
        [
            layer["name"],
            str(layer["type"]),
            ", ".join(shape(blob["shape"]) for blob in layer["blobs"]) or "-",
            " ".join(sorted({blob["dtype"] for blob in layer["blobs"]})) or "-",
            f"{sum(blob['count'] for blob in layer['blobs']):,}",
        ]
        for layer in layers
    ]
    table(["layer", "type", "blobs", "values", "count"], rows, right=frozenset({4}))
    say("")
    total = sum(blob["count"] for layer in layers for blob in layer["blobs"])
    say(f"{total:,} values in all, stored as {_FORMATS[whole['format']]}")


_FORMATS = {
    "layer": "`layer` (Caffe 1.0)",
    "layers": "V1 `layers`",
    "v0": "V0 layers",
    "hdf5": "HDF5",
}
