"""What loading a document's weights does to each layer, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from netgraft import edit, weights
from netgraft.caffe.diagnostics import Diagnostic, Place
from netgraft.caffe.layers import DocLayer
from netgraft.caffe.model import Net
from netgraft.weights import Index
from netgraft.weights.codes import COUNT, DATA, LANDS_NOWHERE, SHAPE, SOURCE
from netgraft.weights.report import used_layers
from netgraft.weights.resolve import PlannedLayer, resolve

Word = Literal["loads", "filler", "count-clash", "shape-clash", "data-clash", "source-clash"]

_CODES: dict[Word, str] = {
    "count-clash": COUNT,
    "shape-clash": SHAPE,
    "data-clash": DATA,
    "source-clash": SOURCE,
}

Fate = tuple[str | None, Word | None]
"""The stored layer that a layer's weights come from, and what becomes of it."""


@dataclass(frozen=True, slots=True)
class Landing:
    """How the weights meet the net: a fate by layer key, and the findings."""

    fates: dict[str, Fate]
    diagnostics: list[Diagnostic] = field(default_factory=list)


def land(
    document: edit.Document, sources: Mapping[str, Index], layers: Sequence[DocLayer], nets: Sequence[Net]
) -> Landing:
    """The landing; without weights, only the origins that differ from the layer's own name."""
    if not sources:
        names = {name: origin.title if origin else None for name, origin in document.origins.items()}
        return Landing({layer.key: (names[layer.name], None) for layer in layers if layer.name in names})
    planned = resolve(weights.targets(*nets), sources, document.origins)
    found: dict[str, Fate] = {}
    for each in planned:
        fate = fate_of(each)
        if fate is not None:
            found[each.target.name] = fate
    first = {layer.name: layer for layer in reversed(layers)}
    main = sources.get("")
    said = [*_about_layers(planned, first), *(_about_stored(planned, main, first) if main else ())]
    return Landing({layer.key: found[layer.name] for layer in layers if layer.name in found}, said)


def fate_of(planned: PlannedLayer) -> Fate | None:
    """The fate of a planned layer; None where it has no parameters."""
    source = told_origin(planned)
    match planned.action:
        case "no blobs":
            return None
        case "filler":
            return source, "filler"
        case "clash":
            return source, _clash(planned)
    return source, "loads"


def told_origin(planned: PlannedLayer) -> str | None:
    """The stored layer that a planned layer takes its blobs from, for people; a sharer: its owner's."""
    if planned.action == "shared":
        return planned.blobs[0].origin.title
    if planned.stored is None or planned.origin is None:
        return None
    return replace(planned.origin, layer=planned.stored.name).title


def _clash(planned: PlannedLayer) -> Word:
    wanted, stored = planned.target.blobs, planned.stored
    if stored is None:
        return "source-clash"
    if wanted is not None and len(wanted) != len(stored.blobs):
        return "count-clash"
    return "shape-clash" if "shape mismatch" in planned.message else "data-clash"


def _about_layers(planned: Iterable[PlannedLayer], layers: dict[str, DocLayer]) -> Iterable[Diagnostic]:
    for each in planned:
        layer = layers.get(each.target.name)
        if layer is None:
            continue
        place = Place(layer.chunk, layer.field.start, layer.field.end)
        if each.action == "clash":
            text = f"The weights stored for layer {layer.name!r} do not fit it."
            words = each.message.strip()
            yield Diagnostic(_CODES[_clash(each)], "error", text, words, layer.key, None, place)
        elif each.action == "filler" and each.origin is not None:
            text = f"Nothing is stored for layer {layer.name!r}: it starts from its filler."
            yield Diagnostic(LANDS_NOWHERE, "info", text, None, layer.key, None, place)


def _about_stored(
    planned: Sequence[PlannedLayer], index: Index, layers: dict[str, DocLayer]
) -> Iterable[Diagnostic]:
    used = used_layers(planned)
    used |= {each.stored.name for each in planned if each.stored is not None}
    for name in dict.fromkeys(stored.name for stored in index.layers if stored.blobs):
        if name not in used and name not in layers:
            text = f"No layer of the net takes the stored layer {name!r}: it is left out."
            yield Diagnostic(LANDS_NOWHERE, "info", text)
