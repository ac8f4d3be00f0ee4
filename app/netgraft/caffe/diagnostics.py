"""What is said about a net: diagnostics, their places and fixes, and the list of all codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Place:
    """A span of one chunk's text; it stays right whatever changes in other chunks."""

    chunk: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fix:
    """A way out: operations as data (see netgraft.edit), to be applied together."""

    title: str
    operations: tuple[Mapping[str, object], ...]


def said_instead(title: str, key: str, path: str, value: str) -> Fix:
    """The fix of a slip of the pen: another value at its place."""
    return Fix(title, ({"op": "set_field", "layer": key, "path": path, "value": value},))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `layer` is a layer key, `blob` a blob's or a param's name. `caffe_message` holds
    Caffe's own words where Caffe would abort."""

    code: str
    severity: Severity
    message: str
    caffe_message: str | None = None
    layer: str | None = None
    blob: str | None = None
    place: Place | None = None
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of the list of codes; docs/checks.md has a section for each."""

    code: str
    severity: Severity
    title: str


def counted(number: int, noun: str) -> str:
    """`1 bottom`, `2 bottoms`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


CODES: dict[str, Code] = {}


def declare(code: str, severity: Severity, title: str) -> str:
    """Puts a code on the list; a code may be declared once."""
    if code in CODES:
        raise ValueError(f"code {code} is declared twice")
    CODES[code] = Code(code, severity, title)
    return code
