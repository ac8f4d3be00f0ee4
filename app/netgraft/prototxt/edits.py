"""Edits of the text: splices in chunks, written in the style of what stands around them.

An edit is data (a Splice) against one Document; `apply` makes the next Document and parses only
the chunks that changed. The helpers below make splices that follow the siblings' layout: own
lines with their indentation, or the same line; LF or CRLF; `,` and `;` where the siblings use them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from netgraft.prototxt.parser import parse_chunks
from netgraft.prototxt.tree import Chunk, Document, Field, Kind
from netgraft.prototxt.values import quote

_AFTER: Final = re.compile(r"[ \t]*+([;,]?+)([ \t]*+)(\#[^\n\r]*+)?")
_LINE_END: Final = re.compile(r"\r?\n|\Z")


class Splice(NamedTuple):
    """Replaces [start, end) of one chunk's text; offsets are chunk-relative."""

    chunk: int
    start: int
    end: int
    text: str


def apply(
    document: Document,
    splices: Iterable[Splice] = (),
    *,
    insert: Mapping[int, Sequence[str]] | None = None,
    remove: Collection[int] = (),
) -> Document:
    """The document after some edits at once.

    `insert[i]` are texts that go before chunk i (i == len(chunks): at the end), each ending up on
    lines of its own; `remove` are chunks that go. Raises ValueError for overlapping splices and
    for places that do not exist.
    """
    by_chunk: dict[int, list[Splice]] = defaultdict(list)
    for splice in splices:
        by_chunk[splice.chunk].append(splice)
    inserts = dict(insert or {})
    old = document.chunks
    bad = [i for i in (*by_chunk, *remove) if not 0 <= i < len(old)]
    bad += [i for i in inserts if not 0 <= i <= len(old)]
    if bad:
        raise ValueError(f"no chunk {bad[0]} in a document of {len(old)}")
    gone = set(remove)
    chunks: list[Chunk] = []
    for index in range(len(old) + 1):
        if index in inserts:
            _insert(chunks, inserts[index], document.newline, at_end=not any(c.text for c in old[index:]))
        if index == len(old) or index in gone:
            continue
        if index in by_chunk:
            text = splice_text(old[index].text, by_chunk[index])
            chunks += parse_chunks(text, after_field=bool(chunks))
        else:
            chunks.append(old[index])
    return Document(tuple(chunks))


def splice_text(text: str, splices: Iterable[Splice]) -> str:
    """One text after splices; those at one place go in in the order given."""
    parts: list[str] = []
    at = 0
    for splice in sorted(splices, key=lambda s: (s.start, s.end)):
        if not at <= splice.start <= splice.end <= len(text):
            raise ValueError(f"splices overlap or lie outside the chunk at {splice.start}")
        parts += (text[at : splice.start], splice.text)
        at = splice.end
    parts.append(text[at:])
    return "".join(parts)


def _insert(chunks: list[Chunk], texts: Sequence[str], newline: str, *, at_end: bool) -> None:
    before = next((chunk.text for chunk in reversed(chunks) if chunk.text), "")
    ends_open = bool(before) and not before.endswith("\n")
    for text in texts:
        if ends_open:
            # The break goes to the earlier chunk, so that the new one starts at its own first character.
            last = chunks.pop()
            chunks += parse_chunks(last.text + newline, after_field=bool(chunks))
        keeps_open = at_end and ends_open and text is texts[-1]
        if not text.endswith("\n") and not keeps_open:
            text += newline
        elif keeps_open:
            text = text.removesuffix("\n").removesuffix("\r")
        chunks += parse_chunks(text, after_field=bool(chunks))
        ends_open = not text.endswith("\n")


def set_value(chunk_index: int, field: Field, text: str) -> list[Splice]:
    """Replaces a field's value by other value text."""
    return [Splice(chunk_index, field.value_start, field.end, text)]


def set_string(document: Document, chunk_index: int, field: Field, value: str) -> list[Splice]:
    """Replaces a string value, in the quotes that it had."""
    text = document.chunks[chunk_index].text
    mark = text[field.value_start] if field.kind is Kind.STRING else '"'
    return set_value(chunk_index, field, quote(value, mark))


def own_line(chunk: Chunk, field: Field) -> str | None:
    """The field's indentation where it begins its line, else None."""
    head = chunk.text[chunk.text.rfind("\n", 0, field.start) + 1 : field.start]
    return head if not head.strip(" \t\f\v\ufeff") else None


def add_field(
    document: Document, chunk_index: int, parent: Field, text: str, *, after: Field | None = None
) -> list[Splice]:
    """Adds `text` (one field) to a message: after one of its fields, or as the last.

    It gets a line of its own where the sibling before it has one. Raises ValueError unless
    `parent` is a message.
    """
    if parent.kind is not Kind.MESSAGE:
        raise ValueError(f"{parent.name} is no message: nothing can be added to it")
    chunk = document.chunks[chunk_index]
    source, newline = chunk.text, document.newline
    anchor = after or (parent.children[-1] if parent.children else None)
    if anchor is None:
        return _add_first(chunk, chunk_index, parent, text, newline)
    tail = _AFTER.match(source, anchor.end)
    assert tail is not None
    separator = tail[1]
    indent = own_line(chunk, anchor)
    last_on_line = _LINE_END.match(source, tail.end()) is not None
    if indent is not None and last_on_line:
        return [Splice(chunk_index, tail.end(), tail.end(), f"{newline}{indent}{text}{separator}")]
    if tail[3]:  # a comment runs to the line's end: the new field must not stand in it
        return [Splice(chunk_index, anchor.end, anchor.end, f"{separator} {text}")]
    at = tail.end(1) if separator else anchor.end
    return [Splice(chunk_index, at, at, f" {text}{separator}")]


def _add_first(chunk: Chunk, index: int, parent: Field, text: str, newline: str) -> list[Splice]:
    inside = chunk.text[parent.value_start + 1 : parent.end - 1]
    if "\n" not in inside:
        return [Splice(index, parent.value_start + 1, parent.end - 1, f" {text} ")]
    # After whatever comments the empty message holds, before its closing line.
    at = chunk.text.rfind("\n", 0, parent.end - 1)
    at -= chunk.text[at - 1] == "\r"
    outer = own_line(chunk, parent)
    indent = (outer if outer is not None else "") + "  "
    return [Splice(index, at, at, f"{newline}{indent}{text}")]


def remove_field(document: Document, chunk_index: int, field: Field) -> list[Splice]:
    """Takes a field out, with its separator; with its whole line where it has one to itself."""
    chunk = document.chunks[chunk_index]
    text = chunk.text
    tail = _AFTER.match(text, field.end)
    assert tail is not None
    indent = own_line(chunk, field)
    line_end = _LINE_END.match(text, tail.end())
    if indent is not None and line_end is not None:
        return [Splice(chunk_index, field.start - len(indent), line_end.end(), "")]
    start, end = field.start, tail.end(1) if tail[1] else field.end
    blank_before = text[start - 1 : start] in (" ", "\t")
    if indent is not None or not blank_before:
        end = tail.end(2)  # what follows moves up to the field's place
    else:
        while text[start - 1 : start] in (" ", "\t"):
            start -= 1
        if text[end : end + 1] not in (" ", "\t", "\r", "\n", ""):
            start += 1  # one blank stays where something follows on the line
    return [Splice(chunk_index, start, end, "")]
