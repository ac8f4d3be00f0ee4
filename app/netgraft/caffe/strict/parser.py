"""The first thing that protobuf refuses of a text, in its words and at its place.

The tree of `prototxt` reads on past every error, for people; what stands first in it is a good guess at
what protobuf would say first. This goes protobuf's own way, and stops where it does.

Mirrors google::protobuf::TextFormat::Parser::ParserImpl (3.21).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from netgraft.caffe.strict.tokens import Refused, Tokenizer, Type
from netgraft.proto import caffe_pb2

_NET: Final = caffe_pb2.DESCRIPTOR.message_types_by_name["NetParameter"]
_HEX_OR_OCTAL: Final = re.compile(r"0[xX0-7]")
_SIGNED: Final = {FieldDescriptor.TYPE_INT32: 2**31 - 1, FieldDescriptor.TYPE_INT64: 2**63 - 1}
_UNSIGNED: Final = {FieldDescriptor.TYPE_UINT32: 2**32 - 1, FieldDescriptor.TYPE_UINT64: 2**64 - 1}
_REALS: Final = (FieldDescriptor.TYPE_FLOAT, FieldDescriptor.TYPE_DOUBLE)
_STRINGS: Final = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES)
_BOOLS: Final = frozenset(("true", "True", "t", "false", "False", "f"))


class Refusal(NamedTuple):
    """What protobuf says first, and the offset in the text at which it says so."""

    code: str
    message: str
    at: int


class _Unread(Refused):
    """A refusal of the parser, with the code under which the findings have it."""

    def __init__(self, message: str, at: int, code: str) -> None:
        super().__init__(message, at)
        self.code = code


def first_refusal(text: str, before: Collection[str] = (), *, after_field: bool = False) -> Refusal | None:
    """The first refusal of a text of a net's top-level fields, None where protobuf parses it.

    Required fields that are absent are not looked for. Where this is not the whole file, `before` are the
    names of the fields before it, and `after_field` says that a separator may lead.
    """
    try:
        _Parser(text).parse(_NET, set(before), after_field)
    except _Unread as unread:
        return Refusal(unread.code, unread.message, unread.at)
    except Refused as refused:
        return Refusal("syntax", refused.message, refused.at)
    return None


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = Tokenizer(text)

    def parse(self, descriptor: Descriptor, seen: set[str], after_field: bool) -> None:
        """Parser::Parse."""
        self._tokens.next()
        if after_field:
            self._separator()
        while self._tokens.current.type is not Type.END:
            self._field(descriptor, seen)

    def _refuse(self, message: str, code: str = "syntax") -> _Unread:
        return _Unread(message, self._tokens.current.start, code)

    def _try(self, symbol: str) -> bool:
        if self._tokens.current.text != symbol:
            return False
        self._tokens.next()
        return True

    def _need(self, symbol: str) -> None:
        found = self._tokens.current.text
        if found != symbol:
            raise self._refuse(f'Expected "{symbol}", found "{found}".')
        self._tokens.next()

    def _separator(self) -> None:
        if not self._try(";"):
            self._try(",")

    def _identifier(self) -> str:
        _, text, _ = self._tokens.current
        if self._tokens.current.type is not Type.IDENTIFIER:
            raise self._refuse(f"Expected identifier, got: {text}")
        self._tokens.next()
        return text

    def _field(self, descriptor: Descriptor, seen: set[str]) -> None:
        """ConsumeField; `seen` are the names that the message has had."""
        if self._try("["):
            name = self._identifier()
            while self._try("."):
                name += f".{self._identifier()}"
            self._need("]")
            raise self._refuse(
                f'Extension "{name}" is not defined or is not an extension of "{descriptor.full_name}".',
                "unknown-field",
            )
        name = self._identifier()
        field = descriptor.fields_by_name.get(name)
        if field is None:
            message = f'Message type "{descriptor.full_name}" has no field named "{name}".'
            raise self._refuse(message, "unknown-field")
        if not field.is_repeated and name in seen:
            message = f'Non-repeated field "{name}" is specified multiple times.'
            raise self._refuse(message, "field-given-twice")
        seen.add(name)
        if field.message_type is not None:
            self._try(":")
        else:
            self._need(":")
        if field.is_repeated and self._try("["):
            if not self._try("]"):
                self._value(field)
                while not self._try("]"):
                    self._need(",")
                    self._value(field)
        else:
            self._value(field)
        self._separator()

    def _value(self, field: FieldDescriptor) -> None:
        """ConsumeFieldMessage and ConsumeFieldValue."""
        type_ = field.type
        if field.message_type is not None:
            self._message(field.message_type)
        elif field.enum_type is not None:
            self._enum(field.name, field.enum_type)
        elif type_ in _SIGNED:
            self._signed(_SIGNED[type_])
        elif type_ in _UNSIGNED:
            self._unsigned(_UNSIGNED[type_])
        elif type_ in _REALS:
            self._real()
        elif type_ in _STRINGS:
            self._string()
        else:
            self._bool(field.name)

    def _message(self, descriptor: Descriptor) -> None:
        closing = ">"
        if not self._try("<"):
            self._need("{")
            closing = "}"
        seen: set[str] = set()
        while self._tokens.current.text not in (">", "}"):
            self._field(descriptor, seen)
        self._need(closing)

    def _unsigned(self, most: int) -> int:
        type_, text, _ = self._tokens.current
        if type_ is not Type.INTEGER:
            raise self._refuse(f"Expected integer, got: {text}", "bad-value")
        base = 10 if text[0] != "0" or len(text) == 1 else 16 if text[1] in "xX" else 8
        value = int(text, base) if len(text) < 100 else most + 1
        if value > most:
            raise self._refuse(f"Integer out of range ({text})", "bad-value")
        self._tokens.next()
        return value

    def _signed(self, most: int) -> int:
        if self._try("-"):
            return -self._unsigned(most + 1)
        return self._unsigned(most)

    def _real(self) -> None:
        self._try("-")
        type_, text, _ = self._tokens.current
        if type_ is Type.INTEGER:
            if _HEX_OR_OCTAL.match(text):
                raise self._refuse(f"Expect a decimal number, got: {text}", "bad-value")
        elif type_ is Type.IDENTIFIER:
            text = text.lower()
            if text not in ("inf", "infinity", "nan"):
                raise self._refuse(f"Expected double, got: {text}", "bad-value")
        elif type_ is not Type.FLOAT:
            raise self._refuse(f"Expected double, got: {text}", "bad-value")
        self._tokens.next()

    def _string(self) -> None:
        if self._tokens.current.type is not Type.STRING:
            raise self._refuse(f"Expected string, got: {self._tokens.current.text}", "bad-value")
        while self._tokens.current.type is Type.STRING:
            self._tokens.next()

    def _bool(self, name: str) -> None:
        if self._tokens.current.type is Type.INTEGER:
            self._unsigned(1)
            return
        value = self._identifier()
        if value not in _BOOLS:
            message = f'Invalid value for boolean field "{name}". Value: "{value}".'
            raise self._refuse(message, "bad-value")

    def _enum(self, name: str, enum: EnumDescriptor) -> None:
        type_, text, _ = self._tokens.current
        if type_ is Type.IDENTIFIER:
            value = text
            self._tokens.next()
            known = value in enum.values_by_name
        elif type_ is Type.INTEGER or text == "-":
            number = self._signed(2**31 - 1)
            value, known = str(number), number in enum.values_by_number
        else:
            raise self._refuse(f"Expected integer or identifier, got: {text}", "bad-value")
        if not known:
            message = f'Unknown enumeration value of "{value}" for field "{name}".'
            raise self._refuse(message, "unknown-enum-value")
