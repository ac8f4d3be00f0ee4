"""Opening weights of any age: one function that finds out what the file is."""

from __future__ import annotations

import os

from netgraft.weights.binary import index_binary
from netgraft.weights.errors import WeightsError
from netgraft.weights.sniff import is_hdf5, looks_like_text, refuse_strangers, text_error
from netgraft.weights.source import Buffer, Source
from netgraft.weights.stored import Index


def index(data: str | os.PathLike[str] | Buffer | Source) -> Index:
    """Indexes a .caffemodel or .caffemodel.h5, from a path or from bytes, without decoding its blobs.

    Raises WeightsError, with the byte's offset where there is one, for what is damaged or no caffemodel, and
    OSError where the path cannot be opened.
    """
    source = data if isinstance(data, Source) else Source(data)
    refuse_strangers(source)
    if is_hdf5(source):
        # h5py takes a tenth of a second to import, and most models are not HDF5.
        from netgraft.weights.hdf5_index import index_hdf5

        return index_hdf5(source)
    try:
        found = index_binary(source)
    except WeightsError as problem:
        if problem.kind == "damaged" and looks_like_text(source):
            raise text_error() from problem
        raise
    if not found.layers:
        if looks_like_text(source):
            raise text_error()
        raise WeightsError("The file holds no layers, so it is no caffemodel", kind="not-a-caffemodel")
    return found
