"""Files in formats from before Caffe 1.0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.checks.dangers import Scene, danger
from netgraft.caffe.diagnostics import Diagnostic, Fix, Place
from netgraft.caffe.layers import Outline

OLD_FORMAT: Final = "old-format"


@danger(OLD_FORMAT, "A file in a format from before Caffe 1.0", "info")
def old_format(scene: Scene) -> Iterator[Diagnostic]:
    """Caffe upgrades such a file each time it reads it (UpgradeNetAsNeeded); said once a file."""
    found = scene.outline
    upgrades = found.upgraded.upgrades
    place = _first_old(found)
    if not upgrades or place is None:
        return
    what = ", ".join(upgrades)
    message = f"The file is in an old format: {what}. Caffe upgrades it each time it reads it."
    fixes = (Fix("Upgrade this file", ({"op": "upgrade"},)),) if _can_be_upgraded(found) else ()
    yield Diagnostic(OLD_FORMAT, "info", message, None, None, None, place, fixes)


def _first_old(found: Outline) -> Place | None:
    """Where the first thing stands that is upgraded, in the order in which Caffe's passes run."""
    for place in found.reading.old_layers:
        field = place.piece.field
        return Place(place.chunk, field.start, field.start + len(field.name))
    for place in found.reading.others:
        field = place.piece.field
        if field.name == "input":
            return Place(place.chunk, field.start, field.end)
    for layer in found.upgraded.layers:
        if layer.facts.upgraded:
            return places.layer_place(layer)
    return None


def _can_be_upgraded(found: Outline) -> bool:
    """Whether nothing stands in the way: neither what Caffe's own upgrade aborts on, nor broken text."""
    return not found.upgraded.problems and not any(
        problem.code == "syntax" for _, problem in found.reading.problems
    )
