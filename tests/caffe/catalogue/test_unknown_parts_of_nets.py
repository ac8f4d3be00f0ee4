"""Nets with parts that nobody knows: what is said of them, and what is kept quiet."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.caffe.net import check

INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: [2, 8] } } }\n'


def test_a_layer_of_unknown_blobs_may_state_any_number_of_params() -> None:
    text = (
        INPUT + 'layer { name: "py" type: "Python" bottom: "data" top: "y" param { lr_mult: 1 } param { } }'
    )
    verdict = check(prototxt.parse(text), profile="fork")
    assert verdict.ok
    assert not verdict.net.layers[1].blobs_known
    assert len(verdict.net.layers[1].blobs) == 2


def test_a_layer_on_unknown_data_has_a_known_number_of_blobs() -> None:
    text = (
        'layer { name: "data" type: "Data" top: "data" data_param { source: "lmdb" batch_size: 4 } }\n'
        'layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"\n'
        "  param { } param { } param { } convolution_param { num_output: 2 kernel_size: 3 } }"
    )
    verdict = check(prototxt.parse(text))
    assert verdict.first_error is not None
    assert (verdict.first_error.caffe_message or "").endswith("Too many params specified for layer conv")
    assert verdict.net.layers[1].blobs == (None, (2,))


def test_what_bvlc_refuses_of_a_layer_with_a_forks_fields_the_fork_may_take() -> None:
    text = INPUT + (
        'layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" param { lr_mult: 1 }\n'
        '  batch_norm_param { scale_filler { type: "constant" value: 1 } } }'
    )
    assert check(prototxt.parse(text), profile="fork").ok
    assert not check(prototxt.parse(text)).ok


def test_an_input_without_shape_cannot_be_read_twice() -> None:
    text = (
        'layer { name: "data" type: "Input" top: "data" }\n'
        'layer { name: "a" type: "ReLU" bottom: "data" top: "a" }\n'
        'layer { name: "b" type: "ReLU" bottom: "data" top: "b" }'
    )
    verdict = check(prototxt.parse(text))
    assert verdict.first_error is not None
    assert verdict.first_error.caffe_message == "Check failed: count_ == top[i]->count() (0 vs. 1)"
