"""Small caffemodels to try things on, made with protobuf itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from netgraft.proto import caffe_pb2

MakeNet = Callable[..., caffe_pb2.NetParameter]


@pytest.fixture
def make_net() -> MakeNet:
    """make_net(('conv1', [(2, 3), (2,)]), ..., format='layer'|'layers'|'v0', legacy=False) -> NetParameter.

    Every value of every blob is another one, so that no mix-up stays unseen.
    """

    def make(
        *layers: tuple[str, Sequence[tuple[int, ...]]], format: str = "layer", legacy: bool = False
    ) -> caffe_pb2.NetParameter:
        net = caffe_pb2.NetParameter(name="net")
        value = 1.0
        for name, shapes in layers:
            if format == "layer":
                layer = net.layer.add(name=name, type="InnerProduct")
                blobs = layer.blobs
            elif format == "layers":
                old = net.layers.add(name=name, type=caffe_pb2.V1LayerParameter.INNER_PRODUCT)
                blobs = old.blobs
            else:
                oldest = net.layers.add().layer
                oldest.name, oldest.type = name, "innerproduct"
                blobs = oldest.blobs
            for shape in shapes:
                blob = blobs.add()
                count = int(np.prod(shape))
                blob.data.extend(np.arange(value, value + count, dtype=np.float32))
                value += count
                if legacy:
                    padded = (1,) * (4 - len(shape)) + tuple(shape)
                    blob.num, blob.channels, blob.height, blob.width = padded
                else:
                    blob.shape.dim.extend(shape)
        return net

    return make
