"""Arithmetic on blob shapes and Caffe's CHECK macros, in Caffe's words (Blob, common.hpp, glog).

Caffe counts in C++ `int`: a `uint32` field beyond 2^31 becomes negative, products wrap, division
truncates and a division by zero kills the process. The helpers here do the same.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from math import prod
from typing import Never

from netgraft.caffe.catalogue.registry import Refusal, Shape

INT_MAX = 0x7FFFFFFF
MAX_AXES = 32
"""kMaxBlobAxes."""


class _Unshaped(tuple[int, ...]):
    """A blob that was never given a shape: no axes, yet a count of 0 where () counts 1.

    It equals nothing but itself, so that a cache by bottom shapes keeps it apart from ().
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)


UNSHAPED: Shape = _Unshaped()


def fail(condition: str, detail: str = "", values: tuple[object, object] | None = None) -> Refusal:
    """A Refusal in glog's form: `Check failed: a == b (1 vs. 2) detail`."""
    compared = f" ({values[0]} vs. {values[1]})" if values else ""
    return Refusal(f"Check failed: {condition}{compared} {detail}".rstrip())


def crash(what: str) -> Never:
    """Caffe has no CHECK here: the processor stops it (SIGFPE)."""
    raise Refusal(f"Caffe crashes (SIGFPE): {what}")


def check_eq(left: int, right: int, condition: str, detail: str = "") -> None:
    """CHECK_EQ: refuses with both values unless they are equal."""
    if left != right:
        raise fail(condition, detail, (left, right))


def int32(value: int) -> int:
    """An integer as C++ `int` holds it: wrapped to 32 bits, two's complement."""
    if -0x80000000 <= value <= INT_MAX:
        return value
    return (value + 0x80000000) % 0x100000000 - 0x80000000


def float32(value: float) -> float:
    """A number rounded to C++ `float`, out-of-range values to infinity."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def float_text(value: float) -> str:
    """A float as a C++ ostream prints it: six significant digits."""
    return f"{value:g}"


def divide(left: int, right: int, what: str) -> int:
    """C++ integer division: truncates toward zero; by zero it crashes."""
    if right == 0:
        crash(f"integer division by zero, {what}")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def remainder(left: int, right: int, what: str) -> int:
    """C++ `%`: has the sign of the left side; by zero it crashes."""
    return left - right * divide(left, right, what)


def total(shape: Shape) -> int:
    """The number of values in a blob (Blob::count())."""
    return 0 if shape is UNSHAPED else prod(shape)


def count(shape: Shape, start: int, end: int | None = None) -> int:
    """The number of values in axes [start, end) (Blob::count(start, end)); refuses start > end.

    It may wrap where an axis outside the range is 0: only the whole is held below 2^31.
    """
    stop = len(shape) if end is None else end
    if start > stop:
        raise fail("start_axis <= end_axis", values=(start, stop))
    return int32(prod(shape[start:stop]))


def shape_string(shape: Shape) -> str:
    """A shape as Caffe prints it, `2 3 16 16 (1536)` (Blob::shape_string)."""
    return "".join(f"{axis} " for axis in shape) + f"({total(shape)})"


def canonical_axis(axis: int, shape: Shape) -> int:
    """A possibly negative axis as an index (Blob::CanonicalAxisIndex); refuses one out of range."""
    axes = len(shape)
    if 0 <= axis < axes:
        return axis
    if -axes <= axis < 0:
        return axis + axes
    detail = f"axis {axis} out of range for {axes}-D Blob with shape {shape_string(shape)}"
    if axis < -axes:
        raise fail("axis_index >= -num_axes()", detail, (axis, -axes))
    raise fail("axis_index < num_axes()", detail, (axis, axes))


def axis_size(shape: Shape, axis: int) -> int:
    """The length of one axis (Blob::shape(index)); refuses an axis out of range."""
    return shape[canonical_axis(axis, shape)]


def legacy_axis(shape: Shape, axis: int) -> int:
    """num(), channels(), height() or width() of a blob (Blob::LegacyShape); 1 for a missing axis."""
    axes = len(shape)
    if axes > 4:
        raise fail("num_axes() <= 4", "Cannot use legacy accessors on Blobs with > 4 axes.", (axes, 4))
    return shape[axis] if axis < axes else 1


def reshape(shape: Sequence[int]) -> Shape:
    """The shape, once Blob::Reshape accepts it: at most 32 axes, none negative, at most INT_MAX values."""
    made = tuple(shape)
    if 0 < prod(made) <= INT_MAX and len(made) <= MAX_AXES and (not made or min(made) > 0):
        return made
    if len(made) > MAX_AXES:
        raise fail("shape.size() <= kMaxBlobAxes", values=(len(made), MAX_AXES))
    values = 1
    for axis in made:
        if axis < 0:
            raise fail("shape[i] >= 0", values=(axis, 0))
        if values and axis > INT_MAX // values:
            # INT_MAX as the preprocessor spells it inside CHECK_LE
            raise fail(
                "shape[i] <= 0x7fffffff / count_", "blob size exceeds INT_MAX", (axis, INT_MAX // values)
            )
        values *= axis
    return made


def proto_shape(dims: Sequence[int]) -> Shape:
    """A BlobShape message's shape (Blob::Reshape(BlobShape)): its 64-bit dims become 32-bit."""
    if len(dims) > MAX_AXES:
        raise fail("shape.dim_size() <= kMaxBlobAxes", values=(len(dims), MAX_AXES))
    return reshape([int32(dim) for dim in dims])


def touch(values: int) -> None:
    """Access to a blob's data (mutable_cpu_data): a blob of no values was never allocated."""
    if values == 0:
        raise fail("data_")


def equal_shapes(left: Shape, right: Shape) -> bool:
    """Whether the axes are equal (Blob::shape() ==); a never-shaped blob has none, like ()."""
    return left == right or not (left or right)
