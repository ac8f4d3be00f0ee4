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
