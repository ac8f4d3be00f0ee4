"""BatchNorm and Scale merged into the layer before them: fewer layers, the same answer when deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from netgraft import prototxt, weights
from netgraft.caffe.net import check
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError
from netgraft.edit.layers import delete_layers
from netgraft.edit.meaning import BATCH_NORM, message, states
from netgraft.edit.operations import DeleteLayers
from netgraft.edit.origins import tidy
from netgraft.edit.removal import remove_fields
from netgraft.edit.report import Note, Report
from netgraft.edit.shapes import Datum
from netgraft.edit.taking import Sources, find_stored
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, view
from netgraft.edit.weight_operations import MergeBatchNorm
from netgraft.prototxt import Splice
from netgraft.weights import Target, WeightsError
from netgraft.weights.computed import Find, merged
from netgraft.weights.origin import Norm, Origin
from netgraft.weights.resolve import find_clash

_FIELDS = {"Convolution": "convolution_param", "InnerProduct": "inner_product_param"}


class _CannotMergeError(Exception):
    """Why one BatchNorm stays, for people."""


@dataclass(frozen=True, slots=True)
class _Merge:
    """One BatchNorm to be merged, with the layer that takes it in and the Scale after it, if any."""

    maker: LayerText
    norm: LayerText
    scale: LayerText | None
    origin: Origin

    @property
    def gone(self) -> list[LayerText]:
        return [self.norm, *([self.scale] if self.scale else [])]


def merge_batch_norm(
    document: Document,
    operation: MergeBatchNorm,
    datum: Datum = MappingProxyType({}),
    sources: Sources | None = None,
) -> Edited:
    """Takes the layers out of the net and lets the origins say what is merged into which weights.

    `sources` None: the weights are not at hand, and are not looked at. Where layers are named, raises
    EditError for one that cannot be merged; else what cannot be is left and noted, unless nothing can.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    named = None if operation.layers is None else {here.layer(key).key for key in operation.layers}
    targets = _targets(document, datum) if sources is not None else {}
    merges: list[_Merge] = []
    notes: list[Note] = []
    done: set[str] = set()
    for norm in here.layers:
        if norm.type != BATCH_NORM:
            continue
        maker = _maker(here, norm)
        about = {norm.key, *([maker.key] if maker else [])}
        if named is not None and not named & about:
            continue
        try:
            merge = _plan(document, here, norm, maker)
            if sources is not None:
                _try(merge, document, sources, targets)
        except _CannotMergeError as why:
            if named is not None:
                raise EditError("cannot-merge", f"{norm.name!r} cannot be merged: {why}", norm.place) from why
            text = f"{norm.name!r} stays: {why}"
            notes.append(Note(code="not-merged", severity="info", message=text, layer=norm.key))
            continue
        merges.append(merge)
        done |= about
    _require_some(here, named, done, merges, notes)
    return _carry_out(document, here, merges, notes, upgraded)


def _require_some(
    here: View, named: set[str] | None, done: set[str], merges: list[_Merge], notes: list[Note]
) -> None:
    missed = sorted((named or set()) - done)
    if missed:
        layer = here.by_key[missed[0]]
        raise EditError("cannot-merge", f"No BatchNorm is at or after {layer.name!r}.", layer.place)
    if not merges:
        why = f" {notes[0].message}" if notes else " The net has no BatchNorm."
        raise EditError("nothing-to-merge", f"There is nothing to merge.{why}")


def _carry_out(
    document: Document, here: View, merges: list[_Merge], notes: list[Note], upgraded: list[str]
) -> Edited:
    splices = [splice for merge in merges for splice in _enable_bias(here, merge.maker)]
    gone = [layer for merge in merges for layer in merge.gone]
    origins = dict(document.origins)
    for merge in merges:
        origins[merge.maker.name] = merge.origin
    tree = prototxt.apply(document.tree, splices)
    removal = DeleteLayers(layers=[layer.key for layer in gone], heal=True)
    edited = delete_layers(Document(tree, origins), removal)
    after = edited.document
    changed = dict.fromkeys([merge.maker.key for merge in merges] + edited.report.changed)
    text = (
        "The statistics are fixed in the weights now: this net is for deploying; training it further would "
        "go without BatchNorm."
    )
    report = Report(
        op="merge_batch_norm",
        title=f"Merge {merges[0].norm.name}" if len(merges) == 1 else f"Merge {len(merges)} BatchNorms",
        summary=[
            *(f"{m.maker.name} takes in {' and '.join(layer.name for layer in m.gone)}" for m in merges),
            *edited.report.summary[1:],
        ],
        upgraded=upgraded,
        removed=[layer.key for layer in gone],
        changed=list(changed),
        notes=[Note(code="statistics-fixed", severity="info", message=text), *notes],
    )
    return Edited(Document(after.tree, tidy(after.origins, view(after.tree))), report)


def _maker(here: View, norm: LayerText) -> LayerText | None:
    """The layer that writes what the BatchNorm reads, the last one before it."""
    blob = norm.bottom_names[:1]
    before = here.layers[: here.layers.index(norm)]
    return next((layer for layer in reversed(before) if blob and blob[0] in layer.top_names), None)


def _readers(here: View, layer: LayerText) -> list[LayerText]:
    """Who reads the layer's first top before it is written anew, in place or not."""
    blob = layer.top_names[0]
    found = []
    for other in here.layers[here.layers.index(layer) + 1 :]:
        if blob in other.bottom_names:
            found.append(other)
        if blob in other.top_names:
            break
    return found


def _plan(document: Document, here: View, norm: LayerText, maker: LayerText | None) -> _Merge:
    """What the text allows. Raises _CannotMergeError."""
    if maker is None or maker.type not in _FIELDS or not maker.tops or not norm.tops:
        told = f"{maker.type} {maker.name!r}" if maker is not None else "nothing"
        raise _CannotMergeError(f"before it stands {told}, no Convolution or InnerProduct.")
    others = [layer.name for layer in _readers(here, maker) if layer is not norm]
    if others:
        raise _CannotMergeError(f"{', '.join(others)} reads what {maker.name!r} makes, too.")
    if message(here, norm).batch_norm_param.HasField("use_global_stats") and not (
        message(here, norm).batch_norm_param.use_global_stats
    ):
        raise _CannotMergeError("it states use_global_stats: false, so it normalises by the batch.")
    parts = [maker, norm]
    scale = _scale(here, norm)
    parts += [scale] if scale is not None else []
    for layer in parts:
        _require_plain(here, layer, maker)
    origins = [document.origin(layer.name) for layer in parts]
    if any(origin is None for origin in origins):
        raise _CannotMergeError("it starts from a filler: there are no weights to merge.")
    first, second, *third = (origin for origin in origins if origin is not None)
    eps = message(here, norm).batch_norm_param.eps
    added = Norm(second, eps, third[0] if third else None)
    transposed = maker.type == "InnerProduct" and message(here, maker).inner_product_param.transpose
    return _Merge(
        maker, norm, scale, replace(first, norms=(*first.norms, added), channels=1 if transposed else 0)
    )


def _scale(here: View, norm: LayerText) -> LayerText | None:
    """The Scale that alone reads the BatchNorm, a factor a channel."""
    readers = _readers(here, norm)
    if len(readers) != 1 or readers[0].type != "Scale" or len(readers[0].bottoms) != 1:
        return None
    param = message(here, readers[0]).scale_param
    return readers[0] if (param.axis, param.num_axes) == (1, 1) else None


def _require_plain(here: View, layer: LayerText, maker: LayerText) -> None:
    if len(here.variants(layer.name)) > 1:
        raise _CannotMergeError(f"{layer.name!r} has variants for other states.")
    if [layer.active(state) for state in states(here)] != [maker.active(state) for state in states(here)]:
        raise _CannotMergeError(f"{layer.name!r} and {maker.name!r} are not in the same states.")
    for param in layer.params:
        if len(here.param_users.get(param.name, ())) > 1:
            raise _CannotMergeError(f"{layer.name!r} shares {param.name!r}: unshare it first.")
    if layer.type == "InnerProduct" and message(here, layer).inner_product_param.axis != 1:
        raise _CannotMergeError(f"{layer.name!r} keeps axes before its outputs.")
    if layer.type == "Convolution" and message(here, layer).convolution_param.axis != 1:
        raise _CannotMergeError(f"{layer.name!r} convolves from another axis on.")


def _targets(document: Document, datum: Datum) -> Mapping[str, Target]:
    tree = document.tree
    nets = [check(tree, state, datum=datum, profile="fork").net for state in states(view(tree))]
    return {target.name: target for target in weights.targets(*nets)}


def _try(merge: _Merge, document: Document, sources: Sources, targets: Mapping[str, Target]) -> None:
    """Raises _CannotMergeError where the stored blobs do not go together."""
    for layer in (merge.maker, *merge.gone):
        origin = document.origin(layer.name)
        assert origin is not None  # _plan saw to it
        try:
            stored = find_stored(sources, origin, layer)
        except EditError as error:
            raise _CannotMergeError(error.message) from error
        target = targets.get(layer.name)
        clash = find_clash(target, stored, reshape=origin.reshape) if target and not origin.norms else ""
        if clash:
            raise _CannotMergeError(f"what is stored does not fit it: {clash.strip()}")
    try:
        made = merged(find_stored(sources, merge.origin, merge.maker), merge.origin, _finder(sources))
    except WeightsError as error:
        raise _CannotMergeError(f"{error.message}.") from error
    if not np.isfinite(made.blobs[1].read().astype(np.float64)).all():
        raise _CannotMergeError("its statistics would make the weights infinite.")


def _finder(sources: Sources) -> Find:
    def find(origin: Origin) -> weights.StoredLayer | None:
        source = sources.get(origin.source)
        return next(filter(None, map(source.effective, origin.candidates)), None) if source else None

    return find


def _enable_bias(here: View, maker: LayerText) -> Iterator[Splice]:
    """`bias_term` back to its default, true: what is merged needs a bias."""
    chunk = maker.chunk
    for param in maker.field.children:
        if param.name == _FIELDS[maker.type]:
            fields = [field for field in param.children if field.name == "bias_term"]
            yield from remove_fields(chunk, here.tree.chunks[chunk].text, fields)
