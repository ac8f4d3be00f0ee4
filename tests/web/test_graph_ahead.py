"""Graphs made before they are asked for: the same graphs, each once, and nobody waits for ever."""

from __future__ import annotations

import re
import threading

import httpx
import pytest

from netgraft import edit
from netgraft.caffe.state import NetState
from netgraft.web.graph import Ahead, Asked, Graph, Look, Made, build

NET = 'layer { name: "a" type: "Input" top: "a" input_param { shape { dim: 1 dim: 4 } } }\n'
ASKED = Asked(NetState())


def graph_of(name: str) -> Graph:
    return build(Look(name, 1, edit.Document.read(NET), {}, ASKED, most_states=2))


def never() -> Graph:
    raise AssertionError("It was made already.")


def test_a_graph_begun_ahead_is_the_one_that_is_taken() -> None:
    ahead = Ahead()
    of = Made("d", 1, ASKED)
    ahead.begin(of, lambda: graph_of("d"))
    assert ahead.take(of, never).head["document"] == "d"
    ahead.close()


def test_one_that_is_taken_waits_until_it_is_made() -> None:
    ahead, go = Ahead(), threading.Event()
    of = Made("d", 1, ASKED)

    def slowly() -> Graph:
        assert go.wait(30)
        return graph_of("d")

    ahead.begin(of, slowly)
    threading.Timer(0.05, go.set).start()
    assert ahead.take(of, never).head["document"] == "d"
    ahead.close()


@pytest.mark.parametrize(
    "other", [Made("e", 1, ASKED), Made("d", 2, ASKED), Made("d", 1, Asked(NetState(phase="TRAIN")))]
)
def test_another_document_version_or_state_is_made_when_it_is_asked_for(other: Made) -> None:
    ahead = Ahead()
    ahead.begin(Made("d", 1, ASKED), lambda: graph_of("d"))
    assert ahead.take(other, lambda: graph_of("now")).head["document"] == "now"
    ahead.close()


def test_a_graph_is_kept_for_one_that_asks() -> None:
    ahead = Ahead()
    of = Made("d", 1, ASKED)
    ahead.begin(of, lambda: graph_of("ahead"))
    ahead.take(of, never)
    assert ahead.take(of, lambda: graph_of("now")).head["document"] == "now"
    ahead.close()


def test_while_one_is_in_the_making_no_other_is_begun() -> None:
    ahead, go = Ahead(), threading.Event()

    def slowly() -> Graph:
        assert go.wait(30)
        return graph_of("d")

    ahead.begin(Made("d", 1, ASKED), slowly)
    ahead.begin(Made("e", 1, ASKED), never)
    assert ahead.take(Made("e", 1, ASKED), lambda: graph_of("now")).head["document"] == "now"
    go.set()
    ahead.close()


def test_one_that_went_wrong_ahead_is_made_again_for_whoever_asks() -> None:
    ahead = Ahead()
    of = Made("d", 1, ASKED)
    ahead.begin(of, never)
    assert ahead.take(of, lambda: graph_of("now")).head["document"] == "now"
    ahead.close()


def test_a_net_that_was_just_opened_has_the_graph_that_it_has_later(api: httpx.Client) -> None:
    made = api.post("/api/documents", json={"text": NET}).raise_for_status().json()
    path = f"/api/documents/{made['id']}/graph"
    assert api.get(path).json() == api.get(path).json()


def test_a_net_that_was_just_opened_is_checked_once(api: httpx.Client) -> None:
    def checks() -> float:
        said = re.search(r"netgraft_checks?_seconds_count ([\d.]+)", api.get("/metrics").text)
        return float(said[1]) if said else 0

    first = api.post("/api/documents", json={"text": NET}).raise_for_status().json()
    api.get(f"/api/documents/{first['id']}/graph").raise_for_status()  # none is in the making now
    before = checks()
    made = api.post("/api/documents", json={"text": NET}).raise_for_status().json()
    api.get(f"/api/documents/{made['id']}/graph?known=").raise_for_status()
    assert checks() == before + 1


def test_the_graph_after_an_edit_is_not_the_one_that_was_begun_before(api: httpx.Client) -> None:
    made = api.post("/api/documents", json={"text": NET}).raise_for_status().json()
    path = f"/api/documents/{made['id']}"
    edits = [{"op": "rename_layer", "layer": "a", "to": "b"}]
    body = {"base_revision": made["revision"], "operations": edits}
    api.post(f"{path}/operations", json=body).raise_for_status()
    assert [layer["name"] for layer in api.get(f"{path}/graph").json()["layers"]] == ["b"]
