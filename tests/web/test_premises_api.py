"""What verdicts rest on beside the text, over REST: sources, profile, solver; costs and upgrades too."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netgraft import weights

DATA = """layer { name: "d" type: "Data" top: "d" top: "l" data_param { source: "db" batch_size: 4 } }
layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip" inner_product_param { num_output: 5 }
  param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "l" top: "loss" include { phase: TRAIN } }
"""
SOLVER = """# ours
net: "models/small.prototxt"
base_lr: 0.5
lr_policy: "fixed"
weight_decay: 0.25
test_iter: 10
test_interval: 100
test_state { stage: "deploy" }
"""

Json = dict[str, Any]


def opened(api: httpx.Client, text: str, name: str = "small") -> str:
    answer = api.post("/api/documents", json={"text": text, "name": name}).raise_for_status()
    return f"/api/documents/{answer.json()['id']}"


def graph(api: httpx.Client, path: str, **query: str) -> Json:
    made: Json = api.get(f"{path}/graph", params=query).raise_for_status().json()
    return made


def layer(made: Json, key: str) -> Json:
    return next(each for each in made["layers"] if each["key"] == key)


def codes(made: Json) -> list[str]:
    return [found["code"] for found in made["diagnostics"]]


def test_an_answer_about_a_source_is_kept_and_every_shape_follows(api: httpx.Client) -> None:
    path = opened(api, DATA)
    before = graph(api, path)
    assert before["sources"] == [{"source": "db", "layers": ["d"], "datum": None}]
    assert "unknown-source-shape" in codes(before)
    assert layer(before, "ip")["blobs"][0]["shape"] is None
    assert not before["totals"]["complete"]
    told = api.patch(f"{path}/premises", json={"datum": {"db": [3, 2, 2]}}).raise_for_status().json()
    assert told["document"]["datum"] == {"db": [3, 2, 2]}
    assert told["document"]["revision"] == 1
    for made in (told["graph"], graph(api, path), graph(api, path, phase="TEST")):
        assert made["sources"] == [{"source": "db", "layers": ["d"], "datum": [3, 2, 2]}]
        assert "unknown-source-shape" not in codes(made)
        assert layer(made, "ip")["blobs"][0]["shape"] == [5, 12]
    edit = {"base_revision": 1, "operations": [{"op": "duplicate", "layers": ["ip"], "inputs": "separate"}]}
    tried = api.post(f"{path}/preview", json=edit).raise_for_status().json()
    assert "dim: 4 dim: 3 dim: 2 dim: 2" in " ".join(tried["text"].split())
    back = api.patch(f"{path}/premises", json={"datum": {"db": None}}).raise_for_status().json()
    assert back["document"]["datum"] == {}
    assert api.post(f"{path}/preview", json=edit).status_code == 422


@pytest.mark.parametrize("axes", [[3, 2], [0, 2, 2], [3, 2, -1], [3, 2, 2**31], "3x2x2"])
def test_what_no_source_can_hold_is_refused(api: httpx.Client, axes: object) -> None:
    answer = api.patch("/api/documents/example/premises", json={"datum": {"db": axes}})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def test_a_graft_without_a_document_takes_the_datum_too(api: httpx.Client) -> None:
    plan = {"op": "duplicate", "layers": ["ip"], "inputs": "separate"}
    form = {"prototxt": ("small.prototxt", DATA), "plan": (None, json.dumps(plan))}
    assert api.post("/api/duplicate", files=form).status_code == 422
    told = {**form, "datum": (None, json.dumps({"db": [3, 2, 2]}))}
    answer = api.post("/api/duplicate", files=told).raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pair:
        assert b"dim: 3" in pair.read("small_grafted.prototxt")
    wrong = api.post("/api/duplicate", files={**form, "datum": (None, "[1]")})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-request")


def test_the_profile_is_the_file_s_until_one_is_chosen(api: httpx.Client) -> None:
    path = opened(api, DATA + 'layer { name: "n" type: "Normalize" bottom: "ip" top: "n" }')
    made = graph(api, path)
    assert (made["profile"], made["suggested_profile"], made["verdict"]) == ("fork", "fork", "ok")
    chosen = api.patch(f"{path}/premises", json={"profile": "bvlc"}).raise_for_status().json()
    assert chosen["document"]["profile"] == "bvlc"
    assert (chosen["graph"]["profile"], chosen["graph"]["verdict"]) == ("bvlc", "refused")
    api.patch(f"{path}/premises", json={"datum": {"db": [1, 1, 1]}}).raise_for_status()
    assert graph(api, path)["profile"] == "bvlc"  # what a change does not name stays
    assert graph(api, path, profile="fork")["profile"] == "fork"
    api.patch(f"{path}/premises", json={"profile": None}).raise_for_status()
    assert graph(api, path)["profile"] == "fork"
    text = api.get(f"{path}/source").text
    for profile, ok in (("bvlc", False), ("fork", True)):
        asked = {"text": text, "profile": profile}
        assert api.post("/api/check", json=asked).raise_for_status().json()["ok"] is ok


def test_a_solver_beside_the_net_gives_rates_states_and_findings(api: httpx.Client) -> None:
    path = opened(api, DATA)
    assert "rate" not in layer(graph(api, path), "ip")["blobs"][0]
    put = api.put(f"{path}/solver", files={"solver": ("dir/my.prototxt", SOLVER)}).raise_for_status().json()
    assert put["document"]["solver"]["name"] == "my.prototxt"
    assert put["document"]["solver"]["base_lr"] == 0.5
    assert put["document"]["solver"]["test_states"] == [{"phase": "TEST", "level": 0, "stages": ["deploy"]}]
    made = put["graph"]
    assert made["solver"] == "my.prototxt"
    rates = [(blob["rate"], blob["decay_rate"]) for blob in layer(made, "ip")["blobs"]]
    assert rates == [(0.5, 0.25), (1, 0)]
    (found,) = [each for each in made["diagnostics"] if each.get("file")]
    assert (found["code"], found["file"], found["line"]) == ("solver-unknown-stage", "my.prototxt", 8)
    assert made["verdict"] == "ok"
    got = api.get(f"{path}/solver").raise_for_status().json()
    assert (got["text"], got["diagnostics"]) == (SOLVER, [found])
    gone = api.delete(f"{path}/solver").raise_for_status().json()
    assert (gone["document"]["solver"], gone["graph"]["solver"]) == (None, None)
    assert (api.get(f"{path}/solver").status_code, api.get(f"{path}/solver").json()["code"]) == (
        404,
        "no-solver",
    )


def test_a_solver_for_another_net_or_with_errors_is_taken_and_told(api: httpx.Client) -> None:
    path = opened(api, DATA, "large")
    text = SOLVER.replace("fixed", "never") + "base_lr: 1\n"
    made = api.put(f"{path}/solver", json={"text": text}).raise_for_status().json()["graph"]
    told = {each["code"]: each for each in made["diagnostics"] if each.get("file")}
    assert told.keys() == {
        "field-given-twice",
        "solver-refused",
        "solver-unknown-stage",
        "solver-other-net",
    }
    assert told["solver-refused"]["caffe_message"] == "Unknown learning rate policy: never"
    assert "'large'" in told["solver-other-net"]["message"]
    assert made["verdict"] == "ok"


def test_a_net_is_no_solver_and_a_solver_no_net(api: httpx.Client) -> None:
    answer = api.put("/api/documents/example/solver", json={"text": DATA})
    assert (answer.status_code, answer.json()["code"]) == (422, "not-a-solver")
    answer = api.post("/api/documents", json={"text": SOLVER})
    assert (answer.status_code, answer.json()["code"]) == (422, "is-a-solver")
    answer = api.put("/api/documents/none/solver", json={"text": SOLVER})
    assert answer.status_code == 404
    answer = api.put("/api/documents/example/solver", content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_layers_and_net_say_what_they_cost(api: httpx.Client, repo: Path) -> None:
    made = graph(api, opened(api, (repo / "examples" / "lenet_train_val.prototxt").read_text()))
    api.patch(f"/api/documents/{made['document']}/premises", json={"datum": _mnist(made)}).raise_for_status()
    made = graph(api, f"/api/documents/{made['document']}")
    costs = {each["key"]: each["cost"] for each in made["layers"]}
    assert costs["conv1"] == {
        "parameters": 20 * 25 + 20,
        "macs": 64 * 20 * 24 * 24 * 25,
        "activation_bytes": 64 * 20 * 24 * 24 * 4,
    }
    assert costs["accuracy"] is not None  # of TEST, which is not the state asked for
    assert made["totals"]["parameters"] == 431_080
    active = [each["cost"] for each in made["layers"] if each["active"]]
    assert made["totals"]["macs"] == sum(each["macs"] for each in active)
    assert made["totals"]["activation_bytes"] == sum(each["activation_bytes"] for each in active)
    assert made["totals"]["complete"]


def _mnist(made: Json) -> dict[str, list[int]]:
    return {each["source"]: [1, 28, 28] for each in made["sources"]}


def test_an_old_file_offers_its_upgrade_as_one_step_that_undo_takes_back(
    api: httpx.Client, shared: Path
) -> None:
    text = (shared / "weights" / "lenet_v1.prototxt").read_text()
    path = opened(api, text)
    (found,) = [each for each in graph(api, path)["diagnostics"] if each["code"] == "old-format"]
    (fix,) = found["fixes"]
    done = {"base_revision": 1, "operations": fix["operations"]}
    after = api.post(f"{path}/operations", json=done).raise_for_status().json()
    assert "old-format" not in codes(after["graph"])
    assert "layers {" not in api.get(f"{path}/source").text
    api.post(f"{path}/undo").raise_for_status()
    assert api.get(f"{path}/source").text == text


def test_copies_from_one_layer_s_weights_are_twins(api: httpx.Client, shared: Path) -> None:
    """Fillers would tell them apart; the weights that both start from do not."""
    folder = shared / "weights"
    form = {
        "prototxt": (folder / "lenet_v1.prototxt").read_bytes(),
        "caffemodel": (folder / "lenet_v1.caffemodel").read_bytes(),
    }
    made = api.post("/api/documents", files=form).raise_for_status().json()
    path = f"/api/documents/{made['id']}"
    twins = {
        "op": "duplicate",
        "layers": ["ip1"],
        "keep_first": True,
        "suffixes": ["", "_b"],
        "join": {"kind": "eltwise"},
    }
    edit = {"base_revision": 1, "operations": [{"op": "upgrade"}, twins]}
    tried = api.post(f"{path}/preview", json=edit).raise_for_status().json()
    assert "identical-twins" in codes(tried["graph"])
    faster = {**twins, "rates": [{}, {"scale_lr": 10}]}
    edit = {"base_revision": 1, "operations": [{"op": "upgrade"}, faster]}
    tried = api.post(f"{path}/preview", json=edit).raise_for_status().json()
    assert "identical-twins" not in codes(tried["graph"])


def test_what_a_source_holds_decides_whether_weights_fit(api: httpx.Client, shared: Path) -> None:
    """A layer of unknown shape takes any weights; a known one only its own."""
    folder = shared / "weights"
    stored = weights.index(folder / "lenet_v1.caffemodel")
    outputs, inputs = stored.require("ip1").blobs[0].shape[-2:]
    stored.close()
    text = DATA.replace('"ip"', '"ip1"').replace("num_output: 5", f"num_output: {outputs}")
    path = opened(api, text)
    file = (folder / "lenet_v1.caffemodel").read_bytes()
    api.patch(f"{path}/premises", json={"datum": {"db": [1, 1, inputs + 1]}}).raise_for_status()
    answer = api.put(f"{path}/weights", files={"caffemodel": ("w.caffemodel", file)})
    assert (answer.status_code, answer.json()["code"]) == (422, "weights-clash")
    api.patch(f"{path}/premises", json={"datum": {"db": [1, 1, inputs]}}).raise_for_status()
    api.put(f"{path}/weights", files={"caffemodel": ("w.caffemodel", file)}).raise_for_status()


PIECES = (
    "base_lr: 1 ",
    "net: 'x' ",
    "type: 'Adam' ",
    "{",
    "}",
    "<",
    "[",
    '"',
    "\\n",
    "test_state {",
    "stage:",
    "\udcff",
)
ANY_SOLVER = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_SOLVER)
def test_any_text_for_a_solver_is_answered(api: httpx.Client, text: str) -> None:
    path = "/api/documents/example"
    body = json.dumps({"text": text})
    answer = api.put(f"{path}/solver", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422), answer.text
    form = {"solver": ("s", text.encode("utf-8", "surrogatepass"))}
    assert api.put(f"{path}/solver", files=form).status_code in (200, 422)
    assert api.get(f"{path}/solver").status_code in (200, 404)
