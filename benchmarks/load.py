"""Many people at once, against a real `netgraft serve`: how long an edit takes.

    editing   50 people, each at a net of 200 layers, an edit every two seconds each, with a live socket on
              their own document and one on a neighbour's
    beside    one person edits a net of 200 layers while another opens, checks, previews and edits nets of
              10,000 without a pause

The bar for both: 99 of 100 small edits within 200 ms, and no error.

A harness of its own, one process of asyncio and httpx, and not locust: on two cores the harness takes its
share of what the server needs, and locust (gevent, Flask, 17 packages) takes more of it for the same
requests. How late the harness's own clock rings is measured, too, and printed: it is part of every time.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
import websockets

from common import serve
from nets import residual

BAR = 200.0  # milliseconds, for 99 of 100 edits
SMALL, LARGE = 200, 10_000

Json = dict[str, Any]


@dataclass(slots=True)
class Record:
    """What happened, by kind: milliseconds of each, and errors in words."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, milliseconds: float) -> None:
        """One time."""
        self.times.setdefault(kind, []).append(milliseconds)

    def percentile(self, kind: str, share: float) -> float:
        """The time that `share` of a kind are not above."""
        found = sorted(self.times.get(kind, [0.0]))
        return found[min(len(found) - 1, int(share * len(found)))]

    def line(self, kind: str) -> str:
        """A kind in figures."""
        found = self.times.get(kind, [])
        shares = "  ".join(f"p{each} {self.percentile(kind, each / 100):7.1f}" for each in (50, 95, 99))
        return f"{kind:<34}{len(found):>7}   {shares}  max {max(found, default=0):7.1f} ms"


class Person:
    """Somebody with a document of their own, and the revision that they saw last."""

    def __init__(self, client: httpx.AsyncClient, record: Record, number: int) -> None:
        self.client = client
        self.record = record
        self.name = f"person-{number}"
        self.chance = random.Random(number)
        self.document = ""
        self.revision = 0
        self.steps = 0
        self.sent: dict[int, float] = {}

    async def open(self, text: str) -> None:
        """Opens the net."""
        answer = await self.client.post("/api/documents", json={"text": text, "name": self.name})
        made = answer.raise_for_status().json()
        self.document, self.revision = made["id"], made["revision"]

    async def edit(self) -> None:
        """One edit, timed from its first byte to the last of its answer; now and then it is taken back."""
        self.steps += 1
        path = f"/api/documents/{self.document}"
        started = time.perf_counter()
        headers = {"Netgraft-Client": self.name, "Netgraft-Author": self.name}
        try:
            if self.steps % 10 == 0:
                answer = await self.client.post(f"{path}/undo", headers=headers)
            else:
                body = {"base_revision": self.revision, "operations": [self._operation()]}
                answer = await self.client.post(f"{path}/operations", json=body, headers=headers)
        except httpx.HTTPError as error:
            self.record.errors[type(error).__name__] += 1
            return
        self.record.add("edit", 1000 * (time.perf_counter() - started))
        if answer.status_code != 200:
            self.record.errors[f"{answer.status_code} {answer.text[:200]}"] += 1
            return
        told = orjson.loads(answer.content)["document"]
        self.revision = told["revision"]
        self.sent[told["version"]] = started

    def _operation(self) -> Json:
        layer, of = f"res{self.chance.randrange(10)}_{self.chance.choice('abc')}", "convolution_param"
        return self.chance.choice(
            (
                {"op": "set_rate", "layer": layer, "blob": 0, "lr_mult": self.chance.randrange(100)},
                {"op": "set_rate", "layer": layer, "scale_lr": 10},
                {"op": "set_field", "layer": layer, "path": f"{of}.num_output", "value": "64"},
                {"op": "set_field", "layer": layer, "path": f"{of}.bias_filler.type", "value": '"xavier"'},
            )
        )


async def look_on(address: str, at: Person, who: str, record: Record) -> None:
    """A live socket on a document: how long after its edit began a change is seen."""
    url = f"{address.replace('http', 'ws', 1)}api/documents/{at.document}/live?client={who}&name={who}"
    try:
        async with websockets.connect(url, max_size=None) as socket:
            await socket.send(json.dumps({"type": "me", "selection": ["data"]}))
            async for message in socket:
                told, now = orjson.loads(message), time.perf_counter()
                if told["type"] == "change":
                    # The answer tells its author the version, perhaps after the socket did.
                    asyncio.get_running_loop().call_later(1.0, _seen, record, at, told["version"], now)
            record.errors["a live socket was closed"] += 1
    except websockets.InvalidStatus as error:
        record.errors[f"live socket: {error.response.status_code}"] += 1


def _seen(record: Record, at: Person, version: int, when: float) -> None:
    if version in at.sent:
        record.add("seen by a neighbour", 1000 * (when - at.sent[version]))


async def editing(address: str, asked: argparse.Namespace) -> Record:
    """Many people, each at their own net."""
    record = Record()
    text = residual(asked.layers)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(_client(address, asked.users))
        people = [Person(client, record, number) for number in range(asked.users)]
        for each in people:
            await each.open(text)
        watched = await stack.enter_async_context(_tasks())
        if asked.live:
            for each, neighbour in zip(people, people[1:] + people[:1], strict=True):
                for at, who in ((each, each.name), (neighbour, f"{each.name}-b")):
                    watched(look_on(address, at, who, record))
            await asyncio.sleep(3)  # people do not all come in the same second
        watched(_clock(record))
        until = time.monotonic() + asked.seconds
        apart = asked.every / asked.users
        await asyncio.gather(
            *(_regularly(each.edit, asked.every, at * apart, until) for at, each in enumerate(people))
        )
        await asyncio.sleep(1.5)
    return record


async def beside(address: str, asked: argparse.Namespace) -> Record:
    """One edits a small net, while another works a large one hard."""
    record = Record()
    large = residual(asked.large)
    async with _client(address, 2) as client, _client(address, asked.hard) as hard, _tasks() as background:
        small = Person(client, record, 0)
        await small.open(residual(asked.layers))
        until = time.monotonic() + asked.seconds
        await _regularly(small.edit, 0.2, 0, time.monotonic() + min(5, asked.seconds))
        record.times["edit, nothing beside it"] = record.times.pop("edit")
        for number in range(asked.hard):
            background(_work_hard(hard, record, large, number))
        background(_clock(record))
        until = time.monotonic() + asked.seconds
        await asyncio.gather(
            _regularly(small.edit, 0.2, 0, until), _regularly(lambda: _alive(client, record), 0.5, 0, until)
        )
    return record


async def _work_hard(client: httpx.AsyncClient, record: Record, text: str, seed: int) -> None:
    """Opens, checks, previews and edits a large net without end, never the same text twice."""

    async def timed(kind: str, method: str, path: str, body: Json | None = None) -> Json:
        started = time.perf_counter()
        answer = await client.request(method, path, json=body)
        record.add(kind, 1000 * (time.perf_counter() - started))
        if answer.is_error:
            record.errors[f"{kind}: {answer.status_code} {answer.text[:100]}"] += 1
        # Only what is needed: parsing 10 MB would make the harness late.
        told: Json = orjson.loads(answer.content) if len(answer.content) < 100_000 else {}
        return told

    for number in itertools.count(1000 * seed):
        fresh = text.replace("num_output: 64", f"num_output: {65 + number}").replace("res", f"r{number}_")
        await timed("large: check", "POST", "/api/check", {"text": fresh})
        made = await timed("large: open", "POST", "/api/documents", {"text": fresh})
        path = f"/api/documents/{made['id']}"
        operation = {"op": "set_rate", "layer": f"r{number}_0_a", "blob": 0, "lr_mult": 7}
        change = {"base_revision": made["revision"], "operations": [operation]}
        await timed("large: graph", "GET", f"{path}/graph")
        await timed("large: preview", "POST", f"{path}/preview", change)
        await timed("large: edit", "POST", f"{path}/operations", change)
        await client.delete(path)


async def _alive(client: httpx.AsyncClient, record: Record) -> None:
    started = time.perf_counter()
    answer = await client.get("/api/health")
    record.add("health", 1000 * (time.perf_counter() - started))
    if answer.status_code != 200:
        record.errors[f"health: {answer.status_code}"] += 1


async def _regularly(act: Callable[[], Awaitable[None]], every: float, phase: float, until: float) -> None:
    """Acts every so many seconds, however long an act takes, each at its own time."""
    due = time.monotonic() + phase
    while due < until:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await act()
        due = max(due + every, time.monotonic())


async def _clock(record: Record) -> None:
    """How late the harness is by itself."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(0.05)
        record.add("(the harness's own lateness)", 1000 * (time.perf_counter() - started - 0.05))


@asynccontextmanager
async def _tasks() -> AsyncIterator[Callable[[Any], None]]:
    """Starts what runs beside; it is ended at the end, and what went wrong in it is raised."""
    running: set[asyncio.Task[None]] = set()

    def start(work: Any) -> None:
        running.add(asyncio.ensure_future(work))

    try:
        yield start
    finally:
        for task in running:
            if not task.done():
                task.cancel()
        for outcome in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome


def _client(address: str, most: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most, keepalive_expiry=4)
    return httpx.AsyncClient(base_url=address, limits=limits, timeout=120)


SCENARIOS: dict[str, tuple[Callable[[str, argparse.Namespace], Awaitable[Record]], float]] = {
    "editing": (editing, 120),
    "beside": (beside, 30),
}


def main(arguments: Sequence[str]) -> int:
    """Runs the scenarios; with --strict, 1 where a bar is missed or anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="*", choices=[[], *SCENARIOS], help="which; by default all")
    parser.add_argument("--seconds", type=float, help="how long each (120 and 30)")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--layers", type=int, default=SMALL, help="of the nets that are edited")
    parser.add_argument("--every", type=float, default=2.0, help="seconds between the edits of one person")
    parser.add_argument("--large", type=int, default=LARGE, help="layers of the large net")
    parser.add_argument("--hard", type=int, default=1, help="how many work on large nets at once")
    parser.add_argument("--no-live", dest="live", action="store_false", help="without live sockets")
    parser.add_argument("--json", type=Path, help="write all times to this file")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a bar is missed")
    asked = parser.parse_args(arguments)
    failed, figures = False, {}
    for name in asked.scenario or SCENARIOS:
        run, seconds = SCENARIOS[name]
        given = argparse.Namespace(**{**vars(asked), "seconds": asked.seconds or seconds})
        with tempfile.TemporaryDirectory() as folder:
            record = asyncio.run(_against(Path(folder), run, given))
        figures[name] = {"times": record.times, "errors": record.errors}
        failed |= _tell(name, record)
    if asked.json:
        asked.json.write_text(json.dumps(figures) + "\n")
    return int(failed and asked.strict)


def _tell(name: str, record: Record) -> bool:
    """Prints what a scenario came to; whether it missed the bar."""
    print(f"\n{name}")
    for kind in record.times:
        print("  " + record.line(kind))
    errors = sum(record.errors.values())
    worst = record.percentile("edit", 0.99)
    missed = worst >= BAR or errors > 0
    print(f"  {errors} errors{'' if not errors else ': ' + repr(dict(record.errors.most_common(5)))}")
    print(f"  p99 of {worst:.1f} ms, asked for {BAR:.0f}: {'MISSES THE BAR' if missed else 'meets the bar'}")
    return missed


async def _against(
    folder: Path, run: Callable[[str, argparse.Namespace], Awaitable[Record]], asked: argparse.Namespace
) -> Record:
    """Runs a scenario against a server of its own, which is a process of its own."""
    server = subprocess.Popen(serve(folder), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        return await run(server.stdout.readline().split()[-1], asked)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
