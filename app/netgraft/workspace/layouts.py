"""Where people moved the cards of a net's picture: kept with the document, no part of its revisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, Literal

from sqlalchemy.orm import Session

from netgraft.workspace.errors import TooMany
from netgraft.workspace.tables import LayoutRow

Direction = Literal["down", "right"]
Layout = Mapping[Direction, Mapping[str, tuple[float, float]]]
"""By the way the net flows and by layer key: how far the layer's card was moved from its place, in px."""

Moves = Mapping[Direction, Mapping[str, tuple[float, float] | None]]
"""Cards that somebody moved just now; None puts one back in its place."""

MOST_CARDS: Final = 20_000
"""Cards that may be moved, each way."""


def read_layout(session: Session, document: str) -> Layout:
    """What was kept; empty where nothing was."""
    row = session.get(LayoutRow, document)
    if row is None:
        return {}
    kept: Layout = json.loads(row.moved)
    return kept


def keep_layout(session: Session, document: str, layout: Layout) -> None:
    """Keeps it instead of what was kept; an empty one is forgotten."""
    kept = {way: dict(moved) for way, moved in layout.items() if moved}
    if kept:
        session.merge(LayoutRow(document=document, moved=json.dumps(kept)))
    elif (row := session.get(LayoutRow, document)) is not None:
        session.delete(row)


def with_moves(kept: Layout, moves: Moves) -> Layout:
    """What was kept with what was moved since; raises TooMany."""
    ways: tuple[Direction, ...] = ("down", "right")
    merged = {way: {**kept.get(way, {}), **moves.get(way, {})} for way in ways}
    layout: Layout = {
        way: {key: place for key, place in merged[way].items() if place is not None} for way in ways
    }
    if any(len(moved) > MOST_CARDS for moved in layout.values()):
        raise TooMany("Moved cards", MOST_CARDS, "")
    return layout
