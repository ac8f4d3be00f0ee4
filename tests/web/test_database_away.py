"""A database in trouble, as a client sees it: a problem document that says when to come back."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable

import httpx
import pytest
from tests.postgres import Postgres

Serve = Callable[..., httpx.Client]
_PATH = "/api/documents/example"
_EDIT = {"base_revision": 1, "operations": [{"op": "unshare", "layer": "ip1_b"}]}


def test_while_the_database_is_away_requests_are_told_to_come_back(serve: Serve, mortal: Postgres) -> None:
    api = serve(database_url=mortal.new_url())
    assert api.get(_PATH).status_code == 200
    mortal.stop()
    for asked in (
        api.get(_PATH),
        api.get("/api/documents"),
        api.post(f"{_PATH}/operations", json=_EDIT),
        api.put(f"{_PATH}/layout", json={"down": {}, "right": {}}),
        api.get(f"/s/{'x' * 32}/api/documents/example"),
    ):
        assert (asked.status_code, asked.headers.get("retry-after")) == (503, "2")
        problem = asked.json()
        assert problem["code"] == "database-unavailable"
        assert "cannot be reached" in problem["detail"]
    assert api.get("/api/ready").status_code == 503
    assert api.get("/api/health").status_code == 200
    mortal.start()
    assert api.get("/api/ready").status_code == 200
    assert api.post(f"{_PATH}/operations", json=_EDIT).json()["document"]["revision"] == 2


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_told_and_the_document_stays_as_it_was(api: httpx.Client) -> None:
    answers: list[httpx.Response] = []
    net = 'layer { name: "a" type: "Input" top: "a" }'
    while not answers or answers[-1].status_code == 201:
        comment = "".join(random.choices(string.ascii_letters, k=500_000))
        answers.append(api.post("/api/documents", json={"text": f"# {comment}\n{net}"}))
    assert answers[-1].status_code == 507
    assert answers[-1].json()["code"] == "disk-full"
    assert len(api.get("/api/documents").json()["documents"]) == len(answers)
    assert api.get(_PATH).json()["revision"] == 1


def test_names_that_no_database_keeps_are_no_server_error(api: httpx.Client) -> None:
    for path in ("%00", "x%00y", "%ff", "x" * 64):
        assert api.get(f"/api/documents/{path}").status_code == 404
    assert api.delete(f"{_PATH}/weights/a%00b").status_code == 404
    body = json.dumps({"example": "question", "name": "a\x00b\ud800"})
    made = api.post("/api/documents", content=body, headers={"Content-Type": "application/json"})
    assert made.status_code < 500
