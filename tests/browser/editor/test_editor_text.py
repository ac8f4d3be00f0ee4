"""The prototxt beside the graph, both ways live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


def _source(editor: Editor, document: str) -> str:
    return editor.page.request.get(f"/api/documents/{document}/source").text()


def _proposed(editor: Editor) -> Locator:
    """What the text proposes to go on with."""
    return editor.page.locator(".cm-tooltip-autocomplete [role=option]")


def _take(editor: Editor, words: str) -> None:
    """Takes the first proposal by Enter."""
    expect(_proposed(editor).first).to_contain_text(words)
    # CodeMirror lets no key take from a list younger than 75 ms: it may have been meant for the text.
    editor.page.wait_for_function(
        "(seen) => performance.now() - seen > 75", arg=editor.page.evaluate("performance.now()")
    )
    editor.page.keyboard.press("Enter")


@pytest.mark.console_errors(r"status of 422")
def test_typing_makes_the_net_once_it_parses_and_one_undo_takes_it_back(editor: Editor) -> None:
    document = editor.example("question")
    before = _source(editor, document)
    text, page = editor.text_end(), editor.page
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
    text = editor.text()
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
    editor.text_end()
    page = editor.page
    page.keyboard.type('layer { name: "p" type: "Pooli')
    _take(editor, "Pooling")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type(" pooling")
    _take(editor, "pooling_param")
    page.keyboard.type("glob")
    expect(_proposed(editor).first).to_contain_text("global_pooling")
    expect(page.locator(".cm-completionInfo")).to_contain_text("One window over the whole input")
    page.keyboard.press("Escape")
    expect(_proposed(editor)).to_have_count(0)


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
def test_an_unfinished_text_stays_while_a_change_from_elsewhere_comes_in_beside_it(editor: Editor) -> None:
    document = editor.example("question")
    text, page = editor.text_end(), editor.page
    page.keyboard.insert_text("layer { unfinished")
    expect(page.locator(".source-state")).to_contain_text("Line")
    operation = {"op": "delete_layers", "layers": ["joint_ip"], "heal": True}
    page.request.post(
        f"/api/documents/{document}/operations", data={"base_revision": 1, "operations": [operation]}
    )
    expect(editor.row("joint_ip")).to_have_count(0)
    expect(text).not_to_contain_text("joint_ip")
    page.keyboard.insert_text(" again")
    expect(text).to_contain_text("unfinished again")
    expect(page.locator(".source-state")).to_contain_text("Line")
    with page.expect_event("dialog") as asked:  # it is nowhere but here
        page.once("dialog", lambda dialog: dialog.accept())
        page.reload()
    assert asked.value.type == "beforeunload"


def test_line_ends_and_bytes_stay_as_they_are(editor: Editor) -> None:
    net = '\ufeffname: "n"\r\nlayer { name: "data" type: "Input" top: "data" } # é\r\n'
    editor.page.goto("/")
    editor.drop(("crlf.prototxt", net.encode()))
    editor.drawn()
    editor.text_end()
    editor.page.keyboard.insert_text("# more\n")
    expect(editor.page.locator(".document-state")).to_contain_text("Revision 2")
    document = editor.page.url.split("/d/")[1].split("#")[0]
    body = editor.page.request.get(f"/api/documents/{document}/source").body()
    assert body == (net + "# more\r\n").encode()


def test_f12_leads_from_a_reader_to_the_maker_and_from_there_to_the_first_reader(editor: Editor) -> None:
    editor.example("siamese_mnist")
    text = editor.text()
    editor.page.evaluate("() => document.querySelector('ng-source').goto(60)")
    text.locator(".cm-line", has_text='bottom: "pool2"').first.click()
    editor.page.keyboard.press("F12")
    expect(text.locator(".cm-activeLine")).to_have_text('  top: "pool2"')
    assert editor.selection() == ["pool2"]
    editor.page.keyboard.press("F12")
    expect(text.locator(".cm-activeLine")).to_have_text('  bottom: "pool2"')


def test_a_click_with_control_leads_to_the_maker_of_a_blob(editor: Editor) -> None:
    editor.example("question")
    text = editor.text()
    editor.select("joint_ip")
    name = text.locator(".ng-selected", has_text="bottom").first.locator("span", has_text='"').first
    made = (name.text_content() or "").strip('"')
    name.click(modifiers=["ControlOrMeta"])
    expect(text.locator(".cm-activeLine")).to_contain_text(f'top: "{made}"')


def test_f2_renames_a_blob_at_all_its_places_as_one_step(editor: Editor) -> None:
    document = editor.example("siamese_mnist")
    before = _source(editor, document)
    text = editor.text()
    editor.select("pool2")
    text.locator(".cm-line", has_text='top: "pool2"').first.click()
    editor.page.keyboard.press("F2")
    dialog = editor.page.get_by_role("dialog", name="Rename the blob")
    dialog.get_by_role("textbox").fill("halved")
    editor.page.keyboard.press("Enter")
    expect(text.locator(".cm-line", has_text='top: "halved"')).to_have_count(1)
    editor.settle()
    after = _source(editor, document)
    assert after == before.replace('bottom: "pool2"', 'bottom: "halved"').replace(
        'top: "pool2"', 'top: "halved"'
    )
    editor.page.keyboard.press("Control+z")
    expect(text.locator(".cm-line", has_text='top: "pool2"')).to_have_count(1)
    assert _source(editor, document) == before


def test_what_one_reads_is_proposed_with_its_shape_and_told_on_hover(editor: Editor) -> None:
    editor.example("siamese_mnist")
    text = editor.text()
    editor.select("pool2")
    line = text.locator(".cm-line", has_text='top: "pool2"').first
    line.locator("span", has_text='"pool2"').hover()
    expect(editor.page.locator(".ng-doc")).to_contain_text("Made by pool2, read by ip1.")
    line.click()
    editor.page.keyboard.press("End")
    editor.page.keyboard.type('\nbottom: "')
    proposed = _proposed(editor).first
    expect(proposed).to_contain_text("conv2")
    expect(proposed).to_contain_text("×")


def test_a_file_with_a_byte_order_mark_and_crlf_keeps_both_when_it_is_typed_in(editor: Editor) -> None:
    editor.start()
    net = '\ufeffname: "n" # kept\r\nlayer { name: "a" type: "DummyData" top: "a" }\r\n'
    editor.drop(("dos.prototxt", net.encode()))
    editor.drawn()
    document = editor.page.url.split("/d/")[1].split("#")[0]
    editor.text_end()
    editor.page.keyboard.type("# mine")
    expect(editor.page.locator(".source-state")).to_contain_text("graph follows")
    expect(editor.page.locator(".source-state")).to_have_count(0)
    answer = editor.page.request.get(f"/api/documents/{document}/source")
    assert answer.body() == (net + "# mine").encode()


def test_find_and_replace_works_through_the_text_and_makes_one_step(editor: Editor) -> None:
    document = editor.example("siamese_mnist")
    text = editor.text()
    text.click()
    page = editor.page
    page.keyboard.press("Control+f")
    panel = page.locator(".cm-search")
    panel.get_by_role("textbox", name="Find").fill('"msra"')
    panel.get_by_role("textbox", name="Find").fill('"xavier"')
    panel.get_by_role("textbox", name="Replace").fill('"msra"')
    panel.get_by_role("button", name="Replace all").click()
    page.wait_for_function("() => !document.querySelector('ng-source').unsaved")
    assert '"xavier"' not in _source(editor, document)
    assert page.request.get(f"/api/documents/{document}").json()["can_undo"]


def test_the_text_goes_beside_the_net_and_stays_there(editor: Editor) -> None:
    editor.example("siamese_mnist")
    editor.text()
    page = editor.page
    page.get_by_role("button", name="Put these beside the net").click()
    canvas = page.locator("net-canvas.main")

    def beside() -> bool:
        net, words = canvas.bounding_box(), page.locator(".source-editor").bounding_box()
        assert net
        assert words
        return words["x"] >= net["x"] + net["width"] and words["height"] > 400

    assert beside()
    page.reload()
    editor.drawn()
    editor.text()
    assert beside()
    page.get_by_role("button", name="Fold the problems away or back").click()
    assert not beside()
    page.get_by_role("tab", name="Prototxt").click()
    assert beside()
    page.get_by_role("button", name="Put these below the net").click()
    assert not beside()
