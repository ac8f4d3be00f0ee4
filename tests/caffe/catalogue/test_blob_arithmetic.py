"""Blob shapes and C++ arithmetic as Caffe does them."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft.caffe.catalogue.registry import Refusal
from netgraft.caffe.catalogue.shapes import (
    UNSHAPED,
    canonical_axis,
    count,
    divide,
    float32,
    float_text,
    int32,
    legacy_axis,
    proto_shape,
    remainder,
    reshape,
    shape_string,
    total,
)

shapes = st.lists(st.integers(1, 6), max_size=6).map(tuple)


def test_a_shape_prints_with_its_count() -> None:
    assert shape_string((2, 3, 16, 16)) == "2 3 16 16 (1536)"
    assert shape_string(()) == "(1)"


def test_a_blob_that_was_never_shaped_counts_nothing_and_equals_no_other() -> None:
    assert shape_string(UNSHAPED) == "(0)"
    assert total(UNSHAPED) == 0
    assert UNSHAPED != ()
    assert list(UNSHAPED) == []
    assert len({UNSHAPED: 1, (): 2}) == 2


def test_more_than_2_to_31_values_are_refused() -> None:
    assert reshape((1 << 15, (1 << 16) - 1)) == (1 << 15, (1 << 16) - 1)
    with pytest.raises(Refusal, match="blob size exceeds INT_MAX"):
        reshape((1 << 16, 1 << 15))


def test_an_overflow_is_found_before_a_later_empty_axis() -> None:
    with pytest.raises(Refusal, match=r"\(65536 vs\. 32767\) blob size exceeds INT_MAX"):
        reshape((65536, 65536, 0))
    assert reshape((0, 65536, 65536)) == (0, 65536, 65536)


def test_two_negative_axes_do_not_make_a_positive_blob() -> None:
    with pytest.raises(Refusal, match=r"^Check failed: shape\[i\] >= 0 \(-2 vs\. 0\)$"):
        reshape((3, -2, -2))


def test_33_axes_are_one_too_many() -> None:
    assert len(reshape([1] * 32)) == 32
    with pytest.raises(Refusal, match=r"shape\.size\(\) <= kMaxBlobAxes \(33 vs\. 32\)"):
        reshape([1] * 33)
    with pytest.raises(Refusal, match=r"shape\.dim_size\(\) <= kMaxBlobAxes"):
        proto_shape([1] * 33)


def test_a_64_bit_dim_is_cut_to_32_bits() -> None:
    assert proto_shape([(1 << 32) + 5]) == (5,)


@given(shapes, st.integers(-8, 8))
def test_an_axis_is_canonical_exactly_where_python_indexes(shape: tuple[int, ...], axis: int) -> None:
    try:
        expected = range(len(shape))[axis]
    except IndexError:
        with pytest.raises(Refusal, match="out of range"):
            canonical_axis(axis, shape)
    else:
        assert canonical_axis(axis, shape) == expected


@given(shapes)
def test_every_shape_of_small_positive_axes_is_taken_as_it_is(shape: tuple[int, ...]) -> None:
    assert reshape(shape) == shape
    assert total(shape) == prod(shape)


def test_counting_from_beyond_the_last_axis_is_refused() -> None:
    assert count((3,), 1) == 1
    with pytest.raises(Refusal, match=r"start_axis <= end_axis \(1 vs\. 0\)"):
        count((), 1)


def test_legacy_axes_are_1_where_missing_and_refused_beyond_four() -> None:
    assert [legacy_axis((5, 3), axis) for axis in range(4)] == [5, 3, 1, 1]
    with pytest.raises(Refusal, match="Cannot use legacy accessors on Blobs with > 4 axes"):
        legacy_axis((1, 1, 1, 1, 1), 0)


@given(st.integers(-1000, 1000), st.integers(-30, 30).filter(bool))
def test_division_truncates_toward_zero_as_in_c(left: int, right: int) -> None:
    quotient = divide(left, right, "")
    assert quotient == int(left / right)
    assert quotient * right + remainder(left, right, "") == left


def test_division_by_zero_kills_caffe() -> None:
    with pytest.raises(Refusal, match="SIGFPE"):
        divide(1, 0, "group is 0")


def test_a_uint32_beyond_2_to_31_becomes_negative() -> None:
    assert int32(0xFFFFFFFF) == -1
    assert int32(0x7FFFFFFF) == 0x7FFFFFFF


def test_floats_print_as_an_ostream_prints_them() -> None:
    assert float_text(0.1) == "0.1"
    assert float_text(float32(1e-45)) == "1.4013e-45"
    assert float_text(1234567.0) == "1.23457e+06"
    assert float32(1e39) == float("inf")
