"""Net::Init's own rules: filter, wiring, Split layers, params, outputs."""

from __future__ import annotations

import pytest

from netgraft import prototxt
from netgraft.caffe.layers import document_layers, layer_keys, mentioned_stages
from netgraft.caffe.model import Verdict
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.state import TRAIN, NetState

INPUT = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 } } }\n'


def ip(name: str, bottom: str = "data", more: str = "") -> str:
    return (
        f'layer {{ name: "{name}" type: "InnerProduct" bottom: "{bottom}" top: "{name}" '
        f"inner_product_param {{ num_output: 3 }} {more} }}\n"
    )


def verdict(text: str, state: NetState = TRAIN) -> Verdict:
    return check(prototxt.parse(text), state)


def refusal(text: str, state: NetState = TRAIN) -> tuple[str, str | None]:
    found = verdict(text, state)
    assert found.first_error is not None
    return found.first_error.caffe_message or "", found.culprit


RULES = [
    ("include { phase: TRAIN }", NetState("TRAIN"), True),
    ("include { phase: TRAIN }", NetState("TEST"), False),
    ("include { phase: TRAIN } include { stage: 'a' }", NetState("TEST", 0, frozenset("a")), True),
    ("exclude { phase: TEST }", NetState("TEST"), False),
    ("exclude { phase: TEST stage: 'a' }", NetState("TEST"), True),
    ("include { min_level: 1 max_level: 2 }", NetState("TEST", 2), True),
    ("include { min_level: 1 max_level: 2 }", NetState("TEST", 3), False),
    ("include { stage: ['a', 'b'] }", NetState("TEST", 0, frozenset("a")), False),
    ("include { stage: ['a', 'b'] not_stage: 'c' }", NetState("TEST", 0, frozenset("abd")), True),
    ("include { not_stage: 'c' }", NetState("TEST", 0, frozenset("c")), False),
    ("include { }", NetState("TEST"), True),
    ("exclude { }", NetState("TEST"), False),
]


@pytest.mark.parametrize(("rules", "state", "there"), RULES)
def test_rules_by_phase_level_and_stage(rules: str, state: NetState, there: bool) -> None:
    net = verdict(INPUT + ip("a", more=rules), state).net
    assert ("a" in [layer.name for layer in net.layers]) == there


def test_the_file_s_own_stages_count_too() -> None:
    text = (
        "state { stage: 'deploy' phase: TRAIN level: 7 }\n"
        + INPUT
        + ip("a", more="include { stage: 'deploy' }")
    )
    assert len(verdict(text, NetState("TEST")).net.layers) == 2
    assert mentioned_stages(prototxt.parse(text)) == ("deploy",)


def test_later_layers_of_one_name_get_numbered_keys() -> None:
    assert layer_keys(["a", "b", "a", "a~2", "a"]) == ("a", "b", "a~3", "a~2", "a~4")
    text = INPUT + ip("a", more="include { phase: TRAIN }") + ip("a", more="include { phase: TEST }")
    assert [layer.key for layer in document_layers(prototxt.parse(text))] == ["data", "a", "a~2"]
    assert [layer.key for layer in verdict(text, NetState("TEST")).net.layers] == ["data", "a~2"]


def test_an_unknown_bottom_comes_before_what_earlier_layers_do_wrong() -> None:
    text = INPUT + 'layer { name: "bad" type: "Nope" bottom: "data" top: "x" }\n' + ip("late", "nowhere")
    assert refusal(text) == ("Unknown bottom blob 'nowhere' (layer 'late', bottom index 0)", "late")
    codes = [diagnostic.code for diagnostic in verdict(text).diagnostics]
    assert codes[:2] == ["unknown-bottom", "unknown-layer-type"]


def test_an_engine_that_the_build_lacks_comes_before_a_top_made_twice() -> None:
    twice = 'layer { name: "relu" type: "ReLU" bottom: "data" top: "ip" relu_param { engine: CUDNN } }\n'
    message, culprit = refusal(INPUT + ip("ip") + twice)
    assert (message, culprit) == ("Layer relu has unknown engine.", "relu")


def test_an_unknown_bottom_says_where_the_blob_may_be() -> None:
    def said(text: str) -> str:
        return verdict(text).diagnostics[0].message

    assert said(INPUT + ip("a", "dataa")) == "No layer before a makes the blob 'dataa'; is 'data' meant?"
    assert "; b does, but later in the file" in said(INPUT + ip("a", "b") + ip("b"))
    assert "the layer makes it itself" in said(INPUT + ip("a", "a"))
    test_only = ip("b", more="include { phase: TEST }")
    assert "; b does, but its include and exclude rules keep it out" in said(INPUT + test_only + ip("a", "b"))


def test_a_fork_s_v0_layer_is_no_error_under_the_fork_profile() -> None:
    text = (
        'input: "d" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n'
        'layers { layer { name: "m" type: "maxout" } bottom: "d" top: "m" }'
    )
    forked = check(prototxt.parse(text), profile="fork")
    assert forked.ok
    # It is of an old format all the same, which nobody can upgrade for it.
    told = {one.code: (one.layer, len(one.fixes)) for one in forked.diagnostics}
    assert told == {"old-format": (None, 0), "fork-layer-type": ("m", 0)}
    assert forked.net.layers[1].type == "maxout"


def test_a_blob_with_two_readers_cannot_be_worked_on_in_place() -> None:
    relu = 'layer { name: "r" type: "ReLU" bottom: "a" top: "a" }\n'
    assert verdict(INPUT + ip("a") + relu + ip("b", "a") + ip("c", "a")).ok
    words, culprit = refusal(INPUT + ip("a") + ip("b", "a") + relu)
    assert (words, culprit) == ("Top blob 'a' produced by multiple sources.", "r")


def test_a_loss_weight_on_a_blob_that_is_read_counts_as_a_reader() -> None:
    text = INPUT + ip("a", more="loss_weight: 1") + ip("b", "a")
    assert verdict(text).net.outputs == ("a_a_0_split_0", "b")
    # The weights move to the Split, so their wrong number goes unnoticed.
    assert verdict(INPUT + ip("a", more="loss_weight: 1 loss_weight: 1") + ip("b", "a")).ok
    assert not verdict(INPUT + ip("a", more="loss_weight: 1 loss_weight: 1")).ok


def test_split_names_of_two_layers_with_one_name_and_top_clash() -> None:
    relu = 'layer { name: "r" type: "ReLU" bottom: "a" top: "a" }\n'
    text = INPUT + ip("a") + relu + ip("b", "a") + ip("c", "a")
    assert verdict(text).ok
    again = 'layer { name: "r" type: "ReLU" bottom: "a_r_0_split_0" top: "a" }\n'
    assert not verdict(text + again).ok
    other = 'layer { name: "x" type: "Input" top: "a_r_0_split_1" input_param { shape { dim: 2 } } }\n'
    assert refusal(other + text) == ("Top blob 'a_r_0_split_1' produced by multiple sources.", "a_r_0_split")


def test_outputs_come_by_name() -> None:
    assert verdict(INPUT + ip("z") + ip("B") + ip("a")).net.outputs == ("B", "a", "z")


def test_a_layer_without_named_tops_gets_automatic_ones() -> None:
    labels = 'layer { name: "l" type: "Input" top: "l" input_param { shape { dim: 2 } } }\n'
    loss = 'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "data" bottom: "l" }'
    made = verdict(INPUT + labels + loss)
    assert made.ok
    assert made.net.layers[-1].tops == ("(automatic)",)
    assert made.net.layers[-1].top_shapes == ((),)
    assert made.net.outputs == ()


def test_a_loss_layer_with_two_tops_is_given_one_weight_and_refused() -> None:
    labels = 'layer { name: "l" type: "Input" top: "l" input_param { shape { dim: 2 } } }\n'
    loss = 'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "data" bottom: "l" top: "a" top: "b" }'
    words, culprit = refusal(INPUT + labels + loss)
    assert words.endswith("(2 vs. 1) loss_weight must be unspecified or specified once per top blob.")
    assert culprit == "loss"


def test_an_in_place_layer_that_changes_the_shape_changes_the_blob_itself() -> None:
    text = (
        INPUT
        + 'layer { name: "f" type: "InnerProduct" bottom: "data" top: "data" '
        + ("inner_product_param { num_output: 9 } }")
    )
    made = verdict(text)
    assert made.ok
    assert [layer.top_shapes for layer in made.net.layers] == [((2, 9),), ((2, 9),)]
    assert made.net.layers[1].bottom_shapes == ((2, 4),)


def test_the_group_takes_the_first_rate_that_anyone_states() -> None:
    text = (
        INPUT
        + ip("a", more="param { name: 'w' }")
        + ip("b", more="param { name: 'w' lr_mult: 4 }")
        + ip("c", more="param { name: 'w' lr_mult: 4 decay_mult: 0 }")
    )
    net = verdict(text).net
    assert [(one.param, one.lr, one.decay) for one in net.learnable] == [
        (0, 4, 0),
        (1, 1, 1),
        (3, 1, 1),
        (5, 1, 1),
    ]
    assert [param.owner for param in net.params] == [-1, -1, 0, -1, 0, -1]
    assert [(param.lr, param.lr_stated) for param in net.params[::2]] == [(4, False), (4, True), (4, True)]
    (group,) = net.groups
    assert (group.name, group.members, group.lr_from, group.decay_from) == ("w", (0, 2, 4), 2, 4)


def test_a_layer_may_share_with_itself() -> None:
    text = (
        INPUT
        + 'layer { name: "n" type: "BatchNorm" bottom: "data" top: "n" '
        + ("param { name: 'm' lr_mult: 0 } param { name: 'm' lr_mult: 0 } }")
    )
    assert [param.owner for param in verdict(text).net.params] == [-1, 0, -1]


def test_unknown_shapes_silence_only_what_needs_them() -> None:
    text = (
        'layer { name: "d" type: "Data" top: "data" data_param { source: "db" batch_size: 2 } }\n'
        + ip("a", more="param { name: 'w' lr_mult: 1 }")
        + ip("b", more="param { name: 'w' lr_mult: 2 }")
    )
    document = prototxt.parse(text)
    unknown = check(document, TRAIN)
    assert unknown.first_error is not None
    assert unknown.first_error.code == "mismatched-lr-mult"
    assert unknown.net.layers[1].blobs[0] is None
    known = check(document, TRAIN, datum={"db": (4, 5, 5)})
    assert known.net.layers[1].blobs == ((3, 100), (3,))


def test_layer_types_of_other_builds_are_refused_for_bvlc_only() -> None:
    text = 'layer { name: "d" type: "ImageData" top: "d" top: "l" image_data_param { source: "s" } }'
    words, _ = refusal(text)
    assert words.startswith(
        "Check failed: registry.count(type) == 1 (0 vs. 1) Unknown layer type: ImageData (known"
    )
    document = prototxt.parse(text)
    assert check(document, TRAIN, profile="fork").ok
    assert suggested_profile(document) == "fork"
    assert suggested_profile(prototxt.parse(INPUT + ip("a"))) == "bvlc"


def test_an_edit_leaves_the_verdict_on_the_rest_as_it_was() -> None:
    document = prototxt.parse(INPUT + ip("a") + ip("b", "a"))
    assert check(document, TRAIN).ok
    chunk = document.chunks[1].text
    at = chunk.index("num_output: 3") + len("num_output: ")
    edited = prototxt.apply(document, [prototxt.Splice(1, at, at + 1, "0")])
    after = check(edited, TRAIN)
    assert after.first_error is not None
    assert after.first_error.layer == "a"
    assert check(document, TRAIN).ok
