"""Weights that come and go at once on two servers, on each kind of database: the lock that keeps files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from netgraft import edit
from netgraft.workspace import Workspace

ROUNDS = 6


def test_what_one_server_takes_up_another_does_not_collect(
    workspace: Workspace, other: Workspace, shared: Path, tmp_path: Path
) -> None:
    models = [(shared / "weights" / f"mtcnn_det{number}.caffemodel").read_bytes() for number in (1, 2)]
    servers = (workspace, other)
    docs = [workspace.create("net", edit.Document.read("")).id for _ in servers]
    # Both give up one file and take up the other at the same moment: each is the other's rubbish.
    together = Barrier(len(servers))

    def swap(number: int) -> None:
        server, doc = servers[number], docs[number]
        for turn in range(ROUNDS):
            data = models[(number + turn) % 2]
            with server.receive(1 << 30) as incoming:
                incoming.write(data)
                together.wait(60)
                stored = server.set_weights(doc, incoming, "model.caffemodel").entry.weights
            assert stored is not None
            assert stored.path.read_bytes() == data

    with ThreadPoolExecutor(len(servers)) as pool:
        for done in [pool.submit(swap, number) for number in range(len(servers))]:
            done.result()
    wanted = {server.snapshot(doc).entry.weights for server, doc in zip(servers, docs, strict=True)}
    kept = [file.name for file in (tmp_path / "weights").rglob("*") if file.is_file()]
    assert sorted(kept) == sorted(one.sha256 for one in wanted if one)
