"""What copies have in common, and how fast each learns."""

from __future__ import annotations

from typing import Any

import pytest

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.edit.view import Param
from netgraft.weights import Origin

NORMED = """layer { name: "data" type: "Input" top: "data"
  input_param { shape { dim: 2 dim: 3 dim: 4 dim: 4 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 2 kernel_size: 1 bias_term: false } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" }
layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
"""


def duplicate(text: str, layers: list[str], **options: Any) -> edit.Edited:
    return edit.apply(edit.Document.read(text), {"op": "duplicate", "layers": layers, **options})


def params(document: edit.Document, layer: str) -> list[tuple[str, float | None, float | None]]:
    found: tuple[Param, ...] = edit.view(document.tree).by_key[layer].params
    return [(one.name, one.lr_mult, one.decay_mult) for one in found]


def accepted(document: edit.Document) -> bool:
    return all(check(document.tree, NetState(phase)).ok for phase in ("TRAIN", "TEST"))


def test_shared_blobs_get_one_name_of_layer_and_role(tower: str) -> None:
    document = duplicate(tower, ["conv1", "fc1", "fc2"], share={"default": "all"}).document
    for copy in ("a", "b"):
        assert params(document, f"conv1_{copy}") == [("conv1_w", 1, 1), ("conv1_b", 2, 0)]
        assert params(document, f"fc1_{copy}") == [("fc1_w", None, None), ("fc1_b", None, None)]
        assert params(document, f"fc2_{copy}") == [("fc2_w", None, None)]
    assert accepted(document)


def test_sharing_is_mixed_by_layer(tower: str) -> None:
    edited = duplicate(tower, ["conv1", "fc1"], share={"default": "all", "layers": {"fc1": "independent"}})
    states = {
        (copied.source, copied.copy_number): [blob.state for blob in copied.blobs]
        for copied in edited.report.copies
    }
    assert states[("conv1", 2)] == ["shared", "shared"]
    assert states[("fc1", 2)] == ["copied", "copied"]
    assert params(edited.document, "fc1_b") == []


def test_a_made_name_that_is_taken_is_not_tied_by_accident(tower: str) -> None:
    text = tower.replace(
        "inner_product_param { num_output: 5 }",
        'param { name: "conv1_w" } inner_product_param { num_output: 5 }',
    )
    document = duplicate(text, ["conv1"], share={"default": "all"}).document
    assert params(document, "conv1_b")[0][0] == "conv1_w2"
    assert accepted(document)


def test_batch_norm_is_shared_only_when_asked_for(tower: str) -> None:
    layers = ["conv", "bn", "scale"]
    document = duplicate(NORMED, layers, share={"default": "all"}).document
    assert params(document, "bn_b") == []
    assert params(document, "conv_b") == [("conv_w", None, None)]
    assert params(document, "scale_b") == [
        ("scale_scale", None, None),
        ("scale_b", None, None),
    ]
    asked = duplicate(NORMED, layers, share={"default": "all", "layers": {"bn": "shared"}})
    assert [rate for _, rate, _ in params(asked.document, "bn_b")] == [0, 0, 0]
    assert "shared-batchnorm" in [note.code for note in asked.report.notes]
    assert accepted(document)
    assert accepted(asked.document)


def test_independent_copies_keep_ties_within_and_lose_those_between() -> None:
    text = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 } } }\n'
    for name, bottom in (("x", "data"), ("y", "x"), ("z", "y")):
        text += f'layer {{ name: "{name}" type: "InnerProduct" bottom: "{bottom}" top: "{name}" '
        text += 'param { name: "w" } inner_product_param { num_output: 4 } }\n'
    document = duplicate(text, ["x", "y", "z"]).document
    assert [params(document, f"{name}_b")[0][0] for name in "xyz"] == ["w_b"] * 3
    edited = duplicate(text, ["x", "y"])
    names = [params(edited.document, key)[0][0] for key in ("x_a", "y_a", "x_b", "y_b", "z")]
    assert names == ["w_a", "w_a", "w_b", "w_b", "w"]
    assert "tie-outside" in [note.code for note in edited.report.notes]


TIED = """layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 4 dim: 8 } } }
layer { name: "owner" type: "InnerProduct" bottom: "data" top: "owner"
  param { name: "w" lr_mult: 0.5 } param { name: "b" lr_mult: 0 decay_mult: 0 }
  inner_product_param { num_output: 10 } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip"
  param { name: "w" } param { name: "b" } inner_product_param { num_output: 10 } }
"""


def test_a_copy_that_leaves_a_share_group_goes_on_at_the_group_s_rate() -> None:
    document = duplicate(TIED, ["ip"]).document
    for key in ("ip_a", "ip_b"):
        assert params(document, key) == [("", 0.5, None), ("", 0, 0)]
    assert accepted(document)


def test_a_copy_of_one_twin_keeps_no_name_that_would_tie_it_to_nothing() -> None:
    tied = TIED.replace('name: "b" }', 'name: "b" share_mode: PERMISSIVE }')
    edited = duplicate(tied, ["ip"], keep_first=True, rates=[{}, {"scale_lr": 10}])
    assert params(edited.document, "ip_b") == [("", 5, None), ("", 0, 0)]
    assert "param { lr_mult: 5 } param { " in edited.document.text
    assert "single-use-share-name" not in {one.code for one in check(edited.document.tree).diagnostics}
    assert [fact for fact in edited.report.renamed if fact.kind == "param"] == []


def test_a_copy_that_leaves_its_owner_starts_from_the_owner_s_blobs_where_it_has_none_stored() -> None:
    document = duplicate(TIED, ["ip"]).document
    assert [document.origin(f"ip{affix}") for affix in ("_a", "_b")] == [
        Origin("ip", fallbacks=("owner",))
    ] * 2


def test_a_first_copy_that_keeps_its_names_stays_tied_and_is_reported_so() -> None:
    edited = duplicate(TIED, ["ip"], keep_first=True)
    first, second = edited.report.copies
    assert params(edited.document, "ip") == [("w", None, None), ("b", None, None)]
    assert [(blob.state, blob.shared_with, blob.lr_mult) for blob in first.blobs] == [
        ("shared", ["owner"], 0.5),
        ("shared", ["owner"], 0),
    ]
    assert [(blob.state, blob.lr_mult) for blob in second.blobs] == [("copied", 0.5), ("copied", 0)]


def test_scaling_keeps_weight_to_bias_and_counts_the_unstated_as_one(tower: str) -> None:
    document = duplicate(tower, ["conv1", "fc1"], rates=[{}, {"scale_lr": 0.1}], keep_first=True).document
    assert params(document, "conv1_b") == [("", 0.1, 1), ("", 0.2, 0)]
    assert params(document, "fc1_b") == [("", 0.1, None), ("", 0.1, None)]
    assert params(document, "conv1") == [("", 1, 1), ("", 2, 0)]


def test_rates_are_set_frozen_and_overridden_by_layer(tower: str) -> None:
    rates = [{"freeze": True}, {"lr_mult": 10, "decay_mult": 0.5, "layers": {"fc1": {"scale_lr": 3}}}]
    edited = duplicate(tower, ["conv1", "relu1", "fc1"], rates=rates)
    assert params(edited.document, "conv1_a") == [("", 0, 0), ("", 0, 0)]
    assert params(edited.document, "fc1_a") == [("", 0, 0), ("", 0, 0)]
    assert params(edited.document, "conv1_b") == [("", 10, 0.5), ("", 10, 0.5)]
    assert params(edited.document, "fc1_b") == [("", 3, None), ("", 3, None)]
    assert params(edited.document, "relu1_b") == []
    told = {copied.key: [blob.lr_mult for blob in copied.blobs] for copied in edited.report.copies}
    assert told["conv1_b"] == [10, 10]


def test_scaling_a_frozen_layer_is_told(tower: str) -> None:
    text = tower.replace("lr_mult: 1 decay", "lr_mult: 0 decay")
    notes = duplicate(text, ["conv1", "fc1"], rates=[{}, {"scale_lr": 10}]).report.notes
    assert ["'conv1'" in note.message for note in notes if note.code == "scaled-zero"] == [True]


def test_batch_norm_never_gets_a_rate() -> None:
    document = duplicate(NORMED, ["conv", "bn"], rates=[{"lr_mult": 1}, {"lr_mult": 5}]).document
    assert params(document, "bn_b") == []
    assert accepted(document)


def test_a_rate_that_only_a_sharer_states_is_told(tower: str) -> None:
    edited = duplicate(tower, ["fc1"], share={"default": "all"}, rates=[{}, {"lr_mult": 0}])
    notes = [note for note in edited.report.notes if note.code == "rate-from-sharer"]
    assert len(notes) == 2
    remedied = edited.document
    for operation in notes[0].fixes[0].operations:
        remedied = edit.apply(remedied, operation).document
    assert params(remedied, "fc1_a")[0] == ("fc1_w", 0, None)


def test_an_unknown_type_shares_what_it_states() -> None:
    text = """layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 } } }
layer { name: "odd" type: "NoSuchType" bottom: "data" top: "odd" %s }
"""
    with pytest.raises(edit.EditError) as refused:
        duplicate(text % "", ["odd"], share={"layers": {"odd": "shared"}})
    assert refused.value.code == "blobs-unknown"
    edited = duplicate(text % "", ["odd"], share={"default": "all"}, rates=[{}, {"lr_mult": 2}])
    assert [note.code for note in edited.report.notes if note.severity == "warning"] == ["blobs-unknown"] * 2
    document = duplicate(text % "param { }", ["odd"], share={"default": "all"}).document
    assert params(document, "odd_b") == [("odd_blob0", None, None)]


def test_origins_are_composed_and_a_renamed_layer_leaves_none_behind(tower: str) -> None:
    once = duplicate(tower, ["conv1"]).document
    assert once.origins == {"conv1_a": Origin("conv1"), "conv1_b": Origin("conv1")}
    twice = edit.apply(once, {"op": "duplicate", "layers": ["conv1_b"], "keep_first": True}).document
    assert twice.origins["conv1_b_b"] == Origin("conv1")
    scratch = edit.apply(
        edit.Document.read(tower), {"op": "rename_layer", "layer": "fc1", "to": "new", "from_scratch": True}
    ).document
    copied = edit.apply(scratch, {"op": "duplicate", "layers": ["new"]})
    assert copied.document.origins == {"new_a": None, "new_b": None}
    assert {blob.state for layer in copied.report.copies for blob in layer.blobs} == {"filler"}
