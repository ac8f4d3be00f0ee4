"""Net-level `input`, `input_shape` and `input_dim` rewritten as the Input layer they stand for."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.caffe.diagnostics import Place
from netgraft.caffe.layers import outline
from netgraft.edit.errors import EditError
from netgraft.edit.layout import Statement, inline, new_layer
from netgraft.edit.removal import remove_fields
from netgraft.edit.view import text_of, view
from netgraft.prototxt import Document, Field, Splice

_OLD = ("input", "input_shape", "input_dim")


def rewrite_inputs(tree: Document) -> Document:
    """One Input layer named "input", first of all layers, with a top for each input (UpgradeNetInput).

    Inputs without any shape are dropped, as Caffe drops them. Raises EditError where some shape is
    missing: Caffe reads past the end of the list there.
    """
    for problem in outline(tree).upgraded.problems:
        if problem.code == "input-shape-missing":
            place = Place(problem.chunk, problem.field.start, problem.field.end)
            raise EditError(problem.code, f"The net cannot be upgraded: {problem.message}", place)
    old = [(index, field) for index, field in tree.fields() if field.name in _OLD]
    by_chunk: dict[int, list[Field]] = {}
    for index, field in old:
        by_chunk.setdefault(index, []).append(field)
    splices: list[Splice] = []
    remove: set[int] = set()
    for index, fields in by_chunk.items():
        text = tree.chunks[index].text
        cuts = remove_fields(index, text, fields)
        if prototxt.splice_text(text, cuts).strip():
            splices += cuts
        else:
            remove.add(index)
    layer = _layer_text(tree)
    first = min(by_chunk)
    layers = [found.chunk for found in view(tree).layers]
    at = min([first + (first not in remove), *layers])
    if layer and first in remove and tree.chunks[first].text.startswith(("\n", "\r\n")) and at == first:
        layer = tree.newline + layer.removeprefix(tree.newline)
    return prototxt.apply(tree, splices, insert={at: [layer]} if layer else {}, remove=remove)


def _layer_text(tree: Document) -> str:
    values: dict[str, list[str]] = {name: [] for name in ("input", "input_dim")}
    shapes: list[list[str]] = []
    for index, field in tree.fields():
        chunk = tree.chunks[index]
        if field.name in values:
            values[field.name] += (text_of(chunk, one) for one in prototxt.elements((field,), field.name))
        elif field.name == "input_shape":
            for shape in prototxt.elements((field,), "input_shape"):
                sizes = prototxt.elements(shape.children, "dim")
                shapes.append([prototxt.raw(chunk, size) for size in sizes])
    names, dims = values["input"], values["input_dim"]
    if not shapes and not dims:
        return ""
    if not shapes:
        shapes = [dims[4 * index : 4 * index + 4] for index in range(len(names))]
    rows: list[Statement] = [("shape", [("dim", dim) for dim in shape]) for shape in shapes[: len(names)]]
    statements: list[Statement] = [
        ("name", '"input"'),
        ("type", '"Input"'),
        *(("top", prototxt.quote(name)) for name in names),
        ("input_param", rows),
    ]
    here = view(tree)
    if not here.layers:
        return f"layer {inline(statements)}{tree.newline}"
    return new_layer(here, here.layers[0], statements)
