"""The prototxt beside the graph, both ways live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


def _text(editor: Editor) -> Locator:
    """The editor of the text, opened."""
    editor.page.get_by_role("tab", name="Prototxt").click()
    text = editor.page.get_by_role("textbox", name="The prototxt")
    expect(text).to_be_visible()
    return text


def _source(editor: Editor, document: str) -> str:
    return editor.page.request.get(f"/api/documents/{document}/source").text()


@pytest.mark.console_errors(r"status of 422")
def test_typing_makes_the_net_once_it_parses_and_one_undo_takes_it_back(editor: Editor) -> None:
    document = editor.example("question")
    before = _source(editor, document)
    text = _text(editor)
    text.click()
    page = editor.page
    page.keyboard.press("Control+End")
    page.keyboard.insert_text('# mine\nlayer { name: "extra" type: "ReLU" bottom: "joint_ip" top: ')
    state = page.locator(".source-state")
    expect(state).to_contain_text("Line")
    expect(state).to_contain_text("The graph shows the last text that could be read.")
    expect(page.locator(".cm-lintRange-error, .cm-lint-marker-error").first).to_be_attached()
    assert "extra" not in editor.layers()
    page.keyboard.insert_text('"extra" }\n')
    expect(editor.row("extra")).to_be_visible()
    expect(state).to_have_count(0)
    assert _source(editor, document) == (
        before + '# mine\nlayer { name: "extra" type: "ReLU" bottom: "joint_ip" top: "extra" }\n'
    )
    page.keyboard.press("Control+z")
    expect(editor.row("extra")).to_have_count(0)
    expect(text).not_to_contain_text("# mine")
    assert _source(editor, document) == before


def test_a_selected_layer_shows_its_lines_and_the_cursor_selects_its_layer(editor: Editor) -> None:
    editor.example("siamese_mnist")
    text = _text(editor)
    editor.select("conv2")
    marked = text.locator(".ng-selected")
    expect(marked.first).to_have_text("layer {")
    expect(marked.filter(has_text='name: "conv2"')).to_have_count(1)
    text.locator(".cm-line", has_text='name: "pool2"').click()
    assert editor.selection() == ["pool2"]
    editor.page.keyboard.press("Control+Home")
    editor.page.locator("ng-inspector").get_by_role("button", name="Lines").click()
    expect(text.locator(".ng-selected").first).to_be_in_viewport()
    expect(editor.row("pool2")).to_have_class("layer-row selected cursor")


def test_names_values_and_types_are_completed(editor: Editor) -> None:
    editor.example("question")
    text = _text(editor)
    text.click()
    page = editor.page
    page.keyboard.press("Control+End")
    page.keyboard.type('layer { name: "p" type: "Pooli')
    options = page.locator(".cm-tooltip-autocomplete [role=option]")
    expect(options.first).to_contain_text("Pooling")
    page.wait_for_timeout(150)  # CodeMirror takes no Enter for a list that has only just come
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type(" pooling")
    expect(options.first).to_contain_text("pooling_param")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    page.keyboard.type("glob")
    expect(options.first).to_contain_text("global_pooling")
    expect(page.locator(".cm-completionInfo")).to_contain_text("One window over the whole input")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)


def test_what_caffe_refuses_is_marked_in_the_text_with_its_words(editor: Editor) -> None:
    editor.example("question")
    editor.page.locator("ng-problems .problem").first.get_by_role("button", name="line 34").click()
    text = editor.page.get_by_role("textbox", name="The prototxt")
    wrong = text.locator(".cm-lintRange-error").first
    wrong.hover()
    said = editor.page.locator(".cm-tooltip-lint")
    expect(said).to_contain_text("Check failed: param_spec->lr_mult()")
    said.get_by_role("button", name="Unshare ip1_b's weights").first.click()
    expect(text.locator(".cm-lintRange-error")).to_have_count(0)
    expect(editor.verdicts).to_contain_text("Caffe would accept")


@pytest.mark.console_errors(r"status of (422|409)")
def test_an_unfinished_text_gives_way_to_a_change_from_elsewhere_and_can_be_had_back(editor: Editor) -> None:
    document = editor.example("question")
    text = _text(editor)
    text.click()
    page = editor.page
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("layer { unfinished")
    expect(page.locator(".source-state")).to_contain_text("Line")
    operation = {"op": "delete_layers", "layers": ["joint_ip"], "heal": True}
    page.request.post(
        f"/api/documents/{document}/operations", data={"base_revision": 1, "operations": [operation]}
    )
    page.keyboard.insert_text(" again")
    expect(editor.notice.filter(has_text="text shows it as it is now")).to_be_visible()
    expect(text).not_to_contain_text("unfinished")
    expect(editor.row("joint_ip")).to_have_count(0)
    page.get_by_role("button", name="Take mine back").click()
    expect(text).to_contain_text("unfinished again")


def test_line_ends_and_bytes_stay_as_they_are(editor: Editor) -> None:
    net = '\ufeffname: "n"\r\nlayer { name: "data" type: "Input" top: "data" } # é\r\n'
    editor.page.goto("/")
    editor.drop(("crlf.prototxt", net.encode()))
    editor.drawn()
    text = _text(editor)
    text.click()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.insert_text("# more\n")
    expect(editor.page.locator(".document-state")).to_contain_text("Revision 2")
    document = editor.page.url.split("/d/")[1].split("#")[0]
    body = editor.page.request.get(f"/api/documents/{document}/source").body()
    assert body == (net + "# more\r\n").encode()
