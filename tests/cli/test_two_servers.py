"""Two real servers on one database: whoever asks which of them, nothing is lost and nothing breaks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from tests.postgres import Postgres
from tests.served import Served

_EDITS = 25


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL for the servers; empty for the file in their folder."""
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_url()


@pytest.fixture
def serve(tmp_path: Path, database: str) -> Iterator[Callable[[], httpx.Client]]:
    """Starts `netgraft serve` as a process of its own; all have one data folder."""
    with ExitStack() as stack:

        def start() -> httpx.Client:
            settings = {"NETGRAFT_DATABASE_URL": database}
            server = stack.enter_context(Served(tmp_path / "data", settings=settings))
            return stack.enter_context(httpx.Client(base_url=server.address, timeout=60))

        yield start


def _open(api: httpx.Client) -> str:
    net = "".join(f'layer {{ name: "l{n}" type: "Input" top: "t{n}" }}\n' for n in range(8))
    return str(api.post("/api/documents", json={"text": net}).raise_for_status().json()["id"])


def test_two_servers_edit_a_document_in_turn(serve: Callable[[], httpx.Client]) -> None:
    one, two = serve(), serve()
    doc = f"/api/documents/{_open(one)}"
    for number in range(10):
        api = (one, two)[number % 2]
        asked = {
            "base_revision": number + 1,
            "operations": [{"op": "rename_layer", "layer": f"l{number % 8}", "to": f"n{number}"}]
            if number < 8
            else [{"op": "delete_layers", "layers": [f"n{number - 8}"]}],
        }
        done = api.post(f"{doc}/operations", json=asked)
        assert done.status_code == 200, done.text
    assert two.post(f"{doc}/undo").json()["document"]["revision"] == 10
    histories = [api.get(f"{doc}/history").json() for api in (one, two)]
    assert histories[0] == histories[1]
    assert len(histories[0]["steps"]) == 11
    assert one.get(f"{doc}/source").text == two.get(f"{doc}/source").text


def test_two_servers_edit_a_document_at_once(serve: Callable[[], httpx.Client]) -> None:
    servers = serve(), serve()
    doc = f"/api/documents/{_open(servers[0])}"
    answers: list[tuple[str, httpx.Response]] = []

    def edit(api: httpx.Client, layer: str) -> None:
        name = layer
        for number in range(_EDITS):
            base = api.get(doc).json()["revision"]
            to = f"{layer}_{number}"
            asked = {"base_revision": base, "operations": [{"op": "rename_layer", "layer": name, "to": to}]}
            answer = api.post(f"{doc}/operations", json=asked)
            answers.append((to, answer))
            name = to if answer.status_code == 200 else name

    threads = [
        threading.Thread(target=edit, args=(api, layer))
        for api, layer in zip([*servers, *servers], ("l0", "l1", "l2", "l3"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for _, answer in answers} <= {200, 409}
    done = [answer.json()["document"]["revision"] for _, answer in answers if answer.status_code == 200]
    # Every acknowledged edit is a revision of its own, and there is no other.
    assert sorted(done) == list(range(2, len(done) + 2))
    steps = servers[1].get(f"{doc}/history").json()["steps"]
    assert [step["revision"] for step in steps] == list(range(1, len(done) + 2))
    events = servers[0].get(doc).json()["version"]
    assert events == len(done) + 1
    last = {to.partition("_")[0]: to for to, answer in answers if answer.status_code == 200}
    text = servers[0].get(f"{doc}/source").text
    assert [name for name in last.values() if f'"{name}"' not in text] == []


def test_two_servers_start_at_once(serve: Callable[[], httpx.Client]) -> None:
    found: list[httpx.Client] = []
    threads = [threading.Thread(target=lambda: found.append(serve())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lists = [api.get("/api/documents").json()["documents"] for api in found]
    assert [[entry["id"] for entry in each] for each in lists] == [["example"], ["example"]]
