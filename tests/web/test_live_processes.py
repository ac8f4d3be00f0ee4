"""Several `netgraft serve` on one database are one to those who are on a document."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.postgres import Postgres
from tests.served import Served
from websockets.exceptions import ConnectionClosed

Follow = Callable[..., Any]
Start = Callable[[], "Process"]
EXAMPLE = "example"


class Process(Served):
    """A running `netgraft serve`, and what is asked of it."""

    def create(self) -> str:
        """A new document; its id."""
        made = httpx.post(f"{self.address}/api/documents", json={"example": "question"}, timeout=30)
        return str(made.raise_for_status().json()["id"])

    def edit(self, document: str, rate: float, author: str = "") -> None:
        """Changes a document: whatever revision it is at."""
        path = f"/api/documents/{document}"
        with httpx.Client(base_url=self.address, timeout=30) as client:
            revision = client.get(path).json()["revision"]
            operation = {"op": "set_rate", "layer": "ip1_a", "blob": 0, "lr_mult": rate}
            body = {"base_revision": revision, "operations": [operation]}
            headers = {"Netgraft-Author": author}
            client.post(f"{path}/operations", json=body, headers=headers).raise_for_status()

    def ask(self, method: str, path: str) -> Any:
        """The JSON of an answer; None where there is none."""
        answer = httpx.request(method, f"{self.address}/api/documents/{path}", timeout=30)
        return answer.raise_for_status().json() if answer.content else None


@contextmanager
def starting(data: Path, database: str) -> Iterator[Start]:
    """Starts servers on one data folder and one database."""
    with ExitStack() as stack:

        def start() -> Process:
            return stack.enter_context(Process(data, settings={"NETGRAFT_DATABASE_URL": database}))

        yield start


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(server.new_database())


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[tuple[Process, Process]]:
    """Two servers on one database, for tests that do nothing to them."""
    with starting(tmp_path_factory.mktemp("pair") / "data", database) as start:
        yield start(), start()


@pytest.fixture
def servers(tmp_path: Path, database: str) -> Iterator[Start]:
    """Starts servers, for tests that stop or kill them."""
    with starting(tmp_path / "data", database) as start:
        yield start


on_each_database = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgres"], indirect=True)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def names(people: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in people]


@on_each_database
def test_clients_of_two_processes_hear_of_all_changes_in_one_order(
    pair: tuple[Process, Process], follow: Follow
) -> None:
    one, two = pair
    document = one.create()
    ada, bob = follow(one.address, document), follow(two.address, document)
    ada.hear("hello"), bob.hear("hello")
    for rate in range(2, 8):
        pair[rate % 2].edit(document, rate, author=f"n{rate}")
    one.ask("POST", f"{document}/undo")
    two.ask("POST", f"{document}/redo")
    heard = ada.changes(8)
    assert heard == bob.changes(8)
    assert [each["version"] for each in heard] == list(range(2, 10))
    assert [each["author"] for each in heard[:6]] == ["n2", "n3", "n4", "n5", "n6", "n7"]
    assert [each["kind"] for each in heard[6:]] == ["undo", "redo"]


@on_each_database
def test_a_document_that_one_process_deletes_is_gone_for_clients_of_the_other(
    pair: tuple[Process, Process], follow: Follow
) -> None:
    one, two = pair
    document = one.create()
    bob = follow(two.address, document)
    bob.hear("hello")
    one.ask("DELETE", document)
    assert bob.hear() == {"type": "deleted"}
    assert bob.closed() == 4404


@on_postgres
def test_people_of_two_processes_see_each_other(pair: tuple[Process, Process], follow: Follow) -> None:
    one, two = pair
    document = one.create()
    ada = follow(one.address, document, client="a", name="Ada")
    ada.say(selection=["ip1_a", "nätze"])
    ada.people(lambda people: bool(people[0]["selection"]))
    # Whoever comes later hears of those who were there before.
    bob = follow(two.address, document, client="b", name="Bob")
    people = bob.people(lambda people: names(people) == ["Ada", "Bob"])
    assert people[0]["selection"] == ["ip1_a", "nätze"]
    ada.people(lambda people: names(people) == ["Ada", "Bob"])
    bob.say(selection=["joint_ip"], name="Robert")
    people = ada.people(lambda people: names(people) == ["Ada", "Robert"] and bool(people[1]["selection"]))
    assert people[1]["selection"] == ["joint_ip"]
    bob.close()
    ada.people(lambda people: names(people) == ["Ada"])


@on_postgres
def test_a_revoked_link_sends_away_who_came_by_another_process(
    pair: tuple[Process, Process], follow: Follow
) -> None:
    one, two = pair
    document = one.create()
    made = httpx.post(f"{one.address}/api/documents/{document}/links", json={}, timeout=30)
    link = made.raise_for_status().json()
    bob = follow(two.address, document, by=link["address"])
    assert bob.hear()["access"] == "read"
    one.ask("DELETE", f"{document}/links/{link['id']}")
    assert bob.closed() == 4403


@pytest.mark.slow
@on_each_database
def test_what_a_killed_process_knew_another_one_knows(servers: Start, follow: Follow) -> None:
    one, two = servers(), servers()
    ada = follow(one.address, client="a", name="Ada")
    ada.hear("hello")
    one.edit(EXAMPLE, 2)
    seen = ada.hear("change")["version"]
    assert one.stop(signal.SIGKILL) == -signal.SIGKILL
    with pytest.raises(ConnectionClosed):
        ada.hear("deleted")
    two.edit(EXAMPLE, 3)
    two.edit(EXAMPLE, 4)
    back = follow(two.address, client="a", name="Ada", after=seen)
    told = back.hear("hello")
    assert [each["version"] for each in told["events"]] == [seen + 1, seen + 2]
    assert names(told["people"]) == ["Ada"]


@pytest.mark.slow
@on_postgres
def test_a_process_that_starts_anew_hears_who_is_there(servers: Start, follow: Follow) -> None:
    one, two = servers(), servers()
    ada = follow(two.address, client="a", name="Ada")
    ada.hear("hello")
    ada.say(selection=["ip1_a"])
    bob = follow(one.address, client="b", name="Bob")
    bob.people(lambda people: names(people) == ["Ada", "Bob"])
    one.stop(signal.SIGKILL)
    back = follow(servers().address, client="b", name="Bob")
    people = back.people(lambda people: names(people) == ["Ada", "Bob"] and bool(people[0]["selection"]))
    assert people[0]["selection"] == ["ip1_a"]


@on_sqlite
def test_a_server_that_stops_says_goodbye_and_waits_for_nobody(servers: Start, follow: Follow) -> None:
    one = servers()
    followers = [follow(one.address) for _ in range(3)]
    for follower in followers:
        follower.hear("hello")
    assert one.stop() == 0
    assert [follower.closed() for follower in followers] == [1001] * 3


_HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
_MASK = b"\0\0\0\0"
_FRAMES = {
    "a text that is not UTF-8": b"\x81\x82" + _MASK + b"\xff\xfe",
    "a text that never comes": b"\x81\xfe\xff\xff" + _MASK,
    "no frame at all": b"\xff" * 100,
    "a frame that is not masked": b"\x81\x02ok",
    "a terabyte": b"\x81\xff" + (1 << 40).to_bytes(8, "big") + _MASK,
    "a closing code that is none": b"\x88\x82" + _MASK + b"\0\0",
    "a kind of frame that is none": b"\x83\x80" + _MASK,
    "the rest of no message": b"\x80\x80" + _MASK,
    "nothing": b"",
}
_WRONG_HANDSHAKES = (
    {"Sec-WebSocket-Key": "x"},
    {"Sec-WebSocket-Version": "7"},
    {"Upgrade": "h2c"},
    {"Host": ""},
)


@on_sqlite
def test_nothing_that_a_client_does_is_an_error_in_the_servers_log(servers: Start, follow: Follow) -> None:
    one = servers()

    def opened(**headers: str) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", one.port), timeout=30)
        asked = {"Host": f"127.0.0.1:{one.port}"} | _HANDSHAKE | headers
        lines = [f"GET /api/documents/{EXAMPLE}/live HTTP/1.1", *(f"{key}: {asked[key]}" for key in asked)]
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        assert client.recv(1000)
        return client

    for frame in _FRAMES.values():
        with opened() as client:
            client.sendall(frame)
            client.shutdown(socket.SHUT_WR)
            while client.recv(10_000):
                pass
    for wrong in _WRONG_HANDSHAKES:
        opened(**wrong).close()
    assert follow(one.address).hear("hello")
    assert one.stop() == 0
    log = one.logged()
    assert "Traceback" not in log
    assert "rror" not in log.replace("logger=uvicorn.error", ""), log
