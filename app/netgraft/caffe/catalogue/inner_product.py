"""InnerProduct and Embed: a learned matrix."""

from __future__ import annotations

from netgraft.caffe.catalogue.fillers import filled, given_blobs
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Shape, register
from netgraft.caffe.catalogue.shapes import canonical_axis, count, fail, int32, reshape, total, touch
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter


def _matrix(layer: Layer, weight: Shape, outputs: int, param: object) -> list[Shape | None]:
    """Weight and, where asked for, bias: those that the prototxt holds, else new ones, filled."""
    assert isinstance(param, caffe_pb2.InnerProductParameter | caffe_pb2.EmbedParameter)
    given: list[Shape | None] = list(given_blobs(layer))
    if given:
        return given
    made: list[Shape | None] = [filled(weight, param.weight_filler)]
    if param.bias_term:
        made.append(filled((outputs,), param.bias_filler))
    return made


def inner_product(ctx: LayerContext) -> Outcome:
    """InnerProductLayer::LayerSetUp and Reshape: axes from `axis` on become one of num_output values."""
    param = ctx.layer.inner_product_param
    bottom = ctx.bottoms[0]
    outputs = int32(param.num_output)
    if bottom is None:
        return Outcome([None], [None, (outputs,)] if param.bias_term else [None])
    axis = canonical_axis(param.axis, bottom)
    inputs = count(bottom, axis)
    weight = (inputs, outputs) if param.transpose else (outputs, inputs)
    blobs = _matrix(ctx.layer, weight, outputs, param)
    top = reshape((*bottom[:axis], outputs))
    if param.bias_term:
        touch(count(bottom, 0, axis))
    return Outcome([top], blobs)


def _embed(ctx: LayerContext) -> Outcome:
    """EmbedLayer::LayerSetUp and Reshape: each value picks a row of num_output values."""
    param = ctx.layer.embed_param
    outputs, inputs = int32(param.num_output), int32(param.input_dim)
    if outputs <= 0:
        raise fail("N_ > 0", "EmbedLayer num_output must be positive.", (outputs, 0))
    if inputs <= 0:
        raise fail("K_ > 0", "EmbedLayer input_dim must be positive.", (inputs, 0))
    blobs = _matrix(ctx.layer, (inputs, outputs), outputs, param)
    bottom = ctx.bottoms[0]
    if bottom is None:
        return Outcome([None], blobs)
    top = reshape((*bottom, outputs))
    if param.bias_term:
        touch(total(bottom))
    return Outcome([top], blobs)


def _weight_and_bias(bias: bool) -> tuple[str, ...]:
    return ("weight", "bias") if bias else ("weight",)


register(
    LayerType(
        "InnerProduct",
        "common",
        "Fully connected: every output is a learned sum over all inputs.",
        inner_product,
        "inner_product_param",
        bottoms=Arity(exact=1),
        tops=Arity(exact=1),
        roles=lambda layer: _weight_and_bias(layer.inner_product_param.bias_term),
        summary=lambda layer: str(layer.inner_product_param.num_output),
    )
)
register(
    LayerType(
        "Embed",
        "common",
        "Looks up a learned vector for each integer of the input.",
        _embed,
        "embed_param",
        bottoms=Arity(exact=1),
        tops=Arity(exact=1),
        roles=lambda layer: _weight_and_bias(layer.embed_param.bias_term),
        summary=lambda layer: f"{layer.embed_param.input_dim} → {layer.embed_param.num_output}",
    )
)
