"""Layers from a clipboard: put at the end of the net under names that are free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netgraft import prototxt
from netgraft.edit.document import Document, Edited
from netgraft.edit.drawing_operations import Paste
from netgraft.edit.duplicate.text import clone, rename_splices
from netgraft.edit.duplicate.wiring import Wires
from netgraft.edit.errors import EditError
from netgraft.edit.meaning import blob_roles
from netgraft.edit.origins import tidy
from netgraft.edit.params import ParamChange, change_params
from netgraft.edit.report import Note, Renamed, Report
from netgraft.edit.starts import starts
from netgraft.edit.taking import Sources
from netgraft.edit.upgrade import modernise, modernise_layers
from netgraft.edit.view import LayerText, View, net_inputs, unique, view
from netgraft.weights.origin import Origin

_TOLD: Final = 8
"""Layers that a note names."""


def paste(document: Document, operation: Paste, sources: Sources | None = None) -> Edited:
    """Puts the layers of a text at the end. What they make is renamed where the net has the name already.

    What they read from outside stays tied where `keep_inputs` says so; else such bottoms get names that
    nobody makes yet, for the user to tie. `param` names that the net uses get names of their own, so that
    nothing is shared by accident. A layer that is a copy of one here starts from its weights, and with
    `source` all start from that caffemodel's layers of the names that they had. Which of the others find no
    weights in `sources` is noted. Raises EditError where the text is none or holds no layer.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    given = _read(operation.text, here)
    names = _Names(here, given, keep=operation.keep_inputs)
    pieces: list[str] = []
    for layer in given.layers:
        splices = rename_splices(given.tree, layer, names.of(layer.name), names.wires(layer))
        splices += change_params(given.tree, layer, names.params(layer))
        pieces.append(_newlines(clone(given.tree, layer, splices), document.tree.newline))
    tree = prototxt.apply(document.tree, insert={len(document.tree.chunks): pieces})
    now = view(tree)
    added = [layer.key for layer in now.layers[len(here.layers) :]]
    origins = dict(document.origins)
    for layer in given.layers:
        twin = here.by_key.get(layer.name)
        new = names.of(layer.name)
        if operation.source is not None:
            origins[new] = Origin(layer.name, operation.source)
        elif twin is not None and new != layer.name and _body(here, twin) == _body(given, layer):
            origins[new] = document.origin(twin.name)
        elif new in origins:
            origins[new] = Origin(new)
    result = Document(tree, tidy(origins, now))
    report = Report(
        op="paste",
        title=f"Paste {added[0]}" if len(added) == 1 else f"Paste {len(added)} layers",
        summary=[f"pasted: {', '.join(added)}", *(f"{one.old} -> {one.new}" for one in names.renamed)],
        upgraded=upgraded,
        added=added,
        renamed=names.renamed,
        notes=[*_open_ends(now, added), *_without_weights(result, now, added, sources)],
    )
    return Edited(result, report)


def _read(text: str, here: View) -> View:
    # A line before it all: a comment at the head of what is pasted is its first layer's.
    tree = prototxt.parse("\n" + text.removeprefix("\ufeff"))
    if tree.errors:
        chunk, problem = tree.errors[0]
        line = tree.position(chunk, problem.start).line - 1
        raise EditError(
            "not-a-prototxt",
            f"What is to be pasted is no prototxt: line {line}: {problem.message.rstrip('.')}.",
        )
    given = view(modernise(Document(tree))[0].tree)
    if not given.layers:
        raise EditError("nothing-to-paste", "There is no layer in what is to be pasted.")
    return given


def _body(here: View, layer: LayerText) -> str:
    text = here.tree.chunks[layer.chunk].text[layer.field.start : layer.field.end]
    return "".join(text.split())


def _newlines(text: str, newline: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", newline)


class _Names:
    """The pasted layers' names, and their wires under them."""

    def __init__(self, here: View, given: View, *, keep: bool) -> None:
        self.keep = keep
        self.renamed: list[Renamed] = []
        inside = set(given.layer_names | given.blob_names)
        self._made = {top for layer in given.layers for top in layer.top_names}
        self._taken = set(here.layer_names | here.blob_names)
        self._here = set(here.blob_names)
        self._map: dict[str, str] = {}
        for name in dict.fromkeys(
            one for layer in given.layers for one in (layer.name, *_own_tops(layer)) if one
        ):
            self._map[name] = self._fresh(name, inside)
        self._params = {
            name: unique(name, set(here.param_users) | set(given.param_users))
            for name in given.param_users
            if name in here.param_users
        }
        for name, new in self._map.items():
            if new != name:
                self.renamed.append(
                    Renamed(kind="layer" if name in given.layer_names else "blob", old=name, new=new)
                )
        self.renamed += [Renamed(kind="param", old=old, new=new) for old, new in self._params.items()]
        self._open: dict[str, str] = {}
        self._wires: dict[str, Wires] = {}
        current: dict[str, str] = {}
        for layer in given.layers:
            self._wires[layer.key] = self._wire(layer, current, inside)

    def of(self, name: str) -> str:
        """A layer's name here."""
        return self._map.get(name, name)

    def wires(self, layer: LayerText) -> Wires:
        """Its bottoms and tops here."""
        return self._wires[layer.key]

    def params(self, layer: LayerText) -> Mapping[int, ParamChange]:
        """What becomes of its `param` names."""
        return {
            blob: ParamChange(name=self._params[param.name])
            for blob, param in enumerate(layer.params)
            if param.name in self._params
        }

    def _fresh(self, name: str, inside: set[str]) -> str:
        if name not in self._taken:
            self._taken.add(name)
            return name
        new = unique(name, self._taken | inside)
        self._taken.add(new)
        return new

    def _wire(self, layer: LayerText, current: dict[str, str], inside: set[str]) -> Wires:
        bottoms = [
            current[name] if name in current else self._outer(name, inside) for name in layer.bottom_names
        ]
        tops: list[str] = []
        for index, top in enumerate(layer.top_names):
            if layer.in_place(index):
                # Alone, it must not change what others read here.
                made = current[top] if top in current else self._leave(layer, top, inside)
            else:
                made = self._map[top]
            current[top] = made
            tops.append(made)
        return Wires(tuple(bottoms), tuple(tops))

    def _leave(self, layer: LayerText, top: str, inside: set[str]) -> str:
        own = self._map.get(layer.name, top)
        if own in self._here or own in self._made:
            own = unique(own, self._taken | inside)
            self._taken.add(own)
        return own

    def _outer(self, name: str, inside: set[str]) -> str:
        if self.keep or name not in self._here:
            return name
        if name not in self._open:
            self._open[name] = self._fresh(f"{name}_in", inside)
        return self._open[name]


def _own_tops(layer: LayerText) -> list[str]:
    return [top for index, top in enumerate(layer.top_names) if not layer.in_place(index)]


def _without_weights(document: Document, now: View, added: list[str], sources: Sources | None) -> list[Note]:
    if sources is None:
        return []
    known = starts(document, sources)
    layers = [now.by_key[key] for key in added]
    names = [layer.name for layer in layers if blob_roles(now, layer) and known.get(layer.name) is None]
    if not names:
        return []
    told = ", ".join(map(repr, names[:_TOLD])) + (f" and {len(names) - _TOLD} more" if names[_TOLD:] else "")
    verb = "starts from its filler" if len(names) == 1 else "start from their fillers"
    text = f"{told} {verb}: what is pasted brings no weights along."
    return [Note(code="pasted-without-weights", severity="info", message=text)]


def _open_ends(now: View, added: list[str]) -> list[Note]:
    made = set(net_inputs(now.tree)).union(*(layer.top_names for layer in now.layers))
    return [
        Note(
            code="open-input",
            severity="info",
            message=f"{layer.name!r} is to read {blob!r}, which nobody makes yet: connect it.",
            layer=layer.key,
        )
        for layer in (now.by_key[key] for key in added)
        for blob in layer.bottom_names
        if blob not in made
    ]
