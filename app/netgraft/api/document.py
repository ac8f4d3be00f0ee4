"""A net with its weights, as a value: every change makes another document and leaves the old one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from netgraft import edit, prototxt, weights
from netgraft.api import display
from netgraft.api.grafting import Names, Rates, duplicate_operation, layers_of
from netgraft.api.saving import Saved, require_new, targets, write_pair
from netgraft.api.training import Training, training
from netgraft.api.verdict import Finding, Verdict, finding_of, judge, state_of
from netgraft.caffe.layers import document_layers
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.solver import is_solver
from netgraft.caffe.state import NetState, Phase
from netgraft.edit.pairing import plan_weights, prove_weights
from netgraft.edit.starts import starts
from netgraft.weights import Index, Proof

Datum = Mapping[str, tuple[int, int, int]]
Profile = Literal["bvlc", "fork"]
Path_ = str | os.PathLike[str]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False, repr=False)
class Document:
    """One prototxt, where each of its layers' weights come from, and the caffemodels to take them from.

    Made by `netgraft.open` and `netgraft.parse`. `sources` are the caffemodels by name, "" the main one.
    `report` is the account of the change that made this document (None for one just opened).
    """

    edited: edit.Document
    sources: Mapping[str, Index] = field(default_factory=lambda: _NOTHING)
    datum: Datum = field(default_factory=lambda: _NOTHING)
    path: Path | None = None
    report: edit.Report | None = None

    @property
    def text(self) -> str:
        """The prototxt; bytes that are not UTF-8 are kept as surrogates (`errors="surrogateescape"`)."""
        return self.edited.text

    @property
    def layers(self) -> tuple[str, ...]:
        """The keys of all layers in file order, whatever their phase: names, later namesakes as `name~2`."""
        return tuple(layer.key for layer in document_layers(self.edited.tree))

    @property
    def profile(self) -> Profile:
        """`bvlc`, or `fork` where the file uses what BVLC Caffe 1.0 lacks."""
        return suggested_profile(self.edited.tree)

    def __repr__(self) -> str:
        name = self.path.name if self.path else "text"
        held = f", {len(self.sources)} caffemodels" if len(self.sources) > 1 else ""
        with_weights = ", with weights" if "" in self.sources and not held else held
        return f"<netgraft.Document {name}: {len(self.layers)} layers{with_weights}>"

    def _repr_html_(self) -> str:
        verdict = self.check(profile=self.profile)
        name = self.path.name if self.path else "A net"
        said = f"{len(self.layers)} layers", "with weights" if "" in self.sources else ""
        told = display.head(name, *said, f"{verdict.phase}: {verdict.said}")
        if not verdict:
            told += display.findings([verdict.findings[0].row])
        return told + display.layers(verdict.net)

    def check(
        self,
        phase: Phase = "TRAIN",
        *,
        level: int = 0,
        stages: Sequence[str] = (),
        profile: Profile = "bvlc",
    ) -> Verdict:
        """What Caffe would say of the net in one state (Net::Init), and what it would not say.

        `profile="fork"` takes whatever BVLC Caffe 1.0 lacks for a fork's, and says it as information.
        """
        state = state_of(phase, level, stages)
        return judge(self.edited.tree, state, datum=self.datum, profile=profile, origins=self._origins())

    def training(self, solver: Path_) -> Training:
        """What a solver.prototxt makes of the net: each blob's rate, and what does not fit.

        A net or a state that the solver names is held against this one. Raises ValueError where the file is
        no solver, OSError where it cannot be read.
        """
        given = Path(solver)
        tree = prototxt.parse(given.read_bytes())
        if not is_solver(tree):
            raise ValueError(f"{given} is no solver: it has none of a solver's fields (base_lr and the like)")
        return training(
            tree,
            self.edited.tree,
            net_file=str(self.path) if self.path else None,
            datum=self.datum,
            profile=self.profile,
            origins=self._origins(),
        )

    def match(self, phase: Phase = "TEST") -> tuple[Finding, ...]:
        """What loading the main caffemodel *as it is* into this net would say (Net::CopyTrainedLayersFrom).

        Its errors are what Caffe dies of. Empty without weights. The pair that `save` writes does not depend
        on it: there each layer gets its origin's blobs.
        """
        main = self.sources.get("")
        if main is None:
            return ()
        net = check(self.edited.tree, state_of(phase, 0, ()), datum=self.datum, profile=self.profile).net
        found = weights.match(main, net, fork=self.profile == "fork")
        return tuple(finding_of(self.edited.tree, each) for each in found.diagnostics)

    def find(self, pattern: str) -> list[str]:
        """The keys of the layers that a pattern means: `conv1..fc7` (file order), `conv1,conv2`, `conv*`.

        Raises EditError where it finds none.
        """
        return edit.find_layers(edit.view(self._current().edited.tree), pattern)

    def apply(self, *operations: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> Document:
        """The document after some operations (docs/operations.md), in order, all or none; an argument is one
        or several, as a fix is.

        Raises EditError for one that cannot be carried out.
        """
        edited, report = self.edited, self.report
        every = ([each] if isinstance(each, Mapping | str) else each for each in operations)
        for operation in chain.from_iterable(every):
            done = edit.apply(edited, operation, datum=self.datum, sources=self.sources or None)
            edited, report = done.document, done.report
        return replace(self, edited=edited, report=report)

    def duplicate(
        self,
        layers: Names,
        *,
        copies: int | None = None,
        suffixes: Sequence[str] | None = None,
        keep_first: bool = False,
        share: Names = "none",
        lr_mult: Rates = (),
        scale_lr: Rates = (),
        shared_lr: float | Literal["keep"] | None = None,
        freeze: Sequence[int] = (),
        inputs: Literal["same", "separate", "slice"] = "same",
        join: Literal["none", "concat", "eltwise"] | Mapping[str, Any] = "none",
    ) -> Document:
        """The net with copies of some layers grafted in; an old-format net is upgraded first.

        `layers`: a pattern as for `find`, or keys. `copies`: how many there are in the end, the original
        included (2, or as many as the longest row below). `suffixes`: one a copy, put after every name.
        `share`: whose parameters the copies have in common: none, all, or these layers'. `lr_mult` sets and
        `scale_lr` multiplies rates, one a copy in order (None changes nothing). `shared_lr`: what is shared
        keeps its rates ("keep") or gets this lr_mult, in place of the copies' rates. `freeze`: the copies,
        counted from 1, that do not learn. `inputs`: the copies read the same blobs from outside, inputs of
        their own, or slices of a paired one. `join`: how their outputs become one; a mapping is
        the operation's `join`.

        Raises EditError where it cannot be done. Copies that Caffe would refuse (two rates on one shared
        blob) are made, and `check` says so.
        """
        base = self._current()
        operation = duplicate_operation(
            edit.view(base.edited.tree),
            layers,
            copies=copies,
            suffixes=suffixes,
            keep_first=keep_first,
            share=share,
            lr_mult=lr_mult,
            scale_lr=scale_lr,
            shared_lr=shared_lr,
            freeze=freeze,
            inputs=inputs,
            join=join,
        )
        return base.apply(operation)

    def freeze(self, layers: Names) -> Document:
        """The net in which these layers do not learn: lr_mult 0 and decay_mult 0 for each of their blobs.

        `layers`: a pattern as for `find`, or keys; those without parameters are left as they are.
        Raises EditError where the pattern finds none.
        """
        base = self._current()
        keys = layers_of(edit.view(base.edited.tree), layers)
        learning = [key for key in keys if _has_parameters(base.edited, key)]
        return base.apply(
            *({"op": "set_rate", "layer": key, "lr_mult": 0, "decay_mult": 0} for key in learning)
        )

    def with_weights(self, path: Path_, name: str = "") -> Document:
        """The document with a caffemodel (.caffemodel, .caffemodel.h5, of any age) beside it.

        `name` "" is the main one, from which layers start that say nothing else; others serve the operation
        `take_weights`. The file must stay where it is until the document is saved.
        Raises WeightsError for a damaged file, OSError where it cannot be opened.
        """
        return replace(self, sources=MappingProxyType({**self.sources, name: weights.index(path)}))

    def diff(self, before: Document) -> str:
        """What distinguishes this text from an earlier one, as a unified diff; "" where nothing does."""
        name = self.path.name if self.path else "net.prototxt"
        old, new = before.text.splitlines(), self.text.splitlines()
        return "\n".join(unified_diff(old, new, f"{name} before", f"{name} after", lineterm=""))

    def save(
        self, path: Path_, *, hdf5: bool = False, skip_sharers: bool = False, overwrite: bool = False
    ) -> Saved:
        """Writes the pair, `path` being its name with or without an ending; both files or none.

        Without weights only the prototxt is written. `hdf5` writes .caffemodel.h5; `skip_sharers` leaves out
        layers that only share (a smaller file, which Caffe accepts). `overwrite` allows to write over the
        files that were read. Raises FileExistsError without it, WeightsError for weights that do not fit
        (in Caffe's words), OSError.
        """
        net_file, weights_file = targets(path, hdf5=hdf5)
        if not overwrite:
            read = [index.source.path for index in self.sources.values()]
            require_new([net_file, weights_file], [each for each in (self.path, *read) if each])
        plan = None
        if self.sources:
            plan = plan_weights(self.edited, self.sources, skip_sharers=skip_sharers, datum=self.datum)
        return write_pair(self.edited.tree, plan, net_file, weights_file)

    def prove(self, path: Path_) -> Proof:
        """Reads a written caffemodel anew: whether each blob equals its source bit for bit (`proof.ok`).

        Raises WeightsError, OSError where the file cannot be read.
        """
        with weights.index(path) as written:
            return prove_weights(self.edited, written, self.sources, datum=self.datum)

    def _origins(self) -> Mapping[str, str | None]:
        main = self.sources.get("")
        return starts(self.edited, main) if main is not None or self.edited.origins else {}

    def _current(self) -> Document:
        """This document, upgraded if it is of an old format."""
        if check(self.edited.tree, NetState()).upgrades:
            return self.apply({"op": "upgrade"})
        return self


def open(path: Path_, *, weights: Path_ | None = None, datum: Datum = _NOTHING) -> Document:
    """Reads a prototxt (current or old format), with its caffemodel if one is named.

    `datum` says what data layers' sources hold: (channels, height, width) by source; without it such shapes
    stay unknown. A text with errors opens, and `check` says what they are; a file without a layer is no net.
    Raises ValueError for that, for a binary file and a solver, OSError where a file cannot be read,
    WeightsError for a damaged caffemodel.
    """
    given = Path(path)
    data = given.read_bytes()
    if b"\0" in data:
        binary = f"{path} is a binary file, not a prototxt"
        raise ValueError(f"{binary}; a caffemodel is given as weights=" if _names_weights(given) else binary)
    document = parse(data, datum=datum, name=str(path))
    document = replace(document, path=given)
    return document if weights is None else document.with_weights(weights)


def parse(text: str | bytes, *, datum: Datum = _NOTHING, name: str = "The text") -> Document:
    """A document of a prototxt's text. Raises ValueError where it holds no layer."""
    tree = prototxt.parse(text)
    if not document_layers(tree):
        if is_solver(tree):
            raise ValueError(f"{name} is a solver, not a net: see Document.training")
        raise ValueError(f"{name} holds no layer, so it is not a net")
    return Document(edit.Document(tree), datum=MappingProxyType(dict(datum)))


def _names_weights(path: Path) -> bool:
    return path.name.lower().endswith((".caffemodel", ".h5"))


def _has_parameters(document: edit.Document, key: str) -> bool:
    from netgraft.edit.meaning import blob_roles

    view = edit.view(document.tree)
    return bool(blob_roles(view, view.layer(key)))
