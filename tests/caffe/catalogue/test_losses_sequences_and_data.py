"""Loss layers and their weights, recurrent layers, data layers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netgraft.caffe.catalogue import layer_checks, registry
from netgraft.caffe.catalogue.registry import Outcome
from netgraft.caffe.catalogue.shapes import UNSHAPED
from netgraft.proto import caffe_pb2

Shape = tuple[int, ...]
SetUp = Callable[..., Outcome]
Tops = Callable[..., list[Shape | None]]
Words = Callable[..., str]
IN_PLACE = 'bottom: "a" bottom: "b" top: "a"'


def test_a_softmax_loss_takes_a_label_a_pixel(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("SoftmaxWithLoss", "", (2, 5, 3, 3), (2, 1, 3, 3)) == [()]
    words = refusal_of("SoftmaxWithLoss", "", (2, 5, 3, 3), (2,))
    assert words == (
        "Check failed: outer_num_ * inner_num_ == bottom[1]->count() (18 vs. 2) Number of "
        "labels must match number "
        "of predictions; e.g., if softmax axis == 1 and prediction shape is (N, C, H, W), "
        "label count (number of "
        "labels) must be N*H*W, with integer values in {0, 1, ..., C-1}."
    )


def test_a_softmax_loss_of_two_tops_can_have_no_weights_that_please_both_layers(refusal_of: Words) -> None:
    # the inner Softmax has one top and inherits the weights; unstated, the outer layer has one for two tops
    inner = refusal_of("SoftmaxWithLoss", "", (2, 5), (2,), tops=2, more="loss_weight: [1, 0]")
    assert "(1 vs. 2) loss_weight must be unspecified or specified once per top blob." in inner
    outer = refusal_of("SoftmaxWithLoss", "", (2, 5), (2,), tops=2)
    assert "(2 vs. 1) loss_weight must be unspecified" in outer


def test_a_loss_in_place_makes_a_scalar_of_what_it_then_looks_at(refusal_of: Words) -> None:
    bottoms = (2, 5), (2, 5)
    words = refusal_of("EuclideanLoss", "", *bottoms, more=IN_PLACE)
    assert words == "Check failed: start_axis <= end_axis (1 vs. 0)"
    words = refusal_of("SigmoidCrossEntropyLoss", "", *bottoms, more=IN_PLACE)
    assert "axis 0 out of range for 0-D Blob with shape (1)" in words


@pytest.mark.parametrize("kind", ["EuclideanLoss", "HingeLoss", "SigmoidCrossEntropyLoss", "SoftmaxWithLoss"])
def test_data_and_labels_need_one_batch(refusal_of: Words, kind: str) -> None:
    words = refusal_of(kind, "", (2, 5), (3, 5))
    assert words.endswith("The data and label should have the same first dimension.")


def test_a_contrastive_loss_compares_vectors(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("ContrastiveLoss", "", (4, 2), (4, 2), (4,)) == [()]
    words = refusal_of("ContrastiveLoss", "", (4, 2), (4, 3), (4,))
    assert words == "Check failed: bottom[0]->channels() == bottom[1]->channels() (2 vs. 3)"
    assert "bottom[0]->height() == 1 (5 vs. 1)" in refusal_of(
        "ContrastiveLoss", "", (4, 2, 5), (4, 2, 5), (4,)
    )


def test_an_infogain_matrix_is_as_wide_as_the_classes(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("InfogainLoss", "", (2, 5), (2,), (1, 1, 5, 5)) == [()]
    assert tops_of("InfogainLoss", 'source: "H.binaryproto"', (2, 5), (2,)) == [()]
    assert "infogain->count() == num_labels_*num_labels_ (20 vs. 25)" in refusal_of(
        "InfogainLoss", "", (2, 5), (2,), (4, 5)
    )
    assert "Infogain matrix source must be specified." in refusal_of("InfogainLoss", "", (2, 5), (2,))


def test_a_loss_weighs_1_by_default_and_others_nothing() -> None:
    loss, relu = registry.lookup("EuclideanLoss"), registry.lookup("ReLU")
    assert loss is not None
    assert relu is not None
    layer = caffe_pb2.LayerParameter(name="subject")
    assert layer_checks.loss_weights(loss, layer, [()]) == (1.0,)
    assert layer_checks.loss_weights(relu, layer, [(2,)]) == ()
    assert layer_checks.needed_tops(loss) == 1
    assert layer_checks.needed_tops(relu) == 0


def test_a_weight_on_an_empty_blob_has_nothing_to_lie_on() -> None:
    relu = registry.lookup("ReLU")
    assert relu is not None
    layer = caffe_pb2.LayerParameter(name="subject", loss_weight=[2])
    with pytest.raises(registry.Refusal, match=r"^Check failed: diff_$"):
        layer_checks.loss_weights(relu, layer, [(0, 3)])


def test_gradients_are_never_forced_into_labels() -> None:
    def blocked(kind: str, bottoms: int) -> list[int]:
        known = registry.lookup(kind)
        assert known is not None
        return [bottom for bottom in range(bottoms) if not known.allow_force_backward(bottom)]

    assert blocked("SoftmaxWithLoss", 2) == [1]
    assert blocked("ContrastiveLoss", 3) == [2]
    assert blocked("EuclideanLoss", 2) == []
    assert blocked("LSTM", 3) == [1]
    assert blocked("LSTMUnit", 3) == [2]


def test_accuracy_is_a_scalar_and_a_value_a_class(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Accuracy", "top_k: 5", (2, 10), (2,), tops=2) == [(), (10,)]
    assert "top_k must be less than or equal" in refusal_of("Accuracy", "top_k: 11", (2, 10), (2,))
    assert "SIGFPE" in refusal_of("Accuracy", "", (2, 10), UNSHAPED)


def test_an_lstm_has_the_blobs_of_its_unrolled_net(set_up: SetUp) -> None:
    made = set_up("LSTM", "num_output: 7", (5, 2, 3, 4), (5, 2))
    assert made.tops == [(5, 2, 7)]
    assert made.blobs == [(28, 12), (28,), (28, 7)]


def test_a_static_input_puts_its_weight_before_the_hidden_one(set_up: SetUp) -> None:
    made = set_up("LSTM", "num_output: 7", (5, 2, 3), (5, 2), (2, 9))
    assert made.blobs == [(28, 3), (28,), (28, 9), (28, 7)]
    made = set_up("RNN", "num_output: 7", (5, 2, 3), (5, 2), (2, 9))
    assert made.blobs == [(7, 3), (7,), (7, 9), (7, 7), (7, 7), (7,)]


def test_exposed_hidden_states_come_in_and_go_out(set_up: SetUp, refusal_of: Words) -> None:
    params, hidden = "num_output: 7 expose_hidden: true", (1, 2, 7)
    made = set_up("LSTM", params, (5, 2, 3), (5, 2), hidden, hidden, tops=3)
    assert made.tops == [(5, 2, 7), hidden, hidden]
    words = refusal_of("RNN", params, (5, 2, 3), (5, 2), (1, 2, 8), tops=2)
    assert words == (
        "Check failed: recur_input_blobs_[j]->shape() == bottom[i]->shape() "
        "shape mismatch - recur_input_blobs_[0]: 1 2 7 (14) vs. bottom[2]: 1 2 8 (16)"
    )
    assert "RNN Layer takes at least 3 bottom blob(s)" in refusal_of("RNN", params, (5, 2, 3), (5, 2), tops=2)


@pytest.mark.parametrize(
    ("bottoms", "words"),
    [
        (((5,), (5, 2)), "bottom[0] must have at least 2 axes -- (#timesteps, #streams, ...)"),
        (((5, 2, 3), (5, 2, 1)), "bottom[1] must have exactly 2 axes -- (#timesteps, #streams)"),
        (((5, 2, 3), (4, 2)), "T_ == bottom[1]->shape(0) (5 vs. 4)"),
        (((5, 2, 3), (5, 2), (3, 9)), "N_ == bottom[2]->shape(0) (2 vs. 3)"),
        (((5, 2), (5, 2)), "axis 2 out of range for 2-D Blob with shape 5 2 (10)"),
        (((0, 2, 3), (0, 2)), "Slice Layer produces at least 1 top blob(s) as output."),
    ],
)
def test_a_sequence_must_be_one(refusal_of: Words, bottoms: tuple[Shape, ...], words: str) -> None:
    assert words in refusal_of("LSTM", "num_output: 7", *bottoms)


def test_an_unknown_sequence_leaves_the_recurrent_weights_known(set_up: SetUp) -> None:
    assert set_up("LSTM", "num_output: 7", None, None).blobs == [None, (28,), (28, 7)]


def test_one_step_of_an_lstm_wants_four_gates(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("LSTMUnit", "", (1, 2, 3), (1, 2, 12), (1, 2), tops=2) == [(1, 2, 3)] * 2
    words = refusal_of("LSTMUnit", "", (1, 2, 3), (1, 2, 9), (1, 2), tops=2)
    assert words == "Check failed: 4 * hidden_dim_ == bottom[1]->shape(2) (12 vs. 9)"


def test_an_input_has_a_shape_a_top_or_one_for_all_or_none(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("Input", "shape { dim: [1, 2] }", tops=2) == [(1, 2), (1, 2)]
    assert tops_of("Input", "shape { dim: 1 } shape { dim: 2 }", tops=2) == [(1,), (2,)]
    assert tops_of("Input", "", tops=1)[0] is UNSHAPED
    assert "1 tops vs. 2 shapes." in refusal_of("Input", "shape { dim: 1 } shape { dim: 2 }")


def test_a_data_layer_knows_its_labels_before_its_images(tops_of: Tops) -> None:
    params = 'source: "lmdb" batch_size: 64'
    assert tops_of("Data", params, tops=2) == [None, (64,)]
    assert tops_of("Data", params, tops=2, datum={"lmdb": (3, 256, 256)}) == [(64, 3, 256, 256), (64,)]


def test_images_are_cropped_and_may_not_be_smaller(tops_of: Tops, refusal_of: Words) -> None:
    params, crop = 'source: "lmdb" batch_size: 1', "transform_param { crop_size: 227 }"
    assert tops_of("Data", params, more=crop, datum={"lmdb": (3, 256, 256)}) == [(1, 3, 227, 227)]
    words = refusal_of("Data", params, more=crop, datum={"lmdb": (3, 100, 256)})
    assert words == "Check failed: datum_height >= crop_size (100 vs. 227)"


def test_a_mean_is_a_file_or_values(refusal_of: Words) -> None:
    words = refusal_of("Data", 'source: "s"', more='transform_param { mean_file: "m" mean_value: 1 }')
    assert words == (
        "Check failed: param_.mean_value_size() == 0 (1 vs. 0) "
        "Cannot specify mean_file and mean_value at the same time"
    )


def test_image_data_is_known_where_it_is_resized_or_cropped(tops_of: Tops, refusal_of: Words) -> None:
    sized = "batch_size: 8 new_height: 20 new_width: 30 is_color: false"
    assert tops_of("ImageData", sized, tops=2) == [(8, 1, 20, 30), (8,)]
    assert tops_of("ImageData", "batch_size: 8", tops=2) == [None, (8,)]
    crop = "transform_param { crop_size: 9 }"
    assert tops_of("ImageData", "batch_size: 8", tops=2, more=crop) == [(8, 3, 9, 9), (8,)]
    assert "at the same time" in refusal_of("ImageData", "new_height: 20", tops=2)


def test_memory_data_states_all_its_axes(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("MemoryData", "batch_size: 4 channels: 3 height: 2 width: 1", tops=2) == [
        (4, 3, 2, 1),
        (4,),
    ]
    assert "batch_size_ * size_ > 0 (0 vs. 0)" in refusal_of("MemoryData", "batch_size: 4", tops=2)


def test_dummy_data_takes_shapes_or_the_old_four_fields(tops_of: Tops, refusal_of: Words) -> None:
    assert tops_of("DummyData", "num: [1, 2] channels: 3 height: 4 width: 5", tops=2) == [
        (1, 3, 4, 5),
        (2, 3, 4, 5),
    ]
    assert "Must specify 'width' once, or once per top blob (1); specified 0." in refusal_of(
        "DummyData", "num: 1 channels: 3 height: 4"
    )
    assert "Both shape and legacy fields" in refusal_of("DummyData", "num: 1 shape { dim: 1 }")


def test_dummy_data_fills_at_once_only_what_is_constant(tops_of: Tops, refusal_of: Words) -> None:
    wrong = 'shape { dim: 2 } data_filler { type: "gaussian" std: -1 }'
    assert tops_of("DummyData", wrong) == [(2,)]
    assert refusal_of("DummyData", "shape { dim: 0 }") == "Check failed: data_"
    assert "Unknown filler name: x" in refusal_of("DummyData", 'shape { dim: 2 } data_filler { type: "x" }')


def test_a_parameter_layer_gives_its_blob_out(set_up: SetUp) -> None:
    made = set_up("Parameter", "shape { dim: [3, 4] }")
    assert (made.tops, made.blobs) == ([(3, 4)], [(3, 4)])


def test_a_python_layer_is_opaque(set_up: SetUp) -> None:
    made = set_up("Python", 'module: "m" layer: "L"', (1, 2), tops=3)
    assert (made.tops, made.blobs) == ([None] * 3, None)


def test_wrong_counts_are_named_as_caffe_names_them(refusal_of: Words) -> None:
    assert refusal_of("Silence", "", tops=0) == (
        "Check failed: MinBottomBlobs() <= bottom.size() (1 vs. 0) Silence Layer takes at "
        "least 1 bottom blob(s) as input."
    )
    assert refusal_of("Convolution", "", (1,), (1,), tops=1) == (
        "Check failed: bottom.size() == top.size() (2 vs. 1) "
        "Convolution Layer produces one top blob as output for each bottom blob input."
    )


def test_an_engine_that_the_build_lacks_is_missed_before_anything_else(refusal_of: Words) -> None:
    assert refusal_of("ReLU", "engine: CUDNN", (1,), (1,), tops=3) == "Layer subject has unknown engine."


def test_the_probabilities_inside_a_softmax_loss_need_values_too(refusal_of: Words) -> None:
    assert refusal_of("SoftmaxWithLoss", "", (0, 5), (0,)) == "Check failed: diff_"
