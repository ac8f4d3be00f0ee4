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

_DTYPES: dict[str, Dtype] = {"<f4": "float", "<f8": "double", "<f2": "half"}


def index_hdf5(source: Source) -> Index:
    """Layers in the order in which Caffe reads them: by name. Raises WeightsError."""
    try:
        if source.path is not None:
            file = h5py.File(source.path, "r", locking=False)
        else:
            file = h5py.File(io.BytesIO(bytes(source.read(0, source.size))), "r")
    except (OSError, RuntimeError) as problem:
        raise WeightsError(f"The HDF5 file cannot be opened: {problem}") from problem
    try:
        layers = _layers(source, file)
    except (OSError, RuntimeError, KeyError, ValueError) as problem:
        file.close()
        raise WeightsError(f"The HDF5 file is damaged: {problem}") from problem
    except WeightsError:
        file.close()
        raise
    return Index(source=source, name="", layers=layers, format="hdf5", on_close=(file.close,))


def _layers(source: Source, file: h5py.File) -> tuple[StoredLayer, ...]:
    data = file.get("data")
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
    for name, group in data.items():
        if not isinstance(group, h5py.Group):
            continue
        found = sorted(
            (int(key), item)
            for key, item in group.items()
            if key.isdecimal() and isinstance(item, h5py.Dataset)
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


def _blob(source: Source, file: h5py.File, dataset: h5py.Dataset) -> StoredBlob:
    shape = tuple(int(axis) for axis in dataset.shape)
    count = prod(shape)
    if dataset.dtype.kind not in "fiu":
        raise WeightsError(f"{dataset.name} holds no numbers, which Caffe refuses")
    dtype = _DTYPES.get(dataset.dtype.str)
    offset = dataset.id.get_offset() if file.userblock_size == 0 else None
    segments: tuple[Segment, ...] = ()
    plain = dtype is not None and offset is not None and dataset.external is None
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
    """Reads values [first, last) of a compressed, chunked or converted dataset, whole rows at a time."""
    ones = next((axis for axis, length in enumerate(shape) if length != 1), max(0, len(shape) - 1))
    row = prod(shape[ones + 1 :])
    wanted = dtype or np.dtype("<f4")

    def load(first: int, last: int) -> bytes:
        if not shape:
            return np.asarray(dataset[()]).astype(wanted).tobytes()
        low, high = first // row, -(-last // row)
        flat = np.asarray(dataset[(0,) * ones + (slice(low, high),)]).reshape(-1)
        return flat[first - low * row : last - low * row].astype(wanted).tobytes()

    return load
