"""A document's history over REST: its steps, going to one, what changed, its name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from netgraft import edit
from netgraft.workspace import Workspace

Serve = Callable[..., httpx.Client]
_PATH = "/api/documents/example"


def _edit(api: httpx.Client, revision: int, **operation: Any) -> None:
    body = {"base_revision": revision, "operations": [operation]}
    api.post(f"{_PATH}/operations", json=body).raise_for_status()


def test_the_history_names_each_step_and_leads_to_any_of_them(api: httpx.Client) -> None:
    _edit(api, 1, op="unshare", layer="ip1_b")
    _edit(api, 2, op="rename_layer", layer="joint_ip", to="joint")
    found = api.get(f"{_PATH}/history").json()
    assert found["present"] == 3
    assert [step["revision"] for step in found["steps"]] == [1, 2, 3]
    assert "joint" in found["steps"][2]["title"]
    back = api.post(f"{_PATH}/goto", json={"revision": 1}).json()
    assert back["document"]["revision"] == 1
    assert back["document"]["can_redo"]
    assert any(layer["key"] == "joint_ip" for layer in back["graph"]["layers"])
    assert [step["revision"] for step in api.get(f"{_PATH}/history").json()["steps"]] == [1, 2, 3]
    assert api.post(f"{_PATH}/goto", json={"revision": 3}).json()["document"]["revision"] == 3


def test_a_damaged_revision_is_told_with_what_can_still_be_done(
    serve: Serve, tmp_path: Path, database: str
) -> None:
    with closing(Workspace(tmp_path / "data", database)) as workspace:
        document = edit.Document.read('name: "a"\n')
        workspace.create("net", document, id="net")
        workspace.commit("net", 1, edit.Document.read('name: "b"\n'), title="Edit", operations=[])
        with workspace._database.engine.begin() as connection:
            spoil = text("UPDATE revisions SET text = :spoilt WHERE document = 'net' AND number = 2")
            connection.execute(spoil, {"spoilt": b"spoilt"})
    api = serve()
    told = api.get("/api/documents/net")
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert (told.status_code, problem["code"]) == (500, "damaged-revision")
    assert (problem["damaged"], problem["readable"]) == (2, 1)
    assert "go back to revision 1" in problem["detail"]
    assert api.get("/api/documents/net/history").json()["present"] == 2
    assert api.post("/api/documents/net/goto", json={"revision": 1}).json()["graph"]["name"] == "a"


def test_what_was_left_behind_is_no_longer_in_the_history(api: httpx.Client) -> None:
    _edit(api, 1, op="unshare", layer="ip1_b")
    api.post(f"{_PATH}/undo").raise_for_status()
    _edit(api, 1, op="delete_layers", layers=["joint_ip"])
    assert [step["revision"] for step in api.get(f"{_PATH}/history").json()["steps"]] == [1, 3]
    assert api.post(f"{_PATH}/goto", json={"revision": 2}).status_code == 409
    assert api.get(f"{_PATH}/diff", params={"since": 2}).status_code == 409


def test_going_to_a_step_is_refused_where_the_document_moved_on(api: httpx.Client) -> None:
    _edit(api, 1, op="unshare", layer="ip1_b")
    _edit(api, 2, op="rename_layer", layer="joint_ip", to="joint")
    answer = api.post(f"{_PATH}/goto", json={"revision": 1, "base_revision": 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale-revision")
    assert [change["revision"] for change in answer.json()["changes"]] == [3]
    assert api.get(_PATH).json()["revision"] == 3
    done = api.post(f"{_PATH}/goto", json={"revision": 1, "base_revision": 3}).json()
    assert done["document"]["revision"] == 1


def test_the_difference_to_the_file_as_it_was_opened(api: httpx.Client) -> None:
    assert api.get(f"{_PATH}/diff").json() == {"since": 1, "revision": 1, "diff": ""}
    _edit(api, 1, op="rename_layer", layer="joint_ip", to="joint")
    found = api.get(f"{_PATH}/diff").json()
    assert found["revision"] == 2
    assert '-  name: "joint_ip"' in found["diff"]
    assert '+  name: "joint"' in found["diff"]


def test_a_document_gets_another_name(api: httpx.Client) -> None:
    assert api.patch(_PATH, json={"name": "twins"}).json()["name"] == "twins"
    assert api.get("/api/documents").json()["documents"][0]["name"] == "twins"
    assert api.patch(_PATH, json={"name": ""}).status_code == 422
