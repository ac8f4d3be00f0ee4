"""The Duplicate dialog: rates by slider, one rate for what is shared, the border drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.editor.conftest import Editor


def _lenet(editor: Editor, weights: Path) -> None:
    text = (weights / "lenet_v1.prototxt").read_text(encoding="utf-8")
    answer = editor.page.request.post("/api/documents", data={"text": text, "name": "lenet"})
    editor.open(answer.json()["id"])
    editor.row("conv1").click()
    editor.row("ip2").click(modifiers=["Shift"])


def test_the_rate_of_a_copy_is_set_by_a_slider(editor: Editor, weights: Path) -> None:
    _lenet(editor, weights)
    dialog = editor.duplicate()
    dialog.get_by_label("Learning rate of copy 2").select_option("scale")
    slider = dialog.get_by_role("slider", name="Slider for copy 2")
    expect(slider).to_have_attribute("aria-valuetext", "10")
    slider.press("ArrowRight")
    expect(dialog.get_by_label("Value for copy 2")).to_have_value("20")
    dialog.get_by_label("Value for copy 2").fill("0.1")
    expect(slider).to_have_attribute("aria-valuetext", "0.1")
    editor.previewed()
    editor.apply()
    rate = "() => document.querySelector('ng-app').session.model.layer('conv1_b').blobs[0].lr"
    assert abs(editor.page.evaluate(rate) - 0.1) < 1e-6


def test_all_that_is_shared_is_given_one_rate_at_once(editor: Editor, weights: Path) -> None:
    _lenet(editor, weights)
    dialog = editor.duplicate()
    dialog.get_by_role("button", name="Share down to conv2").click()
    dialog.get_by_label("Learning rate of copy 2").select_option("scale")
    editor.previewed()
    refusals = dialog.locator('.problem[data-severity="error"]')
    expect(refusals.first).to_be_visible()
    dialog.get_by_role("button", name="Use copy 1's rate for all that is shared").click()
    editor.previewed()
    expect(refusals).to_have_count(0)
    editor.apply()
    rates = """() => ['conv1_b', 'ip1_b'].map((key) =>
      document.querySelector('ng-app').session.model.layer(key).blobs[0].lr)"""
    assert editor.page.evaluate(rates) == [1, 10]


def test_the_border_is_chosen_by_what_it_looks_like(editor: Editor, weights: Path) -> None:
    _lenet(editor, weights)
    dialog = editor.duplicate()
    dialog.get_by_role("radio", name="One each").check()
    expect(dialog).to_contain_text("Each copy reads a new input of its own")
    dialog.get_by_role("radio", name="Concat").check()
    editor.previewed()
    assert dialog.locator(".segmented .border-picture").count() == 7
    editor.apply()
    assert "Concat" in editor.page.evaluate(
        "() => document.querySelector('ng-app').session.graph.layers.map(({ type }) => type)"
    )


def test_share_groups_are_split_by_the_selection_and_merged_again(editor: Editor, weights: Path) -> None:
    _lenet(editor, weights)
    dialog = editor.duplicate()
    for _ in range(2):
        dialog.get_by_role("button", name="One copy more").click()
    dialog.get_by_role("button", name="Share all").click()
    editor.previewed()
    page = editor.page
    page.wait_for_function(  # the preview shows the copies in their order
        """() => {
          const canvas = document.querySelector('ng-duplicate net-canvas');
          const places = ['a', 'b', 'c', 'd'].map((copy) => canvas.clientRectOf(`conv1_${copy}`)?.x ?? NaN);
          return places.every((x, i) => i === 0 || x > places[i - 1]);
        }"""
    )
    editor.apply()
    page.get_by_role("tab", name="Shares").click()
    editor.select("conv1_c", "conv1_d")
    page.get_by_role("button", name="Split the 2 selected layers off conv1_w").click()
    editor.settle()
    groups = """() => document.querySelector('ng-app').session.graph.groups
      .filter(({ shape }) => String(shape) === '20,1,5,5')
      .map(({ members }) => members.map(({ layer }) => layer).join(' '))"""
    assert page.evaluate(groups) == ["conv1_a conv1_b", "conv1_c conv1_d"]
    page.get_by_role("button", name="Merge another group into conv1_w").click()
    page.get_by_role("dialog", name="Merge into conv1_w").get_by_role("option").first.click()
    editor.settle()
    assert page.evaluate(groups) == ["conv1_a conv1_b conv1_c conv1_d"]
    expect(editor.verdicts).to_contain_text("Caffe would accept")


@pytest.mark.console_errors(r"status of 422")
def test_the_dialog_asks_what_it_must_know_for_an_input_of_its_own(editor: Editor) -> None:
    editor.example("lenet_train_val")
    editor.select("conv1")
    dialog = editor.duplicate()
    dialog.get_by_label("Layers", exact=True).fill("conv1..ip2")
    dialog.get_by_role("radio", name="One each").check()
    refusal = dialog.get_by_role("alert")
    expect(refusal).to_contain_text("The shape of 'data' is not known")
    question = refusal.locator("ng-source-shape").first
    for axis, value in (("Channels", "1"), ("Height", "28"), ("Width", "28")):
        question.get_by_label(axis).fill(value)
    question.get_by_label("Width").press("Enter")
    expect(refusal.locator("ng-source-shape")).to_have_count(1)  # the other phase reads another source
    for axis, value in (("Channels", "1"), ("Height", "28"), ("Width", "28")):
        question.get_by_label(axis).fill(value)
    question.get_by_label("Width").press("Enter")
    expect(refusal).to_have_count(0)
    editor.previewed()
    editor.apply()
    assert "Input" in editor.page.evaluate(
        "() => document.querySelector('ng-app').session.graph.layers.map(({ type }) => type)"
    )
