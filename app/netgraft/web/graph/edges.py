"""Which layer's blob each layer reads, over all the states that a file tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from netgraft.caffe.layers import DocLayer
from netgraft.caffe.model import Net


class Edge(NamedTuple):
    """A blob from the layer that makes it to one that reads it, both by key; the numbers of top and
    bottom."""

    source: str
    target: str
    blob: str
    top: int
    bottom: int


class _Wired(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def bottoms(self) -> Sequence[str]: ...
    @property
    def tops(self) -> Sequence[str]: ...


def edges(layers: Sequence[DocLayer], nets: Iterable[Net]) -> list[Edge]:
    """An edge for each (producer, reader) pair of any state; a blob's producer is the last one before.

    A layer that is in no state at all is wired as the file's order has it.
    """
    walks: list[list[Edge]] = []
    in_some: set[str] = set()
    for net in nets:
        in_some.update([layer.key for layer in net.layers])
        walks.append(_walk(net.layers))
    if any(layer.key not in in_some for layer in layers):
        stray = _walk(layers)
        walks.append([edge for edge in stray if edge.target not in in_some or edge.source not in in_some])
    if len(walks) == 1:
        return walks[0]
    found: dict[tuple[str, int, str, int], Edge] = {}
    for walk in walks:
        for edge in walk:
            found.setdefault((edge.source, edge.top, edge.target, edge.bottom), edge)
    return list(found.values())


def _walk(layers: Iterable[_Wired]) -> list[Edge]:
    new = tuple.__new__
    found: list[Edge] = []
    producers: dict[str, tuple[str, int]] = {}
    for layer in layers:
        key = layer.key
        for index, blob in enumerate(layer.bottoms):
            if blob in producers:
                source, top = producers[blob]
                found.append(new(Edge, (source, key, blob, top, index)))
        for index, blob in enumerate(layer.tops):
            producers[blob] = (key, index)
    return found
