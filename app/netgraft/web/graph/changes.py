"""A graph as what differs from one that the asker holds already, and which graphs those are.

A client that names the graph it shows is told of the next one only what is not in that: of 10,000 layers an
edit leaves nearly all as they were. Both graphs are kept whole here, so the difference is never a guess; a
graph that is kept no longer is no error, but answered with the whole.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from netgraft.web.answers import Written
from netgraft.web.graph.edges import Edge
from netgraft.web.graph.rows import Rows

Json = dict[str, Any]

MOST_LAYERS = 100_000
"""Of all graphs that are kept; some 300 bytes each."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph: what is said of the net as a whole (`GraphHead`), its layers and its edges."""

    head: Json
    rows: Rows
    edges: Sequence[Edge]

    def whole(self) -> Json:
        """As `GraphModel` documents it."""
        return self.head | {"layers": Written(self.rows.json()), "edges": _edges(self.edges)}

    def changes(self, since: Graph) -> Json:
        """As `GraphChanges` documents it, but for the names of the two."""
        return self.head | {
            "layers": layer_runs(since.rows, self.rows),
            "edges": edge_runs(since.edges, self.edges),
        }


class Shown:
    """The graphs that clients hold, as far as they are remembered: those asked for last."""

    def __init__(self, most_layers: int = MOST_LAYERS) -> None:
        self._most = most_layers
        self._kept: OrderedDict[str, Graph] = OrderedDict()
        self._layers = 0
        self._lock = Lock()

    def answer(self, graph: Graph, known: str) -> Json:
        """What is told of a graph to a client that holds the one named `known`: what differs from it, or all
        where that one is not remembered or is another document's."""
        tag = secrets.token_urlsafe(12)  # nobody guesses it: it stands for a graph that was answered
        with self._lock:
            since = self._kept.get(known)
            if since is not None:
                self._kept.move_to_end(known)
            self._kept[tag] = graph
            self._layers += len(graph.rows.keys)
            while self._layers > self._most and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._layers -= len(gone.rows.keys)
        if since is None or since.head["document"] != graph.head["document"]:
            return graph.whole() | {"tag": tag}
        return graph.changes(since) | {"since": known, "tag": tag}


def layer_runs(before: Rows, now: Rows) -> list[Json]:
    """The layers of `now`, one after the other, as `LayerRun` documents it."""
    runs: list[Json] = []
    at, told, places = before.at, before.told, before.places
    fresh = count = start = chunks = lines = 0
    for index, (key, row, (chunk, first, last)) in enumerate(
        zip(now.keys, now.told, now.places, strict=True)
    ):
        old = at.get(key, -1)
        if old >= 0:
            chunk_then, first_then, last_then = places[old]
            if last - last_then != first - first_then or row != told[old]:
                old = -1
        if old < 0:
            if count:
                runs.append({"start": start, "count": count, "chunk": chunks, "line": lines})
                count = 0
            fresh += 1
            continue
        if fresh:
            runs.append({"rows": Written(now.json(index - fresh, index))})
            fresh = 0
        if count and old == start + count and chunk - chunk_then == chunks and first - first_then == lines:
            count += 1
            continue
        if count:
            runs.append({"start": start, "count": count, "chunk": chunks, "line": lines})
        start, count, chunks, lines = old, 1, chunk - chunk_then, first - first_then
    if count:
        runs.append({"start": start, "count": count, "chunk": chunks, "line": lines})
    if fresh:
        runs.append({"rows": Written(now.json(len(now.keys) - fresh))})
    return runs


def edge_runs(before: Sequence[Edge], now: Sequence[Edge]) -> list[Json]:
    """The edges of `now`, one after the other, as `EdgeRun` documents it."""
    if before == now:
        return [{"start": 0, "count": len(now)}] if now else []
    runs: list[Json] = []
    at = {edge: index for index, edge in enumerate(before)}
    fresh = count = start = 0
    for index, edge in enumerate(now):
        old = at.get(edge, -1)
        if count and old == start + count:
            count += 1
            continue
        if count:
            runs.append({"start": start, "count": count})
            count = 0
        if old < 0:
            fresh += 1
            continue
        if fresh:
            runs.append({"rows": _edges(now[index - fresh : index])})
            fresh = 0
        start, count = old, 1
    if count:
        runs.append({"start": start, "count": count})
    if fresh:
        runs.append({"rows": _edges(now[len(now) - fresh :])})
    return runs


def _edges(edges: Sequence[Edge]) -> list[Json]:
    """`EdgeModel` for each."""
    return [
        {"source": source, "target": target, "blob": blob, "top": top, "bottom": bottom}
        for source, target, blob, top, bottom in edges
    ]
