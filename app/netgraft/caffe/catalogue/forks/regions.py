"""Region layers of Fast R-CNN and R-FCN: ROIPooling, PSROIPooling, smooth L1, online hard example mining."""

from __future__ import annotations

from netgraft.caffe.catalogue.forks.fields import fields
from netgraft.caffe.catalogue.forks.registering import ONE, first_only, register_fork
from netgraft.caffe.catalogue.losses import check_label_count, loss_reshape
from netgraft.caffe.catalogue.normalization import softmax_top
from netgraft.caffe.catalogue.registry import Arity, LayerContext, Outcome, Shape
from netgraft.caffe.catalogue.shapes import check_eq, fail, legacy_axis, reshape

_AXES = ("num", "channels", "height", "width")


def _roi_pooling(ctx: LayerContext) -> Outcome:
    """ROIPoolingLayer: a fixed grid of values a region."""
    param = fields(ctx, "roi_pooling_param")
    height, width = param.integer("pooled_h"), param.integer("pooled_w")
    for name, size in (("pooled_h", height), ("pooled_w", width)):
        if size <= 0:
            raise fail(f"roi_pool_param.{name}() > 0", f"{name} must be > 0", (size, 0))
    data, regions = ctx.bottom(0), ctx.bottom(1)
    return Outcome([reshape((legacy_axis(regions, 0), legacy_axis(data, 1), height, width))])


def _psroi_pooling(ctx: LayerContext) -> Outcome:
    """PSROIPoolingLayer: every cell of the grid has channels of its own."""
    param = fields(ctx, "psroi_pooling_param")
    outputs, group = param.integer("output_dim"), param.integer("group_size")
    for name, size in (("output_dim", outputs), ("group_size", group)):
        if size <= 0:
            raise fail(f"psroi_pooling_param.{name}() > 0", f"{name} must be > 0", (size, 0))
    data = ctx.bottoms[0]
    if data is not None:
        detail = "input channel number does not match layer parameters"
        wanted = "channels_ == output_dim_*group_size_*group_size_"
        check_eq(legacy_axis(data, 1), outputs * group * group, wanted, detail)
    return Outcome([reshape((legacy_axis(ctx.bottom(1), 0), outputs, group, group))])


def _check_alike(ctx: LayerContext, other: int, axes: tuple[int, ...] = (1, 2, 3)) -> None:
    """The named legacy axes of two bottoms must agree."""
    first, second = ctx.bottoms[0], ctx.bottoms[other]
    if first is not None and second is not None:
        for axis in axes:
            theirs = legacy_axis(second, axis)
            name = _AXES[axis]
            check_eq(legacy_axis(first, axis), theirs, f"bottom[0]->{name}() == bottom[{other}]->{name}()")


def _smooth_l1_loss(ctx: LayerContext) -> Outcome:
    """SmoothL1LossLayer::Reshape; a second top is the loss an instance."""
    data, _ = loss_reshape(ctx)
    if not ctx.in_place:
        for other in range(1, len(ctx.bottoms)):
            _check_alike(ctx, other)
    each: Shape | None = None
    if data is not None and len(data) <= 4:
        each = (legacy_axis(data, 0), 1, legacy_axis(data, 2), legacy_axis(data, 3))
    return Outcome([(), *[each] * (ctx.tops - 1)])


def _softmax_with_loss_ohem(ctx: LayerContext) -> Outcome:
    """SoftmaxWithLossOHEMLayer::Reshape: then the probabilities, then the loss an instance."""
    axis = ctx.layer.softmax_param.axis
    data, label = loss_reshape(ctx)
    if data is not None:
        softmax_top(data, axis)
        check_label_count(data, label, axis, "softmax")
    return Outcome([(), data, label, *[None] * ctx.tops][: ctx.tops])


def _box_annotator_ohem(ctx: LayerContext) -> Outcome:
    """BoxAnnotatorOHEMLayer::Reshape: labels and loss weights of the regions worth learning from."""
    if fields(ctx, "box_annotator_ohem_param").integer("roi_per_img") <= 0:
        raise fail("roi_per_img_ > 0", values=(0, 0))
    regions, weights = ctx.bottoms[0], ctx.bottoms[3]
    if regions is None:
        return Outcome([None] * ctx.tops)
    check_eq(5, legacy_axis(regions, 1), "5 == bottom[0]->channels()")
    num, _, height, width = (legacy_axis(regions, axis) for axis in range(4))
    boxes: Shape | None = None
    if weights is not None:
        boxes = reshape((num, legacy_axis(weights, 1), height, width))
    return Outcome([reshape((num, 1, height, width)), boxes])


_TWO = Arity(exact=2)
register_fork(
    "ROIPooling",
    "The greatest value in each cell of a grid over each region.",
    _roi_pooling,
    "roi_pooling_param",
    _TWO,
    ONE,
)
register_fork(
    "PSROIPooling",
    "Position-sensitive means over each region.",
    _psroi_pooling,
    "psroi_pooling_param",
    _TWO,
    ONE,
)
register_fork(
    "BoxAnnotatorOHEM",
    "Online hard example mining: keeps the labels of the regions of greatest loss.",
    _box_annotator_ohem,
    "box_annotator_ohem_param",
    Arity(exact=4),
    _TWO,
)
register_fork(
    "SmoothL1Loss",
    "Squared error near 0 and absolute error beyond, with optional weights.",
    _smooth_l1_loss,
    "smooth_l1_loss_param",
    Arity(least=2, most=4),
    Arity(least=1, most=2),
    gradients=first_only,
)
register_fork(
    "SmoothL1LossOHEM",
    "Smooth L1 loss that also tells the loss of each region.",
    _smooth_l1_loss,
    "smooth_l1_loss_param",
    Arity(least=2, most=3),
    Arity(least=1, most=2),
    gradients=first_only,
)
register_fork(
    "SoftmaxWithLossOHEM",
    "Softmax loss that also tells the loss of each region.",
    _softmax_with_loss_ohem,
    "softmax_param",
    _TWO,
    Arity(least=1, most=3),
    gradients=first_only,
)
