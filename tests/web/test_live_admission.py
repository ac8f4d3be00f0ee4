"""Who may open a live socket, and with what rights."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from netgraft.web.security import cookie_name

Serve = Callable[..., httpx.Client]
Follow = Callable[..., Any]
TOKEN = "s3cret-token"
OWNER = {"Authorization": f"Bearer {TOKEN}"}
EXAMPLE = "/api/documents/example"


@pytest.fixture(scope="module")
def guarded(serve_module: Serve) -> httpx.Client:
    """A server with a token, which the client does not have by itself."""
    return serve_module(token=TOKEN)


def share(api: httpx.Client, document: str = EXAMPLE) -> Any:
    return api.post(f"{document}/links", json={}, headers=OWNER).raise_for_status().json()


def refused(api: httpx.Client, path: str = f"{EXAMPLE}/live", **how: Any) -> httpx.Response:
    """The answer to a socket that is refused before it opens."""
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(f"ws://127.0.0.1:{api.base_url.port}{path}", **how),
    ):
        pass
    answer = refusal.value.response
    return httpx.Response(
        answer.status_code, headers=list(answer.headers.raw_items()), content=bytes(answer.body)
    )


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", "file://", "x"]
)
def test_a_page_of_another_site_opens_no_socket(reader: httpx.Client, origin: str) -> None:
    answer = refused(reader, additional_headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-origin")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_that_calls_the_server_by_another_name_opens_no_socket(reader: httpx.Client) -> None:
    name = f"evil.example:{reader.base_url.port}"
    rebound = socket.create_connection(("127.0.0.1", reader.base_url.port))
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(f"ws://{name}{EXAMPLE}/live", sock=rebound, origin=Origin(f"http://{name}")),
    ):
        pass
    assert refusal.value.response.status_code == 421


def test_even_a_token_or_a_link_admits_no_other_site(guarded: httpx.Client) -> None:
    link = share(guarded)["address"]
    for path, more in ((f"{EXAMPLE}/live", OWNER), (f"{link}{EXAMPLE}/live", {})):
        answer = refused(guarded, path, additional_headers={"Origin": "https://evil.example", **more})
        assert answer.status_code == 403


def test_the_editors_own_page_and_programs_are_let_in(reader: httpx.Client, follow: Follow) -> None:
    origin = str(reader.base_url).rstrip("/")
    assert follow(reader, how={"origin": origin}).hear()["access"] == "edit"
    assert follow(reader).hear()["access"] == "edit"


def test_without_the_servers_token_a_socket_is_closed_with_4401(
    guarded: httpx.Client, follow: Follow
) -> None:
    wrong = {"additional_headers": {"Authorization": "Bearer wrong", "Cookie": f"{cookie_name(TOKEN)}=wrong"}}
    for how, query in (({}, {}), (wrong, {}), ({}, {"token": "wrong"}), ({}, {"token": ""})):
        assert follow(guarded, how=how, **query).closed() == 4401


def test_the_token_is_taken_from_cookie_header_or_address(guarded: httpx.Client, follow: Follow) -> None:
    cookie = {"additional_headers": {"Cookie": f"{cookie_name(TOKEN)}={TOKEN}"}}
    for how, query in ((cookie, {}), ({"additional_headers": OWNER}, {}), ({}, {"token": TOKEN})):
        assert follow(guarded, how=how, **query).hear()["access"] == "edit"


def test_a_link_lets_its_holder_look(guarded: httpx.Client, follow: Follow) -> None:
    link = share(guarded)["address"]
    reader = follow(guarded, by=link, client="r")
    assert reader.hear()["access"] == "read"
    editor = follow(guarded, how={"additional_headers": OWNER}, client="e", name="Eve")
    reader.people(lambda people: [each["name"] for each in people] == ["Eve"])
    guarded.patch(EXAMPLE, json={"name": "seen"}, headers=OWNER).raise_for_status()
    assert reader.hear("change")["title"] == "seen"
    editor.hear("change")
    reader.say(name="Rita", selection=["ip1_a"])
    people = editor.people(lambda people: any(each["selection"] for each in people))
    assert {each["name"] for each in people} == {"Eve", "Rita"}
    editor.close()
    reader.close()


@pytest.mark.parametrize(
    "part", ["/live", f"{EXAMPLE}/x/live", "/api/documents/none/live", f"{EXAMPLE}/graph"]
)
def test_a_link_opens_no_other_socket(guarded: httpx.Client, part: str) -> None:
    link = share(guarded)["address"]
    assert refused(guarded, link + part).status_code == 404


def test_a_link_follows_no_other_document(guarded: httpx.Client) -> None:
    created = guarded.post("/api/documents", json={"example": "question"}, headers=OWNER)
    other = created.raise_for_status().json()["id"]
    link = share(guarded)["address"]
    for way in (f"/api/documents/{other}/live", f"/api/documents/example/../{other}/live"):
        assert refused(guarded, link + way).status_code == 404


def test_a_dead_link_closes_with_4403(guarded: httpx.Client, follow: Follow) -> None:
    assert follow(guarded, by="/s/" + "x" * 32).closed() == 4403
    assert follow(guarded, by="/s/x").closed() == 4403


def test_whoever_looks_on_by_a_link_is_sent_away_when_it_is_revoked(
    guarded: httpx.Client, follow: Follow
) -> None:
    first, second = share(guarded), share(guarded)
    gone, stays = follow(guarded, by=first["address"]), follow(guarded, by=second["address"])
    gone.hear(), stays.hear()
    guarded.delete(f"{EXAMPLE}/links/{first['id']}", headers=OWNER).raise_for_status()
    assert gone.closed() == 4403
    stays.say(name="still here")
    stays.people(lambda people: any(each["name"] == "still here" for each in people))


def test_a_reader_cannot_pass_for_somebody_who_edits(guarded: httpx.Client, follow: Follow) -> None:
    editor = follow(guarded, how={"additional_headers": OWNER}, client="boss", name="Boss")
    editor.hear()
    posing = follow(guarded, by=share(guarded)["address"], client="boss", name="Mallory")
    posing.say(selection=["ip1_a"])
    told = posing.hear()["people"]
    assert [each["name"] for each in told if each["client"] == "boss"] == ["Boss"]


@pytest.mark.parametrize("path", ["/", "/api/documents/example", "/live", "/static/app.js", "/docs"])
def test_sockets_elsewhere_are_refused(reader: httpx.Client, path: str) -> None:
    assert refused(reader, path).status_code in (403, 404)


def test_names_are_told_as_texts_and_not_as_markup(reader: httpx.Client, follow: Follow) -> None:
    name = "<img src=x onerror=alert(1)>"
    told = follow(reader, client="m", name=name).hear()
    assert name in [each["name"] for each in told["people"]]
    assert json.dumps(name) in json.dumps(told)
