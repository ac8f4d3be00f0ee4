"""What an edit changed in the text, as a unified diff."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from itertools import takewhile

from netgraft import prototxt

_CONTEXT = 3


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
    left, right = old[first : len(old) - last], new[first : len(new) - last]
    skipped = sum(chunk.lines for chunk in old[:first])
    lines = unified_diff(
        _lines(left), _lines(right), f"{name} before", f"{name} after", n=_CONTEXT, lineterm=""
    )
    return "\n".join(_moved(line, skipped) for line in lines)


def _ends_line(chunks: Sequence[prototxt.Chunk], last: int) -> bool:
    """Whether what stands before the last chunks ends with its line."""
    return len(chunks) == last or chunks[-last - 1].text.endswith("\n")


def _lines(chunks: Sequence[prototxt.Chunk]) -> list[str]:
    lines = "".join(chunk.text for chunk in chunks).split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _moved(line: str, by: int) -> str:
    """A hunk's header with its line numbers counted from the start of the file."""
    if not line.startswith("@@ ") or not by:
        return line
    parts = line.split(" ")
    for at in (1, 2):
        start, comma, length = parts[at][1:].partition(",")
        parts[at] = f"{parts[at][0]}{int(start) + by}{comma}{length}"
    return " ".join(parts)
