"""Parameter blobs as they are made and filled."""

from __future__ import annotations

import pytest
from google.protobuf import text_format

from netgraft.caffe.catalogue.fillers import filled, given_blobs
from netgraft.caffe.catalogue.registry import Refusal
from netgraft.proto import caffe_pb2


def filler(text: str) -> caffe_pb2.FillerParameter:
    return text_format.Parse(text, caffe_pb2.FillerParameter())


@pytest.mark.parametrize("kind", ["constant", "uniform", "gaussian", "xavier", "msra", "positive_unitball"])
def test_a_usual_filler_fills_a_matrix(kind: str) -> None:
    assert filled((4, 3), filler(f'type: "{kind}"')) == (4, 3)


@pytest.mark.parametrize(
    ("shape", "text", "words"),
    [
        ((3,), 'type: "orthogonal"', "Check failed: false Unknown filler name: orthogonal"),
        ((0,), "", "Check failed: data_"),
        ((0,), 'type: "xavier"', "Check failed: blob->count()"),
        ((3,), 'type: "uniform" min: 1 max: 0', "Check failed: a <= b (1 vs. 0)"),
        ((3,), 'type: "gaussian" std: 0', "Check failed: sigma > 0 (0 vs. 0)"),
        ((3,), 'type: "gaussian" sparse: -2', "Check failed: sparse >= -1 (-2 vs. -1)"),
        ((2, 5), 'type: "gaussian" sparse: 3', "Check failed: p <= 1 (1.5 vs. 1)"),
        ((2, 2), 'type: "bilinear"', "Check failed: blob->num_axes() == 4 (2 vs. 4) Blob must be 4 dim."),
        (
            (1, 1, 3, 5),
            'type: "bilinear"',
            "Check failed: blob->width() == blob->height() (5 vs. 3) Filter must be square",
        ),
        (
            (3,),
            "sparse: 2",
            "Check failed: this->filler_param_.sparse() == -1 (2 vs. -1) "
            "Sparsity not supported by this Filler.",
        ),
        (
            (),
            'type: "msra"',
            "Check failed: axis_index < num_axes() (0 vs. 0) axis 0 out of range for 0-D Blob with shape (1)",
        ),
    ],
)
def test_a_filler_refuses_in_caffes_words(shape: tuple[int, ...], text: str, words: str) -> None:
    with pytest.raises(Refusal) as caught:
        filled(shape, filler(text))
    assert caught.value.message == words


def test_blobs_in_the_prototxt_count_as_they_are_stored() -> None:
    layer = text_format.Parse(
        "blobs { shape { dim: 2 } data: [1, 2] } blobs { num: 1 channels: 1 height: 1 "
        "width: 3 data: [1, 2, 3] }",
        caffe_pb2.LayerParameter(),
    )
    assert given_blobs(layer) == [(2,), (1, 1, 1, 3)]


def test_a_stored_blob_of_too_few_values_is_refused() -> None:
    layer = text_format.Parse("blobs { shape { dim: 2 } data: 1 }", caffe_pb2.LayerParameter())
    with pytest.raises(Refusal, match=r"count_ == proto\.data_size\(\) \(2 vs\. 1\)"):
        given_blobs(layer)
