"""The index of a .caffemodel.h5: /data/LAYER/0, /data/LAYER/1, ... as Net::ToHDF5 writes it."""

from __future__ import annotations

import io
from collections.abc import Callable
from math import prod

import h5py
import numpy as np

from netgraft.weights.errors import WeightsError
from netgraft.weights.source import Source
from netgraft.weights.stored import Dtype, Index, Segment, StoredBlob, StoredLayer

LONGEST_ROW = 1 << 18
"""Values of a row that may be read for the sake of one of them."""
_DTYPES: dict[str, Dtype] = {"<f4": "float", "<f8": "double", "<f2": "half"}


BROKEN = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, MemoryError)
"""What h5py raises over a damaged file."""


def index_hdf5(source: Source) -> Index:
    """Layers in the order in which Caffe reads them: by name. Raises WeightsError."""
    try:
        if source.path is not None:
            file = h5py.File(source.path, "r", locking=False)
        else:
            file = h5py.File(io.BytesIO(bytes(source.read(0, source.size))), "r")
    except BROKEN as problem:
        raise WeightsError(f"The HDF5 file cannot be opened: {problem}") from problem
    try:
        layers = _layers(source, file)
    except BROKEN as problem:
        file.close()
        raise WeightsError(f"The HDF5 file is damaged: {problem}") from problem
    except WeightsError:
        file.close()
        raise
    return Index(source=source, name="", layers=layers, format="hdf5", on_close=(file.close,))


def _layers(source: Source, file: h5py.File) -> tuple[StoredLayer, ...]:
    data = _own(file, "data") if "data" in file else None
    if not isinstance(data, h5py.Group):
        if "history" in file and "iter" in file:
            raise WeightsError(
                "This is a .solverstate.h5: the solver's history, without layers, so it cannot be grafted",
                kind="not-a-caffemodel",
            )
        raise WeightsError(
            "This HDF5 file has no group /data, so it holds no caffemodel", kind="not-a-caffemodel"
        )
    layers = []
    for name in data:
        group = _own(data, name)
        if not isinstance(group, h5py.Group):
            continue
        found = sorted(
            (int(key), item)
            for key in group
            if key.isdecimal() and isinstance(item := _own(group, key), h5py.Dataset)
        )
        positions = tuple(position for position, _ in found)
        layers.append(
            StoredLayer(
                name=name,
                type="",
                format="hdf5",
                blobs=tuple(_blob(source, file, dataset) for _, dataset in found),
                source=source,
                positions=() if positions == tuple(range(len(positions))) else positions,
            )
        )
    return tuple(layers)


def _own(group: h5py.Group, name: str) -> h5py.Group | h5py.Dataset:
    """A member of a group. Raises WeightsError for a link: it may lead to any file of this machine."""
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise WeightsError(f"{group.name}/{name} is a link, which no caffemodel holds")
    return group[name]


def _blob(source: Source, file: h5py.File, dataset: h5py.Dataset) -> StoredBlob:
    shape = tuple(int(axis) for axis in dataset.shape)
    count = prod(shape)
    if dataset.dtype.kind not in "fiu":
        raise WeightsError(f"{dataset.name} holds no numbers, which Caffe refuses")
    if dataset.external is not None or dataset.is_virtual:
        raise WeightsError(f"{dataset.name} keeps its values outside the file, which no caffemodel does")
    dtype = _DTYPES.get(dataset.dtype.str)
    offset = dataset.id.get_offset() if file.userblock_size == 0 else None
    segments: tuple[Segment, ...] = ()
    plain = dtype is not None and offset is not None
    if plain and offset is not None and count:
        segments = (Segment(offset, count, dataset.dtype.itemsize),)
    return StoredBlob(
        source=source,
        shape=shape,
        legacy=False,
        dtype=dtype or "float",
        count=count,
        segments=segments,
        load=None
        if plain or not count
        else _loader(dataset, shape, np.dtype(dataset.dtype.str) if dtype else None),
    )


def _loader(
    dataset: h5py.Dataset, shape: tuple[int, ...], dtype: np.dtype[np.generic] | None
) -> Callable[[int, int], bytes]:
    """Reads values [first, last) of a compressed, chunked or converted dataset, a few rows at a time."""
    wanted = dtype or np.dtype("<f4")
    # The first axis whose rows are small: those before it are gone through one by one.
    axis = next((axis for axis in range(len(shape)) if prod(shape[axis + 1 :]) <= LONGEST_ROW), 0)
    row = prod(shape[axis + 1 :])
    inner = row * shape[axis] if shape else 1

    def load(first: int, last: int) -> bytes:
        pieces = []
        while first < last:
            outer, begin = divmod(first, inner)
            end = min(inner, begin + last - first)
            low, high = begin // row, -(-end // row)
            place = tuple(int(index) for index in np.unravel_index(outer, shape[:axis])) if axis else ()
            try:
                values = np.asarray(dataset[(*place, slice(low, high))] if shape else dataset[()]).reshape(-1)
            except BROKEN as problem:
                # Compressed values are looked at only now.
                raise WeightsError(f"The HDF5 file is damaged: {problem}") from problem
            pieces.append(values[begin - low * row : end - low * row].astype(wanted).tobytes())
            first += end - begin
        return b"".join(pieces)

    return load
