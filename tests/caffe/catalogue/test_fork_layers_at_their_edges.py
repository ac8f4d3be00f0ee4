"""Layer types of Caffe's forks where a field is missing, out of range, or a shape is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Shape = tuple[int, ...]
Tops = Callable[..., list[Shape | None]]
Words = Callable[..., str]
Fork = dict[str, list[Any]]


def stated(field: str, **values: int | list[int]) -> Fork:
    """A layer's fields beyond the schema: one message, of numbers as the file has them."""
    several = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return {field: [{name: list(map(str, each)) for name, each in several.items()}]}


MAP = (2, 3, 7, 7)
LOCAL = {"num_output": 5, "kernel_size": 3, "stride": 2, "pad": 1}


@pytest.mark.parametrize(
    ("kind", "fork", "bottoms", "tops"),
    [
        ("ShuffleChannel", stated("shuffle_channel_param", group=3), [MAP], [MAP]),
        ("AssistedExcitation", {}, [MAP] * 3, [MAP]),
        ("Local", stated("local_param", **LOCAL), [MAP], [(2, 5, 4, 4)]),
        ("Local", stated("local_param", **LOCAL), [None], [None]),
        ("Transpose", stated("transpose_param", dim=[1, 0, 2]), [(2, 3, 4)], [(3, 2, 4)]),
        ("ConvolutionDepthwise", {}, [None], [None]),
        ("BN", {}, [None], [None]),
        ("Interp", stated("interp_param", shrink_factor=2, zoom_factor=3), [(1, 4, 9, 5)], [(1, 4, 13, 7)]),
        ("Unpooling", stated("unpooling_param", kernel_size=2, stride=2), [(1, 4, 5, 5)], [(1, 4, 11, 11)]),
    ],
)
def test_a_layer_makes_this_shape(
    tops_of: Tops, kind: str, fork: Fork, bottoms: list[Shape | None], tops: list[Shape | None]
) -> None:
    params = "kernel_size: 3" if kind == "ConvolutionDepthwise" else ""
    assert tops_of(kind, params, *bottoms, fork=fork) == tops


@pytest.mark.parametrize(
    ("kind", "fork", "words"),
    [
        ("ShuffleChannel", stated("shuffle_channel_param", group=0), "group must be greater than 0"),
        ("Local", stated("local_param", **{**LOCAL, "kernel_size": 9}), "height smaller than kernel size"),
        ("Local", stated("local_param", **{**LOCAL, "num_output": 0}), "num_output_ > 0"),
        ("Local", stated("local_param", **{**LOCAL, "stride": -1}), "stride_ > 0"),
        ("Interp", stated("interp_param", pad_beg=1, zoom_factor=2), "Only supports non-pos padding"),
        ("Interp", stated("interp_param", shrink_factor=-1), "Shrink factor must be positive"),
        ("Interp", stated("interp_param", zoom_factor=2, pad_end=-9), "height should be positive"),
        ("Unpooling", stated("unpooling_param", stride=2), "Filter dimensions cannot be zero."),
    ],
)
def test_a_layer_is_refused_in_its_forks_words(refusal_of: Words, kind: str, fork: Fork, words: str) -> None:
    assert words in refusal_of(kind, "", MAP, fork=fork)


@pytest.mark.parametrize(
    ("kind", "fork", "more", "tops"),
    [
        (
            "DenseImageData",
            stated("dense_image_data_param", batch_size=4, crop_height=8, crop_width=9),
            "",
            [(4, 3, 8, 9), (4, 1, 8, 9)],
        ),
        ("DenseImageData", stated("dense_image_data_param", batch_size=4), "", [None, None]),
        (
            "ImageSegData",
            {},
            "image_data_param { batch_size: 2 new_height: 5 new_width: 6 is_color: false }",
            [(2, 1, 5, 6), (2, 1, 5, 6), (2, 1, 1, 2)],
        ),
        (
            "ImageSegData",
            {},
            "image_data_param { batch_size: 2 } transform_param { crop_size: 7 }",
            [(2, 3, 7, 7), (2, 1, 7, 7), (2, 1, 1, 2)],
        ),
    ],
)
def test_images_and_their_label_images_are_of_one_size_where_the_file_states_it(
    tops_of: Tops, kind: str, fork: Fork, more: str, tops: list[Shape | None]
) -> None:
    assert tops_of(kind, "", tops=len(tops), more=more, fork=fork) == tops
