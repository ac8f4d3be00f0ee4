"""Talking to a person: findings in a compiler's form, aligned tables, colour only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final, NoReturn, TextIO

import typer

OK: Final = 0
REFUSED: Final = 1
BAD_INPUT: Final = 2
INTERNAL: Final = 3

_COLOURS: Final = {"error": "31;1", "warning": "33;1", "info": "36", "note": "36"}


def finding(
    file: str, line: int | None, column: int | None, severity: str, message: str, *, out: TextIO | None = None
) -> None:
    """Prints `file:line:col: error: message`."""
    stream = out or sys.stdout
    place = file if line is None else f"{file}:{line}:{column}"
    word = f"\x1b[{_COLOURS[severity]}m{severity}\x1b[0m" if stream.isatty() else severity
    say(f"{place}: {word}: {message}", stream)


def say(text: str, stream: TextIO | None = None) -> None:
    """Prints a line; what the terminal cannot show (names that are not UTF-8) is escaped."""
    out = stream or sys.stdout
    encoding = out.encoding or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def fail(file: str, message: str, *, code: int = BAD_INPUT) -> NoReturn:
    """Says on standard error what is wrong with a file, and ends the command."""
    finding(file, None, None, "error", message, out=sys.stderr)
    raise typer.Exit(code)


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()
) -> None:
    """Prints aligned columns; those in `right` are aligned to the right."""
    cells = [list(heads), *[list(row) for row in rows]]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    for row in cells:
        padded = [
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        say("  ".join(padded).rstrip())


def shape(axes: Sequence[int] | None) -> str:
    """A shape for people: `64 3 7 7`, `?` where unknown, `scalar` without axes."""
    if axes is None:
        return "?"
    return " ".join(map(str, axes)) if axes else "scalar"


def why_no_text(file: str, data: bytes) -> str | None:
    """What a file is whose bytes can be no prototxt, whatever its name says; None for one that may be."""
    if b"\0" not in data:
        return None
    weights = file.endswith((".caffemodel", ".h5"))
    return f"This is a binary file, not a prototxt{'; weights go with --weights' if weights else ''}."


def read_bytes(file: str) -> bytes:
    """A file's bytes; ends the command where it cannot be read."""
    from pathlib import Path

    try:
        return Path(file).read_bytes()
    except OSError as error:
        fail(file, error.strerror or str(error))
