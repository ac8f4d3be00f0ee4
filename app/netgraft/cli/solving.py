"""A solver beside a net: the states that it builds, what each blob learns at, and what does not fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netgraft import prototxt
from netgraft.caffe.checks.dangers import role
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.model import Net
from netgraft.caffe.report import diagnostic_object
from netgraft.caffe.solver import (
    Solver,
    effective_rates,
    is_solver,
    read_solver,
    solver_findings,
    test_states,
    train_state,
)
from netgraft.caffe.state import NetState
from netgraft.cli.terminal import fail, read_bytes, say


@dataclass(frozen=True, slots=True)
class Beside:
    """A solver and the file that it came from."""

    file: str
    solver: Solver

    def states(self, tree: prototxt.Document) -> tuple[NetState, ...]:
        """The states in which it builds a net: to train, then each of its test nets."""
        return train_state(self.solver, tree), *test_states(self.solver, tree)

    def findings(self, tree: prototxt.Document, train: Net, net_file: str) -> tuple[Diagnostic, ...]:
        """What is to be said about it; places are in its own file."""
        return solver_findings(self.solver, tree, train, net_file)

    def net_file(self) -> Path | None:
        """The net that it names, as seen from here or from its own folder; None where there is none."""
        message = self.solver.message
        named = message.net or message.train_net
        folder = Path(self.file).parent
        found = (Path(named), folder / named, folder / Path(named).name) if named else ()
        return next((path for path in found if path.is_file()), None)


def read_beside(file: str) -> Beside:
    """The solver in a file; ends the command where it cannot be read or is none."""
    tree = prototxt.parse(read_bytes(file))
    if not is_solver(tree):
        fail(file, "This is no solver: it has none of a solver's fields (base_lr and the like), or layers.")
    return Beside(file, read_solver(tree))


def object_of(beside: Beside, net: Net, found: tuple[Diagnostic, ...]) -> dict[str, Any]:
    """What the solver makes of a net, as JSON: each blob's effective rate and decay, as `params` are."""
    message = beside.solver.message
    params = zip(effective_rates(beside.solver, net), net.params, strict=True)
    return {
        "file": beside.file,
        "ok": all(each.severity != "error" for each in found),
        "type": message.type,
        "base_lr": message.base_lr,
        "lr_policy": message.lr_policy,
        "weight_decay": message.weight_decay,
        "rates": [
            {
                "layer": net.layers[param.layer].key,
                "blob": param.blob,
                "role": role(net.layers[param.layer], param),
                "lr": rate.lr,
                "decay": rate.decay,
            }
            for rate, param in params
        ],
        "diagnostics": [diagnostic_object(beside.solver.document, each) for each in found],
    }


def print_solver(beside: Beside, net: Net) -> None:
    """What the solver is, and how many values learn at which rate."""
    message = beside.solver.message
    policy = f" ({message.lr_policy})" if message.lr_policy else ""
    say(
        f"{beside.file}: {message.type}, base_lr {message.base_lr:g}{policy}, "
        f"weight_decay {message.weight_decay:g}, momentum {message.momentum:g}"
    )
    owned = [param.owner < 0 for param in net.params]
    rates = Counter(
        rate.lr for rate, own in zip(effective_rates(beside.solver, net), owned, strict=True) if own
    )
    if rates:
        parts = [
            f"{rate:g} ({count} blob{'s' if count > 1 else ''})" for rate, count in sorted(rates.items())
        ]
        say(f"{beside.file}: effective rates: {', '.join(parts)}")
