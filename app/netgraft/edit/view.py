"""The layers of a document as pieces of its text: what edits cut and splice.

Only `layer { ... }` fields count here; old formats are upgraded first. Where Caffe's meaning is
wanted (shapes, owners), `netgraft.caffe` is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from netgraft import prototxt
from netgraft.caffe.diagnostics import Place
from netgraft.caffe.layers import layer_keys, outline
from netgraft.caffe.state import NetState, Rule
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.numbers import read_float, read_int
from netgraft.prototxt import Chunk, Field, Kind


class Named(NamedTuple):
    """One string value of a layer and the field that holds it."""

    value: str
    field: Field


@dataclass(frozen=True, slots=True)
class Param:
    """One `param { ... }` of a layer, as its text states it. None is unstated."""

    field: Field
    name: str
    lr_mult: float | None
    decay_mult: float | None


@dataclass(frozen=True, slots=True)
class LayerText:
    """One layer of the text. `key` is unique in the document: later namesakes get `name~2`, `name~3`."""

    key: str
    chunk: int
    field: Field
    name: str
    type: str
    bottoms: tuple[Named, ...]
    tops: tuple[Named, ...]
    params: tuple[Param, ...]
    include: tuple[Rule, ...]
    exclude: tuple[Rule, ...]

    @property
    def bottom_names(self) -> tuple[str, ...]:
        """The blobs read, in order."""
        return tuple(bottom.value for bottom in self.bottoms)

    @property
    def top_names(self) -> tuple[str, ...]:
        """The blobs made, in order."""
        return tuple(top.value for top in self.tops)

    def in_place(self, top: int) -> bool:
        """Whether that top is the bottom at the same index (Net::AppendTop)."""
        shared = min(len(self.bottoms), len(self.tops))
        return top < shared and self.bottoms[top].value == self.tops[top].value

    def active(self, state: NetState) -> bool:
        """Whether the layer lives in a net of that state (Net::FilterNet); its stages are all in force."""
        if self.include:
            return any(rule.met(state.phase, state.level, state.stages) for rule in self.include)
        return not any(rule.met(state.phase, state.level, state.stages) for rule in self.exclude)

    @property
    def place(self) -> Place:
        """Where the layer stands."""
        return Place(self.chunk, self.field.start, self.field.end)

    def child(self, name: str) -> Field | None:
        """The last field of that name: the one that counts."""
        return prototxt.last(self.field.children, name)


@dataclass(frozen=True, eq=False)
class View:
    """All layers of one tree, in file order."""

    tree: prototxt.Document
    layers: tuple[LayerText, ...]
    by_key: dict[str, LayerText] = field(repr=False)

    def layer(self, key: str) -> LayerText:
        """The layer of that key. Raises EditError with the names that come close."""
        found = self.by_key.get(key)
        if found is None:
            hint = suggestion(key, self.by_key)
            if key == "input" and has_inputs(self.tree):
                hint = " The net states its inputs without a layer: upgrade the file first."
            raise EditError("unknown-layer", f"There is no layer {key!r} in this net.{hint}")
        return found

    def variants(self, name: str) -> list[LayerText]:
        """All layers of that name: TRAIN and TEST variants of one."""
        return [layer for layer in self.layers if layer.name == name]

    def text(self, field_: Field, layer: LayerText) -> str:
        """The exact text of a field's value in a layer."""
        return prototxt.raw(self.tree.chunks[layer.chunk], field_)

    @cached_property
    def layer_names(self) -> frozenset[str]:
        """Every layer name of the file."""
        return frozenset(layer.name for layer in self.layers)

    @cached_property
    def blob_names(self) -> frozenset[str]:
        """Every blob name that some layer makes or reads."""
        return frozenset(
            named.value for layer in self.layers for named in (*layer.bottoms, *layer.tops)
        ) | frozenset(net_inputs(self.tree))

    @cached_property
    def param_users(self) -> dict[str, list[tuple[LayerText, int]]]:
        """Who uses each `param` name: (layer, blob index) in file order."""
        users: dict[str, list[tuple[LayerText, int]]] = {}
        for layer in self.layers:
            for blob, param in enumerate(layer.params):
                if param.name:
                    users.setdefault(param.name, []).append((layer, blob))
        return users


def view(tree: prototxt.Document) -> View:
    """The layers of a tree."""
    return _view(tree)


@lru_cache(maxsize=8)
def _view(tree: prototxt.Document) -> View:
    found = [(index, kept) for index, chunk in enumerate(tree.chunks) for kept in _kept(chunk)]
    # The Input layer that net-level inputs stand for takes its key first.
    made = [name for name in outline(tree).keys[:1] if has_inputs(tree)]
    keys = layer_keys([*made, *[kept.name for _, kept in found]])[len(made) :]
    layers = [kept.at(key, index) for key, (index, kept) in zip(keys, found, strict=True)]
    return View(tree, tuple(layers), dict(zip(keys, layers, strict=True)))


class _Kept:
    """What is remembered of a layer's text: how to make the layer, whose key and chunk the text does not
    decide, and the layer of the last tree, for most stay where they are from one tree to the next."""

    __slots__ = ("_make", "layer", "name")

    def __init__(self, name: str, make: Callable[[str, int], LayerText]) -> None:
        self.name = name
        self._make = make
        self.layer: LayerText | None = None

    def at(self, key: str, chunk: int) -> LayerText:
        """The layer of that key in the chunk of that number."""
        layer = self.layer
        if layer is None or layer.chunk != chunk or layer.key != key:
            layer = self.layer = self._make(key, chunk)
        return layer


_cache: WeakKeyDictionary[Chunk, tuple[_Kept, ...]] = WeakKeyDictionary()


def _kept(chunk: Chunk) -> tuple[_Kept, ...]:
    known = _cache.get(chunk)
    if known is None:
        messages = (m for m in prototxt.elements(chunk.fields, "layer") if m.kind is Kind.MESSAGE)
        known = _cache[chunk] = tuple([_read(chunk, message) for message in messages])
    return known


def _read(chunk: Chunk, message: Field) -> _Kept:
    # One pass by hand: this is what opening a long file waits for.
    name = type_ = ""
    lists: dict[str, list[Field]] = {"bottom": [], "top": [], "param": [], "include": [], "exclude": []}
    for child in message.children:
        if child.name == "name":
            name = text_of(chunk, child)
        elif child.name == "type":
            type_ = text_of(chunk, child)
        elif child.name in lists:
            lists[child.name].extend(child.children if child.kind is Kind.LIST else (child,))
    bottoms, tops = (
        tuple([Named(text_of(chunk, one), one) for one in lists[which]]) for which in ("bottom", "top")
    )
    params = tuple([_param(chunk, one) for one in lists["param"] if one.kind is Kind.MESSAGE])
    include, exclude = (
        tuple([_rule(chunk, one) for one in lists[which]]) for which in ("include", "exclude")
    )
    return _Kept(
        name,
        lambda key, at: LayerText(key, at, message, name, type_, bottoms, tops, params, include, exclude),
    )


def _rule(chunk: Chunk, message: Field) -> Rule:
    words = {
        name: [text_of(chunk, f) for f in prototxt.elements(message.children, name)]
        for name in ("phase", "min_level", "max_level", "stage", "not_stage")
    }
    phase = words["phase"][-1] if words["phase"] else None
    least, most = (_whole(words[name][-1]) if words[name] else None for name in ("min_level", "max_level"))
    train = phase is not None and (phase == "TRAIN" or _whole(phase) == 0)
    return Rule(
        "TRAIN" if train else "TEST" if phase is not None else None,
        least,
        most,
        tuple(words["stage"]),
        tuple(words["not_stage"]),
    )


def _whole(text: str) -> int | None:
    """An integer; None for what is none, of which the checks tell."""
    try:
        return read_int(text)
    except ValueError:
        return None


def _param(chunk: Chunk, message: Field) -> Param:
    name = prototxt.last(message.children, "name")
    lr, decay = (prototxt.last(message.children, which) for which in ("lr_mult", "decay_mult"))
    return Param(
        message,
        text_of(chunk, name) if name else "",
        read_float(prototxt.raw(chunk, lr)) if lr else None,
        read_float(prototxt.raw(chunk, decay)) if decay else None,
    )


def text_of(chunk: Chunk, field_: Field) -> str:
    """A string's value; anything else as it is spelled."""
    if field_.kind is Kind.STRING:
        return prototxt.string_value(chunk, field_)
    return prototxt.raw(chunk, field_)


def has_inputs(tree: prototxt.Document) -> bool:
    """Whether net-level inputs stand for an Input layer."""
    return "net-level inputs" in outline(tree).upgraded.upgrades


def net_inputs(tree: prototxt.Document) -> Iterator[str]:
    """The names of net-level `input` fields."""
    for index, field_ in tree.fields():
        if field_.name == "input":
            chunk = tree.chunks[index]
            yield from (text_of(chunk, f) for f in prototxt.elements((field_,), "input"))


def unique(wanted: str, taken: Iterable[str] | frozenset[str] | set[str]) -> str:
    """`wanted`, or the first of wanted2, wanted3, ... that is free (`_2` after a digit)."""
    names = taken if isinstance(taken, set | frozenset) else set(taken)
    if wanted not in names:
        return wanted
    joint = "_" if wanted[-1:].isdigit() else ""
    number = 2
    while f"{wanted}{joint}{number}" in names:
        number += 1
    return f"{wanted}{joint}{number}"
