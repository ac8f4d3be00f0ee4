"""The door to HDF5 writing: h5py takes a tenth of a second to import, so it waits until it is needed."""

from __future__ import annotations

import os

from netgraft.weights.plan import Plan
from netgraft.weights.report import GraftReport


def write_hdf5(plan: Plan, out: str | os.PathLike[str], *, durable: bool = False) -> GraftReport:
    """Writes a plan as .caffemodel.h5; see netgraft.weights.hdf5_write.write_hdf5."""
    from netgraft.weights.hdf5_write import write_hdf5 as write_now

    return write_now(plan, out, durable=durable)
