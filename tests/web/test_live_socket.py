"""A document's live socket: who is there, what they do, what a client that comes back has missed."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

Serve = Callable[..., httpx.Client]
Follow = Callable[..., Any]
EXAMPLE = "/api/documents/example"


def edit(api: httpx.Client, author: str = "", client: str = "") -> Any:
    """Changes the document by a step that can be made again and again."""
    revision = api.get(EXAMPLE).json()["revision"]
    operation = {"op": "set_rate", "layer": "ip1_a", "blob": 0, "lr_mult": revision + 2}
    body = {"base_revision": revision, "operations": [operation]}
    headers = {"Netgraft-Author": author, "Netgraft-Client": client}
    return api.post(f"{EXAMPLE}/operations", json=body, headers=headers).raise_for_status().json()


def fill(api: httpx.Client, changes: int) -> None:
    """Makes so many changes of the cheapest kind."""
    for number in range(changes):
        api.patch(EXAMPLE, json={"name": f"n{number}"}).raise_for_status()


def names(people: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in people]


def test_a_hello_tells_where_the_document_is_and_who_is_there(api: httpx.Client, follow: Follow) -> None:
    edit(api)
    told = follow(api, client="c1", name="Ada").hear()
    assert told == {
        "type": "hello",
        "client": "c1",
        "version": 2,
        "revision": 2,
        "access": "edit",
        "events": [],
        "people": [{"client": "c1", "name": "Ada", "selection": [], "more": 0}],
    }


@pytest.mark.parametrize("client", ["", "ä", "a b", "x" * 65, "<b>"])
def test_a_client_without_a_proper_id_gets_one(reader: httpx.Client, follow: Follow, client: str) -> None:
    told = follow(reader, client=client).hear()
    assert told["client"] not in ("", client)
    assert [each["client"] for each in told["people"]] == [told["client"]]


def test_everybody_hears_of_every_kind_of_change(api: httpx.Client, follow: Follow) -> None:
    ada, bob = follow(api, client="a"), follow(api, client="b")
    ada.hear(), bob.hear()
    edit(api, "Ada", "a")
    api.post(f"{EXAMPLE}/undo").raise_for_status()
    api.post(f"{EXAMPLE}/redo").raise_for_status()
    api.patch(EXAMPLE, json={"name": "other"}).raise_for_status()
    api.patch(f"{EXAMPLE}/premises", json={"profile": "fork"}).raise_for_status()
    api.put(f"{EXAMPLE}/layout", json={"down": {"ip1_a": [1, 2]}}).raise_for_status()
    heard = ada.changes(6)
    assert heard == bob.changes(6)
    assert [each["kind"] for each in heard] == ["edit", "undo", "redo", "rename", "premises", "layout"]
    assert [each["version"] for each in heard] == [2, 3, 4, 5, 6, 7]
    assert [each["revision"] for each in heard] == [2, 1, 2, 2, 2, 2]
    first = heard[0]
    assert set(first) == {"type", "version", "revision", "kind", "title", "author", "client", "created"}
    assert (first["author"], first["client"]) == ("Ada", "a")


def test_who_comes_back_hears_exactly_what_was_missed(api: httpx.Client, follow: Follow) -> None:
    ada = follow(api, client="a")
    ada.hear()
    fill(api, 2)
    seen = ada.changes(2)[-1]["version"]
    ada.close()
    fill(api, 3)
    back = follow(api, client="a", after=seen)
    told = back.hear()
    assert [each["version"] for each in told["events"]] == [seen + 1, seen + 2, seen + 3]
    assert told["version"] == seen + 3
    fill(api, 1)
    assert [each["version"] for each in back.changes(1)] == [seen + 4]


def test_nothing_is_missed_or_told_twice_while_others_go_on(api: httpx.Client, follow: Follow) -> None:
    """Clients that come at any moment of a stream of changes hear each of them once."""
    followers = []
    for _ in range(8):
        fill(api, 2)
        followers.append(follow(api, after=1))
        fill(api, 2)
    for follower in followers:
        told = follower.hear("hello")
        heard = [each["version"] for each in told["events"]]
        assert told["version"] == ([1, *heard])[-1]
        heard += [each["version"] for each in follower.changes(33 - told["version"])]
        assert heard == list(range(2, 34))


def test_who_missed_very_much_hears_all_of_it_in_pieces(
    api: httpx.Client, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netgraft.web.live.room.MOST_IN_HELLO", 20)
    monkeypatch.setattr("netgraft.web.live.room.MOST_IN_FOLLOWING", 10)
    monkeypatch.setattr("netgraft.web.live.room.PAGE", 7)
    fill(api, 55)
    follower = follow(api, after=0)
    told = follower.hear()
    assert [each["version"] for each in told["events"]] == list(range(1, 21))
    assert told["version"] == 20
    fill(api, 1)
    assert [each["version"] for each in follower.changes(37)] == list(range(21, 58))


@pytest.mark.parametrize("after", ["999999", "-1", "x", "", "1e3", "9" * 30])
def test_a_version_that_cannot_be_is_no_error(reader: httpx.Client, follow: Follow, after: str) -> None:
    assert follow(reader, after=after).hear()["events"] == []


def test_people_see_each_other_come_select_rename_themselves_and_go(
    api: httpx.Client, follow: Follow
) -> None:
    ada = follow(api, client="a", name="Ada")
    ada.hear()
    bob = follow(api, client="b", name="Bob")
    assert names(bob.hear()["people"]) == ["Ada", "Bob"]
    ada.people(lambda people: names(people) == ["Ada", "Bob"])
    bob.say(selection=["ip1_a", "joint_ip"])
    people = ada.people(lambda people: bool(people[-1]["selection"]))
    assert people[-1] == {"client": "b", "name": "Bob", "selection": ["ip1_a", "joint_ip"], "more": 0}
    bob.say(name="Robert")
    people = ada.people(lambda people: names(people) == ["Ada", "Robert"])
    assert people[-1]["selection"] == ["ip1_a", "joint_ip"]
    bob.say(selection=[])
    ada.people(lambda people: names(people) == ["Ada", "Robert"] and not people[-1]["selection"])
    bob.close()
    ada.people(lambda people: names(people) == ["Ada"])


def test_many_changes_of_a_selection_come_as_few_messages_and_the_last_one_wins(
    api: httpx.Client, follow: Follow
) -> None:
    ada, bob = follow(api, client="a"), follow(api, client="b", name="Bob")
    for number in range(150):
        bob.say(selection=[f"l{number}"])
    told = 0
    while True:
        told += 1
        if ada.hear("people")["people"][-1]["selection"] == ["l149"]:
            break
    assert told < 50


def test_documents_do_not_hear_of_each_other(api: httpx.Client, follow: Follow) -> None:
    other = api.post("/api/documents", json={"example": "question"}).json()["id"]
    ada, bob = follow(api, client="a", name="Ada"), follow(api, other, client="b", name="Bob")
    assert names(ada.hear()["people"]) == ["Ada"]
    assert names(bob.hear()["people"]) == ["Bob"]
    api.patch(f"/api/documents/{other}", json={"name": "x"}).raise_for_status()
    edit(api)
    assert ada.hear("change")["kind"] == "edit"
    assert bob.hear("change")["kind"] == "rename"


def test_a_name_that_is_not_utf8_and_a_lone_surrogate_come_through(api: httpx.Client, follow: Follow) -> None:
    ada, bob = follow(api, client="a"), follow(api, client="b")
    bob.socket.send('{"type":"me","name":"Z\\u00e9","selection":["\\ud800x"]}')
    people = ada.people(lambda people: bool(people[-1]["selection"]))
    assert (people[-1]["name"], people[-1]["selection"]) == ("Zé", ["\ud800x"])


def test_a_deleted_document_says_so_and_closes(api: httpx.Client, follow: Follow) -> None:
    ada = follow(api)
    ada.hear()
    api.delete(EXAMPLE).raise_for_status()
    assert ada.hear() == {"type": "deleted"}
    assert ada.closed() == 4404


def test_a_document_that_is_not_there_closes_with_4404(reader: httpx.Client, follow: Follow) -> None:
    for document in ("none", "x" * 500, "..", "%2e%2e"):
        assert follow(reader, document).closed() == 4404


@pytest.mark.parametrize(
    "rubbish", ["", "{}", "null", '{"type":"you"}', '{"type":"me","selection":1}', b"\0"]
)
def test_rubbish_closes_the_socket_and_is_no_error_of_the_server(
    reader: httpx.Client, follow: Follow, rubbish: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ada = follow(reader)
    ada.hear()
    ada.socket.send(rubbish)
    assert ada.closed() == 1008
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


@given(st.lists(st.text(max_size=30) | st.binary(max_size=30), min_size=1, max_size=5))
def test_whatever_is_sent_the_server_goes_on(reader: httpx.Client, said: list[str | bytes]) -> None:
    from websockets.sync.client import connect

    address = f"ws://127.0.0.1:{reader.base_url.port}{EXAMPLE}/live"
    with connect(address, close_timeout=5) as opened:
        with suppress(ConnectionClosed):
            for each in said:
                opened.send(each)
            while True:
                opened.recv(30)
        assert opened.close_code == 1008


def test_a_message_too_large_closes_the_socket(reader: httpx.Client, follow: Follow) -> None:
    ada = follow(reader)
    ada.hear()
    ada.socket.send(json.dumps({"type": "me", "selection": ["x" * 1000] * 2000}))
    assert ada.closed() == 1009


def test_a_selection_of_all_layers_of_the_largest_net_is_not_too_large(
    reader: httpx.Client, follow: Follow
) -> None:
    ada = follow(reader, client="a")
    ada.say(selection=[f"inception_5b/3x3_reduce/{number}" for number in range(20_000)])
    people = ada.people(lambda people: any(each["more"] for each in people))
    assert [each["more"] for each in people if each["client"] == "a"] == [19_900]


def test_a_flood_of_messages_closes_the_socket(reader: httpx.Client, follow: Follow) -> None:
    ada = follow(reader)
    with suppress(ConnectionClosed):
        for number in range(100_000):
            ada.say(selection=[str(number)])
    assert ada.closed() == 1008


def test_so_many_sockets_and_no_more(serve: Serve, follow: Follow) -> None:
    api = serve(max_live=3, max_live_document=2)
    other = api.post("/api/documents", json={"example": "question"}).json()["id"]
    first, second = follow(api), follow(api)
    first.hear(), second.hear()
    assert follow(api).closed() == 1013
    follow(api, other).hear()
    assert follow(api, other).closed() == 1013
    first.close()
    second.people(lambda people: len(people) == 1)
    third = follow(api)
    assert third.hear()["type"] == "hello"


def test_a_client_that_reads_nothing_is_let_go_and_catches_up(serve: Serve, follow: Follow) -> None:
    api = serve(send_buffer=4096)
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect(("127.0.0.1", api.base_url.port))
    slow = follow(api, how={"sock": small, "max_queue": 1, "compression": None}, client="slow")
    slow.hear("hello")
    quick = follow(api, client="quick")
    # Until the buffers on the way to it are full, however large they are.
    version, there = 1, {"slow"}
    while "slow" in there:
        version += 1
        api.patch(EXAMPLE, json={"name": f"{version}" + "网" * 110}).raise_for_status()
        while (told := quick.hear())["type"] != "change":
            there = {each["client"] for each in told["people"]}
        assert told["version"] == version
    assert slow.closed() == 1013
    back = follow(api, client="slow", after=1)
    heard = back.hear("hello")["events"]
    heard += back.changes(version - 1 - len(heard))
    assert [each["version"] for each in heard] == list(range(2, version + 1))


def test_a_title_beyond_all_measure_is_told_in_part(api: httpx.Client, follow: Follow) -> None:
    ada = follow(api)
    operation = {"op": "rename_layer", "layer": "ip1_a", "to": "x" * 1_000_000}
    body = {"base_revision": 1, "operations": [operation]}
    api.post(f"{EXAMPLE}/operations", json=body).raise_for_status()
    assert len(ada.hear("change")["title"]) == 500


def test_a_client_that_vanishes_is_gone_for_the_others(api: httpx.Client, follow: Follow) -> None:
    ada, bob = follow(api, client="a", name="Ada"), follow(api, client="b", name="Bob")
    ada.people(lambda people: len(people) == 2)
    bob.socket.socket.shutdown(socket.SHUT_RDWR)
    ada.people(lambda people: names(people) == ["Ada"])
