"""SSD's layers (weiliu89/caffe): Permute, Normalize, PriorBox, MultiBoxLoss, DetectionOutput, data."""

from __future__ import annotations

from netgraft.caffe.catalogue.data import source_summary
from netgraft.caffe.catalogue.fillers import filled
from netgraft.caffe.catalogue.forks.fields import Fields, fields, inner
from netgraft.caffe.catalogue.forks.registering import register_fork
from netgraft.caffe.catalogue.losses import loss_reshape
from netgraft.caffe.catalogue.registry import Arity, LayerContext, Outcome, Refusal, Shape, Unknown
from netgraft.caffe.catalogue.shapes import check_eq, fail, float_text, int32, legacy_axis, reshape


def _permute(ctx: LayerContext) -> Outcome:
    """PermuteLayer::LayerSetUp: the named axes first, the others after them in their order."""
    bottom = ctx.bottom(0)
    orders: list[int] = []
    for order in fields(ctx, "permute_param").integers("order"):
        if order >= len(bottom):
            detail = "order should be less than the input dimension."
            raise fail("order < num_axes_", detail, (order, len(bottom)))
        if order in orders:
            raise Refusal("there are duplicate orders")
        orders.append(order)
    orders += [axis for axis in range(len(bottom)) if axis not in orders]
    return Outcome([reshape([bottom[axis] for axis in orders])])


def _normalize(ctx: LayerContext) -> Outcome:
    """NormalizeLayer::LayerSetUp and Reshape. Other forks' Normalize has no parameters and no blob."""
    bottom = ctx.bottoms[0]
    if "norm_param" not in ctx.fork and not ctx.layer.param:
        return Outcome([bottom], None)
    param = fields(ctx, "norm_param")
    shared = param.flag("channel_shared", True)
    if bottom is None:
        return Outcome([None], [() if shared else None])
    if len(bottom) < 2:
        detail = "Number of axes of bottom blob must be >=2."
        raise fail("bottom[0]->num_axes() >= 2", detail, (len(bottom), 2))
    scale = () if shared else (legacy_axis(bottom, 1),)
    return Outcome([bottom], [filled(scale, param.filler("scale_filler", 1.0))])


def _priors(param: Fields) -> int:
    """How many boxes PriorBoxLayer::LayerSetUp puts on each position."""
    if "fixed_size" in param or "density" in param or "fixed_ratio" in param:
        raise Unknown  # density prior boxes of another fork
    smallest, largest = param.numbers("min_size"), param.numbers("max_size")
    if not smallest:
        raise fail("prior_box_param.min_size_size() > 0", "must provide min_size.", (0, 0))
    for size in smallest:
        if size <= 0:
            raise fail("min_sizes_.back() > 0", "min_size must be positive.", (float_text(size), 0))
    ratios = [1.0]
    for ratio in param.numbers("aspect_ratio"):
        if all(abs(ratio - known) >= 1e-6 for known in ratios):
            ratios.append(ratio)
            if param.flag("flip", True) and ratio:
                ratios.append(1 / ratio)
    if largest:
        equal = "prior_box_param.min_size_size() == prior_box_param.max_size_size()"
        check_eq(len(smallest), len(largest), equal)
        for low, high in zip(smallest, largest, strict=True):
            if high <= low:
                values = (float_text(high), float_text(low))
                raise fail("max_sizes_[i] > min_sizes_[i]", "max_size must be greater than min_size.", values)
    return len(ratios) * len(smallest) + len(largest)


def _prior_box(ctx: LayerContext) -> Outcome:
    """PriorBoxLayer::Reshape: coordinates and variances of the boxes of every position."""
    priors = _priors(fields(ctx, "prior_box_param"))
    bottom = ctx.bottom(0)
    values = int32(legacy_axis(bottom, 3) * legacy_axis(bottom, 2) * priors * 4)
    if values <= 0:
        raise fail("top_shape[2] > 0", values=(values, 0))
    return Outcome([reshape((1, 2, values))])


def _check_predictions(ctx: LayerContext, param: Fields) -> None:
    """As many locations and confidences as there are priors, in DetectionOutput and MultiBoxLoss."""
    location, confidence, priors = ctx.bottoms[:3]
    classes = param.integer("num_classes")
    location_classes = 1 if param.flag("share_location", True) else classes
    if location is not None and confidence is not None:
        nums = legacy_axis(location, 0), legacy_axis(confidence, 0)
        check_eq(nums[0], nums[1], "bottom[0]->num() == bottom[1]->num()")
    if priors is None:
        return
    boxes = legacy_axis(priors, 2) // 4
    for bottom, what, each, name in (
        (location, "location", location_classes * 4, "num_priors_ * num_loc_classes_ * 4"),
        (confidence, "confidence", classes, "num_priors_ * num_classes_"),
    ):
        if bottom is not None:
            detail = f"Number of priors must match number of {what} predictions."
            index = 0 if what == "location" else 1
            check_eq(boxes * each, legacy_axis(bottom, 1), f"{name} == bottom[{index}]->channels()", detail)


def _detection_output(ctx: LayerContext) -> Outcome:
    """DetectionOutputLayer: until data flows, one detection of seven values."""
    param = fields(ctx, "detection_output_param")
    if "num_classes" not in param:
        raise fail("detection_output_param.has_num_classes()", "Must specify num_classes")
    _check_predictions(ctx, param)
    return Outcome([(1, 1, 1, 7)])


def _multibox_loss(ctx: LayerContext) -> Outcome:
    """MultiBoxLossLayer::LayerSetUp and Reshape."""
    param = fields(ctx, "multibox_loss_param")
    if "num_classes" not in param:
        raise fail("multibox_loss_param.has_num_classes()", "Must provide num_classes.")
    if param.integer("num_classes") < 1:
        raise fail(
            "num_classes_ >= 1", "num_classes should not be less than 1.", (param.integer("num_classes"), 1)
        )
    if param.text("mining_type", "MAX_NEGATIVE") not in ("NONE", "0") and not param.flag(
        "share_location", True
    ):
        raise fail("share_location_", "Currently only support negative mining if share_location is true.")
    loss_reshape(ctx)
    _check_predictions(ctx, param)
    return Outcome([()])


def _resized(resize: Fields, height: int, width: int) -> tuple[int, int]:
    """InferNewSize of im_transforms.cpp: what resize_param makes of an image."""
    wanted_height, wanted_width = resize.integer("height"), resize.integer("width")
    if resize.text("resize_mode", "WARP") not in ("FIT_SMALL_SIZE", "2"):
        return wanted_height, wanted_width
    if not (wanted_height and width and height):
        raise Unknown
    ratio = width / height
    if ratio < wanted_width / wanted_height:
        return int(wanted_width / ratio), wanted_width
    return wanted_height, int(ratio * wanted_height)


def _annotated_data(ctx: LayerContext) -> Outcome:
    """AnnotatedDataLayer::DataLayerSetUp. How many boxes the labels hold is the file's matter."""
    param, transform = ctx.layer.data_param, inner(ctx, "transform_param")
    batch = int32(param.batch_size)
    labels: list[Shape | None] = [None] * (ctx.tops - 1)
    datum = ctx.datum(param.source)
    resize = transform.message("resize_param")
    crop = int32(ctx.layer.transform_param.crop_size)
    crop_h, crop_w = (crop, crop) if crop else (transform.integer("crop_h"), transform.integer("crop_w"))
    if datum is not None:
        channels, height, width = datum
    elif "resize_param" in transform or (crop_h and crop_w):
        channels, height, width = 3, 0, 0  # annotated images are in colour
    else:
        return Outcome([None, *labels])
    if "resize_param" in transform:
        try:
            height, width = _resized(resize, height, width)
        except Unknown:
            return Outcome([None, *labels])
    return Outcome([reshape((batch, channels, crop_h or height, crop_w or width)), *labels])


def _detection_evaluate(ctx: LayerContext) -> Outcome:
    """DetectionEvaluateLayer::Reshape: rows depend on the detections themselves."""
    if "num_classes" not in fields(ctx, "detection_evaluate_param"):
        raise fail("detection_evaluate_param.has_num_classes()", "Must provide num_classes.")
    return Outcome([None])


register_fork("Permute", "Reorders the axes.", _permute, "permute_param", family="common")
register_fork(
    "Normalize",
    "L2 normalization over the channels, times a learned scale.",
    _normalize,
    "norm_param",
    family="normalization",
    keeps_shape=True,
    roles=lambda layer: ("scale",),
)
register_fork(
    "PriorBox", "Default boxes on every position of a feature map.", _prior_box, "prior_box_param", Arity()
)
register_fork(
    "DetectionOutput",
    "Decodes boxes and scores into detections, without overlaps.",
    _detection_output,
    "detection_output_param",
    Arity(least=3, most=4),
)
register_fork(
    "MultiBoxLoss",
    "Location and confidence loss of predicted boxes matched with the annotated ones.",
    _multibox_loss,
    "multibox_loss_param",
    Arity(exact=4),
    gradients=lambda bottom: bottom < 2,
)
register_fork(
    "AnnotatedData",
    "Reads images and annotated boxes from an LMDB.",
    _annotated_data,
    "data_param",
    Arity(exact=0),
    Arity(least=1),
    family="data",
    summary=lambda layer: source_summary(layer.data_param.source, layer.data_param.batch_size),
)
register_fork(
    "DetectionEvaluate",
    "Compares detections with the annotated boxes.",
    _detection_evaluate,
    "detection_evaluate_param",
    Arity(exact=2),
    family="loss",
)
