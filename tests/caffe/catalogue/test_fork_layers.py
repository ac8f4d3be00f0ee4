"""Layer types of Caffe's forks, set up from fields that no schema describes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from netgraft.caffe.catalogue.forks.fields import Fields
from netgraft.caffe.catalogue.registry import ForkFields, Outcome, Unknown

Shape = tuple[int, ...]
SetUp = Callable[..., Outcome]
Tops = Callable[..., list[Shape | None]]
Words = Callable[..., str]


def message(values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """A message as the reader of prototxts hands it over: every scalar its text, every field a list."""

    def text(value: Any) -> Any:
        if isinstance(value, Mapping):
            return message(value)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value)

    def several(value: Any) -> Iterable[Any]:
        return value if isinstance(value, list) else [value]

    return {name: [text(one) for one in several(value)] for name, value in values.items()}


def fork(field: str, **values: Any) -> ForkFields:
    """A layer's fields beyond the schema: one message."""
    return {field: [message(values)]}


MAP = (1, 512, 38, 38)
PRIORS = fork("prior_box_param", min_size=30.0, max_size=60.0, aspect_ratio=2, flip=True, clip=False)


def test_fields_are_read_as_text_format_writes_them() -> None:
    fields = Fields(message({"a": ["0x10", "010", 7], "b": "1.5f", "c": True, "d": {"e": "x"}}))
    assert fields.integers("a") == [16, 8, 7]
    assert fields.integer("a") == 7
    assert fields.number("b") == 1.5
    assert fields.flag("c")
    assert fields.message("d").text("e") == "x"
    assert fields.integer("z", 4) == 4
    with pytest.raises(Unknown):
        fields.message("d").integer("e")


def test_a_filler_of_a_fork_is_read_whole_or_constant() -> None:
    stated = Fields(message({"f": {"type": "gaussian", "std": 0.5, "sparse": 3}})).filler("f")
    assert (stated.type, stated.std, stated.sparse) == ("gaussian", 0.5, 3)
    assert Fields({}).filler("f", 20).value == 20


def test_a_permutation_puts_the_named_axes_first(tops_of: Tops, refusal_of: Words) -> None:
    order = fork("permute_param", order=[0, 2, 3, 1])
    assert tops_of("Permute", "", MAP, fork=order) == [(1, 38, 38, 512)]
    assert tops_of("Permute", "", MAP, fork=fork("permute_param", order=3)) == [(38, 1, 512, 38)]
    assert (
        refusal_of("Permute", "", MAP, fork=fork("permute_param", order=[1, 1]))
        == "there are duplicate orders"
    )
    assert "(4 vs. 4)" in refusal_of("Permute", "", MAP, fork=fork("permute_param", order=4))


def test_priors_are_counted_by_sizes_and_ratios(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("PriorBox", "", MAP, (1, 3, 300, 300), fork=PRIORS) == [(1, 2, 38 * 38 * 4 * 4)]
    words = refusal_of("PriorBox", "", MAP, (1, 3, 300, 300), fork={})
    assert words.endswith("must provide min_size.")


def test_detections_match_locations_and_confidences_with_priors(tops_of: Tops, refusal_of: Words) -> None:
    param = fork("detection_output_param", num_classes=21)
    bottoms = (1, 40), (1, 210), (1, 2, 40)
    assert tops_of("DetectionOutput", "", *bottoms, fork=param) == [(1, 1, 1, 7)]
    words = refusal_of("DetectionOutput", "", (1, 44), *bottoms[1:], fork=param)
    assert "Number of priors must match number of location predictions." in words
    assert "Must specify num_classes" in refusal_of("DetectionOutput", "", *bottoms, fork={})


def test_the_loss_of_ssd_is_a_loss(tops_of: Tops, refusal_of: Words) -> None:
    param = fork("multibox_loss_param", num_classes=21)
    bottoms = (1, 40), (1, 210), (1, 2, 40), (1, 1, 5, 8)
    assert tops_of("MultiBoxLoss", "", *bottoms, fork=param) == [()]
    assert "confidence predictions" in refusal_of(
        "MultiBoxLoss", "", bottoms[0], (1, 9), *bottoms[2:], fork=param
    )


def test_annotated_images_are_as_large_as_they_are_resized(tops_of: Tops) -> None:
    resize = {"transform_param.resize_param": [message({"height": 300, "width": 300})]}
    text = 'data_param { batch_size: 8 source: "lmdb" }'
    assert tops_of("AnnotatedData", "", tops=2, more=text, fork=resize) == [(8, 3, 300, 300), None]
    assert tops_of("AnnotatedData", "", tops=2, more=text) == [None, None]
    known = {"lmdb": (1, 50, 60)}
    assert tops_of("AnnotatedData", "", tops=1, more=text, datum=known) == [(8, 1, 50, 60)]


def test_ssds_normalize_has_a_scale_and_others_may_not(set_up: SetUp) -> None:
    param = fork("norm_param", across_spatial=False, channel_shared=False, scale_filler={"value": 20})
    made = set_up("Normalize", "", MAP, fork=param)
    assert (made.tops, made.blobs) == ([MAP], [(512,)])
    assert set_up("Normalize", "", MAP).blobs is None


def test_regions_are_pooled_to_a_grid(tops_of: Tops, refusal_of: Words) -> None:
    grid = fork("roi_pooling_param", pooled_w=7, pooled_h=6, spatial_scale=0.0625)
    assert tops_of("ROIPooling", "", MAP, (300, 5), fork=grid) == [(300, 512, 6, 7)]
    sensitive = fork("psroi_pooling_param", output_dim=21, group_size=7)
    assert tops_of("PSROIPooling", "", (1, 1029, 38, 50), (300, 5), fork=sensitive) == [(300, 21, 7, 7)]
    assert "(512 vs. 1029)" in refusal_of("PSROIPooling", "", MAP, (300, 5), fork=sensitive)


def test_a_smooth_l1_loss_weighs_like_bottoms(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("SmoothL1Loss", "", (2, 8), (2, 8), (2, 8), (2, 8)) == [()]
    assert "bottom[0]->channels() == bottom[2]->channels()" in refusal_of(
        "SmoothL1Loss", "", (2, 8), (2, 8), (2, 4)
    )


def test_pspnets_bn_has_four_blobs_and_segnets_two(set_up: SetUp) -> None:
    four = fork("bn_param", slope_filler={"value": 1}, bias_filler={"value": 0}, momentum=0.95)
    assert set_up("BN", "", MAP, fork=four).blobs == [(1, 512, 1, 1)] * 4
    two = fork("bn_param", scale_filler={"value": 1}, shift_filler={"value": 0})
    made = set_up("BN", "", MAP, fork=two, more="param { lr_mult: 1 } param { lr_mult: 1 }")
    assert made.blobs == [(1, 512, 1, 1)] * 2


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"height": 90, "width": 60}, (90, 60)),
        ({"zoom_factor": 8}, (297, 297)),
        ({"shrink_factor": 4}, (10, 10)),
        ({"shrink_factor": 2, "zoom_factor": 2}, (37, 37)),
        ({"zoom_factor": 2, "pad_beg": -1, "pad_end": -1}, (71, 71)),
    ],
)
def test_an_interpolation_has_a_size_or_factors(tops_of: Tops, params: dict[str, int], size: Shape) -> None:
    assert tops_of("Interp", "", MAP, fork=fork("interp_param", **params)) == [(1, 512, *size)]


def test_an_upsampling_is_by_a_factor_or_by_a_mask(tops_of: Tops) -> None:
    assert tops_of("Upsample", "", MAP, fork=fork("upsample_param", scale=2)) == [(1, 512, 76, 76)]
    padded = fork("upsample_param", scale=2, pad_out_w=True)
    assert tops_of("Upsample", "", MAP, MAP, fork=padded) == [(1, 512, 76, 75)]
    sized = fork("upsample_param", upsample_h=45, upsample_w=60)
    assert tops_of("Upsample", "", MAP, MAP, fork=sized) == [(1, 512, 45, 60)]


def test_an_unpooling_is_of_a_stated_size_or_undoes_a_pooling(tops_of: Tops) -> None:
    sized = fork("unpooling_param", unpool="MAX", kernel_size=2, stride=2, unpool_size=14)
    assert tops_of("Unpooling", "", (1, 8, 7, 7), (1, 8, 7, 7), fork=sized) == [(1, 8, 14, 14)]
    undone = fork("unpooling_param", kernel_size=2, stride=2)
    assert tops_of("Unpooling", "", (1, 8, 7, 7), fork=undone) == [(1, 8, 15, 15)]
    assert tops_of("Unpooling", "", (1, 8, 7, 7)) == [None]


def test_a_hole_is_a_dilation(set_up: SetUp) -> None:
    params = "num_output: 4 kernel_size: 3 pad: 2"
    made = set_up("HoleConvolution", params, (1, 8, 9, 9), fork={"convolution_param.hole": ["2"]})
    assert (made.tops, made.blobs) == ([(1, 4, 9, 9)], [(4, 8, 3, 3), (4,)])


def test_a_depthwise_convolution_has_one_filter_a_channel(set_up: SetUp) -> None:
    params = "num_output: 8 group: 8 kernel_size: 3 pad: 1 engine: CUDNN"
    assert set_up("DepthwiseConvolution", params, (1, 8, 9, 9)).blobs == [(8, 1, 3, 3), (8,)]
    made = set_up("ConvolutionDepthwise", "num_output: 3 kernel_size: 3 stride: 2", (1, 8, 9, 9))
    assert (made.tops, made.blobs) == ([(1, 8, 4, 4)], [(8, 1, 3, 3), (8,)])


def test_axpy_scales_channels_and_adds(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Axpy", "", (1, 512, 1, 1), MAP, MAP) == [MAP]
    assert "bottom[0]->shape(1) == bottom[1]->shape(1) (8 vs. 512)" in refusal_of(
        "Axpy", "", (1, 8, 1, 1), MAP, MAP
    )


def test_reorg_moves_positions_into_channels_and_back(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Reorg", "", (1, 64, 26, 26), fork=fork("reorg_param", stride=2)) == [(1, 256, 13, 13)]
    back = fork("reorg_param", stride=2, reverse=True)
    assert tops_of("Reorg", "", (1, 256, 13, 13), fork=back) == [(1, 64, 26, 26)]
    assert refusal_of("Reorg", "", (1, 64, 26, 26)).endswith("Reorg Layer needs stride param.")


def test_a_region_layer_of_another_fork_is_left_unknown(tops_of: Tops) -> None:
    param = fork("region_param", side=13, num=5, coords=4, num_classes=20)
    assert tops_of("Region", "", (1, 125, 13, 13), tops=2, fork=param) == [(5, 13, 13, 4), (5, 13, 13, 21)]
    assert tops_of("Region", "", (1, 125, 13, 13), fork=param) == [None]


def test_lstm_of_caffe_lstm_lays_sequences_end_to_end(set_up: SetUp) -> None:
    param = fork("lstm_param", num_output=16, batch_size=4)
    made = set_up("Lstm", "", (20, 8), fork=param)
    assert (made.tops, made.blobs) == ([(20, 16)], [(64, 8), (64, 16), (64,)])
    foreign = set_up("Lstm", "", (20, 8), (20, 4), fork=param)
    assert (foreign.tops, foreign.blobs) == ([None], None)


def test_bvlc_types_with_a_forks_fields_are_taken_for_the_forks(set_up: SetUp) -> None:
    made = set_up(
        "BatchNorm", "", MAP, fork={"batch_norm_param.scale_filler": [{}]}, more="param { lr_mult: 1 }"
    )
    assert (made.tops, made.blobs) == ([MAP], None)
    assert set_up("LSTM", "", (5, 2), fork=fork("lstm_param", num_output=3)).blobs is None
