"""The editor's page: what it has the browser ask for before its scripts are there."""

from __future__ import annotations

import re

import httpx
import pytest

_PRELOADED = re.compile(r'<link rel="preload" as="fetch" crossorigin="anonymous" href="([^"]*)" />')


def test_a_net_is_asked_for_as_the_page_is_read_in_the_words_of_the_script_that_takes_it_up(
    api: httpx.Client,
) -> None:
    asked = _PRELOADED.findall(api.get("/d/example").text)
    assert asked == ["/api/documents/example/graph?known=", "/api/documents/example"]
    script = api.get("/static/early.js").text
    assert [f"`{path.removeprefix('/api').replace('example', '${id}')}`" in script for path in asked] == [
        True,
        True,
    ]
    for path in asked:
        assert api.get(path).status_code == 200


@pytest.mark.parametrize("page", ["/", "/d/example?phase=TEST", "/d/%22%3E%3Cscript%3E", "/d/" + "x" * 65])
def test_a_page_whose_script_asks_for_something_else_asks_for_nothing_before(
    api: httpx.Client, page: str
) -> None:
    answer = api.get(page)
    assert answer.status_code == 200
    assert not _PRELOADED.findall(answer.text)
