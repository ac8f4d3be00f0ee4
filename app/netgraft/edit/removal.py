"""Taking fields out of a text, several at once, without taking the comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from netgraft.prototxt import Field, Splice

_AFTER: Final = re.compile(r"[ \t]*+[;,]?+[ \t]*+")


def remove_fields(chunk: int, text: str, fields: Iterable[Field]) -> list[Splice]:
    """Splices that remove the fields with their separators; a line that they leave empty goes too."""
    spans: list[list[int]] = []
    for field in sorted(fields, key=lambda one: one.start):
        tail = _AFTER.match(text, field.end)
        end = tail.end() if tail is not None else field.end
        if spans and field.start <= spans[-1][1]:
            spans[-1][1] = end
        else:
            spans.append([field.start, end])
    return [Splice(chunk, *_widened(text, start, end), "") for start, end in spans]


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    before, after = text[line:start], text[end:stop]
    if not after.strip():
        if not before.strip():
            return line, min(len(text), stop + 1)
        return line + len(before.rstrip(" \t")), end
    if after.startswith("#") and before.strip():
        return start, end  # the comment stays where it is
    return start, end
