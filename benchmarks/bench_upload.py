"""An upload of 1 GB of weights, by each way, beside the same bytes through a socket into a file; peak memory.

Both sides go over loopback, write a new file on the same disk and bring it to it (fsync), in turns. Ours also
hashes and checks every byte, and indexes and matches the file at the end.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx

from bench_weights import LAYERS, MEMORY_BAR, VALUES, make, row
from common import Comparison, serve

PIECE = 1 << 20
CHUNK = 8 << 20
REPEATS = 3
TUS = {"Tus-Resumable": "1.0.0"}


def net() -> str:
    """A net that the weights are of."""
    text = 'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 5 } } }\n'
    return text + "".join(
        f'layer {{ name: "ip{n}" type: "InnerProduct" bottom: "in" top: "ip{n}" '
        f"inner_product_param {{ num_output: {VALUES // 5} }} }}\n"
        for n in range(LAYERS)
    )


def pieces(path: Path, size: int = PIECE, before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    yield before
    with path.open("rb") as file:
        while piece := file.read(size):
            yield piece
    yield after


def plain(model: Path, target: Path) -> None:
    """The peer: a socket, and a thread that writes what comes out of it into a file."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            connection, _ = listening.accept()
            with connection, target.open("wb", buffering=0) as file:
                while piece := connection.recv(PIECE):
                    file.write(piece)
                os.fsync(file.fileno())
                connection.sendall(b"!")

        thread = threading.Thread(target=take)
        thread.start()
        with socket.create_connection(listening.getsockname()) as connection:
            for piece in pieces(model):
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b"!"
        thread.join()


class Server:
    """A `netgraft serve` of its own, with one document of the net."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(serve(data), stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.api = httpx.Client(base_url=self.process.stdout.readline().split()[-1], timeout=600)
        made = self.api.post("/api/documents", json={"text": net()}).raise_for_status().json()
        self.path = f"/api/documents/{made['id']}/weights/large"

    @property
    def peak(self) -> int:
        """Its most resident memory until now, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024

    def stop(self) -> None:
        self.api.close()
        self.process.terminate()
        self.process.wait()

    def forget(self) -> None:
        """Takes the weights away, so that the next ones are new."""
        self.api.delete(self.path).raise_for_status()

    def body(self, model: Path) -> None:
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(model.stat().st_size)}
        self.api.put(self.path, content=pieces(model), headers=headers).raise_for_status()

    def form(self, model: Path) -> None:
        head = b'--b\r\nContent-Disposition: form-data; name="caffemodel"; filename="m.caffemodel"\r\n\r\n'
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        content = pieces(model, before=head, after=b"\r\n--b--\r\n")
        self.api.put(self.path, content=content, headers=headers).raise_for_status()

    def tus(self, model: Path) -> None:
        headers = TUS | {"Upload-Length": str(model.stat().st_size)}
        upload = self.api.post("/api/uploads", headers=headers).raise_for_status().headers["Location"]
        at = 0
        for piece in pieces(model, CHUNK):
            sent = TUS | {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
            self.api.patch(upload, content=piece, headers=sent).raise_for_status()
            at += len(piece)
        body = {"upload": upload.rpartition("/")[2]}
        self.api.put(self.path, json=body).raise_for_status()


def timed(call: Callable[[], object]) -> float:
    os.sync()
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    table = Comparison("upload a caffemodel", peer_name="socket into a file")
    with tempfile.TemporaryDirectory(prefix="netgraft-bench-") as name:
        folder = Path(name)
        model = folder / "large.caffemodel"
        make(model)
        size = model.stat().st_size / 1e9
        for way in ("body", "form", "tus"):
            server = Server(folder / way)
            try:
                times: list[list[float]] = [[], []]
                for _ in range(REPEATS):
                    call = getattr(server, way)
                    times[0].append(timed(partial(call, model)))
                    server.forget()
                    times[1].append(timed(lambda: plain(model, folder / "plain")))
                    (folder / "plain").unlink()
                table.add(row(f"{way} ({size:.2f} GB)", times))
                peak = server.peak
                verdict = "meets" if peak < MEMORY_BAR else "MISSES"
                print(
                    f"  peak memory of the server {peak} MB, {verdict} the bar of {MEMORY_BAR} MB", flush=True
                )
            finally:
                server.stop()
    table.finish()


if __name__ == "__main__":
    main()
