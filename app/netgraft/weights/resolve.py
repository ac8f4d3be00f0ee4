"""Which stored blob becomes which blob of the net: the weight map, made exact blob by blob."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Literal

from netgraft.weights.computed import merged
from netgraft.weights.errors import WeightsError
from netgraft.weights.origin import Origin
from netgraft.weights.stored import Index, Shape, StoredBlob, StoredLayer
from netgraft.weights.target import BlobKey, Target
from netgraft.weights.words import blob_clash, layer_clash, shape_clash

Action = Literal["copied", "shared", "left out", "filler", "no blobs", "clash"]


@dataclass(frozen=True, slots=True, eq=False)
class PlannedBlob:
    """One blob to be written: which stored one, of which layer, in which shape (None: as it is stored)."""

    stored: StoredBlob
    origin: Origin
    index: int
    shape: Shape | None
    owner: BlobKey | None


@dataclass(frozen=True, slots=True, eq=False)
class PlannedLayer:
    """One layer of the net with what becomes of it; `blobs` is empty unless they are written.

    `message` is for people: why it is left to its filler, or Caffe's words where it clashes.
    """

    target: Target
    action: Action
    origin: Origin | None
    blobs: tuple[PlannedBlob, ...] = ()
    stored: StoredLayer | None = None
    message: str = ""


Choice = tuple[StoredBlob, Origin, int]


@dataclass(slots=True)
class _Resolver:
    sources: Mapping[str, Index]
    origins: Mapping[str, Origin | None]
    targets: Mapping[str, Target]
    own: dict[str, tuple[Origin | None, StoredLayer | None, str]] = field(default_factory=dict)

    def stored(self, target: Target) -> tuple[Origin | None, StoredLayer | None, str]:
        """The target's own origin, the stored layer that it means, and Caffe's words where the two clash.

        Ours, where the source is gone or nothing can be merged.
        """
        if target.name not in self.own:
            origin = self.origins.get(target.name, Origin(target.name))
            layer = None
            clash = ""
            if origin is not None:
                # No main source is none to take from; another one must be there, for it was asked for.
                if origin.source and origin.source not in self.sources:
                    clash = f"No weights named '{origin.source}' for layer '{target.name}'"
                layer = self.find(origin)
                if layer is not None and origin.norms:
                    try:
                        layer = merged(layer, origin, self.find)
                    except WeightsError as problem:
                        if problem.kind != "origin":
                            raise
                        clash = problem.message
            if layer and origin and not clash:
                clash = find_clash(target, layer, reshape=origin.reshape)
            self.own[target.name] = origin, layer, clash
        return self.own[target.name]

    def find(self, origin: Origin) -> StoredLayer | None:
        """The stored layer that an origin means, None where there is none."""
        source = self.sources.get(origin.source)
        return next(filter(None, map(source.effective, origin.candidates)), None) if source else None

    def choose(self, key: BlobKey, passed: tuple[BlobKey, ...] = ()) -> Choice | None:
        """The stored blob for a blob of the net: the owner's where it shares and has one, else its own."""
        target = self.targets.get(key[0])
        if target is None or key in passed:
            return None
        owner = target.owner(key[1])
        if owner is not None and (choice := self.choose(owner, (*passed, key))) is not None:
            return choice
        origin, layer, clash = self.stored(target)
        blob = None if layer is None or clash else layer.blob(key[1])
        return None if blob is None or origin is None else (blob, origin, key[1])


def find_clash(target: Target, layer: StoredLayer, *, reshape: bool = False) -> str:
    """Caffe's fatal message when this stored layer meets the net's layer, "" where it loads.

    With `reshape`, blobs of equal counts pass. NVIDIA's raw_data passes here: it is copied as it is, for the
    fork that reads it.
    """
    if target.blobs is None:
        return ""
    if words := layer_clash(target.name, target.blobs, target.owners, layer):
        return words
    for index, shape in enumerate(target.blobs):
        blob = layer.blob(index)
        if blob is not None and (clash := blob_clash(target.name, index, blob, shape)):
            same_count = shape is not None and prod(shape) == blob.count == blob.volume
            if not (reshape and same_count):
                return clash[1]
    return ""


def resolve(
    targets: Sequence[Target],
    sources: Mapping[str, Index],
    origins: Mapping[str, Origin | None],
    *,
    skip_sharers: bool = False,
) -> list[PlannedLayer]:
    """What becomes of each target layer, clashes included; a source that is not there is one, too."""
    first: dict[str, Target] = {}
    for target in targets:
        first.setdefault(target.name, target)
    resolver = _Resolver(sources, origins, first)
    return [_resolve(target, resolver, skip_sharers=skip_sharers) for target in first.values()]


def _resolve(target: Target, resolver: _Resolver, *, skip_sharers: bool) -> PlannedLayer:
    origin, stored, clash = resolver.stored(target)
    if target.blobs is not None and not target.blobs and not clash:
        return PlannedLayer(target, "no blobs", origin, stored=stored)
    count = len(target.blobs) if target.blobs is not None else len(stored.blobs) if stored else 0
    choices = [resolver.choose((target.name, index)) for index in range(count)]
    # A clash is none where every blob comes from an owner: the layer's own stored blobs are not used then.
    if clash and not (count and all(choices)):
        return PlannedLayer(target, "clash", origin, stored=stored, message=clash)
    if not count or not all(choices):
        return PlannedLayer(
            target, "filler", origin, stored=stored, message=_why_filler(target, origin, stored)
        )
    blobs = []
    for index, choice in enumerate(choices):
        if choice is None:
            continue
        blob, source, position = choice
        shape = target.blobs[index] if target.blobs is not None else None
        if shape is not None and prod(shape) != blob.count:
            message = shape_clash(target.name, index, blob.shape, shape)
            return PlannedLayer(target, "clash", origin, stored=stored, message=message)
        blobs.append(PlannedBlob(blob, source, position, shape, target.owner(index)))
    spare = bool(target.spare) and all(target.spare)
    if skip_sharers and spare and all(_written(blob.owner, resolver) for blob in blobs):
        return PlannedLayer(target, "left out", origin, tuple(blobs), stored, "its owner's blobs suffice")
    shared = all(blob.owner is not None for blob in blobs)
    return PlannedLayer(target, "shared" if shared else "copied", origin, tuple(blobs), stored)


def _written(owner: BlobKey | None, resolver: _Resolver) -> bool:
    """Whether the owner's layer will be in the file with all its blobs, so its sharers can be left out."""
    target = resolver.targets.get(owner[0]) if owner else None
    if target is None or target.blobs is None or (target.spare and all(target.spare)):
        return False
    return all(resolver.choose((target.name, index)) is not None for index in range(len(target.blobs)))


def _why_filler(target: Target, origin: Origin | None, stored: StoredLayer | None) -> str:
    if origin is None:
        return "its stored weights are not taken"
    if stored is None:
        where = f"the weights '{origin.source}'" if origin.source else "the weights"
        return f"no layer '{origin.layer}' in {where}"
    return f"layer '{origin.layer}' of the weights holds no blobs for it"
