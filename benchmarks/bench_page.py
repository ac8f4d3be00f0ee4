"""The page in a real Chromium: its first load, an edit until it is seen, a key in the text.

The first load is told in bytes over the wire (compressed, as a client elsewhere gets it), requests, and the
time until the example is drawn. An edit counts from the event (a key, a click) to the frame after the one
that shows it; a key typed in the text to the frame after. The peers are the bars of the design, in the same
unit.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from bench_open import ARGUMENTS, OURS, fresh, our_server, packed, still_packed
from common import Comparison, Row, finish
from nets import residual

REPEATS = 9
WIRE = 400_000
EDIT = {1_000: 0.1, 10_000: 0.5}
KEY = {1_000: 0.05, 10_000: 0.05}

# From an event to the frame after the one in which `seen` holds and the canvas drew the new graph, on the
# page's clock (seconds).
EDITED = """([act, seen]) => new Promise((done, fail) => {
  const app = document.querySelector('ng-app');
  const shows = new Function('app', `return (${seen})`);
  const run = new Function('app', act);
  let drawn = false;
  document.querySelector('net-canvas.main').addEventListener('drawn', () => (drawn = true), { once: true });
  const test = (app) => drawn && shows(app);
  const start = performance.now();
  run(app);
  const look = () => {
    if (performance.now() - start > 20000) return void fail(new Error(`never seen: ${seen}`));
    if (!test(app)) return void requestAnimationFrame(look);
    requestAnimationFrame(() => done((performance.now() - start) / 1000));
  };
  requestAnimationFrame(look);
})"""
# Keys typed in the text with the time from the event to the frame after it.
TYPED = """() => new Promise((done) => {
  const times = [];
  const root = document.querySelector('.source-editor').shadowRoot;
  root.addEventListener('keydown', () => {
    const start = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => times.push((performance.now() - start) / 1000);
      channel.port2.postMessage(0);
    });
  }, { capture: true });
  globalThis.typedTimes = times;
  done();
})"""


def first_load(browser: Browser, address: str) -> tuple[int, int, float]:
    """Bytes that a client elsewhere gets, requests, and seconds until the example is drawn."""
    with fresh(browser) as (_, page):
        sizes: list[int] = []
        wanted: list[str] = []

        def count(response: Any) -> None:
            if "/built/" not in response.url or response.url not in wanted:  # the browser keeps the pack
                wanted.append(response.url)

        page.on("response", count)
        page.goto(address, wait_until="commit")
        started = cast(float, page.evaluate("() => performance.timeOrigin / 1000"))
        seconds = cast(float, page.evaluate(OURS)) - started
        page.wait_for_load_state("networkidle")
        for url in wanted:
            request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
            with urllib.request.urlopen(request) as answer:
                body = answer.read()
                # over loopback the server compresses nothing that it makes: elsewhere it does, at level 5
                sizes.append(len(body if answer.headers.get("Content-Encoding") else gzip.compress(body, 5)))
        return sum(sizes), len(sizes), seconds


def open_net(page: Page, address: str, layers: int) -> None:
    made = httpx.post(f"{address}/api/documents", json={"text": residual(layers)}, timeout=60)
    page.goto(f"{address}/d/{made.raise_for_status().json()['id']}", wait_until="commit")
    page.evaluate(OURS)
    page.wait_for_load_state("networkidle")


def edits(page: Page) -> dict[str, Callable[[int], tuple[str, str]]]:
    """What is edited, and when it is seen: a rate, a field of the form, a deleted layer."""
    page.evaluate("() => document.querySelector('ng-app').session.select(['res3_a'])")
    page.locator("ng-layer-form input").first.wait_for()
    field = "document.getElementById('form-convolution_param.num_output')"
    return {
        "a rate in the table": lambda n: (
            f"const rate = app.querySelector('[data-id=\"0 lr_mult\"]'); rate.value = '{n + 2}';"
            "rate.dispatchEvent(new Event('change', { bubbles: true }))",
            f"app.session.model.layer('res3_a').blobs[0].lr === {n + 2}",
        ),
        "a field of the form": lambda n: (
            f"const field = {field}; field.value = '{128 - n % 2 * 64}';"
            "field.dispatchEvent(new Event('change', { bubbles: true }))",
            f"app.session.model.layer('res3_a').tops[0].shape[1] === {128 - n % 2 * 64}",
        ),
        "a layer deleted, healed": lambda n: (
            "app.session.select(['relu3_a']); app.command('delete')",
            "!app.session.model.layer('relu3_a') && !document.querySelector('net-canvas.main')"
            ".clientRectOf('relu3_a')",
        ),
    }


def main() -> None:
    packed()
    load = Comparison("bytes of the first load with the example open", peer_name="the bar", bar=1)
    edited = Comparison("an edit until it is seen", peer_name="the bar", bar=1)
    typed = Comparison("a key in the text until its frame, 95th percentile", peer_name="the bar", bar=1)
    chromium = os.environ.get("NETGRAFT_CHROMIUM") or shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory() as name,
        our_server(Path(name) / "data") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        loads = [first_load(browser, address) for _ in range(5)]
        size, requests, _ = loads[0]
        seconds = statistics.median(each for *_, each in loads)
        print(f"first load: {size / 1000:.0f} kB compressed in {requests} requests; drawn in {seconds:.2f} s")
        load.rows.append(Row("bytes", size, size, size, WIRE, WIRE / size, 1))
        for layers, bar in EDIT.items():
            with fresh(browser) as (_, page):
                open_net(page, address, layers)
                for what, step in edits(page).items():
                    times = []
                    for repeat in range(REPEATS):
                        times.append(cast(float, page.evaluate(EDITED, list(step(repeat)))))
                        if "deleted" in what:
                            page.evaluate("async () => document.querySelector('ng-app').session.step('undo')")
                        page.wait_for_timeout(400)
                    median = statistics.median(times)
                    case = f"{what}, {layers:,} layers"
                    edited.add(Row(case, median, min(times), max(times), bar, bar / median, REPEATS))
                keys = type_keys(page)
                p95 = statistics.quantiles(keys, n=20)[18]
                case = f"{layers:,} layers"
                typed.add(Row(case, p95, min(keys), max(keys), KEY[layers], KEY[layers] / p95, len(keys)))
        browser.close()
    still_packed()
    finish(load, edited, typed)


def type_keys(page: Page) -> list[float]:
    """Types a comment in the middle of the text, as fast as people do; seconds from each key to its frame."""
    page.get_by_role("tab", name="Prototxt").click()
    text = page.locator(".source-editor .cm-content")
    text.wait_for()
    page.evaluate("() => document.querySelector('ng-source').goto(400)")
    page.wait_for_timeout(500)
    text.locator(".cm-line").nth(8).click()
    page.keyboard.press("End")
    page.evaluate(TYPED)
    for letter in " # as fast as people type, with a pause or two":
        page.keyboard.press(letter)
        page.wait_for_timeout(900 if letter == "," else 90)
    page.wait_for_timeout(1500)
    return cast(list[float], page.evaluate("() => globalThis.typedTimes"))


if __name__ == "__main__":
    main()
