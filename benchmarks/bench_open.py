"""A file on the disk until its whole graph is drawn, in a real Chromium, beside Netron.

Ours: the file is sent to a running `netgraft serve`, then a browser that has never seen the page opens the
net's address; the end is the frame that shows every layer. Netron's: its own server is given the file, and a
browser that has never seen its page opens it; the end is the frame after it takes its "loading" away. Both in
turns, each in a fresh context of the same browser, with nothing from the network but loopback.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import httpx
import netron
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from common import ROOT, Comparison, Row, finish, serve
from netgraft.web.bundle import Bundle
from nets import residual

REPEATS = 7
BESIDE_NETRON = (250, 1_000)
LIMIT = {10_000: 3.0}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

# The frame after the first one with every layer in its place, on the wall clock (seconds).
OURS = """() => new Promise((done) => {
  const look = () => {
    const app = document.querySelector('ng-app');
    const canvas = document.querySelector('net-canvas.main');
    const layers = app?.session?.graph.layers ?? [];
    if (!layers.length || !canvas?.clientRectOf?.(layers.at(-1).key)) return void requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() =>
      done((performance.timeOrigin + performance.now()) / 1000)));
  };
  look();
})"""
# Netron forbids eval, and with it evaluate(): a script of the page itself notes the moment.
NETRON = """addEventListener('DOMContentLoaded', () => {
  const look = () => {
    const { body } = document;
    if (!body.classList.contains('default') || !document.querySelector('.node')) {
      requestAnimationFrame(look);
      return;
    }
    requestAnimationFrame(() => requestAnimationFrame(() => {
      body.dataset.drawn = (performance.timeOrigin + performance.now()) / 1000;
      body.dataset.nodes = document.querySelectorAll('.node').length;
    }));
  };
  look();
});"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast(int, probe.getsockname()[1])


@contextmanager
def our_server(folder: Path) -> Iterator[str]:
    """`netgraft serve` on a free port."""
    port = free_port()
    server = subprocess.Popen(serve(folder, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api/documents", timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait()


def packed() -> None:
    """Packs the editor's modules where they were changed since: of a stale pack nothing is served, and each
    module by itself is 160 requests. Exits where it cannot be done."""
    if shutil.which("node") is None:
        sys.exit(
            "There is no node, and without it no pack of the editor's modules: the figures would be wrong."
        )
    made = subprocess.run(["make", "--silent", "pack"], cwd=ROOT, check=False)
    if made.returncode or not is_packed():
        sys.exit("static/built is not the pack of what stands in static/: `make pack` did not mend it.")


def is_packed() -> bool:
    """Whether a page would be served with the pack."""
    page = (ROOT / "app/netgraft/web/templates/editor.html").read_text()
    return "/built/" in Bundle(ROOT / "static").page(page)


def still_packed() -> None:
    """Says so where a module was changed meanwhile."""
    if not is_packed():
        print("A module of static/ was changed meanwhile: the pack is stale, and the figures are wrong.")


def local_only(route: Route) -> None:
    """Lets nothing out: Netron would ask where in the world one is, and tell that it was used."""
    if route.request.url.startswith(("http://127.0.0.1", "http://localhost")):
        route.continue_()
    else:
        route.abort()


@contextmanager
def fresh(browser: Browser) -> Iterator[tuple[BrowserContext, Page]]:
    """A context without a cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context, context.new_page()
    context.close()


def open_ours(browser: Browser, client: httpx.Client, file: Path) -> float:
    """Seconds from the file to the frame that shows all of it. To make the client that sends it (to read the
    machine's certificates, 30 ms) is no part of it: a browser has none to make."""
    address = client.base_url
    with fresh(browser) as (_, page):
        started = time.time()
        with file.open("rb") as data:
            made = client.post("/api/documents", files={"prototxt": (file.name, data)}).raise_for_status()
        page.goto(str(address.join(f"/d/{made.json()['id']}")), wait_until="commit")
        return cast(float, page.evaluate(OURS)) - started


def open_netron(browser: Browser, file: Path) -> float:
    """The same by Netron."""
    with fresh(browser) as (context, page):
        context.add_cookies([{"name": "consent", "value": "1", "url": "http://localhost"}])
        page.route("**/*", local_only)
        page.add_init_script(NETRON)
        started = time.time()
        host, port = netron.start(str(file), ("localhost", free_port()), browse=False)
        try:
            page.goto(f"http://{host}:{port}", wait_until="commit")
            page.wait_for_selector("body[data-drawn]", timeout=60_000)
            drawn = page.get_attribute("body", "data-drawn")
            return float(drawn or "nan") - started
        finally:
            netron.stop((host, port))


def main() -> None:
    packed()
    beside = Comparison("a file until its whole graph is drawn", peer_name="Netron", bar=2)
    large = Comparison("a large file until its whole graph is drawn", peer_name="the bar", bar=1)
    chromium = os.environ.get("NETGRAFT_CHROMIUM") or shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory() as name,
        our_server(Path(name) / "data") as address,
        httpx.Client(base_url=address, timeout=60) as client,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        files = {}
        for layers in (*BESIDE_NETRON, *LIMIT):
            files[layers] = Path(name) / f"net{layers}.prototxt"
            files[layers].write_text(residual(layers))
        open_ours(browser, client, files[250])  # the server's first answer loads what all share
        for layers in BESIDE_NETRON:
            ours, theirs = [], []
            for _ in range(REPEATS):
                ours.append(open_ours(browser, client, files[layers]))
                theirs.append(open_netron(browser, files[layers]))
            median, peer = statistics.median(ours), statistics.median(theirs)
            case = f"{layers:,} layers"
            beside.add(Row(case, median, min(ours), max(ours), peer, peer / median, REPEATS))
        for layers, bar in LIMIT.items():
            times = [open_ours(browser, client, files[layers]) for _ in range(REPEATS)]
            median = statistics.median(times)
            large.add(Row(f"{layers:,} layers", median, min(times), max(times), bar, bar / median, REPEATS))
        browser.close()
    still_packed()
    finish(beside, large)


if __name__ == "__main__":
    main()
