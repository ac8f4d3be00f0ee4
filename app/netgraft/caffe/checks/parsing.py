"""Reading the file: what protobuf's parser, the upgrade of old formats and the filter abort on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from netgraft import prototxt
from netgraft.caffe import places
from netgraft.caffe.diagnostics import Diagnostic, Place, declare
from netgraft.caffe.message import Problem, message_table
from netgraft.caffe.reading import token_at
from netgraft.caffe.spelling import misspelt_field
from netgraft.caffe.strict import first_refusal
from netgraft.caffe.upgrade import SourceLayer, UpgradeProblem
from netgraft.proto import caffe_pb2

SYNTAX: Final = declare("syntax", "error", "The text is not protobuf text format")
UNKNOWN_FIELD: Final = declare("unknown-field", "error", "Caffe's schema has no such field")
UNKNOWN_ENUM: Final = declare("unknown-enum-value", "error", "Caffe's schema has no such enum value")
FORK_FIELD: Final = declare("fork-field", "info", "A field or enum value of a Caffe fork")
MISSPELT_FIELD: Final = declare("misspelt-field", "warning", "A field that no fork has, most likely: a slip")
BAD_VALUE: Final = declare("bad-value", "error", "A value is not of its field's kind")
TWICE: Final = declare("field-given-twice", "error", "A field that may stand once stands twice")
MISSING: Final = declare("missing-required-field", "error", "A required field is missing")
MIXED: Final = declare("mixed-formats", "error", "layer and layers in one file")
V0_TYPE: Final = declare("unknown-v0-type", "error", "An old (V0) layer type that Caffe cannot upgrade")
PADDING: Final = declare("padding-layer", "error", "A V0 padding layer that cannot be folded into the next")
INPUT_SHAPE: Final = declare("input-shape-missing", "error", "A net-level input has no shape")
BOTH_RULES: Final = declare("include-and-exclude", "error", "A layer has include rules and exclude rules")


def parse_problem(
    document: prototxt.Document, chunk: int, problem: Problem, layer: str | None, fork: bool
) -> Diagnostic:
    """A problem of protobuf's parser, with line and column as it prints them. With `fork`, unknown names
    are information, unless they are a slip of the pen."""
    place = Place(chunk, problem.start, max(problem.end, problem.start))
    name = document.chunks[chunk].text[problem.start : problem.end]
    if fork and (meant := meant_field(name, problem)):
        message = (
            f"{name} is no field of BVLC Caffe; did you mean {meant}? As it stands, nothing but a fork that "
            f"has {name} reads it."
        )
        return Diagnostic(MISSPELT_FIELD, "warning", message, None, layer, None, place)
    if problem.unknown and fork:
        what = "enum value" if problem.code == UNKNOWN_ENUM else "field"
        message = f"{name} is no {what} of BVLC Caffe; a fork's, it is kept as it is."
        return Diagnostic(FORK_FIELD, "info", message, None, layer, None, place)
    index, at = (chunk, problem.after) if problem.exact else _next_token(document, chunk, problem.after)
    line, column = document.protobuf_position(index, at)
    message = problem.message
    if chunk == problem.start == 0 and document.chunks[0].text.startswith("\ufeff"):
        message = (
            "The file begins with a byte order mark, which some editors put before UTF-8 text and Caffe does "
            "not read: save it without."
        )
    if problem.code == UNKNOWN_FIELD:
        near = _misspelt(name, problem.message) or _near(name, problem.message)
        message = f"Caffe knows no field {name} here" + (f"; is {near} meant?" if near else ".")
    return Diagnostic(
        problem.code, "error", message, f"{line}:{column}: {problem.message}", layer, None, place
    )


def as_protobuf_begins(
    document: prototxt.Document, index: int, diagnostics: list[Diagnostic]
) -> list[Diagnostic]:
    """The parser's problems, the first of which is in a chunk, beginning with what protobuf says first.

    The tree reads on past errors and may guess another cause than protobuf's (a lost bracket shows as a field
    that does not belong): the finding keeps its own words and place, and protobuf's stand beside them.
    """
    first = max(0, index - 1)
    before = {field.name for chunk in document.chunks[:first] for field in chunk.fields}
    text = "".join([chunk.text for chunk in document.chunks[first:]])
    refusal = first_refusal(text, before, after_field=bool(before))
    if refusal is None:
        return diagnostics
    index, at = first, refusal.at
    while at >= len(document.chunks[index].text) and index + 1 < len(document.chunks):
        at -= len(document.chunks[index].text)
        index += 1
    line, column = document.protobuf_position(index, at)
    words = f"{line}:{column}: {refusal.message}"
    head = diagnostics[0]
    if head.caffe_message == words:
        return diagnostics
    if head.place is not None and index - 1 <= head.place.chunk <= index and head.code == SYNTAX:
        return [replace(head, caffe_message=words), *diagnostics[1:]]
    place = Place(index, at, min(at + 1, len(document.chunks[index].text)))
    mine = Diagnostic(refusal.code, "error", refusal.message, words, None, None, place)
    # What the tree says of the same place in other words would be the same finding twice.
    rest = [
        one for one in diagnostics if one.place is None or one.place.chunk != index or one.place.start > at
    ]
    return [mine, *rest]


def _next_token(document: prototxt.Document, chunk: int, after: int) -> tuple[int, int]:
    """The place of the first token at or after an offset, be it in a later chunk."""
    while True:
        text = document.chunks[chunk].text
        at = token_at(text, after)
        if at < len(text) or chunk + 1 == len(document.chunks):
            return chunk, at
        chunk, after = chunk + 1, 0


def meant_field(name: str, problem: Problem) -> str | None:
    """Caffe's field of which an unknown one is a slip of the pen; None for what may be a fork's."""
    return _misspelt(name, problem.message) if problem.unknown and problem.code == UNKNOWN_FIELD else None


@lru_cache(maxsize=4096)
def _misspelt(name: str, message: str) -> str | None:
    return misspelt_field(name, _known_fields(message))


@lru_cache(maxsize=4096)
def _near(name: str, message: str) -> str | None:
    """A field of the message type that the problem names with a name much like this one."""
    near = get_close_matches(name, _known_fields(message), 1, 0.75)
    return near[0] if near else None


def _known_fields(message: str) -> Collection[str]:
    """The fields of the message type that protobuf's words name."""
    type_name = message.partition('"caffe.')[2].partition('"')[0]
    known = type_name in caffe_pb2.DESCRIPTOR.message_types_by_name
    return message_table(type_name).fields if known else ()


def missing_fields(layer: SourceLayer, key: str, path: str, missing: tuple[str, ...]) -> Diagnostic:
    """Required fields that are absent (Message::FindInitializationErrors); `path` is the layer's."""
    names = ", ".join(f"{path}.{name}" for name in missing)
    caffe = f"Message missing required fields: {names}"
    plain = ", ".join(missing)
    message = f"{key} must state {plain}."
    return Diagnostic(MISSING, "error", message, caffe, key, None, places.layer_place(layer))


_UPGRADE_MESSAGES: Final = {
    MIXED: "The file has both layer (today's format) and layers (the old one); Caffe reads only one of them.",
    V0_TYPE: "Caffe cannot upgrade this layer: its old format has no such type.",
    PADDING: "Caffe folds a padding layer only into a convolution or pooling that reads nothing else.",
    INPUT_SHAPE: "This net has more inputs than shapes: give one input_shape (or four input_dim) for each.",
}


def upgrade_problem(problem: UpgradeProblem, layer: str | None) -> Diagnostic:
    """What the upgrade of an old format aborts on."""
    place = Place(problem.chunk, problem.field.start, problem.field.value_start + 1)
    message = _UPGRADE_MESSAGES[problem.code]
    return Diagnostic(problem.code, "error", message, problem.message, layer, None, place)


def both_rules(key: str, layer: SourceLayer) -> Diagnostic:
    """Net::FilterNet: include rules or exclude rules, not both."""
    caffe = (
        "Check failed: layer_param.include_size() == 0 || layer_param.exclude_size() == 0 "
        "Specify either include rules or exclude rules; not both."
    )
    message = f"{key} has include rules and exclude rules; a layer may have only one kind."
    place = places.element_place(layer, "exclude", 0)
    return Diagnostic(BOTH_RULES, "error", message, caffe, key, None, place)
