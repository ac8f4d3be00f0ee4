"""What the tree's values say: strings with their escapes resolved, and fields found by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from netgraft.prototxt.tree import Chunk, Field, Kind

_PIECE: Final = re.compile(r""""((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|\#[^\n]*+""", re.S)
_ESCAPE: Final = re.compile(
    rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})"
    rb"|u([dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))",
    re.S,
)
_NAMED: Final = {
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f"\\]')
_SPELLED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def raw(chunk: Chunk, field: Field) -> str:
    """The value's exact text."""
    return chunk.text[field.value_start : field.end]


def string_value(chunk: Chunk, field: Field) -> str:
    """A STRING's value: escapes resolved, adjacent strings joined, bytes that are no UTF-8 as surrogates."""
    return unquote(chunk.text[field.value_start : field.end])


def unquote(text: str) -> str:
    """The value of one or more adjacent quoted strings (comments may stand between them)."""
    if "\\" not in text and text.count('"') == 2 and text[0] == text[-1] == '"':
        return text[1:-1]  # by far the most common spelling
    return _unquote(text)


@lru_cache(maxsize=4096)
def _unquote(text: str) -> str:
    parts = [piece[1] if piece[1] is not None else piece[2] for piece in _PIECE.finditer(text)]
    joined = [part for part in parts if part is not None]
    if not any("\\" in part for part in joined):
        return "".join(joined)
    # Escapes name bytes, and one character may be spelled over several of them.
    data = b"".join(_ESCAPE.sub(_unescape, part.encode("utf-8", "surrogateescape")) for part in joined)
    return data.decode("utf-8", "surrogateescape")


def _unescape(found: re.Match[bytes]) -> bytes:
    octal, hexadecimal, short, long, other = found.groups()
    if octal is not None:
        return bytes((int(octal, 8) & 0xFF,))
    if hexadecimal is not None:
        return bytes((int(hexadecimal, 16),))
    if short is not None and len(short) > 4:  # a pair of surrogates is one character
        pair = ((int(short[:4], 16) - 0xD800) << 10) + int(short[6:], 16) - 0xDC00
        return chr(0x10000 + pair).encode()
    if short is not None or long is not None:
        code = int(short or long, 16)
        return chr(code).encode("utf-8", "surrogatepass") if code <= 0x10FFFF else found[0]
    return _NAMED.get(other, other)


def quote(value: str, mark: str = '"') -> str:
    """A string in double (or single) quotes, escaped so that `unquote(quote(s)) == s`."""
    quoted = _UNSAFE.sub(lambda m: _SPELLED.get(m[0]) or f"\\{ord(m[0]):03o}", value)
    if mark == "'":
        quoted = quoted.replace('\\"', '"').replace("'", "\\'")
    return mark + quoted + mark


def elements(fields: Iterable[Field], name: str) -> list[Field]:
    """All values of a repeated name in order, lists taken apart."""
    found: list[Field] = []
    for field in fields:
        if field.name == name:
            if field.kind is Kind.LIST:
                found.extend(field.children)
            else:
                found.append(field)
    return found


def first(fields: Iterable[Field], name: str) -> Field | None:
    """The first field of that name."""
    return next((field for field in fields if field.name == name), None)


def last(fields: Iterable[Field], name: str) -> Field | None:
    """The last field of that name: the one that counts where a singular field is given twice."""
    found = None
    for field in fields:
        if field.name == name:
            found = field
    return found
