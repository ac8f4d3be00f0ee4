"""Reads the fields of forks, which no schema describes: numbers, flags and messages by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netgraft.caffe.catalogue.registry import LayerContext, Outcome, Unknown
from netgraft.proto import caffe_pb2


class Fields:
    """One message of a fork, read field by field with the defaults of its schema.

    A value that is not of the asked kind raises Unknown: the file is of another fork than thought.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def _all(self, name: str) -> Iterator[object]:
        values = self._values.get(name, ())
        if isinstance(values, list | tuple):
            yield from values

    def texts(self, name: str) -> list[str]:
        """Every scalar of a repeated field, as written (a string's contents)."""
        return [value for value in self._all(name) if isinstance(value, str)]

    def text(self, name: str, default: str = "") -> str:
        """A scalar as written, the last one where there are several."""
        texts = self.texts(name)
        return texts[-1] if texts else default

    def integers(self, name: str) -> list[int]:
        """Every value of a repeated integer field."""
        return [_integer(text) for text in self.texts(name)]

    def integer(self, name: str, default: int = 0) -> int:
        """An integer."""
        values = self.integers(name)
        return values[-1] if values else default

    def numbers(self, name: str) -> list[float]:
        """Every value of a repeated float field."""
        return [_number(text) for text in self.texts(name)]

    def number(self, name: str, default: float = 0.0) -> float:
        """A number."""
        values = self.numbers(name)
        return values[-1] if values else default

    def flag(self, name: str, default: bool = False) -> bool:
        """A bool."""
        return self.text(name, "true" if default else "false") in ("true", "True", "t", "1")

    def message(self, name: str) -> Fields:
        """A sub-message; an empty one where it is not stated."""
        found: Mapping[str, object] = {}
        for value in self._all(name):
            if isinstance(value, Mapping):
                found = value
        return Fields(found)

    def filler(self, name: str, value: float = 0.0) -> caffe_pb2.FillerParameter:
        """A FillerParameter; a constant of `value` where it is not stated."""
        if name not in self:
            return caffe_pb2.FillerParameter(value=value)
        stated = self.message(name)
        filler = caffe_pb2.FillerParameter(type=stated.text("type", "constant"))
        for field in ("value", "min", "max", "mean", "std"):
            if field in stated:
                setattr(filler, field, stated.number(field))
        if "sparse" in stated:
            filler.sparse = stated.integer("sparse")
        return filler


def fields(ctx: LayerContext, name: str) -> Fields:
    """The fork's message of that name in a layer (`permute_param`); empty where it is not stated."""
    return Fields(ctx.fork).message(name)


def foreign(ctx: LayerContext) -> Outcome:
    """Of a layer that bears a known name and is another fork's: shapes and even blobs are unknown."""
    return Outcome([None] * ctx.tops, None)


def inner(ctx: LayerContext, path: str) -> Fields:
    """A fork's own fields in a message that BVLC has too (`convolution_param` with `hole`)."""
    prefix = f"{path}."
    found = {
        name.removeprefix(prefix): values for name, values in ctx.fork.items() if name.startswith(prefix)
    }
    return Fields(found)


def _integer(text: str) -> int:
    """A text-format integer: decimal, 0x hexadecimal or 0 octal."""
    digits = text.lstrip("+-").lower()
    try:
        if digits.startswith("0") and digits != "0" and digits.isdigit():
            return int(text, 8)
        return int(text, 0)
    except ValueError:
        raise Unknown from None


def _number(text: str) -> float:
    """A text-format number, with or without C's trailing `f`."""
    try:
        return float(text.rstrip("fF") if not text.lower().endswith("inf") else text)
    except ValueError:
        raise Unknown from None
