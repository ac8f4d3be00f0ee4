"""BatchNorm layers that still state three `param`s, as old files do."""

from __future__ import annotations

from netgraft.proto import caffe_pb2


def needs_upgrade(layer: caffe_pb2.LayerParameter) -> bool:
    """Whether a BatchNorm layer states exactly three `param`s (NetNeedsBatchNormUpgrade) that do not all say
    already what the upgrade would make of them."""
    if layer.type != "BatchNorm" or len(layer.param) != 3:
        return False
    return any(
        spec.lr_mult or spec.decay_mult or not spec.HasField("lr_mult") or not spec.HasField("decay_mult")
        for spec in layer.param
    )


def upgrade(layer: caffe_pb2.LayerParameter) -> caffe_pb2.LayerParameter:
    """The layer with lr_mult 0 and decay_mult 0 in all three, the rest as it was (UpgradeNetBatchNorm)."""
    new = caffe_pb2.LayerParameter()
    new.CopyFrom(layer)
    for spec in new.param:
        spec.lr_mult = 0
        spec.decay_mult = 0
    return new
