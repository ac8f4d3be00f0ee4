"""Layers that join blobs or take them apart: Concat, Eltwise, Slice, Split, Filter, BatchReindex."""

from __future__ import annotations

from netgraft.caffe.catalogue.layer_checks import refuse_in_place, reshaped_like
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Shape, register
from netgraft.caffe.catalogue.shapes import (
    MAX_AXES,
    UNSHAPED,
    axis_size,
    canonical_axis,
    check_eq,
    equal_shapes,
    fail,
    int32,
    reshape,
    shape_string,
    total,
    touch,
)
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
ONE = Arity(exact=1)


def _joint_axis(param: caffe_pb2.ConcatParameter | caffe_pb2.SliceParameter, bottom: Shape) -> int:
    """The axis of Concat and Slice: `axis`, or the deprecated concat_dim or slice_dim, never negative."""
    if isinstance(param, caffe_pb2.ConcatParameter):
        word, old = "concat", int32(param.concat_dim) if param.HasField("concat_dim") else None
    else:
        word, old = "slice", int32(param.slice_dim) if param.HasField("slice_dim") else None
    if old is None:
        return canonical_axis(param.axis, bottom)
    if old < 0:
        raise fail(
            f"{word}_axis_ >= 0",
            f"casting {word}_dim from uint32 to int32 produced negative result; "
            f"{word}_dim must satisfy 0 <= {word}_dim < {MAX_AXES}",
            (old, 0),
        )
    if old >= len(bottom):
        raise fail(f"{word}_axis_ < num_axes", f"{word}_dim out of range.", (old, len(bottom)))
    return old


def _concat(ctx: LayerContext) -> Outcome:
    """ConcatLayer::LayerSetUp and Reshape: sizes add up along the axis, the others must agree."""
    param = ctx.layer.concat_param
    if param.HasField("axis") and param.HasField("concat_dim"):
        detail = "Either axis or concat_dim should be specified; not both."
        raise fail("!(concat_param.has_axis() && concat_param.has_concat_dim())", detail)
    first = ctx.bottom(0)
    axis = _joint_axis(param, first)
    size: int | None = first[axis]
    for other in ctx.bottoms[1:]:
        if other is None:
            size = None
            continue
        if len(other) != len(first):
            detail = "All inputs must have the same #axes."
            raise fail("num_axes == bottom[i]->num_axes()", detail, (len(first), len(other)))
        if other[:axis] != first[:axis] or other[axis + 1 :] != first[axis + 1 :]:
            ours, theirs = next(
                (ours, theirs)
                for j, (ours, theirs) in enumerate(zip(first, other, strict=True))
                if j != axis and ours != theirs
            )
            detail = "All inputs must have the same shape, except at concat_axis."
            raise fail("top_shape[j] == bottom[i]->shape(j)", detail, (ours, theirs))
        if size is not None:
            size = int32(size + other[axis])
    if size is None:
        return Outcome([None])
    top = reshape((*first[:axis], size, *first[axis + 1 :]))
    if len(ctx.bottoms) == 1:
        touch(total(first))
    return Outcome([top])


def _eltwise(ctx: LayerContext) -> Outcome:
    """EltwiseLayer::LayerSetUp and Reshape."""
    param = ctx.layer.eltwise_param
    coefficients = len(param.coeff)
    if coefficients not in (0, len(ctx.bottoms)):
        size = "this->layer_param().eltwise_param().coeff_size()"
        detail = "Eltwise Layer takes one coefficient per bottom blob."
        raise fail(f"{size} == 0 || {size} == bottom.size()", detail)
    if coefficients and param.operation == 0:
        raise fail(
            "!(this->layer_param().eltwise_param().operation() == EltwiseParameter_EltwiseOp_PROD "
            "&& this->layer_param().eltwise_param().coeff_size())",
            "Eltwise layer only takes coefficients for summation.",
        )
    # shapes must be equal, so any known bottom tells the top
    base, known = next(((i, shape) for i, shape in enumerate(ctx.bottoms) if shape is not None), (0, None))
    if known is None:
        return Outcome([None])
    for i, other in enumerate(ctx.bottoms):
        if other is not None and other is not known and not equal_shapes(known, other):
            detail = f"bottom[{base}]: {shape_string(known)}, bottom[{i}]: {shape_string(other)}"
            raise fail("bottom[0]->shape() == bottom[i]->shape()", detail)
    return Outcome([reshaped_like(known)])


def _slice(ctx: LayerContext) -> Outcome:
    """SliceLayer::LayerSetUp and Reshape: equal parts, or cut at each slice_point."""
    param, tops = ctx.layer.slice_param, ctx.tops
    if param.HasField("axis") and param.HasField("slice_dim"):
        detail = "Either axis or slice_dim should be specified; not both."
        raise fail("!(slice_param.has_axis() && slice_param.has_slice_dim())", detail)
    bottom = ctx.bottoms[0]
    if bottom is None:
        if param.slice_point:
            check_eq(len(param.slice_point), tops - 1, "slice_point_.size() == top.size() - 1")
        return Outcome([None] * tops)
    axis = _joint_axis(param, bottom)
    size = bottom[axis]
    sizes: list[int] = []
    if param.slice_point:
        check_eq(len(param.slice_point), tops - 1, "slice_point_.size() == top.size() - 1")
        if tops > size:
            detail = f"slice axis: {axis}, bottom[0] shape: {shape_string(bottom)}"
            raise fail("top.size() <= bottom_slice_axis", detail, (tops, size))
        previous = 0
        for point in map(int32, param.slice_point):
            if point <= previous:
                raise fail("slice_point_[i] > prev", values=(point, previous))
            sizes.append(point - previous)
            previous = point
        sizes.append(size - previous)
    else:
        detail = f"Number of top blobs ({tops}) should evenly divide input slice axis ({size})"
        check_eq(size % tops, 0, "bottom_slice_axis % top.size() == 0", detail)
        sizes = [size // tops] * tops
    made: list[Shape | None] = []
    values = 0
    for part in sizes:
        top = reshape((*bottom[:axis], part, *bottom[axis + 1 :]))
        values += total(top)
        made.append(top)
    # in place, the first top's shape is now the bottom's too
    whole = total(made[0] or ()) if ctx.in_place else total(bottom)
    check_eq(values, whole, "count == bottom[0]->count()")
    if tops == 1:
        touch(whole)
    return Outcome(made)


def _split(ctx: LayerContext) -> Outcome:
    """SplitLayer::Reshape."""
    bottom = ctx.bottoms[0]
    refuse_in_place(ctx, "top[i]")
    if bottom is UNSHAPED:
        check_eq(0, 1, "count_ == top[i]->count()")
    return Outcome([bottom] * ctx.tops)


def _filter(ctx: LayerContext) -> Outcome:
    """FilterLayer::LayerSetUp and Reshape: until data flows, every item passes."""
    check_eq(ctx.tops, len(ctx.bottoms) - 1, "top.size() == bottom.size() - 1")
    selector = ctx.bottoms[-1]
    items = ctx.bottoms[:-1]
    if selector is not None:
        detail = "Selector blob dimensions must be singletons (1), except the first"
        for size in selector[1:]:
            check_eq(size, 1, "bottom[selector_index]->shape(i) == 1", detail)
        detail = "Each bottom should have the same 0th dimension as the selector blob"
        for item in items:
            if item is not None:
                theirs = axis_size(item, 0)  # CHECK_EQ's right side is evaluated first
                ours = axis_size(selector, 0)
                check_eq(ours, theirs, "bottom[selector_index]->shape(0) == bottom[i]->shape(0)", detail)
        touch(total(selector))
    return Outcome([None if item is None else reshape(item) for item in items])


def _batch_reindex(ctx: LayerContext) -> Outcome:
    """BatchReindexLayer::Reshape: as many items as there are indices."""
    index = ctx.bottom(1)
    check_eq(1, len(index), "1 == bottom[1]->num_axes()")
    return Outcome([reshape((index[0], *ctx.bottom(0)[1:]))])


def _concat_summary(layer: Layer) -> str:
    param = layer.concat_param
    return f"axis {param.concat_dim if param.HasField('concat_dim') else param.axis}"


def _slice_summary(layer: Layer) -> str:
    param = layer.slice_param
    axis = f"axis {param.slice_dim if param.HasField('slice_dim') else param.axis}"
    points = ", ".join(str(point) for point in param.slice_point)
    return f"{axis} at {points}" if points else axis


def _eltwise_summary(layer: Layer) -> str:
    param = layer.eltwise_param
    weights = ", ".join(f"{coefficient:g}" for coefficient in param.coeff)
    name = caffe_pb2.EltwiseParameter.EltwiseOp.Name(param.operation)
    return f"{name} {weights}".rstrip()


register(
    LayerType(
        "Concat",
        "common",
        "Puts blobs side by side along an axis.",
        _concat,
        "concat_param",
        bottoms=Arity(least=1),
        tops=ONE,
        summary=_concat_summary,
    )
)
register(
    LayerType(
        "Eltwise",
        "common",
        "Adds, multiplies or takes the greatest of blobs of one shape, value by value.",
        _eltwise,
        "eltwise_param",
        bottoms=Arity(least=2),
        tops=ONE,
        keeps_shape=True,
        in_place=False,
        summary=_eltwise_summary,
    )
)
register(
    LayerType(
        "Slice",
        "common",
        "Cuts a blob into parts along an axis.",
        _slice,
        "slice_param",
        bottoms=ONE,
        tops=Arity(least=1),
        summary=_slice_summary,
    )
)
register(
    LayerType(
        "Split",
        "utility",
        "Gives the same blob out several times; Caffe puts these in by itself.",
        _split,
        bottoms=ONE,
        tops=Arity(least=1),
        keeps_shape=True,
    )
)
register(
    LayerType(
        "Filter",
        "common",
        "Lets through the items whose selector, the last bottom, is not 0.",
        _filter,
        bottoms=Arity(least=2),
        tops=Arity(least=1),
    )
)
register(
    LayerType(
        "BatchReindex",
        "common",
        "Picks and repeats the items of a batch by the indices in the second bottom.",
        _batch_reindex,
        bottoms=Arity(exact=2),
        tops=ONE,
    )
)
