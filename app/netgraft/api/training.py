"""A solver beside a net: what each blob learns at, and what does not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from netgraft import prototxt
from netgraft.api import display
from netgraft.api.verdict import Finding, Verdict, finding_of, judge
from netgraft.caffe.solver import (
    Solver,
    effective_rates,
    read_solver,
    solver_findings,
    test_states,
    train_state,
)
from netgraft.edit.numbers import write_float


@dataclass(frozen=True, slots=True, repr=False)
class Training:
    """What a solver makes of a net; true where Caffe would take both.

    `rates` and `decay_rates` are those of each parameter blob by layer key, before the policy changes them:
    `base_lr` times lr_mult and `weight_decay` times decay_mult. `findings` are about the solver, with lines
    and columns in its file; `train` is the verdict on the net that the solver trains, `tests` those on
    the nets that it tests.
    """

    ok: bool
    type: str
    base_lr: float
    lr_policy: str
    weight_decay: float
    momentum: float
    rates: dict[str, tuple[float, ...]]
    decay_rates: dict[str, tuple[float, ...]]
    findings: tuple[Finding, ...]
    train: Verdict
    tests: tuple[Verdict, ...]

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        policy = f" ({self.lr_policy})" if self.lr_policy else ""
        said = (
            f"{self.type}, base_lr {self.base_lr:g}{policy}, weight_decay {self.weight_decay:g}, "
            f"momentum {self.momentum:g}"
        )
        spread = Counter(rate for rates in self.rates.values() for rate in rates)
        learns = ", ".join(f"{rate:g} ({count})" for rate, count in sorted(spread.items()))
        return "\n".join([said, f"blobs by rate: {learns or 'none'}", *map(str, self.findings)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [
            (layer, " ".join(f"{rate:g}" for rate in rates), " ".join(f"{each:g}" for each in decays))
            for (layer, rates), decays in zip(self.rates.items(), self.decay_rates.values(), strict=True)
        ]
        said = str(self).splitlines()[0]
        told = display.findings(each.row for each in self.findings)
        return display.head("Solver", said) + told + display.table(["layer", "rates", "decay rates"], rows)


def training(
    solver: prototxt.Document,
    net: prototxt.Document,
    *,
    net_file: str | None,
    datum: Mapping[str, tuple[int, int, int]],
    profile: Literal["bvlc", "fork"],
    origins: Mapping[str, str | None],
) -> Training:
    """What a solver's text makes of a net's (see netgraft.caffe.solver.check_solver)."""
    read = read_solver(solver)
    states = [train_state(read, net), *test_states(read, net)]
    train, *tests = (judge(net, each, datum=datum, profile=profile, origins=origins) for each in states)
    found = tuple(finding_of(solver, each) for each in solver_findings(read, net, train.net, net_file))
    message = read.message
    rates, decays = _by_layer(read, train)
    return Training(
        ok=all([train, *tests]) and all(each.severity != "error" for each in found),
        type=message.type,
        base_lr=_plain(message.base_lr),
        lr_policy=message.lr_policy,
        weight_decay=_plain(message.weight_decay),
        momentum=_plain(message.momentum),
        rates=rates,
        decay_rates=decays,
        findings=found,
        train=train,
        tests=tuple(tests),
    )


def _by_layer(
    solver: Solver, verdict: Verdict
) -> tuple[dict[str, tuple[float, ...]], dict[str, tuple[float, ...]]]:
    every = effective_rates(solver, verdict.net)
    base, weight_decay = _plain(solver.message.base_lr), _plain(solver.message.weight_decay)
    rates: dict[str, tuple[float, ...]] = {}
    decays: dict[str, tuple[float, ...]] = {}
    for layer in verdict.net.layers:
        own = every[layer.first_param : layer.first_param + len(layer.blobs)]
        if own:
            rates[layer.key] = tuple(_plain(base * _plain(each.lr_mult)) for each in own)
            decays[layer.key] = tuple(_plain(weight_decay * _plain(each.decay_mult)) for each in own)
    return rates, decays


def _plain(value: float) -> float:
    """The number that people write for a float32: 0.001 and not 0.0010000000474974513."""
    return float(write_float(value))
