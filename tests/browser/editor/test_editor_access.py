"""axe-core finds no violation on any view, in either theme."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor

RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.map(({ target, any }) => `${target} ${any[0]?.message ?? ''}`).join(' | ')}`);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_view(
    editor: Editor, repo: Path, shared: Path, scheme: Literal["light", "dark"]
) -> None:
    source = repo / "static" / "node_modules" / "axe-core" / "axe.min.js"
    page = editor.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, list[str]] = {}

    def look(view: str) -> None:
        violations = page.evaluate(RUN)
        if violations:
            found[view] = violations

    editor.start()
    page.evaluate(source.read_text(encoding="utf-8"))
    look("start page")
    editor.drop(shared / "conformance" / "question.prototxt")
    editor.drawn()
    look("a net")
    editor.select("ip1_b")
    look("a layer selected")
    page.get_by_role("tab", name="Shares").click()
    page.get_by_role("tab", name="Prototxt").click()
    expect(page.locator(".cm-line.ng-selected").first).to_be_visible()
    look("shares and text")
    page.get_by_role("tab", name="History").click()
    page.locator("ng-history").get_by_role("button", name="Changes since").click()
    expect(page.get_by_role("dialog", name="Changes since")).to_be_visible()
    look("history and changes")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Inspector").click()
    editor.select("ip1_a", "ip1_b", "concat")
    look("several layers selected")
    dialog = editor.duplicate()
    look("duplicate")
    for tab in ("Text", "Report"):
        dialog.get_by_role("tab", name=tab).click()
        look(f"duplicate, {tab}")
    page.keyboard.press("Escape")
    page.locator(".topbar").get_by_role("button", name="Examples").click()
    look("a menu")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    look("keyboard map")
    page.keyboard.press("Escape")
    page.locator(".topbar").get_by_role("button", name="Open").click()
    expect(page.get_by_role("dialog", name=re.compile("Open"))).to_be_visible()
    look("open")
    assert found == {}
