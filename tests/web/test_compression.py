"""Compression: for clients elsewhere, not over loopback, and never of weights."""

from __future__ import annotations

import asyncio

import httpx

from netgraft.web.app import create_app
from netgraft.web.settings import Settings


def _get(path: str, client: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings()), client=(client, 123))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
            return await asking.get(path, headers=headers)

    return asyncio.run(ask())


def test_text_is_compressed_for_a_client_elsewhere_that_takes_it() -> None:
    plain = _get("/docs/swagger-ui.css", "192.0.2.1", **{"Accept-Encoding": "identity"})
    packed = _get("/docs/swagger-ui.css", "192.0.2.1", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers.get("content-length", 0)) < len(plain.content)


def test_nothing_is_compressed_over_loopback() -> None:
    for client in ("127.0.0.1", "::1"):
        assert "content-encoding" not in _get("/docs/swagger-ui.css", client).headers


def test_a_file_that_has_not_changed_is_not_sent_again() -> None:
    etag = _get("/docs/swagger-ui.css", "127.0.0.1").headers["etag"]
    assert _get("/docs/swagger-ui.css", "127.0.0.1", **{"If-None-Match": etag}).status_code == 304
