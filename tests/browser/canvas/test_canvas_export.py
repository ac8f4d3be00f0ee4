"""The net as a picture file: PNG and SVG, whole or only what is selected."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from tests.browser.canvas.conftest import Canvas, OpenCanvas

SVG = "{http://www.w3.org/2000/svg}"

# How far the SVG, drawn by the browser, is from the PNG: the mean difference of a colour channel, 0 to 255.
DIFFERENCE = """async (keys) => {
  const only = keys && new Set(keys);
  const png = await createImageBitmap(await canvas.exportPicture('png', only));
  const image = new Image();
  image.src = URL.createObjectURL(await canvas.exportPicture('svg', only));
  await image.decode();
  const pixels = (picture) => {
    const surface = new OffscreenCanvas(png.width / 2, png.height / 2);
    const context = surface.getContext('2d');
    context.drawImage(picture, 0, 0, surface.width, surface.height);
    return context.getImageData(0, 0, surface.width, surface.height).data;
  };
  const [a, b] = [pixels(png), pixels(image)];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}"""


def _svg(canvas: Canvas, keys: list[str] | None = None) -> ET.Element:
    text = canvas.page.evaluate(
        "async (keys) => (await canvas.exportPicture('svg', keys && new Set(keys))).text()", keys
    )
    return ET.fromstring(text)


def _names(svg: ET.Element) -> set[str]:
    """The layers that the groups of the drawing are named after."""
    titles = [group.findtext(f"{SVG}title") or "" for group in svg.iter(f"{SVG}g")]
    return {name for title in titles for name in title.split(", ") if name}


def _layers(canvas: Canvas) -> set[str]:
    return set(cast("list[str]", canvas.page.evaluate("model.graph.layers.map(({ key }) => key)")))


def test_the_net_is_exported_as_a_png(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("twins")
    size = canvas.page.evaluate(
        """async () => {
          const bitmap = await createImageBitmap(await canvas.exportPicture('png'));
          return [bitmap.width, bitmap.height];
        }"""
    )
    assert size[0] > 600
    assert size[1] > 1500


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_svg_looks_like_the_canvas(open_canvas: OpenCanvas, theme: str) -> None:
    canvas = open_canvas("twins", theme=theme, shares="all")
    assert canvas.page.evaluate(DIFFERENCE, None) < 2
    assert canvas.page.evaluate(DIFFERENCE, ["conv1_a", "pool1_a"]) < 2


def test_the_svg_names_every_layer_and_runs_nothing(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("synthetic-300")
    svg = _svg(canvas)
    assert _names(svg) == _layers(canvas)
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {
        "svg", "title", "style", "g", "path", "rect", "text",
    }  # fmt: skip
    text = " ".join(element.text or "" for element in svg.iter(f"{SVG}text"))
    assert "data" in text


def test_names_in_the_svg_are_escaped(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("twins")
    canvas.page.evaluate("model.setGraph(graphOf([{ name: '<b>&\"x\"', type: 'Input' }]))")
    canvas.page.wait_for_function("canvas.clientRectOf('<b>&\"x\"')")
    svg = _svg(canvas)
    assert _names(svg) == {'<b>&"x"'}
    assert '<b>&"x"' in [element.text for element in svg.iter(f"{SVG}text")]


def test_the_svg_of_the_selection_holds_its_cards_alone(open_canvas: OpenCanvas) -> None:
    canvas = open_canvas("twins")
    whole, part = _svg(canvas), _svg(canvas, ["conv1_a", "pool1_a"])
    assert _names(part) == {"conv1_a", "pool1_a"}
    assert float(part.get("height", "")) < float(whole.get("height", "")) / 2
