"""Two edits of one revision: what is carried over, and what is refused with which words."""

from __future__ import annotations

from typing import Any

import pytest

from netgraft import edit
from netgraft.edit import rebase
from netgraft.edit.operations import read_operation
from netgraft.weights import Origin

Op = dict[str, Any]

TWINS = """name: "twins"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 8 dim: 8 } } }
layer {
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  top: "conv1"
  param { name: "w" lr_mult: 1 }
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 }
}
layer {
  name: "conv2"
  type: "Convolution"
  bottom: "data"
  top: "conv2"
  param { name: "w" lr_mult: 1 }
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 }
}
layer { name: "cat" type: "Concat" bottom: "conv1" bottom: "conv2" top: "cat" }
layer { name: "ip" type: "InnerProduct" bottom: "cat" top: "ip" inner_product_param { num_output: 5 } }
"""
"""Two convolutions that share their weights, joined."""

CONV1_FASTER = {"op": "set_rate", "layer": "conv1", "blob": None, "lr_mult": 10}


def read(text: str) -> edit.Document:
    return edit.Document.read(text)


def done(document: edit.Document, *operations: Op) -> edit.Document:
    for operation in operations:
        document = edit.apply(document, operation).document
    return document


def apply(document: edit.Document, operation: edit.Operation) -> edit.Edited:
    return edit.apply(document, operation)


def carried(base: str, theirs: list[Op], ours: list[Op], **premises: Any) -> rebase.Rebased:
    """What `ours`, made for the base, make of what `theirs` made of it."""
    document = read(base)
    operations = [read_operation(operation) for operation in ours]
    head = read(done(document, *theirs).text)  # parsed apart, as another process would
    head = edit.Document(head.tree, done(document, *theirs).origins)
    return rebase.rebase(document, head, operations, apply, rebase.Premises(premises))


def refused(base: str, theirs: list[Op], ours: list[Op]) -> list[tuple[str, str]]:
    """Kind and name of each clash."""
    with pytest.raises(rebase.Refused) as told:
        carried(base, theirs, ours)
    return [(clash.kind, clash.name) for clash in told.value.clashes]


def words(base: str, theirs: list[Op], ours: list[Op], **by: Any) -> str:
    """The first clash as it is told."""
    with pytest.raises(rebase.Refused) as told:
        carried(base, theirs, ours)
    passed = rebase.Passed(2, by.pop("title", "Their edit"), by.pop("author", "Ann"), **by)
    return rebase.message(told.value.clashes[0], passed)


# What is carried over


def test_edits_of_different_layers_are_both_in_the_result(tower: str) -> None:
    theirs = [CONV1_FASTER]
    ours = [{"op": "set_rate", "layer": "fc1", "blob": 0, "lr_mult": 3}]
    both = done(read(tower), *theirs, *ours)
    assert carried(tower, theirs, ours).document.text == both.text


def test_the_report_is_about_the_document_as_it_is_now(tower: str) -> None:
    result = carried(tower, [CONV1_FASTER], [{"op": "delete_layers", "layers": ["fc2"]}])
    assert [report.removed for report in result.reports] == [["fc2"]]


def test_a_rate_is_set_beside_a_layer_put_before_it(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Dropout", "between": {"target": "fc1", "blob": "conv1"}}]
    ours = [{"op": "set_rate", "layer": "fc2", "blob": 0, "lr_mult": 3}]
    result = carried(tower, theirs, ours).document
    assert "Dropout" in result.text
    assert "lr_mult: 3" in result.text


def test_two_layers_put_on_different_wires_keep_both(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Pooling", "between": {"target": "fc1", "blob": "conv1"}}]
    ours = [{"op": "add_layer", "type": "ReLU", "between": {"target": "fc2", "blob": "fc1"}}]
    assert carried(tower, theirs, ours).document.text == done(read(tower), *theirs, *ours).text


def test_an_automatic_name_that_was_taken_meanwhile_becomes_the_next_one(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Power", "between": {"target": "fc2", "blob": "fc1"}}]
    ours = [{"op": "add_layer", "type": "Power", "between": {"target": "conv1", "blob": "data"}}]
    alone, both = (set(edit.view(done(read(tower), *ops).tree).by_key) for ops in (ours, [*theirs, *ours]))
    assert alone < both
    result = carried(tower, theirs, ours)
    assert set(edit.view(result.document.tree).by_key) == both
    assert [(name.kind, name.old, name.new) for name in result.names] == [("layer", "power1", "power2")]


def test_weights_chosen_for_one_layer_go_with_an_edit_of_another(tower: str) -> None:
    result = carried(tower, [{"op": "leave_to_filler", "layers": ["fc1"]}], [CONV1_FASTER])
    assert result.document.origins == {"fc1": None}
    result = carried(tower, [CONV1_FASTER], [{"op": "take_weights", "layer": "fc1", "from_layer": "old"}])
    assert result.document.origins == {"fc1": Origin("old")}


def test_weights_may_be_chosen_for_a_layer_whose_rate_was_set_meanwhile(tower: str) -> None:
    result = carried(tower, [CONV1_FASTER], [{"op": "leave_to_filler", "layers": ["conv1"]}])
    assert result.document.origins == {"conv1": None}


def test_the_same_edit_twice_is_no_clash(tower: str) -> None:
    once = done(read(tower), CONV1_FASTER).text
    assert carried(tower, [CONV1_FASTER], [CONV1_FASTER]).document.text == once


def test_an_edit_is_carried_over_an_undo_of_another_layers_edit(tower: str) -> None:
    before = done(read(tower), CONV1_FASTER)
    ours = [{"op": "set_rate", "layer": "fc1", "blob": 0, "lr_mult": 3}]
    result = rebase.rebase(before, read(tower), [*map(read_operation, ours)], apply, rebase.Premises({}))
    assert result.document.text == done(read(tower), *ours).text


def test_operations_that_build_on_each_other_are_carried_over_together(tower: str) -> None:
    ours = [
        {"op": "add_layer", "type": "Dropout", "name": "drop", "after": "fc1"},
        {"op": "set_field", "layer": "drop", "path": "dropout_param.dropout_ratio", "value": "0.2"},
    ]
    assert carried(tower, [CONV1_FASTER], ours).document.text == done(read(tower), CONV1_FASTER, *ours).text


def test_a_net_in_an_old_format_may_be_edited_by_two() -> None:
    layers = "".join(
        f'layers {{ name: "{name}" type: INNER_PRODUCT bottom: "{bottom}" top: "{name}"'
        " inner_product_param { num_output: 2 } }\n"
        for name, bottom in (("a", "data"), ("b", "a"))
    )
    old = f'input: "data"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 2\ninput_dim: 2\n{layers}'
    theirs, ours = ([{"op": "set_rate", "layer": name, "blob": 0, "lr_mult": 7}] for name in "ab")
    assert carried(old, theirs, ours).document.text == done(read(old), *theirs, *ours).text


def test_a_layer_may_be_deleted_whose_only_reader_was_deleted(tower: str) -> None:
    theirs: list[Op] = [{"op": "delete_layers", "layers": ["fc2"]}]
    ours: list[Op] = [{"op": "delete_layers", "layers": ["relu1"]}]
    assert carried(tower, theirs, ours).document.text == done(read(tower), *theirs, *ours).text
    base = done(read(tower), *theirs).text
    theirs, ours = ([{"op": "delete_layers", "layers": [key], "heal": False}] for key in ("fc1", "relu1"))
    assert carried(base, theirs, ours).document.text == done(read(base), *theirs, *ours).text


# What is refused


def test_two_edits_of_one_layer_clash(tower: str) -> None:
    theirs = [{"op": "set_rate", "layer": "conv1", "blob": None, "lr_mult": 5}]
    assert refused(tower, theirs, [CONV1_FASTER]) == [("layer", "conv1")]
    told = words(tower, theirs, [CONV1_FASTER], title="Set lr of conv1 to 5")
    assert told == "Ann changed conv1 meanwhile (Set lr of conv1 to 5)."


def test_who_did_it_may_be_unknown(tower: str) -> None:
    theirs = [{"op": "set_rate", "layer": "conv1", "blob": None, "lr_mult": 5}]
    told = words(tower, theirs, [CONV1_FASTER], author="", title="Rate")
    assert told == "Somebody changed conv1 meanwhile (Rate)."


def test_what_was_undone_meanwhile_is_told_so(tower: str) -> None:
    theirs = [{"op": "set_rate", "layer": "conv1", "blob": None, "lr_mult": 5}]
    told = words(tower, theirs, [CONV1_FASTER], title="Rate", undone=True)
    assert told == "“Rate” was undone meanwhile, which changed conv1."


def test_an_edit_of_a_deleted_layer_clashes(tower: str) -> None:
    theirs = [{"op": "delete_layers", "layers": ["relu1"]}]
    ours = [{"op": "rename_layer", "layer": "relu1", "to": "relu"}]
    assert refused(tower, theirs, ours) == [("layer", "relu1"), ("operation", "rename_layer")]
    assert words(tower, theirs, ours).startswith("Ann deleted relu1 meanwhile")


def test_deleting_a_layer_that_was_changed_clashes(tower: str) -> None:
    ours = [{"op": "delete_layers", "layers": ["conv1"]}]
    assert ("layer", "conv1") in refused(tower, [CONV1_FASTER], ours)


def test_deleting_what_a_new_layer_reads_clashes(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Softmax", "name": "prob", "after": "fc2"}]
    assert ("layer", "prob") in refused(tower, theirs, [{"op": "delete_layers", "layers": ["fc2"]}])
    told = words(tower, theirs, [{"op": "delete_layers", "layers": ["fc2"]}], title="Add prob")
    assert told == "After “Add prob” by Ann, this edit would change prob as well."


def test_renaming_a_blob_that_a_new_layer_reads_clashes(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Softmax", "name": "prob", "after": "fc2"}]
    assert ("layer", "prob") in refused(tower, theirs, [{"op": "rename_blob", "blob": "fc2", "to": "out"}])


def test_reading_a_blob_that_is_changed_in_place_meanwhile_clashes(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "ReLU", "after": "fc2"}]
    ours = [{"op": "add_layer", "type": "Softmax", "name": "prob", "after": "fc2"}]
    assert ("blob", "fc2") in refused(tower, theirs, ours)
    told = words(tower, theirs, ours, title="Add relu2")
    assert told == "Ann changed meanwhile what makes fc2, which prob reads (Add relu2)."


def test_changing_a_blob_in_place_that_is_read_meanwhile_clashes(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Softmax", "name": "prob", "after": "fc2"}]
    ours = [{"op": "add_layer", "type": "ReLU", "name": "relu2", "after": "fc2"}]
    assert refused(tower, theirs, ours) == [("layer", "relu2")]


def test_two_layers_put_on_one_wire_clash(tower: str) -> None:
    wire = {"target": "fc2", "blob": "fc1"}
    theirs = [{"op": "add_layer", "type": "Dropout", "between": wire}]
    ours = [{"op": "add_layer", "type": "ReLU", "between": wire}]
    assert ("blob", "fc1") in refused(tower, theirs, ours)


def test_duplicating_a_layer_that_was_changed_clashes(tower: str) -> None:
    for keep_first in (False, True):
        ours = [{"op": "duplicate", "layers": ["conv1", "relu1"], "keep_first": keep_first}]
        assert any(name.startswith("conv1") for _, name in refused(tower, [CONV1_FASTER], ours))


def test_duplicating_past_a_layer_that_was_put_into_the_selection_clashes(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Pooling", "between": {"target": "fc1", "blob": "conv1"}}]
    ours = [{"op": "duplicate", "layers": ["conv1", "relu1", "fc1"], "keep_first": True}]
    assert refused(tower, theirs, ours)


def test_duplicating_the_same_layers_twice_clashes(tower: str) -> None:
    for keep_first in (False, True):
        twice = [{"op": "duplicate", "layers": ["fc2"], "keep_first": keep_first}]
        assert refused(tower, twice, twice)


def test_a_group_with_a_new_sharer_takes_no_other_rate_unseen() -> None:
    members = [{"layer": "ip", "blob": 1}, {"layer": "conv1", "blob": 1}]
    theirs: list[Op] = [{"op": "share", "members": members, "name": "b"}]
    ours: list[Op] = [{"op": "one_rate", "name": "w", "lr_mult": 3}]
    assert ("layer", "conv1") in refused(TWINS, theirs, ours)
    theirs = [{"op": "set_rate", "layer": "conv2", "blob": 0, "lr_mult": 3}]
    assert ("param", "w") in refused(TWINS, theirs, ours)


def test_two_edits_of_one_share_group_clash_though_they_touch_different_layers() -> None:
    theirs = [{"op": "set_rate", "layer": "conv1", "blob": 0, "lr_mult": 3}]
    ours = [{"op": "set_rate", "layer": "conv2", "blob": 0, "lr_mult": 3}]
    assert refused(TWINS, theirs, ours) == [("param", "w")]
    told = words(TWINS, theirs, ours, title="Rate")
    assert told == "Ann changed meanwhile who shares w or how fast it learns (Rate)."


def test_what_caffe_refuses_of_both_together_clashes_in_caffes_words() -> None:
    theirs = [{"op": "set_field", "layer": "conv1", "path": "convolution_param.pad", "value": "0"}]
    ours = [{"op": "add_layer", "type": "Eltwise", "name": "sum", "bottoms": ["conv1", "conv2"]}]
    apart = "".join(line for line in TWINS.splitlines(True) if '"cat"' not in line)
    assert refused(apart, theirs, ours) == [("verdict", "sum")]
    told = words(apart, theirs, ours, title="Set pad")
    assert told.startswith("Together with “Set pad” by Ann, Caffe would refuse the net: Check failed")


def test_what_caffe_refuses_anyway_is_no_clash() -> None:
    theirs = [{"op": "set_field", "layer": "conv1", "path": "convolution_param.pad", "value": "0"}]
    ours = [{"op": "set_rate", "layer": "ip", "blob": 0, "lr_mult": 3}]
    assert carried(TWINS, theirs, ours).document.text == done(read(TWINS), *theirs, *ours).text


def test_a_name_that_was_asked_for_and_is_taken_by_now_clashes(tower: str) -> None:
    theirs = [{"op": "add_layer", "type": "Softmax", "name": "prob", "after": "fc2"}]
    ours = [{"op": "add_layer", "type": "Pooling", "name": "prob", "after": "conv1"}]
    assert refused(tower, theirs, ours) == [("layer", "prob"), ("operation", "add_layer")]
    assert words(tower, theirs, ours, title="Add prob") == "Ann added prob meanwhile (Add prob)."


def test_what_can_no_longer_be_done_is_told_in_the_operations_words(tower: str) -> None:
    theirs = [{"op": "delete_layers", "layers": ["relu1"]}]
    ours = [{"op": "add_layer", "type": "Dropout", "after": "relu1"}]
    told = words(tower, theirs, ours, title="Delete relu1")
    assert told == (
        "After “Delete relu1” by Ann, this can no longer be done: There is no layer 'relu1' in this net."
    )


def test_what_could_not_be_done_anyway_is_no_clash(tower: str) -> None:
    with pytest.raises(edit.EditError, match="no layer 'none'"):
        carried(tower, [CONV1_FASTER], [{"op": "delete_layers", "layers": ["none"]}])


def test_two_moves_of_one_layer_clash() -> None:
    head = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 } } }\n'
    heads = "".join(f'layer {{ name: "s{i}" type: "Silence" bottom: "data" }}\n' for i in range(4))
    theirs = [{"op": "move_layer", "layer": "s0", "after": "s2"}]
    ours = [{"op": "move_layer", "layer": "s0", "after": "s3"}]
    assert refused(head + heads, theirs, ours) == [("layer", "s0")]
    apart = [{"op": "move_layer", "layer": "s3", "before": "s1"}]
    result = carried(head + heads, theirs, apart).document
    assert [layer.key for layer in edit.view(result.tree).layers] == ["data", "s3", "s1", "s2", "s0"]


def test_weights_that_were_chosen_and_would_no_longer_fit_clash(tower: str) -> None:
    theirs = [{"op": "take_weights", "layer": "fc2", "from_layer": "old"}]
    ours = [{"op": "set_field", "layer": "fc1", "path": "inner_product_param.num_output", "value": "9"}]
    assert refused(tower, theirs, ours) == [("layer", "fc2")]
    told = words(tower, theirs, ours, title="Weights of fc2 from old")
    assert told == "Ann changed meanwhile which weights go into fc2 (Weights of fc2 from old)."
    told = words(tower, ours, theirs, title="Set num_output")
    assert told == "Ann changed meanwhile the shape of the parameters of fc2 (Set num_output)."


def test_two_choices_of_one_layers_weights_clash(tower: str) -> None:
    theirs = [{"op": "take_weights", "layer": "fc2", "from_layer": "old"}]
    assert refused(tower, theirs, [{"op": "leave_to_filler", "layers": ["fc2"]}]) == [("layer", "fc2")]


def test_upgrading_a_net_that_was_upgraded_meanwhile_clashes() -> None:
    old = 'layers { name: "a" type: SPLIT bottom: "x" top: "y" }\n'
    assert refused(old, [{"op": "upgrade"}], [{"op": "upgrade"}]) == [("operation", "upgrade")]
