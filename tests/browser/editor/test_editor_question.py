"""The story behind Netgraft: one param name, two rates. Caffe refuses; one click sets it right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor

WORDS = "Shared param 'ip1_w' has mismatched lr_mult."


def test_the_net_of_the_question_is_refused_at_ip1_b_and_unshare_makes_it_right(
    editor: Editor, shared: Path
) -> None:
    editor.start()
    editor.drop(shared / "conformance" / "question.prototxt")
    editor.drawn()
    expect(editor.verdicts).to_contain_text(f"TRAIN, TEST Caffe refuses: {WORDS}")
    refused = editor.problems.first
    expect(refused.locator("blockquote")).to_contain_text(WORDS)
    expect(editor.row("ip1_b").get_by_text("2 errors")).to_be_attached()

    # the problem leads to its layer and line
    refused.get_by_role("button", name="ip1_b · line 7").click()
    assert editor.selection() == ["ip1_b"]
    inspector = editor.page.locator("ng-inspector")
    expect(inspector.get_by_role("heading", name="ip1_b")).to_be_visible()
    expect(inspector.get_by_label("lr_mult of the weight")).to_have_value("10")
    expect(inspector).to_contain_text("owner: 1")
    editor.page.get_by_role("tab", name="Prototxt").click()
    expect(editor.page.locator(".cm-line.ng-selected", has_text="ip1_b").first).to_contain_text(
        'name: "ip1_b"'
    )
    editor.page.get_by_role("tab", name="Problems").click()

    refused.get_by_role("button", name="Unshare ip1_b").click()
    expect(editor.verdicts).to_contain_text("TRAIN, TEST Caffe would accept")
    expect(inspector.get_by_label("lr_mult of the weight")).to_have_value("10")
    expect(inspector.get_by_label("lr_mult of the bias")).to_have_value("20")
    expect(inspector.locator(".share-chip")).to_have_count(0)

    editor.page.keyboard.press("Control+z")
    expect(editor.verdicts).to_contain_text(WORDS)


def test_one_rate_for_the_group_is_the_other_way_out(editor: Editor, shared: Path) -> None:
    editor.start()
    editor.drop(shared / "conformance" / "question.prototxt")
    editor.drawn()
    editor.problems.first.get_by_role("button", name="one rate").click()
    expect(editor.verdicts).to_contain_text("TRAIN, TEST Caffe would accept")
    editor.page.get_by_role("tab", name="Shares").click()
    group = editor.page.locator(".share-group").first
    expect(group).to_contain_text("ip1_w")
    expect(group.get_by_label("lr_mult")).to_have_value("1")
