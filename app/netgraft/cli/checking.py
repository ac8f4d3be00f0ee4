"""`netgraft check`. Kept light: it loads no server, no database, and numpy only where weights are given."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from netgraft import prototxt
from netgraft.caffe.checks.sources import UNKNOWN_SOURCE
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.layers import document_layers, told_key
from netgraft.caffe.meant import not_meant
from netgraft.caffe.model import Verdict
from netgraft.caffe.net import check
from netgraft.caffe.report import diagnostic_object, run_object
from netgraft.caffe.state import NetState, Phase
from netgraft.cli.matching import as_objects, print_matching
from netgraft.cli.nets import Datum, read_datum, state_name
from netgraft.cli.solving import Beside, object_of, print_solver, read_beside
from netgraft.cli.terminal import BAD_INPUT, OK, REFUSED, fail, finding, say, why_no_text

if TYPE_CHECKING:
    from netgraft.weights import Matching

_ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command."""

    phases: Sequence[str]
    level: int
    stages: Sequence[str]
    datum: Sequence[str]
    weights: Path | None
    profile: str
    solver: str | None = None
    every: bool = (
        False  # no phase was named: one that the file has no net for is told, and not held against it
    )

    def states(self) -> list[NetState]:
        """A net state a phase."""
        return [NetState(cast(Phase, phase), self.level, frozenset(self.stages)) for phase in self.phases]


def run(files: Sequence[str], asked: Asked, *, jsonl: bool) -> int:
    """Checks the files in turn; returns the exit code."""
    datum = read_datum(asked.datum)
    beside = read_beside(asked.solver) if asked.solver else None
    code = OK
    for file in files:
        data = b""
        try:
            data = Path(file).read_bytes()
            message = why_no_text(file, data)
        except OSError as error:
            message = error.strerror or str(error)
        if message:
            finding(file, None, None, "error", message, out=sys.stderr)
            if jsonl:
                for state in asked.states():
                    _print_json({"file": file, "phase": state.phase, "ok": False, "error": message})
            code = BAD_INPUT
            continue
        ok = _check(file, prototxt.parse(data), asked, datum, beside, jsonl)
        code = max(code, OK if ok else REFUSED)
    sys.stdout.flush()
    return code


def _check(
    file: str, tree: prototxt.Document, asked: Asked, datum: Datum, beside: Beside | None, jsonl: bool
) -> bool:
    profile = cast(Literal["bvlc", "fork"], asked.profile)
    built = beside.states(tree) if beside else ()
    verdicts = [
        check(tree, state, datum=datum, profile=profile) for state in dict.fromkeys((*asked.states(), *built))
    ]
    unmeant = not_meant(document_layers(tree)) if asked.every else None
    train = next((verdict.net for verdict in verdicts if built and verdict.net.state == built[0]), None)
    of_solver = beside.findings(tree, train, file) if beside and train else ()
    matchings = _match(verdicts, asked.weights, profile) if asked.weights else []
    matched = [each.diagnostics for each in matchings] or [()] * len(verdicts)
    judged = [
        (verdict, found)
        for verdict, found in zip(verdicts, matched, strict=True)
        if verdict.net.state.phase != unmeant
    ]
    fits = all(each.severity != "error" for _, found in judged for each in found)
    if jsonl:
        for position, (verdict, found) in enumerate(zip(verdicts, matched, strict=True)):
            row = run_object(tree, verdict, file)
            if verdict.net.state.phase == unmeant:
                row["meant"] = False
            if matchings:
                row["weights"] = [diagnostic_object(tree, each) for each in found]
                row["matches"] = as_objects(matchings[position])
            if beside:
                row["solver"] = object_of(beside, verdict.net, of_solver)
            _print_json(row)
    else:
        for verdict, found in judged:
            said = "Caffe would build it" if verdict.ok else "Caffe would refuse it"
            if verdict.ok and any(each.severity == "error" for each in found):
                said = "Caffe would build it, and refuse its weights"
            say(f"{file}: {state_name(verdict.net.state)}: {said} ({len(verdict.net.layers)} layers)")
        if unmeant:
            other = "TRAIN" if unmeant == "TEST" else "TEST"
            say(
                f"{file}: {unmeant}: not meant: its data layers live in {other} only (--phase {unmeant} asks)"
            )
        if beside and train:
            print_solver(beside, train)
        phases = [state_name(verdict.net.state) for verdict, _ in judged]
        found_keys = {each.layer for verdict, _ in judged for each in verdict.diagnostics}
        for layer in document_layers(tree):
            if layer.key != layer.name and layer.key in found_keys:
                say(f"{file}: {told_key(layer.key, layer.name)}")
        _print_findings(file, tree, phases, [verdict.diagnostics for verdict, _ in judged])
        if matchings:
            print_matching(
                phases,
                [
                    each
                    for verdict, each in zip(verdicts, matchings, strict=True)
                    if verdict.net.state.phase != unmeant
                ],
            )
        _print_findings(str(asked.weights), None, phases, [found for _, found in judged])
        if beside:
            _print_findings(beside.file, beside.solver.document, ["solver"], [of_solver])
    fits = fits and all(each.severity != "error" for each in of_solver)
    return fits and all(verdict.ok for verdict, _ in judged)


def _print_findings(
    file: str,
    tree: prototxt.Document | None,
    phases: Sequence[str],
    found: Sequence[Sequence[Diagnostic]],
) -> None:
    """Prints the findings of several phases, each once and the errors first. Without a tree: no places."""
    merged: dict[tuple[object, ...], tuple[Diagnostic, list[str]]] = {}
    for phase, diagnostics in zip(phases, found, strict=True):
        for each in diagnostics:
            key = (each.code, each.message, each.layer, each.blob, each.place)
            merged.setdefault(key, (each, []))[1].append(phase)
    for each, where in sorted(merged.values(), key=lambda row: _ORDER[row[0].severity]):
        line = column = None
        if tree is not None and each.place is not None:
            line, column = tree.position(each.place.chunk, each.place.start)
        only = f" ({where[0]} only)" if len(where) < len(phases) else ""
        said = f"{each.message}{only} [{each.code}]"
        if each.code == UNKNOWN_SOURCE:
            said += f"\n    Say it: --datum '{each.blob}=CxHxW'"
        if each.caffe_message and each.caffe_message.strip() not in said:
            said += f"\n    Caffe: {each.caffe_message.strip()}"
        finding(file, line, column, each.severity, said)


def _match(verdicts: Sequence[Verdict], file: Path, profile: str) -> list[Matching]:
    """What loading the weights into each of the nets would do."""
    from netgraft import weights
    from netgraft.weights import WeightsError

    try:
        with weights.index(file) as index:
            fork = profile == "fork"
            return [weights.match(index, verdict.net, fork=fork) for verdict in verdicts]
    except WeightsError as error:
        fail(str(file), str(error))
    except OSError as error:
        fail(str(file), error.strerror or str(error))


def _print_json(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, separators=(",", ":")) + "\n")
