"""The findings of several states as one list: each once, with the states that it holds in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netgraft import prototxt
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.model import Verdict
from netgraft.caffe.report import diagnostic_object
from netgraft.caffe.state import NetState
from netgraft.web.graph.states import label

Finding = dict[str, Any]


def merge(
    tree: prototxt.Document, verdicts: Mapping[NetState, Verdict], of_weights: Iterable[Diagnostic] = ()
) -> list[Finding]:
    """The findings of each verdict, the first verdict's first, in their own order; then those of the weights,
    which hold in all states."""
    merged: dict[tuple[object, ...], Finding] = {}
    for state, verdict in verdicts.items():
        for found in verdict.diagnostics:
            key = (found.code, found.severity, found.message, found.layer, found.blob, found.place)
            entry = merged.get(key)
            if entry is None:
                entry = merged[key] = {**diagnostic_object(tree, found), "states": []}
            entry["states"].append(label(state))
    everywhere = [label(state) for state in verdicts]
    last = [{**diagnostic_object(tree, found), "states": everywhere} for found in of_weights]
    return [*merged.values(), *last]


def count(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    """How many findings of each severity are about each layer key."""
    counts: dict[str, dict[str, int]] = {}
    for found in findings:
        if found["layer"] is not None:
            about = counts.setdefault(found["layer"], {"error": 0, "warning": 0, "info": 0})
            about[found["severity"]] += 1
    return counts
