"""Dangers in shared parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.catalogue.shapes import float_text
from netgraft.caffe.checks.dangers import Scene, danger
from netgraft.caffe.diagnostics import Diagnostic, Fix, said_instead
from netgraft.caffe.layers import is_active
from netgraft.caffe.params import ShareGroup
from netgraft.caffe.state import NetState

RATE_FROM_SHARER: Final = "rate-from-sharer"
SINGLE_USE: Final = "single-use-share-name"
HALF_SHARED: Final = "half-shared"
UNRELATED: Final = "unrelated-share"
STALE: Final = "stale-test-sharer"
BATCH_NORM: Final = "shared-batchnorm"


def _shared(scene: Scene) -> list[ShareGroup]:
    return [group for group in scene.net.groups if len(group.members) > 1]


def _unshare(scene: Scene, *params: int) -> Fix:
    """A fix that takes blobs of one layer out of their groups."""
    key = scene.layer_of(params[0]).key
    blobs = [scene.net.params[param].blob for param in params]
    what = "blobs" if len(blobs) > 1 else scene.role(params[0])
    return Fix(
        f"Unshare {key}'s {what}", tuple({"op": "unshare", "layer": key, "blob": blob} for blob in blobs)
    )


@danger(RATE_FROM_SHARER, "A sharer's rate rules the owner")
def rate_from_sharer(scene: Scene) -> Iterator[Diagnostic]:
    """The owner states no rate, so the first stated value of a sharer becomes the group's."""
    for group in _shared(scene):
        owner = group.members[0]
        for part, source, value in (
            ("lr_mult", group.lr_from, group.lr),
            ("decay_mult", group.decay_from, group.decay),
        ):
            if source in (-1, owner) or value == 1:
                continue
            layer = scene.layer_of(source)
            owner_key = scene.layer_of(owner).key
            rate = float_text(value)
            freezes = " All of them are frozen by it." if part == "lr_mult" and value == 0 else ""
            message = (
                f"{owner_key} owns '{group.name}' and states no {part}, so {layer.key}'s {part} {rate} rules "
                f"all that share it.{freezes}"
            )
            one_rate = {"op": "one_rate", "name": group.name, part: value}
            fixes = (
                Fix(f"State {part} {rate} in all of '{group.name}'", (one_rate,)),
                _unshare(scene, source),
            )
            place = places.param_place(layer.source, scene.net.params[source].blob, part)
            yield Diagnostic(RATE_FROM_SHARER, "warning", message, None, layer.key, group.name, place, fixes)


@danger(SINGLE_USE, "A param name that is used only once")
def single_use_share_name(scene: Scene) -> Iterator[Diagnostic]:
    """A name alone in the whole file shares nothing; TRAIN and TEST variants of a layer may both have it."""
    alone = [group for group in scene.net.groups if len(group.members) == 1]
    if not alone:
        return
    uses = Counter(
        [spec.name for layer in scene.outline.upgraded.layers for spec in layer.facts.params if spec.name]
    )
    for group in alone:
        if uses[group.name] != 1:
            continue
        param = group.members[0]
        layer = scene.layer_of(param)
        like = [
            other.name
            for other in scene.net.groups
            if other.shape == group.shape and scene.role(other.members[0]) == scene.role(param)
        ]
        near = get_close_matches(group.name, [name for name in like if name != group.name], 1, 0.8)
        slip = f"; is '{near[0]}' meant?" if near else "."
        what = f"{layer.key}'s {scene.role(param)}"
        message = f"Nothing else is named '{group.name}', so {what} is shared with nobody{slip}"
        place = places.param_place(layer.source, scene.net.params[param].blob, "name")
        blob = scene.net.params[param].blob
        meant = (said_instead(f"Share '{name}'", layer.key, f"param[{blob}].name", name) for name in near)
        fixes = (*meant, Fix(f"Drop the name '{group.name}'", _unshare(scene, param).operations))
        yield Diagnostic(SINGLE_USE, "warning", message, None, layer.key, group.name, place, fixes)


@danger(HALF_SHARED, "Two layers share one blob and not the other")
def half_shared(scene: Scene) -> Iterator[Diagnostic]:
    """Layers of one type that share some of their blobs with each other, and some not."""
    params, layers = scene.net.params, scene.net.layers
    pairs: dict[tuple[int, int], set[int]] = {}
    for group in _shared(scene):
        owner = params[group.members[0]]
        for member in group.members[1:]:
            sharer = params[member]
            if sharer.blob == owner.blob and sharer.layer != owner.layer:
                pairs.setdefault((owner.layer, sharer.layer), set()).add(sharer.blob)
    for (first, second), blobs in pairs.items():
        owner_layer, layer = layers[first], layers[second]
        both = min(len(owner_layer.blobs), len(layer.blobs))
        if owner_layer.type != layer.type or len(blobs) >= both:
            continue
        apart = [blob for blob in range(both) if blob not in blobs]
        shared = [scene.role(layer.first_param + blob) for blob in sorted(blobs)]
        free = [scene.role(layer.first_param + blob) for blob in apart]
        message = (
            f"{layer.key} shares its {' and '.join(shared)} with {owner_layer.key}, "
            f"but not its {' and '.join(free)}."
        )
        share = tuple(
            {
                "op": "share",
                "members": [{"layer": owner_layer.key, "blob": blob}, {"layer": layer.key, "blob": blob}],
            }
            for blob in apart
        )
        fixes = (
            Fix(f"Share the {' and '.join(free)} too", share),
            _unshare(scene, *[layer.first_param + blob for blob in sorted(blobs)]),
        )
        place = places.param_place(layer.source, min(blobs), "name")
        yield Diagnostic(HALF_SHARED, "warning", message, None, layer.key, None, place, fixes)


@danger(UNRELATED, "One param name on blobs that are not alike")
def unrelated_share(scene: Scene) -> Iterator[Diagnostic]:
    """Members of a group whose layer type or role is not the owner's."""
    for group in _shared(scene):
        owner = group.members[0]
        owner_layer, owner_role = scene.layer_of(owner), scene.role(owner)
        for member in group.members[1:]:
            layer, role = scene.layer_of(member), scene.role(member)
            if (layer.type, role) == (owner_layer.type, owner_role):
                continue
            message = (
                f"'{group.name}' makes one blob of the {role} of {layer.key} ({layer.type}) and the "
                f"{owner_role} of {owner_layer.key} ({owner_layer.type})."
            )
            place = places.param_place(layer.source, scene.net.params[member].blob, "name")
            fixes = (_unshare(scene, member),)
            yield Diagnostic(UNRELATED, "warning", message, None, layer.key, group.name, place, fixes)


@danger(STALE, "A sharer that only TEST has")
def stale_test_sharer(scene: Scene) -> Iterator[Diagnostic]:
    """TEST borrows TRAIN's weights layer by layer (ShareTrainedLayersWith), and a layer that TRAIN lacks
    keeps the blob that it shared before."""
    state = scene.net.state
    groups = _shared(scene)
    if state.phase != "TEST" or not groups:
        return
    train = NetState("TRAIN", state.level, state.stages)
    trained = {
        layer.facts.name for layer in scene.outline.upgraded.layers if is_active(layer, train, scene.stages)
    }
    for group in groups:
        if not any(scene.layer_of(member).name in trained for member in group.members):
            continue
        for member in group.members:
            layer = scene.layer_of(member)
            if layer.name in trained:
                continue
            message = (
                f"{layer.key} shares '{group.name}' in TEST, but is not there in TRAIN: when TEST borrows "
                "TRAIN's weights while training, this layer keeps the old ones."
            )
            place = places.param_place(layer.source, scene.net.params[member].blob, "name")
            yield Diagnostic(STALE, "warning", message, None, layer.key, group.name, place)


@danger(BATCH_NORM, "BatchNorm statistics shared by name")
def shared_batchnorm(scene: Scene) -> Iterator[Diagnostic]:
    """Both branches write into one running mean and variance."""
    found: dict[int, tuple[int, list[int]]] = {}  # sharer layer -> its owner's layer, its shared blobs
    for group in _shared(scene):
        owner = scene.net.params[group.members[0]]
        for member in group.members[1:]:
            layer = scene.net.params[member].layer
            if scene.net.layers[layer].type == "BatchNorm" and layer != owner.layer:
                found.setdefault(layer, (owner.layer, []))[1].append(member)
    for index, (owner_layer, members) in found.items():
        sharer = scene.net.layers[index]
        message = (
            f"{sharer.key} shares its statistics with {scene.net.layers[owner_layer].key}: in training both "
            "overwrite one running mean and variance, and neither branch gets its own."
        )
        place = places.param_place(sharer.source, scene.net.params[members[0]].blob, "name")
        fixes = (Fix(f"Unshare {sharer.key}'s statistics", _unshare(scene, *members).operations),)
        yield Diagnostic(BATCH_NORM, "warning", message, None, sharer.key, None, place, fixes)
