"""A graph told as what differs from the one that is held: put together it is the graph, whatever was done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from netgraft import edit
from netgraft.caffe import reading
from netgraft.caffe.layers import document_layers
from netgraft.caffe.state import NetState
from netgraft.web import graph
from netgraft.web.answers import dump
from netgraft.web.graph.models import GraphChanges

PATH = "/api/documents/example"
Json = dict[str, Any]

# One after the other, each on what the one before left; every kind of change that a row or an edge can see.
STEPS: list[list[Json]] = [
    [{"op": "set_rate", "layer": "ip1_a", "blob": 0, "lr_mult": 3}],
    [{"op": "unshare", "layer": "ip1_b"}],
    [{"op": "duplicate", "layers": ["joint_ip"], "copies": 2, "suffixes": ["_x", "_y"]}],
    [{"op": "rename_layer", "layer": "ip1_a", "to": "first", "blobs": True}],
    [{"op": "set_field", "layer": "first", "path": "inner_product_param.num_output", "value": "7"}],
    [{"op": "set_field", "layer": "first", "path": "inner_product_param.bias_term", "value": "false"}],
    [{"op": "delete_layers", "layers": ["first"], "heal": True}],
    [{"op": "set_rate", "layer": "ip1_b", "blob": None, "lr_mult": 0}],
]


def put_together(told: Json, held: Json) -> Json:
    """The graph that `GraphChanges` tells of, without its tag; a whole graph as it is."""
    if "since" not in told:
        return {name: value for name, value in told.items() if name != "tag"}
    assert told["since"] == held["tag"]
    head = {name: value for name, value in told.items() if name not in ("since", "tag")}
    layers: list[Json] = []
    for run in told["layers"]:
        for layer in run.get("rows") or held["layers"][run["start"] :][: run["count"]]:
            moved = {name: layer[name] + run.get("line", 0) for name in ("line", "end_line")}
            layers.append(layer | moved | {"chunk": layer["chunk"] + run.get("chunk", 0)})
    edges: list[Json] = []
    for run in told["edges"]:
        edges += run.get("rows") or held["edges"][run["start"] :][: run["count"]]
    return head | {"layers": layers, "edges": edges}


def cold(text: str, state: NetState, revision: int) -> Json:
    """The graph of a text of which nothing is remembered."""
    reading.forget()
    look = graph.Look("example", revision, edit.Document.read(text), {}, graph.Asked(state), most_states=12)
    made: Json = json.loads(dump(graph.build(look).whole()))
    return made


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_step_by_step_the_graph_is_what_a_server_would_say_that_remembers_nothing(
    api: httpx.Client, phase: str
) -> None:
    held = api.get(f"{PATH}/graph", params={"known": "", "phase": phase}).json()
    assert held["tag"]
    for revision, step in enumerate(STEPS, start=1):
        query = {"known": held["tag"], "phase": phase}
        body = {"base_revision": revision, "operations": step}
        told = api.post(f"{PATH}/operations", params=query, json=body).raise_for_status().json()["graph"]
        GraphChanges.model_validate(told)
        whole = put_together(told, held)
        text = api.get(f"{PATH}/source").text
        state = NetState("TRAIN" if phase == "TRAIN" else "TEST")
        expected = cold(text, state, revision + 1)
        # the solver's name and the origins of what was grafted are the document's, and not in the text
        assert [layer | {"origin": None} for layer in whole["layers"]] == [
            layer | {"origin": None} for layer in expected["layers"]
        ], step
        assert whole["edges"] == expected["edges"]
        assert whole == api.get(f"{PATH}/graph", params={"phase": phase}).json()
        held = whole | {"tag": told["tag"]}


def test_undo_goto_and_premises_tell_what_differs_too(api: httpx.Client) -> None:
    body = {"base_revision": 1, "operations": [*STEPS[0], *STEPS[2]]}
    held = api.post(f"{PATH}/operations", params={"known": ""}, json=body).raise_for_status().json()["graph"]
    calls: list[tuple[str, str, Json | None]] = [
        ("POST", "undo", None),
        ("POST", "redo", None),
        ("POST", "goto", {"revision": 1}),
        ("PATCH", "premises", {"profile": "fork"}),
        ("PUT", "solver", {"text": "base_lr: 0.01"}),
        ("DELETE", "solver", None),
    ]
    for method, what, asked in calls:
        answer = api.request(method, f"{PATH}/{what}", params={"known": held["tag"]}, json=asked)
        told = answer.raise_for_status().json()["graph"]
        assert told["since"] == held["tag"], what
        whole = put_together(told, held)
        assert whole == api.get(f"{PATH}/graph").json(), what
        held = whole | {"tag": told["tag"]}


def test_an_edit_is_told_as_the_layers_that_it_changed(api: httpx.Client) -> None:
    held = api.get(f"{PATH}/graph", params={"known": ""}).json()
    body = {"base_revision": 1, "operations": STEPS[0]}
    answer = api.post(f"{PATH}/operations", params={"known": held["tag"]}, json=body)
    told = answer.raise_for_status().json()["graph"]
    fresh = [layer["key"] for run in told["layers"] for layer in run.get("rows", [])]
    assert fresh == ["ip1_a", "ip1_b"]  # they share the blob
    assert told["edges"] == [{"start": 0, "count": len(held["edges"])}]


def test_a_graph_that_nobody_remembers_is_answered_with_the_whole(api: httpx.Client) -> None:
    whole = api.get(f"{PATH}/graph").json()
    assert "tag" not in whole
    told = api.get(f"{PATH}/graph", params={"known": "nobody-knows-it"}).json()
    assert told.pop("tag")
    assert told == whole


def test_a_graph_of_another_document_is_none_to_tell_a_difference_from(api: httpx.Client) -> None:
    other = api.post("/api/documents", json={"example": "question"}).raise_for_status().json()["id"]
    tag = api.get(f"/api/documents/{other}/graph", params={"known": ""}).json()["tag"]
    assert "since" not in api.get(f"{PATH}/graph", params={"known": tag}).json()


def test_a_state_is_told_as_what_differs_from_another(api: httpx.Client) -> None:
    held = api.get(f"{PATH}/graph", params={"known": ""}).json()
    told = api.get(f"{PATH}/graph", params={"known": held["tag"], "phase": "TEST"}).json()
    assert put_together(told, held) == api.get(f"{PATH}/graph", params={"phase": "TEST"}).json()


def test_the_graphs_asked_for_last_are_remembered() -> None:
    shown = graph.Shown(most_layers=5)
    text = "".join(f'layer {{ name: "l{index}" type: "Silence" }}\n' for index in range(2))
    look = graph.Look("a", 1, edit.Document.read(text), {}, graph.Asked(NetState()), most_states=2)
    made = graph.build(look)
    tags = [shown.answer(made, "")["tag"]]
    for _ in range(3):
        tags.append(shown.answer(made, tags[0])["tag"])  # asking for it keeps it
    assert "since" in shown.answer(made, tags[0])
    assert "since" not in shown.answer(made, tags[1])


def _texts() -> Iterator[str]:
    """The same layers in other places, with other neighbours, and twice under one text."""
    data = 'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 1 dim: 4 } } }\n'
    first, second = (
        f'layer {{ name: "{name}" type: "InnerProduct" bottom: "d" top: "{name}"\n'
        '  param { name: "w" } inner_product_param { num_output: 2 } }\n'
        for name in "ab"
    )
    relu = 'layer { name: "r" type: "ReLU" bottom: "a" top: "a" }\n'
    yield data + first + second + relu
    yield "# a line more\n\n" + data + first + second + relu
    yield data + second + first + relu  # another owner
    yield data + first + relu  # nobody to share with
    yield data + first + second.replace("num_output: 2", "num_output: 3") + relu  # refused
    yield (
        data + first.replace('"w" }', '"w" lr_mult: 0 }') + second + relu
    )  # the owner's rate is the sharer's
    yield data.replace("dim: 4", "dim: 5") + first + second + relu  # other shapes below
    yield data + first + relu + relu + second  # one text twice: r and r~2
    yield data + relu + first + second  # nobody makes what it reads yet
    yield data + first + second + relu.replace("}", "include { phase: TEST } }")


def test_what_is_remembered_of_a_layer_is_used_only_where_it_still_holds() -> None:
    """Rows are kept with a layer's text: whatever around it they rest on has to be compared, too."""
    for before, after in pairwise([*_texts(), *reversed(list(_texts()))]):
        for state in (NetState("TRAIN"), NetState("TEST")):
            reading.forget()
            made = [
                graph.build(
                    graph.Look("a", 1, edit.Document.read(text), {}, graph.Asked(state), most_states=4)
                )
                for text in (before, after)
            ]
            warm = json.loads(dump(made[1].whole()))
            assert warm == cold(after, state, 1) | {"document": "a"}
            keys = [layer.key for layer in document_layers(edit.Document.read(after).tree)]
            assert [layer["key"] for layer in warm["layers"]] == keys
            held = json.loads(dump(made[0].whole())) | {"tag": "t"}
            told = json.loads(dump(made[1].changes(made[0]))) | {"since": "t"}
            assert put_together(told, held) == warm


def test_names_that_are_not_utf8_are_told_as_escapes() -> None:
    text = (
        b'layer { name: "\xff" type: "Input" top: "\xfe" input_param { shape { dim: 1 } } }\n'
        b'layer { name: "s" type: "Silence" bottom: "\xfe" }\n'
    )
    document = edit.Document.read(text)
    assert [layer.key for layer in document_layers(document.tree)] == ["\udcff", "s"]
    made = graph.build(graph.Look("a", 1, document, {}, graph.Asked(NetState()), most_states=2))
    told = json.loads(dump(made.whole()))
    assert [layer["name"] for layer in told["layers"]] == ["\udcff", "s"]
    assert told["edges"][0]["blob"] == "\udcfe"
    other = edit.Document.read(text.replace(b'"s"', b'"t"'))
    again = graph.build(graph.Look("a", 1, other, {}, graph.Asked(NetState()), most_states=2))
    held = told | {"tag": "t"}
    assert (
        put_together(json.loads(dump(again.changes(made))) | {"since": "t"}, held)["layers"][1]["key"] == "t"
    )
