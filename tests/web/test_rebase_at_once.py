"""Many clients on one document at the same moment, all of whom saw the same revision."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import httpx
from tests.web.conftest import Serve

CLIENTS = 8

LAYERS = "".join(
    f'layer {{ name: "ip{index}" type: "InnerProduct" bottom: "data" top: "ip{index}" '
    "param { lr_mult: 1 } inner_product_param { num_output: 4 } }\n"
    for index in range(CLIENTS)
)
DATA = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }\n'
NET = DATA + LAYERS


def opened(api: httpx.Client) -> str:
    made = api.post("/api/documents", json={"text": NET, "name": "many"}).raise_for_status().json()
    return f"/api/documents/{made['id']}"


def at_once(
    ask: Callable[[httpx.Client, int], httpx.Response], *clients: httpx.Client
) -> list[httpx.Response]:
    """What eight clients are answered who ask in the same moment, spread over some servers."""
    start = Barrier(CLIENTS)

    def one(index: int) -> httpx.Response:
        with httpx.Client(base_url=clients[index % len(clients)].base_url, timeout=60) as client:
            start.wait()
            return ask(client, index)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


def rate(path: str, base: int, layer: str, lr: float) -> Callable[[httpx.Client], httpx.Response]:
    operation: dict[str, Any] = {"op": "set_rate", "layer": layer, "blob": 0, "lr_mult": lr}
    return lambda client: client.post(
        f"{path}/operations", json={"base_revision": base, "operations": [operation]}
    )


def one_rate(path: str, base: int, client: httpx.Client, index: int) -> httpx.Response:
    return rate(path, base, "ip0", 10 * base + index)(client)


def test_edits_of_different_layers_all_succeed_and_are_all_there(api: httpx.Client) -> None:
    path = opened(api)
    answers = at_once(lambda client, index: rate(path, 1, f"ip{index}", 10 + index)(client), api)
    assert [answer.status_code for answer in answers] == [200] * CLIENTS, answers[-1].text
    text = api.get(f"{path}/source").text
    assert [f"lr_mult: {10 + index} " in text for index in range(CLIENTS)] == [True] * CLIENTS
    revisions = sorted(answer.json()["document"]["revision"] for answer in answers)
    assert revisions == list(range(2, CLIENTS + 2))  # each is answered what it made itself
    steps = api.get(f"{path}/history").json()["steps"]
    assert [step["revision"] for step in steps] == list(range(1, CLIENTS + 2))
    over = [len(answer.json()["rebased"]["over"]) for answer in answers if answer.json()["rebased"]]
    assert sorted(over) == list(range(1, CLIENTS))  # each over all that came before it, and nothing else


def test_of_edits_of_one_layer_one_wins_each_revision(api: httpx.Client) -> None:
    path = opened(api)
    for base in range(1, 4):
        answers = at_once(partial(one_rate, path, base), api)
        assert sorted(answer.status_code for answer in answers) == [200, *[409] * (CLIENTS - 1)]
        won = next(index for index, answer in enumerate(answers) if answer.status_code == 200)
        assert f"lr_mult: {10 * base + won} " in api.get(f"{path}/source").text
        for answer in answers:
            if answer.status_code == 409:
                assert [clash["name"] for clash in answer.json()["clashes"]] == ["ip0"]
    assert api.get(path).json()["revision"] == 4


def test_edits_and_typing_at_once_lose_nothing(api: httpx.Client) -> None:
    path = opened(api)

    def ask(client: httpx.Client, index: int) -> httpx.Response:
        if index % 2:
            return rate(path, 1, f"ip{index}", 10 + index)(client)
        layer = f'name: "ip{index}" type: "InnerProduct" bottom: "data" top: "ip{index}" param {{ lr_mult: '
        text = NET.replace(f"{layer}1", f"{layer}{10 + index}")
        body = {"base_revision": 1, "operations": [{"op": "replace_text", "text": text}]}
        return client.post(f"{path}/operations", json=body)

    answers = at_once(ask, api)
    assert [answer.status_code for answer in answers] == [200] * CLIENTS
    text = api.get(f"{path}/source").text
    for index in range(CLIENTS):
        text = text.replace(f"lr_mult: {10 + index} ", "lr_mult: 1 ")
    assert text == NET


def test_who_is_answered_may_build_on_the_answer_as_on_his_own_step(api: httpx.Client) -> None:
    path = opened(api)
    body = {"base_revision": 1, "operations": [{"op": "replace_text", "text": NET + "# typed\n"}]}

    def ask(client: httpx.Client, index: int) -> httpx.Response:
        if index:
            return rate(path, 1, f"ip{index}", 10 + index)(client)
        return client.post(f"{path}/operations", json=body)

    typed = at_once(ask, api)[0].json()
    made = typed["document"]["revision"]
    seen = api.get(f"{path}/diff", params={"since": made}).json()
    later = seen["revision"] - made
    assert seen["diff"].count("+layer") == later  # what came after it, and nothing that it had not seen
    assert [each["revision"] for each in (typed["rebased"] or {"over": []})["over"]] == list(range(2, made))


def test_edits_through_two_servers_on_one_folder_are_all_there(serve: Serve) -> None:
    first, second = serve(), serve()
    path = opened(first)
    for server in (first, second):  # a server's first request sets its routes up, which two cannot do at once
        assert rate(path, 99, "ip0", 1)(server).status_code == 409
    answers = at_once(lambda client, index: rate(path, 1, f"ip{index}", 10 + index)(client), first, second)
    assert [answer.status_code for answer in answers] == [200] * CLIENTS
    for server in (first, second):
        text = server.get(f"{path}/source").text
        assert all(f"lr_mult: {10 + index} " in text for index in range(CLIENTS))


def test_undos_at_once_take_back_one_step(api: httpx.Client) -> None:
    path = opened(api)
    for base in (1, 2, 3):
        rate(path, base, "ip0", base + 1)(api).raise_for_status()
    answers = at_once(lambda client, _: client.post(f"{path}/undo", params={"base_revision": 4}), api)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * (CLIENTS - 1)]
    assert api.get(path).json()["revision"] == 3
