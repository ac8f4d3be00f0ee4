"""LRN, BatchNorm, MVN and Softmax: normalization over channels, the batch, an image, to probabilities."""

from __future__ import annotations

from netgraft.caffe.catalogue.fillers import given_blobs
from netgraft.caffe.catalogue.layer_checks import reshaped_like
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Shape, register
from netgraft.caffe.catalogue.shapes import (
    UNSHAPED,
    axis_size,
    canonical_axis,
    check_eq,
    divide,
    fail,
    float_text,
    int32,
    legacy_axis,
    remainder,
    reshape,
    total,
    touch,
)
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
ONE = Arity(exact=1)


def _lrn(ctx: LayerContext) -> Outcome:
    """LRNLayer::LayerSetUp and Reshape.

    WITHIN_CHANNEL builds Split, Power, Pooling (AVE, size wide, padded to keep the size), Power and
    Eltwise; of their checks only those of Split and Pooling can fail.
    """
    param = ctx.layer.lrn_param
    odd = remainder(int32(param.local_size), 2, "")
    check_eq(odd, 1, "size_ % 2 == 1", "LRN only supports odd values for local_size")
    within = param.norm_region == 1
    if within and int32(param.local_size) <= 0:
        raise fail("kernel_h_ > 0", "Filter dimensions cannot be zero.", (int32(param.local_size), 0))
    bottom = ctx.bottoms[0]
    if bottom is None:
        return Outcome([None])
    if within and bottom is UNSHAPED:
        raise fail("count_ == top[i]->count()", values=(0, 1))
    detail = "Input must have 4 axes, corresponding to (num, channels, height, width)"
    check_eq(4, len(bottom), "4 == bottom[0]->num_axes()", detail)
    return Outcome([reshape(bottom)])


def check_statistics_rates(layer: Layer) -> None:
    """The end of BatchNormLayer::LayerSetUp: a stated `param` must have lr_mult 0, an absent one is 1."""
    for param in layer.param[:3]:
        if param.lr_mult != 0:
            detail = "Cannot configure batch normalization statistics as layer parameters."
            raise fail("this->layer_param_.param(i).lr_mult() == 0.f", detail, (float_text(param.lr_mult), 0))


def _batch_norm(ctx: LayerContext) -> Outcome:
    """BatchNormLayer::LayerSetUp and Reshape: mean and variance a channel, and the average's factor."""
    bottom = ctx.bottoms[0]
    if ctx.fork and any(name.startswith("batch_norm_param.") for name in ctx.fork):
        return Outcome([bottom], None)  # a fork's, with scale and bias among its blobs
    if bottom is None:
        check_statistics_rates(ctx.layer)
        return Outcome([None], [None, None, (1,)])
    channels = 1 if len(bottom) == 1 else axis_size(bottom, 1)
    blobs: list[Shape | None] = list(given_blobs(ctx.layer))
    if not blobs:
        touch(channels)
        blobs = [(channels,), (channels,), (1,)]
    check_statistics_rates(ctx.layer)
    check_eq(axis_size(bottom, 1), channels, "bottom[0]->shape(1) == channels_")
    items = int32(channels * bottom[0])
    touch(divide(total(bottom), items, "the batch is empty"))
    return Outcome([bottom], blobs)


def _mvn(ctx: LayerContext) -> Outcome:
    """MVNLayer::Reshape: the top has four axes whatever the bottom has."""
    bottom = ctx.bottom(0)
    num, channels, height, width = (legacy_axis(bottom, axis) for axis in range(4))
    top = reshape((num, channels, height, width))
    touch((channels if ctx.layer.mvn_param.across_channels else 1) * height * width)
    return Outcome([top])


def softmax_top(bottom: Shape, axis: int) -> Shape:
    """SoftmaxLayer::Reshape."""
    touch(bottom[canonical_axis(axis, bottom)])
    return reshaped_like(bottom)


def _softmax(ctx: LayerContext) -> Outcome:
    param = ctx.layer.softmax_param
    return Outcome([softmax_top(ctx.bottom(0), param.axis)])


def _lrn_summary(layer: Layer) -> str:
    param = layer.lrn_param
    return f"{param.local_size} {'within a channel' if param.norm_region == 1 else 'across channels'}"


register(
    LayerType(
        "LRN",
        "normalization",
        "Local response normalization: divides each value by the energy of its neighbours.",
        _lrn,
        "lrn_param",
        bottoms=ONE,
        tops=ONE,
        keeps_shape=True,
        in_place=False,
        engine=lambda layer: layer.lrn_param.engine,
        summary=_lrn_summary,
    )
)
register(
    LayerType(
        "BatchNorm",
        "normalization",
        "Subtracts each channel's mean and divides by its deviation; keeps running statistics.",
        _batch_norm,
        "batch_norm_param",
        bottoms=ONE,
        tops=ONE,
        keeps_shape=True,
        in_place=True,
        roles=lambda layer: ("mean", "variance", "factor"),
        summary=lambda layer: "global statistics" if layer.batch_norm_param.use_global_stats else "",
    )
)
register(
    LayerType(
        "MVN",
        "normalization",
        "Mean-variance normalization of each image, a channel at a time or across them.",
        _mvn,
        "mvn_param",
        bottoms=ONE,
        tops=ONE,
        summary=lambda layer: "across channels" if layer.mvn_param.across_channels else "",
    )
)
register(
    LayerType(
        "Softmax",
        "normalization",
        "Turns scores along an axis into probabilities.",
        _softmax,
        "softmax_param",
        bottoms=ONE,
        tops=ONE,
        keeps_shape=True,
        in_place=True,
        engine=lambda layer: layer.softmax_param.engine,
        summary=lambda layer: "" if layer.softmax_param.axis == 1 else f"axis {layer.softmax_param.axis}",
    )
)
