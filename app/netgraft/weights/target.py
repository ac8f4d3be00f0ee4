"""The layers that weights are written for, gathered from the nets of all phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from netgraft.proto import caffe_pb2
from netgraft.weights.stored import Shape
from netgraft.weights.wire import string_field


class LayerLike(Protocol):
    """What is read of a layer of a net (netgraft.caffe.net.NetLayer has it)."""

    @property
    def key(self) -> str: ...
    @property
    def chunk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def message(self) -> caffe_pb2.LayerParameter: ...
    @property
    def blobs(self) -> Sequence[Shape | None]: ...
    @property
    def blobs_known(self) -> bool: ...


class ParamLike(Protocol):
    """What is read of a parameter (netgraft.caffe.net.NetParam); `owner` indexes Net.params, or is -1."""

    @property
    def layer(self) -> int: ...
    @property
    def blob(self) -> int: ...
    @property
    def shared_name(self) -> str: ...
    @property
    def owner(self) -> int: ...


class NetLike(Protocol):
    """What is read of a net of one phase (netgraft.caffe.net.Net has it)."""

    @property
    def layers(self) -> Sequence[LayerLike]: ...
    @property
    def params(self) -> Sequence[ParamLike]: ...


BlobKey = tuple[str, int]
"""(layer name, blob index)."""


@dataclass(frozen=True, slots=True)
class Target:
    """A layer to be written.

    `blobs` has a shape for each parameter blob (None: unknown), and is None where even their number is
    unknown, as for a fork's layer type. `owners` names for each blob the one that Caffe would share it with,
    None where it owns itself; `spare` says for each blob whether it shares in every phase that has the
    layer. `message` is the net's own LayerParameter, None where there is none.
    """

    name: str
    type: str
    blobs: tuple[Shape | None, ...] | None
    message: caffe_pb2.LayerParameter | None = None
    owners: tuple[BlobKey | None, ...] = ()
    spare: tuple[bool, ...] = ()
    key: str = ""

    def head(self) -> bytes:
        """The layer's fields without blobs in wire format, as Caffe saves them."""
        message = self.message
        if message is None or message.name != self.name:
            return string_field(1, self.name) + string_field(2, self.type)
        if message.blobs:
            message = caffe_pb2.LayerParameter.FromString(message.SerializeToString())
            message.ClearField("blobs")
        return message.SerializePartialToString()

    def owner(self, blob: int) -> BlobKey | None:
        """The owner of one blob, None where it owns itself."""
        return self.owners[blob] if blob < len(self.owners) else None


def targets(*nets: NetLike) -> tuple[Target, ...]:
    """The layers of all the given nets (one a phase or state), in file order, the first of each name.

    A blob that shares in one phase and owns itself in another keeps the owner for its value, but is not
    spare.
    """
    found: dict[str, tuple[int, int, Target]] = {}
    for net in nets:
        owners = _owners(net)
        seen: set[str] = set()
        for position, layer in enumerate(net.layers):
            if layer.name in seen:
                continue
            seen.add(layer.name)
            target = _target(layer, owners.get(position, {}))
            if layer.name in found:
                chunk, order, known = found[layer.name]
                found[layer.name] = chunk, order, _merged(known, target)
            else:
                found[layer.name] = layer.chunk, position, target
    return tuple(target for _, _, target in sorted(found.values(), key=lambda entry: entry[:2]))


def _owners(net: NetLike) -> dict[int, dict[int, BlobKey]]:
    """Layer index -> blob index -> owner, for the sharers of a net."""
    owners: dict[int, dict[int, BlobKey]] = {}
    for param in net.params:
        if param.owner >= 0:
            owner = net.params[param.owner]
            owners.setdefault(param.layer, {})[param.blob] = (net.layers[owner.layer].name, owner.blob)
    return owners


def _target(layer: LayerLike, owners: dict[int, BlobKey]) -> Target:
    blobs = tuple(layer.blobs) if layer.blobs_known else None
    count = len(layer.blobs)
    return Target(
        name=layer.name,
        type=layer.type,
        blobs=blobs,
        message=layer.message,
        owners=tuple(map(owners.get, range(count))) if owners else (None,) * count,
        spare=tuple(blob in owners for blob in range(count)) if owners else (False,) * count,
        key=layer.key,
    )


def _merged(first: Target, other: Target) -> Target:
    if first.blobs == other.blobs and first.owners == other.owners:
        return first
    if first.blobs is None or other.blobs is None or len(first.blobs) != len(other.blobs):
        return first if first.blobs else other if other.blobs else first
    return replace(
        first,
        blobs=tuple(
            its if mine is None else mine for mine, its in zip(first.blobs, other.blobs, strict=True)
        ),
        owners=tuple(mine or its for mine, its in zip(first.owners, other.owners, strict=True)),
        spare=tuple(mine and its for mine, its in zip(first.spare, other.spare, strict=True)),
    )
