"""The canvas alone in a real Chromium: a page of its own (page/), plain files, no netgraft behind it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[3]


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves the checkout and logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """The address under which the checkout's files are served."""
    handler = functools.partial(QuietHandler, directory=str(ROOT))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class Canvas:
    """A page with one canvas; names of layers in, real mouse and keyboard events out."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def rect(self, key: str) -> dict[str, float]:
        """Where a layer is drawn, in client coordinates."""
        found: dict[str, float] = self.page.evaluate("key => canvas.clientRectOf(key).toJSON()", key)
        return found

    def middle(self, key: str) -> tuple[float, float]:
        rect = self.rect(key)
        return rect["x"] + rect["width"] / 2, rect["y"] + rect["height"] / 2

    def click(self, key: str, *modifiers: str) -> None:
        for name in modifiers:
            self.page.keyboard.down(name)
        self.page.mouse.click(*self.middle(key))
        for name in modifiers:
            self.page.keyboard.up(name)

    def selected(self) -> list[str]:
        """Keys of the selected layers, in file order."""
        return list(self.page.evaluate("model.selection.ordered()"))

    def settle(self) -> None:
        """Waits until nothing moves any more."""
        self.page.evaluate(
            """async () => {
              const first = model.graph.layers.slice(0, 5).map(layer => layer.key);
              const place = () => JSON.stringify(first.map(key => canvas.clientRectOf(key)));
              for (let before = '', still = 0; still < 3; ) {
                await new Promise(requestAnimationFrame);
                const now = place();
                still = now === before ? still + 1 : 0;
                before = now;
              }
            }"""
        )

    def colour(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour drawn at a client position."""
        script = """([x, y]) => {
            const context = canvas.shadowRoot.querySelector('.scene').getContext('2d');
            const { data } = context.getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1);
            return [...data].slice(0, 3);
        }"""
        red, green, blue = self.page.evaluate(script, [x, y])
        return red, green, blue


OpenCanvas = Callable[..., Canvas]


@pytest.fixture
def open_canvas(browser: Browser, files: str) -> Iterator[OpenCanvas]:
    """Opens the canvas page: `open_canvas("twins", theme="dark")`; an error in the page fails the test."""
    problems: list[str] = []
    contexts = []

    def open_page(
        net: str = "twins",
        *,
        size: tuple[int, int] = (1440, 900),
        media: dict[str, Any] | None = None,
        **query: str,
    ) -> Canvas:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(**{"viewport": viewport, **(media or {})})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        parameters = "&".join(f"{name}={value}" for name, value in {"net": net, **query}.items())
        page.goto(f"{files}/tests/browser/canvas/page/index.html?{parameters}")
        page.wait_for_selector("html[data-drawn]")
        return Canvas(page)

    yield open_page
    for context in contexts:
        context.close()
    if problems:
        pytest.fail("the page reported errors:\n" + "\n".join(problems), pytrace=False)
