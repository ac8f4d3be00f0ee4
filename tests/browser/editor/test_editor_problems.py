"""The list of problems: walked, sought and mended by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor

_INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 } } }\n'


def _sharer(index: int) -> str:
    rule = "include { phase: TRAIN }" if index == 3 else ""
    param = f'param {{ name: "w{index // 2}" lr_mult: {1 + index % 2} }}'
    return (
        f'layer {{ name: "ip{index}" type: "InnerProduct" bottom: "data" top: "ip{index}" {rule}\n'
        f"  {param} inner_product_param {{ num_output: 3 }} }}\n"
    )


@pytest.fixture
def refused(editor: Editor) -> Editor:
    """Four groups of two sharers whose rates differ, one of them in TRAIN only."""
    text = _INPUT + "".join(_sharer(index) for index in range(8))
    answer = editor.page.request.post("/api/documents", data={"text": text, "name": "refused"})
    editor.open(answer.json()["id"])
    return editor


def test_problems_are_walked_and_mended_by_keys(refused: Editor) -> None:
    page = refused.page
    errors = page.locator('ng-problems .problem[data-severity="error"]')
    expect(errors).to_have_count(4)
    page.keyboard.press("F8")
    expect(errors.first).to_be_focused()
    assert refused.selection() == ["ip1"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F8")
    expect(errors.nth(1)).to_be_focused()
    assert refused.selection() == ["ip5"]
    page.keyboard.press("Control+.")
    refused.settle()
    expect(errors).to_have_count(3)
    page.keyboard.press("Control+Shift+.")
    refused.settle()
    expect(errors).to_have_count(0)
    expect(refused.notice.last).to_contain_text("Unshare all of these (3)")
    expect(refused.verdicts).to_contain_text("Caffe would accept")


def test_problems_are_grouped_by_phase_and_found_by_words(refused: Editor) -> None:
    page = refused.page
    panel = page.locator("ng-problems")
    expect(panel.get_by_role("heading", name="Only in TRAIN").first).to_be_visible()
    panel.get_by_label("Filter the problems").fill("mismatched ip3")
    expect(refused.problems).to_have_count(1)
    expect(panel.locator("[role=status]")).to_contain_text("1 of ")
    panel.get_by_label("Filter the problems").fill("mismatched")
    panel.get_by_label("Problems of which phase").select_option("TEST")
    expect(refused.problems).to_have_count(3)
    # a press anywhere on one goes to its layer and line
    refused.problems.first.locator(".problem-message").click()
    assert refused.selection() == ["ip1"]
    expect(page.get_by_role("tab", name="Prototxt")).to_have_attribute("aria-selected", "true")
