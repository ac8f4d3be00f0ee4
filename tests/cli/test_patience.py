"""Clients that stand still, or speak no HTTP: they are let go, and the server goes on for the others."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from tests.served import Served


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.URL]:
    """A real server that waits one second for a client whose turn it is."""
    settings = {"NETGRAFT_IDLE_SECONDS": "1"}
    with Served(tmp_path_factory.mktemp("patience") / "data", settings=settings) as server:
        yield httpx.URL(server.url)


def _connected(address: httpx.URL) -> socket.socket:
    return socket.create_connection((address.host, address.port or 80), timeout=30)


def _closed(client: socket.socket) -> bytes:
    """All that still comes until the server closes."""
    came = b""
    try:
        while more := client.recv(65536):
            came += more
    except ConnectionResetError:
        pass
    return came


def _still_there(address: httpx.URL) -> None:
    assert httpx.get(address.join("/api/ready"), timeout=30).status_code == 200


def test_a_client_that_sends_nothing_is_let_go(address: httpx.URL) -> None:
    with _connected(address) as client:
        assert _closed(client) == b""
    _still_there(address)


def test_a_head_that_trickles_in_gains_no_time(address: httpx.URL) -> None:
    with _connected(address) as client:
        client.sendall(b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        sent = 0
        try:
            for _ in range(600):
                client.sendall(b"X-Slow: 1\r\n")
                sent += 1
                time.sleep(0.05)
        except OSError:
            pass
        assert sent < 600
    _still_there(address)


def test_a_body_that_stops_moving_is_given_up(address: httpx.URL) -> None:
    with _connected(address) as client:
        head = (
            "POST /api/check HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        )
        client.sendall(head.encode() + b'{"text": "')
        assert b" 200 " not in _closed(client)
    _still_there(address)


def test_a_slow_client_that_keeps_moving_is_served(address: httpx.URL) -> None:
    body = b"{\"text\": \"layer { name: 'in' type: 'Input' }\"}"
    with _connected(address) as client:
        head = (
            "POST /api/check HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        client.sendall(head.encode())
        for at in range(0, len(body), 8):  # longer than a second in all
            client.sendall(body[at : at + 8])
            time.sleep(0.25)
        assert b"HTTP/1.1 200 " in _closed(client)


@pytest.mark.parametrize(
    "sent",
    [
        b"rubbish\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_http_is_refused(address: httpx.URL, sent: bytes) -> None:
    with _connected(address) as client:
        with suppress(OSError):
            client.sendall(sent)
        assert b" 200 " not in _closed(client)
    _still_there(address)


@pytest.mark.parametrize(
    "nested", ["[" * 200_000, '{"a":' * 200_000, '{"text": ' + "[" * 50_000 + "]" * 50_000]
)
def test_json_nested_beyond_all_measure_is_an_error_in_words(address: httpx.URL, nested: str) -> None:
    answer = httpx.post(
        address.join("/api/check"), content=nested, headers={"Content-Type": "application/json"}, timeout=30
    )
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
