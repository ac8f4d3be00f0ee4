"""Writing the pair."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from netgraft import prototxt, weights
from netgraft.weights import GraftReport, Plan
from netgraft.weights.write import replacing, write_all

_ENDINGS = (".caffemodel.h5", ".caffemodel", ".prototxt")


@dataclass(frozen=True, slots=True, repr=False)
class Saved:
    """What was written. `caffemodel` and `report` (what became of each layer's weights) are None where the
    document has no weights."""

    prototxt: Path
    caffemodel: Path | None
    report: GraftReport | None

    def __str__(self) -> str:
        files = [f"wrote {file}" for file in (self.prototxt, self.caffemodel) if file]
        return "\n".join([*files, *(self.report.lines() if self.report else [])])

    __repr__ = __str__


def targets(path: str | os.PathLike[str], *, hdf5: bool) -> tuple[Path, Path]:
    """The two files of a pair: `twins` and `twins.prototxt` both mean twins.prototxt and twins.caffemodel."""
    given = Path(path)
    stem = given.name
    for ending in _ENDINGS:
        stem = stem.removesuffix(ending)
    return given.with_name(f"{stem}.prototxt"), given.with_name(f"{stem}{_ENDINGS[0 if hdf5 else 1]}")


def require_new(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Raises FileExistsError where an output is one of the files that were read."""
    for output in outputs:
        for given in inputs:
            if output.exists() and given.exists() and output.samefile(given):
                raise FileExistsError(f"{output} was read: save under another name, or with overwrite=True")


def write_pair(tree: prototxt.Document, plan: Plan | None, net_file: Path, weights_file: Path) -> Saved:
    """Writes both or none; neither is ever half there, and the prototxt appears last."""
    with replacing(net_file) as (_, descriptor):
        write_all(descriptor, prototxt.emit(tree))
        if plan is not None:
            write = weights.write_hdf5 if weights_file.name.endswith(_ENDINGS[0]) else weights.write
            write(plan, weights_file)
    if plan is None:
        return Saved(net_file, None, None)
    return Saved(net_file, weights_file, plan.report)
