"""Check and duplicate without a document."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import httpx
import pytest

from netgraft import weights

PLAN = {"op": "duplicate", "layers": ["conv1", "pool1"], "copies": 2, "suffixes": ["_a", "_b"]}


def test_a_check_answers_with_a_run_a_state_and_all_findings(reader: httpx.Client, shared: Path) -> None:
    text = (shared / "conformance" / "question.prototxt").read_text()
    body = reader.post("/api/check", json={"text": text}).raise_for_status().json()
    assert body["ok"] is False
    assert [run["phase"] for run in body["runs"]] == ["TRAIN", "TEST"]
    assert body["runs"][0]["layer"] == "ip1_b"
    assert body["diagnostics"][0]["line"] == 7
    assert body["diagnostics"][0]["states"] == ["TRAIN", "TEST"]


def test_a_check_may_be_told_the_state_and_what_data_holds(reader: httpx.Client, repo: Path) -> None:
    text = (repo / "examples" / "lenet_train_val.prototxt").read_text()
    asked = {"text": text, "states": [{"phase": "TEST"}], "datum": {"mnist_test_lmdb": [1, 28, 28]}}
    body = reader.post("/api/check", json=asked).raise_for_status().json()
    assert body["ok"] is True
    tops = {name: shape for layer in body["runs"][0]["layers"] for name, shape in layer["tops"]}
    assert tops["pool2"] == [100, 50, 4, 4]


def test_a_pair_and_a_plan_give_a_grafted_pair(reader: httpx.Client, shared: Path) -> None:
    before = reader.get("/api/documents").json()
    folder = shared / "weights"
    model = (folder / "mtcnn_det1.caffemodel").read_bytes()
    files = {
        "prototxt": ("det1.prototxt", (folder / "mtcnn_det1.prototxt").read_bytes()),
        "caffemodel": ("det1.caffemodel", model),
        "plan": ("plan.json", json.dumps(PLAN).encode()),
    }
    answer = reader.post("/api/duplicate", files=files).raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pair:
        assert pair.namelist() == ["det1_grafted.prototxt", "det1_grafted.caffemodel", "report.json"]
        assert b'name: "conv1_b"' in pair.read("det1_grafted.prototxt")
        assert json.loads(pair.read("report.json"))["op"] == "duplicate"
        with weights.index(model) as old, weights.index(pair.read("det1_grafted.caffemodel")) as new:
            kernel = old.require("conv1").blobs[0].read()
            assert all((new.require(f"conv1_{n}").blobs[0].read() == kernel).all() for n in "ab")
    assert reader.get("/api/documents").json() == before


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ("", "invalid-request"),
        ("not json", "invalid-request"),
        ('{"op": "duplicate"}', "invalid-request"),
        ("[]", "no-operations"),
        (json.dumps({**PLAN, "layers": ["none"]}), "unknown-layer"),
        (json.dumps([{**PLAN, "layers": []}]), "empty-selection"),
    ],
)
def test_a_plan_that_is_none_is_a_problem(reader: httpx.Client, shared: Path, plan: str, code: str) -> None:
    text = (shared / "weights" / "mtcnn_det1.prototxt").read_bytes()
    answer = reader.post("/api/duplicate", files={"prototxt": text, "plan": (None, plan)})
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


def test_weights_that_do_not_fit_are_a_problem(reader: httpx.Client, shared: Path) -> None:
    files = {
        "prototxt": (shared / "weights" / "mtcnn_det1.prototxt").read_bytes(),
        "caffemodel": (shared / "weights" / "mtcnn_det2.caffemodel").read_bytes(),
        "plan": json.dumps(PLAN).encode(),
    }
    answer = reader.post("/api/duplicate", files=files)
    assert (answer.status_code, answer.json()["code"]) == (422, "weights-clash")
