"""All layers of a file, whatever the phase, and the keys by which they are named everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

from netgraft import prototxt
from netgraft.caffe.reading import Reading, read
from netgraft.caffe.state import NetState, Rule
from netgraft.caffe.upgrade import SourceLayer, Upgraded, upgrade
from netgraft.proto import caffe_pb2
from netgraft.prototxt import Field


class DocLayer(NamedTuple):
    """A layer of the file after upgrade. `field` is its top-level field in chunk `chunk` (for the Input layer
    made of net-level inputs, the first `input`)."""

    key: str
    chunk: int
    field: Field
    name: str
    type: str
    message: caffe_pb2.LayerParameter
    bottoms: tuple[str, ...]
    tops: tuple[str, ...]
    include: tuple[Rule, ...]
    exclude: tuple[Rule, ...]
    source: SourceLayer


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document says before any state is chosen. `keys` goes with `upgraded.layers`."""

    reading: Reading
    upgraded: Upgraded
    keys: tuple[str, ...]


_outlines: WeakKeyDictionary[prototxt.Document, Outline] = WeakKeyDictionary()
_layers: WeakKeyDictionary[prototxt.Document, tuple[DocLayer, ...]] = WeakKeyDictionary()


def outline(document: prototxt.Document) -> Outline:
    """Reads and upgrades a document, once."""
    found = _outlines.get(document)
    if found is None:
        reading = read(document)
        upgraded = upgrade(reading)
        names = [layer.facts.name for layer in upgraded.layers]
        found = _outlines[document] = Outline(reading, upgraded, layer_keys(names))
    return found


def layer_keys(names: list[str]) -> tuple[str, ...]:
    """The keys of layers by their names in file order: the name; `name~2`, `name~3` where it comes again."""
    if len(set(names)) == len(names):
        return tuple(names)
    taken = set(names)
    seen: dict[str, int] = {}
    keys: list[str] = []
    for name in names:
        number = seen[name] = seen.get(name, 0) + 1
        key = name
        if number > 1:
            key = f"{name}~{number}"
            while key in taken:
                number += 1
                key = f"{name}~{number}"
            seen[name] = number
            taken.add(key)
        keys.append(key)
    return tuple(keys)


def told_key(key: str, name: str) -> str:
    """What a key that is no name means, for people who look for it in the file."""
    number = key.rpartition("~")[2]
    which = {"2": "second", "3": "third"}.get(number, f"{number}th")
    return f"{key} is the {which} layer named {name!r}"


def document_layers(document: prototxt.Document) -> tuple[DocLayer, ...]:
    """Every layer of the file, in Caffe's order before any filter."""
    known = _layers.get(document)
    if known is None:
        known = _layers[document] = _document_layers(outline(document))
    return known


def _document_layers(found: Outline) -> tuple[DocLayer, ...]:
    return tuple(
        [_document_layer(key, layer) for key, layer in zip(found.keys, found.upgraded.layers, strict=True)]
    )


def _document_layer(key: str, layer: SourceLayer) -> DocLayer:
    """Kept with the layer's facts while it stays where it is: an edit elsewhere in the file makes none."""
    facts = layer.facts
    known = facts.memo.get("document layer")
    if isinstance(known, DocLayer) and known.source is layer and known.key == key:
        return known
    made = facts.memo["document layer"] = DocLayer(
        key,
        layer.chunk,
        layer.field,
        facts.name,
        facts.type,
        facts.message,
        facts.bottoms,
        facts.tops,
        facts.include,
        facts.exclude,
        layer,
    )
    return made


def is_active(layer: SourceLayer, state: NetState, stages: frozenset[str]) -> bool:
    """Whether a layer is in the net of a state (Net::FilterNet); `stages` are all that are in force."""
    facts = layer.facts
    if facts.include:
        return any(rule.met(state.phase, state.level, stages) for rule in facts.include)
    return not any(rule.met(state.phase, state.level, stages) for rule in facts.exclude)


def mentioned_stages(document: prototxt.Document) -> tuple[str, ...]:
    """The stages that rules of the file ask about, in order of first mention."""
    found: dict[str, None] = {}
    for layer in outline(document).upgraded.layers:
        for rule in (*layer.facts.include, *layer.facts.exclude):
            found.update(dict.fromkeys((*rule.stages, *rule.not_stages)))
    return tuple(found)
