"""Layers of mobile and attention nets: depthwise convolutions, channel shuffles, Axpy, and newer neurons."""

from __future__ import annotations

from netgraft.caffe.catalogue import convolution
from netgraft.caffe.catalogue.activation import same_shape
from netgraft.caffe.catalogue.convolution import convolve, layer_roles, window, window_text
from netgraft.caffe.catalogue.fillers import filled
from netgraft.caffe.catalogue.forks.fields import fields, foreign
from netgraft.caffe.catalogue.forks.registering import register_fork
from netgraft.caffe.catalogue.registry import Arity, LayerContext, Outcome, Shape
from netgraft.caffe.catalogue.shapes import (
    axis_size,
    canonical_axis,
    check_eq,
    equal_shapes,
    fail,
    int32,
    legacy_axis,
    reshape,
)
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter


def _convolution_depthwise(ctx: LayerContext) -> Outcome:
    """ConvolutionDepthwiseLayer: one filter a channel; num_output and group are not looked at."""
    param = ctx.layer.convolution_param
    bottom = ctx.bottoms[0]
    if bottom is None:
        return Outcome([None], [None, None] if param.bias_term else [None])
    win = window(param, 2)
    channels = legacy_axis(bottom, 1)
    blobs: list[Shape | None] = [filled((channels, 1, *win.kernel), param.weight_filler)]
    if param.bias_term:
        blobs.append(filled((channels,), param.bias_filler))
    sizes = [int32(win.output(i, legacy_axis(bottom, 2 + i))) for i in (0, 1)]
    return Outcome([reshape((legacy_axis(bottom, 0), channels, *sizes))], blobs)


def _shuffle_channel(ctx: LayerContext) -> Outcome:
    """ShuffleChannelLayer: the channels of each group dealt out in turn."""
    group = fields(ctx, "shuffle_channel_param").integer("group", 1)
    if group <= 0:
        raise fail("group_ > 0", "group must be greater than 0", (group, 0))
    return same_shape(ctx)


def _axpy(ctx: LayerContext) -> Outcome:
    """AxpyLayer::Reshape (SENet): a factor a channel, times x, plus y."""
    factor, x, y = ctx.bottoms
    if factor is not None and x is not None:
        for axis in (0, 1):
            theirs = axis_size(x, axis)
            same = f"bottom[0]->shape({axis}) == bottom[1]->shape({axis})"
            check_eq(axis_size(factor, axis), theirs, same)
        if len(factor) == 4:
            for axis in (2, 3):
                check_eq(factor[axis], 1, f"bottom[0]->shape({axis}) == 1")
    if x is not None and y is not None and not equal_shapes(x, y):
        raise fail("bottom[1]->shape() == bottom[2]->shape()")
    return Outcome([x or y])


def _assisted_excitation(ctx: LayerContext) -> Outcome:
    return same_shape(ctx)


def _local(ctx: LayerContext) -> Outcome:
    """LocalLayer: a convolution whose filters are not shared between positions."""
    param = fields(ctx, "local_param")
    if "kernel_size" not in param:
        return foreign(ctx)
    bottom = ctx.bottoms[0]
    bias = param.flag("bias_term", True)
    if bottom is None:
        return Outcome([None], [None, None] if bias else [None])
    kernel, outputs = param.integer("kernel_size"), param.integer("num_output")
    stride, pad = param.integer("stride", 1), param.integer("pad")
    height, width = legacy_axis(bottom, 2), legacy_axis(bottom, 3)
    for value, condition in (
        (kernel, "kernel_size_ > 0"),
        (outputs, "num_output_ > 0"),
        (stride, "stride_ > 0"),
    ):
        if value <= 0:
            raise fail(condition, values=(value, 0))
    for size, side in ((height, "height"), (width, "width")):
        if size < kernel:
            raise fail(f"{side}_ >= kernel_size_", f"{side} smaller than kernel size", (size, kernel))
    rows, columns = ((size + 2 * pad - kernel) // stride + 1 for size in (height, width))
    inputs = legacy_axis(bottom, 1) * kernel * kernel
    weight = reshape((outputs, 1, inputs, rows * columns))
    blobs: list[Shape | None] = [weight, reshape((1, 1, outputs, rows * columns))] if bias else [weight]
    return Outcome([reshape((legacy_axis(bottom, 0), outputs, rows, columns))], blobs)


def _transpose(ctx: LayerContext) -> Outcome:
    """TransposeLayer::Reshape: axis i of the top is axis dim(i) of the bottom."""
    dims = fields(ctx, "transpose_param").integers("dim")
    if not dims:
        return foreign(ctx)
    bottom = ctx.bottom(0)
    detail = "the dimensions of the top blob and bottom blob must be equal."
    check_eq(len(bottom), len(dims), "shape.size() == transpose_param_.dim_size()", detail)
    return Outcome([reshape([bottom[canonical_axis(dim, bottom)] for dim in dims])])


register_fork(
    "DepthwiseConvolution",
    "A convolution with one group a channel.",
    convolve,
    "convolution_param",
    Arity(least=1),
    Arity(least=1),
    equal=True,
    roles=layer_roles,
    summary=convolution.summary,
)
register_fork(
    "ConvolutionDepthwise",
    "One filter a channel.",
    _convolution_depthwise,
    "convolution_param",
    roles=layer_roles,
    summary=lambda layer: window_text(layer.convolution_param),
)
for _name, _field in (
    ("ShuffleChannel", "shuffle_channel_param"),
    ("ChannelShuffle", "channel_shuffle_param"),
):
    register_fork(
        _name,
        "Deals the channels of each group out in turn (ShuffleNet).",
        _shuffle_channel if _name == "ShuffleChannel" else same_shape,
        _field,
        family="common",
        keeps_shape=True,
    )
register_fork(
    "Axpy",
    "A factor a channel times the second bottom, plus the third (SENet).",
    _axpy,
    None,
    Arity(exact=3),
    family="common",
)
register_fork(
    "AssistedExcitation",
    "Adds a share of the activations inside the annotated boxes.",
    _assisted_excitation,
    None,
    Arity(exact=3),
    family="common",
    keeps_shape=True,
)
register_fork(
    "Local",
    "A convolution whose filters are not shared between positions.",
    _local,
    "local_param",
    roles=lambda layer: ("weight",) if len(layer.param) == 1 else ("weight", "bias"),
)
register_fork(
    "Transpose",
    "Reorders the axes.",
    _transpose,
    "transpose_param",
    Arity(most=1),
    Arity(most=1),
    family="common",
)
for _name, _doc in (
    ("ReLU6", "Values kept within [0, 6]."),
    ("HardSigmoid", "A sigmoid of three straight lines."),
    ("HardSwish", "x times a hard sigmoid of x."),
    ("Mish", "x·tanh(log(1 + exp(x)))."),
    ("SELU", "Scaled exponential linear unit."),
    ("Negation", "-x, the other half of a concatenated ReLU."),
):
    register_fork(_name, _doc, same_shape, None, family="activation", keeps_shape=True, in_place=True)
