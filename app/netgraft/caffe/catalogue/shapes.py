"""Arithmetic on blob shapes and Caffe's CHECK macros, in Caffe's words (Blob, common.hpp, glog)."""

from __future__ import annotations

from math import prod

from netgraft.caffe.catalogue.registry import Refusal, Shape


def count(shape: Shape, start: int = 0, end: int | None = None) -> int:
    """The number of values in axes [start, end) (Blob::count)."""
    return prod(shape[start:end])


def shape_string(shape: Shape) -> str:
    """A shape as Caffe prints it, `2 3 16 16 (1536)` (Blob::shape_string)."""
    return "".join(f"{axis} " for axis in shape) + f"({prod(shape)})"


def fail(condition: str, detail: str = "", values: tuple[object, object] | None = None) -> Refusal:
    """A Refusal in glog's form: `Check failed: a == b (1 vs. 2) detail`."""
    compared = f" ({values[0]} vs. {values[1]})" if values else ""
    return Refusal(f"Check failed: {condition}{compared} {detail}")


def check_eq(left: int, right: int, condition: str, detail: str = "") -> None:
    """CHECK_EQ: refuses with both values unless they are equal."""
    if left != right:
        raise fail(condition, detail, (left, right))


def canonical_axis(axis: int, shape: Shape) -> int:
    """A possibly negative axis as an index (Blob::CanonicalAxisIndex); refuses one out of range."""
    axes = len(shape)
    detail = f"axis {axis} out of range for {axes}-D Blob with shape {shape_string(shape)}"
    if axis < -axes:
        raise fail("axis_index >= -num_axes()", detail, (axis, -axes))
    if axis >= axes:
        raise fail("axis_index < num_axes()", detail, (axis, axes))
    return axis + axes if axis < 0 else axis
