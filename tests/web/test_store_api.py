"""Weights on an S3 server, over HTTP: what one Netgraft took, another gives; without the store, 503."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.s3 import S3Server
from tests.web.conftest import serving
from tests.web.tus_client import begin

from netgraft.web.settings import Settings

Start = Any


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers on one database, each with a data folder of its own."""
    with ExitStack() as stack:

        def start_one(folder: str, url: str) -> httpx.Client:
            database = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
            settings = Settings(data=tmp_path / folder, database_url=database, weights_url=url)
            return stack.enter_context(serving(settings))

        yield start_one


@pytest.fixture
def net(shared: Path) -> str:
    return (shared / "weights" / "mtcnn_det1.prototxt").read_text()


@pytest.fixture
def model(shared: Path) -> bytes:
    return (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()


def test_a_second_server_with_an_empty_folder_gives_the_pair(
    start: Start, s3: str, net: str, model: bytes
) -> None:
    one = start("one", s3)
    upload = begin(one, len(model), model)
    made = one.post("/api/documents", json={"text": net, "upload": upload.id}).raise_for_status().json()
    path = f"/api/documents/{made['id']}"
    two = start("two", s3)
    assert two.get(f"{path}/weights").raise_for_status().json()["weights"]["size"] == len(model)
    assert two.get(f"{path}/export/proof").raise_for_status().json()["ok"]
    pair = two.get(f"{path}/export/caffemodel").raise_for_status()
    assert pair.content == one.get(f"{path}/export/caffemodel").content


@pytest.fixture
def flaky() -> Iterator[S3Server]:
    """A store that the test stops and starts."""
    server = S3Server()
    try:
        yield server
    finally:
        server.stop()


def test_without_the_store_nothing_is_lost_and_the_same_upload_does_later(
    start: Start, flaky: S3Server, net: str, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in flaky.environment.items():
        monkeypatch.setenv(name, value)
    api = start("one", flaky.new_folder())
    upload = begin(api, len(model), model)
    body = {"text": net, "upload": upload.id}
    before = len(api.get("/api/documents").json()["documents"])
    answer = api.post("/api/documents", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, "store-unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert len(api.get("/api/documents").json()["documents"]) == before
    # What needs no store works meanwhile.
    edit = {"base_revision": 1, "operations": [{"op": "unshare", "layer": "ip1_b"}]}
    api.post("/api/documents/example/operations", json=edit).raise_for_status()
    flaky.start()
    made = api.post("/api/documents", json=body).raise_for_status().json()
    assert made["weights"]["size"] == len(model)
    assert api.post("/api/documents", json=body).json()["code"] == "upload-gone"
