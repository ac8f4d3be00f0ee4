"""What a net costs, as tables and JSON."""

from __future__ import annotations

from typing import Any

from netgraft.caffe.cost import NetCost, cost
from netgraft.caffe.model import Net
from netgraft.cli.terminal import shape, table

_RIGHT = frozenset({3, 4, 5})


def object_of(net: Net) -> dict[str, Any]:
    """The cost per layer and in all; null where shapes are unknown, which `complete` says of the sums."""
    found = cost(net)
    return {
        "layers": [
            {
                "layer": each.key,
                "parameters": each.parameters,
                "shared": each.shared,
                "macs": each.macs,
                "activation_bytes": each.activation_bytes,
            }
            for each in found.layers
        ],
        "parameters": found.parameters,
        "macs": found.macs,
        "activation_bytes": found.activation_bytes,
        "complete": found.complete,
    }


def print_costs(net: Net) -> None:
    """A row a layer: exact numbers, for the batch that the net states."""
    rows = [
        [
            layer.key,
            layer.type,
            ", ".join(shape(each) for each in layer.top_shapes) or "-",
            _number(each.parameters),
            _number(each.macs),
            _number(each.activation_bytes),
        ]
        for layer, each in zip(net.layers, cost(net).layers, strict=True)
    ]
    table(["layer", "type", "shapes", "parameters", "MACs", "activation bytes"], rows, right=_RIGHT)


def totals_line(found: NetCost) -> str:
    """The sums in words."""
    known = "" if found.complete else " where shapes are known"
    return (
        f"{found.macs:,} multiply-accumulates a forward pass, "
        f"{found.activation_bytes:,} bytes of activations{known}"
    )


def _number(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"
