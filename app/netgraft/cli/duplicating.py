"""`netgraft duplicate`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from netgraft import edit, prototxt, weights
from netgraft.api.grafting import duplicate_operation
from netgraft.caffe.checks.twins import TWINS
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.state import NetState
from netgraft.cli.nets import Datum, read_datum, read_net
from netgraft.cli.terminal import BAD_INPUT, OK, REFUSED, fail, finding, say
from netgraft.edit.pairing import plan_weights
from netgraft.edit.starts import starts
from netgraft.weights import Plan, WeightsError
from netgraft.weights.write import replacing, write_all

_ENDING = ".prototxt"
_WEIGHTS_ENDING = ".caffemodel"
_HDF5_ENDING = ".caffemodel.h5"
_REMEDIES = (
    "Share less (--share none, or fewer layers), or give what is shared one rate "
    "(--shared-lr keep, --shared-lr X)."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command; the repeated ones are one a copy, in order."""

    layers: str
    copies: int | None
    suffixes: Sequence[str]
    keep_first: bool
    share: str
    lr_mults: Sequence[float]
    scales: Sequence[float]
    inputs: str
    join: str
    datum: Sequence[str]
    freeze: Sequence[int] = ()
    label: str | None = None
    shared_lr: str | None = None
    hdf5: bool = False
    skip_sharers: bool = False
    strict: bool = False

    @property
    def count(self) -> int:
        """How many copies: what is said, else as many as the longest row of options, else two."""
        return self.copies or max(2, len(self.suffixes), len(self.lr_mults), len(self.scales), *self.freeze)


def run(net: str, weights_file: Path | None, asked: Asked, out: Path | None) -> int:
    """Writes the pair and prints the report; returns the exit code."""
    document = edit.Document(read_net(net))
    datum = read_datum(asked.datum)
    prototxt_out, weights_out = _outputs(net, weights_file, out, asked)
    try:
        upgraded = edit.apply(document, {"op": "upgrade"}) if _is_old(document) else None
        base = upgraded.document if upgraded else document
        edited = edit.apply(base, _operation(base, asked), datum=datum)
    except edit.EditError as error:
        _refuse(net, document, error)
        return BAD_INPUT
    report = edited.report
    for line in upgraded.report.lines() if upgraded else ():
        say(line)
    for line in report.lines():
        say(line)
    refusals = [note for note in report.notes if note.severity == "error"]
    if refusals:
        for note in refusals:
            finding(net, None, None, "error", note.caffe_message or note.message, out=sys.stderr)
        say("Nothing was written. " + _REMEDIES, sys.stderr)
        return REFUSED
    if asked.strict and _is_refused(net, edited.document, document, datum):
        return REFUSED
    try:
        if weights_file is None:
            _write(prototxt_out, edited.document, None, weights_out)
            origins = starts(edited.document)
        else:
            with weights.index(weights_file) as index:
                plan = plan_weights(edited.document, index, skip_sharers=asked.skip_sharers, datum=datum)
                _print_weights(plan)
                if not any(layer.action in ("copied", "shared") for layer in plan.layers):
                    stored = ", ".join(dict.fromkeys(layer.name for layer in index.layers if layer.blobs))
                    fail(
                        str(weights_file), f"No layer of the net starts from a layer that is stored: {stored}"
                    )
                _write(prototxt_out, edited.document, plan, weights_out)
                origins = starts(edited.document, index)
    except WeightsError as error:
        options = " (--hdf5, --skip-sharers)" if error.kind == "too-large" else ""
        fail(str(weights_file), f"{error}{options}", code=REFUSED if error.kind == "clash" else BAD_INPUT)
    except OSError as error:
        fail(str(error.filename or prototxt_out), error.strerror or str(error))
    _print_verdict(prototxt_out, edited.document, datum, origins)
    return OK


def _is_refused(net: str, document: edit.Document, before: edit.Document, datum: Datum) -> bool:
    """Whether Caffe would refuse the result in either phase; says why, and whether it did so before."""
    profile = suggested_profile(document.tree)
    errors: dict[str, None] = {}
    for phase in ("TRAIN", "TEST"):
        first = check(document.tree, NetState(phase), datum=datum, profile=profile).first_error
        if first is not None:
            errors[(first.caffe_message or first.message).strip()] = None
    for text in errors:
        finding(net, None, None, "error", text, out=sys.stderr)
    if errors:
        anyway = any(
            not check(before.tree, NetState(phase), datum=datum, profile=profile).ok
            for phase in ("TRAIN", "TEST")
        )
        also = " It refuses the net as it is, too." if anyway else ""
        say(f"Nothing was written: Caffe would refuse the result.{also}", sys.stderr)
    return bool(errors)


def _outputs(net: str, weights_file: Path | None, out: Path | None, asked: Asked) -> tuple[Path, Path]:
    """The two files to be written, which are neither of the two that are read."""
    source = Path(net)
    base = out or source.with_name(source.name.removesuffix(_ENDING) + "_grafted")
    stem = base.name.removesuffix(_HDF5_ENDING).removesuffix(_WEIGHTS_ENDING).removesuffix(_ENDING)
    targets = (
        base.with_name(stem + _ENDING),
        base.with_name(stem + (_HDF5_ENDING if asked.hdf5 else _WEIGHTS_ENDING)),
    )
    for target in targets:
        for given in (source, weights_file):
            if given is not None and target.exists() and given.exists() and target.samefile(given):
                fail(str(target), "This would overwrite an input; name another output with -o.")
    return targets


def _is_old(document: edit.Document) -> bool:
    return bool(check(document.tree, NetState()).upgrades)


def _operation(document: edit.Document, asked: Asked) -> dict[str, Any]:
    """The duplicate operation that the options mean."""
    for option, values in (("--lr-mult", asked.lr_mults), ("--scale-lr", asked.scales)):
        if len(values) > asked.count:
            fail(option, f"There are {len(values)} rates for {asked.count} copies.")
    if asked.label and asked.join != "contrastive":
        fail("--label", "Only --join contrastive reads a label.")
    return duplicate_operation(
        edit.view(document.tree),
        asked.layers,
        copies=asked.count,
        suffixes=asked.suffixes,
        keep_first=asked.keep_first,
        share=asked.share,
        lr_mult=asked.lr_mults,
        scale_lr=asked.scales,
        shared_lr=_shared_rate(asked.shared_lr),
        freeze=asked.freeze,
        inputs=asked.inputs,
        join={"kind": asked.join, "label": asked.label} if asked.label else asked.join,
    )


def _shared_rate(shared_lr: str | None) -> float | Literal["keep"] | None:
    """What --shared-lr says; None where it was not given."""
    if shared_lr is None or shared_lr == "keep":
        return "keep" if shared_lr else None
    try:
        return float(shared_lr)
    except ValueError:
        fail("--shared-lr", f"{shared_lr!r} is neither 'keep' nor a number.")


def _refuse(net: str, document: edit.Document, error: edit.EditError) -> None:
    line = column = None
    if error.place is not None:
        line, column = document.tree.position(error.place.chunk, error.place.start)
    finding(net, line, column, "error", error.message, out=sys.stderr)


def _write(target: Path, document: edit.Document, plan: Plan | None, weights_out: Path) -> None:
    """Writes the pair; neither file is ever half there, and the prototxt appears last."""
    with replacing(target) as (_, descriptor):
        write_all(descriptor, prototxt.emit(document.tree))
        if plan is not None:
            if weights_out.name.endswith(_HDF5_ENDING):
                weights.write_hdf5(plan, weights_out)
            else:
                weights.write(plan, weights_out)
    say(f"wrote {target}")
    if plan is not None:
        say(f"wrote {weights_out} ({weights_out.stat().st_size:,} bytes)")


def _print_weights(plan: Plan) -> None:
    for line in plan.report.lines():
        say(f"weights: {line}")


def _print_verdict(
    target: Path, document: edit.Document, datum: Datum, origins: Mapping[str, str | None]
) -> None:
    profile = suggested_profile(document.tree)
    seen: set[str] = set()
    for phase in ("TRAIN", "TEST"):
        verdict = check(document.tree, NetState(phase), datum=datum, profile=profile, origins=origins)
        for found in verdict.diagnostics:
            if found.code == TWINS and found.message not in seen:
                seen.add(found.message)
                place = found.place
                line, column = document.tree.position(place.chunk, place.start) if place else (None, None)
                finding(str(target), line, column, "warning", found.message, out=sys.stderr)
        first = verdict.first_error
        if first is None:
            say(f"{phase}: Caffe would build it ({len(verdict.net.layers)} layers)")
            continue
        say(f"{phase}: Caffe would refuse it")
        text = (first.caffe_message or first.message).strip()
        if text not in seen:
            seen.add(text)
            place = first.place
            line, column = document.tree.position(place.chunk, place.start) if place else (None, None)
            finding(str(target), line, column, "warning", text, out=sys.stderr)
