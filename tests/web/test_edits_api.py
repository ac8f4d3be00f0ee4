"""Operations, preview, undo and redo over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

PATH = "/api/documents/example"
UNSHARE = {"op": "unshare", "layer": "ip1_b"}
DUPLICATE = {"op": "duplicate", "layers": ["joint_ip"], "copies": 2, "suffixes": ["_x", "_y"]}


def _edit(
    api: httpx.Client, base: int, *operations: dict[str, Any], how: str = "operations"
) -> httpx.Response:
    return api.post(f"{PATH}/{how}", json={"base_revision": base, "operations": list(operations)})


def _text(api: httpx.Client) -> str:
    return api.get(f"{PATH}/source").text


def test_operations_make_one_revision_that_one_undo_takes_back(api: httpx.Client) -> None:
    before = _text(api)
    answer = _edit(api, 1, UNSHARE, DUPLICATE).raise_for_status().json()
    document, report, graph = answer["document"], answer["report"], answer["graph"]
    assert (document["revision"], graph["revision"]) == (2, 2)
    assert document["undo_title"] == report["title"]
    assert {"joint_ip_x", "joint_ip_y"} <= {layer["key"] for layer in graph["layers"]}
    after = _text(api)
    back = api.post(f"{PATH}/undo").raise_for_status().json()
    assert (back["document"]["revision"], back["report"]) == (1, None)
    assert back["document"]["redo_title"] == report["title"]
    assert _text(api) == before
    api.post(f"{PATH}/redo").raise_for_status()
    assert _text(api) == after


def test_undo_and_redo_at_their_ends_are_problems(api: httpx.Client) -> None:
    for step in ("undo", "redo"):
        answer = api.post(f"{PATH}/{step}")
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-undo")


def test_an_undo_or_redo_of_another_revision_is_told_what_changed(api: httpx.Client) -> None:
    _edit(api, 1, UNSHARE).raise_for_status()
    before = _text(api)
    for step in ("undo", "redo"):
        answer = api.post(f"{PATH}/{step}", params={"base_revision": 1})
        body = answer.json()
        assert (answer.status_code, body["code"], body["revision"]) == (409, "stale-revision", 2)
        assert [change["operations"] for change in body["changes"]] == [[UNSHARE]]
        assert body["detail"].startswith("This was asked for revision 1, but the document is at revision 2:")
    assert _text(api) == before
    assert api.post(f"{PATH}/undo", params={"base_revision": 2}).json()["document"]["revision"] == 1
    assert api.post(f"{PATH}/redo", params={"base_revision": 1}).json()["document"]["revision"] == 2


def test_a_preview_says_all_and_saves_nothing(api: httpx.Client) -> None:
    before = _text(api)
    answer = _edit(api, 1, DUPLICATE, how="preview").raise_for_status().json()
    assert "joint_ip_y" in answer["text"]
    assert any(line.startswith('+  name: "joint_ip_y"') for line in answer["diff"].split("\n"))
    assert answer["report"]["op"] == "duplicate"
    assert any(layer["key"] == "joint_ip_y" for layer in answer["graph"]["layers"])
    assert _text(api) == before
    assert api.get(PATH).json()["revision"] == 1
    done = _edit(api, 1, DUPLICATE).raise_for_status().json()
    assert _text(api) == answer["text"]
    assert done["report"] == answer["report"]
    for graph in (done["graph"], answer["graph"]):
        del graph["revision"]
    assert done["graph"] == answer["graph"]


@pytest.mark.parametrize(
    ("operations", "code"),
    [
        ([], "no-operations"),
        ([{**DUPLICATE, "layers": []}], "empty-selection"),
        ([{**DUPLICATE, "layers": ["none"]}], "unknown-layer"),
        ([{**DUPLICATE, "copies": 65, "suffixes": None}], "too-many-copies"),
        ([{"op": "unshare", "layer": "none"}], "unknown-layer"),
        ([{"op": "nonsense"}], "invalid-request"),
        ([{"op": "unshare"}], "invalid-request"),
        ([{"op": "replace_text", "text": "}{"}], "not-a-prototxt"),
        ([{"op": "set_rate", "layer": "joint_ip", "blob": 9, "lr_mult": 1}], "unknown-blob"),
    ],
)
def test_an_operation_that_cannot_be_done_leaves_the_document_as_it_was(
    api: httpx.Client, operations: list[dict[str, Any]], code: str
) -> None:
    before = _text(api)
    for attempt in (operations, [UNSHARE, *operations] if operations else []):
        for how in ("operations", "preview"):
            answer = _edit(api, 1, *attempt, how=how)
            assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert _text(api) == before
    assert api.get(PATH).json()["revision"] == 1


def test_a_fix_with_several_operations_has_one_report(api: httpx.Client) -> None:
    rename = {"op": "rename_layer", "layer": "joint_ip", "to": "joint"}
    report = _edit(api, 1, UNSHARE, rename).raise_for_status().json()["report"]
    assert report["op"] == "unshare"
    assert "; " in report["title"]
    assert any(each["new"] == "joint" for each in report["renamed"])


def test_the_state_asked_for_is_the_state_of_the_graph(api: httpx.Client) -> None:
    made = api.post("/api/documents", json={"example": "lenet_train_val"}).json()
    path = f"/api/documents/{made['id']}"
    body = {"base_revision": 1, "operations": [{"op": "rename_layer", "layer": "ip2", "to": "scores"}]}
    for phase, accuracy in (("TEST", True), ("TRAIN", False)):
        graph = api.post(f"{path}/preview?phase={phase}", json=body).raise_for_status().json()["graph"]
        assert graph["state"] == {"phase": phase, "level": 0, "stages": []}
        active = {layer["key"]: layer["active"] for layer in graph["layers"]}
        assert (active["accuracy"], active["mnist"], active["mnist~2"]) == (accuracy, not accuracy, accuracy)
