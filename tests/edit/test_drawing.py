"""Layers added, tied, cut, moved, and blobs renamed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraft import edit
from netgraft.caffe.catalogue.registry import all_types
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState


def apply(text: str, **operation: Any) -> edit.Edited:
    return edit.apply(edit.Document.read(text), operation)


def refusal(text: str, **operation: Any) -> str:
    with pytest.raises(edit.EditError) as refused:
        apply(text, **operation)
    return refused.value.code


def wires(text: str, key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    layer = edit.view(edit.Document.read(text).tree).by_key[key]
    return layer.bottom_names, layer.top_names


def order(text: str) -> list[str]:
    return [layer.key for layer in edit.view(edit.Document.read(text).tree).layers]


def ok(text: str, phase: Any = "TEST") -> bool:
    return check(edit.Document.read(text).tree, NetState(phase)).ok


def only_grew(before: str, after: str) -> bool:
    """Whether the new text is the old one with lines put in."""
    rest = iter(after.splitlines())
    return all(line in rest for line in before.splitlines())


def test_a_layer_is_added_after_another_in_the_style_around_it(tower: str) -> None:
    text = apply(tower, op="add_layer", type="Pooling", after="conv1").document.text
    assert order(text) == ["data", "conv1", "relu1", "pool1", "fc1", "fc2"]
    assert wires(text, "pool1") == (("conv1",), ("pool1",))
    assert '\nlayer {\n  name: "pool1"\n  type: "Pooling"\n  bottom: "conv1"\n' in text
    assert only_grew(tower, text)
    assert ok(text)


def test_readers_move_to_a_layer_that_takes_them(tower: str) -> None:
    text = apply(tower, op="add_layer", type="Pooling", after="conv1", take_readers=True).document.text
    assert order(text)[2] == "pool1"
    assert wires(text, "relu1") == (("pool1",), ("pool1",))
    assert wires(text, "fc1")[0] == ("pool1",)
    assert ok(text)


@pytest.mark.parametrize("type_", ["ReLU", "BatchNorm", "Dropout"])
def test_what_usually_works_in_place_does_so_where_nobody_else_reads(tower: str, type_: str) -> None:
    edited = apply(tower, op="add_layer", type=type_, between={"target": "fc2", "blob": "fc1"})
    (key,) = edited.report.added
    assert wires(edited.document.text, key) == (("fc1",), ("fc1",))
    assert only_grew(tower, edited.document.text)
    assert ok(edited.document.text)


def test_on_a_wire_beside_others_only_that_reader_moves(tower: str) -> None:
    wide = apply(tower, op="add_layer", type="InnerProduct", after="fc1", name="side").document.text
    text = apply(wide, op="add_layer", type="ReLU", between={"target": "side", "blob": "fc1"}).document.text
    assert wires(text, "side")[0] == ("relu1_2",) or wires(text, "side")[0] == ("relu2",)
    assert wires(text, "fc2")[0] == ("fc1",)
    assert ok(text)


def test_an_in_place_chain_follows_what_is_put_before_it(tower: str) -> None:
    text = apply(
        tower, op="add_layer", type="LRN", between={"target": "relu1", "blob": "conv1"}
    ).document.text
    assert wires(text, "relu1") == (("norm1",), ("norm1",))
    assert wires(text, "fc1")[0] == ("norm1",)
    assert ok(text)


LINE = """layer { name: "data" type: "Input" top: "data" top: "label" include { phase: %s }
  input_param { shape { dim: %d dim: 8 } shape { dim: %d } } }
"""
PHASES = (
    LINE % ("TRAIN", 4, 4)
    + LINE % ("TEST", 2, 2)
    + """layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
  inner_product_param { num_output: 3 } }
"""
)


def test_a_layer_behind_both_phases_data_lives_in_both() -> None:
    for where in ({"after": "data", "take_readers": True}, {"between": {"target": "ip", "blob": "data"}}):
        text = apply(PHASES, op="add_layer", type="Flatten", **where).document.text
        assert order(text)[2] == "flatten1"
        assert wires(text, "ip")[0] == ("flatten1",)
        assert ok(text, "TRAIN")
        assert ok(text, "TEST")


def test_a_loss_reads_the_label_too() -> None:
    text = apply(PHASES, op="add_layer", type="SoftmaxWithLoss", after="ip").document.text
    assert wires(text, "loss") == (("ip", "label"), ("loss",))
    assert ok(text, "TRAIN")


@pytest.mark.parametrize(
    "where", [{"after": "conv1", "take_readers": True}, {"between": {"target": "relu1", "blob": "conv1"}}]
)
def test_what_makes_nothing_stands_beside_a_wire(tower: str, where: dict[str, Any]) -> None:
    text = apply(tower, op="add_layer", type="Silence", **where).document.text
    assert wires(text, "silence1") == (("conv1",), ())
    assert order(text) == ["data", "conv1", "relu1", "silence1", "fc1", "fc2"]
    assert ok(text)


def test_the_first_layer_of_an_empty_net() -> None:
    text = apply("", op="add_layer", type="Input").document.text
    assert text.startswith('layer {\n  name: "data"\n')
    text = apply(text, op="add_layer", type="Convolution", after="data").document.text
    assert ok(text)


def test_data_layers_stand_before_all(tower: str) -> None:
    text = apply(tower, op="add_layer", type="DummyData").document.text
    assert order(text)[0] == "dummy_data1"
    assert text.startswith('name: "tower"')


def test_line_ends_are_kept(tower: str) -> None:
    text = apply(tower.replace("\n", "\r\n"), op="add_layer", type="Pooling", after="conv1").document.text
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"type": "ReLU", "after": "nobody"}, "unknown-layer"),
        ({"type": "ReLU", "bottoms": ["nothing"]}, "unknown-blob"),
        ({"type": "ReLU", "name": "fc1"}, "name-taken"),
        ({"type": " "}, "empty-type"),
        ({"type": "ReLU", "between": {"target": "fc2", "blob": "conv1"}}, "no-such-wire"),
    ],
)
def test_layers_that_cannot_be_added_are_refused(tower: str, operation: dict[str, Any], code: str) -> None:
    assert refusal(tower, op="add_layer", **operation) == code


BVLC = [one.name for one in all_types() if one.profile == "bvlc" and not one.needs]


@pytest.mark.parametrize("type_", BVLC)
def test_every_type_of_the_catalogue_can_be_added(tower: str, type_: str) -> None:
    edited = apply(tower, op="add_layer", type=type_, after="conv1")
    assert only_grew(tower, edited.document.text)
    assert not edited.document.tree.errors
    (key,) = edited.report.added
    layer = edit.view(edited.document.tree).by_key[key]
    assert layer.type == type_
    # Types with one bottom are complete as they come, but for the few that want another kind of input.
    known = next(one for one in all_types() if one.name == type_)
    if known.bottoms.exact == 1 and type_ not in ("BatchReindex",):
        verdict = check(edited.document.tree)
        assert verdict.ok, verdict.first_error


TWO = """layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 4 } } }
layer { name: "a" type: "InnerProduct" bottom: "in" top: "a" inner_product_param { num_output: 4 } }
layer { name: "sum" type: "Eltwise" bottom: "in" bottom: "a" top: "sum" }
layer { name: "out" type: "ReLU" bottom: "sum" top: "sum" }
layer { name: "b" type: "InnerProduct" bottom: "in" top: "b" inner_product_param { num_output: 4 } }
"""


def test_a_layer_moves_behind_what_it_is_to_read_and_its_readers_go_along() -> None:
    edited = apply(TWO, op="connect", layer="sum", from_layer="b")
    text = edited.document.text
    assert wires(text, "sum")[0] == ("in", "a", "b")
    assert order(text) == ["in", "a", "b", "sum", "out"]
    assert ok(text)


def test_a_bottom_is_tied_anew() -> None:
    text = apply(TWO, op="connect", layer="sum", bottom=0, from_layer="b").document.text
    assert wires(text, "sum")[0] == ("b", "a")
    assert ok(text)


def test_a_reader_of_a_blob_changed_in_place_stands_behind_the_change() -> None:
    text = apply(TWO, op="connect", layer="b", from_layer="sum").document.text
    assert order(text) == ["in", "a", "sum", "out", "b"]
    text = apply(TWO, op="connect", layer="out", from_layer="a").document.text
    assert wires(text, "out") == (("a",), ("out",))


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"layer": "a", "from_layer": "out"}, "cycle"),
        ({"layer": "out", "from_layer": "out"}, "cycle"),
        ({"layer": "a", "bottom": 1, "from_layer": "in"}, "too-many-bottoms"),
        ({"layer": "sum", "bottom": 3, "from_layer": "in"}, "no-such-bottom"),
        ({"layer": "sum", "bottom": 0, "from_layer": "in"}, "connected-already"),
        ({"layer": "sum", "blob": "nothing"}, "unknown-blob"),
        ({"layer": "sum", "from_layer": "b", "top": 1}, "no-such-top"),
        ({"layer": "in", "from_layer": "b"}, "too-many-bottoms"),
    ],
)
def test_wires_that_cannot_be_are_refused(operation: dict[str, Any], code: str) -> None:
    assert refusal(TWO, op="connect", **operation) == code


def test_a_wire_is_cut_and_tied_again() -> None:
    text = apply(TWO, op="disconnect", layer="sum", bottom=1).document.text
    assert wires(text, "sum")[0] == ("in",)
    assert wires(apply(text, op="connect", layer="sum", from_layer="a").document.text, "sum")[0] == (
        "in",
        "a",
    )
    alone = apply(text, op="disconnect", layer="sum", bottom=0).document.text
    assert wires(alone, "sum")[0] == ()
    assert wires(apply(alone, op="connect", layer="sum", blob="in").document.text, "sum")[0] == ("in",)


def test_a_layer_cut_off_leaves_its_place_in_a_chain() -> None:
    text = apply(TWO, op="disconnect", layer="out", bottom=0).document.text
    assert wires(text, "out") == ((), ("out",))


def test_layers_move_as_far_as_the_wires_allow() -> None:
    text = apply(TWO, op="move_layer", layer="b", before="a").document.text
    assert order(text) == ["in", "b", "a", "sum", "out"]
    assert apply(text, op="move_layer", layer="b", after="out").document.text == TWO
    assert refusal(TWO, op="move_layer", layer="sum", before="a") == "order"
    assert refusal(TWO, op="move_layer", layer="a", after="sum") == "order"
    assert refusal(TWO, op="move_layer", layer="a", after="in") == "nothing-to-do"


READ_TOO_EARLY = """layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 2 } } }
layer { name: "sum" type: "Eltwise" bottom: "in" bottom: "b" top: "sum" }
layer { name: "out" type: "ReLU" bottom: "in" top: "out" }
layer { name: "a" type: "ReLU" bottom: "%s" top: "a" }
layer { name: "b" type: "ReLU" bottom: "%s" top: "b" }
layer { name: "end" type: "ReLU" bottom: "b" top: "end" }
"""


@pytest.mark.parametrize(
    ("a", "b", "fixes", "after"),
    [
        ("in", "in", ["Move b before sum"], ["in", "b", "sum", "out", "a", "end"]),
        ("in", "a", ["Move sum after b"], ["in", "out", "a", "b", "sum", "end"]),
        ("sum", "a", [], []),
    ],
)
def test_a_reader_of_what_is_made_later_can_be_moved_where_that_mends_it(
    a: str, b: str, fixes: list[str], after: list[str]
) -> None:
    document = edit.Document.read(READ_TOO_EARLY % (a, b))
    first = check(document.tree).diagnostics[0]
    assert (first.code, [fix.title for fix in first.fixes]) == ("unknown-bottom", fixes)
    for fix in first.fixes:
        document = edit.apply(document, fix.operations[0]).document
        assert order(document.text) == after
        assert ok(document.text)


def test_a_blobs_new_name_reaches_all_its_readers() -> None:
    text = apply(TWO, op="rename_blob", blob="sum", to="total").document.text
    assert wires(text, "out") == (("total",), ("total",))
    assert ok(text)
    assert apply(text, op="rename_blob", blob="total", to="sum").document.text == TWO
    assert refusal(TWO, op="rename_blob", blob="sum", to="a") == "name-taken"
    assert refusal(TWO, op="rename_blob", blob="summ", to="x") == "unknown-blob"


def test_net_level_inputs_are_renamed_and_read() -> None:
    text = (
        'input: "data" input_dim: 1 input_dim: 3\nlayer { name: "r" type: "ReLU" bottom: "data" top: "r" }\n'
    )
    assert apply(text, op="rename_blob", blob="data", to="x").document.text == text.replace('"data"', '"x"')
    grown = apply(text, op="add_layer", type="TanH", between={"target": "r", "blob": "data"}).document.text
    assert order(grown)[0].startswith("tan")
    assert grown.startswith("input:")


def test_in_place_and_back() -> None:
    apart = apply(TWO, op="set_in_place", layer="out", in_place=False).document.text
    assert wires(apart, "out") == (("sum",), ("out",))
    assert apply(apart, op="set_in_place", layer="out", in_place=True).document.text == TWO
    assert refusal(TWO, op="set_in_place", layer="a", in_place=True) == "cannot-be-in-place"
    assert refusal(TWO, op="set_in_place", layer="out", in_place=True) == "nothing-to-do"


def test_what_others_read_is_not_changed_in_place(tower: str) -> None:
    wide = apply(tower, op="add_layer", type="TanH", after="fc1").document.text
    key = next(one for one in order(wide) if one.startswith("tan"))
    assert refusal(wide, op="set_in_place", layer=key, in_place=True) == "read-by-others"


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_row_of_drawing_keeps_the_net_drawable(data: st.DataObject) -> None:
    document = edit.Document.read(TWO)
    for _ in range(data.draw(st.integers(1, 5))):
        keys = [layer.key for layer in edit.view(document.tree).layers]
        key = st.sampled_from(keys)
        kind = data.draw(st.sampled_from(["add", "insert", "connect", "disconnect", "move", "in_place"]))
        one, other = data.draw(key), data.draw(key)
        choices: dict[str, dict[str, Any]] = {
            "add": {"op": "add_layer", "type": "ReLU", "after": one},
            "insert": {"op": "add_layer", "type": "Concat", "after": one, "take_readers": True},
            "connect": {"op": "connect", "layer": one, "from_layer": other},
            "disconnect": {"op": "disconnect", "layer": one, "bottom": 0},
            "move": {"op": "move_layer", "layer": one, "after": other},
            "in_place": {"op": "set_in_place", "layer": one, "in_place": True},
        }
        operation = choices[kind]
        before = document.text
        try:
            document = edit.apply(document, operation).document
        except edit.EditError:
            assert document.text == before
            continue
        assert not document.tree.errors
        verdict = check(document.tree)
        # Whatever is missing is missing: but nothing stands before what it reads, and no blob has two makers.
        codes = {one.code for one in verdict.diagnostics if one.severity == "error"}
        assert not codes & {"unknown-bottom", "duplicate-top", "multiple-sources"}, (
            kind,
            codes,
            document.text,
        )


def test_a_document_may_begin_empty() -> None:
    document = edit.Document.read("")
    steps: tuple[dict[str, Any], ...] = (
        {"op": "add_layer", "type": "Input"},
        {"op": "add_layer", "type": "Convolution", "after": "data"},
        {"op": "add_layer", "type": "ReLU", "after": "conv1"},
        {"op": "add_layer", "type": "InnerProduct", "after": "relu1"},
        {"op": "add_layer", "type": "Softmax", "after": "ip1"},
    )
    for operation in steps:
        document = edit.apply(document, operation).document
    assert check(document.tree).ok
    assert wires(document.text, "relu1") == (("conv1",), ("conv1",))
