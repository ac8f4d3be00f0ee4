"""Layers from a clipboard."""

from __future__ import annotations

from typing import Any

import pytest

from netgraft import edit, weights
from netgraft.caffe.net import check
from netgraft.proto import caffe_pb2
from netgraft.weights import Origin


def paste(document: edit.Document | str, text: str, **more: Any) -> edit.Edited:
    if isinstance(document, str):
        document = edit.Document.read(document)
    return edit.apply(document, {"op": "paste", "text": text, **more})


def piece(text: str, *names: str) -> str:
    here = edit.view(edit.Document.read(text).tree)
    return "".join(here.tree.chunks[here.by_key[name].chunk].text for name in names)


def wires(document: edit.Document, key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    layer = edit.view(document.tree).by_key[key]
    return layer.bottom_names, layer.top_names


def test_pasted_layers_get_free_names_and_keep_their_wires(tower: str) -> None:
    edited = paste(tower, piece(tower, "conv1", "relu1", "fc1"), keep_inputs=True)
    assert edited.report.added == ["conv1_2", "relu1_2", "fc1_2"]
    assert wires(edited.document, "conv1_2") == (("data",), ("conv1_2",))
    assert wires(edited.document, "relu1_2") == (("conv1_2",), ("conv1_2",))
    assert wires(edited.document, "fc1_2") == (("conv1_2",), ("fc1_2",))
    assert edited.document.text.startswith(tower)
    assert "# the trunk" in edited.document.text[len(tower) :]
    assert check(edited.document.tree).ok


def test_a_pasted_copy_starts_from_the_same_weights(tower: str) -> None:
    edited = paste(tower, piece(tower, "fc1"), keep_inputs=True)
    assert edited.document.origins == {"fc1_2": Origin("fc1")}
    other = piece(tower, "fc1").replace("num_output: 5", "num_output: 6")
    assert paste(tower, other, keep_inputs=True).document.origins == {}


def test_without_the_inputs_they_are_left_open(tower: str) -> None:
    edited = paste(tower, piece(tower, "conv1"))
    assert wires(edited.document, "conv1_2")[0] == ("data_in",)
    assert [note.code for note in edited.report.notes] == ["open-input"]
    tied = edit.apply(edited.document, {"op": "connect", "layer": "conv1_2", "from_layer": "data"})
    assert wires(tied.document, "conv1_2")[0] == ("data",)
    assert check(tied.document.tree).ok


def test_an_in_place_layer_alone_does_not_change_what_others_read(tower: str) -> None:
    edited = paste(tower, piece(tower, "relu1"), keep_inputs=True)
    assert wires(edited.document, "relu1_2") == (("conv1",), ("relu1_2",))
    assert check(edited.document.tree).ok


def test_into_another_net_names_stay(tower: str) -> None:
    edited = paste("", piece(tower, "data", "conv1", "relu1"))
    assert edited.report.added == ["data", "conv1", "relu1"]
    assert check(edited.document.tree).ok


def test_nothing_is_shared_by_accident(tower: str) -> None:
    shared = tower.replace(
        "param { lr_mult: 1 decay_mult: 1 }", 'param { name: "w" lr_mult: 1 decay_mult: 1 }'
    )
    edited = paste(shared, piece(shared, "conv1"), keep_inputs=True)
    assert 'name: "w2"' in edited.document.text
    assert len(edit.view(edited.document.tree).param_users["w"]) == 1


def test_old_formats_and_other_line_ends_can_be_pasted(tower: str) -> None:
    old = 'layers {\n  name: "fc9"\n  type: INNER_PRODUCT\n  bottom: "fc2"\n  top: "fc9"\n'
    old += "  inner_product_param { num_output: 2 }\n}\n"
    edited = paste(tower.replace("\n", "\r\n"), old, keep_inputs=True)
    assert edited.report.added == ["fc9"]
    assert "\n" not in edited.document.text.replace("\r\n", "")
    assert check(edited.document.tree).ok


@pytest.mark.parametrize(
    ("text", "code"),
    [("hello there", "not-a-prototxt"), ("", "nothing-to-paste"), ('name: "x"', "nothing-to-paste")],
)
def test_what_is_no_layer_is_refused(tower: str, text: str, code: str) -> None:
    with pytest.raises(edit.EditError) as refused:
        paste(tower, text)
    assert refused.value.code == code


def test_a_second_net_starts_from_its_own_caffemodel(tower: str) -> None:
    edited = paste(tower, tower, keep_inputs=True, source="other")
    assert edited.report.added == ["data2", "conv1_2", "relu1_2", "fc1_2", "fc2_2"]
    assert wires(edited.document, "conv1_2") == (("data2",), ("conv1_2",))
    assert dict(edited.document.origins) == {
        "conv1_2": Origin("conv1", "other"),
        "fc1_2": Origin("fc1", "other"),
        "fc2_2": Origin("fc2", "other"),
    }
    assert check(edited.document.tree).ok


def test_pasted_layers_that_bring_no_weights_are_named(tower: str) -> None:
    net = caffe_pb2.NetParameter()
    net.layer.add(name="fc1").blobs.add(data=[1.0]).shape.dim.append(1)
    document = edit.Document.read('name: "empty"\n')
    operation = {"op": "paste", "text": piece(tower, "conv1", "relu1", "fc1")}
    none = edit.apply(document, operation, sources={}).report.notes
    some = edit.apply(document, operation, sources={"": weights.index(net.SerializeToString())}).report.notes
    told = [note.message for note in (*none, *some) if note.code == "pasted-without-weights"]
    assert told == [
        "'conv1', 'fc1' start from their fillers: what is pasted brings no weights along.",
        "'conv1' starts from its filler: what is pasted brings no weights along.",
    ]


def test_a_pasted_copy_of_a_layer_with_weights_is_not_named(tower: str) -> None:
    operation = {"op": "paste", "text": piece(tower, "fc1"), "keep_inputs": True}
    report = edit.apply(edit.Document.read(tower), operation, sources={}).report
    assert report.notes == []
