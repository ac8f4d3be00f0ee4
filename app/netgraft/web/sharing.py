"""What a read-only link opens: reads of its one document, and what belongs to no document.

A request that comes by `/s/TOKEN/api/...` is the same request to `/api/...` with less allowed. What is
admitted stands here by name: a route that is added later is closed to links until it is put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast
from urllib.parse import quote

from starlette.types import Scope

PREFIX: Final = "/s/"

Access = Literal["edit", "read"]
Verdict = Literal["admitted", "read-only", "absent"]

COMMON: Final = frozenset({"/api/documents", "/api/catalogue", "/api/schema", "/api/examples"})
"""Paths that concern no single document; the list of documents holds only the link's own then."""

PARTS: Final = frozenset(
    {"source", "layers", "graph", "history", "diff", "weights", "layout", "solver", "export"}
)
"""What of a document may be read: the first step of the path below it."""

LIVE: Final = "live"
SOCKET: Final = "socket"

_READS = ("GET", "HEAD")
_KEY = "netgraft.admission"


@dataclass(frozen=True, slots=True)
class Admission:
    """With what rights a request was let in."""

    access: Access = "edit"
    document: str | None = None  # the only one that it may see; None: all
    link: int | None = None  # the share link that it came by


EVERYTHING: Final = Admission()


def verdict(method: str, path: str | None, document: str) -> Verdict:
    """Whether a link to `document` opens `path`, which is percent-decoded as the router sees it.

    `path` is None for the link's own page; `method` is "socket" where a WebSocket asks.
    """
    own = f"/api/documents/{document}"
    if method == SOCKET:
        return "admitted" if path == f"{own}/{LIVE}" else "absent"
    common = path is None or path in COMMON
    if not common and path != own and not (path or "").startswith(f"{own}/"):
        return "absent"
    if method not in _READS:
        return "read-only"
    # An empty step (a double or a trailing slash) is no part: nobody has to make sense of it.
    part = (path or "")[len(own) + 1 :].partition("/")[0]
    return "admitted" if common or path == own or part in PARTS else "absent"


def admit(scope: Scope, path: str, admission: Admission) -> None:
    """Makes the scope what the rest of the server is to see: another path, and the rights that go with it."""
    scope.update({"path": path, "raw_path": quote(path).encode(), _KEY: admission})


def admission_of(scope: Scope) -> Admission:
    """The rights of a request that the guard let in."""
    return cast(Admission, scope.get(_KEY, EVERYTHING))
