"""Pooling and spatial pyramid pooling."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite

from netgraft.caffe.catalogue.layer_checks import check_tops
from netgraft.caffe.catalogue.registry import (
    Arity,
    LayerContext,
    LayerType,
    Outcome,
    Refusal,
    Shape,
    register,
)
from netgraft.caffe.catalogue.shapes import UNSHAPED, check_eq, fail, float32, int32, legacy_axis, reshape
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
Param = caffe_pb2.PoolingParameter
FOUR_AXES = "Input must have 4 axes, corresponding to (num, channels, height, width)"
ONE = Arity(exact=1)


@dataclass(slots=True)
class Pool:
    """One pooling, its sizes as (height, width). `method`: 0 MAX, 1 AVE, 2 STOCHASTIC."""

    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    pad: tuple[int, int] = (0, 0)
    method: int = 0
    floor: bool = False

    def check_kernel(self) -> None:
        """Part of PoolingLayer::LayerSetUp: no empty filter."""
        for side, size in zip("hw", self.kernel, strict=True):
            if size <= 0:
                raise fail(f"kernel_{side}_ > 0", "Filter dimensions cannot be zero.", (size, 0))

    def check_pad(self) -> None:
        """Part of PoolingLayer::LayerSetUp: padding only for MAX and AVE, and less than the filter."""
        if self.pad == (0, 0):
            return
        if self.method == 2:
            pool = "this->layer_param_.pooling_param().pool() == PoolingParameter_PoolMethod_"
            detail = "Padding implemented only for average and max pooling."
            raise fail(f"{pool}AVE || {pool}MAX", detail)
        for side, pad, size in zip("hw", self.pad, self.kernel, strict=True):
            if pad >= size:
                raise fail(f"pad_{side}_ < kernel_{side}_", values=(pad, size))

    def top(self, bottom: Shape) -> Shape:
        """PoolingLayer::Reshape."""
        check_eq(4, len(bottom), "4 == bottom[0]->num_axes()", FOUR_AXES)
        pooled = [self._pooled(i, bottom[2 + i]) for i in (0, 1)]
        if self.pad != (0, 0):
            for i in (0, 1):
                if (pooled[i] - 1) * self.stride[i] >= bottom[2 + i] + self.pad[i]:
                    pooled[i] -= 1
            for i, side in enumerate(("height", "width")):
                last, end = (pooled[i] - 1) * self.stride[i], bottom[2 + i] + self.pad[i]
                if last >= end:
                    axis = side[0]
                    raise fail(
                        f"(pooled_{side}_ - 1) * stride_{axis}_ < {side}_ + pad_{axis}_", values=(last, end)
                    )
        return reshape((bottom[0], bottom[1], *pooled))

    def _pooled(self, axis: int, size: int) -> int:
        """How many windows fit, divided in `float` as Caffe does; a stride of 0 overflows to INT_MIN."""
        room, stride = int32(size + 2 * self.pad[axis] - self.kernel[axis]), self.stride[axis]
        if stride and abs(room) < 1 << 24:
            steps = room // stride if self.floor else -(-room // stride)
        else:
            quotient = float32(float32(room) / stride) if stride else float("inf")
            steps = (
                -0x80000000
                if not isfinite(quotient)
                else int(quotient // 1)
                if self.floor
                else ceil(quotient)
            )
        return int32(steps + 1)


def _pair(param: Param, name: str) -> tuple[int, int]:
    """The _h and _w values where the _h one is stated, else the common one for both."""
    if param.HasField(f"{name}_h"):
        return int32(getattr(param, f"{name}_h")), int32(getattr(param, f"{name}_w"))
    size = int32(getattr(param, "kernel_size" if name == "kernel" else name))
    return size, size


def _check_stated(param: Param) -> None:
    """PoolingLayer::LayerSetUp on which fields may stand together."""
    size, high, wide = param.HasField("kernel_size"), param.HasField("kernel_h"), param.HasField("kernel_w")
    if param.global_pooling:
        if size or high or wide:
            raise fail(
                "!(pool_param.has_kernel_size() || pool_param.has_kernel_h() || pool_param.has_kernel_w())",
                "With Global_pooling: true Filter size cannot specified",
            )
    elif size == (high and wide):
        raise fail(
            "!pool_param.has_kernel_size() != !(pool_param.has_kernel_h() && pool_param.has_kernel_w())",
            "Filter size is kernel_size OR kernel_h and kernel_w; not both",
        )
    high, wide = param.HasField("pad_h"), param.HasField("pad_w")
    if (high or wide) and not (high and wide and not param.HasField("pad")):
        raise fail(_either("pad"), "pad is pad OR pad_h and pad_w are required.")
    high, wide = param.HasField("stride_h"), param.HasField("stride_w")
    if (high or wide) and not (high and wide and not param.HasField("stride")):
        raise fail(_either("stride"), "Stride is stride OR stride_h and stride_w are required.")


def _either(name: str) -> str:
    """The condition of the CHECK on pad and on stride."""
    has = f"pool_param.has_{name}"
    return f"(!{has}() && {has}_h() && {has}_w()) || (!{has}_h() && !{has}_w())"


def pooling(ctx: LayerContext) -> Outcome:
    """PoolingLayer: CheckBlobCounts' last part, LayerSetUp, Reshape."""
    param = ctx.layer.pooling_param
    check_tops("Pooling", Arity(most=2 if param.pool == 0 else 1), ctx.tops)
    _check_stated(param)
    bottom = ctx.bottoms[0]
    pad, stride = _pair(param, "pad"), _pair(param, "stride")
    if not param.global_pooling:
        # HasField of kernel_size decides here, not kernel_h: kernel_h alone may stand beside it
        size = int32(param.kernel_size)
        kernel = (
            (size, size) if param.HasField("kernel_size") else (int32(param.kernel_h), int32(param.kernel_w))
        )
    elif bottom is None:
        kernel = (INT_HUGE, INT_HUGE)
    else:
        kernel = (legacy_axis(bottom, 2), legacy_axis(bottom, 3))
    pool = Pool(kernel, stride, pad, param.pool, param.round_mode == 1)
    pool.check_kernel()
    if param.global_pooling and (pad != (0, 0) or stride != (1, 1)):
        detail = "With Global_pooling: true; only pad = 0 and stride = 1"
        raise fail("pad_h_ == 0 && pad_w_ == 0 && stride_h_ == 1 && stride_w_ == 1", detail)
    pool.check_pad()
    return Outcome([None if bottom is None else pool.top(bottom)] * ctx.tops)


INT_HUGE = 0x7FFFFFFF
"""Stands for the kernel of a global pooling over a blob of unknown size."""


def _pyramid_level(level: int, bottom: Shape, method: int) -> Shape:
    """SPPLayer::GetPoolingParam and the pooling it makes: 2^level bins a side."""
    bins = 1 << level
    sizes = (legacy_axis(bottom, 2), legacy_axis(bottom, 3))
    kernel_h, kernel_w = (-(-size // bins) for size in sizes)
    pad_h, pad_w = ((-(-size // bins) * bins - size + 1) // 2 for size in sizes)
    pool = Pool((kernel_h, kernel_w), (kernel_h, kernel_w), (pad_h, pad_w), method)
    pool.check_kernel()
    pool.check_pad()
    return pool.top(bottom)


def _spp(ctx: LayerContext) -> Outcome:
    """SPPLayer::LayerSetUp and Reshape: poolings into 1, 2x2, 4x4 ... bins, flattened and concatenated."""
    param, bottom = ctx.layer.spp_param, ctx.bottom(0)
    for axis, side in ((2, "h"), (3, "w")):
        if legacy_axis(bottom, axis) <= 0:
            raise fail(
                f"bottom_{side}_ > 0", "Input dimensions cannot be zero.", (legacy_axis(bottom, axis), 0)
            )
    height = int32(param.pyramid_height)
    if height == 1:
        return Outcome([_pyramid_level(0, bottom, param.pool)])
    check_tops("Split", Arity(least=1), max(height, 0))
    if bottom is UNSHAPED:
        raise fail("count_ == top[i]->count()", values=(0, 1))
    values = 0
    for level in range(height):
        if level >= 31:
            raise Refusal("Caffe overflows: 2^pyramid_level does not fit an int")
        num, channels, bins_h, bins_w = _pyramid_level(level, bottom, param.pool)
        values += reshape((num, channels * bins_h * bins_w))[1]
    top = reshape((bottom[0], values))
    if ctx.in_place:  # LayerSetUp has given the bottom the top's two axes, and Reshape asks for four
        check_eq(4, 2, "4 == bottom[0]->num_axes()", FOUR_AXES)
    return Outcome([top])


def _summary(layer: Layer) -> str:
    """`MAX 3×3 /2 pad 1`."""
    param = layer.pooling_param
    parts = [("MAX", "AVE", "STOCHASTIC")[param.pool]]
    if param.global_pooling:
        return f"{parts[0]} global"
    kernel, stride, pad = _pair(param, "kernel"), _pair(param, "stride"), _pair(param, "pad")
    parts.append(f"{kernel[0]}×{kernel[1]}")
    if stride != (1, 1):
        parts.append(f"/{stride[0]}" if stride[0] == stride[1] else f"/{stride[0]}×{stride[1]}")
    if pad != (0, 0):
        parts.append(f"pad {pad[0]}" if pad[0] == pad[1] else f"pad {pad[0]}×{pad[1]}")
    return " ".join(parts)


register(
    LayerType(
        "Pooling",
        "vision",
        "The greatest, the mean or a random value of each window. MAX can tell where from in a second top.",
        pooling,
        "pooling_param",
        bottoms=ONE,
        tops=Arity(least=1),
        engine=lambda layer: layer.pooling_param.engine,
        summary=_summary,
    )
)
register(
    LayerType(
        "SPP",
        "vision",
        "Spatial pyramid pooling: a fixed number of values whatever the size of the input.",
        _spp,
        "spp_param",
        bottoms=ONE,
        tops=ONE,
        summary=lambda layer: f"{layer.spp_param.pyramid_height} levels",
    )
)
