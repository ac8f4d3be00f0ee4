"""Who changes a document: told by two headers, kept in the history, and never a reason to refuse."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from netgraft.web.context import author

_PATH = "/api/documents/example"
_EDIT = {"base_revision": 1, "operations": [{"op": "unshare", "layer": "ip1_b"}]}


def test_an_edit_tells_its_author_in_the_history(api: httpx.Client) -> None:
    headers = {"Netgraft-Client": "tab_1-x", "Netgraft-Author": quote("Zoë")}
    api.post(f"{_PATH}/operations", json=_EDIT, headers=headers).raise_for_status()
    steps = api.get(f"{_PATH}/history").json()["steps"]
    assert [step["author"] for step in steps] == ["", "Zoë"]


def test_headers_that_are_not_as_they_should_be_are_ignored(api: httpx.Client) -> None:
    headers = {"Netgraft-Client": "x" * 65, "Netgraft-Author": "%ff"}
    api.post(f"{_PATH}/operations", json=_EDIT, headers=headers).raise_for_status()
    assert [step["author"] for step in api.get(f"{_PATH}/history").json()["steps"]] == ["", ""]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Ann", "Ann"),
        ("%20Zo%C3%AB%20", "Zoë"),
        ("%E2%80", ""),
        ("a%00b", ""),
        ("a%0Ab", ""),
        ("%E2%80%AEevil", ""),
        ("x" * 100, "x" * 100),
        ("x" * 101, ""),
        ("", ""),
    ],
)
def test_a_name_that_cannot_be_shown_counts_as_none(given: str, read: str) -> None:
    assert author(given) == read


def test_every_change_raises_the_version(api: httpx.Client) -> None:
    def version() -> int:
        return int(api.get(_PATH).json()["version"])

    assert version() == 1
    changes = [
        ("POST", "/operations", _EDIT),
        ("POST", "/undo", None),
        ("POST", "/redo", None),
        ("POST", "/goto", {"revision": 1}),
        ("PATCH", "", {"name": "twins"}),
        ("PATCH", "/premises", {"profile": "fork"}),
        ("PUT", "/solver", {"text": "base_lr: 0.1\n"}),
        ("PUT", "/layout", {"down": {"ip1": [1, 2]}, "right": {}}),
        ("DELETE", "/solver", None),
    ]
    for number, (method, path, body) in enumerate(changes, start=2):
        api.request(method, _PATH + path, json=body).raise_for_status()
        assert version() == number, path


def test_a_document_tells_whose_step_undo_and_redo_would_take(api: httpx.Client) -> None:
    document = api.get(_PATH).json()
    assert (document["undo_author"], document["redo_author"]) == (None, None)
    api.post(f"{_PATH}/operations", json=_EDIT, headers={"Netgraft-Author": "Ann"}).raise_for_status()
    document = api.get(_PATH).json()
    assert (document["undo_author"], document["redo_author"]) == ("Ann", None)
    document = api.post(f"{_PATH}/undo", headers={"Netgraft-Author": "Bob"}).json()["document"]
    assert (document["undo_author"], document["redo_author"]) == (None, "Ann")
