"""What Prometheus is told.

Label values come from our own tables (routes, kinds of operations, statuses), never from a request, so that
nobody can make more of them.

Of one process: where several serve one database, each is scraped by its own address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Metric,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 120)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

_ALL = CollectorRegistry()

_requests = Counter(
    "netgraft_requests",
    "Requests answered, by the route's template, method and status.",
    ("route", "method", "status"),
    registry=_ALL,
)
_seconds = Histogram(
    "netgraft_request_seconds",
    "Time from a request's arrival to the last byte of its answer.",
    ("route", "method"),
    buckets=_SECONDS,
    registry=_ALL,
)
_refused = Counter(
    "netgraft_refused",
    "Requests refused with 503, by why: busy or stopping.",
    ("why",),
    registry=_ALL,
)
_edits = Counter("netgraft_edits", "Operations carried out and kept, by kind.", ("operation",), registry=_ALL)
_rebases = Counter(
    "netgraft_rebases",
    "Edits made for an older revision, by what came of them: applied or refused (409).",
    ("outcome",),
    registry=_ALL,
)
checks = Histogram(
    "netgraft_check_seconds",
    "Time of finding Caffe's verdict on a net, in all states asked for.",
    buckets=_SECONDS,
    registry=_ALL,
)
received = Counter(
    "netgraft_upload_bytes",
    "Bytes of request bodies that carry files.",
    registry=_ALL,
)
database_errors = Counter(
    "netgraft_database_errors", "Times that the database failed or did not answer.", registry=_ALL
)

ProcessCollector(registry=_ALL)
PlatformCollector(registry=_ALL)
GCCollector(registry=_ALL)

# What has not happened yet is told as 0, so that a rate over it is one.
for _why in ("busy", "stopping"):
    _refused.labels(_why)
for _outcome in ("applied", "refused"):
    _rebases.labels(_outcome)


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """Counts a request. `route` is a template."""
    method = method if method in _METHODS else "other"
    _requests.labels(route, method, str(status)).inc()
    _seconds.labels(route, method).observe(seconds)


def edited(kinds: Iterable[str]) -> None:
    """Counts operations that were carried out; `kinds` are their `op`, read and known."""
    for kind in kinds:
        _edits.labels(kind).inc()


def rebased(*, applied: bool) -> None:
    """Counts an edit that was made for an older revision."""
    _rebases.labels("applied" if applied else "refused").inc()


def refused(why: str) -> None:
    """Counts a request that was refused; `why` is `busy` or `stopping`."""
    _refused.labels(why).inc()


class Gauge(NamedTuple):
    """A value that is read when it is asked for."""

    name: str
    doc: str
    read: Callable[[], float]


class _Gauges(Collector):
    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterator[Metric]:
        for each in self._gauges:
            yield GaugeMetricFamily(each.name, each.doc, each.read())


class _Both(Collector):
    """The process's counters and one app's gauges, as one registry that an encoder reads."""

    def __init__(self, *parts: Collector) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        for part in self._parts:
            yield from part.collect()


def exposition(accept: str, gauges: Iterable[Gauge]) -> tuple[bytes, str]:
    """All metrics and their content type, in the format that the scraper accepts."""
    encode, media_type = choose_encoder(accept)
    return encode(_Both(_ALL, _Gauges(gauges))), media_type
