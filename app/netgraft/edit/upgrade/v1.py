"""V1 layers (`layers { type: CONVOLUTION blobs_lr: 1 }`) rewritten in place."""

from __future__ import annotations

from typing import Final

from netgraft import prototxt
from netgraft.caffe.upgrade import v1
from netgraft.edit.layout import Statement, inline, lines_of
from netgraft.edit.removal import remove_fields
from netgraft.proto import caffe_pb2
from netgraft.prototxt import Document, Field, Kind, Splice

_PARAM_FIELDS: Final = {
    "param": "name",
    "blob_share_mode": "share_mode",
    "blobs_lr": "lr_mult",
    "weight_decay": "decay_mult",
}
_TYPES: Final = {
    spelling: v1.TYPES[value.number]
    for value in caffe_pb2.V1LayerParameter.LayerType.DESCRIPTOR.values
    for spelling in (value.name, str(value.number))
}
_DATA_PARAMS: Final = {
    "Data": "data_param",
    "ImageData": "image_data_param",
    "WindowData": "window_data_param",
}
_TRANSFORMS: Final = ("scale", "mean_file", "crop_size", "mirror")


def rewrite_v1(tree: Document) -> Document:
    """All `layers` as `layer`; every line that means the same in both formats stays as it is."""
    splices: list[Splice] = []
    for index, field in tree.fields():
        if field.name != "layers":
            continue
        splices.append(Splice(index, field.start, field.start + len("layers"), "layer"))
        for layer in prototxt.elements((field,), "layers"):
            if layer.kind is Kind.MESSAGE:
                splices += _layer(tree, index, layer)
    return prototxt.apply(tree, splices)


def _layer(tree: Document, index: int, layer: Field) -> list[Splice]:
    chunk = tree.chunks[index]
    splices: list[Splice] = []
    gone: list[Field] = []
    type_name = ""
    for child in prototxt.elements(layer.children, "type"):
        word = prototxt.raw(chunk, child)
        if child.kind in (Kind.IDENT, Kind.NUMBER):
            type_name = _TYPES.get(word, word)  # a fork's type keeps its spelling
            splices += prototxt.set_value(index, child, prototxt.quote(type_name))
    more, removed = _params(tree, index, layer)
    splices += more
    gone += removed
    more, removed = _transformation(tree, index, layer, type_name)
    splices += more
    gone += removed
    return splices + remove_fields(index, chunk.text, gone)


def _params(tree: Document, index: int, layer: Field) -> tuple[list[Splice], list[Field]]:
    """`param { ... }` where the rates (or whatever comes most often) stood; the other fields go."""
    chunk = tree.chunks[index]
    values = {
        old: [prototxt.raw(chunk, field) for field in prototxt.elements(layer.children, old)]
        for old in _PARAM_FIELDS
    }
    count = max(map(len, values.values()))
    if any(child.name == "param" and child.kind is Kind.MESSAGE for child in layer.children):
        return [], []  # neither format: left for the checks to tell
    if not count:
        return [], [child for child in layer.children if child.name in _PARAM_FIELDS]
    entries: list[str] = []
    for blob in range(count):
        body: list[Statement] = [
            (new, values[old][blob]) for old, new in _PARAM_FIELDS.items() if blob < len(values[old])
        ]
        entries.append(f"param {inline(body)}")
    main = next(old for old in ("blobs_lr", "param", *_PARAM_FIELDS) if len(values[old]) == count)
    splices: list[Splice] = []
    gone: list[Field] = []
    at = 0
    for child in layer.children:
        if child.name == main:
            number = len(child.children) if child.kind is Kind.LIST else 1
            indent = prototxt.own_line(chunk, child)
            gap = " " if indent is None else f"{tree.newline}{indent}"
            text = gap.join(entries[at : at + number])
            at += number
            if text:
                splices.append(Splice(index, child.start, child.end, text))
            else:
                gone.append(child)
        elif child.name in _PARAM_FIELDS:
            gone.append(child)
    return splices, gone


def _transformation(
    tree: Document, index: int, layer: Field, type_name: str
) -> tuple[list[Splice], list[Field]]:
    """What data layers said of scale, mean, crop and mirror moves into transform_param."""
    home = prototxt.last(layer.children, _DATA_PARAMS.get(type_name, ""))
    if home is None or home.kind is not Kind.MESSAGE:
        return [], []
    chunk = tree.chunks[index]
    moved = {name: prototxt.last(home.children, name) for name in _TRANSFORMS}
    stated = {name: prototxt.raw(chunk, field) for name, field in moved.items() if field is not None}
    if not stated:
        return [], []
    gone = [field for field in home.children if field.name in stated]
    present = prototxt.last(layer.children, "transform_param")
    if present is not None and present.kind is Kind.MESSAGE:
        splices: list[Splice] = []
        fresh: list[str] = []
        for name, value in stated.items():
            old = prototxt.last(present.children, name)
            if old is not None:
                splices += prototxt.set_value(index, old, value)
            else:
                fresh.append(f"{name}: {value}")
        if fresh and not present.children:
            fresh = [" ".join(fresh)]
        for text in fresh:
            splices += prototxt.add_field(tree, index, present, text)
        return splices, gone
    body: list[Statement] = [("transform_param", list(stated.items()))]
    indent = prototxt.own_line(chunk, home)
    if indent is None or "\n" not in prototxt.raw(chunk, home):
        text = f"transform_param {inline(list(stated.items()))}"
    else:
        inner = prototxt.own_line(chunk, home.children[0]) or ""
        unit = inner[len(indent) :] if inner.startswith(indent) and inner != indent else "  "
        text = tree.newline.join(lines_of(body, indent, unit)).removeprefix(indent)
    return prototxt.add_field(tree, index, layer, text, after=home), gone
