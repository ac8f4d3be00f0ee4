"""Layers that change the shape of one blob: Flatten, Reshape, Crop, Tile, Reduction, ArgMax."""

from __future__ import annotations

from netgraft.caffe.catalogue.layer_checks import refuse_in_place
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, register
from netgraft.caffe.catalogue.shapes import (
    axis_size,
    canonical_axis,
    check_eq,
    count,
    fail,
    int32,
    proto_shape,
    remainder,
    reshape,
    total,
    touch,
)
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
ONE = Arity(exact=1)


def _flatten(ctx: LayerContext) -> Outcome:
    """FlattenLayer::Reshape: axes `axis` to `end_axis` become one."""
    refuse_in_place(ctx)
    param, bottom = ctx.layer.flatten_param, ctx.bottom(0)
    start = canonical_axis(param.axis, bottom)
    end = canonical_axis(param.end_axis, bottom) + 1
    return Outcome([reshape((*bottom[:start], count(bottom, start, end), *bottom[end:]))])


def _reshape(ctx: LayerContext) -> Outcome:
    """ReshapeLayer::LayerSetUp and Reshape: 0 copies the bottom's axis, -1 is what is left over."""
    refuse_in_place(ctx)
    param = ctx.layer.reshape_param
    dims = [int32(dim) for dim in param.shape.dim]
    copied = [i for i, dim in enumerate(dims) if dim == 0]
    inferred = [i for i, dim in enumerate(dims) if dim == -1]
    if len(inferred) > 1:
        detail = "new shape contains multiple -1 dims; at most a single (1) value of -1 may be specified"
        raise fail("inferred_axis_ == -1", detail, (inferred[0], -1))
    if ctx.bottoms[0] is None and not copied and not inferred and param.axis == 0 and param.num_axes == -1:
        return Outcome([proto_shape(param.shape.dim)])  # the shape is wholly stated
    bottom = ctx.bottom(0)
    axes = len(bottom)
    start = param.axis if param.axis >= 0 else axes + param.axis + 1
    if start < 0:
        raise fail("start_axis >= 0", f"axis {param.axis} out of range", (start, 0))
    if start > axes:
        detail = f"axis {param.axis} out of range for {axes}-D input blob"
        raise fail("start_axis <= bottom[0]->num_axes()", detail, (start, axes))
    if param.num_axes < -1:
        raise fail("num_axes >= -1", "num_axes must be >= 0, or -1 for all", (param.num_axes, -1))
    end = axes if param.num_axes == -1 else start + param.num_axes
    if end > axes:
        raise fail(
            "end_axis <= bottom[0]->num_axes()", "end_axis = axis + num_axes is out of range", (end, axes)
        )
    for i in copied:
        if axes <= start + i:
            detail = "new shape contains a 0, but there was no corresponding bottom axis to copy"
            raise fail("bottom[0]->num_axes() > start_axis + copy_axis_index", detail, (axes, start + i))
        dims[i] = bottom[start + i]
    values = total(bottom)
    if inferred:
        explicit = int32(count(bottom, 0, start) * count(bottom, end))
        for i, dim in enumerate(dims):
            if i != inferred[0]:
                explicit = int32(explicit * dim)
        left = remainder(values, explicit, "a stated dimension is 0")
        if left != 0:
            product = f"must be divisible by the product of the specified dimensions ({explicit})"
            detail = f"bottom count ({values}) {product}"
            raise fail("0 == bottom[0]->count() % explicit_count", detail, (0, left))
        # exact: the remainder is 0
        dims[inferred[0]] = values // explicit
    top = reshape((*bottom[:start], *dims, *bottom[end:]))
    check_eq(
        total(top), values, "top[0]->count() == bottom[0]->count()", "output count must match input count"
    )
    touch(values)
    return Outcome([top])


def _crop(ctx: LayerContext) -> Outcome:
    """CropLayer::LayerSetUp and Reshape: the first bottom cut to the second's size from `axis` on."""
    param = ctx.layer.crop_param
    bottom, offsets = ctx.bottom(0), param.offset
    start = canonical_axis(param.axis, bottom)
    if len(offsets) > 1:
        detail = "number of offset values specified must be equal to the number of dimensions following axis."
        reach = start + len(offsets)
        check_eq(reach, len(bottom), "start_axis + param.offset_size() == input_dim", detail)
    size = ctx.bottom(1)
    top = list(bottom)
    for axis in range(start, len(bottom)):
        top[axis] = axis_size(size, axis)
        offset = int32(offsets[0] if len(offsets) == 1 else offsets[axis - start]) if offsets else 0
        left = int32(bottom[axis] - offset)
        if left < top[axis]:
            raise fail(
                "bottom[0]->shape(i) - crop_offset >= bottom[1]->shape(i)",
                f"the crop for dimension {axis} is out-of-bounds with size {top[axis]} and offset {offset}",
                (left, top[axis]),
            )
    return Outcome([reshape(top)])


def _tile(ctx: LayerContext) -> Outcome:
    """TileLayer::Reshape: one axis repeated."""
    param, bottom = ctx.layer.tile_param, ctx.bottom(0)
    axis = canonical_axis(param.axis, bottom)
    if not param.HasField("tiles"):
        raise fail("tile_param.has_tiles()", "Number of tiles must be specified")
    if param.tiles == 0:  # kept unsigned, so that a negative number passes here and makes a negative axis
        raise fail("tiles_ > 0", "Number of tiles must be positive.", (0, 0))
    return Outcome([reshape((*bottom[:axis], int32(bottom[axis] * param.tiles), *bottom[axis + 1 :]))])


_SUM, _MEAN = 1, 4


def _reduction(ctx: LayerContext) -> Outcome:
    """ReductionLayer::Reshape: the axes from `axis` on become one value."""
    param, bottom = ctx.layer.reduction_param, ctx.bottom(0)
    axis = canonical_axis(param.axis, bottom)
    top = reshape(bottom[:axis])
    if param.operation in (_SUM, _MEAN) and not ctx.in_place:
        touch(count(bottom, axis))
    return Outcome([top])


def _argmax(ctx: LayerContext) -> Outcome:
    """ArgMaxLayer::LayerSetUp and Reshape: along `axis`, or over all but the first axis."""
    param = ctx.layer.argmax_param
    top_k = param.top_k
    if top_k < 1:
        raise fail("top_k_ >= 1", "top k must not be less than 1.", (top_k, 1))
    bottom = ctx.bottom(0)
    if param.HasField("axis"):
        axis = canonical_axis(param.axis, bottom)
        if top_k > bottom[axis]:
            detail = "top_k must be less than or equal to the dimension of the axis."
            raise fail("top_k_ <= bottom[0]->shape(axis_)", detail, (top_k, bottom[axis]))
        return Outcome([reshape((*bottom[:axis], top_k, *bottom[axis + 1 :]))])
    flat = count(bottom, 1)
    if top_k > flat:
        detail = (
            "top_k must be less than or equal to the dimension of the flattened bottom blob per instance."
        )
        raise fail("top_k_ <= bottom[0]->count(1)", detail, (top_k, flat))
    pairs = 2 if param.out_max_val else 1
    return Outcome([reshape((bottom[0], pairs, top_k, *[1] * (len(bottom) - 3)))])


def _dims(layer: Layer) -> str:
    """A Reshape's dims: `0×-1×1×1`."""
    return "×".join(str(dim) for dim in layer.reshape_param.shape.dim)


def _flatten_summary(layer: Layer) -> str:
    param = layer.flatten_param
    return "" if (param.axis, param.end_axis) == (1, -1) else f"axes {param.axis} to {param.end_axis}"


def _reduction_summary(layer: Layer) -> str:
    param = layer.reduction_param
    return f"{caffe_pb2.ReductionParameter.ReductionOp.Name(param.operation)} axis {param.axis}"


def _crop_summary(layer: Layer) -> str:
    offsets = ", ".join(str(offset) for offset in layer.crop_param.offset)
    return f"axis {layer.crop_param.axis}" + (f" offset {offsets}" if offsets else "")


register(
    LayerType(
        "Flatten",
        "common",
        "Makes one axis of several.",
        _flatten,
        "flatten_param",
        bottoms=ONE,
        tops=ONE,
        summary=_flatten_summary,
    )
)
register(
    LayerType(
        "Reshape",
        "common",
        "The same values in another shape: 0 keeps an axis, -1 is what is left over.",
        _reshape,
        "reshape_param",
        bottoms=ONE,
        tops=ONE,
        summary=_dims,
    )
)
register(
    LayerType(
        "Crop",
        "vision",
        "Cuts the first bottom to the size of the second.",
        _crop,
        "crop_param",
        bottoms=Arity(exact=2),
        tops=ONE,
        summary=_crop_summary,
    )
)
register(
    LayerType(
        "Tile",
        "common",
        "Repeats the input along an axis.",
        _tile,
        "tile_param",
        bottoms=ONE,
        tops=ONE,
        summary=lambda layer: f"×{layer.tile_param.tiles} axis {layer.tile_param.axis}",
    )
)
register(
    LayerType(
        "Reduction",
        "common",
        "The sum, mean, sum of squares or of absolute values over the last axes.",
        _reduction,
        "reduction_param",
        bottoms=ONE,
        tops=ONE,
        summary=_reduction_summary,
    )
)
register(
    LayerType(
        "ArgMax",
        "common",
        "The indices of the top_k greatest values.",
        _argmax,
        "argmax_param",
        bottoms=ONE,
        tops=ONE,
        summary=lambda layer: f"top {layer.argmax_param.top_k}",
    )
)
