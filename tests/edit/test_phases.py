"""A layer for each phase, and what is drawn behind data of one phase."""

from __future__ import annotations

from typing import Any

import pytest

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

DATA = """# digits
layer {
  name: "mnist"  # both halves
  type: "Data"
  top: "data"
  top: "label"
  data_param { source: "mnist_lmdb" batch_size: 64 backend: LMDB }
}
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 10 } }
"""


def apply(text: str, *operations: dict[str, Any]) -> edit.Edited:
    edited = edit.apply(edit.Document.read(text), operations[0])
    for operation in operations[1:]:
        edited = edit.apply(edited.document, operation)
    return edited


def lives(text: str) -> dict[str, tuple[bool, bool]]:
    """Each layer's key: whether it lives in TRAIN and in TEST."""
    layers = edit.view(edit.Document.read(text).tree).layers
    return {one.key: (one.active(NetState("TRAIN")), one.active(NetState("TEST"))) for one in layers}


def split(layer: str) -> dict[str, Any]:
    return {"op": "split_phases", "layer": layer}


def test_a_layer_of_both_phases_becomes_one_for_each_of_the_same_name_and_wires() -> None:
    edited = apply(DATA, split("mnist"))
    text = edited.document.text
    assert lives(text) == {"mnist": (True, False), "mnist~2": (False, True), "ip": (True, True)}
    assert edited.report.added == ["mnist~2"]
    assert edited.report.changed == ["mnist"]
    assert text.count('  top: "label"\n  include { phase: TRAIN }\n') == 1
    assert text.count('  top: "label"\n  include { phase: TEST }\n') == 1
    for phase in ("TRAIN", "TEST"):
        assert check(edit.Document.read(text).tree, NetState(phase)).ok


@pytest.mark.parametrize(
    "rule", ["include { phase: TRAIN }", "exclude { phase: TEST }", "include: { phase: 0 }"]
)
def test_a_layer_of_one_phase_gets_its_twin_for_the_other(rule: str) -> None:
    before = DATA.replace('  top: "label"\n', f'  top: "label"\n  {rule}\n')
    text = apply(before, split("mnist")).document.text
    assert lives(text) == {"mnist": (True, False), "mnist~2": (False, True), "ip": (True, True)}
    assert text.count(rule) == 1  # what stood there stays as it was
    assert text.count("include { phase: TEST }") == 1


@pytest.mark.parametrize(
    ("text", "layer", "code"),
    [
        (apply(DATA, split("mnist")).document.text, "mnist", "variant-exists"),
        (apply(DATA, split("mnist")).document.text, "mnist~2", "variant-exists"),
        (DATA.replace('top: "label"', 'include { stage: "x" }'), "mnist", "own-rules"),
        (DATA, "nobody", "unknown-layer"),
    ],
)
def test_what_cannot_be_split_is_refused(text: str, layer: str, code: str) -> None:
    with pytest.raises(edit.EditError) as refused:
        apply(text, split(layer))
    assert refused.value.code == code


def test_a_layer_of_bare_name_and_type_can_be_split() -> None:
    text = apply('layer { name: "a" type: "Python" }\n', split("a")).document.text
    assert lives(text) == {"a": (True, False), "a~2": (False, True)}


def test_what_is_drawn_behind_data_of_one_phase_lives_in_both() -> None:
    text = apply(
        apply(DATA, split("mnist")).document.text.partition("layer { name")[0],
        {"op": "delete_layers", "layers": ["mnist~2"]},
        {"op": "add_layer", "type": "Convolution", "after": "mnist"},
        {"op": "add_layer", "type": "SoftmaxWithLoss", "after": "conv1"},
    ).document.text
    assert lives(text) == {"mnist": (True, False), "conv1": (True, True), "loss": (True, True)}


def test_what_is_drawn_behind_one_of_two_data_layers_lives_where_that_one_does() -> None:
    other = DATA.replace("mnist", "test").replace('"data"', '"images"').partition("layer { name")[0]
    both = (DATA + other).replace('  top: "label"\n', "  include { phase: TRAIN }\n", 1)
    text = apply(both, {"op": "add_layer", "type": "Pooling", "after": "mnist"}).document.text
    assert lives(text)["pool1"] == (True, False)


def test_a_layer_is_added_behind_the_second_top_of_another() -> None:
    text = apply(DATA, {"op": "add_layer", "type": "Flatten", "after": "mnist", "top": 1}).document.text
    assert edit.view(edit.Document.read(text).tree).by_key["flatten1"].bottom_names == ("label",)
    with pytest.raises(edit.EditError) as refused:
        apply(DATA, {"op": "add_layer", "type": "Flatten", "after": "mnist", "top": 2})
    assert refused.value.code == "no-such-top"


def test_a_layer_is_added_for_a_bottom_that_is_to_read_it() -> None:
    loss = 'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" top: "loss" }\n'
    edited = apply(DATA + loss, {"op": "add_layer", "type": "Input", "feeds": {"layer": "loss", "bottom": 1}})
    layers = edit.view(edited.document.tree).by_key
    assert layers["loss"].bottom_names == ("ip", "data1")
    assert layers["data1"].top_names == ("data1",)
    assert edited.report.added == ["data1"]
    assert "loss" in edited.report.changed
    assert edited.report.title == "Add data1"


def test_a_layer_that_reads_nothing_yet_stands_before_the_one_it_feeds() -> None:
    edited = apply(DATA, {"op": "add_layer", "type": "Convolution", "feeds": {"layer": "ip", "bottom": 0}})
    layers = edit.view(edited.document.tree)
    assert [one.key for one in layers.layers] == ["mnist", "conv1", "ip"]
    assert layers.by_key["ip"].bottom_names == ("conv1",)
    assert layers.by_key["conv1"].bottom_names == ()
