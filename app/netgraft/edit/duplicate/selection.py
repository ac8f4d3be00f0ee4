"""Which layers a graft copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.report import Note
from netgraft.edit.view import LayerText, View


@dataclass(frozen=True, slots=True)
class Selection:
    """The layers to copy in file order, and what had to be added to what was asked for."""

    layers: tuple[LayerText, ...]
    keys: frozenset[str]
    notes: tuple[Note, ...]


def select(view: View, keys: Sequence[str]) -> Selection:
    """The selection of those keys, with what cannot be parted from it.

    Layers of one name are TRAIN and TEST variants of one and go together; so do layers that make
    one blob in different states, or a reader could not find its copy in both. Raises EditError
    for an empty selection and for keys that the net has not.
    """
    if not keys:
        raise EditError("empty-selection", "Nothing is selected: name at least one layer to duplicate.")
    chosen = {view.layer(key).key for key in keys}
    notes: list[Note] = []
    while added := _companions(view, chosen):
        for key, why in added:
            chosen.add(key)
            notes.append(Note(code="taken-along", severity="info", message=why, layer=key))
    layers = tuple(layer for layer in view.layers if layer.key in chosen)
    return Selection(layers, frozenset(chosen), tuple(notes))


def _companions(view: View, chosen: set[str]) -> list[tuple[str, str]]:
    inside = [layer for layer in view.layers if layer.key in chosen]
    names = {layer.name for layer in inside}
    made = {blob: layer for layer in inside if _conditional(layer) for blob in _fresh_tops(layer)}
    found: list[tuple[str, str]] = []
    for layer in view.layers:
        if layer.key in chosen:
            continue
        if layer.name in names:
            if layer.name:
                found.append(
                    (layer.key, f"Layer {layer.key!r} is another variant of {layer.name!r}: it goes along.")
                )
            continue
        shared = [blob for blob in _fresh_tops(layer) if blob in made]
        if shared and _conditional(layer):
            other = made[shared[0]].name
            text = (
                f"Layer {layer.name!r} makes the blob {shared[0]!r} where {other!r} does not: it goes along."
            )
            found.append((layer.key, text))
    return found


def _conditional(layer: LayerText) -> bool:
    return bool(layer.include or layer.exclude)


def _fresh_tops(layer: LayerText) -> Iterable[str]:
    return (top.value for index, top in enumerate(layer.tops) if not layer.in_place(index))


def find_layers(view: View, pattern: str) -> list[str]:
    """The keys that a command line names: `FROM..TO` (file order), `NAME,NAME` and globs (`conv*`).

    Raises EditError for a name or glob that finds nothing.
    """
    found: dict[str, None] = {}
    for part in filter(None, (piece.strip() for piece in pattern.split(","))):
        for key in _find(view, part):
            found[key] = None
    if not found:
        raise EditError("empty-selection", "Nothing is selected: name at least one layer to duplicate.")
    return list(found)


def _find(view: View, part: str) -> list[str]:
    if part in view.by_key:
        return [layer.key for layer in view.variants(part)] or [part]
    keys = [layer.key for layer in view.layers]
    start, dots, end = part.partition("..")
    if dots:
        low = keys.index(view.layer(start).key) if start else 0
        high = keys.index(view.layer(end).key) if end else len(keys) - 1
        if end:  # the last variant of that name
            high = max(i for i, layer in enumerate(view.layers) if layer.key == end or layer.name == end)
        if low > high:
            raise EditError(
                "empty-selection", f"{start!r} comes after {end!r} in the file: {part!r} is empty."
            )
        return keys[low : high + 1]
    matched = [layer.key for layer in view.layers if fnmatchcase(layer.name, part)]
    if not matched:
        raise EditError("unknown-layer", f"No layer is named {part!r}.{suggestion(part, keys)}")
    return matched
