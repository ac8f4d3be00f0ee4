"""The editor's page as a user meets it: what the tests of the editor do with mouse, keyboard and files."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Literal, cast

import httpx
import pytest
from playwright.sync_api import Error, Locator, Page, expect
from tests.browser.seats import Seats, called

Modifier = Literal["Control", "Shift"]
File = Path | tuple[str, bytes]

DROP = """([files]) => {
  const transfer = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  for (const type of ['dragenter', 'dragover', 'drop']) {
    document.body.dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }),
    );
  }
}"""

_STILL = """() => new Promise((resolve) => {
  const canvas = document.querySelector('net-canvas.main');
  const { graph } = document.querySelector('ng-app').session;
  const keys = graph.layers.map((layer) => layer.key);
  const place = () => JSON.stringify(keys.map((key) => canvas.clientRectOf(key)));
  const before = place();
  setTimeout(() => resolve(place() === before), 120);
})"""

_QUIET = """() => {
  const { session } = document.querySelector('ng-app');
  return !session.pending && !session.progress;
}"""


class Editor:
    """The page, in the words of its users."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def start(self) -> None:
        """The start page, before any net is open."""
        self.page.goto("/")
        self.page.locator("ng-topbar").wait_for()
        self.settle()
        self.page.get_by_role("link", name="Netgraft, to the start page").click()
        expect(self.page.get_by_role("heading", name="Graft a Caffe net")).to_be_visible()

    def open(self, document: str, *, layer: str | None = None) -> None:
        self.page.goto(f"/d/{document}" + (f"#layer={layer}" if layer else ""))
        self.drawn()

    def example(self, name: str) -> str:
        """Makes a document of an example and opens it; returns its id."""
        answer = self.page.request.post("/api/documents", data={"example": name})
        assert answer.ok, answer.text()
        document = cast(str, answer.json()["id"])
        self.open(document)
        return document

    def drop(self, *files: File) -> None:
        """Lets files fall onto the page, as from the desktop."""
        named = [(file.name, file.read_bytes()) if isinstance(file, Path) else file for file in files]
        self.page.evaluate(DROP, [[(name, base64.b64encode(data).decode()) for name, data in named]])
        self.settle()

    def settle(self) -> None:
        """Waits until the page asks the server for nothing more."""
        while True:
            self.page.wait_for_function(_QUIET)
            # what a dialog was told is sent once its close event has come round
            self.page.evaluate("() => new Promise((next) => setTimeout(() => setTimeout(next)))")
            if self.page.evaluate(_QUIET):
                return

    def drawn(self) -> None:
        """Waits until the net is on the canvas and the panels are around it."""
        self.page.locator(".document-name").wait_for()
        self.settle()
        self.page.wait_for_function(
            """() => {
              const { session, furnished } = document.querySelector('ng-app');
              const { model } = session;
              const canvas = document.querySelector('net-canvas.main');
              return furnished && model.graph.layers.every((layer) => canvas.clientRectOf(layer.key));
            }"""
        )

    def connected(self) -> None:
        """Waits until what others do is heard of."""
        self.page.wait_for_function("() => document.querySelector('ng-app').session.live.status === 'on'")

    def run(self, *operations: dict[str, object]) -> None:
        """Carries operations out as a panel does, and waits for the answer."""
        self.page.evaluate("(ops) => document.querySelector('ng-app').session.run(ops)", list(operations))

    def rectangle(self, layer: str) -> dict[str, float]:
        found = self.page.evaluate(
            """(key) => {
              const rect = document.querySelector('net-canvas.main').clientRectOf(key);
              return rect && { x: rect.x, y: rect.y, width: rect.width, height: rect.height };
            }""",
            layer,
        )
        assert found, f"{layer} is not drawn"
        return cast(dict[str, float], found)

    def fit(self) -> None:
        """The whole net in view, standing still."""
        self.page.evaluate("() => document.querySelector('net-canvas.main').fit()")
        self.still()

    def still(self) -> None:
        """Waits until the view has come to rest."""
        while not self.page.evaluate(_STILL):  # wait_for_function would take the promise for a yes
            pass

    def click_layer(self, layer: str, *modifiers: Modifier) -> None:
        """Clicks a layer where the canvas draws it."""
        spot = self.rectangle(layer)
        for modifier in modifiers:
            self.page.keyboard.down(modifier)
        self.page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + min(8, spot["height"] / 2))
        for modifier in modifiers:
            self.page.keyboard.up(modifier)
        self.still()

    def box(self, layers: Sequence[str]) -> None:
        """Drags a box around some layers with Shift held."""
        spots = [self.rectangle(layer) for layer in layers]
        left = min(spot["x"] for spot in spots) - 12
        top = min(spot["y"] for spot in spots) - 3
        right = max(spot["x"] + spot["width"] for spot in spots) + 12
        bottom = max(spot["y"] + spot["height"] for spot in spots) + 3
        self.page.keyboard.down("Shift")
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, (top + bottom) / 2)
        self.page.mouse.move(right, bottom)
        self.page.mouse.up()
        self.page.keyboard.up("Shift")

    def selection(self) -> list[str]:
        return cast(
            list[str],
            self.page.evaluate("() => document.querySelector('ng-app').session.model.selection.ordered()"),
        )

    def layers(self) -> list[str]:
        return cast(
            list[str],
            self.page.evaluate(
                "() => document.querySelector('ng-app').session.graph.layers.map(({ key }) => key)"
            ),
        )

    def row(self, layer: str) -> Locator:
        """A layer's row in the list on the left."""
        return self.page.locator(f'.layer-row[data-key="{layer}"]')

    def select(self, *layers: str) -> None:
        """Selects in the list of layers."""
        for layer in layers:
            self.row(layer).click(modifiers=[] if layer == layers[0] else ["ControlOrMeta"])
            expect(self.row(layer)).to_have_attribute("aria-selected", "true")

    def edges(self) -> set[str]:
        """Who reads whom, each as `source>target`."""
        found = self.page.evaluate(
            "() => document.querySelector('ng-app').session.graph.edges.map((e) => `${e.source}>${e.target}`)"
        )
        return set(cast(list[str], found))

    def text(self) -> Locator:
        """The editor of the prototxt, opened."""
        self.page.get_by_role("tab", name="Prototxt").click()
        text = self.page.get_by_role("textbox", name="The prototxt")
        expect(text).to_be_visible()
        return text

    def text_end(self) -> Locator:
        """The same with the cursor at the end of the text."""
        text = self.text()
        text.click()
        self.page.keyboard.press("Control+End")
        return text

    def drag(self, start: tuple[float, float], *points: tuple[float, float]) -> None:
        """Presses the mouse, lets it go at the last of the points and waits for what comes of it."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        for point in points:
            mouse.move(*point, steps=3)
        mouse.up()
        self.settle()
        self.still()

    @property
    def verdicts(self) -> Locator:
        return self.page.locator(".verdicts")

    @property
    def problems(self) -> Locator:
        return self.page.locator("ng-problems .problem")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Duplicate layers")

    @property
    def notice(self) -> Locator:
        return self.page.locator(".toast")

    def duplicate(self) -> Locator:
        """Presses Duplicate and waits for the dialog's first preview."""
        self.page.get_by_role("button", name="Duplicate", exact=True).click()
        expect(self.dialog).to_be_visible()
        self.previewed()
        return self.dialog

    def previewed(self) -> None:
        """Waits until the preview shows what the options say."""
        self.page.wait_for_function(
            "() => { const d = document.querySelector('ng-duplicate'); return !d.waiting; }"
        )

    def apply(self) -> None:
        """Makes the copies."""
        self.dialog.get_by_role("button", name=re.compile(r"Make \d+ copies")).click()
        expect(self.dialog).to_be_hidden()
        self.drawn()
        self.still()  # the list has moved to the copies: a press now meets the row that it aims at

    def download(self, what: str, folder: Path) -> Path:
        """Takes an item of the Download menu."""
        self.page.get_by_role("button", name="Download", exact=True).click()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("menuitem", name=what).click()
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file


@pytest.fixture
def editor(page: Page) -> Editor:
    page.emulate_media(reduced_motion="reduce")
    return Editor(page)


class Company:
    """Several people, each at a browser of their own."""

    def __init__(self, seats: Seats) -> None:
        self.problems: list[str] = []
        self._seats = seats
        self._leaving = ExitStack()

    def comes(self, name: str, address: str | None = None, *, alone: bool = False) -> Editor:
        """Somebody at the start page of nothing yet, who is called so; on another server if one is named.

        `alone`: whose browser context no other test gets, since a socket of it is meddled with.
        """
        alone = alone or address is not None
        page = self._seats.new(address) if alone else self._seats.take()

        def note(error: Error) -> None:
            self.problems.append(f"{name}: {error}")

        self._leaving.callback(page.context.close if alone else partial(self._seats.give_back, page))
        self._leaving.callback(page.remove_listener, "pageerror", note)
        page.on("pageerror", note)
        page.emulate_media(reduced_motion="reduce")
        return Editor(called(page, name))

    def opens(self, name: str, document: str) -> Editor:
        """Somebody who has a document before them, connected."""
        editor = self.comes(name)
        editor.open(document)
        editor.connected()
        return editor

    def leave(self) -> None:
        self._leaving.close()


@pytest.fixture
def company(seats: Seats) -> Iterator[Company]:
    made = Company(seats)
    yield made
    made.leave()
    assert made.problems == []


@pytest.fixture
def net(server: str) -> str:
    """A document of the net of the question."""
    answer = httpx.post(f"{server}/api/documents", json={"example": "question"}, timeout=60)
    return cast(str, answer.raise_for_status().json()["id"])


@pytest.fixture
def weights(shared: Path) -> Path:
    """The folder of real trained nets."""
    return shared / "weights"
