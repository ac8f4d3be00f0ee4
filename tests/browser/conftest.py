"""A real `netgraft serve` and a real Chromium, for tests that see what a user sees."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, sync_playwright
from tests.browser.seats import Seats

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
START_SECONDS = 90


@contextmanager
def running_server(data: Path, *arguments: str) -> Iterator[str]:
    """Start `netgraft serve` on a free loopback port; yields its address, stops it at the end.

    Its output goes to data/../<name>.log, and into the failure when it does not come up.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log_path = data.with_name(f"{data.name}.log")
    command = Path(sys.executable).with_name("netgraft")
    with log_path.open("wb") as log:
        server = subprocess.Popen(
            [command, "serve", "--data", data, "--port", str(port), "--no-open", *arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_it_answers(address, server, log_path)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_it_answers(address: str, server: subprocess.Popen[bytes], log_path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/api/documents", timeout=5):
                return
        except urllib.error.HTTPError:
            return  # it answers; what it says is for the tests to judge
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"netgraft serve did not come up:\n{log_path.read_text(errors='replace')}", pytrace=False)


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
    with running_server(tmp_path_factory.mktemp("serve") / "data") as address:
        yield address


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
