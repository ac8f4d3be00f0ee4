"""Without a mouse: the whole job by keyboard, and what a screen reader is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


def test_two_copies_are_grafted_by_keyboard_alone(editor: Editor, weights: Path, tmp_path: Path) -> None:
    editor.start()
    editor.drop(weights / "lenet_v1.prototxt", weights / "lenet_v1.caffemodel")
    editor.drawn()
    page = editor.page
    page.keyboard.press("/")
    page.keyboard.type("conv1")
    page.keyboard.press("Enter")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("listbox", name="Layers", exact=True).focus()
    for _ in range(6):
        page.keyboard.press("Shift+ArrowDown")
    assert editor.selection() == ["conv1", "pool1", "conv2", "pool2", "ip1", "relu1", "ip2"]

    page.keyboard.press("Control+d")
    expect(editor.dialog).to_be_visible()
    expect(editor.dialog.get_by_label("Layers", exact=True)).to_be_focused()
    editor.previewed()
    switch = editor.dialog.get_by_role("switch", name=re.compile("^conv1"))
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    tab = editor.dialog.get_by_role("tab", name="Graph")
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(editor.dialog.get_by_role("tab", name="Text")).to_be_focused()
    editor.previewed()
    editor.dialog.get_by_label("Suffix of copy 2").focus()
    page.keyboard.press("Enter")
    expect(editor.dialog).to_be_hidden()
    editor.settle()
    assert "conv1_b" in editor.layers()

    page.keyboard.press("Control+z")
    editor.settle()
    assert "conv1_b" not in editor.layers()
    page.keyboard.press("Control+y")
    editor.settle()
    assert "conv1_b" in editor.layers()
    with page.expect_download() as waiting:
        page.keyboard.press("Control+s")
    assert waiting.value.suggested_filename.endswith(".zip")
    page.keyboard.press("Escape")
    assert editor.selection() == []


def test_escape_leaves_the_dialog_and_changes_nothing(editor: Editor) -> None:
    editor.example("question")
    before = editor.layers()
    editor.select("ip1_a")
    editor.duplicate()
    editor.page.keyboard.press("Escape")
    expect(editor.dialog).to_be_hidden()
    assert editor.layers() == before
    assert editor.selection() == ["ip1_a"]


def test_the_question_mark_shows_the_keyboard_map(editor: Editor) -> None:
    editor.example("question")
    editor.page.keyboard.press("?")
    map_of_keys = editor.page.get_by_role("dialog", name="Keyboard and mouse")
    expect(map_of_keys).to_contain_text("Duplicate the selection")
    expect(map_of_keys).to_contain_text("Fit the net, or the selection")
    editor.page.keyboard.press("Escape")
    expect(map_of_keys).to_be_hidden()


def test_keys_typed_into_a_field_stay_in_the_field(editor: Editor) -> None:
    editor.example("question")
    before = editor.layers()
    editor.select("ip1_a")
    rate = editor.page.get_by_label("lr_mult of the weight")
    rate.fill("12")
    rate.press("Backspace")
    rate.press("Delete")
    expect(rate).to_have_value("1")
    assert editor.layers() == before


def test_menus_are_walked_with_arrow_keys(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    button = page.get_by_role("button", name="Download", exact=True)
    button.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="The prototxt")).to_be_focused()
    expect(page.get_by_role("menuitem", name="The pair, as a zip")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)


def test_the_list_tells_its_size_and_place_to_screen_readers(editor: Editor) -> None:
    editor.example("question")
    row = editor.row("ip1_b")
    expect(row).to_have_attribute("aria-posinset", "4")
    expect(row).to_have_attribute("aria-setsize", "6")
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    listbox = editor.page.get_by_role("listbox", name="Layers", exact=True)
    expect(listbox).to_have_attribute("aria-activedescendant", row.get_attribute("id") or "?")


def test_all_that_a_search_finds_is_selected_and_all_between_two(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    page.keyboard.press("Control+f")
    page.keyboard.type("conv*")
    page.keyboard.press("Control+Enter")
    assert editor.selection() == ["conv1", "conv2"]
    page.get_by_role("searchbox", name="Filter layers").fill("pool")
    page.get_by_role("button", name="Select 2", exact=True).click()
    assert editor.selection() == ["pool1", "pool2"]
    page.get_by_role("searchbox", name="Filter layers").fill("")
    editor.select("conv1", "ip1")
    spot = editor.rectangle("conv1")
    page.mouse.click(spot["x"] + 30, spot["y"] + 10, button="right")
    page.get_by_role("menuitem", name="Select all between conv1 and ip1").click()
    assert editor.selection() == ["conv1", "pool1", "conv2", "pool2", "ip1"]


def test_the_list_has_the_menu_of_the_canvas_and_goes_on_from_where_a_layer_was(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    rows = page.get_by_role("listbox", name="Layers", exact=True)
    editor.row("conv2").click(button="right")
    expect(page.get_by_role("menuitem", name="Duplicate …")).to_be_focused()
    assert editor.selection() == ["conv2"]
    page.keyboard.press("Escape")
    expect(rows).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Delete and heal").press("Enter")
    editor.settle()
    expect(rows).to_be_focused()
    expect(editor.row("ip1")).to_have_class(re.compile("cursor"))
    page.keyboard.press("ArrowUp")
    assert editor.selection() == ["conv2"]
    said = page.locator("ng-toasts [role=status]")
    expect(said).to_contain_text("1 layer deleted")
    page.keyboard.press("Control+z")
    expect(said).to_have_text("Undone: Delete pool2")


def test_what_goes_leaves_the_keyboard_where_it_can_go_on(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    rows = page.get_by_role("listbox", name="Layers", exact=True)
    editor.select("concat")
    page.keyboard.press("Delete")
    editor.notice.get_by_role("button", name="Undo").press("Enter")
    expect(rows).to_be_focused()
    page.get_by_role("button", name="Fold the details away").press("Enter")
    expect(page.get_by_role("button", name="Show the details")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Inspector")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Layers of siam")).to_be_focused()


def test_a_name_that_was_typed_gives_the_keyboard_back_to_where_it_was_asked_for(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    editor.select("concat")
    page.get_by_role("button", name="Rename this layer").press("Enter")
    page.keyboard.type("joined")
    page.keyboard.press("Enter")
    editor.settle()
    expect(page.get_by_role("button", name="Rename this layer")).to_be_focused()
    page.get_by_role("tab", name="Shares").click()
    page.get_by_role("button", name="Rename ip1_w").press("Enter")
    page.keyboard.type("w")
    page.keyboard.press("Enter")
    editor.settle()
    expect(page.get_by_role("button", name="Rename w", exact=True)).to_be_focused()
    for group in ("w", "ip1_b"):
        page.get_by_role("button", name=f"Dissolve {group}:").press("Enter")
        editor.settle()
    expect(page.get_by_role("tab", name="Shares")).to_be_focused()


def test_enter_on_a_problem_leads_into_its_line_of_the_net_and_not_of_another_file(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    editor.drop(("solver.prototxt", b'base_lr: 0.01\nlr_policy: "stepp"\n'))
    page.get_by_role("tab", name="Weights").click()
    editor.notice.get_by_role("button", name="Show").click()
    refused = page.locator('.problem[data-code="solver-refused"]').first
    refused.press("Enter")
    expect(refused).to_be_focused()
    page.locator('.problem[data-code="mismatched-lr-mult"]').first.press("Enter")
    expect(page.get_by_role("textbox", name="The prototxt")).to_be_focused()
    line = page.get_by_role("textbox", name="The prototxt").locator(".cm-activeLine")
    expect(line).to_contain_text('name: "ip1_w" lr_mult: 10')
