"""What verdicts rest on beside the text: sources, solver, stages, profile; and old files, in the editor."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.browser.editor.axe import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.editor.conftest import Editor

NET = """layer { name: "d" type: "Data" top: "d" top: "l" data_param { source: "db" batch_size: 4 } }
layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip" inner_product_param { num_output: 5 }
  param { lr_mult: 1 } param { lr_mult: 2 decay_mult: 0 } }
layer { name: "late" type: "ReLU" bottom: "nothing" top: "late" include { stage: "val" min_level: 2 } }
layer { name: "n" type: "Normalize" bottom: "ip" top: "n" }
"""
SOLVER = b"""# layer { is not one }
net: "small.prototxt"
base_lr: 0.5
weight_decay: 0.25
lr_policy: "fixed"
train_state { stage: "slip" }
"""


def test_an_answer_in_the_problems_makes_shapes_known(editor: Editor) -> None:
    editor.start()
    editor.drop(("small.prototxt", NET.encode()))
    editor.drawn()
    problem = editor.page.locator('.problem[data-code="unknown-source-shape"]')
    for axis, value in (("Channels", "3"), ("Height", "2"), ("Width", "two")):
        problem.get_by_label(axis).fill(value)
    problem.get_by_role("button", name="Use").click()
    expect(problem.get_by_role("alert")).to_have_text("Whole numbers from 1 on, please.")
    problem.get_by_label("Width").fill("2")
    problem.get_by_label("Width").press("Enter")
    expect(problem).to_have_count(0)
    editor.select("ip")
    inspector = editor.page.locator("ng-inspector")
    expect(inspector.get_by_label("Parameters")).to_contain_text("5×12")
    expect(inspector.get_by_label("Cost")).to_contain_text("65")
    editor.select("d")
    expect(inspector.get_by_label("Width")).to_have_value("2")
    editor.page.reload()
    editor.drawn()
    editor.select("d")
    inspector.get_by_role("button", name="Forget").click()
    expect(editor.page.locator('ng-problems .problem[data-code="unknown-source-shape"]')).to_have_count(1)


def test_a_solver_that_is_dropped_goes_beside_the_net(editor: Editor) -> None:
    editor.start()
    editor.drop(("solver.prototxt", SOLVER))
    expect(editor.notice).to_contain_text("solver.prototxt is a solver and waits for its net.")
    editor.drop(("small.prototxt", NET.encode()))
    editor.drawn()
    page = editor.page
    status = page.locator(".statusbar")
    expect(status).to_contain_text("solver.prototxt · SGD, base_lr 0.5")
    told = page.locator('.problem[data-code="solver-unknown-stage"]')
    expect(told).to_contain_text("solver.prototxt · line 6:1")
    editor.select("ip")
    assert _effective(page) == ["0.5", "0.25", "1", "0"]
    address = page.url
    editor.drop(("other.prototxt", SOLVER.replace(b"slip", b"val").replace(b"0.5", b"2")))
    assert page.url == address
    expect(page.locator("ng-param-table .effective input").first).to_have_value("2")
    assert _effective(page) == ["2", "0.25", "4", "0"]
    expect(told).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take away").click()
    expect(status).not_to_contain_text("other.prototxt")


def _effective(page: Page) -> list[str]:
    """The effective rates that the table of parameters tells, row by row."""
    return [field.input_value() for field in page.locator("ng-param-table .effective input").all()]


def test_an_effective_rate_is_set_and_the_multiplier_follows(editor: Editor) -> None:
    editor.start()
    editor.drop(("small.prototxt", NET.encode()), ("solver.prototxt", SOLVER))
    editor.drawn()
    editor.select("ip")
    page = editor.page
    rate = page.get_by_role("textbox", name="Learning rate of the weight under the solver")
    rate.fill("0.125")
    rate.press("Enter")
    editor.settle()
    expect(page.get_by_role("textbox", name="lr_mult of the weight")).to_have_value("0.25")
    expect(rate).to_have_value("0.125")
    rate.fill("fast")
    rate.press("Enter")
    assert rate.evaluate("(field) => field.validationMessage") == "Not a number"


def test_effective_rates_of_several_layers_are_told_and_set_together(editor: Editor) -> None:
    editor.start()
    more = (
        NET
        + """layer { name: "ip2" type: "InnerProduct" bottom: "ip" top: "ip2"
      param { lr_mult: 10 } param { lr_mult: 2 } inner_product_param { num_output: 2 } }\n"""
    )
    editor.drop(("small.prototxt", more.encode()), ("solver.prototxt", SOLVER))
    editor.drawn()
    editor.select("ip", "ip2")
    page = editor.page
    rate = page.get_by_role("textbox", name="Learning rate of the weight under the solver")
    expect(rate).to_have_attribute("placeholder", "0.5 … 5")
    expect(page.get_by_role("textbox", name="Learning rate of the bias under the solver")).to_have_value("1")
    rate.fill("1")
    rate.press("Enter")
    editor.settle()
    expect(page.get_by_role("textbox", name="lr_mult of the weight in 2 layers")).to_have_value("2")
    assert page.locator(".document-state").text_content() is not None
    page.locator(".topbar").get_by_role("button", name=re.compile("^Undo")).click()
    expect(rate).to_have_attribute("placeholder", "0.5 … 5")


def test_stages_and_levels_are_toggled_and_the_verdict_is_of_the_state_shown(editor: Editor) -> None:
    editor.start()
    editor.drop(("small.prototxt", NET.encode()))
    editor.drawn()
    page = editor.page
    expect(editor.verdicts).to_contain_text("TRAIN, TEST A fork with these layers would accept")
    page.get_by_role("button", name="Stages: none").click()
    page.get_by_role("button", name="val", exact=True).click()
    editor.settle()
    expect(editor.verdicts).to_contain_text("TRAIN val A fork with these layers would accept")
    page.get_by_role("group", name="Level").get_by_role("button", name="2").click()
    editor.settle()
    expect(page.locator(".stages-now")).to_have_text("val · level 2")
    expect(editor.verdicts).to_contain_text("TRAIN val level 2 Caffe refuses")
    page.get_by_role("radio", name="TEST").click()
    editor.settle()
    expect(editor.verdicts).to_contain_text("TEST val level 2 Caffe refuses")
    page.get_by_role("button", name="val", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator(".stages-button")).to_be_focused()
    expect(editor.verdicts).to_contain_text("TEST level 2 A fork with these layers would accept")


def test_the_caffe_to_judge_by_is_shown_and_chosen(editor: Editor) -> None:
    editor.start()
    editor.drop(("small.prototxt", NET.encode()))
    editor.drawn()
    page = editor.page
    page.get_by_role("button", name="Any fork").click()
    page.get_by_role("menuitemradio", name="BVLC Caffe 1.0").click()
    expect(editor.verdicts).to_contain_text("Unknown layer type: Normalize")
    page.reload()
    editor.drawn()
    expect(editor.verdicts).to_contain_text("Unknown layer type: Normalize")
    page.locator(".profile").get_by_role("button", name="BVLC Caffe 1.0").click()
    page.get_by_role("menuitemradio", name="Any fork").click()
    expect(editor.verdicts).to_contain_text("TRAIN, TEST A fork with these layers would accept")


def test_an_old_file_is_upgraded_in_one_step(editor: Editor, weights: Path) -> None:
    editor.start()
    editor.drop(weights / "lenet_v1.prototxt")
    editor.drawn()
    told = editor.page.locator('.problem[data-code="old-format"]')
    expect(told).to_contain_text("V1 layers, net-level inputs")
    told.get_by_role("button", name="Upgrade this file").click()
    expect(told).to_have_count(0)
    expect(editor.verdicts).to_contain_text("TRAIN, TEST Caffe would accept")
    editor.page.locator(".topbar").get_by_role("button", name=re.compile("^Undo")).click()
    expect(told).to_have_count(1)


def test_axe_finds_nothing_in_what_stands_beside_the_net(editor: Editor) -> None:
    page, axe = editor.page, Axe(editor.page)
    editor.start()
    editor.drop(("small.prototxt", NET.encode()), ("solver.prototxt", SOLVER))
    editor.drawn()
    page.locator(".stages-button").click()
    axe.look("stages")
    page.locator(".profile button").click()
    axe.look("profile")
    editor.select("d")
    axe.look("a data layer", ".right")
    editor.select("ip")
    axe.look("a layer that learns", ".right")
    assert axe.found == {}
