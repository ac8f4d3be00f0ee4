"""axe-core finds no violation on any view, in either theme."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.editor.axe import Axe

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Company, Editor


def test_axe_finds_nothing_on_the_page_and_its_panels(editor: Editor, shared: Path) -> None:
    page, axe = editor.page, Axe(editor.page)
    editor.start()
    axe.look("start page")
    page.get_by_role("button", name="Or draw a new net from nothing").click()
    editor.drawn()
    axe.look("an empty net")
    page.get_by_role("tab", name="Add").click()
    axe.look("the palette", ".left")
    page.get_by_role("tab", name="Layers").click()
    editor.drop(shared / "conformance" / "question.prototxt")
    editor.drawn()
    axe.look("a net, and the row of open nets")
    editor.select("ip1_b")
    axe.look("a layer selected")
    page.get_by_role("tab", name="Shares").click()
    page.get_by_role("tab", name="Prototxt").click()
    expect(page.locator(".cm-line.ng-selected").first).to_be_visible()
    axe.look("shares and text")
    page.keyboard.press("Control+f")
    editor.run({"op": "rename_layer", "layer": "concat", "to": "joined"})
    page.get_by_role("tab", name="History").click()
    page.get_by_role("tab", name="Weights").click()
    axe.look("history and no weights", ".right, .bottom")
    page.get_by_role("tab", name="Inspector").click()
    editor.select("ip1_a", "ip1_b", "joined")
    axe.look("several layers selected", ".right")
    page.keyboard.press("Delete")
    expect(editor.notice).to_be_visible()
    axe.look("a notice")
    editor.row("data_a").click(button="right")
    axe.look("the menu of the list", "ng-context-menu")
    page.keyboard.press("Escape")
    assert axe.found == {}


def test_axe_finds_nothing_on_dialogs_and_menus(editor: Editor) -> None:
    page, axe = editor.page, Axe(editor.page)
    editor.example("siamese_mnist")
    editor.run({"op": "rename_layer", "layer": "pool1", "to": "pooled"})
    page.get_by_role("tab", name="History").click()
    page.locator("ng-history").get_by_role("button", name="Changes since it was opened").click()
    expect(page.get_by_role("dialog", name="Changes since")).to_be_visible()
    axe.look("changes", "dialog[open]")
    page.keyboard.press("Escape")
    for name in ("Examples", "Download", "Theme", "This net and others", "View", "Groups"):
        page.get_by_role("button", name=name, exact=True).click()
        axe.look(f"menu: {name}", ".menu:has(.menu-list)")
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    axe.look("keyboard map", "dialog[open]")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("Open"))
    dialog.get_by_role("button", name=re.compile("^Delete ")).first.click()
    axe.look("open, about to delete", "dialog[open]")
    page.keyboard.press("Escape")
    editor.select("conv1", "ip1")
    duplicate = editor.duplicate()
    for tab in ("Graph", "Text", "Report"):
        duplicate.get_by_role("tab", name=tab).click()
        axe.look(f"duplicate: {tab}", "dialog[open]")
    page.keyboard.press("Escape")
    editor.click_layer("conv1")
    for key, view in (("F2", "rename"), ("c", "connect")):
        page.keyboard.press(key)
        axe.look(view, "dialog[open]")
        page.keyboard.press("Escape")
    page.keyboard.press("Shift+F10")
    axe.look("a layer's menu")
    assert axe.found == {}


@pytest.mark.console_errors(r"status of 4\d\d")
def test_axe_finds_nothing_on_sharing_and_on_what_went_wrong(
    editor: Editor, company: Company, server: str
) -> None:
    page, axe = editor.page, Axe(editor.page)
    net = editor.example("question")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("dialog", name=re.compile("Share"))).to_be_visible()
    axe.look("sharing", "dialog[open]")
    page.keyboard.press("Escape")
    company.opens("Ann", net).select("concat")
    expect(page.locator(".people .others button")).to_be_visible()
    axe.look("somebody else is there")
    editor.drop(("broken.prototxt", b"hello world {"))
    expect(page.get_by_role("alert")).to_be_visible()
    axe.look("a file that is refused", "ng-toasts")
    page.goto("/d/nobody")
    expect(page.get_by_role("alert")).to_be_visible()
    axe.look("a net that is not there")
    link = page.request.post(f"/api/documents/{net}/links", data={"note": "for the reviewers"}).json()
    page.goto(f"/s/{link['token']}")
    editor.drawn()
    axe.look("a page that may only look")
    page.goto("/s/nobody")
    axe.look("a link that leads nowhere")
    assert axe.found == {}


def test_a_page_zoomed_to_200_percent_keeps_everything_in_reach(editor: Editor) -> None:
    page = editor.page
    editor.example("triplet")
    editor.example("question")
    page.set_viewport_size({"width": 720, "height": 450})
    expect(page.get_by_role("button", name="Show the details")).to_be_visible()  # the panels made room
    editor.still()
    out_of_reach = page.evaluate(
        """() => [...document.querySelectorAll(':is(.topbar, .centre, .statusbar) :is(a, button)')]
          .filter((control) => control.checkVisibility())
          .filter((control) => {
            const { left, right, top, bottom } = control.getBoundingClientRect();
            const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            return left < 0 || right > innerWidth || !control.contains(hit);
          })
          .map((control) => control.getAttribute('aria-label') ?? control.textContent)"""
    )
    assert out_of_reach == []
    assert page.locator("net-canvas.main").evaluate("(canvas) => canvas.clientHeight") >= 120
    page.get_by_role("button", name="Show the details").click()
    expect(page.get_by_role("tab", name="Inspector")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    editor.drawn()
    expect(editor.row("ip1_b")).to_be_visible()  # what was folded for want of room is not folded for good
