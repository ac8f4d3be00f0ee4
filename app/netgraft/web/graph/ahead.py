"""Graphs that are made before anybody asks for them.

Whoever opens a net asks for its graph next, but only once the browser has gone to the page: a tenth of
a second in which the server would do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import NamedTuple

from netgraft.web.graph.build import Asked
from netgraft.web.graph.changes import Graph
from netgraft.workspace.cache import Recent

_KEPT = 4
"""Graphs that wait for somebody to ask: as many nets as one person opens at once."""


class Made(NamedTuple):
    """What a graph is of: a document as its `version` has it, looked at in one way."""

    document: str
    version: int
    asked: Asked


class Ahead:
    """Graphs in the making and made, each kept until it is asked for once.

    One is made at a time, in a thread of its own: not one that those who wait for it could have taken all of.
    """

    def __init__(self) -> None:
        self._maker = ThreadPoolExecutor(1, "ahead")
        self._kept: Recent[Made, Future[Graph]] = Recent(_KEPT)
        self._latest: Future[Graph] | None = None
        self._lock = Lock()

    def begin(self, of: Made, make: Callable[[], Graph]) -> None:
        """Begins to make a graph, unless one is in the making: then the server has enough to do."""
        with self._lock:
            if self._latest is None or self._latest.done():
                self._latest = self._kept.put(of, self._maker.submit(make))

    def take(self, of: Made, make: Callable[[], Graph]) -> Graph:
        """The graph that was begun, once it is made; any other is made now."""
        begun = self._kept.take(of)
        if begun is None or begun.exception() is not None:  # the same goes wrong again, and is told
            return make()
        return begun.result()

    def close(self) -> None:
        """Makes no more, and returns when none is in the making."""
        self._maker.shutdown()
