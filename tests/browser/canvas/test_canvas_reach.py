"""What is shown or put down stays where it can be seen: beside the minimap, within the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.canvas.conftest import OpenCanvas

MAP = "canvas.shadowRoot.querySelector('.map').getBoundingClientRect().toJSON()"


def test_a_layer_that_is_brought_into_view_does_not_lie_under_the_minimap(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-400", size=(1024, 768))
    page = canvas.page
    layer = page.evaluate("model.graph.layers[200].key")
    page.evaluate("key => canvas.zoomTo(key)", layer)
    canvas.settle()
    minimap = page.evaluate(MAP)
    rect = canvas.rect(layer)
    page.mouse.move(300, 300)
    page.mouse.wheel(rect["x"] - minimap["x"], rect["y"] - minimap["y"] - 20)
    canvas.settle()
    page.evaluate("key => canvas.reveal([key])", layer)
    canvas.settle()
    rect = canvas.rect(layer)
    assert rect["x"] + rect["width"] <= minimap["x"] or rect["y"] + rect["height"] <= minimap["y"]


def test_a_card_that_is_let_go_outside_stays_in_view(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    page = canvas.page
    rect = canvas.rect("conv1_a")
    page.mouse.move(rect["x"] + 10, rect["y"] + 10)
    page.mouse.down()
    page.mouse.move(rect["x"] + 10, 1400, steps=3)
    page.mouse.up()
    assert canvas.rect("conv1_a")["y"] < page.evaluate("canvas.getBoundingClientRect().bottom")


def test_a_layer_too_far_off_to_be_read_says_its_name(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-400")
    page = canvas.page
    page.evaluate("canvas.fit()")
    canvas.settle()
    layer = page.evaluate("model.graph.layers[100].key")
    page.mouse.move(*canvas.middle(layer))
    tip = page.locator("net-canvas .tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text(" · ")
