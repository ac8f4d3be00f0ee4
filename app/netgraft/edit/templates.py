"""What a new layer of a type starts with: what Caffe does not take it without, and usual values."""

from __future__ import annotations

import re
from typing import Final

from netgraft.caffe.catalogue.registry import LayerType
from netgraft.edit.layout import Statement

_XAVIER: Final[Statement] = ("weight_filler", [("type", '"xavier"')])


def _param(name: str, **values: str) -> list[Statement]:
    fields: list[Statement] = list(values.items())
    return [(name, fields)]


def _shape(*dims: int) -> Statement:
    return ("shape", [("dim", str(dim)) for dim in dims])


_CONVOLUTION: Final[list[Statement]] = [
    ("convolution_param", [("num_output", "64"), ("pad", "1"), ("kernel_size", "3"), _XAVIER])
]
_RECURRENT: Final[list[Statement]] = [("recurrent_param", [("num_output", "256"), _XAVIER])]

TEMPLATES: Final[dict[str, list[Statement]]] = {
    "Convolution": _CONVOLUTION,
    "ConvolutionDepthwise": _CONVOLUTION,
    "DepthwiseConvolution": _CONVOLUTION,
    "HoleConvolution": _CONVOLUTION,
    "Deconvolution": [
        (
            "convolution_param",
            [("num_output", "64"), ("pad", "1"), ("kernel_size", "4"), ("stride", "2"), _XAVIER],
        )
    ],
    "Im2col": _param("convolution_param", kernel_size="3", pad="1"),
    "InnerProduct": [("inner_product_param", [("num_output", "10"), _XAVIER])],
    "Embed": [("embed_param", [("num_output", "64"), ("input_dim", "1000"), _XAVIER])],
    "Pooling": _param("pooling_param", pool="MAX", kernel_size="2", stride="2"),
    "SPP": _param("spp_param", pyramid_height="2"),
    "LRN": _param("lrn_param", local_size="5", alpha="0.0001", beta="0.75"),
    "Scale": _param("scale_param", bias_term="true"),
    "Dropout": _param("dropout_param", dropout_ratio="0.5"),
    "Reshape": [("reshape_param", [_shape(0, -1)])],
    "Tile": _param("tile_param", tiles="2"),
    "Concat": _param("concat_param", axis="1"),
    "Eltwise": _param("eltwise_param", operation="SUM"),
    "LSTM": _RECURRENT,
    "RNN": _RECURRENT,
    "Python": _param("python_param", module='"layers"', layer='"MyLayer"'),
    "Input": [("input_param", [_shape(1, 3, 224, 224)])],
    "Parameter": [("parameter_param", [_shape(1, 64)])],
    "DummyData": [("dummy_data_param", [_shape(1, 3, 224, 224)])],
    "Data": _param("data_param", source='"train_lmdb"', batch_size="64", backend="LMDB"),
    "ImageData": _param("image_data_param", source='"train.txt"', batch_size="64"),
    "HDF5Data": _param("hdf5_data_param", source='"train_h5.txt"', batch_size="64"),
    "HDF5Output": _param("hdf5_output_param", file_name='"out.h5"'),
    "MemoryData": _param("memory_data_param", batch_size="64", channels="3", height="224", width="224"),
    "WindowData": _param("window_data_param", source='"windows.txt"', batch_size="64"),
    "InfogainLoss": _param("infogain_loss_param", source='"infogain.binaryproto"'),
    "ROIPooling": _param("roi_pooling_param", pooled_h="7", pooled_w="7", spatial_scale="0.0625"),
    "Permute": [("permute_param", [("order", order) for order in "0231"])],
}
"""Fields of a new layer by its type, in the schema's order."""

_NAMES: Final = {
    "Convolution": "conv",
    "ConvolutionDepthwise": "conv",
    "DepthwiseConvolution": "conv",
    "HoleConvolution": "conv",
    "Deconvolution": "deconv",
    "InnerProduct": "ip",
    "Pooling": "pool",
    "LRN": "norm",
    "BatchNorm": "bn",
    "Dropout": "drop",
    "Softmax": "prob",
    "Input": "data",
    "ReLU": "relu",
    "PReLU": "prelu",
}
_SNAKE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NUMBERED: Final = re.compile(r"[A-Za-z]+(\d[\w/]*)\Z")
_ALONE: Final = frozenset({"prob", "data", "loss", "accuracy"})


def base_name(type_: str) -> str:
    """What layers of a type are called by custom, without a number: `conv`, `ip`, `loss`, `batch_reindex`."""
    known = _NAMES.get(type_)
    if known:
        return known
    if type_.endswith("Loss"):
        return "loss"
    if type_.endswith("Data") and type_ != "DummyData":
        return "data"
    return _SNAKE.sub("_", type_).lower() or "layer"


def new_name(type_: str, host: str, taken: frozenset[str]) -> str:
    """A free name for a layer of a type: after `conv3` comes `relu3`, else `conv1`, `conv2`, ...; `prob` and
    `loss` go without a number."""
    base = base_name(type_)
    numbered = _NUMBERED.match(host)
    wanted = [base] if base in _ALONE else []
    if numbered is not None and base not in _ALONE:
        wanted.append(base + numbered[1])
    for name in wanted:
        if name not in taken:
            return name
    number = 1
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


def top_count(known: LayerType | None) -> int:
    """How many tops a new layer of a type states."""
    if known is None:
        return 1
    tops = known.tops
    if tops.exact is not None:
        return tops.exact
    if known.name == "Data":
        return 2
    return max(1, tops.least or 0)


def bottom_count(known: LayerType | None) -> int:
    """How many bottoms a layer of a type needs at least."""
    if known is None:
        return 1
    return known.bottoms.exact if known.bottoms.exact is not None else known.bottoms.least or 0


def most_bottoms(known: LayerType | None) -> int | None:
    """How many bottoms a layer of a type takes at most; None is no limit."""
    if known is None:
        return None
    return known.bottoms.exact if known.bottoms.exact is not None else known.bottoms.most
