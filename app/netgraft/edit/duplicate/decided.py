"""All that was decided about one duplicate, before a character is written."""

from __future__ import annotations

from dataclasses import dataclass

from netgraft.edit.duplicate.inputs import OwnInputs
from netgraft.edit.duplicate.joins import PlannedJoin
from netgraft.edit.duplicate.naming import Namer
from netgraft.edit.duplicate.selection import Selection
from netgraft.edit.duplicate.sharing import Sharing
from netgraft.edit.duplicate.wiring import Wiring
from netgraft.edit.operations import Duplicate
from netgraft.edit.view import LayerText, View


@dataclass(slots=True)
class Graft:
    """One graft, decided."""

    view: View
    operation: Duplicate
    selection: Selection
    namer: Namer
    wiring: Wiring
    inputs: OwnInputs
    joins: list[PlannedJoin]
    sharing: Sharing

    @property
    def copies(self) -> range:
        """0 is the first copy: the original."""
        return range(len(self.namer.affixes))

    def name(self, layer: LayerText, copy: int) -> str:
        """A layer's name in a copy."""
        return self.namer.layer(layer.name, copy, layer.type)

    def key(self, layer: LayerText, copy: int) -> str:
        """A layer's key after the graft: variants stay variants."""
        return self.name(layer, copy) + layer.key.removeprefix(layer.name)

    def keys(self) -> dict[tuple[str, int], str]:
        """Every copy's key after the graft, by its source's key and the copy."""
        return {
            (layer.key, copy): self.key(layer, copy)
            for layer in self.selection.layers
            for copy in self.copies
        }
