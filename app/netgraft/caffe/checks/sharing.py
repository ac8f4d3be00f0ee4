"""Shared parameters: what Net::AppendParam aborts on, with the ways out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.catalogue.registry import LayerType
from netgraft.caffe.catalogue.shapes import fail, float_text, shape_string, total
from netgraft.caffe.diagnostics import Diagnostic, Fix, counted, declare
from netgraft.caffe.params import Clash, ParamTable
from netgraft.caffe.upgrade import SourceLayer

TOO_MANY: Final = declare("too-many-params", "error", "A layer states more param than it has blobs")
SHAPE: Final = declare("share-shape-mismatch", "error", "Shared blobs have different shapes")
COUNT: Final = declare("share-count-mismatch", "error", "Shared blobs hold different numbers of values")
LR: Final = declare("mismatched-lr-mult", "error", "One shared blob is given two learning rates")
DECAY: Final = declare("mismatched-decay-mult", "error", "One shared blob is given two weight decays")

Layers = Sequence[tuple[str, SourceLayer]]
_CODES: Final = {"shape": SHAPE, "count": COUNT, "lr": LR, "decay": DECAY}
_PARTS: Final = {"shape": "name", "count": "name", "lr": "lr_mult", "decay": "decay_mult"}


def too_many_params(key: str, source: SourceLayer, blobs: int) -> Diagnostic:
    """Net::Init: no more `param` than blobs."""
    stated = len(source.facts.params)
    detail = f"Too many params specified for layer {source.facts.name}"
    caffe = fail("param_size <= num_param_blobs", detail, (stated, blobs)).message
    has = counted(blobs, "parameter blob") if blobs else "no parameter blobs"
    message = f"{key} states {stated} param, but a layer like this has {has}."
    return Diagnostic(TOO_MANY, "error", message, caffe, key, None, places.param_place(source, blobs, "name"))


def role(known: LayerType | None, source: SourceLayer, blob: int) -> str:
    """What a blob is in its layer: "weight", "bias", ..."""
    roles = known.roles(source.facts.message) if known is not None else ()
    return roles[blob] if blob < len(roles) else f"blob {blob}"


def clashes(
    layers: Layers, params: ParamTable, layer: int, known: LayerType | None, found: Sequence[Clash]
) -> Iterator[Diagnostic]:
    """One layer's clashes with the blobs that it shares, in Caffe's order; the fixes settle them all."""
    key, source = layers[layer]
    for clash in found:
        _, blob, shape, spec = params.row(clash.param)
        owner_layer, _, owner_shape, _ = params.row(clash.owner)
        owner_key, owner = layers[owner_layer]
        name, part = spec.name, _PARTS[clash.kind]
        alike = [other for other in found if other.kind == clash.kind or clash.kind in ("lr", "decay")]
        fixes = [_unshare(key, source, known, params, alike)]
        if clash.kind in ("lr", "decay"):
            rate, group = float_text(clash.stated), float_text(clash.group)
            member = "params_lr_" if clash.kind == "lr" else "params_weight_decay_"
            caffe = fail(
                f"param_spec->{part}() == {member}[learnable_param_id]",
                f"Shared param '{name}' has mismatched {part}.",
                (rate, group),
            ).message
            message = (
                f"{key} states {part} {rate} for '{name}', which {owner_key} owns and which has {part} "
                f"{group} already. A shared blob is one blob, and learns at one rate."
            )
            fixes.append(_one_rate(params, [other for other in found if other.kind in ("lr", "decay")]))
        else:
            assert shape is not None
            assert owner_shape is not None
            caffe = _shape_words(clash.kind, name, owner, source, owner_shape, shape)
            what = "shape" if clash.kind == "shape" else "count"
            message = (
                f"'{name}' is {_axes(owner_shape)} in {owner_key} but {_axes(shape)} in {key}: "
                f"blobs of different {what} cannot be shared."
            )
        place = places.param_place(source, blob, part)
        code = _CODES[clash.kind]
        yield Diagnostic(code, "error", message, caffe, key, name, place, tuple(fixes))


def _axes(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "a scalar"


def _shape_words(
    kind: str,
    name: str,
    owner: SourceLayer,
    sharer: SourceLayer,
    owner_shape: tuple[int, ...],
    shape: tuple[int, ...],
) -> str:
    """AppendParam's words on shapes (STRICT) and counts (PERMISSIVE)."""
    start = (
        f"Cannot share param '{name}' owned by layer '{owner.facts.name}' with layer '{sharer.facts.name}'; "
    )
    if kind == "shape":
        detail = (
            f"{start}shape mismatch.  Owner layer param shape is {shape_string(owner_shape)}; "
            f"sharing layer expects shape {shape_string(shape)}"
        )
        return fail("this_blob->shape() == owner_blob->shape()", detail).message
    detail = (
        f"{start}count mismatch.  Owner layer param shape is {shape_string(owner_shape)}; "
        f"sharing layer shape is {shape_string(shape)}"
    )
    values = (total(shape), total(owner_shape))
    return fail("this_blob->count() == owner_blob->count()", detail, values).message


def _unshare(
    key: str, source: SourceLayer, known: LayerType | None, params: ParamTable, found: Sequence[Clash]
) -> Fix:
    blobs = sorted({params.row(clash.param)[1] for clash in found})
    what = "weights" if len(blobs) > 1 else role(known, source, blobs[0])
    operations = tuple({"op": "unshare", "layer": key, "blob": blob} for blob in blobs)
    return Fix(f"Unshare {key}'s {what}", operations)


def _one_rate(params: ParamTable, found: Sequence[Clash]) -> Fix:
    """Every clashing name gets the rate that its group has already."""
    rates: dict[str, dict[str, object]] = {}
    for clash in found:
        name = params.row(clash.param)[3].name
        part = _PARTS[clash.kind]
        rates.setdefault(name, {"op": "one_rate", "name": name})[part] = clash.group
    names = " and ".join(f"'{name}'" for name in rates)
    each = "" if len(rates) == 1 else " each"
    return Fix(f"Give all of {names} one rate{each}", tuple(rates.values()))
