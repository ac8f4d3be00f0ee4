"""The harness of all benchmarks: ours and a peer, in turns, in one run, on one machine.

A benchmark is a script `bench_<what>.py` that builds its inputs, calls `Comparison.measure` for each and
ends with `Comparison.finish()`, or `finish(*tables)` where it has several. Times are medians of alternating
repeats, so that load on the machine hits both sides alike; the ratio is the point, the milliseconds hold on
that machine only.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def shared() -> Path:
    """The folder of recorded facts: NETGRAFT_SHARED, else ../shared. Exits if it is missing."""
    folder = Path(os.environ.get("NETGRAFT_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        sys.exit(f"{folder} is missing: name the shared folder in NETGRAFT_SHARED")
    return folder


def serve(folder: Path, port: int = 0) -> list[str]:
    """The command of a server on a data folder; port 0 takes a free one, which its first line tells."""
    program = Path(sys.executable).with_name("netgraft")
    return [str(program), "serve", "--no-open", "--data", str(folder), "--port", str(port)]


@dataclass(frozen=True, slots=True)
class Row:
    """One measured case. Times in seconds a call, `ratio` = peer / ours (over 1: we are faster)."""

    case: str
    ours: float
    ours_low: float
    ours_high: float
    peer: float | None
    ratio: float | None
    repeats: int


def _calls_a_repeat(call: Callable[[], object], least_seconds: float) -> int:
    """How many calls make a repeat last at least `least_seconds`."""
    call()  # fills caches of the interpreter and of the disk: both sides are measured warm
    started = time.perf_counter()
    call()
    once = time.perf_counter() - started
    return max(1, int(least_seconds / max(once, 1e-9)))


def _time(call: Callable[[], object], calls: int, before: Callable[[], object] | None) -> float:
    """Seconds a call, over `calls` calls in a row; `before` runs untimed before each."""
    if before is None:
        started = time.perf_counter()
        for _ in range(calls):
            call()
        return (time.perf_counter() - started) / calls
    total = 0.0
    for _ in range(calls):
        before()
        started = time.perf_counter()
        call()
        total += time.perf_counter() - started
    return total / calls


@dataclass(slots=True)
class Comparison:
    """A table of cases, each timed against the same peer.

    `bar` is the ratio that the design asks for; each case's line says whether it is met.
    """

    title: str
    peer_name: str = ""
    bar: float | None = None
    rows: list[Row] = field(default_factory=list)

    def measure(
        self,
        case: str,
        ours: Callable[[], object],
        peer: Callable[[], object] | None = None,
        *,
        before: Callable[[], object] | None = None,
        repeats: int = 9,
        least_seconds: float = 0.02,
    ) -> Row:
        """Time `ours` and `peer` in turns.

        `before` runs untimed before each call of ours, to clear caches, say: then each repeat is one call.
        """
        ours_calls = 1 if before else _calls_a_repeat(ours, least_seconds)
        peer_calls = _calls_a_repeat(peer, least_seconds) if peer else 0
        ours_times: list[float] = []
        peer_times: list[float] = []
        gc.collect()
        gc.disable()  # neither side pays for the other's garbage
        try:
            for _ in range(repeats):
                ours_times.append(_time(ours, ours_calls, before))
                if peer:
                    peer_times.append(_time(peer, peer_calls, None))
                gc.collect()
        finally:
            gc.enable()
        median = statistics.median(ours_times)
        peer_median = statistics.median(peer_times) if peer_times else None
        row = Row(
            case,
            median,
            min(ours_times),
            max(ours_times),
            peer_median,
            peer_median / median if peer_median is not None else None,
            repeats,
        )
        self.add(row)
        return row

    def add(self, row: Row) -> None:
        """Takes in a case that was timed by other means, and prints it."""
        self.rows.append(row)
        print(self._line(row), flush=True)

    def _line(self, row: Row) -> str:
        spread = f"({_milliseconds(row.ours_low)} .. {_milliseconds(row.ours_high)})"
        text = f"{row.case:<40} {_milliseconds(row.ours)} {spread}"
        if row.peer is None or row.ratio is None:
            return text
        verdict = (
            "" if self.bar is None else "  meets the bar" if row.ratio >= self.bar else "  MISSES THE BAR"
        )
        return f"{text}   {self.peer_name} {_milliseconds(row.peer)}   x {row.ratio:.2f}{verdict}"

    def summary(self) -> str:
        """One line: the median and the worst ratio, beside the bar."""
        asked = "" if self.bar is None else f", asked for {self.bar:.3g}"
        ratios = self.ratios()
        if not ratios:
            return f"{self.title}: no peer"
        return f"{self.title}: median ratio {statistics.median(ratios):.2f}, worst {min(ratios):.2f}{asked}"

    def ratios(self) -> list[float]:
        """The ratio of each case that had a peer."""
        return [row.ratio for row in self.rows if row.ratio is not None]

    def finish(self) -> None:
        """`finish` with this table alone."""
        finish(self)


def finish(*tables: Comparison) -> None:
    """The end of a benchmark script: prints what came out of each table.

    With --json FILE all figures are written too; with --strict a missed bar makes it exit with 1.
    """
    parser = argparse.ArgumentParser(description=tables[0].title)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a bar is missed")
    options = parser.parse_args()
    for table in tables:
        print(table.summary())
    if options.json:
        machine = {"python": platform.python_version(), "cpu": platform.machine(), "cores": os.cpu_count()}
        report = {"machine": machine, "tables": [asdict(table) for table in tables]}
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    missed = any(table.bar is not None and ratio < table.bar for table in tables for ratio in table.ratios())
    if options.strict and missed:
        sys.exit(1)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:8.3f} ms"
