"""Layers that stay equal for ever: same start, same input, same treatment."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from netgraft import prototxt
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

TWINS = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 dim: 6 dim: 6 } } }
layer { name: "a" type: "InnerProduct" bottom: "data" top: "a"
  inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
layer { name: "b" type: "InnerProduct" bottom: "data" top: "b"
  inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
layer { name: "join" type: "Eltwise" bottom: "a" bottom: "b" top: "join" }
"""
SAME = {"a": "ip", "b": "ip"}
READER = (
    'layer { name: "c" type: "InnerProduct" bottom: "b" top: "c" inner_product_param { num_output: 3 } }\n'
)


def twins(text: str, origins: Mapping[str, str | None]) -> bool:
    verdict = check(prototxt.parse(text), NetState("TRAIN"), origins=origins)
    return any(diagnostic.code == "identical-twins" for diagnostic in verdict.diagnostics)


def both(params: str) -> str:
    """The net with the same in either twin."""
    return TWINS.replace('top: "a"', f'top: "a" {params}').replace('top: "b"\n', f'top: "b" {params}\n')


def test_twins_from_the_same_stored_weights_stay_equal() -> None:
    assert twins(TWINS, SAME)
    assert not twins(TWINS, {"a": "ip", "b": "ip2"})
    assert not twins(TWINS, {"a": "ip", "b": None})
    assert not twins(TWINS, {})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TWINS.replace('top: "b"\n', 'top: "b" param { lr_mult: 2 }\n'), id="in rate"),
        pytest.param(TWINS + READER, id="in who reads them"),
        pytest.param(TWINS.replace("Eltwise", "Concat"), id="in their place in a Concat"),
        pytest.param(
            TWINS.replace('top: "join"', 'top: "join" eltwise_param { coeff: 1 coeff: -1 }'),
            id="in their sign in a sum",
        ),
        pytest.param(both('param { name: "w" } param { name: "v" }'), id="in nothing but share"),
        pytest.param(both("param { lr_mult: 0 } param { lr_mult: 0 }"), id="in nothing but are frozen"),
    ],
)
def test_layers_are_no_twins_that_differ(text: str) -> None:
    assert text != TWINS
    assert not twins(text, SAME)
