"""Several nets: those that are open, earlier ones, those that are gone, and examples to begin with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


def test_open_nets_stand_in_a_row_and_each_closes_by_itself(editor: Editor) -> None:
    question, triplet, stream = (editor.example(name) for name in ("question", "triplet", "two_stream"))
    page = editor.page
    nets = page.get_by_role("navigation", name="Open nets").get_by_role("link")
    expect(nets).to_have_text(["question", "triplet", "two_stream"])
    expect(nets.last).to_have_attribute("aria-current", "page")
    nets.first.click()
    expect(page).to_have_url(re.compile(f"/d/{question}$"))
    page.keyboard.press("Alt+PageDown")
    expect(page).to_have_url(re.compile(f"/d/{triplet}$"))
    page.go_back()
    expect(nets.first).to_have_attribute("aria-current", "page")
    page.get_by_role("navigation", name="Open nets").get_by_label("Close question").click()
    expect(page).to_have_url(re.compile(f"/d/{triplet}$"))
    page.reload()
    editor.drawn()
    expect(nets).to_have_text(["triplet", "two_stream"])
    editor.example("question")
    nets.last.press("Delete")
    expect(nets.last).to_be_focused()
    nets.first.click()
    nets.last.press("Delete")
    expect(nets).to_have_count(0)  # one net alone needs no row
    expect(page.get_by_role("listbox", name=re.compile("^Layers of"))).to_be_focused()
    expect(page).to_have_url(re.compile(f"/d/{triplet}$"))
    assert page.request.get(f"/api/documents/{stream}").ok  # closed is not deleted


@pytest.mark.console_errors(r"status of 404")
def test_a_net_that_is_gone_is_told_by_name_and_no_longer_offered(editor: Editor) -> None:
    gone = editor.example("question")
    kept = editor.example("triplet")
    page = editor.page
    page.request.delete(f"/api/documents/{gone}")
    page.get_by_role("link", name="question").click()
    expect(editor.notice).to_contain_text("question was deleted")
    expect(page).to_have_url(re.compile(f"/d/{kept}$"))
    expect(page.get_by_role("navigation", name="Open nets")).to_have_count(0)
    page.goto(f"/d/{gone}")
    expect(page.get_by_role("heading", name="Graft a Caffe net")).to_be_visible()
    expect(page.locator(".start-list a", has_text="triplet").first).to_be_visible()


def test_several_nets_dropped_at_once_all_open_and_a_long_one_is_offered_as_svg(editor: Editor) -> None:
    page = editor.page
    editor.start()
    net = b'layer { name: "l0" type: "Input" top: "l0" input_param { shape { dim: 1 dim: 4 } } }'
    chain = "".join(
        f'layer {{ name: "l{n}" type: "InnerProduct" bottom: "l{n - 1}" top: "l{n}"'
        " inner_product_param { num_output: 4 } }\n"
        for n in range(1, 400)
    )
    editor.drop(("short.prototxt", net), ("long.prototxt", net + b"\n" + chain.encode()))
    editor.drawn()
    nets = page.get_by_role("navigation", name="Open nets").get_by_role("link")
    expect(nets).to_have_text(["short", "long"])
    page.get_by_role("button", name="Download", exact=True).click()
    page.get_by_role("menuitem", name="A picture of the net (PNG)").click()
    expect(editor.notice).to_contain_text("Its names cannot be read there.")
    with page.expect_download() as waiting:
        editor.notice.get_by_role("button", name="SVG instead").click()
    assert waiting.value.suggested_filename == "long.svg"
