"""Weights of 1 GB: indexing them, writing the grafted file beside `cp` of as many bytes, peak memory.

The result is a caffemodel of two copies of every second layer, so that its ranges are many and in no order.
Both sides write a new file on the same disk, in turns, from the page cache as it is, and neither waits for
the disk; the last case makes both wait for it.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from common import Comparison, Row
from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights.wire import length_prefix

LAYERS = 300
VALUES = 700_000
"""Of the larger blob of each layer: 300 such layers make a good GB."""
INDEX_BAR = 0.5
MEMORY_BAR = 150
REPEATS = 9
REPEATS_TO_DISK = 3


def make(path: Path) -> None:
    """A caffemodel of 1 GB, written layer by layer."""
    random = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write(caffe_pb2.NetParameter(name="large").SerializeToString())
        for number in range(LAYERS):
            layer = caffe_pb2.LayerParameter(name=f"ip{number}", type="InnerProduct").SerializeToString()
            for shape in ((VALUES // 5, 5), (VALUES // 5,)):
                blob = caffe_pb2.BlobProto(shape=caffe_pb2.BlobShape(dim=shape)).SerializeToString()
                values = random.standard_normal(int(np.prod(shape)), np.float32).tobytes()
                blob += length_prefix(5, len(values)) + values
                layer += length_prefix(7, len(blob)) + blob
            file.write(length_prefix(100, len(layer)) + layer)


def graft(index: weights.Index) -> weights.Plan:
    """Two copies of every second layer."""
    targets = []
    origins: dict[str, weights.Origin | None] = {}
    shapes = ((VALUES // 5, 5), (VALUES // 5,))
    for suffix in ("_a", "_b"):
        for number in range(0, LAYERS, 2):
            targets.append(weights.Target(f"ip{number}{suffix}", "InnerProduct", shapes))
            origins[f"ip{number}{suffix}"] = weights.Origin(f"ip{number}")
    return weights.plan(targets, index, origins)


def memory(source: Path, out: Path) -> int:
    """Peak resident memory in MB of a process that indexes, plans and writes to a file, then as a stream."""
    script = Path(__file__)
    done = subprocess.run(
        [sys.executable, script, "--child", source, out], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def child(source: Path, out: Path) -> None:
    with weights.index(source) as index:
        plan = graft(index)
        weights.write(plan, out)
        with Path(os.devnull).open("wb") as nowhere:
            weights.write(plan, nowhere)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def in_turns(
    ours: Callable[[Path], object], peer: Callable[[Path], object], folder: Path, repeats: int
) -> list[list[float]]:
    """Times of both, each writing a file that is not there yet, with nothing left for the disk to do."""
    times: list[list[float]] = [[], []]
    for _ in range(repeats):
        for side, call in enumerate((ours, peer)):
            path = folder / f"out{side}"
            path.unlink(missing_ok=True)
            os.sync()
            started = time.perf_counter()
            call(path)
            times[side].append(time.perf_counter() - started)
            path.unlink()
    return times


def row(case: str, times: list[list[float]]) -> Row:
    ours, peer = times
    median = statistics.median(ours)
    peer_median = statistics.median(peer)
    return Row(case, median, min(ours), max(ours), peer_median, peer_median / median, len(ours))


def main() -> None:
    table = Comparison("write a grafted caffemodel of 1 GB", peer_name="cp", bar=1 / 1.3)
    with tempfile.TemporaryDirectory(prefix="netgraft-bench-") as name:
        folder = Path(name)
        source, reference = folder / "large.caffemodel", folder / "reference.caffemodel"
        make(source)
        with weights.index(source) as index:
            plan = graft(index)
            weights.write(plan, reference)
            assert reference.stat().st_size == plan.size

            def synced_copy(path: Path) -> None:
                subprocess.run(["cp", reference, path], check=True)
                subprocess.run(["sync", path], check=True)

            cases: list[tuple[str, Callable[[Path], object], Callable[[Path], object]]] = [
                (
                    "new file",
                    lambda path: weights.write(plan, path),
                    lambda path: subprocess.run(["cp", reference, path], check=True),
                ),
                (
                    "new file, waiting for the disk",
                    lambda path: weights.write(plan, path, durable=True),
                    synced_copy,
                ),
            ]
            for case, ours, peer in cases:
                repeats = REPEATS_TO_DISK if peer is synced_copy else REPEATS
                times = in_turns(ours, peer, folder, repeats)
                table.add(row(f"{case} ({plan.size / 1e9:.2f} GB)", times))
        started = time.perf_counter()
        with weights.index(source) as index:
            taken = time.perf_counter() - started
            print(
                f"index {source.stat().st_size / 1e9:.2f} GB, {len(index.layers)} layers: "
                f"{taken * 1e3:.1f} ms, {'meets' if taken < INDEX_BAR else 'MISSES'} the bar of "
                f"{INDEX_BAR * 1e3:.0f} ms"
            )
        peak = memory(source, folder / "out")
        print(
            f"peak memory {peak} MB, {'meets' if peak < MEMORY_BAR else 'MISSES'} the bar of {MEMORY_BAR} MB"
        )
    table.finish()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
