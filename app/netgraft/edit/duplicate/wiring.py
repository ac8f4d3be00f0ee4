"""Who reads what after a graft: the net is run through once a NetState, copies and all.

Caffe's blobs have versions: an in-place layer makes a new one under the old name. What a layer
reads is the version that the file's order gives it, so the names are found by walking the layers
in order, as Net::Init does, and each state is walked on its own, for a layer that is absent in
one state makes no version there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from netgraft.caffe.state import NetState
from netgraft.edit.duplicate.naming import Namer
from netgraft.edit.errors import EditError
from netgraft.edit.view import LayerText, View

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Wires:
    """The bottoms and tops of one layer after the graft, in order."""

    bottoms: tuple[str, ...]
    tops: tuple[str, ...]


@dataclass(slots=True)
class Output:
    """A blob of the selection that crosses its border outward."""

    blob: str
    maker: int  # index in the view of the last selected layer that made or changed it
    readers: set[str] = field(default_factory=set)  # keys of layers outside
    inner: bool = False  # a selected layer reads it, so it is no end of the selection
    overwriters: set[str] = field(default_factory=set)  # those of them that work in place on it
    names: tuple[str, ...] = ()  # its name in each copy


@dataclass(slots=True)
class Wiring:
    """The whole net's wires after a graft."""

    copies: dict[tuple[str, int], Wires] = field(default_factory=dict)  # by key and copy (0 is the first)
    outside: dict[str, Wires] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)  # copies of layer i must stand before layer j
    border: dict[str, list[tuple[LayerText, int]]] = field(default_factory=dict)  # blobs read from outside
    through_outside: list[tuple[str, str, str]] = field(default_factory=list)  # (reader, blob, outside layer)


@dataclass(frozen=True, slots=True)
class Border:
    """What was decided about the border: own inputs by (blob, copy), joins by blob."""

    inputs: Mapping[tuple[str, int], str] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)
    compared: frozenset[str] = frozenset()  # outputs that a loss reads beside their readers


def wire(
    view: View, keys: frozenset[str], namer: Namer, states: Sequence[NetState], border: Border
) -> Wiring:
    """The wires in all states. Raises EditError where two states would need different ones."""
    result = Wiring()
    for state in states:
        active = [(i, layer) for i, layer in enumerate(view.layers) if layer.active(state)]
        _Walk(keys, namer, border, result, f"{state.phase}").run(active)
    seen = {key for key, _ in result.copies} | result.outside.keys()
    rest = [(i, layer) for i, layer in enumerate(view.layers) if layer.key not in seen]
    if rest:  # layers that no state switches on: wired as if all lived at once
        _Walk(keys, namer, border, result, "", only={layer.key for _, layer in rest}).run(
            list(enumerate(view.layers))
        )
    return result


class _Walk:
    """One pass over the layers of one state."""

    def __init__(
        self,
        keys: frozenset[str],
        namer: Namer,
        border: Border,
        result: Wiring,
        where: str,
        only: set[str] | None = None,
    ) -> None:
        self.keys, self.namer, self.border, self.result = keys, namer, border, result
        self.where, self.only = where, only
        self.copies = range(len(namer.affixes))
        self.inner: dict[str, tuple[str, ...]] = {}  # versions made in the selection: a name a copy
        self.maker: dict[str, int] = {}
        self.outer: dict[str, str] = {}  # versions made outside whose name has changed
        self.derived: dict[str, str] = {}  # of them, those that come from the selection: by whom
        self.readers: dict[str, list[int]] = {}  # selected layers that read the present outer version
        self.used: set[str] = set()  # inner versions that a selected layer reads
        self.chains: set[str] = set()  # blob names whose copy's name is in use

    def run(self, layers: Sequence[tuple[int, LayerText]]) -> None:
        """Walks them in file order."""
        for index, layer in layers:
            if layer.key in self.keys:
                self._inside(index, layer)
            else:
                self._outside(index, layer)
        for blob, names in self.inner.items():
            output = self._output(blob, names)
            output.inner = output.inner or blob in self.used

    def _outer_name(self, blob: str, copy: int) -> str:
        if blob not in self.derived:
            own = self.border.inputs.get((blob, copy))
            if own is not None:
                return own
        return self.outer.get(blob, blob)

    def _inside(self, index: int, layer: LayerText) -> None:
        bottoms: list[list[str]] = [[] for _ in self.copies]
        for position, bottom in enumerate(layer.bottom_names):
            inner = self.inner.get(bottom)
            for copy in self.copies:
                bottoms[copy].append(inner[copy] if inner else self._outer_name(bottom, copy))
            if inner is None:
                self._note_border(index, layer, position, bottom)
            else:
                self.used.add(bottom)
        tops: list[list[str]] = [[] for _ in self.copies]
        for position, top in enumerate(layer.top_names):
            if not layer.in_place(position):
                names = tuple(self.namer.blob(top, copy) for copy in self.copies)
                self.chains.add(top)
            elif top in self.inner:
                names = self.inner[top]
            else:
                names = self._leave(layer, top)
            self.inner[top] = names
            self.used.discard(top)
            self.maker[top] = index
            self.outer.pop(top, None)
            self.derived.pop(top, None)
            for copy in self.copies:
                tops[copy].append(names[copy])
        for copy in self.copies:
            self._put(
                self.result.copies, (layer.key, copy), layer, Wires(tuple(bottoms[copy]), tuple(tops[copy]))
            )

    def _note_border(self, index: int, layer: LayerText, position: int, blob: str) -> None:
        if blob in self.derived:
            entry = (layer.key, blob, self.derived[blob])
            if entry not in self.result.through_outside:
                self.result.through_outside.append(entry)
        else:
            place = (layer, position)
            places = self.result.border.setdefault(blob, [])
            if place not in places:
                places.append(place)
        self.readers.setdefault(blob, []).append(index)

    def _leave(self, layer: LayerText, blob: str) -> tuple[str, ...]:
        """Tops for an in-place layer whose bottom is made outside: copies must not overwrite each other."""
        outer = [self._outer_name(blob, copy) for copy in self.copies]
        free = blob not in self.chains
        self.chains.add(blob)
        names: list[str] = []
        for copy in self.copies:
            alone = outer.count(outer[copy]) == 1
            if alone:
                names.append(outer[copy])  # nobody else reads it: it may stay in place
            elif free and self.namer.affixes[copy].text:
                names.append(self.namer.blob(blob, copy))
            else:
                names.append(self.namer.left_blob(blob, layer.name, copy))
        return tuple(names)

    def _outside(self, index: int, layer: LayerText) -> None:
        bottoms = []
        for position, bottom in enumerate(layer.bottom_names):
            inner = self.inner.get(bottom)
            if inner is None:
                bottoms.append(self.outer.get(bottom, bottom))
                continue
            bottoms.append(self.border.joins.get(bottom, inner[0]))
            output = self._output(bottom, inner)
            output.readers.add(layer.key)
            if layer.top_names[position : position + 1] == (bottom,):
                output.overwriters.add(layer.key)
            if bottom in self.border.joins:
                self._hasten(self.maker[bottom], index)
        tops = []
        for position, top in enumerate(layer.top_names):
            if layer.in_place(position):
                name = bottoms[position]
                if top in self.inner:
                    if top in self.border.compared:
                        name = self.namer.left_blob(top, layer.name, 0)
                    del self.inner[top]
                    self.derived[top] = layer.name
                elif top in self.derived:
                    self.derived[top] = layer.name
            else:
                name = top
                self.inner.pop(top, None)
                self.derived.pop(top, None)
            self.outer[top] = name
            for reader in self.readers.pop(top, ()):
                self._hasten(reader, index)
            tops.append(name)
        self._put(self.result.outside, layer.key, layer, Wires(tuple(bottoms), tuple(tops)))

    def _hasten(self, copied: int, reader: int) -> None:
        self.result.before[copied] = min(self.result.before.get(copied, reader), reader)

    def _output(self, blob: str, names: tuple[str, ...]) -> Output:
        output = self.result.outputs.setdefault(blob, Output(blob, self.maker[blob]))
        if blob in self.border.joins and output.names not in ((), names):
            between = ", ".join(sorted(output.overwriters)) or "another layer"
            raise EditError(
                "join-in-a-circle",
                f"The blob {blob!r} leaves the selection, is changed in place by {between} and comes back: "
                f"joined, it would feed itself. Select {between} as well.",
            )
        output.maker = max(output.maker, self.maker[blob])
        output.names = names
        return output

    def _put(self, into: dict[_Key, Wires], key: _Key, layer: LayerText, wires: Wires) -> None:
        if self.only is not None and layer.key not in self.only:
            return
        known = into.setdefault(key, wires)
        if known != wires:
            old, new = next(
                pair
                for pair in zip((*known.bottoms, *known.tops), (*wires.bottoms, *wires.tops), strict=True)
                if pair[0] != pair[1]
            )
            raise EditError(
                "states-disagree",
                f"Layer {layer.name!r} would have to use the blob {new!r} in {self.where} and {old!r} in "
                "another state, because a selected layer lives in some states only. Select the layers that "
                "make the blob in the other states as well.",
                layer.place,
            )
