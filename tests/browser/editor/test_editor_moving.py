"""Cards moved to other places, which are kept with the document; the lasso."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


def test_a_moved_card_stays_where_it_is_put_until_all_is_tidied(editor: Editor) -> None:
    document = editor.example("lenet_train_val")
    page = editor.page
    before = editor.rectangle("pool1")
    grip = (before["x"] + 60, before["y"] + 15)
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and "layout" in answer.url):
        editor.drag(grip, (grip[0] + 150, grip[1] + 30))
    moved = editor.rectangle("pool1")
    assert (moved["x"], moved["y"]) == pytest.approx((before["x"] + 150, before["y"] + 30), abs=1.5)
    assert page.request.get(f"/api/documents/{document}").json()["revision"] == 1

    # By keyboard too, and it is there again after the page was loaded anew.
    editor.click_layer("pool1")
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and "layout" in answer.url):
        page.keyboard.press("Alt+Shift+ArrowRight")
    page.reload()
    editor.drawn()
    editor.still()
    away = editor.rectangle("pool1")["x"] - editor.rectangle("conv1")["x"]
    assert away == pytest.approx(174, abs=2)
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and "layout" in answer.url):
        page.locator("net-canvas.main").get_by_role("button", name="Tidy up").click()
    editor.still()
    assert abs(editor.rectangle("pool1")["x"] - editor.rectangle("conv1")["x"]) < 1
    assert page.request.get(f"/api/documents/{document}/layout").json() == {"down": {}, "right": {}}


def test_escape_puts_a_dragged_card_back(editor: Editor) -> None:
    editor.example("lenet_train_val")
    before = editor.rectangle("pool1")
    editor.page.mouse.move(before["x"] + 60, before["y"] + 15)
    editor.page.mouse.down()
    editor.page.mouse.move(before["x"] + 200, before["y"] + 90, steps=3)
    editor.page.keyboard.press("Escape")
    editor.page.mouse.up()
    editor.still()
    assert editor.rectangle("pool1") == before


def test_a_lasso_selects_what_it_goes_around(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    first, last = editor.rectangle("conv1"), editor.rectangle("pool1")
    left, right = first["x"] - 14, first["x"] + first["width"] + 14
    top, bottom = first["y"] - 8, last["y"] + last["height"] + 8
    around = ((left, top), (right, top), (right, bottom), (left, bottom))
    page.keyboard.down("Alt")
    editor.drag(*around)
    page.keyboard.up("Alt")
    assert editor.selection() == ["conv1", "pool1"]
    page.keyboard.press("Escape")
    page.locator("net-canvas.main").get_by_role("button", name="lasso").click()
    editor.drag(*around)
    assert editor.selection() == ["conv1", "pool1"]


def test_a_type_dropped_on_nothing_stands_where_it_fell(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    page.keyboard.press("a")
    page.get_by_role("combobox", name="Search layer types").fill("dummy")
    row = page.get_by_role("option", name="DummyData").bounding_box()
    assert row
    editor.drag((row["x"] + 60, row["y"] + 10), (row["x"] + 90, row["y"] + 20), (380, 400))
    editor.settle()
    editor.drawn()
    editor.still()
    (key,) = editor.selection()
    spot = editor.rectangle(key)
    assert spot["x"] < 380 < spot["x"] + spot["width"]
    assert spot["y"] < 400 < spot["y"] + spot["height"]
