"""Selecting by mouse and keyboard, as a user does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.canvas.conftest import OpenCanvas


def test_a_click_selects_a_layer_and_a_click_beside_it_none(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    canvas.click("conv1_a")
    assert canvas.selected() == ["conv1_a"]
    canvas.click("relu1_b")
    assert canvas.selected() == ["relu1_b"]
    canvas.page.mouse.click(100, 300)
    assert canvas.selected() == []


def test_shift_click_selects_all_on_the_way_and_ctrl_click_adds_and_takes_away(
    open_canvas: OpenCanvas,
) -> None:
    canvas = open_canvas()
    canvas.click("conv1_a")
    canvas.click("ip1_a", "Shift")
    assert canvas.selected() == ["conv1_a", "pool1_a", "conv2_a", "pool2_a", "ip1_a"]
    canvas.click("pool2_a", "Control")
    canvas.click("conv1_b", "Control")
    assert canvas.selected() == ["conv1_a", "pool1_a", "conv2_a", "ip1_a", "conv1_b"]


def test_shift_drag_selects_a_box_and_a_plain_drag_moves_the_view(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    first, last = canvas.rect("conv1_b"), canvas.rect("pool2_b")
    before = canvas.rect("conv1_b")
    mouse, keyboard = canvas.page.mouse, canvas.page.keyboard
    keyboard.down("Shift")
    mouse.move(first["x"] - 10, first["y"] - 5)
    mouse.down()
    mouse.move(last["x"] + last["width"] + 8, last["y"] + 10, steps=4)
    mouse.up()
    keyboard.up("Shift")
    assert canvas.selected() == ["conv1_b", "pool1_b", "conv2_b", "pool2_b"]
    assert canvas.rect("conv1_b") == before
    mouse.move(80, 300)
    mouse.down()
    mouse.move(140, 340, steps=3)
    mouse.up()
    moved = canvas.rect("conv1_b")
    assert (round(moved["x"] - before["x"]), round(moved["y"] - before["y"])) == (60, 40)
    assert len(canvas.selected()) == 4, "moving the view keeps the selection"


def test_escape_leaves_a_box_and_a_movement_of_the_view_as_if_they_had_not_begun(
    open_canvas: OpenCanvas,
) -> None:
    canvas = open_canvas()
    mouse, keyboard = canvas.page.mouse, canvas.page.keyboard
    canvas.click("conv2_a")
    before = canvas.rect("conv2_a")
    for held in ("Shift", "Alt", None):
        if held:
            keyboard.down(held)
        mouse.move(80, 60)
        mouse.down()
        mouse.move(before["x"] + 40, before["y"] + 90, steps=4)
        keyboard.press("Escape")
        mouse.up()
        if held:
            keyboard.up(held)
        assert canvas.selected() == ["conv2_a"]
        assert canvas.rect("conv2_a") == before


def test_fingers_move_the_view_choose_and_ask_for_the_menu(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    page = canvas.page
    page.evaluate("window.asked = []; addEventListener('context', event => asked.push(event.detail.key))")
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    x, y = canvas.middle("conv2_a")
    width = canvas.rect("conv2_a")["width"]
    touch("touchStart", (x, y))
    touch("touchMove", (x + 30, y))  # a card is taken along, until a second finger comes
    touch("touchStart", (x + 30, y), (x + 130, y))
    for step in (10, 20, 30, 40, 50):
        touch("touchMove", (x + 30 - step, y), (x + 130 + step, y))
    touch("touchEnd")
    assert canvas.rect("conv2_a")["width"] > 1.9 * width
    assert page.evaluate("model.moves.down.size") == 0
    page.evaluate("canvas.fit()")
    canvas.settle()
    touch("touchStart", canvas.middle("pool1_a"))
    touch("touchEnd")
    assert canvas.selected() == ["pool1_a"]
    touch("touchStart", canvas.middle("conv2_b"))
    page.wait_for_function("asked.length > 0")
    touch("touchEnd")
    assert page.evaluate("asked") == ["conv2_b"]
    assert canvas.selected() == ["conv2_b"]


def test_a_stacks_foot_selects_the_whole_stack(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    row = canvas.rect("relu1_a")
    canvas.page.mouse.click(row["x"] + 20, row["y"] + row["height"] + 12)
    assert canvas.selected() == ["ip1_a", "relu1_a"]


def test_arrows_walk_the_net_and_enter_opens_the_layer(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    page = canvas.page
    page.evaluate("window.opened = []; addEventListener('layer-open', e => opened.push(e.detail.key))")
    canvas.click("pool2_a")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    assert canvas.selected() == ["ip1_b"]
    page.keyboard.press("Shift+ArrowDown")
    assert canvas.selected() == ["ip1_b", "relu1_b"]
    page.keyboard.press("Enter")
    assert page.evaluate("opened") == ["relu1_b"]
    page.keyboard.press("Escape")
    assert canvas.selected() == []
    page.keyboard.press("Control+a")
    assert len(canvas.selected()) == page.evaluate("model.graph.layers.length")


def test_brackets_add_what_is_upstream_and_downstream(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    canvas.click("pool1_b")
    canvas.page.keyboard.press("[")
    assert canvas.selected() == ["pair_data", "pair_data~2", "slice_pair", "conv1_b", "pool1_b"]
    canvas.page.keyboard.press("]")
    assert "loss" in canvas.selected()


def test_a_double_click_opens_and_a_right_click_asks_for_the_menu(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    page = canvas.page
    page.evaluate(
        """window.told = [];
        for (const name of ['layer-open', 'context']) {
          addEventListener(name, event => told.push([name, event.detail.key]));
        }"""
    )
    page.mouse.dblclick(*canvas.middle("conv2_a"))
    page.mouse.click(*canvas.middle("conv2_b"), button="right")
    assert page.evaluate("told") == [["layer-open", "conv2_a"], ["context", "conv2_b"]]
    assert canvas.selected() == ["conv2_b"]


def test_layers_are_named_to_screen_readers_with_what_their_cards_show(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas()
    layers = canvas.page.get_by_role("listbox", name="Layers of twins")
    option = layers.get_by_role("option", name="ip1_b, InnerProduct, 500")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("learning rate ×10")
    expect(option).to_contain_text("1 error")
    canvas.click("ip1_b")
    expect(option).to_have_attribute("aria-selected", "true")
    active = layers.get_attribute("aria-activedescendant")
    assert active == option.get_attribute("id")


def test_a_large_net_gives_screen_readers_the_part_around_the_current_layer(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-2000")
    layers = canvas.page.get_by_role("listbox")
    canvas.page.evaluate("canvas.focus()")
    canvas.page.keyboard.press("End")
    loss = layers.get_by_role("option", name="loss, SoftmaxWithLoss")
    expect(loss).to_have_attribute("aria-selected", "true")
    assert layers.get_by_role("option").count() < 300
