"""Reading nets and their states as the options name them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netgraft import prototxt
from netgraft.caffe.layers import document_layers
from netgraft.caffe.solver import is_solver
from netgraft.caffe.state import NetState
from netgraft.cli.terminal import fail, read_bytes, why_no_text

Datum = dict[str, tuple[int, int, int]]

_DATUM = re.compile(r"(.*)=(\d+)[xX×](\d+)[xX×](\d+)", re.DOTALL)


def read_datum(options: Sequence[str]) -> Datum:
    """`SOURCE=CxHxW` options by source; ends the command where one is none."""
    found: Datum = {}
    for option in options:
        match = _DATUM.fullmatch(option)
        if match is None:
            fail("--datum", f"{option!r} is not SOURCE=CxHxW, as mnist_train_lmdb=1x28x28.")
        source, *axes = match.groups()
        channels, height, width = map(int, axes)
        found[source] = channels, height, width
    return found


def state_name(state: NetState) -> str:
    """A state in a word: `TRAIN`, `TEST deploy`, `TRAIN level 2`."""
    level = [f"level {state.level}"] if state.level else []
    return " ".join([state.phase, *sorted(state.stages), *level])


def read_net(file: str) -> prototxt.Document:
    """The net in a file; ends the command where the file cannot be read or is no net."""
    data = read_bytes(file)
    if binary := why_no_text(file, data):
        fail(file, binary)
    tree = prototxt.parse(data)
    if not document_layers(tree):
        if is_solver(tree):
            fail(file, "This is a solver, not a net.")
        if tree.errors:
            chunk, error = tree.errors[0]
            line, column = tree.position(chunk, error.start)
            fail(f"{file}:{line}:{column}", error.message)
        fail(file, "This file holds no layer, so it is not a net.")
    return tree
