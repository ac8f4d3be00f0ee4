"""How the net is shown: opening, zoom, folding, stubs, themes, movement after an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.canvas.conftest import OpenCanvas


def test_a_small_net_opens_whole_and_a_large_one_at_its_top_at_full_size(open_canvas: OpenCanvas) -> None:
    small = open_canvas("twins")
    for key in ("pair_data", "loss"):
        rect = small.rect(key)
        assert rect["y"] >= 0
        assert rect["y"] + rect["height"] <= 900
    large = open_canvas("synthetic-1000", size=(1024, 700))
    rect = large.rect("data")
    assert 0 < rect["y"] < 100
    assert 0 < rect["x"] < 1024
    assert large.page.locator("net-canvas .percent").text_content() == "100 %"
    assert large.page.locator("net-canvas .map").is_visible()


def test_ctrl_wheel_zooms_about_the_pointer_and_the_wheel_alone_moves(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-1000")
    page = canvas.page
    x, y = canvas.middle("block1/a")
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    canvas.settle()
    after = canvas.middle("block1/a")
    assert abs(after[0] - x) < 1
    assert abs(after[1] - y) < 1
    assert canvas.rect("block1/a")["width"] > 1.3 * 168
    page.mouse.wheel(0, 120)
    canvas.settle()
    assert abs(canvas.middle("block1/a")[1] - (y - 120)) < 1


def test_keys_zoom_and_fit(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-300")
    page = canvas.page
    page.evaluate("canvas.focus()")
    full = canvas.rect("data")["width"]
    page.keyboard.press("f")
    canvas.settle()
    assert canvas.rect("loss")["y"] < 900
    page.keyboard.press("+")
    canvas.settle()
    larger = canvas.rect("data")["width"]
    page.keyboard.press("-")
    canvas.settle()
    assert canvas.rect("data")["width"] < larger
    page.keyboard.press("0")
    canvas.settle()
    assert canvas.rect("data")["width"] == pytest.approx(full)


def test_unfolding_gives_every_layer_its_card_and_keeps_the_place_on_the_screen(
    open_canvas: OpenCanvas,
) -> None:
    canvas = open_canvas("synthetic-300")
    assert canvas.rect("block1/a/relu")["height"] < 30
    before = canvas.rect("block1/b")
    page = canvas.page
    fold = page.get_by_role("button", name="Fold chains into one card")
    fold.click()
    page.wait_for_function("canvas.clientRectOf('block1/a/relu').height > 40")
    canvas.settle()
    after = canvas.rect("block1/b")
    assert (round(after["x"]), round(after["y"])) == (round(before["x"]), round(before["y"]))
    assert fold.get_attribute("aria-pressed") == "false"


def test_a_long_edge_is_a_stub_and_a_click_on_its_pill_goes_to_the_other_end(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-300")
    page = canvas.page
    data = canvas.rect("data")
    page.mouse.click(data["x"] + data["width"] - 30, data["y"] + data["height"] + 18)
    assert canvas.selected() == ["loss"]
    canvas.settle()
    assert 0 < canvas.rect("loss")["y"] < 900


def test_the_minimap_moves_the_view(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-1000")
    box = canvas.page.locator("net-canvas .map").bounding_box()
    assert box is not None
    canvas.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 10)
    canvas.settle()
    assert canvas.rect("data")["y"] < -2000
    assert -500 < canvas.rect("loss")["y"] < 1500


def test_the_picture_follows_the_theme(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("twins")
    light = canvas.colour(5, 5)
    canvas.page.evaluate(
        """document.documentElement.dataset.theme = 'dark';
        document.dispatchEvent(new CustomEvent('ng-theme'));"""
    )
    canvas.settle()
    dark = canvas.colour(5, 5)
    assert min(light) > 200
    assert max(dark) < 60


def test_an_edit_slides_what_moves_and_leaves_the_rest(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("twins")
    page = canvas.page
    before = {key: canvas.rect(key) for key in ("pair_data", "conv1_a", "ip2_a")}
    page.evaluate(
        """() => {
          const graph = twinsGraph();
          const pool = graph.layers.find(layer => layer.key === 'pool1_a');
          graph.layers.push({...pool, key: 'extra', name: 'extra', chunk: 99});
          graph.edges.push({source: 'conv1_a', target: 'extra', blob: 'conv1_a', top: 0, bottom: 0});
          model.setGraph(graph);
        }"""
    )
    canvas.settle()
    assert {key: canvas.rect(key) for key in before} == before
    assert canvas.rect("extra")["y"] == canvas.rect("pool1_a")["y"]


def test_nothing_is_drawn_while_nothing_changes(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("twins")
    drawn = canvas.page.evaluate(
        """async () => {
          const c = canvas.shadowRoot.querySelector('.scene').getContext('2d');
          let fills = 0;
          const fill = c.fillRect.bind(c);
          c.fillRect = (...args) => { fills++; fill(...args); };
          const filled = async (frames) => {
            fills = 0;
            for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
            return fills;
          };
          let idle = 1;  // what came with the page may still be fading in
          for (let tries = 0; idle > 0 && tries < 20; tries++) idle = await filled(20);
          model.selection.set(['conv1_a']);
          return [idle, await filled(3) > 0];
        }"""
    )
    assert drawn == [0, True]


def test_reduced_motion_jumps(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-300", media={"reduced_motion": "reduce"})
    canvas.page.evaluate("canvas.zoomTo('loss')")
    rect = canvas.rect("loss")
    assert 0 < rect["y"] < 900


def test_the_picture_is_sharp_on_a_dense_screen(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("twins", media={"device_scale_factor": 2})
    size = canvas.page.evaluate(
        """() => {
          const scene = canvas.shadowRoot.querySelector('.scene');
          return [scene.width, scene.clientWidth];
        }"""
    )
    assert size == [2880, 1440]


def test_a_card_that_is_dragged_to_the_border_takes_the_view_along(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-300", media={"reduced_motion": "reduce"})
    canvas.settle()
    before = canvas.rect("data")["y"]
    x, y = canvas.middle("block1/b")
    canvas.page.mouse.move(x, y)
    canvas.page.mouse.down()
    canvas.page.mouse.move(x, y + 20)
    canvas.page.mouse.move(x, 895)
    canvas.page.wait_for_function("before => canvas.clientRectOf('data').y < before - 100", arg=before)
    canvas.page.mouse.up()
    still = canvas.rect("data")["y"]
    canvas.settle()
    assert canvas.rect("data")["y"] == still
    assert 700 < canvas.rect("block1/b")["y"] < 900
