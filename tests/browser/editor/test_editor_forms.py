"""The inspector's forms: made from the schema, applied as they are filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator
    from tests.browser.editor.conftest import Editor

_FORKED = """name: "forked"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
layer { name: "c" type: "Convolution" bottom: "data" top: "c"
  convolution_param { num_output: 2 kernel_size: 3 house: 7 } }
"""


def _settings(editor: Editor, of: str) -> Locator:
    return editor.page.get_by_role("region", name=f"Settings in {of}")


def _source(editor: Editor, document: str) -> str:
    return editor.page.request.get(f"/api/documents/{document}/source").text()


@pytest.mark.console_errors("422")
def test_a_layer_s_settings_are_set_unset_refused_and_undone(editor: Editor) -> None:
    document = editor.example("question")
    editor.select("joint_ip")
    form = _settings(editor, "inner_product_param")
    outputs = form.get_by_label("num_output")
    expect(outputs).to_have_value("30")
    outputs.fill("wide")
    outputs.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("Expected integer, got: wide")
    expect(outputs).to_have_attribute("aria-invalid", "true")
    expect(outputs).to_have_value("wide")
    outputs.fill("12")
    outputs.press("Enter")
    expect(editor.page.locator(".inspector-type .summary")).to_have_text("12")
    expect(form.get_by_role("alert")).to_have_count(0)
    outputs.press("ArrowUp")
    expect(editor.page.locator(".inspector-type .summary")).to_have_text("13")
    form.get_by_role("switch", name="bias_term").press("Space")
    expect(editor.page.locator("ng-param-table tbody th")).to_have_count(1)
    filler = form.get_by_role("group", name="weight_filler")
    filler.get_by_label("type").select_option("gaussian")
    std = filler.get_by_label("std")
    expect(std).to_have_attribute("placeholder", "1")
    std.fill("0.01")
    std.press("Enter")
    expect(editor.page.locator(".document-state")).to_contain_text("Revision 6")
    assert 'type: "gaussian"' in _source(editor, document)
    std.fill("")
    std.press("Enter")
    expect(std).to_have_value("")
    expect(editor.page.locator(".document-state")).to_contain_text("Revision 7")
    assert "0.01" not in _source(editor, document)
    editor.page.locator(".topbar").get_by_role("button", name=re.compile("^Undo")).click()
    expect(std).to_have_value("0.01")


def test_shapes_rows_phases_and_fields_of_forks_are_set(editor: Editor) -> None:
    editor.page.goto("/")
    editor.drop(("forked.prototxt", _FORKED.encode()))
    editor.drawn()
    document = editor.page.url.split("/d/")[1].split("#")[0]
    editor.select("data")
    shape = _settings(editor, "input_param").get_by_label("shape", exact=True)
    expect(shape).to_have_value("1, 3, 8, 8")
    shape.fill("large")
    shape.press("Enter")
    expect(editor.page.get_by_role("alert")).to_contain_text("whole numbers")
    shape.fill("2 3 16 16")
    shape.press("Enter")
    expect(editor.page.locator("ng-inspector .wires")).to_contain_text("2×3×16×16")
    editor.select("c")
    form = _settings(editor, "convolution_param")
    form.get_by_label("kernel_size").fill("3, 5")
    form.get_by_label("kernel_size").press("Enter")
    expect(editor.page.locator("ng-inspector .wires")).to_contain_text("2×2×14×12")
    house = form.get_by_label("house")
    expect(house).to_have_value("7")
    house.fill("8")
    house.press("Enter")
    editor.page.get_by_label("lives in").select_option("TEST only")
    expect(editor.row("c")).to_contain_text("TEST")
    expect(editor.page.get_by_label("lives in")).to_have_value("TEST")
    editor.settle()
    text = _source(editor, document)
    assert "house: 8" in text
    assert "include { phase: TEST }" in text


def test_several_layers_of_one_type_are_set_in_one_step(editor: Editor) -> None:
    document = editor.example("siamese_mnist")
    editor.select("conv1", "conv2")
    form = _settings(editor, "convolution_param")
    outputs = form.get_by_label("num_output")
    expect(outputs).to_have_attribute("placeholder", "mixed")
    expect(form.get_by_label("kernel_size")).to_have_value("5")
    form.get_by_label("pad", exact=True).fill("2")
    form.get_by_label("pad", exact=True).press("Enter")
    expect(editor.page.locator(".document-state")).to_contain_text("Revision 2")
    assert _source(editor, document).count("pad: 2") == 2


_ODD = """name: "odd"
layer { name: "data" type: "DummyData" top: "data" include { phase: TRAIN stage: "fine" }
  dummy_data_param { shape { dim: 2 dim: 3 } } }
layer { name: "py" type: "Python" bottom: "data" top: "py" python_param {
  module: "my_layers" layer: "Jitter"
  param_str: "{'sigma': 2, 'channels': [1, 2, 3], 'path': 'C:\\\\tmp'}" } }
layer { name: "odd" type: "Mish" bottom: "data" top: "odd"
  mish_param { names: "a, b" names: "c" inner { deep: 1 } inner { deep: 2 } } }
"""


def _open(editor: Editor, text: str) -> str:
    made = editor.page.request.post("/api/documents", data={"text": text, "name": "odd"})
    document = str(made.json()["id"])
    editor.open(document)
    return document


def test_a_long_text_is_shown_whole_and_keeps_what_it_escapes(editor: Editor) -> None:
    document = _open(editor, _ODD)
    before = _source(editor, document)
    editor.select("py")
    text = _settings(editor, "python_param").get_by_label("param_str")
    expect(text).to_have_value("{'sigma': 2, 'channels': [1, 2, 3], 'path': 'C:\\tmp'}")
    assert text.evaluate("(field) => field.scrollHeight <= field.clientHeight + 1")
    assert text.evaluate("(field) => field.scrollWidth <= field.clientWidth")
    text.fill("{'sigma': 3, 'path': 'C:\\tmp'}\n'two'")
    text.press("Enter")
    editor.settle()
    assert "param_str: \"{'sigma': 3, 'path': 'C:\\\\tmp'}\\n'two'\"" in _source(editor, document)
    expect(text).to_have_value("{'sigma': 3, 'path': 'C:\\tmp'}\n'two'")
    editor.page.locator(".topbar").get_by_role("button", name=re.compile("^Undo")).click()
    editor.settle()
    assert _source(editor, document) == before


def test_each_value_that_only_a_fork_knows_has_a_row_of_its_own(editor: Editor) -> None:
    document = _open(editor, _ODD)
    editor.select("odd")
    form = _settings(editor, "mish_param")
    expect(form.get_by_label("names[0]")).to_have_value("a, b")
    second = form.get_by_label("names[1]")
    second.fill("d")
    second.press("Enter")
    deep = form.get_by_role("group", name="inner[1]").get_by_label("deep")
    deep.fill("5")
    deep.press("Enter")
    editor.settle()
    assert 'names: "a, b" names: "d" inner { deep: 1 } inner { deep: 5 }' in _source(editor, document)


@pytest.mark.console_errors("422")
def test_rules_beyond_a_phase_are_texts_that_can_be_written(editor: Editor) -> None:
    document = _open(editor, _ODD)
    editor.select("data")
    general = editor.page.get_by_role("region", name="In the net")
    rule = general.get_by_label("include", exact=True)
    expect(rule).to_have_value('phase: TRAIN stage: "fine"')
    rule.fill('phase: TRAIN stage: "coarse" min_level: 1')
    rule.press("Enter")
    editor.settle()
    assert 'include { phase: TRAIN stage: "coarse" min_level: 1 }' in _source(editor, document)
    more = general.get_by_label("Add an include")
    more.fill("phase TEST")
    more.press("Enter")
    expect(general.get_by_role("alert")).to_contain_text('Expected ":", found "TEST"')
    more.fill("phase: TEST")
    more.press("Enter")
    editor.settle()
    expect(general.get_by_label("include", exact=True)).to_have_count(2)
    editor.select("py")
    general.get_by_label("lives in").select_option("rules of its own")
    exclude = general.get_by_label("Add an exclude")
    exclude.fill('stage: "deploy"')
    exclude.press("Enter")
    editor.settle()
    assert 'exclude { stage: "deploy" }' in _source(editor, document)


_DUMMY = """layer { name: "d" type: "DummyData" top: "a" top: "b"
  dummy_data_param { shape { dim: 2 dim: 3 } data_filler { type: "gaussian" std: 0.01 } } }
"""


def test_messages_that_stand_several_times_are_added_and_taken_out(editor: Editor) -> None:
    document = _open(editor, _DUMMY)
    editor.select("d")
    form = _settings(editor, "dummy_data_param")
    form.get_by_role("button", name="Add a data_filler").click()
    second = form.get_by_role("group", name="data_filler[1]")
    second.get_by_label("type").select_option("uniform")
    expect(second.get_by_label("max")).to_be_visible()
    editor.settle()
    assert 'data_filler { type: "uniform" }' in _source(editor, document)
    first = form.get_by_role("group", name="data_filler[0]")
    first.hover()
    first.get_by_role("button", name="Take out data_filler[0]").click()
    expect(second).to_have_count(0)
    assert "gaussian" not in _source(editor, document)


def test_arrows_step_a_number_and_one_undo_takes_all_steps_back(editor: Editor) -> None:
    document = _open(editor, _DUMMY)
    editor.select("d")
    std = _settings(editor, "dummy_data_param").get_by_label("std")
    std.focus()
    for _ in range(3):
        std.press("ArrowUp")
    expect(std).to_have_value("0.04")
    std.press("Enter")
    expect(editor.page.locator(".document-state")).to_contain_text("Revision 2")
    editor.settle()
    assert "std: 0.04" in _source(editor, document)
    std.press("ControlOrMeta+z")  # nothing was typed since: the net's step is undone
    expect(std).to_have_value("0.01")
    assert "std: 0.01" in _source(editor, document)


@pytest.mark.console_errors("422")
def test_escape_takes_back_what_was_typed_and_leads_to_the_canvas(editor: Editor) -> None:
    _open(editor, _DUMMY)
    editor.select("d")
    std = _settings(editor, "dummy_data_param").get_by_label("std")
    std.fill("7")
    std.press("Escape")
    expect(std).to_have_value("0.01")
    expect(std).not_to_be_focused()
    assert editor.selection() == ["d"]
    editor.page.keyboard.press("a")
    expect(editor.page.get_by_role("combobox", name="Search layer types")).to_be_focused()
    std.fill("much")
    std.press("Enter")
    expect(std).to_have_attribute("aria-invalid", "true")
    std.press("Escape")
    expect(std).to_have_value("0.01")
    expect(editor.page.locator("ng-layer-form .field-error")).to_have_count(0)
    expect(editor.page.locator(".document-state")).to_contain_text("Revision 1")


def test_the_form_of_a_layer_that_is_deleted_asks_for_it_no_more(editor: Editor) -> None:
    editor.example("question")
    editor.select("joint_ip")
    expect(_settings(editor, "inner_product_param").get_by_label("num_output")).to_have_value("30")
    editor.settle()
    asked: list[str] = []
    editor.page.on("request", lambda request: asked.append(request.url))
    editor.page.keyboard.press("Delete")
    expect(editor.row("joint_ip")).to_have_count(0)
    editor.settle()
    assert [url for url in asked if "/operations" in url]
    assert not [url for url in asked if "/layers?" in url]
