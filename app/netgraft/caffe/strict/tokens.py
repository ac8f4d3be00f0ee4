"""The tokens that protobuf cuts a text into, and what its tokenizer refuses.

Mirrors google::protobuf::io::Tokenizer (3.21) as TextFormat sets it up: comments from `#`, an `f` after
floats, a blank between a number and a name, strings on one line.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final, NamedTuple

_BLANK: Final = re.compile(r"(?:[ \t\r\n\f\v]++|\#[^\n]*+)*+")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+")
_DIGITS: Final = re.compile(r"[0-9]*+")
_OCTALS: Final = re.compile(r"[0-7]*+")
_HEXES: Final = re.compile(r"[0-9a-fA-F]*+")
_PLAIN: Final = {quote: re.compile(rf"[^\\\n\0{quote}]*+") for quote in "\"'"}
_ESCAPES: Final = frozenset("abfnrtv\\?'\"01234567")  # up to two octal digits more are but characters
_FOUR: Final = re.compile(r"[0-9a-fA-F]{0,4}+")
_EIGHT: Final = re.compile(r"0?+(?:(?<=U0)0)?+(?:(?<=U00)[01][0-9a-fA-F]{0,5}+)?+")
_DIGIT: Final = frozenset("0123456789")
_LETTER: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")


class Type(IntEnum):
    """The tokenizer's token types; END is past the last token."""

    END = 0
    IDENTIFIER = 1
    INTEGER = 2
    FLOAT = 3
    STRING = 4
    SYMBOL = 5


class Token(NamedTuple):
    """A token and the offset at which it begins."""

    type: Type
    text: str
    start: int


class Refused(Exception):
    """The first thing that protobuf reports, and the offset that it reports it at."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class Tokenizer:
    """Cuts one text; `current` is the token that the parser looks at. Raises Refused."""

    __slots__ = ("_at", "_end", "current", "text")

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self._at = at
        self._end = len(text)
        self.current = Token(Type.END, "", at)

    def next(self) -> None:
        """Goes on to the next token (Tokenizer::Next)."""
        text, previous, came_from = self.text, self.current.type, self._at
        blank = _BLANK.match(text, came_from)
        assert blank is not None
        start = self._at = blank.end()
        if start >= self._end:
            self.current = Token(Type.END, "", self._end)
            return
        first = text[start]
        if first in _LETTER:
            name = _NAME.match(text, start)
            assert name is not None
            self._at, type_ = name.end(), Type.IDENTIFIER
        elif first in _DIGIT:
            self._at += 1
            type_ = self._number(first == "0", False)
        elif first == ".":
            self._at += 1
            type_ = Type.SYMBOL
            if self._peek() in _DIGIT:
                self._at += 1
                if previous is Type.IDENTIFIER and start == came_from:
                    raise Refused("Need space between identifier and decimal point.", start)
                type_ = self._number(False, True)
        elif first in _PLAIN:
            self._string(first)
            type_ = Type.STRING
        else:
            if first < " ":
                raise Refused("Invalid control characters encountered in text.", start)
            if first > "\x7f":
                byte = first.encode("utf-8", "surrogateescape")[0]
                raise Refused(f"Interpreting non ascii codepoint {byte}.", start)
            self._at += 1
            type_ = Type.SYMBOL
        self.current = Token(type_, text[start : self._at], start)

    def _peek(self) -> str:
        return self.text[self._at] if self._at < self._end else "\0"

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Takes what a pattern matches, and says whether that is anything."""
        found = pattern.match(self.text, self._at)
        start = self._at
        if found is not None:
            self._at = found.end()
        return self._at > start

    def _take(self, characters: str) -> bool:
        if self._peek() in characters:
            self._at += 1
            return True
        return False

    def _number(self, from_zero: bool, from_dot: bool) -> Type:
        """Tokenizer::ConsumeNumber, its first character being taken."""
        real = from_dot
        if from_zero and self._take("xX"):
            if not self._skip(_HEXES):
                raise Refused('"0x" must be followed by hex digits.', self._at)
        elif from_zero and self._peek() in _DIGIT:
            self._skip(_OCTALS)
            if self._peek() in _DIGIT:
                raise Refused("Numbers starting with leading zero must be in octal.", self._at)
        else:
            self._skip(_DIGITS)
            if not from_dot and self._take("."):
                real = True
                self._skip(_DIGITS)
            if self._take("eE"):
                real = True
                self._take("+-")
                if not self._skip(_DIGITS):
                    raise Refused('"e" must be followed by exponent.', self._at)
            real = self._take("fF") or real
        if self._peek() in _LETTER:
            raise Refused("Need space between number and identifier.", self._at)
        if self._peek() == ".":
            raise Refused(
                "Already saw decimal point or exponent; can't have another one."
                if real
                else "Hex and octal numbers must be integers.",
                self._at,
            )
        return Type.FLOAT if real else Type.INTEGER

    def _string(self, quote: str) -> None:
        """Tokenizer::ConsumeString. A zero byte ends a text for it."""
        self._at += 1
        while True:
            self._skip(_PLAIN[quote])
            found = self._peek()
            if found == "\0":
                raise Refused("Unexpected end of string.", self._at)
            if found == "\n":
                raise Refused("String literals cannot cross line boundaries.", self._at)
            self._at += 1
            if found == quote:
                return
            self._escape()

    def _escape(self) -> None:
        kind = self._peek()
        if kind in _ESCAPES:
            self._at += 1
            return
        if kind not in "xuU":
            raise Refused("Invalid escape sequence in string literal.", self._at)
        self._at += 1
        start = self._at
        if kind == "x":
            if not self._skip(_HEXES):
                raise Refused("Expected hex digits for escape sequence.", self._at)
        elif kind == "u":
            self._skip(_FOUR)
            if self._at - start < 4:
                raise Refused("Expected four hex digits for \\u escape sequence.", self._at)
        else:
            self._skip(_EIGHT)
            if self._at - start < 8:
                message = "Expected eight hex digits up to 10ffff for \\U escape sequence"
                raise Refused(message, self._at)
