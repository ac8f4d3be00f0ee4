"""protobuf text format, losslessly: `emit(parse(x)) == x`. Knows nothing of Caffe."""

from netgraft.prototxt.again import reparse
from netgraft.prototxt.edits import (
    Splice,
    add_field,
    apply,
    own_line,
    remove_field,
    set_string,
    set_value,
    splice_text,
)
from netgraft.prototxt.parser import emit, parse, parse_chunks
from netgraft.prototxt.tree import Chunk, Document, Field, Kind, Position, SyntaxProblem
from netgraft.prototxt.values import elements, first, last, quote, raw, string_value, unquote

__all__ = [
    "Chunk",
    "Document",
    "Field",
    "Kind",
    "Position",
    "Splice",
    "SyntaxProblem",
    "add_field",
    "apply",
    "elements",
    "emit",
    "first",
    "last",
    "own_line",
    "parse",
    "parse_chunks",
    "quote",
    "raw",
    "remove_field",
    "reparse",
    "set_string",
    "set_value",
    "splice_text",
    "string_value",
    "unquote",
]
