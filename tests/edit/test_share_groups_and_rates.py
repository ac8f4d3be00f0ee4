"""Operations on share groups and on one layer's rates."""

from __future__ import annotations

from typing import Any

import pytest

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.weights import Origin

INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 } } }\n'


def product(name: str, params: str = "", bottom: str = "data") -> str:
    return (
        f'layer {{ name: "{name}" type: "InnerProduct" bottom: "{bottom}" top: "{name}" {params} '
        "inner_product_param { num_output: 4 } }\n"
    )


def apply(text: str, **operation: Any) -> edit.Edited:
    return edit.apply(edit.Document.read(text), operation)


def params(document: edit.Document, layer: str) -> list[tuple[str, float | None, float | None]]:
    found = edit.view(document.tree).by_key[layer].params
    return [(one.name, one.lr_mult, one.decay_mult) for one in found]


def refusal(text: str, **operation: Any) -> str:
    with pytest.raises(edit.EditError) as refused:
        apply(text, **operation)
    return refused.value.code


def test_unsharing_one_of_three_leaves_the_others_together() -> None:
    text = INPUT + "".join(product(name, 'param { name: "w" lr_mult: 3 }') for name in "xyz")
    edited = apply(text, op="unshare", layer="y")
    assert [params(edited.document, key) for key in "xyz"] == [
        [("w", 3, None)],
        [("", 3, None)],
        [("w", 3, None)],
    ]
    assert edited.document.origins == {"y": Origin("y", fallbacks=("x",))}


def test_a_blob_that_is_set_free_keeps_the_rate_that_its_group_gave_it() -> None:
    text = (
        INPUT
        + product("x", 'param { name: "w" lr_mult: 5 decay_mult: 0 }')
        + product("y", 'param { name: "w" }')
    )
    document = apply(text, op="unshare", layer="y").document
    assert params(document, "y") == [("", 5, 0)]
    assert params(document, "x") == [("", 5, 0)]


def test_an_owner_that_leaves_hands_its_weights_to_those_who_stay() -> None:
    text = INPUT + "".join(product(name, 'param { name: "w" }') for name in "xyz")
    document = apply(text, op="unshare", layer="x").document
    assert params(document, "x") == []
    assert document.origins == {
        "y": Origin("y", fallbacks=("x",)),
        "z": Origin("z", fallbacks=("x",)),
    }


def test_a_sharer_that_was_left_to_its_filler_starts_from_the_owner_when_it_is_set_free() -> None:
    text = INPUT + product("x", 'param { name: "w" }') + product("y", 'param { name: "w" }')
    document = edit.Document(edit.Document.read(text).tree, {"x": Origin("old"), "y": None})
    edited = edit.apply(document, {"op": "unshare", "layer": "y", "blob": 0}).document
    assert edited.origins["y"] == Origin("old")


@pytest.mark.parametrize("leaves", ["y_a", "y_b"])
def test_a_sharer_whose_input_became_wider_stays_left_to_its_filler_when_it_is_set_free(leaves: str) -> None:
    join = {"kind": "concat"}
    document = apply(
        INPUT + product("x") + product("y", bottom="x"),
        op="duplicate",
        layers=["x", "y"],
        share={"default": "all"},
        join=join,
    ).document
    graft = {"op": "duplicate", "layers": ["x_b"], "keep_first": True, "join": join}
    document = edit.apply(document, graft).document
    assert document.origins["y_b"] is None
    freed = edit.apply(document, {"op": "unshare", "layer": leaves}).document
    assert (freed.origins["y_a"], freed.origins["y_b"]) == (Origin("y"), None)
    assert check(freed.tree).ok


def test_an_owner_with_a_variant_for_the_other_phase_keeps_no_name_alone() -> None:
    variants = "".join(
        product("x", f'include {{ phase: {phase} }} param {{ name: "w" }}') for phase in ("TRAIN", "TEST")
    )
    document = apply(INPUT + variants + product("y", 'param { name: "w" }'), op="unshare", layer="y").document
    assert [params(document, key) for key in ("x", "x~2", "y")] == [[], [], []]


def test_two_layers_of_one_name_that_live_together_go_on_sharing() -> None:
    twice = product("x", 'param { name: "w" }') + product("x", 'param { name: "w" }').replace(
        'top: "x"', 'top: "z"'
    )
    document = apply(INPUT + twice + product("y", 'param { name: "w" }'), op="unshare", layer="y").document
    assert [params(document, key) for key in ("x", "x~2")] == [[("w", None, None)]] * 2


def test_unsharing_what_is_not_shared_is_refused() -> None:
    text = INPUT + product("x", 'param { name: "alone" }') + product("y")
    assert refusal(text, op="unshare", layer="x", blob=1) == "not-shared"
    assert refusal(text, op="unshare", layer="y") == "not-shared"
    assert refusal(text, op="unshare", layer="x", blob=7) == "unknown-blob"


def test_a_name_that_shares_nothing_goes() -> None:
    text = INPUT + product("x", 'param { name: "alone" lr_mult: 2 }')
    document = apply(text, op="unshare", layer="x").document
    assert params(document, "x") == [("", 2, None)]
    assert document.origins == {}


def test_sharing_names_the_blobs_after_the_owner_and_adds_missing_entries() -> None:
    text = INPUT + product("x") + product("y", "param { lr_mult: 2 }")
    members = [{"layer": "y", "blob": 1}, {"layer": "x", "blob": 1}]
    edited = apply(text, op="share", members=members, share_mode="PERMISSIVE")
    assert params(edited.document, "x") == [("", None, None), ("x_b", None, None)]
    assert params(edited.document, "y") == [("", 2, None), ("x_b", None, None)]
    assert edited.document.text.count("PERMISSIVE") == 1
    assert check(edited.document.tree).ok


def test_sharing_what_states_two_rates_is_done_and_told_with_a_remedy() -> None:
    text = INPUT + product("x", "param { lr_mult: 1 }") + product("y", "param { lr_mult: 2 }")
    edited = apply(text, op="share", members=[{"layer": "x"}, {"layer": "y"}])
    note = edited.report.notes[0]
    assert note.caffe_message == "Shared param 'x_w' has mismatched lr_mult."
    assert not check(edited.document.tree).ok
    remedied = edit.apply(edited.document, note.fixes[0].operations[0]).document
    assert check(remedied.tree).ok


def test_sharing_takes_two() -> None:
    text = INPUT + product("x")
    assert refusal(text, op="share", members=[{"layer": "x"}]) == "too-few-members"
    assert refusal(text, op="share", members=[{"layer": "x"}, {"layer": "x"}]) == "too-few-members"
    assert refusal(text, op="share", members=[{"layer": "x"}, {"layer": "nope"}]) == "unknown-layer"
    assert (
        refusal(text, op="share", members=[{"layer": "x"}, {"layer": "x", "blob": 1}], name="")
        == "empty-name"
    )


def test_a_group_is_renamed_at_all_users_but_never_into_another() -> None:
    text = (
        INPUT
        + product("x", 'param { name: "w" }')
        + product("y", "param { name: 'w' } param { name: \"b\" }")
    )
    edited = apply(text, op="rename_share_group", name="w", to="v")
    assert params(edited.document, "x")[0][0] == params(edited.document, "y")[0][0] == "v"
    assert "name: 'v'" in edited.document.text
    assert refusal(text, op="rename_share_group", name="w", to="b") == "name-taken"
    assert refusal(text, op="rename_share_group", name="ww", to="v") == "unknown-share-group"


def test_one_rate_takes_the_first_that_is_stated_or_the_one_given() -> None:
    text = (
        INPUT
        + product("x", 'param { name: "w" }')
        + product("y", 'param { name: "w" lr_mult: 3 decay_mult: 1 }')
        + product("z", 'param { name: "w" lr_mult: 4 decay_mult: 2 }')
    )
    document = apply(text, op="one_rate", name="w").document
    assert [params(document, key) for key in "xyz"] == [[("w", 3, 1)]] * 3
    document = apply(text, op="one_rate", name="w", lr_mult=0.5).document
    assert [params(document, key)[0][1:] for key in "xyz"] == [(0.5, None), (0.5, 1), (0.5, 2)]


def test_one_rate_for_statistics_is_none() -> None:
    bn = 'layer {{ name: "{0}" type: "BatchNorm" bottom: "data" top: "{0}" '
    bn += 'param {{ name: "m" lr_mult: {1} }} }}\n'
    text = INPUT + bn.format("x", 0) + bn.format("y", 2)
    edited = apply(text, op="one_rate", name="m", lr_mult=2)
    assert [params(edited.document, key)[0][1] for key in "xy"] == [0, 0]
    assert check(edited.document.tree).ok
    assert [note.code for note in edited.report.notes] == ["batch-norm-rate"]


def test_rates_are_set_scaled_and_unstated(tower: str) -> None:
    assert params(apply(tower, op="set_rate", layer="fc1", lr_mult=3).document, "fc1") == [
        ("", 3, None),
        ("", 3, None),
    ]
    assert params(apply(tower, op="set_rate", layer="conv1", scale_lr=10).document, "conv1") == [
        ("", 10, 1),
        ("", 20, 0),
    ]
    unstated = apply(tower, op="set_rate", layer="conv1", blob=1, lr_mult=None, decay_mult=None).document
    assert params(unstated, "conv1") == [("", 1, 1)]
    bias = apply(tower, op="set_rate", layer="fc1", blob=1, decay_mult=0).document
    assert params(bias, "fc1") == [("", None, None), ("", None, 0)]


def test_a_rate_that_contradicts_the_group_is_set_and_told_with_two_remedies() -> None:
    text = INPUT + product("x", 'param { name: "w" lr_mult: 1 }') + product("y", 'param { name: "w" }')
    edited = apply(text, op="set_rate", layer="y", blob=0, lr_mult=10)
    note = edited.report.notes[0]
    assert note.severity == "error"
    for fix in note.fixes:
        assert check(edit.apply(edited.document, fix.operations[0]).document.tree).ok, fix.title


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"layer": "relu1", "lr_mult": 1}, "no-parameters"),
        ({"layer": "conv1"}, "bad-rate"),
        ({"layer": "conv1", "lr_mult": float("inf")}, "bad-rate"),
        ({"layer": "conv1", "blob": 2, "lr_mult": 1}, "unknown-blob"),
        ({"layer": "conv", "lr_mult": 1}, "unknown-layer"),
        ({"layer": "conv1", "blob": -1, "lr_mult": 1}, "bad-operation"),
    ],
)
def test_a_rate_that_cannot_be_set_is_refused(tower: str, operation: dict[str, Any], code: str) -> None:
    assert refusal(tower, op="set_rate", **operation) == code


def test_batch_norm_takes_no_rate() -> None:
    text = INPUT + 'layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" }\n'
    assert refusal(text, op="set_rate", layer="bn", lr_mult=1) == "batch-norm-rate"
    frozen = apply(text, op="set_rate", layer="bn", lr_mult=0, decay_mult=0).document
    assert check(frozen.tree).ok


def test_a_batch_norm_that_leaves_its_group_keeps_the_three_params_that_caffe_sets_to_0() -> None:
    bn = 'layer {{ name: "{0}" type: "BatchNorm" bottom: "data" top: "{0}" '
    bn += 'param {{ name: "m" lr_mult: 0.1 }} param {{ name: "v" lr_mult: 0 }} param {{ name: "f" }} }}\n'
    text = INPUT + bn.format("a") + bn.format("b")
    edited = edit.apply(edit.Document.read(text), {"op": "unshare", "layer": "b"}).document
    verdict = check(edited.tree, NetState(phase="TRAIN"))
    assert verdict.ok, verdict.first_error
    assert [param.lr for param in verdict.net.params] == [0] * 6
