"""Builds the net layer by layer as Net::Init does, and on past everything that Caffe would die of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from netgraft.caffe.catalogue import layer_checks
from netgraft.caffe.catalogue.registry import (
    LayerContext,
    LayerType,
    Refusal,
    Shape,
    Unknown,
    all_types,
    lookup,
)
from netgraft.caffe.catalogue.shapes import UNSHAPED, fail
from netgraft.caffe.checks import connections, setup, sharing
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.facts import UNSTATED, LayerFacts, ParamFacts, Settled
from netgraft.caffe.model import Net, NetLayer, Profile
from netgraft.caffe.params import Clash, ParamTable, learnable
from netgraft.caffe.splits import Split, plan_splits
from netgraft.caffe.state import NetState
from netgraft.caffe.upgrade import SourceLayer
from netgraft.proto import caffe_pb2

Datum = Mapping[str, tuple[int, int, int]]
_AUTOMATIC: Final = "(automatic)"
_FROZEN: Final = ParamFacts(lr=0.0, lr_stated=True)  # what BatchNorm adds to itself
_NOTHING: Final = Settled((), None)


def in_build(known: LayerType | None, profile: Profile) -> bool:
    """Whether a layer type is in Caffe's registry under a profile. The BVLC build that verdicts are about has
    neither OpenCV (ImageData, WindowData) nor Python layers."""
    return known is not None and (profile == "fork" or (known.profile == "bvlc" and not known.needs))


@cache
def known_types() -> str:
    """The types of the BVLC build as Caffe lists them (LayerRegistry::LayerTypeListString)."""
    return ", ".join([known.name for known in all_types() if in_build(known, "bvlc")])


class _Made(NamedTuple):
    """A layer that is set up: all that NetLayer needs but the shapes that its tops end with."""

    top_ids: list[int]
    bottom_shapes: tuple[Shape | None, ...]
    blobs: tuple[Shape | None, ...]
    blobs_known: bool
    known: LayerType | None
    first_param: int
    tops: tuple[str, ...]


class Builder:
    """One run of Net::Init over filtered layers with their keys; `inactive` are those filtered out.

    `errors` gathers what Caffe would die of, in its order, each with the name of the layer in the making;
    `notes` what is worth saying besides.
    """

    def __init__(
        self,
        state: NetState,
        layers: Sequence[tuple[str, SourceLayer]],
        inactive: Sequence[tuple[str, SourceLayer]],
        datum: Datum,
        profile: Profile,
    ) -> None:
        self.state = state
        self.layers = layers
        self.inactive = inactive
        self.profile = profile
        self.errors: list[tuple[Diagnostic, str]] = []
        self.notes: list[Diagnostic] = []
        self._datum = datum
        self._datum_key = frozenset(datum.items())
        self._shapes: list[Shape | None] = []  # by blob id
        self._ids: dict[str, int] = {}  # blob name -> id (blob_name_to_idx)
        self._available: set[str] = set()
        self._params = ParamTable()
        self._built: list[_Made] = []
        self._sound_types: dict[str, LayerType] = {}

    def run(self, name: str) -> Net:
        """Builds it all."""
        plan = plan_splits([layer for _, layer in self.layers])
        unfound: set[int] = set()
        for index, bottom in plan.unfound:
            key, source = self.layers[index]
            unfound.add(index)
            self._error(
                connections.unknown_bottom(self.layers, self.inactive, index, bottom), source.facts.name
            )
        for index, (key, source) in enumerate(self.layers):
            bottoms = plan.bottoms.get(index, source.facts.bottoms)
            self._layer(index, key, source, bottoms, index in unfound, index in plan.cleared)
            for split in plan.splits.get(index, ()):
                self._split(key, source, split)
        return self._net(name)

    def _error(self, diagnostic: Diagnostic, layer_name: str) -> None:
        self.errors.append((diagnostic, layer_name))

    def _layer(
        self,
        index: int,
        key: str,
        source: SourceLayer,
        bottoms: tuple[str, ...],
        unfound: bool,
        cleared: bool,
    ) -> None:
        """One layer: the loop body of Net::Init."""
        facts = source.facts
        if facts.propagate_down and facts.propagate_down != len(bottoms):
            self._error(connections.propagate_down(key, source), facts.name)
        known = self._type(key, source)
        wired_from = len(self.errors)  # what CreateLayer refuses comes before what wiring finds
        shapes = self._shapes
        bottom_ids = [self._take(name) for name in bottoms]
        if not unfound and -1 in bottom_ids:
            self._error(connections.taken_bottom(key, source, bottoms, bottom_ids.index(-1)), facts.name)
        bottom_shapes = tuple([shapes[id_] if id_ >= 0 else None for id_ in bottom_ids])
        top_ids = self._tops(key, source, bottoms)
        tops = facts.tops
        if known is not None and known.auto_tops and len(tops) < layer_checks.needed_tops(known):
            missing = layer_checks.needed_tops(known) - len(tops)
            tops += (_AUTOMATIC,) * missing
            top_ids += [self._new_blob() for _ in range(missing)]
        settled = _NOTHING
        if known is not None:
            settled = self._settle(facts, known, bottom_shapes, len(top_ids), cleared)
            if settled.refusal is not None:
                refused = setup.refused(key, source, known, settled.refusal)
                self.errors.insert(len(self.errors) if settled.created else wired_from, (refused, facts.name))
        made_tops = settled.tops
        for position, id_ in enumerate(top_ids):
            shapes[id_] = made_tops[position] if position < len(made_tops) else None
        if known is not None and (facts.loss_weights or known.loss):
            self._loss_weights(key, source, known, top_ids, cleared)
        blobs = settled.blobs
        blobs_known = blobs is not None
        if blobs is None:  # their number is not known: one for each stated `param`
            blobs = (None,) * len(facts.params)
        first_param = len(self._params)
        if blobs or facts.params:
            self._add_params(index, key, source, known, blobs)
        made = (top_ids, bottom_shapes, blobs, blobs_known, known, first_param, tops)
        self._built.append(tuple.__new__(_Made, made))

    def _type(self, key: str, source: SourceLayer) -> LayerType | None:
        """The layer's type (LayerRegistry::CreateLayer); one that the build lacks is noted and used."""
        name = source.facts.type
        if name in self._sound_types:
            return self._sound_types[name]
        known = lookup(name)
        if known is not None and in_build(known, self.profile):
            self._sound_types[name] = known
        elif self.profile == "bvlc":
            self._error(setup.unknown_type(key, source, known, known_types()), source.facts.name)
        else:
            self.notes.append(setup.fork_type(key, source, known))
        return known

    def _take(self, name: str) -> int:
        """The blob that a bottom reads (AppendBottom), -1 where there is none to be had."""
        try:
            self._available.remove(name)
        except KeyError:
            return -1
        return self._ids[name]

    def _new_blob(self) -> int:
        self._shapes.append(None)
        return len(self._shapes) - 1

    def _tops(self, key: str, source: SourceLayer, bottoms: tuple[str, ...]) -> list[int]:
        """The blobs that a layer makes or, in place, goes on with (AppendTop)."""
        ids = self._ids
        out: list[int] = []
        for position, name in enumerate(source.facts.tops):
            id_ = ids.get(name)
            if id_ is None or position >= len(bottoms) or bottoms[position] != name:
                if id_ is not None:
                    diagnostic = connections.produced_twice(self.layers, key, source, position, bottoms)
                    self._error(diagnostic, source.facts.name)
                id_ = ids[name] = self._new_blob()
            out.append(id_)
            self._available.add(name)
        return out

    def _split(self, key: str, source: SourceLayer, split: Split) -> None:
        """A Split layer: every top has the blob's shape."""
        id_ = self._take(split.blob)
        shape = self._shapes[id_] if id_ >= 0 else None
        known = lookup("Split")
        if shape is UNSHAPED and known is not None:
            refusal = fail("count_ == top[i]->count()", values=(0, 1))
            self._error(setup.refused(key, source, known, refusal), split.name)
        elif split.loss:
            try:
                layer_checks.set_loss_weights((1.0,), [shape])
            except Refusal as refusal:
                self._error(setup.loss_weights(key, source, refusal), split.name)
        for name in split.tops:
            if name in self._ids:
                self._error(connections.split_clash(key, source, name), split.name)
            self._ids[name] = len(self._shapes)
            self._shapes.append(shape if shape is None else layer_checks.reshaped_like(shape))
            self._available.add(name)

    def _settle(
        self,
        facts: LayerFacts,
        known: LayerType,
        bottoms: tuple[Shape | None, ...],
        tops: int,
        cleared: bool,
    ) -> Settled:
        """What CheckBlobCounts, LayerSetUp and Reshape come to; found once for the same bottoms."""
        phase = facts.phase or self.state.phase
        memo: object = (bottoms, tops, phase, cleared, self._datum_key if known.family == "data" else None)
        settled = facts.settled.get(memo)
        if settled is not None:
            return settled
        message = facts.message
        if cleared:  # the layer that Caffe sets up states no loss weights any more
            message = caffe_pb2.LayerParameter()
            message.CopyFrom(facts.message)
            message.ClearField("loss_weight")
        context = LayerContext(message, bottoms, tops, phase, self._datum.get, facts.extra)
        created = False
        try:
            given = layer_checks.create(known, message)
            created = True
            layer_checks.check_blob_counts(known, len(bottoms), tops)
            outcome = known.setup(context)
            blobs = None if outcome.blobs is None else tuple(outcome.blobs or given)
            settled = Settled(tuple(outcome.tops), blobs)
        except Refusal as refusal:
            if facts.extra and known.profile == "bvlc":
                settled = _NOTHING  # a fork's layer of this name may take what BVLC's refuses
            else:
                settled = Settled((), (None,) * len(known.roles(facts.message)), refusal, created)
        except Unknown:
            settled = Settled((), (None,) * len(known.roles(facts.message)))
        if len(facts.settled) >= 16:
            facts.settled.clear()
        facts.settled[memo] = settled
        return settled

    def _loss_weights(
        self, key: str, source: SourceLayer, known: LayerType, top_ids: list[int], cleared: bool
    ) -> None:
        """Layer::SetLossWeights; where a Split has taken the weights over, the type's own default counts."""
        weights = () if cleared else source.facts.loss_weights
        if not weights and known.loss:
            weights = (1.0,)
        if weights:
            try:
                layer_checks.set_loss_weights(weights, [self._shapes[id_] for id_ in top_ids])
            except Refusal as refusal:
                self._error(setup.loss_weights(key, source, refusal), source.facts.name)

    def _add_params(
        self,
        index: int,
        key: str,
        source: SourceLayer,
        known: LayerType | None,
        blobs: tuple[Shape | None, ...],
    ) -> None:
        """Net::AppendParam for each blob."""
        specs = source.facts.params
        if len(specs) > len(blobs):
            self._error(sharing.too_many_params(key, source, len(blobs)), source.facts.name)
        default = _FROZEN if known is not None and known.name == "BatchNorm" else UNSTATED
        clashes: list[Clash] = []
        stated = len(specs)
        for blob, shape in enumerate(blobs):
            found = self._params.append(index, blob, shape, specs[blob] if blob < stated else default)
            if found:
                clashes += found
        if clashes:
            for diagnostic in sharing.clashes(self.layers, self._params, index, known, clashes):
                self._error(diagnostic, source.facts.name)

    def _net(self, name: str) -> Net:
        shapes, new = self._shapes, tuple.__new__
        built: list[NetLayer] = []
        for (key, source), made in zip(self.layers, self._built, strict=True):
            chunk, _, facts = source
            top_ids, bottom_shapes, blobs, blobs_known, known, first_param, tops = made
            row = (
                key,
                chunk,
                facts.name,
                facts.type,
                facts.message,
                facts.bottoms,
                tops,
                bottom_shapes,
                tuple([shapes[id_] for id_ in top_ids]),
                blobs,
                blobs_known,
                known,
                first_param,
                source,
            )
            built.append(new(NetLayer, row))
        layers = tuple(built)
        outputs = tuple(sorted(self._available, key=lambda blob: blob.encode("utf-8", "surrogateescape")))
        params = self._params.params()
        groups = self._params.groups()
        return Net(name, self.state, layers, params, learnable(params), groups, outputs)
