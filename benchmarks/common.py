"""The harness of all benchmarks: ours and a peer, in turns, in one run, on one machine.

A benchmark is a script `bench_<what>.py` that builds its inputs, calls `Comparison.measure` for each and
ends with `Comparison.finish()`. Times are medians of alternating repeats, so that load on the machine hits
both sides alike; the ratio is the point, the milliseconds hold on that machine only.
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
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def shared() -> Path:
    """The folder of recorded facts: NETGRAFT_SHARED, else ../shared. Exits if it is missing."""
    folder = Path(os.environ.get("NETGRAFT_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        sys.exit(f"{folder} is missing: name the shared folder in NETGRAFT_SHARED")
    return folder


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

    `bar` is the ratio that the design asks for; `finish` says of every case whether it is met, and exits with
    status 1 if one is not and --strict was given.
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

    def finish(self, arguments: Sequence[str] | None = None) -> None:
        """Print the verdict; write JSON if asked to (--json FILE); exit 1 on a missed bar if --strict."""
        parser = argparse.ArgumentParser(description=self.title)
        parser.add_argument("--json", type=Path, help="write the figures to this file")
        parser.add_argument("--strict", action="store_true", help="exit 1 if a bar is missed")
        options = parser.parse_args(arguments)
        compared = [row.ratio for row in self.rows if row.ratio is not None]
        if compared:
            asked = "" if self.bar is None else f", asked for {self.bar:g}"
            median = statistics.median(compared)
            print(f"{self.title}: median ratio {median:.2f}, worst {min(compared):.2f}{asked}")
        if options.json:
            report = {
                "title": self.title,
                "peer": self.peer_name,
                "bar": self.bar,
                "machine": {
                    "python": platform.python_version(),
                    "cpu": platform.machine(),
                    "cores": os.cpu_count(),
                },
                "rows": [asdict(row) for row in self.rows],
            }
            options.json.write_text(json.dumps(report, indent=2) + "\n")
        if options.strict and self.bar is not None and any(ratio < self.bar for ratio in compared):
            sys.exit(1)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:8.3f} ms"
