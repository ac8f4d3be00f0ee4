"""Two texts that began as one, made one again: piece by piece, each from who changed it.

Pieces are recognised by their labels (a layer by its key), not by their place: neighbours can be changed by
two people, a layer can be moved by one and changed by the other. What both changed is refused, but a comment
and the layer that it stands at count as two things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from netgraft import prototxt
from netgraft.edit.rebase.clash import Clash, How, Refused
from netgraft.edit.rebase.order import moved
from netgraft.edit.rebase.pieces import END, Label, Piece, pieces

Pieces = Mapping[Label, Piece]


def merge(base: prototxt.Document, ours: prototxt.Document, theirs: prototxt.Document) -> str:
    """The text with both changes. Every piece that nobody changed is in it to the byte, and one that one
    side changed as that side has it; only a line break may come between pieces that were no neighbours.

    Raises Refused for what both changed.
    """
    if (mine := ours.text) == (old := base.text):
        return theirs.text
    if mine == (other := theirs.text) or other == old:
        return mine
    first = pieces(base)
    rows = [first, *(_with_end(pieces(tree), first) for tree in (ours, theirs))]
    before, left, right = ({piece.label: piece for piece in row} for row in rows)
    orders = [[piece.label for piece in row] for row in rows]
    clashes: list[Clash] = []
    texts: dict[Label, str] = {}
    for label in dict.fromkeys((*orders[0], *orders[1], *orders[2])):
        text = _content(label, before, left, right, clashes)
        if text is not None:
            texts[label] = text
    order = _order(orders[0], orders[1], orders[2], clashes)
    if clashes:
        raise Refused(clashes)
    neighbours = {pair for row in orders for pair in pairwise(row)}
    return _joined([label for label in order if label in texts], texts, neighbours, theirs.newline)


def _content(label: Label, before: Pieces, left: Pieces, right: Pieces, clashes: list[Clash]) -> str | None:
    """The text of one piece; None where it is gone."""
    base, ours, theirs = before.get(label), left.get(label), right.get(label)
    if base is None:
        if ours is not None and theirs is not None and ours.text.strip() != theirs.text.strip():
            clashes.append(_clash(label, "added"))
        found = theirs or ours
        return found.text if found else None
    if ours is None or theirs is None:
        left_over = ours or theirs
        if left_over is not None and left_over.text.strip() != base.text.strip():
            clashes.append(_clash(label, "deleted" if theirs is None else "changed"))
        return None
    if theirs.text == base.text or ours.text == theirs.text:
        return ours.text
    if ours.text == base.text:
        return theirs.text
    return _both(label, base, ours, theirs, clashes)


def _both(label: Label, base: Piece, ours: Piece, theirs: Piece, clashes: list[Clash]) -> str:
    """A piece that both changed: its lead, its one body and its tail, each from who changed it."""
    if any(len(piece.bodies) != 1 for piece in (base, ours, theirs)):
        if _same(base, ours):
            return theirs.text
        if not _same(base, theirs):
            clashes.append(_clash(label, "changed"))
        return ours.text
    parts: list[str] = []
    for how, old, mine, other in zip(
        ("comment", "changed", "comment"), _split(base), _split(ours), _split(theirs), strict=True
    ):
        if other == old or mine == other:
            parts.append(mine)
        elif mine == old:
            parts.append(other)
        elif other.strip() == old.strip():  # blanks only: who changed more than those counts
            parts.append(mine)
        elif mine.strip() == old.strip():
            parts.append(other)
        elif mine.strip() == other.strip():
            parts.append(max(mine, other, key=len))
        else:
            clashes.append(_clash(label, "comment" if how == "comment" else "changed"))
    return "".join(parts)


def _same(one: Piece, other: Piece) -> bool:
    return one.text.strip() == other.text.strip()


def _split(piece: Piece) -> tuple[str, str, str]:
    body = piece.bodies[0]
    return piece.text[: body.start], piece.text[body.start : body.end], piece.text[body.end :]


def _clash(label: Label, how: How) -> Clash:
    if label[0] == "layer":
        name = label[1]
        fact = ("comment" if how == "comment" else "layer", name)
        return Clash("layer", name, how, fact=fact)
    if label[0] == END:
        return Clash("file", "", "comment", fact=("comment", ""))
    fact = ("comment", "") if how == "comment" else ("file", label[1])
    return Clash("file", label[1], how, fact=fact)


def _order(
    base: Sequence[Label], ours: Sequence[Label], theirs: Sequence[Label], clashes: list[Clash]
) -> list[Label]:
    """The labels in the order that both made of the first one; where both put something new, theirs first."""
    if theirs in (base, ours):
        return list(ours)
    if ours == base:
        return list(theirs)
    moves = [moved([_key(one) for one in base], [_key(one) for one in side]) for side in (ours, theirs)]
    if both := moves[0] & moves[1]:
        by_key = {_key(one): one for one in base}
        clashes += [_clash(by_key[key], "moved") for key in sorted(both)]
    kept_ours, new_ours = _script(base, ours, moves[0])
    kept_theirs, new_theirs = _script(base, theirs, moves[1])
    result: dict[Label, None] = {}
    for gap in range(len(base) + 1):
        for label in (*new_theirs.get(gap, ()), *new_ours.get(gap, ())):
            result.setdefault(label)
        if gap < len(base) and gap in kept_ours and gap in kept_theirs:
            result.setdefault(base[gap])
    return list(result)


def _key(label: Label) -> str:
    return "\0".join(label)


def _with_end(side: Sequence[Piece], base: Sequence[Piece]) -> list[Piece]:
    """The pieces with what stood at the base's end as one of its own again: reading the text gives it to
    what was put behind it."""
    end = base[-1] if base and base[-1].label == (END,) else None
    known = {piece.label for piece in base}
    if end is None or (side and side[-1].label == (END,)):
        return list(side)
    for index, piece in enumerate(side):
        if piece.label not in known and piece.text.startswith(end.text):
            cut = len(end.text)
            bodies = tuple(one._replace(start=one.start - cut, end=one.end - cut) for one in piece.bodies)
            return [*side[:index], end, Piece(piece.label, piece.text[cut:], bodies), *side[index + 1 :]]
    return list(side)


def _script(
    base: Sequence[Label], side: Sequence[Label], moves: frozenset[str]
) -> tuple[set[int], dict[int, list[Label]]]:
    """Which pieces of the base stay in their places, and what the side put before which of them."""
    kept: set[int] = set()
    new: dict[int, list[Label]] = {}
    place = {label: index for index, label in enumerate(base)}
    gap = 0
    for label in side:
        at = place.get(label)
        if at is None or _key(label) in moves:
            new.setdefault(gap, []).append(label)
        else:
            kept.add(at)
            gap = at + 1
    return kept, new


def _joined(
    order: Sequence[Label], texts: Mapping[Label, str], neighbours: set[tuple[Label, Label]], newline: str
) -> str:
    parts: list[str] = []
    for index, label in enumerate(order):
        text = texts[label]
        if index and (order[index - 1], label) not in neighbours:
            before = next((part for part in reversed(parts) if part), "\n")
            if not before.endswith("\n") and not text.startswith(("\n", "\r\n")):
                parts.append(newline)
        parts.append(text)
    return "".join(parts)
