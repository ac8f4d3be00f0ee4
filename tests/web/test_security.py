"""Who may call the server, and what binds the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

Serve = Callable[..., httpx.Client]
TOKEN = "s3cret-token"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:1", "localhost", "LOCALHOST:99", "[::1]", "[::1]:80"]
)
def test_loopback_names_are_answered(reader: httpx.Client, host: str) -> None:
    assert reader.get("/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]", "", "evil:8100"]
)
@pytest.mark.parametrize("path", ["/", "/api/health", "/static/app.js", "/docs", "/nothing"])
def test_any_other_name_is_refused(reader: httpx.Client, host: str, path: str) -> None:
    answer = reader.get(path, headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong-host")


def test_a_name_that_the_settings_allow_is_answered(serve: Serve) -> None:
    api = serve(allowed_hosts="nets.example, Other")
    for host in ("nets.example", "other:8100", "127.0.0.1"):
        assert api.get("/api/health", headers={"Host": host}).status_code == 200
    assert api.get("/api/health", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},  # another port is another site
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ],
)
def test_calls_from_other_sites_are_refused(
    reader: httpx.Client, method: str, headers: dict[str, str]
) -> None:
    answer = reader.request(method, "/api/documents/example", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-origin")
    assert reader.get("/api/documents/example").status_code == 200


def test_calls_from_the_editors_own_page_are_answered(reader: httpx.Client) -> None:
    origin = str(reader.base_url).rstrip("/")
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert reader.post("/api/check", json={"text": ""}, headers=headers).status_code == 200


def test_a_link_on_another_site_may_open_the_page(reader: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert reader.get("/", headers=headers).status_code == 200
    assert reader.post("/api/check", json={"text": ""}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/api/documents", "/nothing", "/api/documents/example/source"]
)
def test_every_answer_binds_the_browser(reader: httpx.Client, path: str) -> None:
    headers = reader.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*", policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/", "/d/example", "/docs", "/docs/start.js"])
def test_pages_have_no_inline_script_and_ask_no_other_site(reader: httpx.Client, path: str) -> None:
    text = reader.get(path).raise_for_status().text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text)
    assert "https://" not in text.replace("https://netgraft", "")


def test_with_a_token_nothing_is_answered_without_it(serve: Serve) -> None:
    api = serve(token=TOKEN)
    for path in ("/", "/api/documents", "/docs", "/openapi.json", "/?token=wrong"):
        answer = api.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-needed")
    for scheme in ("Bearer", "bearer"):
        headers = {"Authorization": f"{scheme} {TOKEN}"}
        assert api.get("/api/documents", headers=headers).status_code == 200
    assert api.get("/api/documents", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert api.post(f"/api/check?token={TOKEN}", json={"text": ""}).status_code == 401


def test_the_token_in_a_pages_address_becomes_a_cookie(serve: Serve) -> None:
    api = serve(token=TOKEN)
    answer = api.get(f"/?document=example&token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?document=example")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert api.get("/?document=example").status_code == 200
    assert api.get("/api/documents").status_code == 200


def test_the_tokens_redirect_stays_on_this_site(serve: Serve) -> None:
    api = serve(token=TOKEN)
    answer = api.get(f"{api.base_url}//evil.example/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/evil.example/")
