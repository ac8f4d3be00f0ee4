"""Texts and numbers from outside, as any database keeps them."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode
from typing import Any

from sqlalchemy import Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator

_LONG = 1000  # characters
_PACKED = "zlib:"  # no JSON begins like this
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with U+FFFD in place of what no database keeps: NUL, which PostgreSQL refuses, and lone
    surrogates, as which bytes that are not UTF-8 are read."""
    return _UNSTORABLE.sub("\ufffd", text)


class Words(TypeDecorator[str]):
    """A text for people: names and titles."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else storable(value)


class Key(TypeDecorator[str]):
    """A short text that rows are found by. One that cannot be stored is one that is not there."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else storable(value)


class Packed(TypeDecorator[str]):
    """JSON in ASCII, compressed where it is long: an operation may hold a whole text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        if value is None or len(value) < _LONG:
            return value
        return _PACKED + b64encode(zlib.compress(value.encode("ascii"), 1)).decode("ascii")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        if value is None or not value.startswith(_PACKED):
            return value
        return zlib.decompress(b64decode(value[len(_PACKED) :])).decode("ascii")


class Number(TypeDecorator[int]):
    """A whole number of 32 bits. One that is too large is the largest: no revision has it."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        return None if value is None else max(-(2**31), min(value, 2**31 - 1))
