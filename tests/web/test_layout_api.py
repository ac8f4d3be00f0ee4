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
