"""Whether two blobs hold the same values, found out piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from netgraft.weights.stored import NUMPY, StoredBlob

STEP = 1 << 18
"""Values compared at once."""


def equal_values(one: StoredBlob, other: StoredBlob) -> bool:
    """Whether the values are equal bit for bit; of different precisions, whether the values are equal.

    Shapes are not compared. Holds two pieces in memory at a time.
    """
    return first_difference(one, other) is None


def first_difference(one: StoredBlob, other: StoredBlob) -> int | None:
    """The index of the first value that differs, None where none does.

    Where one is the other's beginning, that is the shorter one's length.
    """
    if one is other or (one.source is other.source and one.count and one.data and one.data == other.data):
        return None
    same = one.dtype == other.dtype
    position = 0
    for mine, its in zip(_aligned(one), _aligned(other), strict=False):
        if same:
            equal = mine == its
        else:
            equal = np.array_equal(_numbers(one, mine), _numbers(other, its), equal_nan=True)
        if not equal:
            return position + _where(one, mine, other, its)
        position += len(mine) // NUMPY[one.dtype].itemsize
    return None if one.count == other.count else min(one.count, other.count)


def _numbers(blob: StoredBlob, raw: bytes) -> NDArray[np.float64]:
    return np.frombuffer(raw, NUMPY[blob.dtype]).astype(np.float64)


def _where(one: StoredBlob, mine: bytes, other: StoredBlob, its: bytes) -> int:
    length = min(len(mine) // NUMPY[one.dtype].itemsize, len(its) // NUMPY[other.dtype].itemsize)
    if one.dtype == other.dtype:
        # As integers, so that NaN equals itself and 0 is not -0: the bits are compared.
        width = NUMPY[one.dtype].itemsize
        left, right = (np.frombuffer(raw[: length * width], f"<u{width}") for raw in (mine, its))
        differ = left != right
    else:
        near, far = _numbers(one, mine)[:length], _numbers(other, its)[:length]
        differ = (near != far) & ~(np.isnan(near) & np.isnan(far))
    return int(differ.argmax()) if differ.any() else length


def _aligned(blob: StoredBlob) -> Iterator[bytes]:
    """The values as bytes in pieces of STEP values each, wherever the file breaks them up."""
    wanted = STEP * NUMPY[blob.dtype].itemsize
    kept = b""
    for piece in blob.pieces(wanted):
        if not kept and len(piece) == wanted:
            yield bytes(piece)
            continue
        kept += piece
        if len(kept) >= wanted:
            yield kept[:wanted]
            kept = kept[wanted:]
    if kept:
        yield kept
