"""What the file's order says about wires: who makes what a layer reads, and what must stand before what.

A blob's name has versions in Caffe: an in-place layer makes a new one under the old name, so what a
layer reads is what the last layer before it left there (Net::AppendBottom, Net::AppendTop).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from netgraft import prototxt
from netgraft.edit.duplicate.text import clone
from netgraft.edit.errors import EditError
from netgraft.edit.layers import without
from netgraft.edit.meaning import states
from netgraft.edit.view import LayerText, View, net_inputs
from netgraft.prototxt import Splice

Sources = dict[tuple[int, str, int], str | None]
"""By state, layer key and bottom: the key of the layer read, `input` for the net's own, None for nobody."""


@lru_cache(maxsize=8)
def _lives(here: View) -> dict[str, frozenset[int]]:
    found = states(here)
    return {
        layer.key: frozenset(i for i, state in enumerate(found) if layer.active(state))
        for layer in here.layers
    }


def together(here: View, one: LayerText, other: LayerText) -> bool:
    """Whether two layers live in one net in some state."""
    lives = _lives(here)
    return bool(lives[one.key] & lives[other.key])


def index_of(here: View, key: str) -> int:
    """Where a layer stands among the layers of the file."""
    return here.layers.index(here.layer(key))


def readers(here: View, start: int, blob: str) -> Iterator[tuple[int, int]]:
    """Who reads what layer `start` makes under that name, until it is made anew: (layer, bottom).

    Layers that change it in place are among them, and so are those that read what they made of it.
    -1 is the net's own inputs.
    """
    first = here.layers[start] if start >= 0 else None
    for index in range(start + 1, len(here.layers)):
        layer = here.layers[index]
        if first is not None and not together(here, first, layer):
            continue
        for bottom, name in enumerate(layer.bottom_names):
            if name == blob:
                yield index, bottom
        if any(top == blob and not layer.in_place(i) for i, top in enumerate(layer.top_names)):
            return


def chain_end(here: View, start: int, blob: str) -> int:
    """The last layer that changes in place what layer `start` makes under that name; `start` if none does."""
    last = start
    for index, bottom in readers(here, start, blob):
        if here.layers[index].in_place(bottom):
            last = index
    return last


def last_maker(here: View, blob: str, before: LayerText | None = None) -> int | None:
    """The last layer that makes or changes a blob, of those before a layer (and in one net with it);
    -1 for the net's own inputs, None where nobody makes it."""
    end = len(here.layers) if before is None else here.layers.index(before)
    for index in range(end - 1, -1, -1):
        layer = here.layers[index]
        if blob in layer.top_names and (before is None or together(here, layer, before)):
            return index
    return -1 if blob in net_inputs(here.tree) else None


def makers(here: View, index: int, blob: str) -> list[int]:
    """That layer, and those that make the same blob in the states where it does not live (TRAIN, TEST)."""
    if index < 0:
        return [index]
    layer = here.layers[index]
    return [
        i
        for i, one in enumerate(here.layers)
        if i == index or (blob in one.top_names and not together(here, one, layer))
    ]


def follow(here: View, start: int, old: str, new: str) -> tuple[list[Splice], list[str]]:
    """Splices by which all that reads what layer `start` makes as `old` reads `new` instead, in-place
    layers and their readers too; and the keys of the layers that change."""
    splices: list[Splice] = []
    changed: dict[str, None] = {}
    for index, bottom in readers(here, start, old):
        layer = here.layers[index]
        splices += prototxt.set_string(here.tree, layer.chunk, layer.bottoms[bottom].field, new)
        if layer.in_place(bottom):
            splices += prototxt.set_string(here.tree, layer.chunk, layer.tops[bottom].field, new)
        changed[layer.key] = None
    return splices, list(changed)


def sources(here: View, names: Mapping[str, str] | None = None) -> Sources:
    """Whom each bottom reads from in each state. `names` gives the keys that layers had before."""
    inputs = dict.fromkeys(net_inputs(here.tree), "input")
    lives = _lives(here)
    found: Sources = {}
    for number in range(len(states(here))):
        maker: dict[str, str] = dict(inputs)
        for layer in here.layers:
            if number not in lives[layer.key]:
                continue
            key = (names or {}).get(layer.key, layer.key)
            for bottom, blob in enumerate(layer.bottom_names):
                found[number, key, bottom] = maker.get(blob)
            maker.update(dict.fromkeys(layer.top_names, key))
    return found


def bound(here: View, one: LayerText, other: LayerText, *, free: Collection[int] = ()) -> str | None:
    """The blob for whose sake `other`, which stands after `one`, must stay after it; None if there is none.

    It reads what `one` makes, or makes anew what `one` reads or makes. (What nobody makes before `one` reads
    it is not made anew: `other` should stand before.) `free`: bottoms of `one` that do not count.
    """
    if not together(here, one, other):
        return None
    read = [name for bottom, name in enumerate(one.bottom_names) if bottom not in free]
    for blob in other.bottom_names:
        if blob in one.top_names:
            return blob
    for blob in other.top_names:
        if blob in one.top_names or (blob in read and _made_before(here, one, blob)):
            return blob
    return None


def _made_before(here: View, reader: LayerText, blob: str) -> bool:
    if blob in net_inputs(here.tree):
        return True
    earlier = takewhile(lambda layer: layer is not reader, here.layers)
    return any(blob in layer.top_names and together(here, layer, reader) for layer in earlier)


def behind(here: View, first: int, last: int, bottom: int) -> list[int]:
    """The layers from `first` on that must go along when it moves behind layer `last`, itself among them.

    `bottom` is the bottom of it that is to read from there. Raises EditError where `last` itself would
    have to go along: then the net would feed itself.
    """
    moving = [first]
    for index in range(first + 1, last + 1):
        other = here.layers[index]
        blobs = (
            bound(here, here.layers[one], other, free={bottom} if one == first else ()) for one in moving
        )
        if any(blob is not None for blob in blobs):
            moving.append(index)
    if last in moving:
        reader, maker = here.layers[first], here.layers[last]
        text = f"{maker.name!r} already reads from {reader.name!r}, near or far: the net would feed itself."
        raise EditError("cycle", text, reader.place)
    return moving


def move(tree: prototxt.Document, here: View, moving: Sequence[int], chunk: int) -> prototxt.Document:
    """The tree with some layers, comments and all, standing before a chunk."""
    pieces = [clone(tree, here.layers[index], []) for index in moving]
    return without(tree, [here.layers[index] for index in moving], [], insert={chunk: pieces})


def after(here: View, index: int) -> int:
    """The chunk before which new text stands right after a layer; -1 is before all layers."""
    if index >= 0:
        return here.layers[index].chunk + 1
    if has_own := [
        i for i, field in here.tree.fields() if field.name in ("input", "input_dim", "input_shape")
    ]:
        return has_own[-1] + 1
    return here.layers[0].chunk if here.layers else len(here.tree.chunks)
