"""Names that an operation gave by itself, and gives otherwise where somebody took them meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from netgraft import prototxt
from netgraft.caffe.layers import DocLayer, document_layers
from netgraft.edit.document import Document
from netgraft.edit.view import view
from netgraft.prototxt import Kind, Splice


@dataclass(frozen=True, slots=True)
class Given:
    """A name that became another. `kind` as in a report's `renamed`."""

    kind: Literal["layer", "blob", "param"]
    old: str
    new: str


@dataclass(slots=True)
class Renaming:
    """What names an edit gave when it was made became when it was carried over."""

    layers: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.layers or self.blobs or self.params)

    def given(self) -> list[Given]:
        """All of them, layers first."""
        return [
            *(Given("layer", old, new) for old, new in self.layers.items()),
            *(Given("blob", old, new) for old, new in self.blobs.items()),
            *(Given("param", old, new) for old, new in self.params.items()),
        ]


class _Names:
    """All names of a document."""

    def __init__(self, document: Document) -> None:
        self.by_key = {layer.key: layer for layer in document_layers(document.tree)}
        self.layers = {layer.name for layer in self.by_key.values()}
        self.blobs = {blob for layer in self.by_key.values() for blob in (*layer.bottoms, *layer.tops)}
        self.params = {param.name for layer in self.by_key.values() for param in layer.source.facts.params}


def find_renaming(base: Document, alone: Document, head: Document, rebased: Document) -> Renaming:
    """The names that the edit gave on `base` and gave otherwise on `head`, because they were taken there.

    Found by laying what the edit added or changed on both sides beside each other; whether that is right is
    for the caller to check, fact by fact.
    """
    was, made, now, done = (_Names(document) for document in (base, alone, head, rebased))
    added = [layer for key, layer in made.by_key.items() if key not in was.by_key]
    added_now = [layer for key, layer in done.by_key.items() if key not in now.by_key]
    pairs: list[tuple[DocLayer, DocLayer]] = []
    if len(added) == len(added_now):
        pairs += zip(added, added_now, strict=True)
    pairs += (
        (layer, done.by_key[key])
        for key, layer in made.by_key.items()
        if key in was.by_key and key in done.by_key and layer.source.facts is not was.by_key[key].source.facts
    )
    found = Renaming()
    taken = now.layers | now.blobs
    for old, new in pairs:
        _note(found.layers, was.layers, [(old.name, new.name)])
        _note(found.blobs, was.blobs, _zipped(old.bottoms, new.bottoms))
        _note(found.blobs, was.blobs, _zipped(old.tops, new.tops))
        params = ([param.name for param in layer.source.facts.params] for layer in (old, new))
        _note(found.params, was.params, _zipped(*params))
    _keep_taken(found.layers, taken | set(found.blobs.values()))
    _keep_taken(found.blobs, taken | set(found.layers.values()))
    _keep_taken(found.params, now.params)
    return found


def _zipped(old: Iterable[str], new: Iterable[str]) -> list[tuple[str, str]]:
    return list(zip(old, new, strict=False))


def _note(found: dict[str, str], known: set[str], pairs: Iterable[tuple[str, str]]) -> None:
    for old, new in pairs:
        if old != new and old not in known:
            found.setdefault(old, new)


def _keep_taken(found: dict[str, str], taken: set[str]) -> None:
    """Leaves only what another name was needed for: the name was taken, or given to the one before."""
    allowed = taken | set(found.values())
    for old in [old for old in found if old not in allowed]:
        del found[old]


def renamed(document: Document, names: Renaming) -> Document:
    """The document with other names in it, everywhere."""
    tree = document.tree
    splices: list[Splice] = []
    for layer in view(tree).layers:
        name = layer.child("name")
        if layer.name in names.layers and name is not None:
            splices += prototxt.set_string(tree, layer.chunk, name, names.layers[layer.name])
        for named in (*layer.bottoms, *layer.tops):
            if named.value in names.blobs and named.field.kind is Kind.STRING:
                splices += prototxt.set_string(tree, layer.chunk, named.field, names.blobs[named.value])
        for param in layer.params:
            bears = prototxt.last(param.field.children, "name")
            if param.name in names.params and bears is not None:
                splices += prototxt.set_string(tree, layer.chunk, bears, names.params[param.name])
    origins = {names.layers.get(name, name): origin for name, origin in document.origins.items()}
    return Document(prototxt.apply(tree, splices), origins)
