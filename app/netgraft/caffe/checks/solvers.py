"""What Caffe's solver aborts on, and where a solver and its net do not fit."""

from __future__ import annotations

from typing import Final

from netgraft.caffe.diagnostics import declare

REFUSED: Final = declare("solver-refused", "error", "Caffe's solver refuses its parameters")
UNKNOWN_STAGE: Final = declare(
    "solver-unknown-stage", "warning", "The solver sets a stage that the net never asks"
)
OTHER_NET: Final = declare("solver-other-net", "warning", "The solver names another net")
NOTHING_LEARNS: Final = declare("solver-nothing-learns", "warning", "Every effective rate is zero")
