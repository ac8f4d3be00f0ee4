"""Old formats as Caffe upgrades them before it looks at a net."""

from __future__ import annotations

import json
from pathlib import Path

from google.protobuf import text_format

from netgraft import prototxt
from netgraft.caffe.layers import document_layers
from netgraft.caffe.net import check
from netgraft.caffe.state import TRAIN
from netgraft.proto import caffe_pb2


def upgraded(text: str) -> list[caffe_pb2.LayerParameter]:
    return [layer.message for layer in document_layers(prototxt.parse(text))]


def layer(text: str) -> caffe_pb2.LayerParameter:
    return text_format.Parse(text, caffe_pb2.LayerParameter())


def test_a_v1_layer_s_lists_become_param_messages() -> None:
    (made,) = upgraded(
        'layers { name: "c" type: CONVOLUTION bottom: "x" top: "y" param: "w" param: "b" '
        "blob_share_mode: PERMISSIVE blobs_lr: 1 blobs_lr: 2 blobs_lr: 3 weight_decay: 0 "
        "convolution_param { num_output: 3 } include { phase: TRAIN } loss_weight: 2 }"
    )
    assert made == layer(
        'name: "c" type: "Convolution" bottom: "x" top: "y" '
        'param { name: "w" share_mode: PERMISSIVE lr_mult: 1 decay_mult: 0 } param { name: "b" lr_mult: 2 } '
        "param { lr_mult: 3 } convolution_param { num_output: 3 } include { phase: TRAIN } loss_weight: 2"
    )


def test_data_fields_move_into_transform_param() -> None:
    (made,) = upgraded(
        'layers { name: "d" type: IMAGE_DATA top: "x" transform_param { scale: 1 } '
        'image_data_param { source: "s" scale: 0.5 mean_file: "m" crop_size: 8 mirror: true } }'
    )
    assert made == layer(
        'name: "d" type: "ImageData" top: "x" image_data_param { source: "s" } '
        'transform_param { scale: 0.5 mean_file: "m" crop_size: 8 mirror: true }'
    )


def test_a_v0_net_becomes_todays_with_its_padding_folded_in() -> None:
    text = """
        name: "v0" input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
        layers { layer { name: "pad1" type: "padding" pad: 2 } bottom: "data" top: "pad1" }
        layers { layer { name: "c" type: "conv" num_output: 4 kernelsize: 3 stride: 2 group: 1 biasterm: false
                         weight_filler { type: "gaussian" std: 0.1 } blobs_lr: 1 weight_decay: 0 }
                 bottom: "pad1" top: "c" }
        layers { layer { name: "p" type: "pool" pool: AVE kernelsize: 2 } bottom: "c" top: "p" }
        layers { layer { name: "n" type: "lrn" local_size: 3 alpha: 2 beta: 0.5 } bottom: "p" top: "n" }
        layers { layer { name: "d" type: "data" source: "s" batchsize: 2 scale: 0.1 cropsize: 3 } top: "d" }
    """
    made = upgraded(text)
    assert [one.name for one in made] == ["input", "c", "p", "n", "d"]
    assert made[1] == layer(
        'name: "c" type: "Convolution" bottom: "data" top: "c" param { lr_mult: 1 decay_mult: 0 } '
        "convolution_param { num_output: 4 pad: 2 kernel_size: 3 stride: 2 group: 1 bias_term: false "
        'weight_filler { type: "gaussian" std: 0.1 } }'
    )
    assert made[2].pooling_param.pool == caffe_pb2.PoolingParameter.AVE
    assert made[3].lrn_param == caffe_pb2.LRNParameter(local_size=3, alpha=2, beta=0.5)
    assert made[4].transform_param == caffe_pb2.TransformationParameter(scale=0.1, crop_size=3)
    assert check(prototxt.parse(text)).upgrades == ("V0 layers", "net-level inputs")


def test_net_level_inputs_become_one_layer_put_first() -> None:
    text = 'layer { name: "r" type: "ReLU" bottom: "b" top: "b" }\ninput: ["a", "b"]\n'
    shapes = "input_shape { dim: 1 } input_shape { dim: [2, 3] } input_dim: 9"
    document = prototxt.parse(text + shapes)
    verdict = check(document)
    assert verdict.ok
    first = verdict.net.layers[0]
    assert (first.key, first.type, first.tops, first.top_shapes) == (
        "input",
        "Input",
        ("a", "b"),
        ((1,), (2, 3)),
    )
    assert document.chunks[first.chunk].text.startswith("input:")


def test_inputs_without_any_shape_are_dropped() -> None:
    verdict = check(prototxt.parse('input: "a"\nlayer { name: "r" type: "ReLU" bottom: "a" top: "a" }'))
    assert verdict.first_error is not None
    assert verdict.first_error.code == "unknown-bottom"


def test_the_upgrade_of_a_v0_net_drops_its_input_shapes() -> None:
    layer = 'layers { layer { name: "r" type: "relu" } bottom: "d" top: "r" }'
    shaped = check(prototxt.parse('input: "d" input_shape { dim: 2 } ' + layer))
    assert shaped.first_error is not None
    assert shaped.first_error.caffe_message == "Unknown bottom blob 'd' (layer 'r', bottom index 0)"
    both = check(prototxt.parse('input: "d" input_shape { dim: 2 } input_dim: [1, 3, 4, 4] ' + layer))
    assert both.net.layers[0].top_shapes == ((1, 3, 4, 4),)


def test_three_params_of_a_batch_norm_are_set_to_zero_and_two_are_not() -> None:
    net = (
        'layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }\n'
        'layer { name: "n" type: "BatchNorm" bottom: "x" top: "y" '
    )
    three = check(prototxt.parse(net + 'param { name: "m" lr_mult: 1 } param { } param { decay_mult: 2 } }'))
    assert three.ok
    assert [(one.lr, one.decay) for one in three.net.learnable] == [(0, 0)] * 3
    assert three.net.params[0].shared_name == "m"
    assert three.upgrades == ("BatchNorm layers with three params",)
    assert not check(prototxt.parse(net + "param { } param { } }")).ok


def test_an_upgraded_layer_s_rates_point_into_the_old_text() -> None:
    text = (
        'layers { name: "d" type: DUMMY_DATA top: "x" dummy_data_param { shape { dim: 2 dim: 3 } } }\n'
        'layers { name: "a" type: INNER_PRODUCT bottom: "x" top: "a" param: "w" blobs_lr: 1 '
        "inner_product_param { num_output: 2 } }\n"
        'layers { name: "b" type: INNER_PRODUCT bottom: "x" top: "b" param: "w" blobs_lr: 5 '
        "inner_product_param { num_output: 2 } }\n"
    )
    document = prototxt.parse(text)
    first = check(document, TRAIN).first_error
    assert first is not None
    assert first.place is not None
    assert (first.code, first.layer) == ("mismatched-lr-mult", "b")
    assert document.chunks[first.place.chunk].text[first.place.start : first.place.end] == "5"


def test_every_recorded_net_is_upgraded_without_a_crash(shared: Path) -> None:
    for line in (shared / "conformance" / "nets.jsonl").read_text("utf-8").splitlines():
        document = prototxt.parse(json.loads(line)["prototxt"])
        layers = document_layers(document)
        assert len({one.key for one in layers}) == len(layers)
