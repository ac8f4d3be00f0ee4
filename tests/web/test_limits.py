"""Limits by settings: a clear error, and nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

Serve = Callable[..., httpx.Client]


def _layers(count: int) -> str:
    return "".join(f'layer {{ name: "l{n}" type: "Input" top: "l{n}" }}\n' for n in range(count))


def _problem(answer: httpx.Response, code: str = "too-large", status: int = 413) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_text_past_its_limit_is_refused_by_every_door(serve: Serve) -> None:
    api = serve(max_text=1000)
    text = _layers(30)
    assert len(text) > 1000
    assert _problem(api.post("/api/documents", json={"text": text}))["limit"] == 1000
    _problem(api.post("/api/documents", files={"prototxt": text.encode()}))
    _problem(api.post("/api/check", json={"text": text}))
    _problem(api.post("/api/duplicate", files={"prototxt": text.encode(), "plan": b"[]"}))
    body = {"base_revision": 1, "operations": [{"op": "replace_text", "text": text}]}
    _problem(api.post("/api/documents/example/operations", json=body))
    assert api.get("/api/documents/example").json()["revision"] == 1
    assert len(api.get("/api/documents").json()["documents"]) == 1


def test_a_net_past_the_limit_of_layers_is_refused(serve: Serve) -> None:
    api = serve(max_layers=8)
    assert "limit is 8" in _problem(api.post("/api/documents", json={"text": _layers(9)}))["detail"]
    assert api.post("/api/documents", json={"text": _layers(8)}).status_code == 201
    body = {
        "base_revision": 1,
        "operations": [{"op": "duplicate", "layers": ["ip1_a", "ip1_b", "concat", "joint_ip"], "copies": 3}],
    }
    _problem(api.post("/api/documents/example/operations", json=body))
    assert api.get("/api/documents/example").json()["revision"] == 1


def test_nesting_past_the_limit_is_refused_with_its_place(serve: Serve) -> None:
    api = serve(max_nesting=10)
    deep = "\n" + "a { " * 11 + "}" * 11
    body = _problem(api.post("/api/documents", json={"text": _layers(1) + deep}), "too-deep")
    assert (body["errors"][0]["line"], body["errors"][0]["column"]) == (3, 41)
    fine = "\n" + "a { " * 10 + "}" * 10
    assert api.post("/api/documents", json={"text": _layers(1) + fine}).status_code == 201


@pytest.mark.parametrize("depth", [5_000, 200_000])
def test_nesting_far_beyond_any_limit_crashes_nothing(reader: httpx.Client, depth: int) -> None:
    answer = reader.post("/api/check", json={"text": _layers(1) + "a { " * depth})
    assert answer.status_code in (200, 413, 422)


def test_weights_past_the_limit_are_refused_however_they_come(
    serve: Serve, shared: Path, tmp_path: Path
) -> None:
    api = serve(max_upload=20_000)
    folder = shared / "weights"
    model = (folder / "mtcnn_det1.caffemodel").read_bytes()
    files = {"prototxt": (folder / "mtcnn_det1.prototxt").read_bytes()}
    made = api.post("/api/documents", files=files).raise_for_status().json()
    path = f"/api/documents/{made['id']}/weights"

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(model), 7000):
            yield model[at : at + 7000]

    raw = {"Content-Type": "application/octet-stream"}
    assert _problem(api.put(path, files={"caffemodel": model}))["limit"] == 20_000
    _problem(api.put(path, content=model, headers=raw))
    _problem(api.put(path, content=pieces(), headers=raw))
    assert api.get(path).status_code == 404
    assert list((tmp_path / "data" / "incoming").iterdir()) == []


def test_a_body_past_every_limit_is_refused_before_it_is_read(serve: Serve) -> None:
    api = serve(max_text=1000, max_upload=1000)
    # More than the slack that a body has over what it carries.
    huge = b" " * 3_000_000
    for path in ("/api/check", "/api/documents"):
        _problem(api.post(path, content=huge, headers={"Content-Type": "application/json"}))

    def chunked() -> Iterator[bytes]:
        yield from (b" " * 100_000 for _ in range(30))

    _problem(api.post("/api/check", content=chunked(), headers={"Content-Type": "application/json"}))


def test_text_is_compressed_for_others_but_not_over_loopback(reader: httpx.Client) -> None:
    answer = reader.get("/api/documents/example/graph", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_static_files_are_kept_by_the_browser_and_asked_for_again(reader: httpx.Client, repo: Path) -> None:
    first = reader.get("/docs/swagger-ui.css").raise_for_status()
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["etag"]
