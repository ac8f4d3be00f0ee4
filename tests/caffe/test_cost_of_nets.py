"""Parameters, multiply-accumulates and activation memory."""

from __future__ import annotations

import json
from pathlib import Path

from netgraft import prototxt
from netgraft.caffe.cost import LayerCost, NetCost, cost
from netgraft.caffe.net import check
from netgraft.caffe.state import TEST, TRAIN

IP = "inner_product_param { num_output: 3 }"
INPUT = 'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 dim: 4 dim: 6 dim: 6 } } }\n'


def costs(text: str) -> dict[str, LayerCost]:
    verdict = check(prototxt.parse(text), TRAIN)
    assert verdict.ok, verdict.first_error
    return {layer.key: layer for layer in cost(verdict.net).layers}


def recorded(shared: Path, id_: str) -> NetCost:
    for line in (shared / "conformance" / "nets.jsonl").read_text("utf-8").splitlines():
        net = json.loads(line)
        if net["id"].startswith(id_):
            return cost(check(prototxt.parse(net["prototxt"]), TEST).net)
    raise AssertionError(id_)


def test_a_convolution_costs_its_kernel_at_each_place_of_its_output() -> None:
    text = INPUT + (
        'layer { name: "c" type: "Convolution" bottom: "d" top: "c" '
        "convolution_param { num_output: 8 kernel_size: 3 group: 2 stride: 2 } }\n"
    )
    weights = 8 * 2 * 3 * 3
    assert costs(text)["c"] == LayerCost("c", weights + 8, 0, 2 * 2 * 2 * weights, 2 * 8 * 2 * 2)


def test_an_inner_product_costs_its_weights_for_each_image_and_a_sharer_owns_none() -> None:
    one = 'layer {{ name: "{0}" type: "InnerProduct" bottom: "d" top: "{0}" {1} param {{ name: "w" }} }}\n'
    found = costs(INPUT + one.format("a", IP) + one.format("b", IP))
    weights = 3 * 144
    assert found["a"] == LayerCost("a", weights + 3, 0, 2 * weights, 6)
    assert found["b"] == LayerCost("b", 3, weights, 2 * weights, 6)
    assert found["a"].activation_bytes == 24


def test_a_layer_in_place_makes_no_blob() -> None:
    found = costs(INPUT + 'layer { name: "r" type: "ReLU" bottom: "d" top: "d" }')
    assert found["r"] == LayerCost("r", 0, 0, 0, 0)


def test_a_deconvolution_costs_its_kernel_at_each_place_of_its_input() -> None:
    text = INPUT + (
        'layer { name: "c" type: "Deconvolution" bottom: "d" top: "c" '
        "convolution_param { num_output: 3 kernel_size: 2 stride: 2 bias_term: false } }\n"
    )
    assert costs(text)["c"].macs == 2 * 36 * (4 * 3 * 2 * 2)


def test_what_is_unknown_is_left_out_of_the_sums() -> None:
    text = (
        'layer { name: "d" type: "Data" top: "d" data_param { source: "db" batch_size: 2 } }\n'
        f'layer {{ name: "a" type: "InnerProduct" bottom: "d" top: "a" {IP} }}\n'
    )
    found = cost(check(prototxt.parse(text), TRAIN).net)
    assert not found.complete
    assert found.layers[1].parameters is None
    assert found.layers[1].macs is None
    assert found.parameters == 0


def test_googlenet_costs_what_is_known_of_it(shared: Path) -> None:
    """Its authors count 6.8 million weights and 1.5 billion operations."""
    found = recorded(shared, "144__")
    assert found.complete
    assert found.parameters == 6_998_552
    assert round(found.macs / 10 / 1e9, 2) == 1.58
    assert found.activation_bytes == 4 * found.activations
