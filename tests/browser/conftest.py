"""A real `netgraft serve` and a real Chromium, for tests that see what a user sees."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, sync_playwright
from tests.browser.seats import Seats
from tests.served import Served

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def chromium_path(playwright: Playwright) -> Path:
    """An installed Chromium: NETGRAFT_CHROMIUM, else from PATH, else Playwright's own download."""
    stated = os.environ.get("NETGRAFT_CHROMIUM")
    if stated:
        return Path(stated)
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    downloaded = Path(playwright.chromium.executable_path)
    if not downloaded.is_file():
        pytest.fail("no Chromium: run `make browser`, or name one in NETGRAFT_CHROMIUM", pytrace=False)
    return downloaded


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that all browser tests share; each makes documents of its own."""
    with Served(tmp_path_factory.mktemp("serve") / "data") as served:
        yield served.address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(
        executable_path=chromium_path(playwright), args=CHROMIUM_ARGUMENTS, headless=True
    )
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def seats(browser: Browser, server: str) -> Iterator[Seats]:
    """Pages on the shared server."""
    made = Seats(browser, server)
    yield made
    made.close()


@pytest.fixture
def page(seats: Seats, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page without a past (base URL: the shared server), downloads allowed; its context may have had other
    pages before, unless the test is marked `own_context`.

    The test fails if the page logs an error or throws, unless the error matches a pattern of a
    `console_errors` marker. A failing test leaves a screenshot in test-results/.
    """
    allowed = [
        re.compile(pattern) for mark in request.node.iter_markers("console_errors") for pattern in mark.args
    ]
    problems: list[str] = []

    def note(problem: str) -> None:
        if not any(pattern.search(problem) for pattern in allowed):
            problems.append(problem)

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            note(f"console: {message.text} ({message.location.get('url', '')})")

    def on_error(error: Error) -> None:
        note(f"thrown: {error}")

    alone = request.node.get_closest_marker("own_context") is not None
    taken = seats.new() if alone else seats.take()
    taken.on("console", on_console)
    taken.on("pageerror", on_error)
    failures_before = request.session.testsfailed
    yield taken
    failed = request.session.testsfailed > failures_before or bool(problems)
    if failed:
        _keep_screenshot(taken, request.node.name)
    taken.remove_listener("console", on_console)
    taken.remove_listener("pageerror", on_error)
    if failed or alone:
        taken.context.close()
    else:
        seats.give_back(taken)
    if problems:
        pytest.fail("the page reported errors:\n" + "\n".join(problems), pytrace=False)


def _keep_screenshot(page: Page, test: str) -> None:
    folder = Path(__file__).resolve().parents[2] / "test-results"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', test)}.png")
