"""Parameter blobs as layers make them: shape, then filler (GetFiller and Filler::Fill of filler.hpp)."""

from __future__ import annotations

from collections.abc import Callable

from netgraft.caffe.catalogue.registry import Shape
from netgraft.caffe.catalogue.shapes import axis_size, divide, fail, float32, float_text, reshape, total
from netgraft.proto import caffe_pb2

Filler = caffe_pb2.FillerParameter


def filled(shape: Shape, filler: Filler) -> Shape:
    """A new parameter blob of that shape, filled; refuses what Blob, GetFiller or Fill refuse."""
    made = reshape(shape)
    fill(made, filler)
    return made


def fill(shape: Shape, filler: Filler) -> None:
    """GetFiller(filler)->Fill(blob)."""
    known_filler(filler)(shape, filler)


def known_filler(filler: Filler) -> Callable[[Shape, Filler], None]:
    """GetFiller: the fill function of that type; refuses an unknown type."""
    found = _FILLERS.get(filler.type)
    if found is None:
        raise fail("false", f"Unknown filler name: {filler.type}")
    return found


def _dense(filler: Filler) -> None:
    if filler.sparse != -1:
        raise fail(
            "this->filler_param_.sparse() == -1",
            "Sparsity not supported by this Filler.",
            (filler.sparse, -1),
        )


def _constant(shape: Shape, filler: Filler) -> None:
    if total(shape) == 0:
        raise fail("data_")
    _dense(filler)


def _uniform(shape: Shape, filler: Filler) -> None:
    if total(shape) == 0:
        raise fail("blob->count()")
    low, high = filler.min, filler.max
    if not low <= high:
        raise fail("a <= b", values=(float_text(low), float_text(high)))
    _dense(filler)


def _gaussian(shape: Shape, filler: Filler) -> None:
    if total(shape) == 0:
        raise fail("data_")
    if not filler.std > 0:
        raise fail("sigma > 0", values=(float_text(filler.std), 0))
    sparse = filler.sparse
    if sparse < -1:
        raise fail("sparse >= -1", values=(sparse, -1))
    if sparse >= 0:
        if not shape:
            raise fail("blob->num_axes() >= 1", values=(0, 1))
        kept = float32(sparse / shape[0])
        if kept > 1:
            raise fail("p <= 1", values=(float_text(kept), 1))


def _positive_unitball(shape: Shape, filler: Filler) -> None:
    if total(shape) == 0:
        raise fail("data_")
    divide(total(shape), axis_size(shape, 0), "positive_unitball filler")
    _dense(filler)


def _fan(shape: Shape, filler: Filler) -> None:
    """xavier and msra: both divide the count by the first axes."""
    if total(shape) == 0:
        raise fail("blob->count()")
    axis_size(shape, 0)
    _dense(filler)


def _bilinear(shape: Shape, filler: Filler) -> None:
    if len(shape) != 4:
        raise fail("blob->num_axes() == 4", "Blob must be 4 dim.", (len(shape), 4))
    if shape[3] != shape[2]:
        raise fail("blob->width() == blob->height()", "Filter must be square", (shape[3], shape[2]))
    if total(shape) == 0:
        raise fail("data_")
    _dense(filler)


_FILLERS: dict[str, Callable[[Shape, Filler], None]] = {
    "constant": _constant,
    "gaussian": _gaussian,
    "positive_unitball": _positive_unitball,
    "uniform": _uniform,
    "xavier": _fan,
    "msra": _fan,
    "bilinear": _bilinear,
}


def given_blobs(layer: caffe_pb2.LayerParameter) -> list[Shape]:
    """The shapes of blobs that the prototxt itself holds (Blob::FromProto in Layer's constructor)."""
    shapes: list[Shape] = []
    for blob in layer.blobs:
        if any(blob.HasField(axis) for axis in ("num", "channels", "height", "width")):
            shape = reshape((blob.num, blob.channels, blob.height, blob.width))
        else:
            shape = reshape(tuple(blob.shape.dim))
        values = total(shape)
        if values == 0:
            raise fail("data_")
        if blob.double_data:
            if len(blob.double_data) != values:
                raise fail("count_ == proto.double_data_size()", values=(values, len(blob.double_data)))
        elif len(blob.data) != values:
            raise fail("count_ == proto.data_size()", values=(values, len(blob.data)))
        shapes.append(shape)
    return shapes
