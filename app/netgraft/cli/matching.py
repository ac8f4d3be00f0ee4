"""The table of `netgraft check --weights`: what loading the weights does to each layer, blob by blob."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from netgraft.cli.terminal import shape, table

if TYPE_CHECKING:  # weights bring numpy, which checks without weights do not wait for
    from netgraft.weights import Match, Matching

_HEADS = ("layer", "blob", "net", "stored", "what happens")


def print_matching(phases: Sequence[str], found: Sequence[Matching]) -> None:
    """Prints the rows of all phases, each once; a row of some phases only says which."""
    where: dict[Match, list[str]] = {}
    for phase, matching in zip(phases, found, strict=True):
        for row in matching:
            where.setdefault(row, []).append(phase)
    lines = []
    for row, among in where.items():
        only = f" ({', '.join(among)} only)" if len(among) < len(phases) else ""
        lines += [(*cells[:-1], cells[-1] + only) for cells in _cells(row)]
    if lines:
        table(_HEADS, lines, right=frozenset({1}))


def as_objects(matching: Matching) -> list[dict[str, Any]]:
    """The rows as JSON has them."""
    return [asdict(row) for row in matching]


def _cells(row: Match) -> list[tuple[str, str, str, str, str]]:
    if not row.blobs:
        stored = "" if row.stored_blobs is None else f"{row.stored_blobs} blobs"
        return [(row.name, "", "", stored, _said(row.state, ""))]
    return [
        (
            row.name if not at else "",
            str(blob.index),
            shape(blob.shape),
            "-" if blob.stored_shape is None else shape(blob.stored_shape),
            _said(blob.state, blob.filler),
        )
        for at, blob in enumerate(row.blobs)
    ]


def _said(state: str, filler: str) -> str:
    """The state alone; Caffe's words for a clash stand among the findings below the table."""
    return f"filler: {filler}" if state == "filler" and filler else state
