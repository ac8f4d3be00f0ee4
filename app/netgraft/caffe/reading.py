"""A document as Caffe's parser reads it: one piece a top-level field, remembered by its chunk's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from google.protobuf.message import Message

from netgraft import prototxt
from netgraft.caffe.message import (
    LETTERS,
    NEEDS_SPACE,
    NET_TABLE,
    ForkField,
    Loose,
    Problem,
    Reader,
    forget_values,
    loose,
)
from netgraft.proto import caffe_pb2
from netgraft.prototxt import Chunk, Field, Kind

_REMEMBERED: Final = 100_000  # chunks
_SINGULAR: Final = frozenset(name for name, spec in NET_TABLE.fields.items() if not spec.repeated)
_NO_COLON: Final = 'Expected ":", found'
_NO_VALUE: Final = "Expected value, got: "
_SKIP: Final = re.compile(r"(?:\s|\#[^\n]*)*")


class Piece(NamedTuple):
    """A top-level field: a layer in either format, or anything else that a net states.

    `message` is a LayerParameter for `layer`, a V1LayerParameter for `layers`, else a NetParameter
    that holds only this field. `missing` names required fields that are not there; `expected` and `lists` say
    which kind of value should stand where there is none (see Reader).
    """

    field: Field
    message: caffe_pb2.LayerParameter | caffe_pb2.V1LayerParameter | caffe_pb2.NetParameter
    problems: tuple[Problem, ...]
    forks: tuple[ForkField, ...]
    extra: dict[str, list[Loose]]
    missing: tuple[str, ...]
    expected: dict[int, str]
    lists: tuple[tuple[int, int, str], ...]
    memo: dict[str, object]  # what is derived from the piece alone


class Place(NamedTuple):
    """A piece and the chunk that it is in."""

    chunk: int
    piece: Piece


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole file. `net` holds everything but the layers. `problems` are those of the parser, in the
    order in which it would meet them: (chunk, problem); syntax problems are among them."""

    layers: tuple[Place, ...]  # `layer`, in file order
    old_layers: tuple[Place, ...]  # `layers`
    others: tuple[Place, ...]
    net: caffe_pb2.NetParameter
    problems: tuple[tuple[int, Problem], ...]


_pieces: dict[str, tuple[Piece, ...]] = {}
_readings: WeakKeyDictionary[prototxt.Document, Reading] = WeakKeyDictionary()


def forget() -> None:
    """Drops all that is remembered, so that the next reading is a cold one (for benchmarks)."""
    _pieces.clear()
    _readings.clear()
    forget_values()


def read(document: prototxt.Document) -> Reading:
    """Reads a document; what a chunk says is read once as long as its text stays the same."""
    reading = _readings.get(document)
    if reading is None:
        reading = _readings[document] = _read(document)
    return reading


def _read(document: prototxt.Document) -> Reading:
    layers: list[Place] = []
    old_layers: list[Place] = []
    others: list[Place] = []
    problems: list[tuple[int, Problem]] = []
    seen: set[str] = set()
    for index, chunk in enumerate(document.chunks):
        pieces = _pieces.get(chunk.text) if not chunk.errors else None
        if pieces is None:
            pieces = _chunk_pieces(chunk)
        start = len(problems)
        for piece in pieces:
            name = piece.field.name
            place = Place(index, piece)
            if isinstance(piece.message, caffe_pb2.LayerParameter):
                layers.append(place)
            elif isinstance(piece.message, caffe_pb2.V1LayerParameter):
                old_layers.append(place)
            elif name in seen and name in _SINGULAR:
                problems.append((index, _twice(piece.field)))
                continue
            else:
                seen.add(name)
                others.append(place)
            if piece.problems:
                problems += [(index, problem) for problem in piece.problems]
        if _runs_on(document, index):
            end = len(chunk.text)
            problems.append((index, Problem("bad-value", NEEDS_SPACE, end - 1, end, end, exact=True)))
        if chunk.errors:
            problems += [(index, _syntax(chunk, error, pieces)) for error in chunk.errors]
            # Of two at one place the parser would see the one about the name first.
            problems[start:] = sorted(
                problems[start:], key=lambda p: (where(chunk.text, p[1]), p[1].code == "syntax")
            )
    net = caffe_pb2.NetParameter()
    for place in others:
        if isinstance(place.piece.message, caffe_pb2.NetParameter):
            net.MergeFrom(place.piece.message)
    return Reading(tuple(layers), tuple(old_layers), tuple(others), net, tuple(problems))


def _runs_on(document: prototxt.Document, index: int) -> bool:
    """Whether a chunk ends with a number that the next chunk's name begins right after."""
    chunk = document.chunks[index]
    if not chunk.text[-1:].isalnum() or index + 1 == len(document.chunks):
        return False
    ends = chunk.fields and chunk.fields[-1].kind is Kind.NUMBER and chunk.fields[-1].end == len(chunk.text)
    return bool(ends) and document.chunks[index + 1].text[:1] in LETTERS


def token_at(text: str, at: int) -> int:
    """Where the first token at or after an offset begins: past blanks and comments."""
    found = _SKIP.match(text, at)
    return found.end() if found else at


def where(text: str, problem: Problem) -> int:
    """Where the parser stands when it reports a problem, within the chunk's text."""
    return problem.after if problem.exact else token_at(text, problem.after)


def _syntax(chunk: Chunk, error: prototxt.SyntaxProblem, pieces: tuple[Piece, ...]) -> Problem:
    """A syntax problem; where the tree could only say that a value is missing, which kind is known here."""
    end = min(len(chunk.text), error.start + 1)
    message = error.message
    what = next((piece.expected[error.start] for piece in pieces if error.start in piece.expected), None)
    if what is None and message.startswith(_NO_VALUE):  # inside a list; the last to begin is the innermost
        inside = [one for piece in pieces for one in piece.lists if one[0] < error.start <= one[1]]
        what = max(inside)[2] if inside else None
    token = message.removeprefix(_NO_VALUE)
    if what == "{" and message.startswith(_NO_COLON):
        message = message.replace(_NO_COLON, 'Expected "{", found')
    elif what is not None and token != message:
        message = f'Expected "{{", found "{token}".' if what == "{" else f"Expected {what}, got: {token}"
    return Problem("syntax", message, error.start, end, error.start)


def _twice(field: Field) -> Problem:
    message = f'Non-repeated field "{field.name}" is specified multiple times.'
    return Problem("field-given-twice", message, field.start, field.end, field.start + len(field.name))


def _chunk_pieces(chunk: Chunk) -> tuple[Piece, ...]:
    pieces = tuple([piece for field in chunk.fields for piece in _field_pieces(chunk.text, field)])
    if not chunk.errors:
        if len(_pieces) >= _REMEMBERED:
            for text in list(_pieces)[: _REMEMBERED // 2]:
                _pieces.pop(text, None)
        _pieces[chunk.text] = pieces
    return pieces


def _field_pieces(text: str, field: Field) -> list[Piece]:
    name = field.name
    if name in ("layer", "layers"):
        if field.kind is Kind.LIST:  # layer: [{ ... }, { ... }]
            return [piece for child in field.children for piece in _field_pieces(text, child)]
        if field.kind is Kind.MESSAGE:
            return [_layer_piece(text, field)]
    reader = Reader(text)
    message = caffe_pb2.NetParameter.FromString(reader.encode(NET_TABLE, (field,)))
    forks = tuple(reader.forks)
    return [
        Piece(
            field,
            message,
            tuple(reader.problems),
            forks,
            _extra(text, forks),
            (),
            reader.expected,
            tuple(reader.lists),
            {},
        )
    ]


def _layer_piece(text: str, field: Field) -> Piece:
    reader = Reader(text)
    table = NET_TABLE.fields[field.name].table
    assert table is not None
    data = reader.encode(table, field.children)
    message: caffe_pb2.LayerParameter | caffe_pb2.V1LayerParameter
    if field.name == "layer":
        message = caffe_pb2.LayerParameter.FromString(data)
    else:
        message = caffe_pb2.V1LayerParameter.FromString(data)
    missing = () if message.IsInitialized() else tuple(_missing(message))
    if not reader.problems:
        return Piece(field, message, (), (), _NO_EXTRA, missing, reader.expected, tuple(reader.lists), {})
    forks = tuple(reader.forks)
    extra = _extra(text, forks)
    return Piece(
        field,
        message,
        tuple(reader.problems),
        forks,
        extra,
        missing,
        reader.expected,
        tuple(reader.lists),
        {},
    )


def _missing(message: Message, path: str = "") -> Iterator[str]:
    """The paths of required fields that are absent (Message::FindInitializationErrors)."""
    for field in message.DESCRIPTOR.fields:
        if field.is_required and not message.HasField(field.name):
            yield path + field.name
    for field, value in message.ListFields():
        if field.message_type is not None:
            values = value if field.is_repeated else [value]
            for index, inner in enumerate(values):
                number = f"[{index}]" if field.is_repeated else ""
                yield from _missing(inner, f"{path}{field.name}{number}.")


_NO_EXTRA: Final[dict[str, list[Loose]]] = {}


def _extra(text: str, forks: tuple[ForkField, ...]) -> dict[str, list[Loose]]:
    extra: dict[str, list[Loose]] = {}
    for fork in forks:
        extra.setdefault(fork.path, []).extend(loose(text, fork.field))
    return extra
