"""Operations on whole layers, on one field, and on the whole text."""

from __future__ import annotations

from typing import Any

import pytest

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.weights import Origin


def apply(text: str, **operation: Any) -> edit.Edited:
    return edit.apply(edit.Document.read(text), operation)


def refusal(text: str, **operation: Any) -> str:
    with pytest.raises(edit.EditError) as refused:
        apply(text, **operation)
    return refused.value.code


def changed_lines(before: str, after: str) -> list[str]:
    old = before.splitlines()
    return [line.strip() for line in after.splitlines() if line not in old]


def test_a_renamed_layer_keeps_its_weights_and_its_blobs(tower: str) -> None:
    edited = apply(tower, op="rename_layer", layer="conv1", to="first")
    assert changed_lines(tower, edited.document.text) == ['name: "first"']
    assert edited.document.origins == {"first": Origin("conv1")}
    back = edit.apply(edited.document, {"op": "rename_layer", "layer": "first", "to": "conv1"})
    assert back.document.text == tower
    assert back.document.origins == {}


def test_a_blob_is_renamed_with_its_layer_when_asked(tower: str) -> None:
    document = apply(tower, op="rename_layer", layer="conv1", to="first", blobs=True).document
    assert '"conv1"' not in document.text
    assert check(document.tree).ok


def test_a_layer_may_be_renamed_to_start_from_scratch(tower: str) -> None:
    document = apply(tower, op="rename_layer", layer="fc2", to="fc2_new", from_scratch=True).document
    assert document.origins == {"fc2_new": None}


def test_variants_are_renamed_together_and_namesakes_in_one_phase_apart() -> None:
    line = 'layer { name: "x" type: "Input" top: "%s" %s input_param { shape { dim: 1 } } }\n'
    variants = line % ("x", "include { phase: TRAIN }") + line % ("x", "include { phase: TEST }")
    assert apply(variants, op="rename_layer", layer="x~2", to="y").document.text.count('name: "y"') == 2
    namesakes = line % ("x", "") + line % ("z", "")
    document = apply(namesakes, op="rename_layer", layer="x~2", to="y").document
    assert [layer.key for layer in edit.view(document.tree).layers] == ["x", "y"]


@pytest.mark.parametrize(("to", "code"), [("fc1", "name-taken"), ("", "empty-name")])
def test_a_name_that_cannot_be_is_refused(tower: str, to: str, code: str) -> None:
    assert refusal(tower, op="rename_layer", layer="conv1", to=to) == code


def test_deleting_heals_the_readers(tower: str) -> None:
    edited = apply(tower, op="delete_layers", layers=["fc1"])
    assert edit.view(edited.document.tree).by_key["fc2"].bottom_names == ("conv1",)
    assert check(edited.document.tree).ok
    assert edited.report.removed == ["fc1"]


def test_an_in_place_reader_of_a_deleted_layer_gets_a_top_of_its_own(tower: str) -> None:
    document = apply(tower, op="delete_layers", layers=["conv1"]).document
    relu = edit.view(document.tree).by_key["relu1"]
    assert (relu.bottom_names, relu.top_names) == (("data",), ("conv1",))
    assert check(document.tree).ok


def test_deleting_without_healing_tells_who_is_left_without_a_bottom(tower: str) -> None:
    notes = apply(tower, op="delete_layers", layers=["fc1"], heal=False).report.notes
    assert [(note.code, note.layer) for note in notes] == [("unknown-bottom", "fc2")]


def test_deleting_keeps_the_files_head_and_elements_of_a_list() -> None:
    text = '# head\nlayer { name: "a" type: "Input" top: "a" input_param { shape { dim: 1 } } }\n'
    assert apply(text, op="delete_layers", layers=["a"]).document.text == "# head\n"
    text = 'layer: [{name: "a"}, {name: "b"}, {name: "c"}]\nname: "n"\n'
    assert apply(text, op="delete_layers", layers=["b"]).document.text == (
        'layer: [{name: "a"}, {name: "c"}]\nname: "n"\n'
    )


@pytest.mark.parametrize(
    ("layer", "path", "value", "lines"),
    [
        (
            "conv1",
            "convolution_param.num_output",
            "64",
            ["convolution_param { num_output: 64 kernel_size: 3 bias_filler { value: .5 } }"],
        ),
        (
            "conv1",
            "convolution_param.kernel_size[1]",
            "5",
            ["convolution_param { num_output: 4 kernel_size: 3 kernel_size: 5 bias_filler { value: .5 } }"],
        ),
        (
            "conv1",
            "convolution_param.weight_filler.type",
            "xavier",
            [
                "convolution_param { num_output: 4 kernel_size: 3 bias_filler { value: .5 } "
                'weight_filler { type: "xavier" } }'
            ],
        ),
        ("relu1", "relu_param.negative_slope", "0.1", ["relu_param { negative_slope: 0.1 }"]),
        ("fc1", "param[1].lr_mult", "0", ["param { }", "param { lr_mult: 0 }"]),
        ("fc1", "bottom[1]", "data", []),
        ("fc1", "include.phase", "TRAIN", ["include { phase: TRAIN }"]),
        ("fc1", "type", "Scale", ['type: "Scale"']),
        ("conv1", "param[0].decay_mult", None, ["param { lr_mult: 1 }  # weights"]),
        ("relu1", "top", '"other"', ['top: "other"']),
    ],
)
def test_a_field_is_set_in_the_style_around_it(
    tower: str, layer: str, path: str, value: str | None, lines: list[str]
) -> None:
    document = apply(tower, op="set_field", layer=layer, path=path, value=value).document
    assert changed_lines(tower, document.text) == lines
    assert not document.tree.errors


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("convolution_param.bias_term", "perhaps", "bad-value"),
        ("convolution_param.num_output", "-3", "bad-value"),
        ("convolution_param.engine", "FAST", "bad-value"),
        ("convolution_param.num_output", "", "bad-value"),
        ("convolution_param.num_output.x", "1", "bad-path"),
        ("convolution_param.group[1]", "1", "bad-path"),
        ("bottom[5]", "x", "bad-path"),
        ("a..b", "1", "bad-path"),
    ],
)
def test_a_value_that_caffes_parser_would_refuse_is_refused(
    tower: str, path: str, value: str, code: str
) -> None:
    assert refusal(tower, op="set_field", layer="conv1", path=path, value=value) == code


def test_a_field_that_only_a_fork_may_know_is_set_and_told(tower: str) -> None:
    edited = apply(tower, op="set_field", layer="conv1", path="convolution_param.num_outputs", value="3")
    assert "Did you mean 'num_output'" in edited.report.notes[0].message


def test_setting_a_name_renames_the_layer(tower: str) -> None:
    edited = apply(tower, op="set_field", layer="fc1", path="name", value='"ip"')
    assert edited.document.origins == {"ip": Origin("fc1")}


def test_all_values_of_a_repeated_field_go_at_once() -> None:
    text = 'layer { name: "c" convolution_param { pad: 1 pad: 2 kernel_size: 3 kernel_size: 5 } }\n'
    document = apply(
        text, op="set_field", layer="c", path="convolution_param.kernel_size", value=None
    ).document
    assert document.text == 'layer { name: "c" convolution_param { pad: 1 pad: 2 } }\n'
    document = apply(text, op="set_field", layer="c", path="convolution_param.pad[0]", value=None).document
    assert document.text == (
        'layer { name: "c" convolution_param { pad: 2 kernel_size: 3 kernel_size: 5 } }\n'
    )


CONVOLUTION = """layer { name: "c" type: "Convolution" bottom: "x" top: "c"
  convolution_param { bias_filler { value: 1; }, weight_filler { std: 1 # why
    }
  }
}
"""


@pytest.mark.parametrize(
    ("text", "path", "left"),
    [
        (CONVOLUTION, "convolution_param.bias_filler.value", "convolution_param { weight_filler { std: 1"),
        (CONVOLUTION, "convolution_param.weight_filler.std", "weight_filler { # why"),
        ('layer { name: "c" reshape_param { shape { dim: 1 dim: 2 } } }', "reshape_param.shape.dim", '"c" }'),
        ('layer { name: "c" param: { lr_mult: 1 } param { } }', "param[0].lr_mult", "param: { } param { }"),
        ('layer { name: "c" scale_param { filler { value: 2 } } }', "scale_param.filler.value", "filler { }"),
        ('layer { name: "c" fork_param { of { x: 2 } } }', "fork_param.of.x", "fork_param { of { } }"),
        ('layer { name: "c" clip_param { min: 2 } }', "clip_param.min", "clip_param { }"),
        ('layer { name: "c" lrn_param { } }', "lrn_param.k", "lrn_param { }"),
    ],
)
def test_a_message_goes_with_its_last_field_where_that_says_the_same(text: str, path: str, left: str) -> None:
    after = apply(text, op="set_field", layer="c", path=path, value=None).document.text
    assert left in after


def test_a_list_loses_one_element() -> None:
    text = 'layer { name: "s" type: "Slice" bottom: "a" top: ["x", "y", "z"] }\n'
    document = apply(text, op="set_field", layer="s", path="top[1]", value=None).document
    assert 'top: ["x", "z"]' in document.text
    document = apply(text, op="set_field", layer="s", path="top[3]", value="w").document
    assert 'top: ["x", "y", "z", "w"]' in document.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('# Mine.\nname: "old" # why\n', '# Mine.\nname: "new" # why\n'),
        ('# Mine.\n\nlayer { name: "a" }\n', '# Mine.\nname: "new"\n\nlayer { name: "a" }\n'),
        ('layer { name: "a" }\r\n', 'name: "new"\r\nlayer { name: "a" }\r\n'),
        ("", 'name: "new"\n'),
        ("# Mine.", '# Mine.\nname: "new"'),
    ],
)
def test_the_net_gets_a_name(before: str, after: str) -> None:
    assert apply(before, op="rename_net", to="new").document.text == after


def test_the_nets_name_is_taken_out() -> None:
    edited = apply('# Mine.\nname: "old"\nlayer { name: "a" }\n', op="rename_net", to="")
    assert edited.document.text == '# Mine.\nlayer { name: "a" }\n'
    assert edited.report.title == "Take the net's name out"


def test_the_nets_name_as_it_is_is_refused() -> None:
    assert refusal('name: "a"', op="rename_net", to="a") == "nothing-to-do"


def test_replacing_the_text_keeps_the_weights_of_layers_that_keep_their_names(tower: str) -> None:
    renamed = apply(tower, op="rename_layer", layer="fc1", to="ip").document
    text = renamed.text.replace("num_output: 2", "num_output: 3").replace('"fc2"', '"out"')
    edited = edit.apply(renamed, {"op": "replace_text", "text": text})
    assert edited.document.origins == {"ip": Origin("fc1")}
    assert edited.report.added == ["out"]
    assert edited.report.removed == ["fc2"]
    broken = edit.apply(renamed, {"op": "replace_text", "text": "layer { name: "}).document
    assert broken.tree.errors


def test_an_operation_that_is_none_is_refused(tower: str) -> None:
    assert refusal(tower, op="explode") == "bad-operation"
    assert refusal(tower, op="rename_layer", layer="fc1") == "bad-operation"
    assert refusal(tower, op="upgrade", extra=1) == "bad-operation"
