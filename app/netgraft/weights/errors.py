"""What goes wrong with a weights file, said so that a person can act on it."""

from __future__ import annotations

from typing import Literal

Kind = Literal["damaged", "not-a-caffemodel", "changed", "clash", "too-large", "hdf5", "origin"]


class WeightsError(Exception):
    """A weights file cannot be read, grafted or written.

    `offset` is the byte of the file where reading failed, None where no byte is to blame.
    `kind` tells a damaged file from one of another format, and both from a graft that cannot be made.
    """

    def __init__(self, message: str, offset: int | None = None, *, kind: Kind = "damaged") -> None:
        super().__init__(message if offset is None else f"{message} (at byte {offset})")
        self.message = message
        self.offset = offset
        self.kind: Kind = kind
