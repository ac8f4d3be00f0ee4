"""Netgraft's verdicts against those recorded from real BVLC Caffe 1.0, net by net.

The figures are those of ../shared/conformance/score, and one more: the words of the first error.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netgraft import prototxt
from netgraft.caffe.net import check
from netgraft.caffe.report import run_object
from netgraft.caffe.state import NetState

Run = dict[str, Any]  # a recorded run, or the object printed for one
SHOWN = 10
_POINTERS = re.compile(r" \(0x[0-9a-f]+ vs\. 0x[0-9a-f]+\)")
_PLACE = re.compile(r"^\d+:\d+: ")


def float32(value: object) -> bytes:
    return struct.pack("f", float(str(value)))


def differences(want: Run, got: Run) -> Iterator[str]:
    """The figures in which a run differs from the recorded one."""
    if want["ok"] != got["ok"]:
        yield "verdict"
    elif want["ok"]:
        layers = ("name", "type", "bottoms", "tops")
        if [[layer[key] for key in layers] for layer in want["layers"]] != [
            [layer[key] for key in layers] for layer in got["layers"]
        ]:
            yield "shapes"
        if [layer["blobs"] for layer in want["layers"]] != [layer["blobs"] for layer in got["layers"]]:
            yield "blobs"
        if want["params"] != got["params"]:
            yield "owners"
        if [(float32(one["lr"]), float32(one["decay"])) for one in want["learnable"]] != [
            (float32(one["lr"]), float32(one["decay"])) for one in got["learnable"]
        ]:
            yield "rates"
        if want["outputs"] != got["outputs"]:
            yield "outputs"
    else:
        if want.get("last_layer") and not want.get("parse_error") and want["last_layer"] != got["layer"]:
            yield "culprit"
        if words(want.get("parse_error") or want["error"]) != words(got["error"]):
            yield "words"


def words(error: str) -> str:
    """Caffe's words without what no other process can know: pointers. The recorder has shortened two things:
    the list of known layer types, and, by dropping lines before Caffe read them, parse errors' places."""
    error = _PLACE.sub("", _POINTERS.sub("", error.strip()))
    return error.split(" (known types: ")[0]


@pytest.mark.parametrize("name", ["sharing", "layers", "nets"])
def test_verdicts_agree_with_those_of_caffe(shared: Path, name: str) -> None:
    wrong: list[str] = []
    runs = 0
    for line in (shared / "conformance" / f"{name}.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        document = prototxt.parse(case["prototxt"])
        datum = {source: tuple(shape) for source, shape in case.get("datum", {}).items()}
        for want in case["runs"]:
            runs += 1
            state = NetState(want["phase"], want.get("level", 0), frozenset(want.get("stages", ())))
            verdict = check(document, state, datum=datum)
            got = json.loads(json.dumps(run_object(document, verdict, case["id"])))
            for figure in differences(want, got):
                said = "accepts" if want["ok"] else (want.get("parse_error") or want["error"])[:160]
                here = "accepts" if got["ok"] else f"{got['error'][:160]} (layer {got['layer']})"
                wrong.append(f"{figure}: {case['id']} {want['phase']}\n    Caffe: {said}\n    here:  {here}")
    assert runs
    if wrong:
        more = f"\n... and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        pytest.fail(
            f"{len(wrong)} differences in {runs} runs:\n" + "\n".join(wrong[:SHOWN]) + more, pytrace=False
        )


def test_the_question_s_net_is_refused_at_its_second_branch(shared: Path) -> None:
    document = prototxt.parse((shared / "conformance" / "question.prototxt").read_bytes())
    verdict = check(document, NetState("TRAIN"))
    first = verdict.first_error
    assert first is not None
    assert first.caffe_message is not None
    assert first.caffe_message.endswith("Shared param 'ip1_w' has mismatched lr_mult.")
    assert (first.layer, verdict.culprit) == ("ip1_b", "ip1_b")
    assert first.place is not None
    assert document.position(first.place.chunk, first.place.start).line == 7
    unshare, one_rate = first.fixes
    assert unshare.title == "Unshare ip1_b's weights"
    assert [dict(operation) for operation in unshare.operations] == [
        {"op": "unshare", "layer": "ip1_b", "blob": 0},
        {"op": "unshare", "layer": "ip1_b", "blob": 1},
    ]
    assert [operation["op"] for operation in one_rate.operations] == ["one_rate", "one_rate"]
