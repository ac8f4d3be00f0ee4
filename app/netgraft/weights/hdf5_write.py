"""Writing a plan as HDF5, as Net::ToHDF5 does: /data/LAYER/0, /data/LAYER/1, ..., owners only.

The datasets are laid out first, without values; then the values are copied from file to file into their
places, so that no blob passes through memory.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np

from netgraft.weights.errors import WeightsError
from netgraft.weights.plan import Plan
from netgraft.weights.report import GraftReport
from netgraft.weights.resolve import PlannedBlob, PlannedLayer
from netgraft.weights.stored import NUMPY
from netgraft.weights.write import BUFFER, copy_range, replacing, write_all

WRITTEN = ("copied", "shared", "left out", "no blobs")


def require_names(plan: Plan) -> None:
    """Raises WeightsError for layer names that are no names of HDF5 groups, as Caffe would fail on them."""
    for layer in plan.layers:
        name = layer.target.name
        if layer.action in WRITTEN and ("/" in name or "\0" in name or name in ("", ".")):
            raise WeightsError(
                f"Layer '{name}' cannot be saved as HDF5: in the name of a group "
                f"{'`/` separates groups' if '/' in name else 'this is not allowed'}, so Caffe fails on it; "
                "rename the layer, or write a .caffemodel",
                kind="clash",
            )


def write_hdf5(plan: Plan, out: str | os.PathLike[str], *, durable: bool = False) -> GraftReport:
    """Writes a .caffemodel.h5 at once or not at all, of any size; doubles stay doubles.

    A blob that shares is left out where its owner's is in the file, as Caffe does. Raises WeightsError,
    OSError.
    """
    require_names(plan)
    buffer = bytearray(BUFFER)
    with replacing(Path(os.path.realpath(out)), durable=durable) as (temporary, descriptor):
        _require_room(plan, descriptor)
        for offset, blob in _lay_out(plan, temporary):
            os.lseek(descriptor, offset, os.SEEK_SET)
            data = blob.stored.data
            if data is not None and blob.stored.source.fd is not None and _kept_as_is(blob):
                copy_range(blob.stored.source.fd, data[0], descriptor, data[1], buffer)
                continue
            for piece in blob.stored.values():
                write_all(descriptor, piece.astype(_dtype(blob), copy=False).tobytes())
    return plan.report


def _require_room(plan: Plan, descriptor: int) -> None:
    """Raises OSError where the values will not fit: on a full disk HDF5 cannot even close its file."""
    size = sum(_dtype(blob).itemsize * blob.stored.count for _, _, blob in _written(plan))
    os.ftruncate(descriptor, size)
    os.ftruncate(descriptor, 0)
    disk = os.fstatvfs(descriptor)
    if disk.f_blocks and disk.f_bavail * disk.f_frsize < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _written(plan: Plan) -> Iterator[tuple[PlannedLayer, int, PlannedBlob]]:
    """The blobs that the file will have, each with its layer and its number there."""
    written = {layer.target.name for layer in plan.layers if layer.action in ("copied", "shared")}
    for layer in plan.layers:
        if layer.action in WRITTEN:
            for index, blob in enumerate(layer.blobs):
                if not _spared(layer, index, written):
                    yield layer, index, blob


def _lay_out(plan: Plan, path: Path) -> list[tuple[int, PlannedBlob]]:
    """Makes all groups and empty datasets; returns where in the file each one's values go."""
    places: list[tuple[int, PlannedBlob]] = []
    try:
        with h5py.File(path, "w", libver="earliest", locking=False) as file:
            data = file.create_group("data")
            for layer in plan.layers:
                if layer.action in WRITTEN:
                    data.create_group(layer.target.name)
            for layer, index, blob in _written(plan):
                dataset = _dataset(data[layer.target.name], str(index), blob)
                if blob.stored.count:
                    places.append((int(dataset.id.get_offset()), blob))
    except RuntimeError as problem:
        # What the system said is in HDF5's words only.
        told = re.search(r"errno = (\d+)", str(problem))
        if told is None:
            raise
        raise OSError(int(told[1]), os.strerror(int(told[1]))) from problem
    return places


def _spared(layer: PlannedLayer, index: int, written: set[str]) -> bool:
    """Whether a blob can be left out: it shares in every phase, and its owner's layer is in the file."""
    owner = layer.target.owner(index)
    return owner is not None and layer.target.spare[index] and owner[0] in written


def _dtype(blob: PlannedBlob) -> np.dtype[np.generic]:
    """Caffe's HDF5 reader takes floats and doubles; NVIDIA's halves and integers become floats."""
    return NUMPY["double" if blob.stored.dtype == "double" else "float"]


def _kept_as_is(blob: PlannedBlob) -> bool:
    return _dtype(blob) == NUMPY[blob.stored.dtype]


def _dataset(group: h5py.Group, name: str, blob: PlannedBlob) -> h5py.Dataset:
    """An empty contiguous dataset whose place in the file is fixed at once and not filled with zeros."""
    shape = blob.stored.shape if blob.shape is None else blob.shape
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.CONTIGUOUS)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    properties.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    properties.set_obj_track_times(False)  # the same plan makes the same bytes
    space = h5py.h5s.create_simple(shape) if shape else h5py.h5s.create(h5py.h5s.SCALAR)
    kind = h5py.h5t.py_create(_dtype(blob))
    return h5py.Dataset(h5py.h5d.create(group.id, name.encode(), kind, space, properties))
