"""A file cut into pieces that two people may change independently: a layer, or another field of the net.

A piece is a chunk with the comments before it. Chunks that hold only comments go to the piece after them,
as reading the text anew would put them, so that equal texts have equal pieces however they came about.
"""

from __future__ import annotations

from typing import NamedTuple

from netgraft import prototxt
from netgraft.caffe.layers import document_layers

Label = tuple[str, ...]
"""What a piece is recognised by in another version of the file: `layer` and the keys of its layers, or
the names of its fields and the how manieth of those it is."""

END = "end"
"""The first word of the label of what stands after all fields."""


class Body(NamedTuple):
    """One field of a piece: a layer by its key, or another field by its name; a span of the piece's text."""

    kind: str  # "layer" or "file"
    name: str
    start: int
    end: int


class Piece(NamedTuple):
    """`text` are the file's own characters; the bodies lie in it, in order, and the rest is comments."""

    label: Label
    text: str
    bodies: tuple[Body, ...]

    @property
    def comment(self) -> str:
        """What stands outside the bodies."""
        if len(self.bodies) == 1:  # the usual case
            _, _, start, end = self.bodies[0]
            tail = self.text[end:]
            if not start and tail == "\n":
                return ""
            return f"{self.text[:start].strip()}\n{tail.strip()}".strip()
        at = 0
        parts: list[str] = []
        for body in self.bodies:
            parts.append(self.text[at : body.start].strip())
            at = max(at, body.end)
        parts.append(self.text[at:].strip())
        return "\n".join(filter(None, parts))


def pieces(tree: prototxt.Document) -> list[Piece]:
    """All pieces in file order; their texts, joined, are the file."""
    layers: dict[int, list[tuple[str, int, int]]] = {}
    for layer in document_layers(tree):
        if layer.field.name in ("layer", "layers"):  # an Input layer made of `input` fields has no text
            layers.setdefault(layer.chunk, []).append((layer.key, layer.field.start, layer.field.end))
    found: list[Piece] = []
    seen: dict[Label, int] = {}
    waiting = ""  # comments that belong to the next piece
    for index, chunk in enumerate(tree.chunks):
        if not chunk.fields and not chunk.errors:
            waiting += chunk.text
            continue
        shift = len(waiting)
        own = layers.get(index, ())
        bodies = [Body("layer", key, start + shift, end + shift) for key, start, end in own]
        label: Label = ("layer", *(key for key, _, _ in own)) if len(own) != 1 else ("layer", own[0][0])
        if len(chunk.fields) != 1 or len(own) != 1:
            covered = {(start, end) for _, start, end in own}
            bodies += [
                Body("file", field.name, field.start + shift, field.end + shift)
                for field in chunk.fields
                if (field.start, field.end) not in covered and not _lists_layers(field, bool(own))
            ]
            bodies.sort(key=lambda body: body.start)
        if not own:
            names = ("file", *(body.name for body in bodies))
            number = seen[names] = seen.get(names, 0) + 1
            label = (*names, str(number))
        found.append(Piece(label, waiting + chunk.text if waiting else chunk.text, tuple(bodies)))
        waiting = ""
    if waiting:
        found.append(Piece((END,), waiting, ()))
    return found


def _lists_layers(field: prototxt.Field, known: bool) -> bool:
    """Whether a field is `layer: [{ ... }, { ... }]`, whose layers are bodies already."""
    return known and field.kind is prototxt.Kind.LIST and field.name in ("layer", "layers")
