"""Slips of the pen: a name that is so near one of Caffe's that hardly a fork invented it.

Narrow on purpose. None of the fork fields of the recorded nets is taken for a slip; a wider net, such as
difflib's, takes `bn_param` for `lrn_param`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_SHORTEST: Final = 4  # below that, any two names are near each other
_LONG: Final = 9  # from here on, two slips in one name are still the same name
_COMMON_END: Final = "_param"  # says nothing about the name before it


def misspelt_field(name: str, known: Iterable[str]) -> str | None:
    """The field that is meant: `num_output` for `num_ouput` and `num_outputs`."""
    return _nearest(name, known, longer_is_new=False)


def misspelt_type(name: str, known: Iterable[str]) -> str | None:
    """The layer type that is meant: `Convolution` for `Convolutoin`, `ReLU` for `Relu`.

    What only adds to a known name is new: `ReLU6`, `Convolution3D`, `SELU`. Capitals alone are the old
    format's spelling of a fork's type.
    """
    return None if name.isupper() else _nearest(name, known, longer_is_new=True)


def _nearest(name: str, known: Iterable[str], longer_is_new: bool) -> str | None:
    best: tuple[int, str] | None = None
    for other in known:
        if name.lower() == other.lower():
            return other
        stem, real = name, other
        if name.endswith(_COMMON_END) and other.endswith(_COMMON_END):
            stem, real = name.removesuffix(_COMMON_END), other.removesuffix(_COMMON_END)
        allowed = 0 if len(real) < _SHORTEST else 1 if len(real) < _LONG else 2
        if not allowed or abs(len(stem) - len(real)) > allowed:
            continue
        slips = _slips(stem, real)
        added = stem.startswith(real) or stem.endswith(real)
        if (
            slips <= allowed
            and not (added and (longer_is_new or slips > 1))
            and (not best or slips < best[0])
        ):
            best = slips, other
    return best[1] if best else None


def _slips(left: str, right: str) -> int:
    """Letters missing, added, wrong, or two neighbours swapped: how many of these lie between two words."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, here in enumerate(left):
        following = [i + 1]
        for j, there in enumerate(right):
            cost = min(row[j + 1] + 1, following[j] + 1, row[j] + (here != there))
            if i and j and here == right[j - 1] and left[i - 1] == there:
                cost = min(cost, before[j - 1] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
