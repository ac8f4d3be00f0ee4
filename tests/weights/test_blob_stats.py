"""Figures, histograms and pictures of stored blobs against numpy on the whole array."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights.stats import filter_images, filter_sheet, stats
from netgraft.weights.stored import StoredBlob

MakeNet = Callable[..., caffe_pb2.NetParameter]


def _blob(values: list[float], *shape: int) -> StoredBlob:
    net = caffe_pb2.NetParameter()
    blob = net.layer.add(name="a").blobs.add(data=values)
    blob.shape.dim.extend(shape or (len(values),))
    return weights.index(net.SerializeToString()).layers[0].blobs[0]


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40))
def test_figures_are_those_of_numpy(values: list[float]) -> None:
    array = np.array(values, np.float32).astype(np.float64)
    found = stats(_blob(values), bins=8)
    assert (found.least, found.most, found.count) == (array.min(), array.max(), array.size)
    assert found.mean == pytest.approx(array.mean(), rel=1e-9, abs=1e-6)
    assert found.std == pytest.approx(array.std(), rel=1e-6, abs=1e-6)
    assert found.zeros == np.mean(array == 0)
    assert sum(found.histogram) == array.size


def test_pieces_make_the_same_figures_as_the_whole() -> None:
    random = np.random.default_rng(3)
    values = np.concatenate([random.normal(5, 1, 300_000), random.normal(-3, 9, 300_000)]).astype(np.float32)
    found = stats(_blob(values.tolist()))  # 2.4 MB: three pieces
    assert found.mean == pytest.approx(values.astype(np.float64).mean(), rel=1e-9)
    assert found.std == pytest.approx(values.astype(np.float64).std(), rel=1e-9)
    counts, _ = np.histogram(values.astype(np.float64), bins=64)
    assert np.abs(np.array(found.histogram) - counts).max() <= 2  # values on the edge of a bin


def test_nan_and_inf_are_counted_and_left_out() -> None:
    found = stats(_blob([np.nan, np.inf, -np.inf, 0, 1, 2]), bins=2)
    assert (found.nan, found.inf, found.zeros) == (1, 2, 1 / 6)
    assert (found.least, found.most, found.mean) == (0, 2, 1)
    assert found.histogram == (1, 2)
    nothing = stats(_blob([np.nan]))
    assert (nothing.least, nothing.mean, nothing.std, sum(nothing.histogram)) == (None, None, None, 0)
    assert stats(_blob([3, 3]), bins=2).histogram == (2, 0)


def test_filters_of_the_first_convolution_become_a_picture(shared: Path) -> None:
    with weights.index(shared / "weights" / "cifar10_quick_v1.caffemodel") as index:
        first = index.require("conv1").blobs[0]
        images = filter_images(first)
        sheet = filter_sheet(first)
        assert filter_sheet(index.require("conv2").blobs[0]) is None
        assert filter_sheet(index.require("conv1").blobs[1]) is None
    assert images is not None
    assert images.shape == (32, 5, 5, 3)
    assert images.reshape(32, -1).min(axis=1).tolist() == [0] * 32
    assert images.reshape(32, -1).max(axis=1).tolist() == [255] * 32
    assert sheet is not None
    picture = cv2.imdecode(np.frombuffer(sheet, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (6 * 6 - 1, 6 * 6 - 1, 3)
    assert np.array_equal(picture[:5, :5, ::-1], images[0])


def test_one_channel_makes_a_grey_picture() -> None:
    sheet = filter_sheet(_blob([0, 1, 2, 4], 1, 1, 2, 2))
    assert sheet is not None
    picture = cv2.imdecode(np.frombuffer(sheet, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    assert picture.tolist() == [[0, 64], [128, 255]]
