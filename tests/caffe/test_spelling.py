"""Slips of the pen are told from the fields and types of forks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netgraft import prototxt
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.spelling import misspelt_field, misspelt_type

DATA = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 } } }\n'
SLIP = (
    'layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" inner_product_param { num_ouput: 4 } }\n'
)
FORK = 'layer { name: "b" type: "Normalize" bottom: "data" top: "b" norm_param { across_spatial: false } }\n'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("num_ouput", "num_output"),
        ("num_outputs", "num_output"),
        ("botom", "bottom"),
        ("Top", "top"),
        ("convoluton_param", "convolution_param"),
        ("bn_param", None),
        ("crop_size_x", None),
        ("permute_param", None),
    ],
)
def test_a_slip_in_a_field_is_near_and_a_forks_field_is_not(written: str, meant: str | None) -> None:
    known = ("num_output", "top", "bottom", "lrn_param", "crop_size", "parameter_param", "convolution_param")
    assert misspelt_field(written, known) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Convolutoin", "Convolution"),
        ("Relu", "ReLU"),
        ("ReLU6", None),
        ("SELU", None),
        ("Convolution3D", None),
    ],
)
def test_a_slip_in_a_type_is_near_and_a_forks_type_is_not(written: str, meant: str | None) -> None:
    assert misspelt_type(written, ("ELU", "ReLU", "Convolution", "Deconvolution")) == meant


def test_a_net_with_slips_alone_is_no_forks_net() -> None:
    assert suggested_profile(prototxt.parse(DATA + SLIP)) == "bvlc"
    assert suggested_profile(prototxt.parse(DATA + SLIP.replace("InnerProduct", "InnerProdcut"))) == "bvlc"


def test_a_slip_in_a_forks_net_is_a_warning_and_not_taken_for_the_forks() -> None:
    tree = prototxt.parse(DATA + SLIP + FORK)
    assert suggested_profile(tree) == "fork"
    found = {
        diagnostic.code: diagnostic
        for diagnostic in check(tree, profile="fork").diagnostics
        if diagnostic.code in ("misspelt-field", "fork-field")
    }
    assert found["misspelt-field"].severity == "warning"
    assert "did you mean num_output?" in found["misspelt-field"].message
    assert found["fork-field"].message.startswith("norm_param ")


def test_no_field_and_no_type_of_a_recorded_forks_net_is_taken_for_a_slip(shared: Path) -> None:
    with (shared / "conformance/nets.jsonl").open(encoding="utf-8") as lines:
        nets = [net for line in lines if "fork" in (net := json.loads(line))["tags"]]
    slips = [
        (net["id"], diagnostic.message)
        for net in nets
        for diagnostic in check(prototxt.parse(net["prototxt"]), profile="fork").diagnostics
        if diagnostic.code.startswith("misspelt-")
    ]
    assert slips == []
