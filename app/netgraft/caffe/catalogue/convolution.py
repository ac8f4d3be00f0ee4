"""Convolution, Deconvolution and Im2col: windows over any number of spatial axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Never

from netgraft.caffe.catalogue.fillers import filled, given_blobs
from netgraft.caffe.catalogue.registry import (
    Arity,
    LayerContext,
    LayerType,
    Outcome,
    Refusal,
    Shape,
    register,
)
from netgraft.caffe.catalogue.shapes import (
    canonical_axis,
    check_eq,
    count,
    divide,
    fail,
    int32,
    remainder,
    reshape,
    shape_string,
    touch,
)
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
Param = caffe_pb2.ConvolutionParameter


@dataclass(slots=True)
class Window:
    """A sliding window, one value a spatial axis."""

    kernel: list[int]
    stride: list[int]
    pad: list[int]
    dilation: list[int]

    def output(self, axis: int, size: int) -> int:
        """Where a window over an axis of that size fits: the axis of the output (compute_output_shape)."""
        extent = self.dilation[axis] * (self.kernel[axis] - 1) + 1
        return divide(int32(size + 2 * self.pad[axis] - extent), self.stride[axis], "stride is 0") + 1

    def input(self, axis: int, size: int) -> int:
        """The reverse, for deconvolution (DeconvolutionLayer::compute_output_shape)."""
        extent = self.dilation[axis] * (self.kernel[axis] - 1) + 1
        return self.stride[axis] * (size - 1) + extent - 2 * self.pad[axis]


def _not_once(field: str, given: int, spatial: int, end: str) -> Never:
    """The refusal of a list that is neither one value nor one a spatial axis."""
    none_too = "" if field == "kernel" else f"num_{field}_dims == 0 || "
    name = "kernel_size" if field == "kernel" else field
    raise fail(
        f"{none_too}num_{field}_dims == 1 || num_{field}_dims == num_spatial_axes_",
        f"{name} must be specified once, or once per spatial dimension "
        f"({name} specified {given} times; {spatial} spatial dims){end}",
    )


def _spread(values: Sequence[int], spatial: int, default: int) -> list[int]:
    """A repeated field over the spatial axes: none is the default, one is for all."""
    if not values:
        return [default] * spatial
    if len(values) == 1:
        return [int32(values[0])] * spatial
    return [int32(value) for value in values]


def _by_side(param: Param, field: str) -> bool:
    """Whether the field's height or width is stated by itself."""
    return param.HasField(f"{field}_h") or param.HasField(f"{field}_w")


def _along_axes(param: Param, field: str, default: int, spatial: int, end: str) -> list[int]:
    """The values of `kernel`, `stride` or `pad` on each spatial axis: from field_h and field_w, or listed."""
    name = "kernel_size" if field == "kernel" else field
    listed = getattr(param, name)
    if _by_side(param, field):
        detail = f"{field}_h & {field}_w can only be used for 2D convolution."
        check_eq(spatial, 2, "num_spatial_axes_ == 2", detail)
        detail = f"Either {name} or {field}_h/w should be specified; not both."
        check_eq(0, len(listed), f"0 == conv_param.{name}_size()", detail)
        return [int32(getattr(param, f"{field}_h")), int32(getattr(param, f"{field}_w"))]
    if len(listed) not in (1, spatial) and (listed or field == "kernel"):
        _not_once(field, len(listed), spatial, end)
    return _spread(listed, spatial, default)


def window(param: Param, spatial: int, end: str = ".") -> Window:
    """The window that a ConvolutionParameter states for that many spatial axes.

    Mirrors the first half of BaseConvolutionLayer::LayerSetUp, which Im2colLayer repeats with
    messages that close with `;` (`end`).
    """
    kernel = _along_axes(param, "kernel", 0, spatial, end)
    for size in kernel:
        if size <= 0:
            raise fail("kernel_shape_data[i] > 0", "Filter dimensions must be nonzero.", (size, 0))
    stride = _along_axes(param, "stride", 1, spatial, end)
    for step in () if _by_side(param, "stride") else stride:
        if step <= 0:
            raise fail("stride_data[i] > 0", "Stride dimensions must be nonzero.", (step, 0))
    pad = _along_axes(param, "pad", 0, spatial, end)
    if len(param.dilation) not in (0, 1, spatial):
        _not_once("dilation", len(param.dilation), spatial, ".")
    return Window(kernel, stride, pad, _spread(param.dilation, spatial, 1))


def layer_roles(layer: Layer) -> tuple[str, ...]:
    """Weight, and bias where there is one."""
    return ("weight", "bias") if layer.convolution_param.bias_term else ("weight",)


def _unknown(ctx: LayerContext) -> Outcome:
    """What is known without the bottom: the number of blobs, the bias, and a num_output that cannot be."""
    param = ctx.layer.convolution_param
    outputs = int32(param.num_output)
    if outputs <= 0:
        raise fail("num_output_ > 0", values=(outputs, 0))
    _check_groups(outputs, outputs, int32(param.group))
    return Outcome([None] * ctx.tops, [None, (outputs,)] if param.bias_term else [None])


def _check_groups(channels: int, outputs: int, group: int) -> None:
    check_eq(remainder(channels, group, "group is 0"), 0, "channels_ % group_ == 0")
    detail = "Number of output should be multiples of group."
    check_eq(remainder(outputs, group, "group is 0"), 0, "num_output_ % group_ == 0", detail)


def _blobs(layer: Layer, weight: Shape, bias: Shape | None) -> list[Shape | None]:
    """The blobs: those that the prototxt holds, of the right shapes, else new ones, filled."""
    param = layer.convolution_param
    given = given_blobs(layer)
    if not given:
        made: list[Shape | None] = [filled(weight, param.weight_filler)]
        if bias is not None:
            made.append(filled(bias, param.bias_filler))
        return made
    wanted = [weight] if bias is None else [weight, bias]
    detail = "Incorrect number of weight blobs."
    check_eq(len(wanted), len(given), "1 + bias_term_ == this->blobs_.size()", detail)
    for role, want, have in zip(("weight", "bias"), wanted, given, strict=False):
        if want != have:
            expected = shape_string(reshape(want))
            raise Refusal(
                f"Incorrect {role} shape: expected shape {expected}; instead, shape was {shape_string(have)}"
            )
    return list(given)


def convolve(ctx: LayerContext, reverse: bool = False) -> Outcome:
    """BaseConvolutionLayer::LayerSetUp and Reshape; `reverse` for deconvolution."""
    layer = ctx.layer
    param = layer.convolution_param
    bottom = ctx.bottoms[0]
    if bottom is None:
        return _unknown(ctx)
    axis = canonical_axis(param.axis, bottom)
    spatial = len(bottom) - axis - 1
    win = window(param, spatial)
    channels, outputs = bottom[axis], int32(param.num_output)
    if outputs <= 0:
        raise fail("num_output_ > 0", values=(outputs, 0))
    group = int32(param.group)
    _check_groups(channels, outputs, group)
    out_channels, in_channels = (channels, outputs) if reverse else (outputs, channels)
    weight = (out_channels, divide(in_channels, group, "group is 0"), *win.kernel)
    blobs = _blobs(layer, weight, (outputs,) if param.bias_term else None)

    for index, other in enumerate(ctx.bottoms):
        if other is not None and other != bottom:
            detail = (
                f"shape mismatch - bottom[0]: {shape_string(bottom)} "
                f"vs. bottom[{index}]: {shape_string(other)}"
            )
            raise fail("bottom[0]->shape() == bottom[bottom_id]->shape()", detail)
    fit = win.input if reverse else win.output
    sizes = [int32(fit(i, bottom[axis + 1 + i])) for i in range(spatial)]
    top = reshape((*bottom[:axis], outputs, *sizes))
    columns = sizes
    if reverse:
        columns = list((top if ctx.in_place else bottom)[axis + 1 :])
    reshape((int32(int32(count(weight, 1)) * group), *columns))
    if param.bias_term:
        touch(count(top, axis + 1))
    return Outcome([top] * ctx.tops, blobs)


def _deconvolution(ctx: LayerContext) -> Outcome:
    return convolve(ctx, reverse=True)


def _im2col(ctx: LayerContext) -> Outcome:
    """Im2colLayer::LayerSetUp and Reshape: each window becomes a column of channels."""
    param = ctx.layer.convolution_param
    bottom = ctx.bottom(0)
    axis = canonical_axis(param.axis, bottom)
    spatial = len(bottom) - axis - 1
    if spatial < 1:
        raise fail("num_spatial_axes_ >= 1", values=(spatial, 1))
    win = window(param, spatial, ";")
    sizes = [int32(win.output(i, bottom[axis + 1 + i])) for i in range(spatial)]
    return Outcome([reshape((*bottom[:axis], int32(bottom[axis] * prod(win.kernel)), *sizes))])


def _pair(values: Sequence[int], height: int, width: int, stated: bool, default: int) -> list[int]:
    return [height, width] if stated else (list(values) or [default])


def window_text(param: Param) -> str:
    """`3×3 /2 pad 1 dil 2 g 32`: kernel, and the rest where it is not the default."""
    kernel = _pair(param.kernel_size, param.kernel_h, param.kernel_w, param.HasField("kernel_h"), 0)
    stride = _pair(param.stride, param.stride_h, param.stride_w, param.HasField("stride_h"), 1)
    pad = _pair(param.pad, param.pad_h, param.pad_w, param.HasField("pad_h") or param.HasField("pad_w"), 0)
    parts = [f"{kernel[0]}×{kernel[0]}" if len(kernel) == 1 else _times(kernel)]
    if any(step != 1 for step in stride):
        parts.append(f"/{_short(stride)}")
    if any(pad):
        parts.append(f"pad {_short(pad)}")
    if any(hole != 1 for hole in param.dilation):
        parts.append(f"dil {_short(list(param.dilation))}")
    if param.group != 1:
        parts.append(f"g {param.group}")
    return " ".join(parts)


def _times(values: Sequence[int]) -> str:
    return "×".join(str(value) for value in values)


def _short(values: Sequence[int]) -> str:
    """One number where all are equal."""
    return str(values[0]) if len(set(values)) == 1 else _times(values)


def summary(layer: Layer) -> str:
    """`64 · 3×3 pad 1`: the number of outputs and the window."""
    return f"{layer.convolution_param.num_output} · {window_text(layer.convolution_param)}"


for _name, _setup, _doc in (
    ("Convolution", convolve, "Learned filters slid over the input, one output channel each."),
    ("Deconvolution", _deconvolution, "Convolution turned round: learned upsampling by its stride."),
):
    register(
        LayerType(
            _name,
            "vision",
            _doc,
            _setup,
            "convolution_param",
            bottoms=Arity(least=1),
            tops=Arity(least=1),
            equal=True,
            engine=lambda layer: layer.convolution_param.engine,
            roles=layer_roles,
            summary=summary,
        )
    )
register(
    LayerType(
        "Im2col",
        "vision",
        "Lays the windows of a convolution out as columns of channels.",
        _im2col,
        "convolution_param",
        bottoms=Arity(exact=1),
        tops=Arity(exact=1),
        summary=lambda layer: window_text(layer.convolution_param),
    )
)
