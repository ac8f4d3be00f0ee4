"""`netgraft verify`: a written pair read anew and held against the originals."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from netgraft import weights
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.state import NetState
from netgraft.cli.nets import Datum, read_datum, read_net
from netgraft.cli.terminal import BAD_INPUT, OK, REFUSED, fail, finding, say, table
from netgraft.weights import Index, Proof, WeightsError
from netgraft.weights.running import CannotRunError, Side, compare_branches

_NETS = (".prototxt", ".pbtxt", ".txt")
_WORDS = {"equal": "equal", "shared": "left out: its owner has it", "filler": "left to its filler"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A net's file and its weights' file; either may be missing among originals."""

    net: str | None
    model: Path | None


def run(files: Sequence[str], against: Sequence[str], datum_options: Sequence[str], *, opencv: bool) -> int:
    """Prints a table a pair, what the comparison of outputs says, and returns the exit code."""
    datum = read_datum(datum_options)
    originals = pairs(against)
    code = OK
    with ExitStack() as stack:
        sources: dict[str, Index] = {}
        for original in originals:
            if original.model is not None:
                name = str(original.model) if sources else ""
                sources[name] = stack.enter_context(_open(original.model))
        if not sources:
            fail("--against", "Name the caffemodel that the pair was made from.", code=BAD_INPUT)
        eps = _eps(originals)
        for pair in pairs(files):
            if pair.net is None or pair.model is None:
                fail(str(pair.net or pair.model), "A pair is a prototxt and its caffemodel: one is missing.")
            with _open(pair.model) as written:
                ok = _verify(pair, written, sources, datum, eps)
                if opencv:
                    ok &= _run_branches(pair, written, originals, sources, datum)
            code = max(code, OK if ok else REFUSED)
    sys.stdout.flush()
    return code


def pairs(files: Sequence[str]) -> list[Pair]:
    """Files as pairs: a net goes with the weights after it, else with those beside it of its name."""
    found: list[Pair] = []
    for file in files:
        path = Path(file)
        if path.suffix.lower() in _NETS:
            found.append(Pair(file, None))
        elif found and found[-1].model is None:
            found[-1] = Pair(found[-1].net, path)
        else:
            found.append(Pair(None, path))
    return [
        Pair(pair.net or _net_beside(pair.model), pair.model or _model_beside(pair.net)) for pair in found
    ]


def _model_beside(net: str | None) -> Path | None:
    stem = Path(net).with_suffix("") if net else None
    made = (
        [stem.with_name(stem.name + ending) for ending in (".caffemodel", ".caffemodel.h5")] if stem else []
    )
    return next((path for path in made if path.exists()), None)


def _net_beside(model: Path | None) -> str | None:
    if model is None:
        return None
    path = model.with_name(model.name.removesuffix(".h5").removesuffix(".caffemodel") + ".prototxt")
    return str(path) if path.exists() else None


def _open(file: Path) -> Index:
    try:
        return weights.index(file)
    except WeightsError as error:
        fail(str(file), str(error))
    except OSError as error:
        fail(str(file), error.strerror or str(error))


def _eps(originals: Sequence[Pair]) -> dict[str, float]:
    """By which eps each BatchNorm of the originals' nets divides: their weights need not say."""
    found: dict[str, float] = {}
    for original in originals:
        if original.net is not None:
            for layer in check(read_net(original.net), NetState("TEST"), profile="fork").net.layers:
                if layer.type == "BatchNorm":
                    found.setdefault(layer.name, layer.message.batch_norm_param.eps)
    return found


def _verify(
    pair: Pair, written: Index, sources: dict[str, Index], datum: Datum, eps: Mapping[str, float]
) -> bool:
    assert pair.net is not None
    tree = read_net(pair.net)
    profile = suggested_profile(tree)
    phases = (NetState("TRAIN"), NetState("TEST"))
    targets = weights.targets(*(check(tree, state, datum=datum, profile=profile).net for state in phases))
    try:
        proof = weights.verify(written, targets, sources, eps=eps)
    except WeightsError as error:
        fail(str(pair.model), str(error))
    _print(pair, proof)
    return proof.ok


def _print(pair: Pair, proof: Proof) -> None:
    rows = [
        (row.layer, str(row.blob), row.source or "-", _WORDS.get(row.finding, row.finding))
        for row in proof.rows
    ]
    table(("layer", "blob", "source", "finding"), rows, right=frozenset({1}))
    for row in proof.failures:
        finding(str(pair.model), None, None, "error", f"{row.layer}/{row.blob}: {row.message or row.finding}")
    for name in proof.ignored:
        finding(
            str(pair.model), None, None, "warning", f"No layer of the net takes the stored layer {name!r}"
        )
    equal = sum(row.finding == "equal" for row in proof.rows)
    if proof.ok:
        say(f"{pair.model}: every copied blob equals its source, bit for bit: {equal} of {equal}")
        fillers = sum(row.finding == "filler" for row in proof.rows)
        left = f", but for {fillers} blobs left to their fillers" if fillers else ""
        say(f"{pair.model}: every layer of {pair.net} has its blobs in the right shapes{left}")
    else:
        say(f"{pair.model}: {len(proof.failures)} of {len(proof.rows)} blobs are not as they should be")


def _run_branches(
    pair: Pair, written: Index, originals: Sequence[Pair], sources: dict[str, Index], datum: Datum
) -> bool:
    """Whether every branch that can be run answers as the original it was made from."""
    ok = True
    assert pair.model is not None
    for original, index in zip([each for each in originals if each.model], sources.values(), strict=True):
        if original.net is None or original.model is None:
            say(f"outputs not compared with {original.model}: its prototxt was not named")
            continue
        try:
            graft = _side(pair.net, written, pair.model, datum)
            for row in compare_branches(graft, _side(original.net, index, original.model, datum)):
                word = "answers as" if row.equal else "does NOT answer as" if row.copy else "is no copy of"
                more = f"largest difference {row.difference:.3g} of values up to {row.scale:.3g}"
                say(f"OpenCV: {row.layer} {word} {row.original} of {original.net} ({more})")
                ok &= row.equal or not row.copy
        except CannotRunError as why:
            say(f"outputs not compared with {original.net}: {why}")
    return ok


def _side(net: str | None, index: Index, file: Path, datum: Datum) -> Side:
    assert net is not None
    tree = read_net(net)
    return Side(check(tree, NetState("TEST"), datum=datum, profile=suggested_profile(tree)).net, index, file)
