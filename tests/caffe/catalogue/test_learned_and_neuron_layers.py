"""InnerProduct, Embed, Scale, Bias, normalizations and neurons."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netgraft.caffe.catalogue.registry import Outcome
from netgraft.caffe.catalogue.shapes import UNSHAPED

Shape = tuple[int, ...]
SetUp = Callable[..., Outcome]
Tops = Callable[..., list[Shape | None]]
Words = Callable[..., str]
IMAGE = (2, 4, 6, 6)


def test_an_inner_product_flattens_from_its_axis_on(set_up: SetUp) -> None:
    made = set_up("InnerProduct", "num_output: 10", (3, 4, 5, 5))
    assert (made.tops, made.blobs) == ([(3, 10)], [(10, 100), (10,)])
    made = set_up("InnerProduct", "num_output: 10 axis: -1 bias_term: false transpose: true", (3, 4, 5))
    assert (made.tops, made.blobs) == ([(3, 4, 10)], [(5, 10)])


def test_an_inner_product_of_no_outputs_cannot_be_filled(refusal_of: Words) -> None:
    assert refusal_of("InnerProduct", "", (3, 4)) == "Check failed: data_"


def test_an_embedding_adds_an_axis(set_up: SetUp, refusal_of: Words) -> None:
    made = set_up("Embed", "num_output: 8 input_dim: 100", (5, 2))
    assert (made.tops, made.blobs) == ([(5, 2, 8)], [(100, 8), (8,)])
    words = refusal_of("Embed", "num_output: 8", (5,))
    assert words == "Check failed: K_ > 0 (0 vs. 0) EmbedLayer input_dim must be positive."


def test_a_scale_has_a_factor_a_channel_and_with_bias_term_a_summand(set_up: SetUp) -> None:
    assert set_up("Scale", "", IMAGE).blobs == [(4,)]
    made = set_up("Scale", "bias_term: true axis: 2 num_axes: -1", IMAGE)
    assert (made.tops, made.blobs) == ([IMAGE], [(6, 6), (6, 6)])


def test_a_scale_by_its_second_bottom_learns_at_most_a_bias(set_up: SetUp) -> None:
    assert set_up("Scale", "axis: 0", IMAGE, (2, 4)).blobs == []
    assert set_up("Scale", "axis: 0 bias_term: true", IMAGE, (2, 4)).blobs == [(2, 4)]
    assert set_up("Scale", "", IMAGE, ()).tops == [IMAGE]


@pytest.mark.parametrize(
    ("kind", "params", "bottoms", "words"),
    [
        (
            "Scale",
            "num_axes: 4",
            (IMAGE,),
            "bottom[0]->num_axes() >= axis_ + num_axes (4 vs. 5) scale blob's shape "
            "extends past bottom[0]'s shape "
            "when applied starting with bottom[0] axis = 1",
        ),
        (
            "Bias",
            "num_axes: -2",
            (IMAGE,),
            "num_axes >= -1 (-2 vs. -1) num_axes must be non-negative, or -1 to extend to "
            "the end of bottom[0]",
        ),
        (
            "Bias",
            "axis: -1",
            (IMAGE, (5,)),
            "bottom[0]->shape(axis + i) == bias->shape(i) (6 vs. 5) "
            "dimension mismatch between bottom[0]->shape(3) and bias->shape(0)",
        ),
        (
            "Scale",
            "",
            (IMAGE, (4, 6, 6, 1)),
            "bottom[0]->num_axes() >= axis_ + scale->num_axes() (4 vs. 5) scale blob's shape extends past "
            "bottom[0]'s shape when applied starting with bottom[0] axis = 1",
        ),
    ],
)
def test_a_factor_or_summand_must_fit(
    refusal_of: Words, kind: str, params: str, bottoms: tuple[Shape, ...], words: str
) -> None:
    assert refusal_of(kind, params, *bottoms) == f"Check failed: {words}"


def test_the_bias_of_a_scale_speaks_before_the_scale_does(refusal_of: Words) -> None:
    words = refusal_of("Scale", "bias_term: true", IMAGE, (4, 6, 6, 1))
    assert "bias blob's shape extends" in words
    assert "axis + num_axes" in words


def test_batch_norm_keeps_mean_variance_and_a_factor(set_up: SetUp) -> None:
    made = set_up("BatchNorm", "", IMAGE)
    assert (made.tops, made.blobs) == ([IMAGE], [(4,), (4,), (1,)])
    assert set_up("BatchNorm", "", None).blobs == [None, None, (1,)]


def test_a_stated_rate_of_batch_norm_must_be_0_and_an_absent_one_is_1(
    set_up: SetUp, refusal_of: Words
) -> None:
    assert set_up("BatchNorm", "", IMAGE, more="param { lr_mult: 0 } param { lr_mult: 0 }").tops == [IMAGE]
    words = refusal_of("BatchNorm", "", IMAGE, more="param { lr_mult: 0 } param { decay_mult: 0 }")
    assert words == (
        "Check failed: this->layer_param_.param(i).lr_mult() == 0.f (1 vs. 0) "
        "Cannot configure batch normalization statistics as layer parameters."
    )


def test_batch_norm_asks_for_a_second_axis(refusal_of: Words) -> None:
    assert "axis 1 out of range for 1-D Blob" in refusal_of("BatchNorm", "", (4,))
    assert "SIGFPE" in refusal_of("BatchNorm", "", (0, 4))


def test_lrn_wants_an_odd_size_and_four_axes(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("LRN", "norm_region: WITHIN_CHANNEL local_size: 3", IMAGE) == [IMAGE]
    words = refusal_of("LRN", "local_size: 4", IMAGE)
    assert words == "Check failed: size_ % 2 == 1 (0 vs. 1) LRN only supports odd values for local_size"
    assert "Input must have 4 axes" in refusal_of("LRN", "", (4, 6))


def test_mean_variance_normalization_makes_four_axes_of_any(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("MVN", "", (3, 5)) == [(3, 5, 1, 1)]
    assert "legacy accessors" in refusal_of("MVN", "", (1, 1, 1, 1, 1))


def test_a_softmax_keeps_the_shape_and_needs_its_axis(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Softmax", "axis: -1", (3, 5)) == [(3, 5)]
    assert "axis 1 out of range" in refusal_of("Softmax", "", (3,))


@pytest.mark.parametrize(
    "kind", ["AbsVal", "BNLL", "Dropout", "ELU", "Exp", "Log", "Power", "ReLU", "Sigmoid", "Swish", "TanH"]
)
def test_a_neuron_layer_keeps_any_shape(tops_of: Tops, kind: str) -> None:
    assert tops_of(kind, "", (2, 3, 1, 1, 5)) == [(2, 3, 1, 1, 5)]
    assert tops_of(kind, "", UNSHAPED) == [()]
    assert tops_of(kind, "", None) == [None]


def test_absval_does_not_work_in_place(refusal_of: Words) -> None:
    words = refusal_of("AbsVal", "", IMAGE, more='bottom: "a" top: "a"')
    assert words == "Check failed: top[0] != bottom[0] AbsVal Layer does not allow in-place computation."


@pytest.mark.parametrize(
    ("kind", "params", "words"),
    [
        ("Exp", "base: 0", "base > 0 (0 vs. 0) base must be strictly positive."),
        ("Exp", "base: inf", "!isinf(log_base) Inf result: log(base) = log(inf) = inf"),
        ("Log", "base: -2.5", "base > 0 (-2.5 vs. 0) base must be strictly positive."),
        ("Log", "base: 1", "!isinf(base_scale_) Inf result: 1/log(base) = 1/log(1) = inf"),
    ],
)
def test_a_base_without_a_logarithm_is_refused(refusal_of: Words, kind: str, params: str, words: str) -> None:
    assert refusal_of(kind, params, IMAGE) == f"Check failed: {words}"


def test_prelu_learns_a_slope_a_channel_or_one(set_up: SetUp, refusal_of: Words) -> None:
    assert set_up("PReLU", "", IMAGE).blobs == [(4,)]
    assert set_up("PReLU", "channel_shared: true", IMAGE).blobs == [()]
    words = refusal_of("PReLU", "", (4,))
    assert (
        words
        == "Check failed: bottom[0]->num_axes() >= 2 (1 vs. 2) Number of axes of bottom blob must be >=2."
    )
