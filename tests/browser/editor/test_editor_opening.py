"""A net is opened by its address: the picture comes first, and nothing is asked for twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.served import Served

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor

# Which panels were there when the first picture was drawn.
_AT_FIRST = """addEventListener('drawn', () => {
  const panels = ['ng-left', 'ng-inspector', 'ng-problems', 'ng-topbar'];
  globalThis.atFirst ??= panels.filter((name) => document.querySelector(name));
}, true);"""


@pytest.mark.own_context
def test_the_picture_is_there_before_the_panels_and_each_answer_is_asked_for_once(editor: Editor) -> None:
    page = editor.page
    page.add_init_script(_AT_FIRST)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/api/")[2]))
    editor.example("question")
    assert page.evaluate("() => globalThis.atFirst") == ["ng-topbar"]
    expect(page.locator("ng-inspector")).to_be_visible()
    expect(page.get_by_role("tab", name="Problems")).to_be_visible()
    wanted = [url for url in asked if url.startswith("documents/")]
    assert len([url for url in wanted if "/graph" in url]) == 1, wanted
    assert len([url for url in wanted if url.count("/") == 1]) == 1, wanted


def test_a_net_without_layers_has_its_panels_too(editor: Editor) -> None:
    answer = editor.page.request.post("/api/documents", data={"text": "", "name": "empty"})
    editor.open(answer.json()["id"])
    expect(editor.page.locator("ng-left")).to_be_visible()
    expect(editor.page.locator(".empty-net")).to_be_visible()


@pytest.mark.own_context
def test_a_first_visit_comes_to_the_example_and_sees_no_start_page_before_it(
    editor: Editor, tmp_path: Path
) -> None:
    asked: list[str] = []
    editor.page.on("request", lambda request: asked.append(request.url))
    with Served(tmp_path / "data") as served:
        editor.page.goto(served.address)
        expect(editor.page.locator("ng-statusbar")).to_be_visible()
        editor.page.goto("about:blank")
    assert [url for url in asked if "/api/documents/example" in url]
    assert not [url for url in asked if "/static/examples/" in url]  # the start page's pictures
