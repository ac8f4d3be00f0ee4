"""Where cards were moved to: kept with the document, beside its revisions."""

from __future__ import annotations

import httpx
import pytest

MOVED = {"down": {"conv1": [120.5, -40.0], "näme~2": [0.0, 8.0]}, "right": {"conv1": [1.0, 2.0]}}


@pytest.fixture
def document(api: httpx.Client) -> str:
    made = api.post("/api/documents", json={"example": "question"})
    return f"/api/documents/{made.json()['id']}"


def test_where_cards_are_moved_to_is_kept_and_is_no_revision(api: httpx.Client, document: str) -> None:
    assert api.get(f"{document}/layout").json() == {"down": {}, "right": {}}
    before = api.get(document).json()
    assert api.put(f"{document}/layout", json=MOVED).status_code == 204
    assert api.get(f"{document}/layout").json() == MOVED
    assert api.get(document).json() == before | {"version": before["version"] + 1}
    assert api.put(f"{document}/layout", json={}).status_code == 204
    assert api.get(f"{document}/layout").json() == {"down": {}, "right": {}}


@pytest.mark.parametrize(
    "body",
    [{"up": {}}, {"down": {"a": [1]}}, {"down": {"a": [1, "x"]}}, {"down": {"a": [1e9, 0]}}, [1]],
)
def test_what_is_no_layout_is_refused(api: httpx.Client, document: str, body: object) -> None:
    answered = api.put(f"{document}/layout", json=body)
    assert answered.status_code == 422
    assert answered.headers["content-type"] == "application/problem+json"


def test_a_document_that_is_not_there_has_none(api: httpx.Client) -> None:
    assert api.get("/api/documents/none/layout").status_code == 404
    assert api.put("/api/documents/none/layout", json={}).status_code == 404


def test_it_goes_with_its_document(api: httpx.Client, document: str) -> None:
    api.put(f"{document}/layout", json=MOVED)
    assert api.delete(document).status_code == 204
    assert api.get(f"{document}/layout").status_code == 404


def test_cards_that_two_people_move_stay_where_each_put_them(api: httpx.Client, document: str) -> None:
    first = api.patch(f"{document}/layout", json={"down": {"a": [1, 2]}})
    assert first.json() == {"down": {"a": [1, 2]}, "right": {}}
    second = api.patch(f"{document}/layout", json={"down": {"b": [3, 4]}, "right": {"a": [5, 6]}})
    assert second.json() == {"down": {"a": [1, 2], "b": [3, 4]}, "right": {"a": [5, 6]}}
    assert api.get(f"{document}/layout").json() == second.json()


def test_a_card_can_be_put_back_in_its_place(api: httpx.Client, document: str) -> None:
    api.put(f"{document}/layout", json=MOVED)
    answered = api.patch(f"{document}/layout", json={"down": {"conv1": None, "unknown": None}})
    assert answered.json() == {"down": {"näme~2": [0.0, 8.0]}, "right": {"conv1": [1.0, 2.0]}}


def test_more_cards_than_a_net_can_have_are_refused_however_they_come(
    api: httpx.Client, document: str
) -> None:
    halves = [{f"{half}{i}": [1, 1] for i in range(10_001)} for half in "ab"]
    assert api.patch(f"{document}/layout", json={"down": halves[0]}).status_code == 200
    refused = api.patch(f"{document}/layout", json={"down": halves[1]})
    assert (refused.status_code, refused.json()["code"]) == (413, "too-many")
    assert len(api.get(f"{document}/layout").json()["down"]) == 10_001
