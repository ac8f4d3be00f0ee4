"""One id a request: in its answer, in every line of the log about it, in the problem that it ends with."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

HEADER = "X-Request-ID"

# What a proxy may have given it. Nothing that could end a line or a header, or fill a log.
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:=+/@-]{1,128}", re.ASCII)

_current: ContextVar[str] = ContextVar("netgraft_request_id", default="")


def begin(given: str | None) -> str:
    """Names the request that is worked on here: by the id that it came with, where that is well-formed."""
    made = given if given and _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
    _current.set(made)
    return made


def current() -> str:
    """The id of the request that is worked on here; empty outside of one. Worker threads know it, too."""
    return _current.get()
