"""What a real browser lets pages do to the server, and what the server lets them."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.own_context

OPEN = """(address) => new Promise((resolve) => {
  document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
  const socket = new WebSocket(address);
  socket.onmessage = ({ data }) => resolve(JSON.parse(data).type);
  socket.onclose = ({ code }) => resolve(code);
})"""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a page on another origin of this machine, without any policy."""

    class Blank(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><link rel=icon href=data:,><title>elsewhere</title>")

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


def _live(address: str) -> str:
    return f"{address.replace('http', 'ws', 1)}/api/documents/example/live"


def test_the_live_socket_opens_under_the_pages_own_policy(page: Page, server: str) -> None:
    page.goto("/")
    assert page.evaluate(OPEN, _live(server)) == "hello"


@pytest.mark.console_errors("Content Security Policy", "Refused to connect")
def test_the_pages_policy_lets_no_socket_leave_for_another_place(
    page: Page, server: str, elsewhere: str
) -> None:
    page.goto("/")
    assert page.evaluate(OPEN, _live(elsewhere)) == "connect-src"
    assert page.evaluate(OPEN, _live(server.replace("127.0.0.1", "localhost"))) == "connect-src"


@pytest.mark.console_errors("WebSocket connection", "Failed to load resource", "CORS policy")
def test_a_page_of_another_origin_gets_at_nothing(page: Page, server: str, elsewhere: str) -> None:
    page.goto(elsewhere)
    assert page.evaluate(OPEN, _live(server)) == 1006
    read = "(address) => fetch(address).then((answer) => answer.text(), (error) => error.name)"
    assert page.evaluate(read, f"{server}/api/documents/example") == "TypeError"
    sent = (
        f"{read[:-1]}".replace("fetch(address)", "fetch(address, { method: 'POST', mode: 'no-cors' })") + ")"
    )
    page.evaluate(sent, f"{server}/api/documents/example/undo")
    assert httpx.get(f"{server}/api/documents/example").json()["version"] == 1


def test_a_share_links_page_tells_its_address_to_nobody(page: Page, server: str) -> None:
    made = httpx.post(f"{server}/api/documents", json={"example": "question"}).raise_for_status().json()
    links = httpx.post(f"{server}/api/documents/{made['id']}/links", json={})
    link = links.raise_for_status().json()
    told: list[str] = []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(link["address"])
    page.locator(".document-name").wait_for()
    assert told
    assert [referrer for referrer in told if link["token"] in referrer] == []
    assert all(link["token"] in address for address in sockets)
    assert page.evaluate("() => document.cookie") == ""
