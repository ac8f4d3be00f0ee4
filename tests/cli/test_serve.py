"""`netgraft serve` as a process of its own: its address, its files, and what a killed server keeps."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import threading
from pathlib import Path

import httpx
import pytest
from tests.served import NETGRAFT, PLAIN, Served

from netgraft.cli.serving import listen
from netgraft.web.settings import Settings


def test_it_prints_its_address_answers_and_stops_when_asked(tmp_path: Path) -> None:
    with Served(tmp_path / "data") as server:
        assert httpx.get(server.url).status_code == 200
        assert httpx.get(f"{server.url}api/health").json()["status"] == "ok"
        assert server.stop(signal.SIGINT) in (0, -signal.SIGINT, 130)


def test_it_opens_the_files_that_it_is_given(tmp_path: Path, shared: Path) -> None:
    folder = shared / "weights"
    solver = tmp_path / "solver.prototxt"
    solver.write_text("base_lr: 0.5")
    files = [
        folder / "mtcnn_det1.prototxt",
        folder / "mtcnn_det1.caffemodel",
        solver,
        folder / "vdsr_adam.prototxt",
    ]
    with Served(tmp_path / "data", *files) as server:
        base, _, document = server.url.partition("?document=")
        info = httpx.get(f"{base}api/documents/{document}").json()
        assert (info["name"], info["weights"]["name"]) == ("mtcnn_det1", "mtcnn_det1.caffemodel")
        assert (info["solver"]["name"], info["solver"]["base_lr"]) == ("solver.prototxt", 0.5)
        names = {entry["name"] for entry in httpx.get(f"{base}api/documents").json()["documents"]}
        assert names == {"question", "mtcnn_det1", "vdsr_adam"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rubbish.prototxt", b"Lorem ipsum", "not a prototxt"),
        ("missing.prototxt", None, "No such file"),
        ("alone.caffemodel", b"", "name the prototxt first"),
        ("solver.prototxt", b"base_lr: 1", "name its net first"),
    ],
)
def test_a_file_that_it_cannot_open_ends_it(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    command: list[str | Path] = [NETGRAFT, "serve", "--data", tmp_path / "data", "--port", "0", file]
    done = subprocess.run(command, capture_output=True, text=True, env=PLAIN)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{file}: error: ")
    assert said in done.stderr


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command: list[str | Path] = [NETGRAFT, "serve", "--data", tmp_path, "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, env=PLAIN)
    assert done.returncode == 2
    assert f"127.0.0.1:{port}: error: Address already in use; --port takes another one" in done.stderr


def test_a_setting_that_is_none_ends_it(tmp_path: Path) -> None:
    command: list[str | Path] = [NETGRAFT, "serve", "--data", tmp_path]
    environment = PLAIN | {"NETGRAFT_MAX_LAYERS": "many"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "NETGRAFT_MAX_LAYERS must be a whole number" in done.stderr


def test_on_an_address_that_others_reach_it_asks_for_a_token(tmp_path: Path) -> None:
    with Served(tmp_path / "data", "--host", "0.0.0.0") as server:
        base, _, token = server.url.replace("0.0.0.0", "127.0.0.1").partition("?token=")
        assert len(token) > 20
        assert httpx.get(f"{base}api/documents").status_code == 401
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{base}api/documents", headers=headers).status_code == 200


def test_without_a_token_on_such_an_address_it_says_what_that_means(tmp_path: Path) -> None:
    with Served(tmp_path / "data", "--host", "0.0.0.0", "--no-token") as server:
        documents = f"{server.address.replace('0.0.0.0', '127.0.0.1')}/api/documents"
        assert httpx.get(documents).status_code == 200
        # By any of its numbers, as it is reached from other machines.
        assert httpx.get(documents, headers={"Host": "192.168.7.7"}).status_code == 200
        assert "0.0.0.0: warning: No token is asked for" in server.logged().splitlines()[0]


@pytest.mark.parametrize("delay", [0.05, 0.3])
def test_a_killed_server_loses_no_edit_that_it_acknowledged(tmp_path: Path, delay: float) -> None:
    acknowledged = [1]
    with Served(tmp_path / "data") as server:
        path = f"{server.address}/api/documents/example"
        # Killed by the clock, so that it dies anywhere in a stream of edits.
        killer = threading.Timer(delay, server.process.kill)
        with httpx.Client(timeout=10) as client:
            client.get(path).raise_for_status()
            killer.start()
            try:
                while True:
                    base = acknowledged[-1]
                    operation = {"op": "set_rate", "layer": "joint_ip", "blob": 0, "lr_mult": base + 1}
                    body = {"base_revision": base, "operations": [operation]}
                    answer = client.post(f"{path}/operations", json=body).raise_for_status()
                    acknowledged.append(answer.json()["document"]["revision"])
            except httpx.TransportError:
                pass
        killer.join()
        assert server.ended() == -signal.SIGKILL
    with Served(tmp_path / "data") as server:
        path = f"{server.address}/api/documents/example"
        found = httpx.get(path).json()["revision"]
        # The last edit may have reached the disk without its answer reaching us.
        assert acknowledged[-1] <= found <= acknowledged[-1] + 1
        text = httpx.get(f"{path}/source").text
        assert found == 1 or f"lr_mult: {found}" in text
        for number in range(found, 1, -1):
            assert httpx.post(f"{path}/undo").json()["document"]["revision"] == number - 1
        assert "lr_mult: 2\n" not in httpx.get(f"{path}/source").text


def test_what_the_server_writes_goes_at_once() -> None:
    """Else each answer's body waits until the client has acknowledged its head: 40 ms a request."""

    async def accepted() -> int:
        taken: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            taken.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = listen(Settings(port=0))
        async with await asyncio.start_server(take, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            writer.close()
            return await taken

    assert asyncio.run(accepted()) == 1
