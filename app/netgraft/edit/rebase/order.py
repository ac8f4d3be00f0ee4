"""Which layers changed places between two orders of a file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def moved(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The fewest keys, of those in both, whose moving makes one order the other."""
    kept = set(after)
    old = [key for key in before if key in kept]
    place = {key: index for index, key in enumerate(old)}
    new = [key for key in after if key in place]
    if old == new:
        return frozenset()
    return frozenset(new) - _longest_rising(new, place)


def _longest_rising(keys: Sequence[str], place: dict[str, int]) -> set[str]:
    """The most of the keys whose places rise (patience sorting)."""
    tops: list[int] = []
    top_keys: list[str] = []
    before: dict[str, str | None] = {}
    for key in keys:
        at = bisect_left(tops, place[key])
        before[key] = top_keys[at - 1] if at else None
        tops[at : at + 1] = [place[key]]
        top_keys[at : at + 1] = [key]
    found: set[str] = set()
    last = top_keys[-1] if top_keys else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
