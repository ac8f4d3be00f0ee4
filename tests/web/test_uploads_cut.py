"""Clients that go away in the middle, wrong files without end, servers that take and delete at once."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.served import Served
from tests.web.tus_client import begin

from netgraft.proto import caffe_pb2

Serve = Callable[..., httpx.Client]
PATIENCE = 30.0
RAW = {"Content-Type": "application/octet-stream"}


@contextmanager
def _process(data: Path) -> Iterator[tuple[httpx.Client, int]]:
    """A client of a server in a process of its own, and the process's id."""
    with Served(data) as server, httpx.Client(base_url=server.address, timeout=PATIENCE) as client:
        yield client, server.process.pid


def _connect(api: httpx.Client) -> socket.socket:
    return socket.create_connection((api.base_url.host, api.base_url.port or 80), timeout=PATIENCE)


def _head(api: httpx.Client, line: str, *headers: str) -> bytes:
    host = f"Host: {api.base_url.host}:{api.base_url.port}"
    return "\r\n".join([f"{line} HTTP/1.1", host, *headers, "", ""]).encode()


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def _answer(connection: socket.socket) -> bytes:
    """An answer of the server, whole."""
    found = b""
    while b"\r\n\r\n" not in found or found.count(b"}") == 0:
        piece = connection.recv(65536)
        if not piece:
            break
        found += piece
    return found


FORM = (
    b'--b\r\nContent-Disposition: form-data; name="caffemodel"; filename="m.caffemodel"\r\n\r\n',
    "Content-Type: multipart/form-data; boundary=b",
)


@pytest.mark.parametrize("form", [False, True])
def test_ten_gigabytes_of_a_wrong_file_are_refused_in_their_first_kilobytes(
    api: httpx.Client, tmp_path: Path, form: bool
) -> None:
    start, kind = FORM if form else (b"", "Content-Type: application/octet-stream")
    line = "PUT /api/documents/example/weights"
    with _connect(api) as connection:
        connection.sendall(_head(api, line, kind, f"Content-Length: {10 << 30}"))
        connection.sendall(start + b"\x07" * 20_000)
        answer = _answer(connection)  # with all the rest still to come
    assert answer.startswith(b"HTTP/1.1 422"), answer
    assert b"weights-damaged" in answer
    assert b"connection: close" in answer.lower()
    assert list((tmp_path / "data" / "incoming").iterdir()) == []


@pytest.mark.parametrize("form", [False, True])
def test_an_upload_that_is_cut_off_leaves_nothing(
    api: httpx.Client, tmp_path: Path, shared: Path, form: bool
) -> None:
    model = (shared / "weights" / "lenet_v1.caffemodel").read_bytes()
    start, kind = FORM if form else (b"", "Content-Type: application/octet-stream")
    incoming = tmp_path / "data" / "incoming"
    with _connect(api) as connection:
        line = "PUT /api/documents/example/weights"
        connection.sendall(_head(api, line, kind, f"Content-Length: {len(model) + 200}"))
        connection.sendall(start + model[:900_000])
        _until(lambda: any(incoming.iterdir()))
    _until(lambda: not any(incoming.iterdir()))
    assert api.get("/api/documents/example").json()["weights"] is None


def _open_files(process: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def _threads(process: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/task").iterdir())


def _large(folder: Path) -> tuple[str, bytes]:
    """A net and 40 MB of weights: more than all the buffers between two sockets hold."""
    text = (
        'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 1000 } } }\n'
        'layer { name: "ip" type: "InnerProduct" bottom: "in" top: "ip" '
        "inner_product_param { num_output: 10000 bias_term: false } }\n"
    )
    net = caffe_pb2.NetParameter(name="net")
    blob = net.layer.add(name="ip", type="InnerProduct").blobs.add()
    blob.shape.dim.extend([10_000, 1000])
    blob.data.extend([0.5] * 10_000_000)
    return text, net.SerializeToString()


def test_clients_that_go_away_in_a_download_leave_no_file_open(tmp_path: Path) -> None:
    text, model = _large(tmp_path)
    with _process(tmp_path / "data") as (api, process):
        made = api.post("/api/documents", json={"text": text}).raise_for_status().json()
        path = f"/api/documents/{made['id']}"
        api.put(f"{path}/weights", content=model, headers=RAW).raise_for_status()

        def leave(kind: str) -> None:
            with _connect(api) as connection:
                connection.sendall(_head(api, f"GET {path}/export/{kind}"))
                assert connection.recv(65536).startswith(b"HTTP/1.1 200")

        for kind in ("caffemodel", "hdf5", "zip"):
            leave(kind)
        _until(lambda: api.get("/api/health").status_code == 200)
        time.sleep(1)
        files, threads = _open_files(process), _threads(process)
        for _ in range(8):
            for kind in ("caffemodel", "hdf5", "zip"):
                leave(kind)
        _until(lambda: _open_files(process) <= files and _threads(process) <= threads + 2)
        assert api.get(f"{path}/export/proof").raise_for_status().json()["ok"]


def test_no_document_points_to_weights_that_another_server_deleted(tmp_path: Path, shared: Path) -> None:
    text = (shared / "weights" / "mtcnn_det1.prototxt").read_text()
    model = (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()
    data = tmp_path / "data"
    with _process(data) as (one, _), _process(data) as (two, _), ThreadPoolExecutor(4) as pool:
        over = threading.Event()
        kept: list[str] = []

        def work(api: httpx.Client, keep: bool) -> int:
            """Takes the same bytes in and gives them up, again and again."""
            with httpx.Client(base_url=api.base_url, timeout=PATIENCE) as own:
                rounds = 0
                while not over.is_set():
                    upload = begin(own, len(model), model)
                    body = {"text": text, "upload": upload.id}
                    made = own.post("/api/documents", json=body).raise_for_status().json()["id"]
                    proof = own.get(f"/api/documents/{made}/export/proof").raise_for_status().json()
                    assert proof["ok"]
                    if keep and rounds == 5:
                        kept.append(made)
                    else:
                        own.delete(f"/api/documents/{made}").raise_for_status()
                    rounds += 1
                return rounds

        workers = [pool.submit(work, api, keep) for api in (one, two) for keep in (True, False)]
        _until(lambda: len(kept) == 2 or any(worker.done() for worker in workers))
        over.set()
        assert all(worker.result() > 1 for worker in workers)
        for document in kept:
            for api in (one, two):
                assert api.get(f"/api/documents/{document}/export/proof").json()["ok"]
        for document in kept:
            one.delete(f"/api/documents/{document}").raise_for_status()
    assert [path for path in (data / "weights").rglob("*") if path.is_file()] == []


def test_a_killed_server_keeps_what_came_of_an_upload(tmp_path: Path, shared: Path) -> None:
    model = (shared / "weights" / "lenet_v1.caffemodel").read_bytes()
    data = tmp_path / "data"
    with _process(data) as (api, process):
        upload = begin(api, len(model), model[:500_000])
        connection = _connect(api)
        headers = [
            "Tus-Resumable: 1.0.0",
            "Content-Type: application/offset+octet-stream",
            "Upload-Offset: 500000",
            f"Content-Length: {len(model) - 500_000}",
        ]
        connection.sendall(_head(api, f"PATCH {upload.path}", *headers) + model[500_000:600_000])
        file = data / "uploads" / upload.id
        _until(lambda: file.stat().st_size > 500_000)
        os.kill(process, 9)
        connection.close()
    arrived = file.stat().st_size
    assert file.read_bytes() == model[:arrived]
    with _process(data) as (api, _):
        upload.api = api
        assert upload.asked() == arrived
        assert upload.patch(model[arrived:], offset=arrived).status_code == 204
        text = (shared / "weights" / "lenet_v1.prototxt").read_text()
        made = api.post("/api/documents", json={"text": text, "upload": upload.id}).raise_for_status().json()
        assert made["weights"]["size"] == len(model)
