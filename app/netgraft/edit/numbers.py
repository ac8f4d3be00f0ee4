"""Multipliers as they stand in a prototxt: read from a token, written as short as float32 allows."""

from __future__ import annotations

import math
import re
import struct
from typing import Final

from netgraft.edit.errors import EditError

_MINUS: Final = re.compile(r"\A-(?:\s++|\#[^\n]*+)++")  # blanks and comments may follow it


def read_float(token: str) -> float | None:
    """The number that a text-format value spells (`1.`, `.5`, `2e-3f`, `- 3`, `inf`), or None."""
    text = _MINUS.sub("-", token.strip())
    if text[-1:] in "fF" and "x" not in text.lower() and text.lower().lstrip("-") != "inf":
        text = text[:-1]
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(int(text, 0))
    except ValueError:
        return None


def read_int(token: str) -> int:
    """The integer that a text-format value spells: `12`, `0x1F`, `017` (octal, as in C), `- 3`.

    Raises ValueError for any other text."""
    text = _MINUS.sub("-", token.strip())
    digits = text.removeprefix("-")
    octal = len(digits) > 1 and digits[0] == "0" and digits[1] not in "xX"
    value = int(digits, 8 if octal else 0)
    return -value if text.startswith("-") else value


def as_float32(value: float) -> float:
    """The value as Caffe keeps it; what is too large for a float is infinite."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def same_float32(left: float, right: float) -> bool:
    """Whether Caffe's `==` on two floats holds."""
    return as_float32(left) == as_float32(right)


def write_float(value: float) -> str:
    """The shortest decimal that is this float32: 0.1 * 3 is written `0.3`, 10.0 as `10`."""
    wanted = as_float32(value) or 0.0  # no -0
    for digits in range(1, 10):
        text = f"{wanted:.{digits}g}"
        if as_float32(float(text)) == wanted:
            break
    if "e" in text and 9e-6 < abs(wanted) < 1e9:
        text = f"{float(text):.12f}".rstrip("0").rstrip(".")
    return text


def multiplier(name: str, value: float | None) -> float | None:
    """Checks one lr_mult or decay_mult. Raises EditError unless it is a finite 32-bit number. It may be
    negative: that is how people reverse a gradient.
    """
    if value is None:
        return None
    if not math.isfinite(value):
        raise EditError("bad-rate", f"{name} must be a finite number, not {value}.")
    if not math.isfinite(as_float32(value)):
        raise EditError(
            "bad-rate", f"{name} {value:g} is too large for Caffe, which keeps it as a 32-bit float."
        )
    return value
