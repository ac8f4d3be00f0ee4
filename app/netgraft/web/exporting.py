"""A document's caffemodel as a file to be sent: planned, or written as HDF5 to a file that is gone after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from netgraft import __version__, weights
from netgraft.edit.pairing import prove_weights
from netgraft.web.answers import nothing
from netgraft.web.names import grafted_name
from netgraft.web.ranges import Read
from netgraft.web.weighing import plan_of
from netgraft.weights import Index, Plan, Proof
from netgraft.weights.planned import PlannedSource
from netgraft.weights.source import Source
from netgraft.workspace import Snapshot, Workspace

Format = Literal["caffemodel", "hdf5"]
ENDINGS: dict[Format, str] = {"caffemodel": ".caffemodel", "hdf5": ".caffemodel.h5"}
TYPES: dict[Format, str] = {"caffemodel": "application/octet-stream", "hdf5": "application/x-hdf5"}


@dataclass(frozen=True, slots=True)
class Options:
    """How a caffemodel is written; see `weights.plan`."""

    skip_sharers: bool = False
    strip_diff: bool = True
    keep_unused: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """A caffemodel that can be read, whole or in part; `close` gives back what that takes."""

    size: int
    read: Read
    close: Callable[[], None] = nothing


def download_name(snapshot: Snapshot) -> str:
    """What the document's downloads are called, without an ending."""
    name = snapshot.entry.name
    return grafted_name(
        name, [each.name for each in snapshot.sources.values()] if snapshot.revision > 1 else []
    )


def export(snapshot: Snapshot, workspace: Workspace, form: Format, options: Options) -> Exported:
    """Plans the caffemodel, or writes the HDF5 file. Raises as `plan_of`, and past Caffe's limit of size."""
    plan = plan_of(snapshot, workspace, **asdict(options))
    if form == "caffemodel":
        return planned(plan)
    source = _written(plan, workspace)
    return Exported(source.size, lambda start, stop: source.chunks(start, stop - start), source.close)


def planned(plan: Plan) -> Exported:
    """A plan as a file. Raises WeightsError (kind `too-large`) where Caffe could not read it."""
    plan.require_readable()
    return Exported(plan.size, plan.chunks)


def _written(plan: Plan, workspace: Workspace) -> Source:
    """The plan as HDF5; the file has no name any more, and is gone when nothing reads it."""
    path = workspace.scratch()
    try:
        weights.write_hdf5(plan, path)
        return Source(path)
    finally:
        path.unlink(missing_ok=True)


def prove(snapshot: Snapshot, workspace: Workspace, form: Format, options: Options) -> Proof:
    """Reads the export anew, as Caffe would, and compares every blob with its source."""
    with _index(snapshot, workspace, form, options) as written:
        sources = workspace.indexes(snapshot)
        return prove_weights(snapshot.document, written, sources, datum=snapshot.premises.datum)


def _index(snapshot: Snapshot, workspace: Workspace, form: Format, options: Options) -> Index:
    plan = plan_of(snapshot, workspace, **asdict(options))
    if form == "caffemodel":
        return weights.index(PlannedSource(plan))
    # h5py opens by name, so this file keeps its name until it is open.
    path = workspace.scratch()
    try:
        weights.write_hdf5(plan, path)
        return weights.index(path)
    finally:
        path.unlink(missing_ok=True)


def etag(snapshot: Snapshot, form: Format, options: Options) -> str:
    """A name for the very bytes of an export: what they are made of, and by which version."""
    made_of = [
        __version__,
        snapshot.id,
        snapshot.revision,
        [(name, stored.sha256) for name, stored in snapshot.sources.items()],
        sorted(snapshot.premises.datum.items()),
        form,
        asdict(options),
    ]
    return hashlib.sha256(repr(made_of).encode("utf-8", "surrogateescape")).hexdigest()[:32]
