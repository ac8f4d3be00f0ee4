"""V0 layers (`layers { layer { type: "conv" ... } bottom: ... }`) as V1 ones; padding layers are folded
into the convolution or pooling after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from google.protobuf.message import Message

from netgraft.caffe.catalogue.registry import Refusal
from netgraft.caffe.upgrade import v1
from netgraft.proto import caffe_pb2

_V1 = caffe_pb2.V1LayerParameter
_TYPES: Final = {
    "accuracy": _V1.ACCURACY,
    "bnll": _V1.BNLL,
    "concat": _V1.CONCAT,
    "conv": _V1.CONVOLUTION,
    "data": _V1.DATA,
    "dropout": _V1.DROPOUT,
    "euclidean_loss": _V1.EUCLIDEAN_LOSS,
    "flatten": _V1.FLATTEN,
    "hdf5_data": _V1.HDF5_DATA,
    "hdf5_output": _V1.HDF5_OUTPUT,
    "im2col": _V1.IM2COL,
    "images": _V1.IMAGE_DATA,
    "infogain_loss": _V1.INFOGAIN_LOSS,
    "innerproduct": _V1.INNER_PRODUCT,
    "lrn": _V1.LRN,
    "multinomial_logistic_loss": _V1.MULTINOMIAL_LOGISTIC_LOSS,
    "pool": _V1.POOLING,
    "relu": _V1.RELU,
    "sigmoid": _V1.SIGMOID,
    "softmax": _V1.SOFTMAX,
    "softmax_loss": _V1.SOFTMAX_LOSS,
    "split": _V1.SPLIT,
    "tanh": _V1.TANH,
    "window_data": _V1.WINDOW_DATA,
}
NAMES: Final = {old: v1.TYPES[number] for old, number in _TYPES.items()}
"""V0 types by today's names (UpgradeV0LayerType, UpgradeV1LayerType)."""

_CONV, _POOL, _IP, _LRN = "convolution_param", "pooling_param", "inner_product_param", "lrn_param"
_IMAGES, _WINDOWS = "image_data_param", "window_data_param"
_SOURCES: Final = {
    "data": "data_param",
    "hdf5_data": "hdf5_data_param",
    "images": _IMAGES,
    "window_data": _WINDOWS,
}
# V0 field -> what it is called now, and in which message by V0 type. Elsewhere it is dropped.
_MOVED: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "num_output": ("num_output", {"conv": _CONV, "innerproduct": _IP}),
    "biasterm": ("bias_term", {"conv": _CONV, "innerproduct": _IP}),
    "weight_filler": ("weight_filler", {"conv": _CONV, "innerproduct": _IP}),
    "bias_filler": ("bias_filler", {"conv": _CONV, "innerproduct": _IP}),
    "pad": ("pad", {"conv": _CONV, "pool": _POOL}),
    "kernelsize": ("kernel_size", {"conv": _CONV, "pool": _POOL}),
    "group": ("group", {"conv": _CONV}),
    "stride": ("stride", {"conv": _CONV, "pool": _POOL}),
    "pool": ("pool", {"pool": _POOL}),
    "dropout_ratio": ("dropout_ratio", {"dropout": "dropout_param"}),
    "local_size": ("local_size", {"lrn": _LRN}),
    "alpha": ("alpha", {"lrn": _LRN}),
    "beta": ("beta", {"lrn": _LRN}),
    "k": ("k", {"lrn": _LRN}),
    "source": ("source", _SOURCES | {"infogain_loss": "infogain_loss_param"}),
    "batchsize": ("batch_size", _SOURCES),
    "rand_skip": ("rand_skip", {"data": "data_param", "images": _IMAGES}),
    "shuffle_images": ("shuffle", {"images": _IMAGES}),
    "new_height": ("new_height", {"images": _IMAGES}),
    "new_width": ("new_width", {"images": _IMAGES}),
    "concat_dim": ("concat_dim", {"concat": "concat_param"}),
    "det_fg_threshold": ("fg_threshold", {"window_data": _WINDOWS}),
    "det_bg_threshold": ("bg_threshold", {"window_data": _WINDOWS}),
    "det_fg_fraction": ("fg_fraction", {"window_data": _WINDOWS}),
    "det_context_pad": ("context_pad", {"window_data": _WINDOWS}),
    "det_crop_mode": ("crop_mode", {"window_data": _WINDOWS}),
}
_TRANSFORMS: Final = {
    "scale": "scale",
    "meanfile": "mean_file",
    "cropsize": "crop_size",
    "mirror": "mirror",
}


class Folded(NamedTuple):
    """A layer after its padding layer was folded in, and which of the file's layers it was."""

    position: int
    layer: caffe_pb2.V1LayerParameter
    refusal: Refusal | None = None


def fold_padding(inputs: Sequence[str], layers: Sequence[caffe_pb2.V1LayerParameter]) -> list[Folded]:
    """Drops padding layers and gives their `pad` to the layer after them (UpgradeV0PaddingLayers)."""
    made_by: dict[str, int] = dict.fromkeys(inputs, -1)
    out: list[Folded] = []
    for index, layer in enumerate(layers):
        kind = layer.layer.type
        refusal: Refusal | None = None
        folded = layer
        for position, blob in enumerate(layer.bottom):
            source = made_by.get(blob)
            if source is None:
                refusal = refusal or Refusal(f"Unknown blob input {blob} to layer {position}")
            elif source >= 0 and layers[source].layer.type == "padding":
                refusal = refusal or _refuse_padding(kind, layer, layers[source])
                if refusal is None:
                    folded = _V1()
                    folded.CopyFrom(layer)
                    folded.layer.pad = layers[source].layer.pad
                    folded.bottom[position] = layers[source].bottom[0]
        if kind != "padding" or refusal:
            out.append(Folded(index, folded, refusal))
        for blob in layer.top:
            made_by[blob] = index
    return out


def _refuse_padding(
    kind: str, layer: caffe_pb2.V1LayerParameter, source: caffe_pb2.V1LayerParameter
) -> Refusal | None:
    if kind not in ("conv", "pool"):
        condition = '(layer_param.type() == "conv") || (layer_param.type() == "pool")'
        detail = f"Padding layer input to non-convolutional / non-pooling layer type {kind}"
        return Refusal(f"Check failed: {condition} {detail}")
    for name, count, detail in (
        ("layer_connection.bottom_size()", len(layer.bottom), "Conv Layer takes a single blob as input."),
        ("source_layer.bottom_size()", len(source.bottom), "Padding Layer takes a single blob as input."),
        ("source_layer.top_size()", len(source.top), "Padding Layer produces a single blob as output."),
    ):
        if count != 1:
            return Refusal(f"Check failed: {name} == 1 ({count} vs. 1) {detail}")
    return None


def upgrade_layer(old: caffe_pb2.V1LayerParameter) -> caffe_pb2.V1LayerParameter:
    """One V0 layer as a V1 layer (UpgradeV0LayerParameter): only `bottom`, `top` and the inner `layer`
    count. Raises Refusal for an unknown type."""
    new = _V1(bottom=old.bottom, top=old.top)
    if not old.HasField("layer"):
        return new
    inner = old.layer
    kind = inner.type
    if inner.HasField("name"):
        new.name = inner.name
    if inner.HasField("type"):
        if kind not in _TYPES:
            raise Refusal(f"Unknown layer name: {kind}")
        new.type = _TYPES[kind]
    new.blobs.extend(inner.blobs)
    new.blobs_lr.extend(inner.blobs_lr)
    new.weight_decay.extend(inner.weight_decay)
    for field, value in inner.ListFields():
        if field.name in _TRANSFORMS:
            setattr(new.transform_param, _TRANSFORMS[field.name], value)
        elif field.name == "hdf5_output_param" and kind == "hdf5_output":
            new.hdf5_output_param.CopyFrom(value)
        elif field.name in _MOVED:
            name, homes = _MOVED[field.name]
            if kind in homes:
                _put(getattr(new, homes[kind]), name, value)
    return new


def _put(message: Message, name: str, value: object) -> None:
    place = getattr(message, name)
    if isinstance(place, Message) and isinstance(value, Message):
        place.MergeFrom(value)
    elif hasattr(place, "append"):  # convolution_param's pad, kernel_size and stride are repeated now
        place.append(value)
    else:
        setattr(message, name, value)
