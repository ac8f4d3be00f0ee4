"""Scalar values of the text format as protobuf reads them, turned straight into wire bytes.

Mirrors google::protobuf::TextFormat::Parser's ConsumeFieldValue and what it calls
(ConsumeSignedInteger, ConsumeDouble, ...), with its words for what it refuses.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

from netgraft import prototxt
from netgraft.prototxt import Kind

_SIGN: Final = re.compile(r"(-?)(?:\s|\#[^\n]*(?:\n|\Z))*", re.S)
_INTEGER: Final = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+")
_TOKEN: Final = re.compile(
    r"""[A-Za-z_][A-Za-z0-9_]*|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\.?[0-9](?:[eE][+-]|[A-Za-z0-9_.])*|.""",
    re.S,
)
_LITERAL: Final = re.compile(r"""\#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.S)
_ESCAPE: Final = re.compile(
    r"""\\(?:[abfnrtv\\?'"]|[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U00[01][0-9a-fA-F]{5}"""
    r"""|(?P<bad>.))|(?P<newline>\n)|(?P<zero>\0)""",
    re.S,
)
_BAD_ESCAPES: Final = {
    "x": "Expected hex digits for escape sequence.",
    "u": "Expected four hex digits for \\u escape sequence.",
    "U": "Expected eight hex digits up to 10ffff for \\U escape sequence",
}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_STAND_IN: Final = re.compile("[\U0010ff80-\U0010ffff]")


class BadValue(Exception):
    """A value that protobuf refuses. `skip` counts the characters of the value that it has read past
    where it says so, or is None when it has read the value's last token; `exact`: it is the tokenizer that
    says so, and stands at that very character."""

    def __init__(
        self, message: str, skip: int | None = 0, code: str = "bad-value", *, exact: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.skip = skip
        self.code = code
        self.exact = exact


Encoder = Callable[[Kind, str], bytes]
"""From a value's kind and exact text to its wire form without the tag; raises BadValue."""


def first_token(text: str) -> str:
    """The first token of a text, as protobuf names it in `got: ...`."""
    found = _TOKEN.match(text)
    return found[0] if found else ""


def varint(value: int) -> bytes:
    """A non-negative integer in base 128, low group first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def to_wire_string(value: str) -> str:
    """A string that protobuf can hold: bytes that are not UTF-8 stand as private-use characters."""
    if value.isascii():
        return value
    return _SURROGATE.sub(
        lambda m: chr(0x10FF00 + ord(m[0]) - 0xDC00) if 0xDC80 <= ord(m[0]) <= 0xDCFF else "�", value
    )


def from_wire_string(value: str) -> str:
    """Undoes `to_wire_string`: the value as the file says it, with surrogates for odd bytes."""
    if value.isascii():
        return value
    return _STAND_IN.sub(lambda m: chr(ord(m[0]) - 0x10FF00 + 0xDC00), value)


def integer(low: int, high: int) -> Encoder:
    """ConsumeSignedInteger or ConsumeUnsignedInteger for the range [low, high]."""

    def encode(kind: Kind, text: str) -> bytes:
        return varint(_whole(kind, text, low, high) & 0xFFFFFFFFFFFFFFFF)

    return encode


def _whole(kind: Kind, text: str, low: int, high: int, otherwise: str = "integer") -> int:
    sign = _SIGN.match(text)
    assert sign is not None
    negative, at = bool(sign[1]), sign.end() if sign[1] else 0
    if negative and low >= 0:
        raise BadValue(f"Expected {otherwise}, got: -")
    digits = text[at:]
    if kind is not Kind.NUMBER or not _INTEGER.fullmatch(digits):
        raise BadValue(f"Expected {otherwise}, got: {first_token(digits)}", at)
    value = _natural(digits, at)
    if value > (-low if negative else high):
        raise BadValue(f"Integer out of range ({digits})", at)
    return -value if negative else value


def _natural(digits: str, at: int) -> int:
    """io::Tokenizer::ParseInteger: decimal, 0x hexadecimal, 0 octal."""
    if digits[0] != "0" or len(digits) == 1:
        return int(digits)
    if digits[1] in "xX":
        return int(digits[2:], 16)
    if "8" in digits or "9" in digits:
        raise BadValue("Numbers starting with leading zero must be in octal.", at)
    return int(digits, 8)


def _real(kind: Kind, text: str) -> float:
    """ConsumeDouble: decimal integers and floats (an `f` may follow), inf, infinity, nan, any case."""
    sign = _SIGN.match(text)
    assert sign is not None
    at = sign.end() if sign[1] else 0
    rest = text[at:]
    if kind is Kind.STRING or kind is Kind.MESSAGE or kind is Kind.LIST:
        raise BadValue(f"Expected double, got: {first_token(rest)}", at)
    word = rest.lower()
    if word in ("inf", "infinity", "nan"):
        value = float(word)
    elif kind is not Kind.NUMBER:
        raise BadValue(f"Expected double, got: {word}", at)
    elif rest[0] == "0" and rest[1:2] in "xX01234567" and len(rest) > 1:
        raise BadValue(f"Expect a decimal number, got: {rest}", at)
    elif rest[0] == "0" and rest[1:2] in "89" and rest.isdigit() and len(rest) > 1:
        raise BadValue("Numbers starting with leading zero must be in octal.", at)
    else:
        value = float(rest.rstrip("fF"))
    return -value if sign[1] else value


def encode_float(kind: Kind, text: str) -> bytes:
    """A 32-bit float; what lies beyond its range is infinite (io::SafeDoubleToFloat)."""
    value = _real(kind, text)
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", float("inf") if value > 0 else float("-inf"))


def encode_double(kind: Kind, text: str) -> bytes:
    """A 64-bit float."""
    return struct.pack("<d", _real(kind, text))


def check_literals(text: str) -> None:
    """io::Tokenizer::ConsumeString: a literal ends on its line and has only known escapes."""
    if "\\" not in text and "\n" not in text and "\0" not in text:
        return
    for literal in _LITERAL.finditer(text):
        if literal[0][0] == "#":
            continue
        for found in _ESCAPE.finditer(literal[0]):
            at = literal.start() + found.start()
            if found["newline"]:
                raise BadValue("String literals cannot cross line boundaries.", at, exact=True)
            if found["zero"]:
                raise BadValue("Unexpected end of string.", at, exact=True)
            if found["bad"]:
                known = _BAD_ESCAPES.get(found["bad"])
                message = known or "Invalid escape sequence in string literal."
                raise BadValue(message, at + (2 if known else 1), exact=True)


def encode_string(kind: Kind, text: str) -> bytes:
    """ConsumeString, for a string field."""
    if kind is not Kind.STRING:
        raise BadValue(f"Expected string, got: {first_token(text)}")
    check_literals(text)
    data = to_wire_string(prototxt.unquote(text)).encode()
    return varint(len(data)) + data


def encode_bytes(kind: Kind, text: str) -> bytes:
    """ConsumeString, for a bytes field."""
    if kind is not Kind.STRING:
        raise BadValue(f"Expected string, got: {first_token(text)}")
    check_literals(text)
    data = prototxt.unquote(text).encode("utf-8", "surrogateescape")
    return varint(len(data)) + data


def boolean(field: str) -> Encoder:
    """A bool field: true, True, t, false, False, f, and the integers 0 and 1."""

    def encode(kind: Kind, text: str) -> bytes:
        if kind is Kind.NUMBER and _INTEGER.fullmatch(text):
            return b"\1" if _whole(kind, text, 0, 1) else b"\0"
        if (kind is not Kind.IDENT and text not in ("inf", "nan")) or text[0] == "-":
            raise BadValue(f"Expected identifier, got: {first_token(text)}")
        if text in ("true", "True", "t"):
            return b"\1"
        if text in ("false", "False", "f"):
            return b"\0"
        raise BadValue(f'Invalid value for boolean field "{field}". Value: "{text}".', None)

    return encode


def enumeration(field: str, numbers: Mapping[str, int]) -> Encoder:
    """An enum field: a value's name, or its number."""
    known = frozenset(numbers.values())

    def unknown(value: str) -> NoReturn:
        message = f'Unknown enumeration value of "{value}" for field "{field}".'
        raise BadValue(message, None, "unknown-enum-value")

    def encode(kind: Kind, text: str) -> bytes:
        if (kind is Kind.IDENT and text[0] != "-") or text in ("inf", "nan"):
            number = numbers.get(text)
            if number is None:
                unknown(text)
        elif text[0] == "-" or (kind is Kind.NUMBER and _INTEGER.fullmatch(text)):
            number = _whole(kind, text, -(2**31), 2**31 - 1)
            if number not in known:
                unknown(str(number))
        else:
            raise BadValue(f"Expected integer or identifier, got: {first_token(text)}")
        return varint(number & 0xFFFFFFFFFFFFFFFF)

    return encode
