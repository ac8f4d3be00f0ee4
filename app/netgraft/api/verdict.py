"""A verdict for people in a notebook: findings with lines and columns, shapes by blob."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from netgraft import prototxt
from netgraft.api import display
from netgraft.caffe.cost import cost
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.model import Net
from netgraft.caffe.model import Verdict as BuiltVerdict
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState, Phase
from netgraft.edit.numbers import write_float

Shape = tuple[int, ...]
Operations = tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """One thing that is said about a net; docs/checks.md has a section for each `code`.

    `caffe_message` holds Caffe's own words where Caffe would abort, else None. `layer` is a layer's key.
    `line` and `column` count from 1 (columns in characters); None where there is no one place. `fixes` maps a
    fix's title to its operations: `document.apply(*finding.fixes[title])`.
    """

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    caffe_message: str | None
    layer: str | None
    line: int | None
    column: int | None
    fixes: Mapping[str, Operations]

    @property
    def row(self) -> tuple[str, str, str, str | None]:
        """Severity, place, message and Caffe's words, for a table."""
        place = "" if self.line is None else f"{self.line}:{self.column}"
        return self.severity, place, self.message, self.caffe_message

    def _repr_html_(self) -> str:
        return display.findings([self.row])

    def __str__(self) -> str:
        place = "" if self.line is None else f"{self.line}:{self.column}: "
        caffe = f"\n    Caffe: {self.caffe_message.strip()}" if self.caffe_message else ""
        return f"{place}{self.severity}: {self.message} [{self.code}]{caffe}"

    __repr__ = __str__


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """What Caffe would say of a net in one state; true where it would build it.

    `findings` begins with the errors, in the order in which Caffe would meet them; the rest follows.
    """

    ok: bool
    phase: Literal["TRAIN", "TEST"]
    findings: tuple[Finding, ...]
    net: Net

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.phase}: {self.said} ({len(self.net.layers)} layers)", *map(str, self.findings)]
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = display.head(self.phase, self.said, f"{len(self.net.layers)} layers")
        return head + display.findings(each.row for each in self.findings)

    @property
    def said(self) -> str:
        """The verdict in words."""
        return "Caffe would build it" if self.ok else "Caffe would refuse it"

    @property
    def error(self) -> Finding | None:
        """What Caffe would die of; None where it would build the net."""
        return None if self.ok else self.findings[0]

    @property
    def shapes(self) -> dict[str, Shape | None]:
        """The shape of every blob, outermost axis first (N, C, H, W as a rule); None where it is unknown.

        A blob that is worked on in place has the shape that it has in the end.
        """
        return {
            top: shape
            for layer in self.net.layers
            for top, shape in zip(layer.tops, layer.top_shapes, strict=True)
        }

    @property
    def rates(self) -> dict[str, tuple[float, ...]]:
        """The lr_mult in force for each parameter blob, by layer key; a sharer has its owner's."""
        found: dict[str, tuple[float, ...]] = {}
        for layer in self.net.layers:
            own = self.net.params[layer.first_param : layer.first_param + len(layer.blobs)]
            if own:
                # As people write them: the float32 nearest to 0.1 is 0.1.
                found[layer.key] = tuple(float(write_float(param.lr)) for param in own)
        return found

    @property
    def shares(self) -> dict[str, tuple[tuple[str, int], ...]]:
        """Who shares each parameter that several layers hold: (layer key, blob number), the owner first."""
        params, layers = self.net.params, self.net.layers
        return {
            group.name: tuple((layers[params[each].layer].key, params[each].blob) for each in group.members)
            for group in self.net.groups
            if len(group.members) > 1
        }

    @property
    def parameters(self) -> int:
        """How many values the solver could learn, shared ones once; unknown shapes do not count."""
        return cost(self.net).parameters


def state_of(phase: Phase, level: int, stages: Sequence[str]) -> NetState:
    """A state of the net. Raises ValueError for a phase that Caffe does not have, and for stages that are one
    string (whose letters would be stages, and match nothing)."""
    if phase not in get_args(Phase):
        raise ValueError(f"There is no phase {phase!r}: it is 'TRAIN' or 'TEST'")
    if isinstance(stages, str):
        raise ValueError(f"stages is a list of names: [{stages!r}]")
    return NetState(phase, level, frozenset(stages))


def judge(
    tree: prototxt.Document,
    state: NetState,
    *,
    datum: Mapping[str, tuple[int, int, int]],
    profile: Literal["bvlc", "fork"],
    origins: Mapping[str, str | None],
) -> Verdict:
    """The verdict on a text in one state (see netgraft.caffe.net.check)."""
    built: BuiltVerdict = check(tree, state, datum=datum, profile=profile, origins=origins)
    findings = tuple(finding_of(tree, each) for each in built.diagnostics)
    return Verdict(built.ok, state.phase, findings, built.net)


def finding_of(tree: prototxt.Document, diagnostic: Diagnostic) -> Finding:
    """A diagnostic with its place as line and column."""
    line = column = None
    if diagnostic.place is not None:
        line, column = tree.position(diagnostic.place.chunk, diagnostic.place.start)
    return Finding(
        diagnostic.code,
        diagnostic.severity,
        diagnostic.message,
        diagnostic.caffe_message,
        diagnostic.layer,
        line,
        column,
        {fix.title: fix.operations for fix in diagnostic.fixes},
    )
