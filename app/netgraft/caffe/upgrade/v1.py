"""V1 layers (`layers { type: CONVOLUTION ... }`) as today's (`layer { type: "Convolution" ... }`)."""

from __future__ import annotations

from typing import Final

from netgraft.proto import caffe_pb2

_SPECIAL_TYPES: Final = {
    "NONE": "",
    "ABSVAL": "AbsVal",
    "ARGMAX": "ArgMax",
    "BNLL": "BNLL",
    "HDF5_DATA": "HDF5Data",
    "HDF5_OUTPUT": "HDF5Output",
    "IM2COL": "Im2col",
    "LRN": "LRN",
    "MVN": "MVN",
    "RELU": "ReLU",
    "SOFTMAX_LOSS": "SoftmaxWithLoss",
    "TANH": "TanH",
}
TYPES: Final = {
    value.number: _SPECIAL_TYPES.get(value.name) or value.name.title().replace("_", "")
    for value in caffe_pb2.V1LayerParameter.LayerType.DESCRIPTOR.values
} | {caffe_pb2.V1LayerParameter.NONE: ""}
"""V1LayerParameter.LayerType as a type name (UpgradeV1LayerType)."""

_DATA_PARAMS: Final = {
    caffe_pb2.V1LayerParameter.DATA: "data_param",
    caffe_pb2.V1LayerParameter.IMAGE_DATA: "image_data_param",
    caffe_pb2.V1LayerParameter.WINDOW_DATA: "window_data_param",
}
_TRANSFORMS: Final = ("scale", "mean_file", "crop_size", "mirror")
_HANDLED: Final = frozenset(
    ("layer", "bottom", "top", "name", "type", "blobs", "blobs_lr", "weight_decay", "include", "exclude")
) | {"loss_weight", "param", "blob_share_mode"}


def needs_data_upgrade(layer: caffe_pb2.V1LayerParameter) -> bool:
    """Whether a data layer states what has moved into transform_param (NetNeedsDataUpgrade)."""
    name = _DATA_PARAMS.get(layer.type)
    if name is None or not layer.HasField(name):
        return False
    return any(getattr(layer, name).HasField(old) for old in _TRANSFORMS)


def upgrade_data_transformation(layer: caffe_pb2.V1LayerParameter) -> caffe_pb2.V1LayerParameter:
    """Moves `scale`, `mean_file`, `crop_size` and `mirror` of a data layer into its transform_param
    (UpgradeNetDataTransformation); any other layer comes back as it is."""
    if not needs_data_upgrade(layer):
        return layer
    out = caffe_pb2.V1LayerParameter()
    out.CopyFrom(layer)
    params = getattr(out, _DATA_PARAMS[layer.type])
    for name in _TRANSFORMS:
        if params.HasField(name):
            setattr(out.transform_param, name, getattr(params, name))
            params.ClearField(name)
    return out


def upgrade_layer(old: caffe_pb2.V1LayerParameter) -> caffe_pb2.LayerParameter:
    """One layer in today's format (UpgradeV1LayerParameter)."""
    new = caffe_pb2.LayerParameter()
    new.bottom.extend(old.bottom)
    new.top.extend(old.top)
    if old.HasField("name"):
        new.name = old.name
    new.include.extend(old.include)
    new.exclude.extend(old.exclude)
    if old.HasField("type"):
        new.type = TYPES[old.type]
    new.blobs.extend(old.blobs)
    stated = max(len(old.param), len(old.blob_share_mode), len(old.blobs_lr), len(old.weight_decay))
    specs = [new.param.add() for _ in range(stated)]
    for spec, name in zip(specs, old.param, strict=False):
        spec.name = name
    for spec, mode in zip(specs, old.blob_share_mode, strict=False):
        permissive = mode == caffe_pb2.V1LayerParameter.PERMISSIVE
        spec.share_mode = caffe_pb2.ParamSpec.PERMISSIVE if permissive else caffe_pb2.ParamSpec.STRICT
    for spec, lr in zip(specs, old.blobs_lr, strict=False):
        spec.lr_mult = lr
    for spec, decay in zip(specs, old.weight_decay, strict=False):
        spec.decay_mult = decay
    new.loss_weight.extend(old.loss_weight)
    for field, value in old.ListFields():
        if field.name not in _HANDLED:
            getattr(new, field.name).CopyFrom(value)
    return new
