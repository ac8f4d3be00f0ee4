"""Scale and Bias: a learned or given factor or summand over some axes of the input."""

from __future__ import annotations

from netgraft.caffe.catalogue.fillers import filled, given_blobs
from netgraft.caffe.catalogue.layer_checks import reshaped_like, set_loss_weights
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Shape, register
from netgraft.caffe.catalogue.shapes import canonical_axis, count, fail, touch
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
Filler = caffe_pb2.FillerParameter
_ONES = caffe_pb2.FillerParameter(type="constant", value=1)


def _past(what: str, axis: int) -> str:
    extends = "shape extends past bottom[0]'s shape when applied starting with bottom[0]"
    return f"{what} blob's {extends} axis = {axis}"


def _learned(what: str, bottom: Shape, start: int, axes: int, filler: Filler, name: str) -> Shape:
    """The blob that ScaleLayer and BiasLayer::LayerSetUp make: `axes` axes of the bottom from `start` on.

    `name` is the axis variable as the CHECK spells it.
    """
    axis = canonical_axis(start, bottom)
    if axes < -1:
        raise fail(
            "num_axes >= -1",
            "num_axes must be non-negative, or -1 to extend to the end of bottom[0]",
            (axes, -1),
        )
    if axes >= 0 and len(bottom) < axis + axes:
        values = (len(bottom), axis + axes)
        raise fail(f"bottom[0]->num_axes() >= {name} + num_axes", _past(what, axis), values)
    return filled(bottom[axis:] if axes == -1 else bottom[axis : axis + axes], filler)


def _check_applies(what: str, bottom: Shape, blob: Shape, start: int, name: str) -> int:
    """The checks that ScaleLayer and BiasLayer::Reshape share; returns the count after the blob's axes."""
    axis = canonical_axis(start, bottom) if blob else 0
    if len(bottom) < axis + len(blob):
        values = (len(bottom), axis + len(blob))
        raise fail(f"bottom[0]->num_axes() >= {name} + {what}->num_axes()", _past(what, axis), values)
    for i, size in enumerate(blob):
        if bottom[axis + i] != size:
            raise fail(
                f"bottom[0]->shape({name} + i) == {what}->shape(i)",
                f"dimension mismatch between bottom[0]->shape({axis + i}) and {what}->shape({i})",
                (bottom[axis + i], size),
            )
    return count(bottom, axis + len(blob))


def _apply_bias(bottom: Shape, blob: Shape, start: int) -> None:
    """BiasLayer::Reshape."""
    touch(_check_applies("bias", bottom, blob, start, "axis"))


def _bias(ctx: LayerContext) -> Outcome:
    """BiasLayer::LayerSetUp and Reshape."""
    param, bottom = ctx.layer.bias_param, ctx.bottoms[0]
    learned = len(ctx.bottoms) == 1
    blobs: list[Shape | None] = list(given_blobs(ctx.layer))
    if bottom is None:
        return Outcome([None], blobs or ([None] if learned else []))
    if learned and not blobs:
        blobs = [_learned("bias", bottom, param.axis, param.num_axes, param.filler, "axis")]
    blob = blobs[0] if learned else ctx.bottoms[1]
    if blob is not None:
        _apply_bias(bottom, blob, param.axis)
    return Outcome([reshaped_like(bottom)], blobs)


def _scale(ctx: LayerContext) -> Outcome:
    """ScaleLayer::LayerSetUp, that of the Bias layer that it builds for bias_term, and Reshape."""
    param, bottom = ctx.layer.scale_param, ctx.bottoms[0]
    learned = len(ctx.bottoms) == 1
    blobs: list[Shape | None] = list(given_blobs(ctx.layer))
    if bottom is None:
        return Outcome([None], blobs or [None] * (learned + param.bias_term))
    if learned and not blobs:
        filler = param.filler if param.HasField("filler") else _ONES
        blobs = [_learned("scale", bottom, param.axis, param.num_axes, filler, "axis_")]
    scale = blobs[0] if learned else ctx.bottoms[1]
    bias: Shape | None = None
    if param.bias_term:
        given = list(given_blobs(ctx.layer))  # the inner Bias layer is made from the same prototxt
        if given:
            bias = given[0]
        elif learned or scale is not None:
            axes = param.num_axes if learned else len(scale or ())
            bias = _learned("bias", bottom, param.axis, axes, param.bias_filler, "axis")
        if bias is not None:
            _apply_bias(bottom, bias, param.axis)
        set_loss_weights(ctx.layer.loss_weight, [bottom])
        if len(blobs) + len(ctx.bottoms) < 3:
            blobs.append(bias)
        else:
            bias = blobs[-1]
    if scale is not None:
        inner = _check_applies("scale", bottom, scale, param.axis, "axis_")
        axis = canonical_axis(param.axis, bottom) if scale else 0
        touch(max(count(bottom, 0, axis), inner))
    if bias is not None:
        _apply_bias(bottom, bias, param.axis)
    return Outcome([reshaped_like(bottom)], blobs)


def _scale_roles(layer: Layer) -> tuple[str, ...]:
    scale = ("scale",) if len(layer.bottom) < 2 else ()
    return (*scale, "bias") if layer.scale_param.bias_term else scale


def _axis_summary(param: caffe_pb2.ScaleParameter | caffe_pb2.BiasParameter) -> str:
    return "" if param.axis == 1 else f"axis {param.axis}"


def _scale_summary(layer: Layer) -> str:
    bias = "with bias" if layer.scale_param.bias_term else ""
    return " ".join(part for part in (bias, _axis_summary(layer.scale_param)) if part)


register(
    LayerType(
        "Scale",
        "common",
        "Multiplies by a factor a channel, learned or the second bottom; with bias_term also adds.",
        _scale,
        "scale_param",
        bottoms=Arity(least=1, most=2),
        tops=Arity(exact=1),
        keeps_shape=True,
        in_place=True,
        roles=_scale_roles,
        summary=_scale_summary,
    )
)
register(
    LayerType(
        "Bias",
        "common",
        "Adds a summand a channel, learned or the second bottom.",
        _bias,
        "bias_param",
        bottoms=Arity(least=1, most=2),
        tops=Arity(exact=1),
        keeps_shape=True,
        in_place=True,
        roles=lambda layer: ("bias",) if len(layer.bottom) < 2 else (),
        summary=lambda layer: _axis_summary(layer.bias_param),
    )
)
