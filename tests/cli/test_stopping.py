"""A server that is told to stop lets work end, takes none on, and says so."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import httpx
import pytest
from tests.served import Served

from netgraft.proto import caffe_pb2


def _served(data: Path, **settings: str) -> Served:
    return Served(data, settings={"NETGRAFT_LOG": "json"} | settings)


def _log(server: Served) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.logged().splitlines()]


@pytest.fixture(scope="module")
def pair() -> dict[str, bytes]:
    """A net with more weights than the buffers between a server and a client hold."""
    net = (
        'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 6000 } } }\n'
        'layer { name: "ip" type: "InnerProduct" bottom: "in" top: "ip"\n'
        "  inner_product_param { num_output: 1000 bias_term: false } }\n"
    )
    made = caffe_pb2.NetParameter(name="large")
    blob = made.layer.add(name="ip", type="InnerProduct").blobs.add()
    blob.shape.dim.extend((1000, 6000))
    blob.data.extend([0.5] * 6_000_000)
    return {"prototxt": net.encode(), "caffemodel": made.SerializeToString()}


def _opened(server: Served, pair: dict[str, bytes]) -> str:
    made = httpx.post(f"{server.address}/api/documents", files=pair, timeout=60).raise_for_status().json()
    return f"{server.address}/api/documents/{made['id']}/export/zip"


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_an_export_under_way_arrives_whole_while_new_requests_are_refused(
    tmp_path: Path, pair: dict[str, bytes], sent: signal.Signals
) -> None:
    with _served(tmp_path / "data") as server:
        url = _opened(server, pair)
        whole = httpx.get(url).content
        assert len(whole) > 1_000_000
        with httpx.Client() as other, httpx.stream("GET", url) as answer:
            assert other.get(f"{server.address}/api/ready").status_code == 200
            chunks = answer.iter_raw(100)
            got = next(chunks)
            server.process.send_signal(sent)
            refused = _until_stopping(other, server)
            assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
            assert int(refused.headers["retry-after"]) > 0
            assert httpx.get(f"{server.address}/api/ready").json()["code"] == "stopping"
            assert httpx.get(f"{server.address}/api/health").status_code == 200
            got += b"".join(chunks)
        assert got == whole
        assert server.ended() == 0
        assert [line["event"] for line in _log(server)][-1] == "stopped"


def _until_stopping(client: httpx.Client, server: Served) -> httpx.Response:
    while (answer := client.get(f"{server.address}/api/documents")).status_code == 200:
        time.sleep(0.01)
    return answer


def test_patience_with_what_runs_has_an_end(tmp_path: Path, pair: dict[str, bytes]) -> None:
    with _served(tmp_path / "data", NETGRAFT_STOP_SECONDS="0") as server:
        with httpx.stream("GET", _opened(server, pair)) as answer:
            chunks = answer.iter_raw(100)
            next(chunks)
            server.process.send_signal(signal.SIGTERM)
            assert server.ended() == 0
        assert "cut off" in [line["event"] for line in _log(server)]


def test_a_second_signal_ends_it_at_once(tmp_path: Path, pair: dict[str, bytes]) -> None:
    with _served(tmp_path / "data", NETGRAFT_STOP_SECONDS="100") as server:
        with httpx.stream("GET", _opened(server, pair)) as answer:
            chunks = answer.iter_raw(100)
            next(chunks)
            server.process.send_signal(signal.SIGTERM)
            with httpx.Client() as other:
                _until_stopping(other, server)
            server.process.send_signal(signal.SIGTERM)
            assert server.ended() == 128 + signal.SIGTERM
        assert "ended at once" in [line["event"] for line in _log(server)]


def test_the_log_has_a_line_a_request_and_none_of_its_secrets(tmp_path: Path) -> None:
    with _served(tmp_path / "data", NETGRAFT_TOKEN="s3cret-token") as server:
        headers = {
            "Authorization": "Bearer s3cret-token",
            "Cookie": "netgraft_token=s3cret-cookie",
            "X-Request-ID": "mine",
        }
        text = 'layer { name: "s3cret-layer" type: "Input" top: "a" input_param { shape { dim: 1 } } }'
        with httpx.Client(base_url=server.address, headers=headers) as api:
            made = api.post("/api/documents", json={"text": text, "name": "s3cret-name"}).json()
            api.get(f"/api/documents/{made['id']}/layers?layer=s3cret-layer&token=s3cret-token")
            api.get("/s/s3cret-link/api/documents")
            api.get("/s3cret-path")
        assert server.stop() == 0
        assert "s3cret" not in server.logged()
        lines = [line for line in _log(server) if line["event"] == "request"]
        assert [(line["route"], line["status"], line["request_id"]) for line in lines] == [
            ("/api/documents", 201, "mine"),
            ("/api/documents/{id}/layers", 200, "mine"),
            ("none", 404, "mine"),
            ("none", 404, "mine"),
        ]
        assert lines[1]["document"] == made["id"]
        assert {"ms", "bytes", "client", "method", "time"} <= lines[1].keys()
