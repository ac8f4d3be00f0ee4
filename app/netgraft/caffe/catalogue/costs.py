"""How many multiply-accumulates a layer takes for one forward pass, by type.

Layers that multiply by weights count; activations, pooling and the like do not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Final, NamedTuple

from netgraft.caffe.catalogue.registry import LayerType, Shape
from netgraft.proto import caffe_pb2


class Shapes(NamedTuple):
    """The shapes that a formula may use; `roles` name the blobs."""

    bottoms: Sequence[Shape]
    tops: Sequence[Shape]
    blobs: Sequence[Shape]
    roles: Sequence[str]


Formula = Callable[[caffe_pb2.LayerParameter, Shapes], int]


def multiplies(known: LayerType) -> bool:
    """Whether layers of a type take any multiply-accumulates."""
    return known.name in _FORMULAS


def macs(
    known: LayerType,
    layer: caffe_pb2.LayerParameter,
    bottoms: Sequence[Shape],
    tops: Sequence[Shape],
    blobs: Sequence[Shape],
) -> int:
    """Multiply-accumulates of one forward pass over the whole batch."""
    formula = _FORMULAS.get(known.name)
    if formula is None or not blobs:
        return 0
    return formula(layer, Shapes(bottoms, tops, blobs, known.roles(layer)))


def _convolution(layer: caffe_pb2.LayerParameter, shapes: Shapes) -> int:
    """The whole kernel for each image and place of the output."""
    weight = shapes.blobs[0]
    return sum(prod(weight) * (prod(top) // weight[0]) for top in shapes.tops if weight[0])


def _deconvolution(layer: caffe_pb2.LayerParameter, shapes: Shapes) -> int:
    """The whole kernel for each image and place of the input."""
    weight = shapes.blobs[0]
    return sum(prod(weight) * (prod(bottom) // weight[0]) for bottom in shapes.bottoms if weight[0])


def _inner_product(layer: caffe_pb2.LayerParameter, shapes: Shapes) -> int:
    """Every weight once for each vector."""
    outputs = layer.inner_product_param.num_output
    return prod(shapes.blobs[0]) * (prod(shapes.tops[0]) // outputs) if outputs else 0


def _recurrent(layer: caffe_pb2.LayerParameter, shapes: Shapes) -> int:
    """Every weight matrix once for each time step and stream; a static input's once for each stream."""
    steps, streams = shapes.bottoms[0][:2]
    found = 0
    for blob, role in zip(shapes.blobs, shapes.roles, strict=False):
        if len(blob) == 2:
            found += prod(blob) * streams * (1 if role.endswith("_static") else steps)
    return found


def _value_by_value(layer: caffe_pb2.LayerParameter, shapes: Shapes) -> int:
    """One for each value of the top."""
    return prod(shapes.tops[0])


_FORMULAS: Final[dict[str, Formula]] = {
    "Convolution": _convolution,
    "ConvolutionDepthwise": _convolution,
    "DepthwiseConvolution": _convolution,
    "Deconvolution": _deconvolution,
    "InnerProduct": _inner_product,
    "LSTM": _recurrent,
    "RNN": _recurrent,
    "BatchNorm": _value_by_value,
    "BN": _value_by_value,
    "Scale": _value_by_value,
    "PReLU": _value_by_value,
}
