"""What verdicts on a document rest on beside its text: kept with the document, not with its revisions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from netgraft import prototxt
from netgraft.caffe.model import Profile
from netgraft.caffe.solver import Solver, read_solver

Datum = Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True)
class SolverFile:
    """A solver.prototxt and the name that it came under."""

    name: str
    text: bytes

    @cached_property
    def solver(self) -> Solver:
        """The solver as Caffe reads it."""
        return read_solver(prototxt.parse(self.text))


@dataclass(frozen=True)
class Premises:
    """`datum`: what data layers' sources hold, (channels, height, width) by source. `profile`: the Caffe that
    was chosen; None takes what the file suggests. `solver`: the solver beside the net."""

    datum: Datum = field(default_factory=dict)
    profile: Profile | None = None
    solver: SolverFile | None = None


def pack_datum(datum: Datum) -> str:
    """The column `datum`."""
    return json.dumps(datum)  # ASCII: lone surrogates (names that are not UTF-8) survive as escapes


def unpack_datum(column: str) -> Datum:
    """What `pack_datum` wrote."""
    return {source: (axes[0], axes[1], axes[2]) for source, axes in json.loads(column).items()}
