"""What an edit changed in the text, as a unified diff.

Layers are compared with layers: lines repeat so much in a prototxt (`}`, `type: "ReLU"`) that a comparison of
lines alone sees one layer's end and the next one's head where a person sees a layer that is gone.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from netgraft import prototxt

_CONTEXT = 3
# Pairs of layers whose likeness is worked out; where more were replaced at once, lines are compared.
_MOST_PAIRS = 100_000
# Layers with less in common are not the same one changed.
_ALIKE = 0.5
_TOKEN = re.compile(r"\w+")

Lines = tuple[str, ...]
Span = tuple[str, int, int, int, int]


def unified(before: prototxt.Document, after: prototxt.Document, name: str) -> str:
    """A unified diff, empty where nothing changed.

    Chunks that both documents have in common at either end are not compared again: an edit in a net of
    10,000 layers costs what it changed.
    """
    old, new = before.chunks, after.chunks
    pairs = zip(old, new, strict=False)
    head = sum(1 for _ in takewhile(lambda pair: pair[0].text == pair[1].text, pairs))
    most = min(len(old), len(new)) - head
    ends = zip(old[::-1][:most], new[::-1][:most], strict=True)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0].text == pair[1].text, ends))
    # Whole chunks of context on both sides, cut where a line ends: the lines at the seams are complete.
    first, last = max(head - _CONTEXT, 0), max(tail - _CONTEXT, 0)
    while first and not old[first - 1].text.endswith("\n"):
        first -= 1
    while last and not (_ends_line(old, last) and _ends_line(new, last)):
        last -= 1
    left, right = _units(old[first : len(old) - last]), _units(new[first : len(new) - last])
    skipped = sum(chunk.lines for chunk in old[:first])
    old_lines, new_lines = [line for unit in left for line in unit], [line for unit in right for line in unit]
    hunks = list(_hunks(list(_spans(left, right))))
    made = [f"--- {name} before", f"+++ {name} after"] if hunks else []
    for hunk in hunks:
        a, b = _range(hunk[0][1], hunk[-1][2], skipped), _range(hunk[0][3], hunk[-1][4], skipped)
        made.append(f"@@ -{a} +{b} @@")
        for tag, i1, i2, j1, j2 in hunk:
            if tag == "equal":
                made += [f" {line}" for line in old_lines[i1:i2]]
            else:
                made += [f"-{line}" for line in old_lines[i1:i2]]
                made += [f"+{line}" for line in new_lines[j1:j2]]
    return "\n".join(made)


def _ends_line(chunks: Sequence[prototxt.Chunk], last: int) -> bool:
    """Whether what stands before the last chunks ends with its line."""
    return len(chunks) == last or chunks[-last - 1].text.endswith("\n")


def _units(chunks: Sequence[prototxt.Chunk]) -> list[Lines]:
    """The lines of each chunk; chunks that share a line are one unit."""
    units: list[Lines] = []
    text = ""
    for chunk in chunks:
        text += chunk.text
        if text.endswith("\n"):
            units.append(tuple(text.split("\n")[:-1]))
            text = ""
    if text:
        units.append(tuple(text.split("\n")))
    return units


def _spans(left: Sequence[Lines], right: Sequence[Lines]) -> Iterator[Span]:
    """What became of the lines, as difflib's opcodes."""
    i = j = 0
    for ours, theirs in _pairs(left, right):
        a, b = [line for unit in ours for line in unit], [line for unit in theirs for line in unit]
        same = [("equal", 0, len(a), 0, len(b))] if a == b else SequenceMatcher(None, a, b).get_opcodes()
        for kind, a1, a2, b1, b2 in same:
            yield kind, i + a1, i + a2, j + b1, j + b2
        i, j = i + len(a), j + len(b)


def _pairs(
    left: Sequence[Lines], right: Sequence[Lines]
) -> Iterator[tuple[Sequence[Lines], Sequence[Lines]]]:
    """Units beside what they became, in order, all of them."""
    i = j = 0
    for anchor, other in [*_anchors(left, right), (len(left), len(right))]:
        ours, theirs = left[i:anchor], right[j:other]
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs).get_opcodes():
            if tag == "replace" and (i2 - i1) * (j2 - j1) <= _MOST_PAIRS:
                yield from _aligned(ours[i1:i2], theirs[j1:j2])
            else:
                yield ours[i1:i2], theirs[j1:j2]
        yield left[anchor : anchor + 1], right[other : other + 1]
        i, j = anchor + 1, other + 1


def _anchors(left: Sequence[Lines], right: Sequence[Lines]) -> list[tuple[int, int]]:
    """The longest row of units that stand once in either text and in the same order; layers do, having names.

    difflib finds these too, but in a time that grows with the square of their number.
    """
    ours, theirs = Counter(left), Counter(right)
    place = {unit: j for j, unit in enumerate(right) if theirs[unit] == 1}
    ends: list[int] = []  # the least place in `right` at which a row of that length ends
    rows: list[tuple[int, int, int]] = []  # i, j, and the one before in `rows`
    tips: list[int] = []  # which of `rows` that is
    for i, unit in enumerate(left):
        j = place.get(unit, -1)
        if j < 0 or ours[unit] > 1:
            continue
        length = bisect(ends, j)
        rows.append((i, j, tips[length - 1] if length else -1))
        ends[length : length + 1] = [j]
        tips[length : length + 1] = [len(rows) - 1]
    found = []
    at = tips[-1] if tips else -1
    while at >= 0:
        i, j, at = rows[at]
        found.append((i, j))
    return found[::-1]


def _aligned(
    left: Sequence[Lines], right: Sequence[Lines]
) -> Iterator[tuple[Sequence[Lines], Sequence[Lines]]]:
    """Units that were changed beside what they became, in order; those without a partner beside nothing."""
    ours, theirs = [_words(unit) for unit in left], [_words(unit) for unit in right]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    like: dict[tuple[int, int], float] = {}
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            most = max(len(ours[i]), len(theirs[j])) or 1
            alike = len(ours[i] & theirs[j]) / most
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if alike >= _ALIKE and best[i + 1][j + 1] + alike > best[i][j]:
                like[i, j] = best[i][j] = best[i + 1][j + 1] + alike
    i = j = 0
    while i < len(left) or j < len(right):
        if (i, j) in like:
            yield left[i : i + 1], right[j : j + 1]
            i, j = i + 1, j + 1
        elif j == len(right) or (i < len(left) and best[i + 1][j] >= best[i][j + 1]):
            yield left[i : i + 1], []
            i += 1
        else:
            yield [], right[j : j + 1]
            j += 1


def _words(unit: Lines) -> frozenset[tuple[str, int]]:
    """Its words, each as often as it stands there."""
    words = Counter(word for line in unit for word in _TOKEN.findall(line))
    return frozenset((word, nth) for word, times in words.items() for nth in range(times))


def _hunks(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Spans that change something, with their context; those that touch are one hunk."""
    hunk: list[Span] = []
    for tag, i1, i2, j1, j2 in _merged(spans):
        if tag != "equal":
            hunk.append((tag, i1, i2, j1, j2))
            continue
        if hunk and i2 - i1 > 2 * _CONTEXT:
            yield [*hunk, (tag, i1, i1 + _CONTEXT, j1, j1 + _CONTEXT)]
            hunk = []
        if hunk:
            hunk.append((tag, i1, i2, j1, j2))
        else:
            hunk = [(tag, max(i1, i2 - _CONTEXT), i2, max(j1, j2 - _CONTEXT), j2)]
    if hunk and hunk[-1][0] == "equal":
        tag, i1, i2, j1, j2 = hunk.pop()
        hunk.append((tag, i1, min(i2, i1 + _CONTEXT), j1, min(j2, j1 + _CONTEXT)))
    if any(span[0] != "equal" for span in hunk):
        yield hunk


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Neighbours that are equal as one span, and changes with nothing between them as one."""
    merged: list[Span] = []
    for tag, i1, i2, j1, j2 in spans:
        if merged and (merged[-1][0] == "equal") == (tag == "equal"):
            last = merged.pop()
            merged.append((last[0] if tag == "equal" else "replace", last[1], i2, last[3], j2))
        elif i2 > i1 or j2 > j1:
            merged.append((tag, i1, i2, j1, j2))
    return merged


def _range(start: int, stop: int, skipped: int) -> str:
    """A hunk's place as diff writes it: 1-based; an empty one stands after the line that it names."""
    length = stop - start
    first = start + skipped + (1 if length else 0)
    return str(first) if length == 1 else f"{first},{length}"
