"""From which stored layer each layer of a document starts: what `caffe.check` asks as `origins`."""

from __future__ import annotations

from netgraft.edit.document import Document
from netgraft.weights import Index


def starts(document: Document, index: Index | None = None) -> dict[str, str | None]:
    """The stored layer by layer name, None for one that starts from its filler on purpose.

    With an index only what is stored counts. Without, every layer that another one was copied from is taken
    to be stored: that is what copying it was for.
    """
    copied = {origin.layer for origin in document.origins.values() if origin is not None}
    found: dict[str, str | None] = {
        name: name for name in (copied if index is None else [layer.name for layer in index.layers])
    }
    for name, origin in document.origins.items():
        if origin is None:
            found[name] = None
            continue
        here = (
            origin.candidates if index is None else [one for one in origin.candidates if index.by_name(one)]
        )
        if here:
            found[name] = f"{origin.source}/{here[0]}" if origin.source else here[0]
        else:
            found.pop(name, None)
    return found
