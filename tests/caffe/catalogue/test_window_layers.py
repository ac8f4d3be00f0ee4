"""Convolution, Deconvolution, Im2col, Pooling and SPP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from google.protobuf import text_format
from hypothesis import given
from hypothesis import strategies as st

from netgraft.caffe.catalogue.convolution import Window
from netgraft.caffe.catalogue.pooling import Pool
from netgraft.caffe.catalogue.registry import Outcome, lookup
from netgraft.proto import caffe_pb2

Shape = tuple[int, ...]
SetUp = Callable[..., Outcome]
Tops = Callable[..., list[Shape | None]]
Words = Callable[..., str]


def test_a_convolution_halves_an_image(set_up: SetUp) -> None:
    made = set_up("Convolution", "num_output: 64 kernel_size: 7 stride: 2 pad: 3", (1, 3, 224, 224))
    assert made.tops == [(1, 64, 112, 112)]
    assert made.blobs == [(64, 3, 7, 7), (64,)]


def test_a_grouped_convolution_without_bias_has_one_narrow_blob(set_up: SetUp) -> None:
    made = set_up("Convolution", "num_output: 32 group: 32 kernel_size: 3 bias_term: false", (2, 32, 9, 9))
    assert made.blobs == [(32, 1, 3, 3)]


def test_a_deconvolution_has_its_weight_turned_round(set_up: SetUp) -> None:
    made = set_up("Deconvolution", "num_output: 6 kernel_size: 4 stride: 2 pad: 1", (1, 4, 5, 7))
    assert made.tops == [(1, 6, 10, 14)]
    assert made.blobs == [(4, 6, 4, 4), (6,)]


def test_a_convolution_takes_any_number_of_spatial_axes(tops_of: Tops) -> None:
    params = "num_output: 2 kernel_size: [1, 2, 3] stride: 2 dilation: [1, 1, 2]"
    assert tops_of("Convolution", params, (1, 3, 5, 6, 9)) == [(1, 2, 3, 3, 3)]
    assert tops_of("Convolution", "num_output: 2 axis: 2 kernel_size: 3", (1, 3, 5, 6)) == [(1, 3, 2, 4)]


def test_of_an_unknown_bottom_the_bias_is_known_still(set_up: SetUp) -> None:
    made = set_up("Convolution", "num_output: 8 kernel_size: 3", None)
    assert made.tops == [None]
    assert made.blobs == [None, (8,)]


def test_several_bottoms_share_one_convolution(tops_of: Tops) -> None:
    shape = (1, 3, 8, 8)
    assert tops_of("Convolution", "num_output: 5 kernel_size: 1", shape, shape, tops=2) == [(1, 5, 8, 8)] * 2


def test_stored_blobs_must_be_of_the_convolutions_shape(refusal_of: Words) -> None:
    blob = "blobs { shape { dim: [1, 1, 1, 1] } data: 1 }"
    words = refusal_of(
        "Convolution", "num_output: 1 kernel_size: 1 bias_term: false", (1, 2, 3, 3), more=blob
    )
    assert words == "Incorrect weight shape: expected shape 1 2 1 1 (2); instead, shape was 1 1 1 1 (1)"


IMAGE = (1, 4, 6, 6)


@pytest.mark.parametrize(
    ("params", "bottom", "words"),
    [
        (
            "num_output: 1 kernel_h: 3 kernel_w: 3",
            (1, 4, 6),
            "num_spatial_axes_ == 2 (1 vs. 2) kernel_h & kernel_w can only be used for 2D convolution.",
        ),
        (
            "num_output: 1 kernel_h: 3 kernel_w: 3 kernel_size: 3",
            IMAGE,
            "0 == conv_param.kernel_size_size() (0 vs. 1) "
            "Either kernel_size or kernel_h/w should be specified; not both.",
        ),
        (
            "num_output: 1 kernel_h: 3",
            IMAGE,
            "kernel_shape_data[i] > 0 (0 vs. 0) Filter dimensions must be nonzero.",
        ),
        (
            "num_output: 1",
            IMAGE,
            "num_kernel_dims == 1 || num_kernel_dims == num_spatial_axes_ kernel_size "
            "must be specified once, or "
            "once per spatial dimension (kernel_size specified 0 times; 2 spatial dims).",
        ),
        (
            "num_output: 1 kernel_size: 1 stride: 0",
            IMAGE,
            "stride_data[i] > 0 (0 vs. 0) Stride dimensions must be nonzero.",
        ),
        (
            "num_output: 1 kernel_size: 1 pad: [1, 1, 1]",
            IMAGE,
            "num_pad_dims == 0 || num_pad_dims == 1 || num_pad_dims == num_spatial_axes_ "
            "pad must be specified "
            "once, or once per spatial dimension (pad specified 3 times; 2 spatial dims).",
        ),
        ("kernel_size: 1", IMAGE, "num_output_ > 0 (0 vs. 0)"),
        ("num_output: 6 group: 3 kernel_size: 1", IMAGE, "channels_ % group_ == 0 (1 vs. 0)"),
        (
            "num_output: 3 group: 2 kernel_size: 1",
            IMAGE,
            "num_output_ % group_ == 0 (1 vs. 0) Number of output should be multiples of group.",
        ),
        ("num_output: 1 kernel_size: 9", IMAGE, "shape[i] >= 0 (-2 vs. 0)"),
        ("num_output: 1 kernel_size: 7", IMAGE, "data_"),
        (
            'num_output: 1 kernel_size: 1 bias_filler { type: "zero" }',
            IMAGE,
            "false Unknown filler name: zero",
        ),
    ],
)
def test_a_convolution_is_refused_in_caffes_words(
    refusal_of: Words, params: str, bottom: Shape, words: str
) -> None:
    assert refusal_of("Convolution", params, bottom) == f"Check failed: {words}"


def test_a_group_of_zero_or_a_stride_of_zero_kills_caffe(refusal_of: Words) -> None:
    assert "SIGFPE" in refusal_of("Convolution", "num_output: 1 kernel_size: 1 group: 0", IMAGE)
    assert "SIGFPE" in refusal_of("Convolution", "num_output: 1 kernel_size: 1 stride_h: 1", IMAGE)


def test_the_cpu_build_has_no_cudnn(refusal_of: Words) -> None:
    words = refusal_of("Convolution", "num_output: 1 kernel_size: 1 engine: CUDNN", IMAGE)
    assert words == "Layer subject has unknown engine."


def test_the_unrolled_columns_must_be_countable_too(refusal_of: Words) -> None:
    words = refusal_of("Convolution", "num_output: 1 kernel_size: 63 pad: 31", (1, 64, 128, 128))
    assert words.endswith("blob size exceeds INT_MAX")


def test_im2col_puts_windows_into_channels(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Im2col", "kernel_size: 3 stride: 2", (2, 3, 7, 9)) == [(2, 27, 3, 4)]
    assert refusal_of("Im2col", "kernel_size: 3", (2, 3)) == "Check failed: num_spatial_axes_ >= 1 (0 vs. 1)"


windows = st.tuples(st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3))


@given(windows, st.integers(1, 40))
def test_a_convolution_fits_as_many_windows_as_one_can_place(
    window: tuple[int, int, int, int], size: int
) -> None:
    kernel, stride, pad, dilation = window
    reach = dilation * (kernel - 1) + 1
    placed = len(range(0, size + 2 * pad - reach + 1, stride))
    fitted = Window([kernel], [stride], [pad], [dilation]).output(0, size)
    assert fitted == placed or (placed == 0 and fitted <= 0) or (fitted == 1 and size + 2 * pad < reach)


@given(windows, st.integers(1, 40))
def test_a_convolution_undoes_a_deconvolution(window: tuple[int, int, int, int], size: int) -> None:
    kernel, stride, pad, dilation = window
    both = Window([kernel], [stride], [pad], [dilation])
    assert both.output(0, both.input(0, size)) == size


def test_pooling_rounds_up_by_default_and_down_when_asked(tops_of: Tops) -> None:
    assert tops_of("Pooling", "kernel_size: 3 stride: 2", (1, 64, 112, 112)) == [(1, 64, 56, 56)]
    params = "kernel_size: 3 stride: 2 round_mode: FLOOR"
    assert tops_of("Pooling", params, (1, 64, 112, 112)) == [(1, 64, 55, 55)]


def test_a_window_that_would_start_in_the_padding_is_left_out(tops_of: Tops) -> None:
    assert tops_of("Pooling", "kernel_size: 2 stride: 2 pad: 1", (1, 1, 4, 5)) == [(1, 1, 3, 3)]


def test_global_pooling_takes_in_the_whole_image(tops_of: Tops) -> None:
    assert tops_of("Pooling", "pool: AVE global_pooling: true", (2, 9, 7, 5)) == [(2, 9, 1, 1)]


def test_max_pooling_tells_where_from_in_a_second_top(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Pooling", "kernel_size: 2 stride: 2", (1, 1, 4, 4), tops=2) == [(1, 1, 2, 2)] * 2
    words = refusal_of("Pooling", "pool: AVE kernel_size: 2", (1, 1, 4, 4), tops=2)
    assert words.startswith("Check failed: MaxTopBlobs() >= top.size() (1 vs. 2) ")
    assert words.endswith("Pooling Layer produces at most 1 top blob(s) as output.")


@pytest.mark.parametrize(
    ("params", "bottom", "words"),
    [
        (
            "",
            IMAGE,
            "!pool_param.has_kernel_size() != !(pool_param.has_kernel_h() && pool_param.has_kernel_w()) "
            "Filter size is kernel_size OR kernel_h and kernel_w; not both",
        ),
        (
            "global_pooling: true kernel_h: 2",
            IMAGE,
            "!(pool_param.has_kernel_size() || pool_param.has_kernel_h() || pool_param.has_kernel_w()) "
            "With Global_pooling: true Filter size cannot specified",
        ),
        (
            "kernel_size: 2 stride_h: 2",
            IMAGE,
            "(!pool_param.has_stride() && pool_param.has_stride_h() && pool_param.has_stride_w()) || "
            "(!pool_param.has_stride_h() && !pool_param.has_stride_w()) "
            "Stride is stride OR stride_h and stride_w are required.",
        ),
        ("kernel_size: 0", IMAGE, "kernel_h_ > 0 (0 vs. 0) Filter dimensions cannot be zero."),
        ("kernel_size: 2 pad_h: 1 pad_w: 2", IMAGE, "pad_w_ < kernel_w_ (2 vs. 2)"),
        (
            "kernel_size: 2",
            (4, 6),
            "4 == bottom[0]->num_axes() (4 vs. 2) Input must have 4 axes, "
            "corresponding to (num, channels, height, width)",
        ),
        ("kernel_size: 2 stride: 0", IMAGE, "shape[i] >= 0 (-2147483647 vs. 0)"),
        ("kernel_size: 9", IMAGE, "shape[i] >= 0 (-2 vs. 0)"),
    ],
)
def test_a_pooling_is_refused_in_caffes_words(
    refusal_of: Words, params: str, bottom: Shape, words: str
) -> None:
    assert refusal_of("Pooling", params, bottom) == f"Check failed: {words}"


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 50))
def test_every_value_lies_in_some_pooled_window(kernel: int, stride: int, size: int) -> None:
    if kernel > size or stride > kernel:
        return
    pooled = Pool((kernel, kernel), (stride, stride)).top((1, 1, size, size))[2]
    assert (pooled - 1) * stride + kernel >= size
    assert (pooled - 1) * stride < size


def test_a_pyramid_makes_1_and_4_and_16_values_a_channel(tops_of: Tops) -> None:
    assert tops_of("SPP", "pyramid_height: 3", (2, 3, 13, 9)) == [(2, 3 * 21)]
    assert tops_of("SPP", "pyramid_height: 1", (2, 3, 13, 9)) == [(2, 3, 1, 1)]


def test_a_pyramid_finer_than_the_image_is_refused(refusal_of: Words) -> None:
    assert (
        refusal_of("SPP", "pyramid_height: 4", (1, 1, 4, 4)) == "Check failed: pad_h_ < kernel_h_ (2 vs. 1)"
    )
    words = refusal_of("SPP", "pyramid_height: 0", (1, 1, 4, 4))
    assert words.endswith("Split Layer produces at least 1 top blob(s) as output.")


def test_a_pyramid_in_place_loses_the_axes_that_it_needs(refusal_of: Words) -> None:
    words = refusal_of("SPP", "pyramid_height: 2", (1, 1, 4, 4), more='bottom: "a" top: "a"')
    assert words.startswith("Check failed: 4 == bottom[0]->num_axes() (4 vs. 2)")


@pytest.mark.parametrize(
    ("kind", "params", "summary"),
    [
        ("Convolution", "num_output: 64 kernel_size: 3 stride: 2 pad: 1", "64 · 3×3 /2 pad 1"),
        ("Convolution", "num_output: 8 kernel_h: 1 kernel_w: 7 pad_w: 3 group: 4", "8 · 1×7 pad 0×3 g 4"),
        ("Deconvolution", "num_output: 2 kernel_size: 4 dilation: 2", "2 · 4×4 dil 2"),
        ("Pooling", "kernel_size: 3 stride: 2", "MAX 3×3 /2"),
        ("Pooling", "pool: AVE global_pooling: true", "AVE global"),
    ],
)
def test_a_window_layer_sums_itself_up(kind: str, params: str, summary: str) -> None:
    known = lookup(kind)
    assert known is not None
    text = f"{known.param_field} {{ {params} }}"
    assert known.summary(text_format.Parse(text, caffe_pb2.LayerParameter())) == summary
