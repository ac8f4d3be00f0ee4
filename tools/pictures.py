"""Takes docs/images/*.png from the real app: a server of its own, a Chromium, real trained nets.

Each picture is one function below, in the words of a user; `--only NAME` takes one.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WEIGHTS = Path(os.environ.get("NETGRAFT_SHARED", ROOT.parent / "shared")) / "weights"
SIZE: ViewportSize = {"width": 1440, "height": 900}
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--font-render-hinting=none",
]
DROP = """([files]) => {
  const transfer = new DataTransfer();
  for (const [name, data] of files) {
    transfer.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name));
  }
  for (const type of ['dragenter', 'dragover', 'drop']) {
    document.body.dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }),
    );
  }
}"""
QUIET = """() => {
  const session = document.querySelector('ng-app')?.session; // none before its module has run
  return session?.graph && !session.pending && !session.progress;
}"""
STILL = """() => new Promise((resolve) => {
  const canvas = document.querySelector('net-canvas.main');
  const keys = document.querySelector('ng-app').session.graph.layers.map(({ key }) => key);
  const place = () => JSON.stringify(keys.map((key) => canvas.clientRectOf(key)));
  const before = place();
  setTimeout(() => resolve(place() === before), 150);
})"""


def drop(page: Page, *names: str) -> None:
    """Drops files of the shared folder, or examples, on the page and waits until the net is drawn."""
    files = [WEIGHTS / name if (WEIGHTS / name).is_file() else ROOT / "examples" / name for name in names]
    page.evaluate(DROP, [[(file.name, base64.b64encode(file.read_bytes()).decode()) for file in files]])
    page.locator(".document-name", has_text=names[0].partition(".")[0]).wait_for()
    settle(page)


def settle(page: Page) -> None:
    """Waits until the server has answered and the picture stands still."""
    page.wait_for_function(QUIET)
    while not page.evaluate(STILL):  # wait_for_function would take the promise for a yes
        pass


def fit(page: Page) -> None:
    page.evaluate("() => document.querySelector('net-canvas.main').fit()")
    settle(page)


def select(page: Page, first: str, last: str | None = None) -> None:
    page.locator(f'.layer-row[data-key="{first}"]').click()
    if last is not None:
        page.locator(f'.layer-row[data-key="{last}"]').click(modifiers=["Shift"])
    settle(page)


def fill_duplicate(page: Page) -> None:
    """The dialog of the README: two copies of LeNet, the second ten times as fast, the trunk shared."""
    drop(page, "lenet_v1.prototxt", "lenet_v1.caffemodel")
    select(page, "conv1", "ip2")
    page.get_by_role("button", name="Duplicate", exact=True).click()
    dialog = page.get_by_role("dialog", name="Duplicate layers")
    dialog.get_by_label("Learning rate of copy 2").select_option("scale")
    dialog.get_by_label("Value for copy 2").fill("10")
    dialog.get_by_role("button", name="Share down to conv2").click()
    dialog.get_by_role("radio", name="One each").check()
    dialog.locator('input[name="join"][value="concat"]').check()
    page.wait_for_function("() => !document.querySelector('ng-duplicate').waiting")


def duplicate(page: Page) -> None:
    """Caffe's refusal, and the two ways out, before anything is done."""
    fill_duplicate(page)
    page.locator('.problem[data-severity="error"]').first.wait_for()


def grafted(page: Page) -> None:
    """The twins: convolutions shared at one rate, the heads free and ten times as fast."""
    fill_duplicate(page)
    page.get_by_role("button", name=re.compile(r"Make \d+ copies")).click()
    settle(page)
    page.get_by_role("button", name=re.compile(r"one rate for each group", re.IGNORECASE)).click()
    settle(page)
    page.get_by_role("tab", name="Shares").click()
    page.locator(".toast button").first.wait_for(state="hidden", timeout=15_000)
    fit(page)


def problems(page: Page) -> None:
    """The net of the question."""
    drop(page, "question.prototxt")
    select(page, "ip1_b")
    page.get_by_role("tab", name="Problems").click()
    fit(page)


def editor_dark(page: Page) -> None:
    """A net with frozen layers, its text beside it, in the dark."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    drop(page, "mtcnn_det2.prototxt", "mtcnn_det2.caffemodel")
    page.get_by_role("tab", name="Prototxt").click()
    select(page, "conv2")


def together(page: Page) -> None:
    """Three people on one net: what the others have selected, and what one of them did just now."""
    drop(page, "siamese_mnist.prototxt")
    browser = page.context.browser
    assert browser is not None
    address = page.url.partition("#")[0]
    select(page, "ip1")
    for name, layers in (("Ann Berg", ["conv2", "pool2"]), ("Zoë Chen", ["conv2_p"])):
        context = browser.new_context(viewport=SIZE)
        context.add_init_script(f"localStorage.setItem('netgraft.name', {name!r})")
        other = context.new_page()
        other.goto(address)
        settle(other)
        other.wait_for_function("() => document.querySelector('ng-app').session.live.status === 'on'")
        other.evaluate("(keys) => document.querySelector('ng-app').session.select(keys)", layers)
        other.wait_for_timeout(400)  # what is selected is told at a pace
    rate = {"op": "set_rate", "layer": "conv2_p", "blob": 0, "lr_mult": 10}
    other.evaluate("(op) => document.querySelector('ng-app').session.run([op])", rate)
    page.locator(".happening").wait_for()
    page.get_by_role("tab", name="History").click()
    fit(page)


PICTURES: dict[str, Callable[[Page], None]] = {
    "duplicate": duplicate,
    "grafted": grafted,
    "problems": problems,
    "editor-dark": editor_dark,
    "together": together,
}


@contextmanager
def server(data: Path) -> Iterator[str]:
    """A `netgraft serve` with a fresh data folder; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [str(Path(sys.executable).with_name("netgraft")), "serve", "--data", str(data), "--no-open"]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{address}/api/health", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()


@contextmanager
def stage(size: ViewportSize = SIZE) -> Iterator[Callable[[], Page]]:
    """An empty server and a browser: what is given opens a page of its own there, in the light theme."""
    with (
        tempfile.TemporaryDirectory() as data,
        server(Path(data)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("NETGRAFT_CHROMIUM") or "/usr/bin/chromium", args=CHROMIUM
        )

        def page() -> Page:
            made = browser.new_context(viewport=size, base_url=address).new_page()
            made.emulate_media(color_scheme="light", reduced_motion="reduce")
            return made

        yield page
        browser.close()


def main(arguments: list[str]) -> int:
    """Takes the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=sorted(PICTURES))
    parser.add_argument("--out", type=Path, default=IMAGES)
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    with stage() as seat:
        for name in [asked.only] if asked.only else PICTURES:
            page = seat()
            page.goto("/")
            settle(page)
            PICTURES[name](page)
            page.mouse.move(0, 0)
            page.screenshot(path=asked.out / f"{name}.png")
            print(asked.out / f"{name}.png")
            page.context.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
