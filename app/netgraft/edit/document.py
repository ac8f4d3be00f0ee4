"""The thing that operations work on, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from netgraft import prototxt
from netgraft.edit.report import Report
from netgraft.weights.origin import Origin

_NONE: Mapping[str, Origin | None] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Document:
    """One prototxt being edited, and where each of its layers' weights come from.

    `origins` maps a layer's name to the stored layer it starts from; None leaves it to its filler,
    and a layer that is not in it starts from the stored layer of its own name.
    """

    tree: prototxt.Document
    origins: Mapping[str, Origin | None] = field(default_factory=lambda: _NONE)

    @classmethod
    def read(cls, text: str | bytes) -> Document:
        """A fresh document: every layer starts from its own name's weights."""
        return cls(prototxt.parse(text))

    @property
    def text(self) -> str:
        """The prototxt."""
        return self.tree.text

    def origin(self, layer: str) -> Origin | None:
        """Where a layer's weights come from."""
        return self.origins.get(layer, Origin(layer))


@dataclass(frozen=True, eq=False)
class Edited:
    """A document after an operation, and the account of it."""

    document: Document
    report: Report
