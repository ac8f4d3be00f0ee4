"""The phase that a file has no net for."""

from __future__ import annotations

import pytest

from netgraft import prototxt
from netgraft.caffe.layers import document_layers
from netgraft.caffe.meant import not_meant

TRAIN, TEST = "include { phase: TRAIN }", "include { phase: TEST }"


def net(*rules: str, reader: str = 'layer { name: "r" type: "ReLU" bottom: "d" top: "r" }') -> str:
    data = "".join(f'layer {{ name: "d{i}" type: "Data" top: "d" {rule} }}\n' for i, rule in enumerate(rules))
    return data + reader


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        (net(TRAIN), "TEST"),
        (net(TEST), "TRAIN"),
        (net('include { phase: TRAIN stage: "fine" }'), "TEST"),
        (net("exclude { phase: TEST }"), "TEST"),
        (net(TRAIN, TRAIN), "TEST"),
        (net(TRAIN, TEST), None),
        (net(""), None),
        (net(TRAIN, ""), None),
        (net('exclude { phase: TEST stage: "deploy" }'), None),
        (net('include { stage: "fine" }'), None),
        (net(TRAIN, reader=""), None),
        ('input: "d" input_shape { dim: 1 }\n' + net(TRAIN), None),
        ("", None),
    ],
)
def test_a_file_is_not_meant_for_a_phase_in_which_nothing_makes_its_data(
    text: str, phase: str | None
) -> None:
    assert not_meant(document_layers(prototxt.parse(text))) == phase
