"""`netgraft check`. Kept light: it loads no server, no database, and numpy only where weights are given."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from netgraft import prototxt
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.model import Verdict
from netgraft.caffe.net import check
from netgraft.caffe.report import run_object
from netgraft.caffe.state import NetState, Phase
from netgraft.cli.nets import Datum, read_datum
from netgraft.cli.terminal import BAD_INPUT, OK, REFUSED, fail, finding, say

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

    def states(self) -> list[NetState]:
        """A net state a phase."""
        return [NetState(cast(Phase, phase), self.level, frozenset(self.stages)) for phase in self.phases]


def run(files: Sequence[str], asked: Asked, *, jsonl: bool) -> int:
    """Checks the files in turn; returns the exit code."""
    datum = read_datum(asked.datum)
    code = OK
    for file in files:
        try:
            data = Path(file).read_bytes()
        except OSError as error:
            message = error.strerror or str(error)
            finding(file, None, None, "error", message, out=sys.stderr)
            if jsonl:
                for state in asked.states():
                    _print_json({"file": file, "phase": state.phase, "ok": False, "error": message})
            code = BAD_INPUT
            continue
        ok = _check(file, prototxt.parse(data), asked, datum, jsonl)
        code = max(code, OK if ok else REFUSED)
    sys.stdout.flush()
    return code


def _check(file: str, tree: prototxt.Document, asked: Asked, datum: Datum, jsonl: bool) -> bool:
    profile = cast(Literal["bvlc", "fork"], asked.profile)
    verdicts = {state: check(tree, state, datum=datum, profile=profile) for state in asked.states()}
    clashes = _weights_findings(tree, asked.weights) if asked.weights else []
    ok = all(verdict.ok for verdict in verdicts.values()) and not any(each[0] == "error" for each in clashes)
    if jsonl:
        for verdict in verdicts.values():
            row = run_object(tree, verdict, file)
            if clashes:
                row["weights"] = [{"severity": severity, "message": text} for severity, text in clashes]
            _print_json(row)
        return ok
    _print_findings(file, tree, verdicts)
    for severity, text in clashes:
        finding(str(asked.weights), None, None, severity, text)
    _print_verdict(file, verdicts, ok)
    return ok


def _print_findings(file: str, tree: prototxt.Document, verdicts: dict[NetState, Verdict]) -> None:
    merged: dict[tuple[object, ...], tuple[Diagnostic, list[str]]] = {}
    for state, verdict in verdicts.items():
        for each in verdict.diagnostics:
            key = (each.code, each.message, each.layer, each.blob, each.place)
            merged.setdefault(key, (each, []))[1].append(state.phase)
    rows = []
    for each, phases in merged.values():
        line, column = tree.position(each.place.chunk, each.place.start) if each.place else (None, None)
        only = f" ({phases[0]} only)" if len(phases) < len(verdicts) else ""
        said = f"{each.message}{only} [{each.code}]"
        if each.caffe_message and each.caffe_message.strip() not in said:
            said += f"\n    Caffe: {each.caffe_message.strip()}"
        rows.append((_ORDER[each.severity], line, column, each.severity, said))
    for _, line, column, severity, message in sorted(rows, key=lambda row: row[0]):
        finding(file, line, column, severity, message)


def _print_verdict(file: str, verdicts: dict[NetState, Verdict], ok: bool) -> None:
    for state, verdict in verdicts.items():
        said = "Caffe would build it" if verdict.ok else "Caffe would refuse it"
        say(f"{file}: {state.phase}: {said} ({len(verdict.net.layers)} layers)")
    if not ok and all(verdict.ok for verdict in verdicts.values()):
        say(f"{file}: Caffe would refuse its weights")


def _weights_findings(tree: prototxt.Document, file: Path) -> list[tuple[str, str]]:
    """What loading the weights would say: clashes as errors, layers without weights as information."""
    from netgraft import edit, weights
    from netgraft.edit.pairing import plan_weights
    from netgraft.weights import WeightsError

    try:
        with weights.index(file) as index:
            plan = plan_weights(edit.Document(tree), index, refuse_clashes=False)
            rows = [("error", layer.message.strip()) for layer in plan.layers if layer.action == "clash"]
            rows += [
                ("info", f"Layer '{layer.target.name}' keeps its filler: {layer.message}.")
                for layer in plan.layers
                if layer.action == "filler"
            ]
            rows += [("warning", f"Ignoring source layer {name}") for name in plan.report.unused]
            return rows
    except WeightsError as error:
        fail(str(file), str(error))
    except OSError as error:
        fail(str(file), error.strerror or str(error))


def _print_json(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, separators=(",", ":")) + "\n")
