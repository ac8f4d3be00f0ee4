"""`netgraft show`: what is in a net, or in a weights file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any, cast

from netgraft.caffe.model import Net
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.report import run_object
from netgraft.caffe.state import NetState, Phase
from netgraft.cli.nets import read_datum, read_net
from netgraft.cli.terminal import OK, fail, finding, say, shape, table

_WEIGHTS_ENDINGS = (".caffemodel", ".h5", ".hdf5")


def run(
    file: str, phase: str, level: int, stages: Sequence[str], datum: Sequence[str], *, as_json: bool
) -> int:
    """Prints what the file holds; returns the exit code."""
    if file.lower().endswith(_WEIGHTS_ENDINGS) or _is_binary(file):
        return _show_weights(file, as_json)
    tree = read_net(file)
    state = NetState(cast(Phase, phase), level, frozenset(stages))
    verdict = check(tree, state, datum=read_datum(datum), profile=suggested_profile(tree))
    if as_json:
        row = run_object(tree, verdict, file)
        row["groups"] = _groups(verdict.net)
        say(json.dumps(row, indent=1))
        return OK
    _show_net(verdict.net)
    for upgrade in verdict.upgrades:
        say(f"old format: {upgrade}")
    for found in verdict.diagnostics:
        if found.severity == "error":
            line, column = (
                tree.position(found.place.chunk, found.place.start) if found.place else (None, None)
            )
            finding(file, line, column, "error", found.caffe_message or found.message)
    return OK


def _is_binary(file: str) -> bool:
    try:
        with Path(file).open("rb") as source:
            return b"\0" in source.read(4096)
    except OSError as error:
        fail(file, error.strerror or str(error))


def _show_net(net: Net) -> None:
    stages = "".join(f" {stage}" for stage in sorted(net.state.stages))
    say(f"{net.name or 'unnamed net'}, {net.state.phase}{stages}: {len(net.layers)} layers")
    say("")
    rows = []
    for layer in net.layers:
        first = layer.first_param
        params = net.params[first : first + len(layer.blobs)]
        rows.append(
            [
                layer.key,
                layer.type,
                " ".join(layer.bottoms) or "-",
                " ".join(layer.tops) or "-",
                ", ".join(shape(each) for each in layer.top_shapes) or "-",
                ", ".join(shape(each) for each in layer.blobs) or ("-" if layer.blobs_known else "?"),
                " ".join(f"{param.lr:g}" for param in params) or "-",
                " ".join(dict.fromkeys(param.shared_name for param in params if param.shared_name)) or "-",
            ]
        )
    table(["layer", "type", "bottoms", "tops", "shapes", "parameters", "lr_mult", "param names"], rows)
    groups = _groups(net)
    if groups:
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
    owned = [param.shape for param in net.params if param.owner < 0]
    unknown = sum(1 for each in owned if each is None)
    say("")
    more = f" and {unknown} blobs of unknown shape" if unknown else ""
    say(f"{sum(prod(each) for each in owned if each is not None):,} parameters{more}, shared ones once")


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
