"""Who may call the server, and what binds the browser."""

from __future__ import annotations

import asyncio
import http.client
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from netgraft.web.app import create_app
from netgraft.web.security import cookie_name
from netgraft.web.settings import Settings

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


def test_where_others_may_call_any_number_is_the_servers_own(serve: Serve) -> None:
    """A name can be made to point here by whoever owns it, a number cannot."""
    api = serve(host="0.0.0.0")
    for host in ("192.168.1.5:8100", "10.0.0.1", "[fe80::1]:80", "127.0.0.1"):
        assert api.get("/api/health", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "1.2.3.4.evil.example", "0x7f.1", "2130706433", "1.2.3", "", "[::1"):
        answer = api.get("/api/health", headers={"Host": host})
        assert answer.status_code == 421, host
        assert "NETGRAFT_ALLOWED_HOSTS" in answer.json()["detail"]


def test_an_unknown_protocol_is_refused() -> None:
    app = create_app(Settings(token=TOKEN))

    async def unused(*_: object) -> Any:
        raise AssertionError("nothing is received or sent")

    with pytest.raises(ValueError, match="webtransport"):
        asyncio.run(app({"type": "webtransport", "path": "/"}, unused, unused))


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
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert api.get("/?document=example").status_code == 200
    assert api.get("/api/documents").status_code == 200


def test_the_cookie_is_secure_where_the_page_came_by_https(serve: Serve) -> None:
    api = serve(token=TOKEN)
    answer = api.get(f"/?token={TOKEN}", headers={"X-Forwarded-Proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_servers_on_two_ports_of_one_host_keep_their_cookies_apart(serve: Serve) -> None:
    first, second = serve(token=TOKEN), serve(token="another-token")
    first.get(f"/?token={TOKEN}")
    # Browsers send the cookies of one port to all ports of the host.
    second.cookies.update(first.cookies)
    assert second.get("/api/documents").status_code == 401
    second.get("/?token=another-token")
    second.cookies.update(first.cookies)
    assert second.get("/api/documents").status_code == 200


@pytest.mark.parametrize("odd", ['{"a":1}', "a=b=c; =; ;;", 'x="unfinished', "\xff=\xfe", "[]=1"])
def test_an_odd_cookie_of_another_server_does_not_hide_ours(serve_module: Serve, odd: str) -> None:
    api = serve_module(token=TOKEN)
    headers = {b"Cookie": f"{odd}; {cookie_name(TOKEN)}={TOKEN}".encode("latin-1")}
    assert api.get("/api/documents", headers=headers).status_code == 200


def test_a_token_may_hold_any_characters(serve: Serve) -> None:
    token = 'a;b,"c\\ d=é'
    api = serve(token=token)
    assert api.get("/", params={"token": token}).status_code == 303
    assert api.get("/api/documents").status_code == 200


def test_a_colleagues_link_to_a_document_opens_for_who_has_the_cookie(serve: Serve) -> None:
    api = serve(token=TOKEN)
    api.get(f"/?token={TOKEN}")
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert api.get("/d/example", headers=headers).status_code == 200


def test_a_person_without_the_token_sees_a_page_that_says_so(serve: Serve) -> None:
    answer = serve(token=TOKEN).get("/d/example", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "asks for its token" in answer.text


def test_what_a_load_balancer_asks_needs_no_token(serve: Serve) -> None:
    api = serve(token=TOKEN)
    assert api.get("/api/health").status_code == 200
    assert api.get("/api/ready").status_code == 200
    assert api.post("/api/health").status_code == 401
    assert api.get("/metrics").status_code == 401


@pytest.mark.parametrize(
    "path", ["/static/../api/documents", "/static/..%2fapi/documents", "/static//etc/passwd"]
)
def test_the_open_static_files_lead_nowhere_else(serve_module: Serve, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", serve_module(token=TOKEN).base_url.port or 80)
    connection.request("GET", path)
    assert connection.getresponse().status in (401, 404)
    connection.close()


def test_the_tokens_redirect_stays_on_this_site(serve: Serve) -> None:
    api = serve(token=TOKEN)
    answer = api.get(f"{api.base_url}//evil.example/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/evil.example/")
