"""Caffe's own words about weights, and the comparisons that they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from netgraft.weights.stored import Shape, StoredBlob, StoredLayer, shape_string

Clash = Literal["count-clash", "shape-clash", "data-clash"]

READ_LIMIT = 2**31 - 1
"""Bytes that Caffe's reader allows (kProtoReadBytesLimit): a .caffemodel must be smaller."""

MIXED = (
    "Refusing to upgrade inconsistent NetParameter input; the definition includes both 'layer' and 'layers' "
    "fields. The current format defines 'layer' fields with string type like layer { type: 'Layer' ... } and "
    "not layers { type: LAYER ... }. Manually switch the definition to 'layer' format to continue."
)


def ignoring(name: str) -> str:
    """What Net::CopyTrainedLayersFrom logs of a stored layer that the net lacks."""
    return f"Ignoring source layer {name}"


def count_clash(name: str, target: int, source: int, *, hdf5: bool = False) -> str:
    """The abort of Net::CopyTrainedLayersFrom on another number of blobs."""
    if hdf5:
        relation = f"num_source_params <= target_blobs.size() ({source} vs. {target})"
    else:
        relation = f"target_blobs.size() == source_layer.blobs_size() ({target} vs. {source})"
    return f"Check failed: {relation} Incompatible number of blobs for layer {name}"


def shape_clash(name: str, index: int, source: Shape, target: Shape) -> str:
    """The abort of Net::CopyTrainedLayersFrom on another shape."""
    return (
        f"Cannot copy param {index} weights from layer '{name}'; shape mismatch.  Source param shape is "
        f"{shape_string(source)}; target param shape is {shape_string(target)}. To learn this layer's "
        "parameters from scratch rather than copying from a saved net, rename the layer."
    )


def hdf5_shape_clash(source: Shape, target: Shape) -> str:
    """The abort of hdf5_load_nd_dataset_helper on another shape."""
    return (
        "Check failed: blob_dims == blob->shape() Cannot load blob from hdf5; shape mismatch. Source "
        f"shape is {shape_string(source)} target shape is {shape_string(target)}"
    )


def data_clash(blob: StoredBlob, count: int) -> str:
    """The abort of Blob::FromProto where the values are not as many as the shape asks for."""
    field = "double_data_size" if blob.dtype == "double" and not blob.raw else "data_size"
    return f"Check failed: count_ == proto.{field}() ({count} vs. {0 if blob.raw else blob.count}) "


def legacy_equal(shape: Shape, blob: StoredBlob) -> bool:
    """Whether a net's blob takes a stored one. Mirrors Blob::ShapeEquals.

    The legacy four are compared with the last four axes, missing ones being 1, of a blob of at most four.
    """
    if not blob.legacy:
        return shape == blob.shape
    return len(shape) <= 4 and (1,) * (4 - len(shape)) + shape == blob.shape


def layer_clash(
    name: str, blobs: Sequence[Shape | None], owners: Sequence[object], layer: StoredLayer
) -> str:
    """Caffe's abort where a stored layer has not the net's layer's number of blobs, "" where it has.

    Mirrors Net::CopyTrainedLayersFrom, and CopyTrainedLayersFromHDF5, which lets sharers be absent (`owners`
    holds None for a blob that owns itself).
    """
    if layer.format != "hdf5":
        return "" if len(layer.blobs) == len(blobs) else count_clash(name, len(blobs), len(layer.blobs))
    if len(layer.blobs) > len(blobs):
        return count_clash(name, len(blobs), len(layer.blobs), hdf5=True)
    if any(layer.blob(index) is None and owners[index] is None for index in range(len(blobs))):
        return f"Incompatible number of blobs for layer {name}"
    return ""


def blob_clash(
    name: str, index: int, blob: StoredBlob, shape: Shape | None, *, fork: bool = True
) -> tuple[Clash, str] | None:
    """How Caffe aborts on one stored blob for a net's blob of `shape` (None: unknown, so it is taken to fit).

    Mirrors Blob::FromProto and Blob::ShapeEquals. `fork`: the reader knows NVIDIA's raw_data.
    """
    if not blob.from_hdf5 and (blob.count != blob.volume or (blob.raw and not fork)):
        return "data-clash", data_clash(blob, blob.volume)
    if shape is None or legacy_equal(shape, blob):
        return None
    if blob.from_hdf5:
        return "shape-clash", hdf5_shape_clash(blob.shape, shape)
    return "shape-clash", shape_clash(name, index, blob.shape, shape)
