"""Layers of SegNet, DeconvNet, DeepLab and PSPNet: BN, Upsample, Unpooling, Interp, image pairs."""

from __future__ import annotations

from netgraft.caffe.catalogue.convolution import convolve, layer_roles
from netgraft.caffe.catalogue.forks.fields import Fields, fields, foreign, inner
from netgraft.caffe.catalogue.forks.registering import ONE, register_fork
from netgraft.caffe.catalogue.registry import Arity, LayerContext, Outcome, Shape, Unknown
from netgraft.caffe.catalogue.shapes import check_eq, divide, fail, int32, legacy_axis, reshape
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter

_SEGNET = ("scale_filler", "shift_filler", "bn_mode")
_PSPNET = ("slope_filler", "bias_filler", "frozen", "momentum", "eps")


def _bn_roles(layer: Layer) -> tuple[str, ...]:
    """PSPNet's BN has four blobs, SegNet's two; the number of `param` tells them apart."""
    return ("scale", "shift") if len(layer.param) in (1, 2) else ("slope", "bias", "mean", "variance")


def _bn(ctx: LayerContext) -> Outcome:
    """BNLayer::LayerSetUp: every blob is a value a channel, with four axes."""
    param = fields(ctx, "bn_param")
    if len(ctx.layer.param) > 2:
        number = 4
    elif any(name in param for name in _SEGNET):
        number = 2
    elif any(name in param for name in _PSPNET):
        number = 4
    else:
        number = len(_bn_roles(ctx.layer))
    bottom = ctx.bottoms[0]
    if bottom is None:
        return Outcome([None] * ctx.tops, [None] * number)
    each = reshape((1, legacy_axis(bottom, 1), 1, 1))
    return Outcome([bottom, *[each] * (ctx.tops - 1)], [each] * number)


def _interp_size(param: Fields, size: int, name: str) -> int:
    """One axis of InterpLayer::Reshape: shrunk or zoomed, of a stated size, or shrunk and then zoomed."""
    shrink, zoom = "shrink_factor" in param, "zoom_factor" in param
    if shrink == zoom and "height" in param and "width" in param:
        return param.integer(name)
    if not (shrink or zoom):
        raise Unknown
    factors = {factor: param.integer(factor, 1) for factor in ("shrink_factor", "zoom_factor")}
    for factor, value in factors.items():
        if value < 1:
            what = factor.split("_")[0]
            raise fail(f"{factor} >= 1", f"{what.capitalize()} factor must be positive", (value, 1))
    size = divide(size - 1, factors["shrink_factor"], "") + 1
    return size + (size - 1) * (factors["zoom_factor"] - 1)


def _interp(ctx: LayerContext) -> Outcome:
    """InterpLayer::LayerSetUp and Reshape (DeepLab, PSPNet)."""
    param = fields(ctx, "interp_param")
    crops = param.integer("pad_beg") + param.integer("pad_end")
    for name in ("pad_beg", "pad_end"):
        if param.integer(name) > 0:
            detail = "Only supports non-pos padding (cropping) for now"
            raise fail(f"{name}_ <= 0", detail, (param.integer(name), 0))
    if len(ctx.bottoms) != 1:
        return foreign(ctx)  # that takes the size from the second bottom
    bottom = ctx.bottom(0)
    sizes = []
    for axis, name in ((2, "height"), (3, "width")):
        effective = legacy_axis(bottom, axis) + crops
        size = _interp_size(param, effective, name)
        for value, what in ((effective, "in_eff"), (size, "out")):
            if value <= 0:
                raise fail(f"{name}_{what}_ > 0", f"{name} should be positive", (value, 0))
        sizes.append(size)
    return Outcome([reshape((legacy_axis(bottom, 0), legacy_axis(bottom, 1), *sizes))])


def _upsample(ctx: LayerContext) -> Outcome:
    """UpsampleLayer: SegNet's, by a mask from pooling, with two bottoms; YOLO's, by a factor, with one."""
    param = fields(ctx, "upsample_param")
    bottom = ctx.bottom(0)
    if len(ctx.bottoms) == 1:
        factor = param.integer("scale", param.integer("height_scale", 1))
        if len(bottom) < 2:
            raise Unknown
        return Outcome([reshape((*bottom[:-2], int32(bottom[-2] * factor), int32(bottom[-1] * factor)))])
    detail = "Input must have 4 axes, corresponding to (num, channels, height, width)"
    check_eq(4, len(bottom), "4 == bottom[0]->num_axes()", detail)
    mask = ctx.bottoms[1]
    if mask is not None:
        detail = "Input mask must have 4 axes, corresponding to (num, channels, height, width)"
        check_eq(4, len(mask), "4 == bottom[1]->num_axes()", detail)
        for axis, name in enumerate(("num", "channels", "height", "width")):
            check_eq(bottom[axis], mask[axis], f"bottom[0]->{name}() == bottom[1]->{name}()")
    if "upsample_h" in param and "upsample_w" in param:
        return Outcome([reshape((*bottom[:2], param.integer("upsample_h"), param.integer("upsample_w")))])
    height = bottom[2] * param.integer("scale_h", param.integer("scale", 2)) - param.flag("pad_out_h")
    width = bottom[3] * param.integer("scale_w", param.integer("scale", 2)) - param.flag("pad_out_w")
    return Outcome([reshape((*bottom[:2], height, width))])


def _unpooling(ctx: LayerContext) -> Outcome:
    """UnpoolingLayer::Reshape (DeconvNet): a stated size, or as large as the kernel and stride make it."""
    param = fields(ctx, "unpooling_param")
    if "unpooling_param" not in ctx.fork:
        return foreign(ctx)  # that reads pooling_param instead
    bottom = ctx.bottom(0)
    sizes = []
    for axis, side in ((2, "h"), (3, "w")):
        size = param.integer(f"unpool_{side}", param.integer("unpool_size", -1))
        if size < 0:
            kernel = param.integer(f"kernel_{side}", param.integer("kernel_size"))
            if kernel <= 0:
                raise fail(f"kernel_{side}_ > 0", "Filter dimensions cannot be zero.", (kernel, 0))
            stride = param.integer(f"stride_{side}", param.integer("stride", 1))
            old = legacy_axis(bottom, axis)
            size = max((old - 1) * stride + kernel, old * stride + 1)
        sizes.append(size)
    return Outcome([reshape((legacy_axis(bottom, 0), legacy_axis(bottom, 1), *sizes))])


def _hole_convolution(ctx: LayerContext) -> Outcome:
    """HoleConvolutionLayer: a convolution whose dilation is called `hole`."""
    hole = inner(ctx, "convolution_param")
    both = hole.integer("hole", 1)
    dilation = (hole.integer("hole_h", both), hole.integer("hole_w", both))
    layer = Layer()
    layer.CopyFrom(ctx.layer)
    layer.convolution_param.dilation[:] = dilation
    return convolve(LayerContext(layer, ctx.bottoms, ctx.tops, ctx.phase))


def _image_pairs(ctx: LayerContext, param: Fields, names: tuple[str, str]) -> list[Shape | None]:
    """An image and its label image, of one size, where the file states it."""
    crop = int32(ctx.layer.transform_param.crop_size)
    sizes = (crop, crop) if crop else (param.integer(names[0]), param.integer(names[1]))
    if not all(sizes):
        sizes = (param.integer("new_height"), param.integer("new_width"))
    if not all(sizes):
        return [None, None]
    batch, channels = param.integer("batch_size", 1), 3 if param.flag("is_color", True) else 1
    return [reshape((batch, channels, *sizes)), reshape((batch, 1, *sizes))]


def _dense_image_data(ctx: LayerContext) -> Outcome:
    """DenseImageDataLayer::DataLayerSetUp (SegNet)."""
    pair = _image_pairs(ctx, fields(ctx, "dense_image_data_param"), ("crop_height", "crop_width"))
    return Outcome((pair + [None] * ctx.tops)[: ctx.tops])


def _image_seg_data(ctx: LayerContext) -> Outcome:
    """ImageSegDataLayer::DataLayerSetUp (DeepLab, PSPNet): image, labels, and the image's size."""
    image, transform = ctx.layer.image_data_param, inner(ctx, "transform_param")
    stated = {
        "batch_size": [str(image.batch_size)],
        "is_color": ["true" if image.is_color else "false"],
        "new_height": [str(image.new_height)],
        "new_width": [str(image.new_width)],
        "crop_height": [str(transform.integer("crop_height"))],
        "crop_width": [str(transform.integer("crop_width"))],
    }
    pair = _image_pairs(ctx, Fields(stated), ("crop_height", "crop_width"))
    made = [*pair, reshape((image.batch_size, 1, 1, 2))]
    return Outcome((made + [None] * ctx.tops)[: ctx.tops])


def _seg_accuracy(ctx: LayerContext) -> Outcome:
    """SegAccuracyLayer::Reshape: pixel accuracy, class accuracy, intersection over union."""
    data, label = ctx.bottoms
    if data is not None and label is not None:
        check_eq(legacy_axis(label, 1), 1, "bottom[1]->channels() == 1", "The label should have one channel.")
        for axis, name, what in ((0, "num", "number"), (2, "height", "height"), (3, "width", "width")):
            theirs = legacy_axis(label, axis)
            detail = f"The data should have the same {what} as label."
            check_eq(legacy_axis(data, axis), theirs, f"bottom[0]->{name}() == bottom[1]->{name}()", detail)
    return Outcome([(1, 1, 1, 3)])


def _early_crop(ctx: LayerContext) -> Outcome:
    """CropLayer of the FCN fork, before BVLC had one: the second bottom's height and width."""
    data, reference = ctx.bottom(0), ctx.bottom(1)
    sizes = (legacy_axis(reference, 2), legacy_axis(reference, 3))
    return Outcome([reshape((legacy_axis(data, 0), legacy_axis(data, 1), *sizes))])


register_fork(
    "CROP",
    "FCN's crop in the old format: as high and wide as the second bottom.",
    _early_crop,
    None,
    Arity(exact=2),
)
register_fork(
    "BN",
    "Batch normalization with its own learned slope and bias.",
    _bn,
    "bn_param",
    ONE,
    Arity(least=1),
    family="normalization",
    keeps_shape=True,
    in_place=True,
    roles=_bn_roles,
)
register_fork(
    "Interp", "Bilinear resizing to a size or by a factor.", _interp, "interp_param", Arity(least=1)
)
register_fork(
    "Upsample",
    "Enlarges: by the mask of a pooling with two bottoms, by a factor with one.",
    _upsample,
    "upsample_param",
    Arity(least=1, most=2),
)
register_fork(
    "Unpooling",
    "Puts pooled values back where a pooling's mask says they came from.",
    _unpooling,
    "unpooling_param",
    Arity(least=1, most=3),
)
register_fork(
    "HoleConvolution",
    "A dilated convolution, whose dilation is called hole.",
    _hole_convolution,
    "convolution_param",
    Arity(least=1),
    Arity(least=1),
    equal=True,
    roles=layer_roles,
)
register_fork(
    "DenseImageData",
    "Reads images with a label image each.",
    _dense_image_data,
    "dense_image_data_param",
    Arity(exact=0),
    Arity(least=1),
    family="data",
)
register_fork(
    "ImageSegData",
    "Reads images with a label image each, and their sizes.",
    _image_seg_data,
    "image_data_param",
    Arity(exact=0),
    Arity(least=1),
    family="data",
)
register_fork(
    "SegAccuracy",
    "Pixel accuracy, class accuracy and intersection over union.",
    _seg_accuracy,
    "seg_accuracy_param",
    Arity(exact=2),
    family="loss",
)
