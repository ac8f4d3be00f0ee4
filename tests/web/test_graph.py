"""The graph's JSON: as its model says, on real nets; phases, stages, edges, share groups, lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.web import graph
from netgraft.web.answers import dump
from netgraft.web.graph.models import GraphModel
from netgraft.weights import Index, Origin
from netgraft.weights import index as open_weights


def _graph(
    text: str | bytes,
    phase: str = "TRAIN",
    *stages: str,
    index: Index | None = None,
    origins: dict[str, Origin | None] | None = None,
) -> dict[str, Any]:
    """The graph, as it comes out of its JSON."""
    document = edit.Document(edit.Document.read(text).tree, origins or {})
    state = NetState("TRAIN" if phase == "TRAIN" else "TEST", 0, frozenset(stages))
    indexes = {} if index is None else {"": index}
    look = graph.Look("id", 1, document, indexes, graph.Asked(state), most_states=12)
    made: dict[str, Any] = json.loads(dump(graph.build(look).whole()))
    GraphModel.model_validate(made, strict=False)
    return made


def _layers(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {layer["key"]: layer for layer in made["layers"]}


def _edges(made: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(edge["source"], edge["target"], edge["blob"]) for edge in made["edges"]}


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[dict[str, Any]]:
    lines = (shared / "conformance" / "nets.jsonl").read_text("utf-8").splitlines()
    nets = [json.loads(line) for line in lines]
    return [net for net in nets if len(net["prototxt"]) < 20_000][::4]


def test_the_graph_of_recorded_nets_is_as_its_model_and_the_verdict_say(
    recorded: list[dict[str, Any]],
) -> None:
    for net in recorded:
        text = net["prototxt"].encode("utf-8", "surrogateescape")
        made = _graph(text)
        verdict = check(edit.Document.read(text).tree, NetState("TRAIN"), profile=made["profile"])
        assert made["verdict"] == ("ok" if verdict.ok else "refused"), net["id"]
        assert [key for key, layer in _layers(made).items() if layer["active"]] == [
            layer.key for layer in verdict.net.layers
        ], net["id"]
        if made["profile"] == "bvlc":
            run = next((run for run in net["runs"] if run["phase"] == "TRAIN"), None)
            assert run is None or run["ok"] == verdict.ok, net["id"]


def test_a_net_without_rules_has_one_verdict_in_all_states(recorded: list[dict[str, Any]]) -> None:
    """What `verdicts_of` rests on: it builds such a net once."""
    compared = 0
    for net in recorded:
        tree = edit.Document.read(net["prototxt"].encode("utf-8", "surrogateescape")).tree
        if "include" in net["prototxt"] or "exclude" in net["prototxt"]:
            continue
        one, other = (
            check(tree, state) for state in (NetState("TRAIN"), NetState("TEST", 3, frozenset({"deploy"})))
        )
        assert one.diagnostics == other.diagnostics, net["id"]
        assert one.net.layers == other.net.layers, net["id"]
        assert one.net.params == other.net.params, net["id"]
        compared += 1
    assert compared > 10


def test_all_layers_of_the_file_are_there_and_those_of_the_state_are_active(repo: Path) -> None:
    text = (repo / "examples" / "lenet_train_val.prototxt").read_text()
    train, test = _layers(_graph(text, "TRAIN")), _layers(_graph(text, "TEST"))
    assert list(train) == list(test)
    assert [key for key in train if not train[key]["active"]] == ["mnist~2", "accuracy"]
    assert [key for key in test if not test[key]["active"]] == ["mnist"]
    assert (train["mnist"]["phases"], train["accuracy"]["phases"]) == (["TRAIN"], ["TEST"])
    assert train["conv1"]["phases"] == ["TRAIN", "TEST"]
    # A layer that is not in the state asked for is shown as another state has it.
    assert train["accuracy"]["tops"] == test["accuracy"]["tops"]


def test_a_reader_has_an_edge_from_the_producer_of_each_phase(repo: Path) -> None:
    made = _graph((repo / "examples" / "lenet_train_val.prototxt").read_text())
    edges = _edges(made)
    assert {("mnist", "conv1", "data"), ("mnist~2", "conv1", "data")} <= edges
    assert {("mnist", "loss", "label"), ("mnist~2", "accuracy", "label")} <= edges
    assert ("mnist", "accuracy", "label") not in edges


def test_an_in_place_chain_is_read_from_its_last_layer() -> None:
    made = _graph(
        'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }\n'
        'layer { name: "r1" type: "ReLU" bottom: "x" top: "x" }\n'
        'layer { name: "r2" type: "ReLU" bottom: "x" top: "x" }\n'
        'layer { name: "out" type: "ReLU" bottom: "x" top: "y" }\n'
    )
    assert _edges(made) == {("in", "r1", "x"), ("r1", "r2", "x"), ("r2", "out", "x")}
    assert [layer["in_place"] for layer in made["layers"]] == [False, True, True, False]
    assert made["outputs"] == ["y"]


def test_the_graph_names_the_phase_that_the_file_has_no_net_for() -> None:
    data = 'layer {{ name: "d" type: "DummyData" top: "d" {} dummy_data_param {{ shape {{ dim: 2 }} }} }}\n'
    reader = 'layer { name: "r" type: "ReLU" bottom: "d" top: "r" }\n'
    assert _graph(data.format("include { phase: TRAIN }") + reader)["not_meant"] == "TEST"
    assert _graph(data.format("") + reader)["not_meant"] is None


def test_stages_that_the_file_names_are_states() -> None:
    text = (
        'layer { name: "a" type: "Input" top: "a" include { stage: "deploy" }\n'
        "  input_param { shape { dim: 1 } } }\n"
        'layer { name: "b" type: "Input" top: "a" include { not_stage: "deploy" }\n'
        "  input_param { shape { dim: 2 } } }\n"
        'layer { name: "c" type: "ReLU" bottom: "a" top: "c" include { phase: TEST stage: "deploy" } }\n'
        'layer { name: "d" type: "ReLU" bottom: "none" top: "d" include { phase: TEST stage: "deploy" } }\n'
    )
    made = _graph(text, "TEST", "deploy")
    told = [(state["phase"], state["stages"]) for state in made["states"]]
    assert told == [("TRAIN", []), ("TEST", []), ("TRAIN", ["deploy"]), ("TEST", ["deploy"])]
    layers = _layers(made)
    assert {key: layer["active"] for key, layer in layers.items()} == {
        "a": True,
        "b": False,
        "c": True,
        "d": True,
    }
    assert layers["c"]["tops"] == [{"name": "c", "shape": [1]}]
    unknown = next(each for each in made["diagnostics"] if each["severity"] == "error")
    assert (unknown["layer"], unknown["states"]) == ("d", ["TEST deploy"])
    assert _graph(text)["verdict"] == "ok"


def test_share_groups_name_their_members_and_owner(repo: Path) -> None:
    made = _graph((repo / "examples" / "siamese_mnist.prototxt").read_text())
    groups = {group["name"]: group for group in made["groups"]}
    assert len(groups) == 10
    assert groups["conv1_w"]["members"] == [{"layer": "conv1", "blob": 0}, {"layer": "conv1_p", "blob": 0}]
    assert (groups["conv1_w"]["owner"], groups["conv1_w"]["shape"]) == ("conv1", [20, 1, 5, 5])
    blobs = _layers(made)["conv1_p"]["blobs"]
    assert [(blob["role"], blob["owner"], blob["group"]) for blob in blobs] == [
        ("weight", "conv1", "conv1_w"),
        ("bias", "conv1", "conv1_b"),
    ]
    assert (made["totals"]["parameters"], made["totals"]["layers"]) == (431_102, 20)


def test_lines_are_those_of_the_file_whatever_its_line_ends() -> None:
    text = '\ufeff# a\r\nname: "n"\r\nlayer {\r\n  name: "a"\r\n} layer { name: "b" }\r\n\r\n'
    text += 'layer {\r\n name: "c" }'
    found = {key: (layer["line"], layer["end_line"]) for key, layer in _layers(_graph(text)).items()}
    assert found == {"a": (3, 5), "b": (5, 5), "c": (7, 8)}


def test_problems_are_counted_by_layer(shared: Path) -> None:
    made = _graph((shared / "conformance" / "question.prototxt").read_bytes())
    counts = {key: layer["problems"]["error"] for key, layer in _layers(made).items()}
    assert counts["ip1_b"] == 2
    assert sum(counts.values()) == 2


def test_weights_say_where_each_layer_starts_from(shared: Path) -> None:
    folder = shared / "weights"
    text = (folder / "mtcnn_det1.prototxt").read_text()
    with open_weights(folder / "mtcnn_det1.caffemodel") as index:
        origins = {"conv2": Origin("conv1"), "conv3": None, "conv1": Origin("conv1")}
        made = _graph(text, index=index, origins=origins)
    layers = _layers(made)
    found = {key: (layer["origin"], layer["weights"]) for key, layer in layers.items() if layer["blobs"]}
    assert found["conv1"] == ("conv1", "loads")
    assert found["conv2"] == ("conv1", "shape-clash")
    assert found["conv3"] == (None, "filler")
    assert found["PReLU1"] == ("PReLU1", "loads")
    said = {each["layer"]: each for each in made["diagnostics"] if each["layer"]}
    assert (said["conv2"]["code"], said["conv2"]["line"]) == ("weights-shape", layers["conv2"]["line"])
    assert "shape mismatch." in said["conv2"]["caffe_message"]
    assert layers["conv2"]["problems"]["error"] == 1
    assert "conv3" not in said  # left to its filler on purpose


def test_stored_layers_that_the_net_lacks_are_said(shared: Path) -> None:
    folder = shared / "weights"
    with open_weights(folder / "mtcnn_det2.caffemodel") as index:
        made = _graph((folder / "mtcnn_det2.prototxt").read_bytes(), index=index)
    said = [each for each in made["diagnostics"] if each["code"] == "lands-nowhere"]
    assert [each["severity"] for each in said] == ["info"]
    assert "'conv5-3'" in said[0]["message"]


def test_a_name_that_is_no_utf8_is_written_all_the_same() -> None:
    made = _graph(b'layer { name: "caf\xe9" type: "Input" top: "\xff" input_param { shape { dim: 1 } } }\n')
    assert made["layers"][0]["name"] == "caf\udce9"
    assert made["layers"][0]["tops"][0]["shape"] == [1]


def test_a_rate_that_json_cannot_say_is_null() -> None:
    text = (
        b'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }\n'
        b'layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" param { lr_mult: inf }\n'
        b"  inner_product_param { num_output: 1 } }\n"
    )
    for each in (text, text.replace(b'"x"', b'"\xff"')):
        assert _layers(_graph(each))["ip"]["blobs"][0]["lr"] is None
