"""YOLO's layers: Reorg, Region, their losses and detection outputs."""

from __future__ import annotations

from netgraft.caffe.catalogue.forks.fields import fields, foreign
from netgraft.caffe.catalogue.forks.registering import all_but_labels, register_fork
from netgraft.caffe.catalogue.layer_checks import refuse_in_place
from netgraft.caffe.catalogue.losses import loss_reshape
from netgraft.caffe.catalogue.registry import Arity, LayerContext, Outcome
from netgraft.caffe.catalogue.shapes import check_eq, count, divide, fail, legacy_axis, reshape, total


def _reorg(ctx: LayerContext) -> Outcome:
    """ReorgLayer: space to channels by the stride, or back again."""
    refuse_in_place(ctx)
    param = fields(ctx, "reorg_param")
    if "stride" not in param:
        raise fail("reorg_param.has_stride() == true", "Reorg Layer needs stride param.", (0, 1))
    stride = param.integer("stride")
    num, channels, height, width = (legacy_axis(ctx.bottom(0), axis) for axis in range(4))
    if param.flag("reverse"):
        fewer = divide(channels, stride * stride, "stride is 0")
        return Outcome([reshape((num, fewer, height * stride, width * stride))])
    rows, columns = (divide(size, stride, "stride is 0") for size in (height, width))
    return Outcome([reshape((num, channels * stride * stride, rows, columns))])


def _region(ctx: LayerContext) -> Outcome:
    """RegionLayer with two tops: boxes, and probabilities a class and in all. Others are unknown."""
    name = "region_loss_param" if "region_loss_param" in ctx.fork else "region_param"
    param = fields(ctx, name)
    if ctx.tops != 2 or "side" not in param:
        return foreign(ctx)
    side, boxes, coordinates = param.integer("side"), param.integer("num", 5), param.integer("coords", 4)
    classes = param.integer("num_classes", param.integer("num_class", param.integer("classes", 20)))
    bottom = ctx.bottoms[0]
    if bottom is not None:
        wanted = side * side * boxes * (coordinates + classes + 1)
        check_eq(count(bottom, 1), wanted, "input_count == tmp_input_count")
    grid = (boxes, side, side)
    return Outcome([reshape((*grid, coordinates)), reshape((*grid, classes + 1))])


def _region_loss(ctx: LayerContext) -> Outcome:
    """RegionLossLayer::Reshape: a scalar."""
    return Outcome([(), *[None] * (ctx.tops - 1)])


def _yolov3(ctx: LayerContext) -> Outcome:
    """Yolov3Layer::LayerSetUp: boxes x (4 coordinates, objectness, classes) on every position."""
    param = fields(ctx, "yolov3_param")
    bottom = ctx.bottoms[0]
    if bottom is not None and "num_class" in param and "num" in param:
        each = param.integer("num") * (4 + param.integer("num_class") + 1)
        wanted = legacy_axis(bottom, 3) * legacy_axis(bottom, 2) * each
        check_eq(count(bottom, 1), wanted, "input_count == tmp_input_count")
    loss_reshape(ctx)
    return Outcome([(), *[None] * (ctx.tops - 1)])


def _yolo_seg(ctx: LayerContext) -> Outcome:
    """YoloSegLayer::LayerSetUp: a label a value."""
    data, label = ctx.bottoms[:2]
    if data is not None and label is not None:
        detail = "YoloSeg layer inputs must have the same count."
        check_eq(total(data), total(label), "bottom[0]->count() == bottom[1]->count()", detail)
    loss_reshape(ctx)
    return Outcome([(), *[None] * (ctx.tops - 1)])


def _detections(ctx: LayerContext) -> Outcome:
    """Until data flows, one detection of seven values."""
    return Outcome([(1, 1, 1, 7)])


def _segmentation_evaluate(ctx: LayerContext) -> Outcome:
    """SegmentationEvaluateLayer::Reshape: a value a channel of the labels."""
    return Outcome([reshape((1, 1, 1, legacy_axis(ctx.bottom(1), 1)))])


_SOME = Arity(least=1)
_PAIR = Arity(least=2)
register_fork("Reorg", "Moves each square of positions into channels, or back.", _reorg, "reorg_param")
register_fork("Region", "YOLO v2's boxes and class probabilities.", _region, "region_param", _SOME, _SOME)
register_fork(
    "RegionLoss", "YOLO v2's loss.", _region_loss, "region_loss_param", _PAIR, _SOME, gradients=all_but_labels
)
register_fork(
    "Yolov3", "YOLO v3's loss on one scale.", _yolov3, "yolov3_param", _PAIR, _SOME, gradients=all_but_labels
)
register_fork(
    "YoloSeg",
    "A segmentation loss beside YOLO's.",
    _yolo_seg,
    "yolo_seg_param",
    _PAIR,
    _SOME,
    gradients=all_but_labels,
)
register_fork(
    "YoloDetectionOutput",
    "YOLO v2's detections, without overlaps.",
    _detections,
    "yolo_detection_output_param",
    _SOME,
)
register_fork(
    "Yolov3DetectionOutput",
    "YOLO v3's detections on all scales, without overlaps.",
    _detections,
    "yolov3_detection_output_param",
    _SOME,
)
register_fork(
    "SegmentationEvaluate",
    "Intersection over union of a segmentation and its labels.",
    _segmentation_evaluate,
    "segmentation_evaluate_param",
    Arity(exact=2),
)
