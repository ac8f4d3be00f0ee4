"""From which stored layer each layer of a document starts: what `caffe.check` asks as `origins`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netgraft.edit.document import Document
from netgraft.weights import Index, Origin


def starts(document: Document, stored: Index | Mapping[str, Index] | None = None) -> dict[str, str | None]:
    """The stored layer by layer name, None for one that starts from its filler on purpose.

    `stored` are the document's caffemodels by source, or the main one. With some, only what is stored counts.
    Without, every layer that another one was copied from is taken to be stored: that is what copying it was
    for.
    """
    if not stored:
        indexes: Mapping[str, Index] = {}
        copied = [origin for origin in document.origins.values() if origin is not None and not origin.source]
        found: dict[str, str | None] = {origin.layer: origin.layer for origin in copied}
    else:
        indexes = stored if isinstance(stored, Mapping) else {"": stored}
        main = indexes.get("")
        found = {layer.name: layer.name for layer in main.layers} if main else {}
    for name, origin in document.origins.items():
        if origin is None:
            found[name] = None
            continue
        layer = _layer(origin, indexes)
        if layer is None:
            found.pop(name, None)
        else:
            found[name] = replace(origin, layer=layer).title
    return found


def _layer(origin: Origin, indexes: Mapping[str, Index]) -> str | None:
    """The stored layer that an origin comes to; None where none of its candidates is stored."""
    if not indexes:
        return origin.layer
    index = indexes.get(origin.source)
    return next((one for one in origin.candidates if index and index.by_name(one)), None)
