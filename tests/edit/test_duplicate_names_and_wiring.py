"""Names, in-place chains, the border and the order of a graft."""

from __future__ import annotations

from typing import Any

import pytest

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

IP = (
    'layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" '
    "inner_product_param { num_output: 1 } }\n"
)
SOURCE = (
    'layer { name: "%s" type: "DummyData" top: "data" include { phase: %s } '
    "dummy_data_param { shape { dim: %d dim: 3 } } }\n"
)
INPUT = 'name:"a" type:"Input" top:"a" input_param{shape{dim:1}}'


def duplicate(text: str, layers: list[str], **options: Any) -> edit.Edited:
    operation = {"op": "duplicate", "layers": layers, **options}
    return edit.apply(edit.Document.read(text), operation)


def wires(document: edit.Document) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(name, bottoms, tops) of each layer in file order."""
    layers = edit.view(document.tree).layers
    return [(layer.name, layer.bottom_names, layer.top_names) for layer in layers]


def accepted(document: edit.Document) -> bool:
    return all(check(document.tree, NetState(phase)).ok for phase in ("TRAIN", "TEST"))


def test_copies_stand_after_the_last_selected_layer_with_names_of_their_own(tower: str) -> None:
    edited = duplicate(tower, ["relu1", "conv1"])
    assert wires(edited.document) == [
        ("data", (), ("data",)),
        ("conv1_a", ("data",), ("conv1_a",)),
        ("relu1_a", ("conv1_a",), ("conv1_a",)),
        ("conv1_b", ("data",), ("conv1_b",)),
        ("relu1_b", ("conv1_b",), ("conv1_b",)),
        ("fc1", ("conv1_a",), ("fc1",)),
        ("fc2", ("fc1",), ("fc2",)),
    ]
    assert accepted(edited.document)


def test_a_copy_keeps_comments_spelling_and_style(tower: str) -> None:
    edited = duplicate(tower, ["conv1"], keep_first=True, suffixes=["_x"])
    assert (
        """# the trunk
layer {
  name: "conv1_x"
  type: "Convolution"
  bottom: "data"
  top: "conv1_x"
  param { lr_mult: 1 decay_mult: 1 }  # weights
  param { lr_mult: 2 decay_mult: 0 }
  convolution_param { num_output: 4 kernel_size: 3 bias_filler { value: .5 } }
}
"""
        in edited.document.text
    )


def test_the_files_head_is_not_taken_for_a_layers_comment() -> None:
    text = (
        '# Made by hand\nlayer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 } } }\n'
    )
    assert duplicate(text, ["data"]).document.text.count("Made by hand") == 1


@pytest.mark.parametrize(
    "text",
    [
        f'layer {{{INPUT}}} layer {{name:"b" type:"ReLU" bottom:"a" top:"b"}}',
        f"layer <{INPUT}>;\r\nlayer {{name:'b' bottom:['a'] top: \"b\", type: \"ReLU\"}}\r\n",
        f'layer: [{{{INPUT}}}, {{name:"b" type:"ReLU" bottom:"a" top:"b"}}]\n',
    ],
)
def test_unusual_spellings_are_copied_too(text: str) -> None:
    edited = duplicate(text, ["b"], copies=3)
    assert [name for name, _, _ in wires(edited.document)] == ["a", "b_a", "b_b", "b_c"]
    assert accepted(edited.document)


def test_prefixes_stand_before_and_a_taken_name_is_resolved_and_reported(tower: str) -> None:
    edited = duplicate(tower, ["fc1"], prefixes=["old_", "fc"])
    assert [name for name, _, _ in wires(edited.document)][3:5] == ["old_fc1", "fcfc1"]
    text = tower.replace('"fc2"', '"fc1_b"')
    edited = duplicate(text, ["fc1"], keep_first=True, suffixes=["_b"])
    new = [one for one in edited.report.renamed if one.kind == "layer" and one.old == "fc1"]
    assert [(one.new, one.reason) for one in new] == [("fc1_b2", "'fc1_b' is taken.")]


def test_the_tail_of_an_in_place_chain_leaves_it_in_every_copy(tower: str) -> None:
    edited = duplicate(tower, ["relu1"])
    assert wires(edited.document)[2:5] == [
        ("relu1_a", ("conv1",), ("conv1_a",)),
        ("relu1_b", ("conv1",), ("conv1_b",)),
        ("fc1", ("conv1_a",), ("fc1",)),
    ]
    assert accepted(edited.document)


def test_the_tail_leaves_the_chain_even_where_the_first_copy_keeps_its_name(tower: str) -> None:
    edited = duplicate(tower, ["relu1"], keep_first=True)
    assert wires(edited.document)[2:5] == [
        ("relu1", ("conv1",), ("relu1",)),
        ("relu1_b", ("conv1",), ("conv1_b",)),
        ("fc1", ("relu1",), ("fc1",)),
    ]
    assert accepted(edited.document)


def test_a_tail_with_an_input_of_its_own_stays_in_place(tower: str) -> None:
    edited = duplicate(tower, ["relu1"], keep_first=True, inputs="separate")
    assert ("relu1_b", ("conv1_b",), ("conv1_b",)) in wires(edited.document)
    assert ("relu1", ("conv1",), ("conv1",)) in wires(edited.document)
    assert accepted(edited.document)


def test_an_in_place_reader_outside_follows_the_first_copy(tower: str) -> None:
    edited = duplicate(tower, ["conv1"])
    assert ("relu1", ("conv1_a",), ("conv1_a",)) in wires(edited.document)
    assert accepted(edited.document)


def test_reading_through_a_layer_outside_is_kept_and_told(tower: str) -> None:
    edited = duplicate(tower, ["conv1", "fc1"])
    assert ("fc1_b", ("conv1_a",), ("fc1_b",)) in wires(edited.document)
    assert "read-through-outside" in [note.code for note in edited.report.notes]
    assert accepted(edited.document)


def test_the_order_of_bottoms_is_kept() -> None:
    data = '{ name: "%s" type: "Input" top: "%s" input_param { shape { dim: 2 dim: 3 } } }'
    text = (
        f"layer {data % ('a', 'a')}\nlayer {data % ('b', 'b')}\n"
        'layer { name: "s" type: "Concat" bottom: "b" bottom: "a" bottom: "b" top: "s" }\n'
    )
    edited = duplicate(text, ["a", "s"])
    assert ("s_b", ("b", "a_b", "b"), ("s_b",)) in wires(edited.document)
    assert accepted(edited.document)


def test_train_and_test_variants_go_together() -> None:
    text = SOURCE % ("data", "TRAIN", 3) + SOURCE % ("data", "TEST", 3) + IP
    edited = duplicate(text, ["data"])
    assert [copied.key for copied in edited.report.copies] == ["data_a", "data_a~2", "data_b", "data_b~2"]
    assert accepted(edited.document)
    other = SOURCE % ("data", "TRAIN", 3) + SOURCE % ("test", "TEST", 3) + IP
    edited = duplicate(other, ["data"])
    assert "taken-along" in [note.code for note in edited.report.notes]
    assert accepted(edited.document)


def test_a_layer_of_one_phase_that_others_would_have_to_read_is_refused() -> None:
    text = """layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 } }
layer { name: "drop" type: "Dropout" bottom: "ip" top: "ip" include { phase: TRAIN } }
layer { name: "out" type: "InnerProduct" bottom: "ip" top: "out" inner_product_param { num_output: 1 } }
"""
    with pytest.raises(edit.EditError) as refused:
        duplicate(text, ["drop"])
    assert refused.value.code == "states-disagree"
    assert "'out'" in refused.value.message
    assert accepted(duplicate(text, ["ip", "drop"]).document)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"layers": []}, "empty-selection", "Nothing is selected"),
        ({"layers": ["conv9"]}, "unknown-layer", "Did you mean 'conv1'"),
        ({"copies": 1}, "too-few-copies", "2 or more"),
        ({"suffixes": ["_a"]}, "wrong-number-of-names", "need 2"),
        ({"suffixes": ["_a", "_a"]}, "equal-names", "make them differ"),
        ({"suffixes": ["_a", ""]}, "empty-name", "Copy 2"),
        ({"suffixes": ["_a", "_b"], "prefixes": ["a", "b"]}, "two-affixes", "not both"),
        ({"rates": [{}]}, "wrong-number-of-rates", "need 2 rates"),
        ({"rates": [{}, {"lr_mult": float("nan")}]}, "bad-rate", "finite"),
        ({"rates": [{}, {"lr_mult": 1e300}]}, "bad-rate", "32-bit"),
        ({"rates": [{}, {"lr_mult": 1, "scale_lr": 2}]}, "bad-rate", "not both"),
        ({"rates": [{}, {"freeze": True, "lr_mult": 1}]}, "bad-rate", "frozen"),
        ({"share": {"layers": {"fc9": "shared"}}}, "unknown-layer", "share names 'fc9'"),
        ({"rates": [{}, {"layers": {"x": {}}}]}, "unknown-layer", "rates name 'x'"),
        ({"inputs": {"dat": "separate"}}, "unknown-blob", "Did you mean 'data'"),
        ({"copies": "many"}, "bad-operation", "copies"),
    ],
)
def test_what_cannot_be_done_is_said_clearly(
    tower: str, options: dict[str, Any], code: str, words: str
) -> None:
    document = edit.Document.read(tower)
    with pytest.raises(edit.EditError) as refused:
        edit.apply(document, {"op": "duplicate", "layers": ["conv1", "fc1"], **options})
    assert refused.value.code == code
    assert words in refused.value.message
    assert document.text == tower


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        ("conv1..fc1", ["conv1", "relu1", "fc1"]),
        ("fc*", ["fc1", "fc2"]),
        ("fc2,conv1", ["fc2", "conv1"]),
        ("..relu1", ["data", "conv1", "relu1"]),
        ("fc1..", ["fc1", "fc2"]),
    ],
)
def test_layers_are_named_by_range_list_and_glob(tower: str, pattern: str, keys: list[str]) -> None:
    assert edit.find_layers(edit.view(edit.Document.read(tower).tree), pattern) == keys


@pytest.mark.parametrize("pattern", ["", "nope*", "fc1..conv1", "conv1..nope"])
def test_a_pattern_that_finds_nothing_is_refused(tower: str, pattern: str) -> None:
    with pytest.raises(edit.EditError):
        edit.find_layers(edit.view(edit.Document.read(tower).tree), pattern)
