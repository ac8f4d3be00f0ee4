"""Makes docs/images/twins.webp: a pair of twins being made in the real app, step by step, with captions.

Every frame is a screenshot of a real server in a real Chromium; the steps stand in `STEPS`.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from pictures import IMAGES, drop, fit, select, settle, stage

SIZE: ViewportSize = {"width": 1200, "height": 750}
WIDTH = 960
"""Pixels of the animation's width; the height follows."""

CAPTION = """(text) => {
  let bar = document.querySelector('.caption-of-the-animation');
  if (!bar) {
    bar = document.createElement('div');
    bar.className = 'caption-of-the-animation';
    Object.assign(bar.style, {
      position: 'fixed', left: '50%', bottom: '64px', transform: 'translateX(-50%)', padding: '10px 20px',
      borderRadius: '10px', background: '#12312b', color: '#fff', font: '600 19px/1.35 system-ui, sans-serif',
      boxShadow: '0 6px 24px rgb(0 0 0 / 35%)', zIndex: '9999', whiteSpace: 'nowrap',
    });
  }
  // an open dialog is above everything else in the page, so the caption goes into it
  (document.querySelector('dialog[open]') ?? document.body).append(bar);
  bar.textContent = text;
}"""


def _dialog(page: Page) -> None:
    page.get_by_role("button", name="Duplicate", exact=True).click()
    page.get_by_role("dialog", name="Duplicate layers").locator('input[name="join"][value="concat"]').check()
    page.get_by_role("dialog", name="Duplicate layers").get_by_role("radio", name="One each").check()


def _rate(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Duplicate layers")
    dialog.get_by_label("Learning rate of copy 2").select_option("scale")
    dialog.get_by_label("Value for copy 2").fill("10")


def _share(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Duplicate layers")
    dialog.get_by_role("button", name="Share down to conv2").click()
    page.locator('.problem[data-severity="error"]').first.wait_for()


def _make(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"Make \d+ copies")).click()
    settle(page)
    page.get_by_role("button", name=re.compile(r"one rate for each group", re.IGNORECASE)).click()
    settle(page)
    page.locator(".toast").get_by_role("button", name="Close").first.click()
    fit(page)


def _shares(page: Page) -> None:
    page.get_by_role("tab", name="Shares").click()


def _download(page: Page) -> None:
    page.get_by_role("button", name="Download", exact=False).first.click()


STEPS: tuple[tuple[str, int, Callable[[Page], None]], ...] = (
    (
        "Drop a pretrained net and its caffemodel",
        2200,
        lambda page: drop(page, "lenet_v1.prototxt", "lenet_v1.caffemodel"),
    ),
    ("Select what you want twice", 2000, lambda page: select(page, "conv1", "ip2")),
    ("Duplicate: two copies under one joint layer", 2400, _dialog),
    ("The second learns ten times as fast", 2400, _rate),
    ("Share the convolutions? Caffe would abort, and you see it first", 3600, _share),
    ("One rate for what is shared, ten times for what is not", 3200, _make),
    ("Who shares what, and who owns it", 2600, _shares),
    ("Download the prototxt and the caffemodel, ready to train", 3200, _download),
)
"""Caption, milliseconds on the screen, what the user does."""


def _frame(page: Page, caption: str) -> Image.Image:
    page.wait_for_function("() => !document.querySelector('ng-duplicate')?.waiting")
    page.evaluate(CAPTION, caption)
    page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    height = round(picture.height * WIDTH / picture.width)
    return picture.resize((WIDTH, height), Image.Resampling.LANCZOS)


def main(arguments: list[str]) -> int:
    """Makes the animation; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=IMAGES / "twins.webp")
    parser.add_argument("--frames", type=Path, help="a folder for the single frames")
    asked = parser.parse_args(arguments)
    frames: list[Image.Image] = []
    with stage(SIZE) as seat:
        page = seat()
        page.goto("/")
        settle(page)
        for caption, _, step in STEPS:
            step(page)
            frames.append(_frame(page, caption))
            if asked.frames:
                asked.frames.mkdir(parents=True, exist_ok=True)
                frames[-1].save(asked.frames / f"{len(frames)}.png")
    durations = [duration for _, duration, _ in STEPS]
    first, *rest = frames
    first.save(asked.out, save_all=True, append_images=rest, duration=durations, loop=0, quality=82, method=6)
    print(f"{asked.out} ({asked.out.stat().st_size / 1000:.0f} kB)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
