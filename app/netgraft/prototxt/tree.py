"""The lossless tree of a text-format file: chunks of text, and the fields found in them.

A Document is a row of Chunks whose texts, joined, are the file to the last byte. Each chunk holds
one top-level field with the comments and blanks around it, and its fields' offsets count from the
chunk's own start: an edit makes one new chunk and leaves every other, and all that was derived
from it, as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Kind(IntEnum):
    """What stands as a field's value."""

    IDENT = 0
    NUMBER = 1
    STRING = 2
    MESSAGE = 3
    LIST = 4
    MISSING = 5  # no value could be read; an error says why


class Field(NamedTuple):
    """One field: `name: value`, `name { ... }` or `name: [ ... ]`; offsets count in the chunk's text.

    `start` is the name's first character, `end` is just past the value (a `,` or `;` after it does
    not count), `value_start` is the value's first character (an opening bracket for MESSAGE and
    LIST). The elements of a LIST are Fields of the same name whose `start` is their `value_start`.
    """

    name: str
    kind: Kind
    start: int
    value_start: int
    end: int
    children: tuple[Field, ...] = ()


class SyntaxProblem(NamedTuple):
    """A place where the text is not text format; `start` counts in the chunk's text."""

    start: int
    message: str


class Position(NamedTuple):
    """A place as people count: line and column from 1, columns in characters."""

    line: int
    column: int


class Chunk:
    """One top-level field with the trivia around it; the unit of caching and of edits.

    `fields` holds one field, none (only comments, blanks or rubbish), rarely more. Chunks are
    immutable by convention and compared by identity.
    """

    __slots__ = ("__weakref__", "errors", "fields", "lines", "text")

    def __init__(self, text: str, fields: tuple[Field, ...], errors: tuple[SyntaxProblem, ...]) -> None:
        self.text = text
        self.fields = fields
        self.errors = errors
        self.lines = text.count("\n")

    def __repr__(self) -> str:
        return f"Chunk({self.text!r})"


@dataclass(frozen=True, eq=False)
class Document:
    """A parsed file."""

    chunks: tuple[Chunk, ...]

    @property
    def text(self) -> str:
        """The whole text; bytes that are not UTF-8 stand as lone surrogates."""
        return "".join([chunk.text for chunk in self.chunks])

    def fields(self) -> Iterator[tuple[int, Field]]:
        """Each top-level field with the index of its chunk, in file order."""
        for index, chunk in enumerate(self.chunks):
            for field in chunk.fields:
                yield index, field

    @property
    def errors(self) -> list[tuple[int, SyntaxProblem]]:
        """Every syntax problem with the index of its chunk, in file order."""
        return [(index, error) for index, chunk in enumerate(self.chunks) for error in chunk.errors]

    @cached_property
    def newline(self) -> str:
        """The line ending in use: that of the first line that has one."""
        for chunk in self.chunks:
            at = chunk.text.find("\n")
            if at >= 0:
                return "\r\n" if at and chunk.text[at - 1] == "\r" else "\n"
        return "\n"

    @cached_property
    def _offsets(self) -> list[int]:
        return [0, *accumulate(len(chunk.text) for chunk in self.chunks)]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *accumulate(chunk.lines for chunk in self.chunks)]

    def offset(self, chunk: int, offset: int = 0) -> int:
        """A chunk-relative offset as an offset in the whole text."""
        return self._offsets[chunk] + offset

    def _line_head(self, chunk: int, offset: int) -> tuple[int, str]:
        """The line's number from 0, and the text from that line's start to the place."""
        text = self.chunks[chunk].text
        line = self._lines[chunk] + text.count("\n", 0, offset)
        head = text[text.rfind("\n", 0, offset) + 1 : offset]
        while chunk and "\n" not in text[:offset]:  # the line may begin in an earlier chunk
            chunk -= 1
            text = self.chunks[chunk].text
            offset = len(text)
            head = text[text.rfind("\n") + 1 :] + head
        return line, head

    def position(self, chunk: int, offset: int) -> Position:
        """Line and column (both from 1, in characters) of a chunk-relative offset."""
        line, head = self._line_head(chunk, offset)
        return Position(line + 1, len(head) + 1)

    def protobuf_position(self, chunk: int, offset: int) -> Position:
        """Line and column as protobuf's tokenizer prints them: bytes, a tab going on to the next 8."""
        line, head = self._line_head(chunk, offset)
        column = 0
        for byte in head.encode("utf-8", "surrogateescape"):
            column += 8 - column % 8 if byte == 9 else 1
        return Position(line + 1, column + 1)
