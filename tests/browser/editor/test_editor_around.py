"""Around the net: history, changes, its name and other nets, how it is drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.editor.conftest import Editor


def test_the_history_names_the_steps_and_leads_to_each(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    for layer in ("joint_ip", "concat"):
        editor.select(layer)
        page.keyboard.press("Delete")
        expect(editor.row(layer)).to_have_count(0)
    page.get_by_role("tab", name="History").click()
    steps = page.get_by_role("list", name="Steps").locator(".step")
    expect(steps).to_have_count(3)
    expect(steps.first).to_have_attribute("aria-current", "step")
    steps.filter(has_text="Opened").press("Enter")
    expect(editor.row("joint_ip")).to_be_visible()
    expect(editor.row("concat")).to_be_visible()
    expect(steps).to_have_count(3)
    expect(steps.last).to_have_attribute("aria-current", "step")
    steps.first.click()
    expect(editor.row("concat")).to_have_count(0)
    page.locator("ng-history").get_by_role("button", name="Changes since it was opened").click()
    dialog = page.get_by_role("dialog", name="Changes since it was opened")
    expect(dialog.locator(".line.removed").filter(has_text='name: "joint_ip"')).to_be_visible()
    expect(dialog).to_contain_text(re.compile(r"0 lines added, \d+ removed"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_net_is_renamed_and_others_are_at_hand(editor: Editor) -> None:
    other = editor.example("triplet")
    editor.example("question")
    page = editor.page
    menu = page.get_by_role("button", name="This net and others")
    menu.click()
    page.get_by_role("menuitem", name="Rename").click()
    name = page.get_by_label("New name of the net")
    expect(name).to_be_focused()
    name.fill("twins")
    name.press("Enter")
    expect(page.get_by_role("heading", name="twins", level=1)).to_be_visible()
    menu.press("ArrowDown")
    page.get_by_role("menuitem", name="triplet").first.press("Enter")
    expect(page).to_have_url(re.compile(f"/d/{other}"))
    expect(page.get_by_role("heading", name="triplet", level=1)).to_be_visible()


def test_groups_collapse_and_the_net_lies_as_one_likes(editor: Editor) -> None:
    editor.example("siamese_mnist")
    page = editor.page
    page.get_by_role("button", name="Groups", exact=True).click()
    page.get_by_role("menuitemcheckbox", name="…_p").click()
    page.wait_for_function(
        "() => document.querySelector('ng-app').session.model.settings.collapsed.has('*_p')"
    )
    editor.still()
    assert editor.rectangle("conv1_p") == editor.rectangle("conv2_p")
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("menuitemcheckbox", name="From left to right").click()
    editor.still()
    first, then = editor.rectangle("conv1"), editor.rectangle("conv2")
    assert first["x"] + first["width"] <= then["x"]
    page.get_by_role("button", name="View", exact=True).click()
    across = page.get_by_role("menuitemcheckbox", name="From left to right")
    expect(across).to_have_attribute("aria-checked", "true")


def test_a_net_is_shown_after_a_reload_as_it_was_left(editor: Editor) -> None:
    document = editor.example("googlenet_deploy")
    page = editor.page
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("menuitemcheckbox", name="From left to right").click()
    page.get_by_role("searchbox", name="Filter layers").fill("inception_3a")
    editor.row("inception_3a/3x3").click()
    page.get_by_role("button", name="Zoom out").click()
    editor.still()
    before = editor.rectangle("inception_3a/3x3")
    page.reload()
    editor.drawn()
    editor.still()
    assert editor.rectangle("inception_3a/3x3") == before
    expect(page.get_by_role("searchbox", name="Filter layers")).to_have_value("inception_3a")
    assert editor.selection() == ["inception_3a/3x3"]

    editor.example("question")  # another net has its own view
    assert editor.page.evaluate("document.querySelector('ng-app').session.model.settings.direction") == "down"
    expect(page.get_by_role("searchbox", name="Filter layers")).to_have_value("")
    editor.open(document)
    assert (
        editor.page.evaluate("document.querySelector('ng-app').session.model.settings.direction") == "right"
    )


def test_the_net_is_downloaded_as_a_drawing_whole_or_selected(editor: Editor, tmp_path: Path) -> None:
    editor.example("question")
    whole = editor.download("A drawing of the net (SVG)", tmp_path)
    assert whole.name == "question.svg"
    assert "joint_ip" in whole.read_text(encoding="utf-8")
    editor.select("ip1_a", "concat")
    part = editor.download("A drawing of the 2 selected layers (SVG)", tmp_path)
    assert "joint_ip" not in part.read_text(encoding="utf-8")
    picture = editor.download("A picture of the net (PNG)", tmp_path)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_group_is_collapsed_and_opened_by_key_and_by_menu(editor: Editor) -> None:
    editor.example("resnet50_deploy")
    page = editor.page
    editor.click_layer("pool1")
    editor.page.keyboard.press("ArrowDown")
    layer = editor.selection()[0]
    assert layer.startswith("res2a_")
    page.keyboard.press("g")
    editor.still()
    assert editor.rectangle("res2a") == editor.rectangle("res2a_branch1")
    page.keyboard.press("g")
    editor.still()
    assert editor.rectangle("res2a") != editor.rectangle("res2a_branch1")
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Collapse res2, 42 layers").click()
    editor.still()
    assert editor.rectangle("res2a") == editor.rectangle("res2c")


def test_hints_say_what_keys_do_now_and_stay_away_when_sent_away(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    hint = page.locator("net-canvas.main .hint")
    expect(hint).to_contain_text("Scroll moves")
    editor.click_layer("concat")
    expect(hint).to_contain_text("Drag a dot wires")
    page.keyboard.press("e")
    expect(hint).to_contain_text("Del cuts")
    # As long as a person presses: the words change with the way one works, the button must not run away.
    page.get_by_role("button", name="Hide these hints").click(delay=300)
    expect(hint).to_be_hidden()
    page.reload()
    editor.drawn()
    expect(hint).to_be_hidden()
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("menuitemcheckbox", name="Hints what keys do").click()
    expect(hint).to_be_visible()


def test_changes_are_shown_by_layer_line_and_word_since_any_step(editor: Editor) -> None:
    editor.example("googlenet_deploy")
    page = editor.page
    editor.run({"op": "rename_layer", "layer": "conv2/3x3", "to": "conv2/narrow"})
    editor.run({"op": "rename_layer", "layer": "loss3/classifier", "to": "classes"})
    page.get_by_role("tab", name="History").click()
    history = page.locator("ng-history")
    history.get_by_role("button", name="Changes since it was opened").click()
    dialog = page.get_by_role("dialog", name="Changes since it was opened")
    expect(dialog.locator(".line.removed mark").first).to_have_text("3x3")
    expect(dialog.locator(".line.added mark").first).to_have_text("narrow")
    expect(dialog.locator(".line.gap b").first).to_have_text("conv2/relu_3x3_reduce")
    expect(dialog.get_by_role("region")).to_be_focused()
    dialog.get_by_role("button", name="Next change").click()
    dialog.get_by_role("button", name="Next change").click()
    expect(dialog.locator(".line.added mark", has_text="classes").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    history.get_by_role("button", name="Changes since: Rename conv2/3x3").click()
    since = page.get_by_role("dialog", name="Changes since: Rename conv2/3x3")
    expect(since).to_contain_text("classes")
    expect(since.get_by_role("region")).not_to_contain_text("conv2/narrow")
