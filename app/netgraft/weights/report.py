"""What a graft does, for people: a line a layer, and what lands nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netgraft.weights.layout import blob_parts
from netgraft.weights.origin import Origin
from netgraft.weights.resolve import Action, PlannedLayer
from netgraft.weights.stored import Format, Index


@dataclass(frozen=True, slots=True)
class GraftedLayer:
    """One layer of the net: what is done with it, from where, how many blobs and bytes, and why."""

    layer: str
    type: str
    action: Action
    origin: Origin | None
    blobs: int
    bytes: int
    owner: str | None
    message: str


@dataclass(frozen=True, slots=True, repr=False)
class GraftReport:
    """A graft in numbers. `unused`: stored layers of the main source that no layer of the net takes."""

    layers: tuple[GraftedLayer, ...]
    unused: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def copied_bytes(self) -> int:
        """Bytes of blobs that are written."""
        return sum(layer.bytes for layer in self.layers if layer.action in ("copied", "shared"))

    def lines(self) -> list[str]:
        """Where each layer with blobs starts from, as lines of text; then the notes."""
        return [*filter(None, map(_line, self.layers)), *self.notes]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    __repr__ = __str__


def _line(row: GraftedLayer) -> str:
    if row.action == "filler":
        return f"{row.layer}: its filler ({row.message})"
    if row.action not in ("copied", "shared", "left out"):
        return ""
    origin = row.origin.title if row.origin else row.layer
    owner = f", one with {row.owner}" if row.owner else ""
    return f"{row.layer} <- {origin} ({row.blobs} blobs{owner})"


def used_layers(layers: Sequence[PlannedLayer], source: str = "") -> set[str]:
    """The stored layers of one source that the planned layers take blobs from, merged ones included."""
    used: set[str] = set()
    for origin in {blob.origin for layer in layers for blob in layer.blobs}:
        parts = [origin]
        for norm in origin.norms:
            parts += [norm.batch_norm, *filter(None, (norm.scale,))]
        used.update(part.layer for part in parts if part.source == source)
    return used


_OLD: dict[Format, str] = {"layers": "V1 `layers`", "v0": "V0 nested layers"}


def make_report(
    layers: Sequence[PlannedLayer], sources: Mapping[str, Index], *, strip_diff: bool, kept: bool
) -> GraftReport:
    """The report of a resolved graft. `kept` says that unused layers are written all the same."""
    rows = []
    for layer in layers:
        owners = {blob.owner[0] for blob in layer.blobs if blob.owner is not None}
        rows.append(
            GraftedLayer(
                layer=layer.target.name,
                type=layer.target.type,
                action=layer.action,
                origin=layer.blobs[0].origin if layer.blobs else layer.origin,
                blobs=len(layer.blobs),
                bytes=sum(
                    blob_parts(blob.stored, blob.shape, strip_diff=strip_diff).length for blob in layer.blobs
                ),
                owner=min(owners) if owners else None,
                message=layer.message,
            )
        )
    main = sources.get("")
    used = used_layers(layers)
    names = {layer.target.name for layer in layers}
    unused: dict[str, None] = {}
    repeated: dict[str, None] = {}
    for stored in main.layers if main else ():
        if stored.blobs and stored.name not in used and stored.name not in names:
            unused[stored.name] = None
        if main and main.effective(stored.name) is not stored and stored.name in used:
            repeated[stored.name] = None
    notes = [
        f"{source or 'The weights'}: {_OLD[index.format]} became the current `layer` format"
        for source, index in sources.items()
        if index.format in _OLD
    ]
    notes += [
        f"Layer '{name}' is stored more than once; the last one counts, as in Caffe" for name in repeated
    ]
    verb = (
        "kept, though no layer of the net takes them"
        if kept
        else "left out, as no layer of the net takes them"
    )
    if unused:
        notes.append(f"Stored layers {verb}: {', '.join(unused)}")
    return GraftReport(tuple(rows), tuple(unused), tuple(notes))
