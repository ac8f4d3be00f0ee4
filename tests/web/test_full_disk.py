"""A full disk, for real: a small tmpfs where one may be mounted, and anywhere a limit on the size of files.

The limit (RLIMIT_FSIZE) needs no privileges and works in any container: a write past it fails as if the disk
were full.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from tests.served import Served
from tests.web.tus_client import TUS, begin

from netgraft.proto import caffe_pb2

MIB = 1 << 20
PATIENCE = 60
LIMIT = 2 * MIB
"""Bytes of the largest file. SQLite's own files stay below it until a large text is edited."""


def _mounted(folder: Path, size: int) -> bool:
    """Whether a disk of so many bytes stands in the folder now."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0


@contextmanager
def _served(data: Path, limit: int | None) -> Iterator[httpx.Client]:
    """A client of a server in a process of its own, with a limit on the size of files."""
    with Served(data) as server:
        if limit is not None:
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        with httpx.Client(base_url=server.address, timeout=PATIENCE) as client:
            yield client


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[httpx.Client]:
    """A server whose files cannot grow past the limit."""
    with _served(tmp_path / "data", LIMIT) as client:
        yield client


@pytest.fixture
def small(tmp_path: Path) -> Iterator[httpx.Client]:
    """A server on a disk of 8 MiB; where none may be mounted, one with the limit on files."""
    data = tmp_path / "disk"
    data.mkdir()
    mounted = _mounted(data, 8 * MIB)
    try:
        with _served(data, None if mounted else LIMIT) as client:
            yield client
    finally:
        if mounted:
            subprocess.run(["umount", str(data)], check=True)


@pytest.fixture(params=["limited", "small"])
def full(request: pytest.FixtureRequest) -> httpx.Client:
    """A server that has no room for the large model, of both kinds in turn."""
    client: httpx.Client = request.getfixturevalue(request.param)
    return client


def _model(values: int) -> bytes:
    net = caffe_pb2.NetParameter(name="net")
    blob = net.layer.add(name="ip", type="InnerProduct").blobs.add()
    blob.shape.dim.extend([values // 10, 10])
    blob.data.extend(np.random.default_rng(1).standard_normal(values, np.float32))
    return net.SerializeToString()


LARGE = _model(3 * MIB)
SMALL = _model(1000)


def _net(outputs: int) -> str:
    return (
        'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 10 } } }\n'
        'layer { name: "ip" type: "InnerProduct" bottom: "in" top: "ip" '
        f"inner_product_param {{ num_output: {outputs} bias_term: false }} }}\n"
    )


def _refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (507, "disk-full"), answer.text


def _left(data: Path) -> list[str]:
    return [path.name for part in ("incoming", "uploads", "weights") for path in (data / part).rglob("*")
            if path.is_file() and path.suffix != ".json"]  # fmt: skip


def _data(tmp_path: Path) -> Path:
    return tmp_path / "disk" if (tmp_path / "disk").exists() else tmp_path / "data"


@pytest.mark.parametrize("way", ["form", "body", "tus"])
def test_an_upload_that_the_disk_has_no_room_for_leaves_nothing_and_the_server_goes_on(
    full: httpx.Client, tmp_path: Path, way: str
) -> None:
    made = full.post("/api/documents", json={"text": _net(100)}).raise_for_status().json()
    path = f"/api/documents/{made['id']}/weights"
    if way == "form":
        answer = full.put(path, files={"caffemodel": LARGE})
    elif way == "body":
        answer = full.put(path, content=LARGE, headers={"Content-Type": "application/octet-stream"})
    else:
        answer = full.post("/api/uploads", headers=TUS | {"Upload-Length": str(len(LARGE))})
        if answer.status_code == 201:  # it has room on the disk, but not in one file
            location = answer.headers["Location"]
            headers = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            answer = full.patch(location, content=LARGE, headers=headers)
            assert full.head(location, headers=TUS).status_code == 410
    _refused(answer)
    assert _left(_data(tmp_path)) == []
    full.put(path, files={"caffemodel": SMALL}).raise_for_status()
    upload = begin(full, len(SMALL), SMALL)
    full.put(path, json={"upload": upload.id}).raise_for_status()


def test_an_export_that_the_disk_has_no_room_for_leaves_nothing(
    limited: httpx.Client, tmp_path: Path
) -> None:
    # Two copies of a layer are twice as large as the file, which itself just fits.
    model = _model(400_000)
    made = limited.post("/api/documents", json={"text": _net(40_000)}).raise_for_status().json()
    path = f"/api/documents/{made['id']}"
    limited.put(f"{path}/weights", files={"caffemodel": model}).raise_for_status()
    copies = {"op": "duplicate", "layers": ["ip"], "copies": 2}
    edit = {"base_revision": 1, "operations": [copies]}
    limited.post(f"{path}/operations", json=edit).raise_for_status()
    before = _left(_data(tmp_path))
    for _ in range(3):
        _refused(limited.get(f"{path}/export/hdf5"))
    assert _left(_data(tmp_path)) == before
    # What needs no room still works: the same as a caffemodel is a stream.
    assert len(limited.get(f"{path}/export/caffemodel").raise_for_status().content) > len(model)


def test_an_edit_that_the_database_has_no_room_for_changes_nothing(small: httpx.Client) -> None:
    made = small.post("/api/documents", json={"text": _net(10)}).raise_for_status().json()
    path = f"/api/documents/{made['id']}"
    noise = (
        np.random.default_rng(2).integers(33, 127, 12 * MIB, np.uint8).tobytes().decode().replace("\\", "/")
    )
    edit = {"op": "replace_text", "text": _net(10) + "# " + noise}
    answer = small.post(f"{path}/operations", json={"base_revision": 1, "operations": [edit]})
    assert (answer.status_code, answer.json()["code"]) in (
        (507, "disk-full"),
        (503, "database-unavailable"),  # a limit on a file is to SQLite an error of the disk
    )
    assert small.get(path).json()["revision"] == 1
    rate = {"op": "set_rate", "layer": "ip", "blob": 0, "lr_mult": 3}
    deadline = time.monotonic() + PATIENCE
    while (
        answer := small.post(f"{path}/operations", json={"base_revision": 1, "operations": [rate]})
    ).status_code in (503, 507):
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.1)
    assert answer.raise_for_status().json()["document"]["revision"] == 2
