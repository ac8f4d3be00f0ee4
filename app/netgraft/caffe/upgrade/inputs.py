"""Net-level `input`, `input_shape` and `input_dim` as one Input layer."""

from __future__ import annotations

from netgraft.caffe.catalogue.registry import Refusal
from netgraft.proto import caffe_pb2


def input_layer(net: caffe_pb2.NetParameter) -> caffe_pb2.LayerParameter | None:
    """The Input layer, named "input", that stands for a net's inputs (UpgradeNetInput); None where there
    are none or none has a shape (a legacy caffemodel's: Caffe drops them).

    Where a shape is missing, Caffe reads past the end of the list; that raises Refusal here.
    """
    if not net.input or not (net.input_shape or net.input_dim):
        return None
    layer = caffe_pb2.LayerParameter(name="input", type="Input")
    layer.top.extend(net.input)
    shapes = layer.input_param.shape
    for index in range(len(net.input)):
        if net.input_shape:
            if index >= len(net.input_shape):
                raise Refusal(f"input {index} has no input_shape: Caffe reads past the end of the list")
            shapes.add().CopyFrom(net.input_shape[index])
        else:
            dims = net.input_dim[4 * index : 4 * index + 4]
            if len(dims) < 4:
                raise Refusal(f"input {index} has no 4 input_dim: Caffe reads past the end of the list")
            shapes.add().dim.extend(dims)
    return layer
