"""From a document and a NetState to Caffe's verdict."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from netgraft import prototxt
from netgraft.caffe.build import Builder, in_build
from netgraft.caffe.catalogue.registry import lookup
from netgraft.caffe.checks import parsing
from netgraft.caffe.checks.dangers import Scene, find_dangers
from netgraft.caffe.checks.setup import meant_type
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.layers import Outline, is_active, outline
from netgraft.caffe.model import Net, NetLayer, Profile, Verdict
from netgraft.caffe.params import Learnable, NetParam, ShareGroup
from netgraft.caffe.state import TEST, NetState
from netgraft.caffe.upgrade import SourceLayer

__all__ = [
    "Learnable",
    "Net",
    "NetLayer",
    "NetParam",
    "Profile",
    "ShareGroup",
    "Verdict",
    "check",
    "suggested_profile",
]


def check(
    document: prototxt.Document,
    state: NetState = TEST,
    *,
    datum: Mapping[str, tuple[int, int, int]] = {},
    profile: Profile = "bvlc",
    origins: Mapping[str, str | None] = {},
) -> Verdict:
    """What Caffe would say of a net for one state: every error, the first being what it dies of, and dangers.

    `datum` answers what a data layer's source holds, (channels, height, width) by source; a shape that nobody
    knows silences only the checks that need it. `origins` says, by layer name, from which layer's stored
    weights a layer starts (None: from its filler), for the checks that ask.
    Mirrors ReadNetParamsFromTextFileOrDie and Net::Init.
    """
    with collection_paused():
        return _check(document, state, datum, profile, origins)


@contextmanager
def collection_paused() -> Iterator[None]:
    """A verdict on a large net is many small tuples and no cycles: looking for garbage among them while they
    are made would take longer than making them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _check(
    document: prototxt.Document,
    state: NetState,
    datum: Mapping[str, tuple[int, int, int]],
    profile: Profile,
    origins: Mapping[str, str | None],
) -> Verdict:
    found = outline(document)
    fork = profile == "fork"
    errors: list[tuple[Diagnostic, str | None]] = []
    notes: list[Diagnostic] = []
    keys_at: dict[int, str] = {}
    if found.reading.problems or found.upgraded.problems:
        keys_at = {layer.chunk: key for key, layer in zip(found.keys, found.upgraded.layers, strict=True)}
    unread: list[Diagnostic] = []
    for chunk, problem in found.reading.problems:
        diagnostic = parsing.parse_problem(document, chunk, problem, keys_at.get(chunk), fork)
        (unread if diagnostic.severity == "error" else notes).append(diagnostic)
    if unread and not fork:
        unread = parsing.as_protobuf_begins(document, found.reading.problems[0][0], unread)
    errors += [(diagnostic, None) for diagnostic in unread]
    errors += [(diagnostic, None) for diagnostic in _missing_fields(found)]
    for failure in found.upgraded.problems:
        if fork and failure.code == parsing.V0_TYPE:
            continue  # the layer says itself that its type is a fork's
        errors.append((parsing.upgrade_problem(failure, keys_at.get(failure.chunk)), None))
    stages = state.stages | found.upgraded.stages
    active: list[tuple[str, SourceLayer]] = []
    inactive: list[tuple[str, SourceLayer]] = []
    for key, layer in zip(found.keys, found.upgraded.layers, strict=True):
        facts = layer.facts
        if facts.include or facts.exclude:
            if facts.include and facts.exclude:
                errors.append((parsing.both_rules(key, layer), facts.name))
            if not is_active(layer, state, stages):
                inactive.append((key, layer))
                continue
        active.append((key, layer))
    builder = Builder(state, active, inactive, datum, profile)
    net = builder.run(found.upgraded.name)
    errors += builder.errors
    warnings = find_dangers(Scene(net, found, stages, origins))
    diagnostics = [diagnostic for diagnostic, _ in errors] + warnings + builder.notes + notes
    culprit = errors[0][1] if errors else None
    return Verdict(not errors, net, tuple(diagnostics), found.upgraded.upgrades, culprit)


def _missing_fields(found: Outline) -> list[Diagnostic]:
    out: list[Diagnostic] = []
    for name, places in (("layers", found.reading.old_layers), ("layer", found.reading.layers)):
        for index, place in enumerate(places):
            if place.piece.missing:
                key, layer = next(
                    (key, layer)
                    for key, layer in zip(found.keys, found.upgraded.layers, strict=True)
                    if layer.field is place.piece.field
                )
                path = f"{name}[{index}]"
                out.append(parsing.missing_fields(layer, key, path, place.piece.missing))
    return out


def suggested_profile(document: prototxt.Document) -> Profile:
    """`fork` where the file uses a field, an enum value or a layer type that the BVLC build lacks.

    A slip of the pen makes no fork: it is an error, as Caffe would say, and not something to be let pass.
    """
    found = outline(document)
    for chunk, problem in found.reading.problems:
        name = document.chunks[chunk].text[problem.start : problem.end]
        if problem.unknown and not parsing.meant_field(name, problem):
            return "fork"
    types = {layer.facts.type for layer in found.upgraded.layers}
    ours = all(in_build(known := lookup(name), "bvlc") or (not known and meant_type(name)) for name in types)
    return "bvlc" if ours else "fork"
