"""Flatten, Reshape, Crop, Tile, Reduction, ArgMax; Concat, Eltwise, Slice, Split, Filter, BatchReindex."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft.caffe.catalogue.shapes import UNSHAPED

Shape = tuple[int, ...]
Tops = Callable[..., list[Shape | None]]
Words = Callable[..., str]
IMAGE = (2, 4, 6, 6)
shapes = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple)


@pytest.mark.parametrize(
    ("kind", "params", "bottoms", "top"),
    [
        ("Flatten", "", (IMAGE,), (2, 144)),
        ("Flatten", "axis: 1 end_axis: 2", (IMAGE,), (2, 24, 6)),
        ("Reshape", "shape { dim: 0 dim: -1 }", (IMAGE,), (2, 144)),
        ("Reshape", "shape { dim: 3 dim: -1 } axis: 1 num_axes: 2", (IMAGE,), (2, 3, 8, 6)),
        ("Reshape", "shape { dim: 1 dim: 1 } axis: -1", (IMAGE,), (2, 4, 6, 6, 1, 1)),
        ("Crop", "axis: 2 offset: 1", ((1, 9, 6, 7), (5, 1, 4, 5)), (1, 9, 4, 5)),
        ("Tile", "tiles: 3", (IMAGE,), (2, 12, 6, 6)),
        ("Reduction", "axis: 2", (IMAGE,), (2, 4)),
        ("Reduction", "", (IMAGE,), ()),
        ("ArgMax", "", ((2, 5),), (2, 1, 1)),
        ("ArgMax", "top_k: 3 out_max_val: true", (IMAGE,), (2, 2, 3, 1)),
        ("ArgMax", "top_k: 2 axis: -1", (IMAGE,), (2, 4, 6, 2)),
        ("Concat", "", (IMAGE, (2, 1, 6, 6)), (2, 5, 6, 6)),
        ("Concat", "concat_dim: 0", (IMAGE, IMAGE), (4, 4, 6, 6)),
        ("Eltwise", "operation: MAX", (IMAGE, IMAGE, IMAGE), IMAGE),
        ("BatchReindex", "", (IMAGE, (7,)), (7, 4, 6, 6)),
        ("Filter", "", (IMAGE, (2, 1)), IMAGE),
    ],
)
def test_a_layer_makes_its_shape(
    tops_of: Tops, kind: str, params: str, bottoms: tuple[Shape, ...], top: Shape
) -> None:
    assert tops_of(kind, params, *bottoms) == [top]


@pytest.mark.parametrize(
    ("kind", "params", "bottoms", "words"),
    [
        ("Flatten", "axis: 3 end_axis: 1", (IMAGE,), "start_axis <= end_axis (3 vs. 2)"),
        (
            "Reshape",
            "shape { dim: -1 dim: -1 }",
            (IMAGE,),
            "inferred_axis_ == -1 (0 vs. -1) new shape contains multiple -1 dims; "
            "at most a single (1) value of -1 may be specified",
        ),
        (
            "Reshape",
            "axis: 5",
            (IMAGE,),
            "start_axis <= bottom[0]->num_axes() (5 vs. 4) axis 5 out of range for 4-D input blob",
        ),
        ("Reshape", "axis: -6", (IMAGE,), "start_axis >= 0 (-1 vs. 0) axis -6 out of range"),
        (
            "Reshape",
            "num_axes: -2",
            (IMAGE,),
            "num_axes >= -1 (-2 vs. -1) num_axes must be >= 0, or -1 for all",
        ),
        (
            "Reshape",
            "shape { dim: [1, 1, 1, 1, 0] }",
            (IMAGE,),
            "bottom[0]->num_axes() > start_axis + copy_axis_index (4 vs. 4) "
            "new shape contains a 0, but there was no corresponding bottom axis to copy",
        ),
        (
            "Reshape",
            "shape { dim: [5, -1] }",
            (IMAGE,),
            "0 == bottom[0]->count() % explicit_count (0 vs. 3) "
            "bottom count (288) must be divisible by the product of the specified dimensions (5)",
        ),
        (
            "Reshape",
            "shape { dim: 7 }",
            (IMAGE,),
            "top[0]->count() == bottom[0]->count() (7 vs. 288) output count must match input count",
        ),
        (
            "Crop",
            "offset: [1, 2, 3]",
            (IMAGE, IMAGE),
            "start_axis + param.offset_size() == input_dim (5 vs. 4) "
            "number of offset values specified must be equal to the number of dimensions following axis.",
        ),
        (
            "Crop",
            "offset: [0, 3]",
            (IMAGE, (1, 1, 5, 4)),
            "bottom[0]->shape(i) - crop_offset >= bottom[1]->shape(i) (3 vs. 4) "
            "the crop for dimension 3 is out-of-bounds with size 4 and offset 3",
        ),
        ("Tile", "", (IMAGE,), "tile_param.has_tiles() Number of tiles must be specified"),
        ("ArgMax", "top_k: 0", (IMAGE,), "top_k_ >= 1 (0 vs. 1) top k must not be less than 1."),
        (
            "Concat",
            "axis: 1 concat_dim: 1",
            (IMAGE,),
            "!(concat_param.has_axis() && concat_param.has_concat_dim()) "
            "Either axis or concat_dim should be specified; not both.",
        ),
        ("Concat", "concat_dim: 4", (IMAGE,), "concat_axis_ < num_axes (4 vs. 4) concat_dim out of range."),
        (
            "Concat",
            "",
            (IMAGE, (2, 4, 6)),
            "num_axes == bottom[i]->num_axes() (4 vs. 3) All inputs must have the same #axes.",
        ),
        (
            "Eltwise",
            "operation: PROD coeff: [1, 2]",
            (IMAGE, IMAGE),
            "!(this->layer_param().eltwise_param().operation() == EltwiseParameter_EltwiseOp_PROD && "
            "this->layer_param().eltwise_param().coeff_size()) Eltwise layer only takes "
            "coefficients for summation.",
        ),
        (
            "Eltwise",
            "",
            (IMAGE, (2, 4)),
            "bottom[0]->shape() == bottom[i]->shape() bottom[0]: 2 4 6 6 (288), bottom[1]: 2 4 (8)",
        ),
        (
            "Filter",
            "",
            (IMAGE, (3,)),
            "bottom[selector_index]->shape(0) == bottom[i]->shape(0) (3 vs. 2) "
            "Each bottom should have the same 0th dimension as the selector blob",
        ),
    ],
)
def test_a_layer_is_refused_in_caffes_words(
    refusal_of: Words, kind: str, params: str, bottoms: tuple[Shape, ...], words: str
) -> None:
    assert refusal_of(kind, params, *bottoms) == f"Check failed: {words}"


def test_a_reshape_to_a_stated_shape_is_known_whatever_comes_in(tops_of: Tops) -> None:
    assert tops_of("Reshape", "shape { dim: [2, 3] }", None) == [(2, 3)]
    assert tops_of("Reshape", "shape { dim: [0, 3] }", None) == [None]


def test_an_unknown_bottom_silences_only_the_checks_that_need_it(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Concat", "", IMAGE, None) == [None]
    assert "#axes" in refusal_of("Concat", "", IMAGE, None, (2, 4))
    assert tops_of("Eltwise", "", None, IMAGE) == [IMAGE]
    assert "bottom[2]" in refusal_of("Eltwise", "", None, IMAGE, (2, 4))


def test_a_slice_cuts_at_its_points_or_evenly(tops_of: Tops) -> None:
    assert tops_of("Slice", "", IMAGE, tops=2) == [(2, 2, 6, 6)] * 2
    params = "axis: 2 slice_point: [1, 4]"
    assert tops_of("Slice", params, IMAGE, tops=3) == [(2, 4, 1, 6), (2, 4, 3, 6), (2, 4, 2, 6)]


@pytest.mark.parametrize(
    ("params", "tops", "words"),
    [
        (
            "",
            3,
            "bottom_slice_axis % top.size() == 0 (1 vs. 0) Number of top blobs (3) should "
            "evenly divide input slice axis (4)",
        ),
        ("slice_point: 1", 3, "slice_point_.size() == top.size() - 1 (1 vs. 2)"),
        ("slice_point: [2, 2]", 3, "slice_point_[i] > prev (2 vs. 2)"),
        ("slice_point: 5", 2, "shape[i] >= 0 (-1 vs. 0)"),
        (
            "axis: 0 slice_point: [1, 2]",
            3,
            "top.size() <= bottom_slice_axis (3 vs. 2) slice axis: 0, bottom[0] shape: 2 4 6 6 (288)",
        ),
    ],
)
def test_a_slice_that_does_not_come_out_is_refused(
    refusal_of: Words, params: str, tops: int, words: str
) -> None:
    assert refusal_of("Slice", params, IMAGE, tops=tops) == f"Check failed: {words}"


def test_a_slice_in_place_shrinks_what_it_then_counts(refusal_of: Words) -> None:
    words = refusal_of("Slice", "", IMAGE, tops=2, more='bottom: "a" top: "a"')
    assert words == "Check failed: count == bottom[0]->count() (288 vs. 144)"


@pytest.mark.parametrize("kind", ["Flatten", "Reshape", "Split"])
def test_in_place_is_refused_where_caffe_refuses_it(refusal_of: Words, kind: str) -> None:
    words = refusal_of(kind, "", IMAGE, more='bottom: "a" top: "a"')
    assert words.endswith(f"{kind} Layer does not allow in-place computation.")


def test_splitting_a_blob_without_a_shape_finds_its_count_changed(refusal_of: Words) -> None:
    assert refusal_of("Split", "", UNSHAPED, tops=2) == "Check failed: count_ == top[i]->count() (0 vs. 1)"


@given(shape=shapes, parts=st.integers(1, 3), axis=st.integers(-2, 1))
def test_a_concat_undoes_a_slice(tops_of: Tops, shape: Shape, parts: int, axis: int) -> None:
    whole = list(shape)
    whole[axis] *= parts
    cut = tops_of("Slice", f"axis: {axis}", tuple(whole), tops=parts)
    assert cut == [shape] * parts
    assert tops_of("Concat", f"axis: {axis}", *cut) == [tuple(whole)]


@given(shape=shapes)
def test_a_reshape_to_what_is_left_over_keeps_every_value(tops_of: Tops, shape: Shape) -> None:
    assert tops_of("Reshape", "shape { dim: 0 dim: -1 }", shape) == [(shape[0], prod(shape[1:]))]
    assert tops_of("Reshape", "shape { dim: -1 }", shape) == tops_of("Flatten", "axis: 0", shape)


def test_a_negative_number_of_tiles_passes_as_unsigned_and_fails_as_an_axis(refusal_of: Words) -> None:
    assert refusal_of("Tile", "tiles: -1", IMAGE) == "Check failed: shape[i] >= 0 (-4 vs. 0)"


def test_an_offset_beyond_2_to_31_wraps_as_an_int_does(refusal_of: Words) -> None:
    words = refusal_of("Crop", "offset: 2147483648", IMAGE, IMAGE)
    assert "(-2147483642 vs. 6)" in words
