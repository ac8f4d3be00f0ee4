"""Neuron layers: one bottom, one top of its shape, computed value by value."""

from __future__ import annotations

import math
from collections.abc import Callable

from netgraft.caffe.catalogue.fillers import filled, given_blobs
from netgraft.caffe.catalogue.layer_checks import refuse_in_place, reshaped_like
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Setup, Shape, register
from netgraft.caffe.catalogue.shapes import count, fail, float32, float_text, legacy_axis, total, touch
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
ONE = Arity(exact=1)


def same_shape(ctx: LayerContext) -> Outcome:
    """NeuronLayer::Reshape: the top is shaped like the bottom."""
    bottom = ctx.bottoms[0]
    return Outcome([None if bottom is None else reshaped_like(bottom)])


def _absval(ctx: LayerContext) -> Outcome:
    refuse_in_place(ctx)
    return same_shape(ctx)


def _base_scale(base: float) -> float:
    """The checks on `base` that Exp and Log share; returns log(base), 1 for the default e (-1)."""
    if base == -1:
        return 1.0
    if not base > 0:
        raise fail("base > 0", "base must be strictly positive.", (float_text(base), 0))
    log_base = math.inf if base == math.inf else float32(math.log(base))
    if math.isinf(log_base):
        shown = float_text(log_base)
        raise fail("!isinf(log_base)", f"Inf result: log(base) = log({float_text(base)}) = {shown}")
    return log_base


def _exp(ctx: LayerContext) -> Outcome:
    """ExpLayer::LayerSetUp."""
    _base_scale(ctx.layer.exp_param.base)
    return same_shape(ctx)


def _log(ctx: LayerContext) -> Outcome:
    """LogLayer::LayerSetUp."""
    base = ctx.layer.log_param.base
    log_base = _base_scale(base)
    if log_base == 0 or math.isinf(float32(1 / log_base)):
        raise fail("!isinf(base_scale_)", f"Inf result: 1/log(base) = 1/log({float_text(base)}) = inf")
    return same_shape(ctx)


def _prelu(ctx: LayerContext) -> Outcome:
    """PReLULayer::LayerSetUp and Reshape: a slope a channel, or one for all."""
    param = ctx.layer.prelu_param
    shared = param.channel_shared
    bottom = ctx.bottoms[0]
    if bottom is None:
        return Outcome([None], [() if shared else None])
    if len(bottom) < 2:
        detail = "Number of axes of bottom blob must be >=2."
        raise fail("bottom[0]->num_axes() >= 2", detail, (len(bottom), 2))
    channels = legacy_axis(bottom, 1)
    blobs: list[Shape | None] = list(given_blobs(ctx.layer))
    if not blobs:
        slope: Shape = () if shared else (channels,)
        if param.HasField("filler"):
            filled(slope, param.filler)
        else:
            touch(total(slope))
        blobs = [slope]
    values = total(blobs[0] or ())
    if values != (1 if shared else channels):
        left = "1" if shared else "channels"
        detail = "Negative slope size is inconsistent with prototxt config"
        raise fail(f"this->blobs_[0]->count() == {left}", detail, (values, 1 if shared else channels))
    touch(count(bottom, 1))
    return Outcome([bottom], blobs)


def _dropout_summary(layer: Layer) -> str:
    return f"{layer.dropout_param.dropout_ratio:g}"


def _relu_summary(layer: Layer) -> str:
    slope = layer.relu_param.negative_slope
    return f"slope {slope:g}" if slope else ""


def _clip_summary(layer: Layer) -> str:
    return f"{layer.clip_param.min:g} … {layer.clip_param.max:g}"


def _power_summary(layer: Layer) -> str:
    """(shift + scale·x)^power, without what is at its default."""
    param = layer.power_param
    inner = "x" if param.scale == 1 else f"{param.scale:g}·x"
    if param.shift:
        inner = f"{param.shift:g} + {inner}"
    return inner if param.power == 1 else f"({inner})^{param.power:g}"


def _base_summary(param: caffe_pb2.ExpParameter | caffe_pb2.LogParameter) -> str:
    return "" if param.base == -1 else f"base {param.base:g}"


def _neuron(
    name: str,
    doc: str,
    setup: Setup = same_shape,
    param_field: str | None = None,
    *,
    in_place: bool = True,
    engine: Callable[[Layer], int] | None = None,
    summary: Callable[[Layer], str] = lambda layer: "",
    roles: Callable[[Layer], tuple[str, ...]] = lambda layer: (),
) -> None:
    register(
        LayerType(
            name=name,
            family="activation",
            doc=doc,
            setup=setup,
            param_field=param_field,
            bottoms=ONE,
            tops=ONE,
            keeps_shape=True,
            in_place=in_place,
            engine=engine,
            roles=roles,
            summary=summary,
        )
    )


_neuron("AbsVal", "Absolute value, |x|.", _absval, in_place=False)
_neuron("BNLL", "Binomial normal log likelihood, log(1 + exp(x)).")
_neuron("Clip", "Values kept within [min, max].", same_shape, "clip_param", summary=_clip_summary)
_neuron(
    "Dropout",
    "In training sets a random part of the values to 0 and scales the others up; else passes them on.",
    same_shape,
    "dropout_param",
    summary=_dropout_summary,
)
_neuron(
    "ELU",
    "Exponential linear unit: x above 0, alpha·(exp(x) - 1) below.",
    same_shape,
    "elu_param",
    summary=lambda layer: "" if layer.elu_param.alpha == 1 else f"alpha {layer.elu_param.alpha:g}",
)
_neuron(
    "Exp",
    "base^(shift + scale·x), base e by default.",
    _exp,
    "exp_param",
    summary=lambda layer: _base_summary(layer.exp_param),
)
_neuron(
    "Log",
    "log_base(shift + scale·x), base e by default.",
    _log,
    "log_param",
    summary=lambda layer: _base_summary(layer.log_param),
)
_neuron("Power", "(shift + scale·x)^power.", same_shape, "power_param", summary=_power_summary)
_neuron(
    "PReLU",
    "Rectifier whose slope below 0 is learned, one a channel or one for all.",
    _prelu,
    "prelu_param",
    roles=lambda layer: ("slope",),
    summary=lambda layer: "one slope for all" if layer.prelu_param.channel_shared else "",
)
_neuron(
    "ReLU",
    "Rectified linear unit: x above 0, negative_slope·x below.",
    same_shape,
    "relu_param",
    engine=lambda layer: layer.relu_param.engine,
    summary=_relu_summary,
)
_neuron(
    "Sigmoid",
    "1 / (1 + exp(-x)).",
    same_shape,
    "sigmoid_param",
    engine=lambda layer: layer.sigmoid_param.engine,
)
_neuron(
    "Swish",
    "x·sigmoid(beta·x).",
    same_shape,
    "swish_param",
    summary=lambda layer: "" if layer.swish_param.beta == 1 else f"beta {layer.swish_param.beta:g}",
)
_neuron("TanH", "Hyperbolic tangent.", same_shape, "tanh_param", engine=lambda layer: layer.tanh_param.engine)
_neuron(
    "Threshold",
    "1 where x is above the threshold, else 0.",
    same_shape,
    "threshold_param",
    summary=lambda layer: f"> {layer.threshold_param.threshold:g}",
)
