"""From the few words of a caller to the duplicate operation, for the command line and the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from netgraft import edit
from netgraft.edit.view import View

Rates = float | Sequence[float | None]
Names = str | Sequence[str]


def layers_of(view: View, names: Names) -> list[str]:
    """The keys that a pattern means (`conv1..fc7`, names, globs), or those given.

    Raises EditError where a pattern finds none.
    """
    return edit.find_layers(view, names) if isinstance(names, str) else list(names)


def row(values: Rates) -> Sequence[float | None]:
    """One rate a copy, in order."""
    return (values,) if isinstance(values, int | float) else values


def duplicate_operation(
    view: View,
    layers: Names,
    *,
    copies: int | None = None,
    suffixes: Sequence[str] | None = None,
    keep_first: bool = False,
    share: Names = "none",
    lr_mult: Rates = (),
    scale_lr: Rates = (),
    shared_lr: float | Literal["keep"] | None = None,
    freeze: Sequence[int] = (),
    inputs: str = "same",
    join: str | Mapping[str, Any] = "none",
) -> dict[str, Any]:
    """The operation that `Document.duplicate` describes. Raises EditError for what contradicts itself."""
    keys = layers_of(view, layers)
    named = {"lr_mult": row(lr_mult), "scale_lr": row(scale_lr)}
    longest = max(map(len, named.values()))
    count = copies or max(2, len(suffixes or ()), longest, *freeze)
    if longest > count:
        raise edit.EditError("bad-operation", f"There are {longest} rates for {count} copies.")
    rates: list[dict[str, Any]] = [{} for _ in range(count)]
    for member, values in named.items():
        for rate, value in zip(rates, values, strict=False):
            if value is not None:
                rate[member] = value
    for number in freeze:
        if not 1 <= number <= count:
            raise edit.EditError("bad-operation", f"There is no copy {number}: they are 1 to {count}.")
        rates[number - 1]["freeze"] = True
    operation: dict[str, Any] = {
        "op": "duplicate",
        "layers": keys,
        "copies": count,
        "keep_first": keep_first,
        "inputs": inputs,
        "join": {"kind": join} if isinstance(join, str) else dict(join),
    }
    if suffixes:
        operation["suffixes"] = list(suffixes)
    if isinstance(share, str) and share in ("none", "all"):
        operation["share"] = {"default": share}
        shared = keys if share == "all" else []
    else:
        shared = layers_of(view, share)
        operation["share"] = {"default": "none", "layers": dict.fromkeys(shared, "shared")}
    if shared_lr is not None:
        own = {} if shared_lr == "keep" else {"lr_mult": shared_lr}
        rates = [rate | {"layers": dict.fromkeys(shared, own)} for rate in rates]
    if any(rates):
        operation["rates"] = rates
    return operation
