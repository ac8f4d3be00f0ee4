"""Requests about large nets take turns; who waits too long in a row is told so, and small ones pass by."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import pytest

Serve = Callable[..., httpx.Client]


def _net(layers: int) -> str:
    made = 'layer { name: "l0" type: "Input" top: "l0" input_param { shape { dim: 1 dim: 4 } } }\n'
    for n in range(1, layers):
        made += f'layer {{ name: "l{n}" type: "ReLU" bottom: "l{n - 1}" top: "l{n}" }}\n'
    return made


def _at_once(api: httpx.Client, count: int, **request: Any) -> list[httpx.Response]:
    with ThreadPoolExecutor(count) as pool:
        asked = [pool.submit(partial(httpx.request, timeout=60, **request)) for _ in range(count)]
        return [each.result() for each in asked]


def test_all_large_checks_at_once_are_answered_one_after_the_other(serve: Serve) -> None:
    api = serve(heavy=1, heavy_layers=100)
    url = f"{api.base_url}/api/check"
    answers = _at_once(api, 6, method="POST", url=url, json={"text": _net(400)})
    assert [answer.status_code for answer in answers] == [200] * 6


def test_a_large_one_too_many_is_told_that_the_server_is_busy(serve: Serve) -> None:
    api = serve(heavy=1, heavy_layers=100, waiting=0)
    url = f"{api.base_url}/api/check"
    answers = _at_once(api, 6, method="POST", url=url, json={"text": _net(3000)})
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(refused) < len(answers)
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.json()["limit"] == 0
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_large_document_is_read_and_edited_in_its_turn(serve: Serve, method: str) -> None:
    api = serve(heavy=1, heavy_layers=100)
    made = api.post("/api/documents", json={"text": _net(400)}).raise_for_status().json()
    path = f"/api/documents/{made['id']}"
    answers = _at_once(api, 4, method="GET", url=f"{api.base_url}{path}/graph")
    assert [answer.status_code for answer in answers] == [200] * 4
    operation = {"op": "rename_layer", "layer": "l3", "to": "other"}
    body = {"base_revision": made["revision"], "operations": [operation]}
    assert api.post(f"{path}/operations", json=body).status_code == 200
    assert api.post(f"{path}/undo").status_code == 200
    assert api.request(method, f"{path}/nothing").status_code in (404, 405)
    assert api.delete(path).status_code == 204


def test_a_turn_that_a_client_gave_up_goes_to_the_next(serve: Serve) -> None:
    api = serve(heavy=1, heavy_layers=100)
    made = api.post("/api/documents", json={"text": _net(3000)}).raise_for_status().json()
    url = f"{api.base_url}/api/documents/{made['id']}/graph"

    def hasty(_: int) -> None:
        with suppress(httpx.TimeoutException):
            httpx.get(url, timeout=0.02)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hasty, range(24)))
    assert httpx.get(url, timeout=60).status_code == 200


def test_large_nets_are_known_after_a_restart(serve: Serve) -> None:
    first = serve()
    made = first.post("/api/documents", json={"text": _net(3000)}).raise_for_status().json()
    second = serve(heavy=1, heavy_layers=100, waiting=0)
    url = f"{second.base_url}/api/documents/{made['id']}/graph"
    answers = _at_once(second, 6, method="GET", url=url)
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert 200 in {answer.status_code for answer in answers}


def test_more_than_may_wait_for_a_worker_are_refused_but_probes_never(serve: Serve) -> None:
    api = serve(threads=1, waiting=0)
    check = partial(httpx.post, f"{api.base_url}/api/check", json={"text": _net(900)}, timeout=60)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(check) for _ in range(30)]
        for path in ("/api/health", "/api/ready", "/metrics"):
            assert api.get(path).status_code == 200
        statuses = {each.result().status_code for each in asked}
    assert statuses == {200, 503}
