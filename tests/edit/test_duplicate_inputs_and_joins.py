"""What copies read of their own, and where their outputs come together."""

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
SIMILAR = 'layer { name: "sim" type: "Input" top: "sim" input_param { shape { dim: 2 } } }\n'


def duplicate(text: str, layers: list[str], *, datum: Any = None, **options: Any) -> edit.Edited:
    operation = {"op": "duplicate", "layers": layers, **options}
    return edit.apply(edit.Document.read(text), operation, datum=datum)


def bottoms(document: edit.Document) -> dict[str, tuple[str, ...]]:
    return {layer.key: layer.bottom_names for layer in edit.view(document.tree).layers}


def accepted(document: edit.Document) -> bool:
    return all(check(document.tree, NetState(phase)).ok for phase in ("TRAIN", "TEST"))


def shape(document: edit.Document, blob: str, phase: Any = "TEST") -> tuple[int, ...] | None:
    found = None
    for layer in check(document.tree, NetState(phase)).net.layers:
        for name, size in zip(layer.tops, layer.top_shapes, strict=True):
            found = size if name == blob else found
    return found


def test_separate_inputs_have_the_shape_of_the_blob_and_stand_beside_it(tower: str) -> None:
    document = duplicate(tower, ["conv1", "relu1"], copies=3, inputs="separate").document
    assert [layer.name for layer in edit.view(document.tree).layers][:3] == ["data_a", "data_b", "data_c"]
    read = bottoms(document)
    assert (read["conv1_a"], read["conv1_b"], read["conv1_c"]) == (("data_a",), ("data_b",), ("data_c",))
    assert shape(document, "data_b") == (2, 3, 8, 8)
    assert accepted(document)


def test_the_report_tells_what_each_copy_reads_now(tower: str) -> None:
    def told(**options: Any) -> list[str]:
        summary = duplicate(tower, ["conv1", "relu1"], **options).report.summary
        return [line for line in summary if "input" in line]

    assert told(inputs="separate") == ["renamed input: data -> data_a", "new input: data_b"]
    assert told(inputs="separate", keep_first=True) == ["new input: data_b"]
    assert told(inputs="slice") == ["sliced input: data -> data_a + data_b (axis 1)"]


@pytest.mark.parametrize("options", [{"keep_first": True}, {"layers": ["conv1", "relu1"], "more": True}])
def test_the_first_copy_goes_on_reading_an_input_that_others_read_or_that_keeps_its_name(
    tower: str, options: dict[str, Any]
) -> None:
    text = tower
    if options.pop("more", False):
        text += 'layer { name: "peek" type: "Silence" bottom: "data" }\n'
    document = duplicate(text, options.pop("layers", ["conv1"]), inputs="separate", **options).document
    read = bottoms(document)
    assert ("data",) in (read.get("conv1"), read.get("conv1_a"))
    assert read["conv1_b"] == ("data_b",)
    assert accepted(document)


def test_an_input_of_two_shapes_has_one_layer_a_phase() -> None:
    text = SOURCE % ("data", "TRAIN", 8) + SOURCE % ("data", "TEST", 2) + IP
    document = duplicate(text, ["ip"], inputs="separate").document
    assert shape(document, "data_b", "TRAIN") == (8, 3)
    assert shape(document, "data_b", "TEST") == (2, 3)
    assert accepted(document)


def test_an_input_of_unknown_shape_is_refused_until_the_datum_is_known() -> None:
    text = """layer { name: "data" type: "Data" top: "data" data_param { source: "db" batch_size: 4 } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 1 } }
"""
    with pytest.raises(edit.EditError) as refused:
        duplicate(text, ["ip"], inputs="separate")
    assert refused.value.code == "unknown-shape"
    assert "--datum" in refused.value.message
    document = duplicate(text, ["ip"], inputs="separate", datum={"db": (1, 5, 6)}).document
    assert shape(document, "data_b") == (4, 1, 5, 6)


def test_a_slice_widens_the_input_so_that_every_copy_sees_what_the_net_was_trained_on(tower: str) -> None:
    document = duplicate(tower, ["conv1"], copies=3, inputs="slice", keep_first=True).document
    assert shape(document, "data_stack") == (2, 9, 8, 8)
    assert shape(document, "data") == shape(document, "data_c") == (2, 3, 8, 8)
    assert bottoms(document)["conv1"] == ("data",)
    assert accepted(document)


def test_a_slice_of_an_input_that_nobody_else_reads_leaves_the_blob_its_name(tower: str) -> None:
    text = tower + SIMILAR + 'layer { name: "loss" type: "Reduction" bottom: "sim" top: "loss" }\n'
    document = duplicate(text, ["conv1", "loss"], inputs="slice").document
    read = bottoms(document)
    assert read["data_slice"] == ("data",)
    assert (read["conv1_a"], read["conv1_b"]) == (("data_a",), ("data_b",))
    assert read["loss_b"] == ("sim",)  # it has no axis to be cut on
    assert accepted(document)


@pytest.mark.parametrize(
    "sizes",
    [
        "shape { dim: 2 dim: 3 dim: 8 dim: 8 } shape { dim: 2 }",
        "num: [2, 2] channels: 3 channels: 1 height: 8 height: 1 width: [8, 1]",
    ],
)
def test_a_slice_widens_what_a_dummy_layer_states(tower: str, sizes: str) -> None:
    start, end = tower.index('layer { name: "data"'), tower.index("# the trunk")
    source = (
        f'layer {{ name: "data" type: "DummyData" top: "data" top: "l" dummy_data_param {{ {sizes} }} }}\n'
    )
    edited = duplicate(tower[:start] + source + tower[end:], ["conv1"], inputs="slice", keep_first=True)
    assert shape(edited.document, "data_pair") == (2, 6, 8, 8)
    assert shape(edited.document, "data") == shape(edited.document, "data_b") == (2, 3, 8, 8)
    assert "data-must-be-paired" not in [note.code for note in edited.report.notes]
    assert accepted(edited.document)


@pytest.mark.parametrize(
    "sizes",
    [
        "shape { dim: 2 dim: 03 dim: 0x8 dim: 8 }",
        "shape: [ { dim: [2, 3, 8, 8] } ]",
        "shape {\n    dim: 2\n    dim: 3 dim: 8 dim: 8\n  }\n",
        "num: 2 channels: 3 height: [8, 8] width: 8",
        "num: 2 channels: [3] height: 8 width: 8",
    ],
)
@pytest.mark.parametrize("tops", [["data", "e", "f"], ["e", "data", "f"]])
def test_a_shape_that_several_tops_have_in_common_is_stated_for_each(
    tower: str, sizes: str, tops: list[str]
) -> None:
    start, end = tower.index('layer { name: "data"'), tower.index("# the trunk")
    named = " ".join(f'top: "{top}"' for top in tops)
    sizes = sizes.replace("[8, 8]", "[8, 8, 8]")
    source = f'layer {{ name: "d" type: "DummyData" {named} dummy_data_param {{ {sizes} }} }}\n'
    text = tower[:start] + source + tower[end:]
    document = duplicate(text, ["conv1"], inputs={"data": "slice"}, keep_first=True).document
    assert shape(document, "data_pair") == (2, 6, 8, 8)
    assert {shape(document, blob) for blob in ("data", "data_b", "e", "f")} == {(2, 3, 8, 8)}
    assert accepted(document)


def test_a_layer_that_states_no_shape_of_a_blob_has_none_to_widen(tower: str) -> None:
    text = tower.replace("input_param { shape { dim: 2 dim: 3 dim: 8 dim: 8 } }", "input_param { }")
    assert text != tower
    with pytest.raises(edit.EditError, match="'data' states no shape for 'data'"):
        duplicate(text, ["conv1"], inputs={"data": "slice"})


def test_memory_is_asked_for_both_inputs_of_a_pair(tower: str) -> None:
    start, end = tower.index('layer { name: "data"'), tower.index("# the trunk")
    sizes = "batch_size: 2 channels: 3 height: 8 width: 8"
    source = (
        f'layer {{ name: "m" type: "MemoryData" top: "data" top: "l" memory_data_param {{ {sizes} }} }}\n'
    )
    edited = duplicate(tower[:start] + source + tower[end:], ["conv1"], inputs="slice")
    assert shape(edited.document, "data") == (2, 6, 8, 8)
    assert shape(edited.document, "data_a") == (2, 3, 8, 8)
    assert "data-must-be-paired" in [note.code for note in edited.report.notes]
    assert accepted(edited.document)


def test_only_what_comes_from_outside_the_net_is_sliced(tower: str) -> None:
    with pytest.raises(edit.EditError) as refused:
        duplicate(tower, ["fc2"], inputs="slice")
    assert refused.value.code == "cannot-slice"
    text = tower.replace(
        'type: "Input" top: "data" input_param', 'type: "MemoryData" top: "data" top: "l" input_param'
    )
    notes = duplicate(text, ["conv1"], inputs={"data": "slice"}).report.notes
    assert "data-must-be-paired" in [note.code for note in notes]


def test_readers_move_to_the_join_and_start_from_their_fillers_where_it_is_wider(tower: str) -> None:
    edited = duplicate(tower, ["conv1", "relu1"], join={"kind": "concat"})
    read = bottoms(edited.document)
    assert read["conv1_concat"] == ("conv1_a", "conv1_b")
    assert read["fc1"] == ("conv1_concat",)
    assert edited.document.origins["fc1"] is None
    assert "fc2" not in edited.document.origins
    assert "starts-from-filler" in [note.code for note in edited.report.notes]
    assert accepted(edited.document)


def test_where_nothing_reads_the_selection_its_ends_are_joined(tower: str) -> None:
    document = duplicate(tower, ["conv1", "relu1", "fc1", "fc2"], join={"kind": "concat"}).document
    assert [layer.name for layer in edit.view(document.tree).layers if layer.type == "Concat"] == [
        "fc2_concat"
    ]
    assert accepted(document)


def test_a_join_stands_before_its_first_reader_and_so_do_the_copies_it_needs(tower: str) -> None:
    edited = duplicate(tower, ["conv1", "fc2"], join={"kind": "eltwise", "blobs": ["conv1"]})
    names = [layer.name for layer in edit.view(edited.document.tree).layers]
    assert names == ["data", "conv1_a", "conv1_b", "conv1_sum", "relu1", "fc1", "fc2_a", "fc2_b"]
    assert bottoms(edited.document)["relu1"] == ("conv1_sum",)
    assert accepted(edited.document)


def test_twins_that_could_never_part_are_told(tower: str) -> None:
    join = {"kind": "eltwise", "operation": "MAX"}
    twins = duplicate(tower, ["conv1"], join=join).report.notes
    assert "identical-twins" in [note.code for note in twins]
    for options in ({"rates": [{}, {"scale_lr": 2}]}, {"share": {"default": "all"}}, {"inputs": "separate"}):
        notes = duplicate(tower, ["conv1"], join=join, **options).report.notes
        assert "identical-twins" not in [note.code for note in notes], options


def test_a_contrastive_loss_compares_two_copies_and_leaves_readers_alone(tower: str) -> None:
    text = tower + SIMILAR
    edited = duplicate(
        text,
        ["conv1", "relu1", "fc1"],
        inputs="separate",
        share={"default": "all"},
        join={"kind": "contrastive", "label": "sim", "name": "loss", "margin": 2},
    )
    read = bottoms(edited.document)
    assert read["loss"] == ("fc1_a", "fc1_b", "sim")
    assert read["fc2"] == ("fc1_a",)
    assert "contrastive_loss_param" in edited.document.text
    assert accepted(edited.document)  # the loss waits for its label, which stands at the end


def test_what_is_no_vector_an_item_is_flattened_before_it_is_compared(tower: str) -> None:
    edited = duplicate(SIMILAR + tower, ["conv1"], join={"kind": "contrastive", "label": "sim"})
    read = bottoms(edited.document)
    assert read["conv1_loss"] == ("conv1_a_flat", "conv1_b_flat", "sim")
    assert shape(edited.document, "conv1_b_flat") == (2, 144)
    assert {"conv1_a_flat", "conv1_b_flat", "conv1_loss"} <= set(edited.report.added)
    note = next(note for note in edited.report.notes if note.code == "flattened-to-compare")
    assert "'conv1' is 2 x 4 x 6 x 6" in note.message
    assert "flattened to 2 x 144" in note.message
    assert accepted(edited.document)


def test_a_loss_lives_in_the_phase_that_has_its_label(tower: str) -> None:
    label = SIMILAR.replace("input_param", "include { phase: TRAIN } input_param")
    edited = duplicate(
        label + tower, ["conv1", "fc1"], join={"kind": "contrastive", "label": "sim", "blobs": ["fc1"]}
    )
    assert accepted(edited.document)


def test_a_label_of_several_numbers_a_pair_is_refused(tower: str) -> None:
    text = SIMILAR.replace("dim: 2", "dim: 2 dim: 3") + tower
    with pytest.raises(edit.EditError, match="'sim' is 2 x 3") as refused:
        duplicate(text, ["fc1"], join={"kind": "contrastive", "label": "sim"})
    assert refused.value.code == "label-is-no-number"


def test_an_in_place_reader_gives_way_to_the_loss_that_reads_beside_it(tower: str) -> None:
    text = SIMILAR + tower
    edited = duplicate(text, ["conv1"], join={"kind": "contrastive", "label": "sim"})
    relu = edit.view(edited.document.tree).by_key["relu1"]
    assert relu.bottom_names != relu.top_names


@pytest.mark.parametrize(
    ("layers", "options", "code"),
    [
        (["data"], {"join": {"kind": "concat"}}, "nothing-to-join"),
        (["fc1"], {"join": {"kind": "concat", "blobs": ["fc"]}}, "unknown-blob"),
        (["fc1"], {"join": {"kind": "contrastive"}}, "no-label"),
        (["fc1"], {"join": {"kind": "contrastive", "label": "dat"}}, "unknown-blob"),
        (["fc1"], {"join": {"kind": "contrastive", "label": "data"}, "copies": 3}, "contrastive-needs-two"),
        (["conv1", "fc1"], {"join": {"kind": "contrastive", "label": "data"}}, "contrastive-needs-one-blob"),
    ],
)
def test_a_join_that_cannot_be_made_is_said(
    tower: str, layers: list[str], options: dict[str, Any], code: str
) -> None:
    with pytest.raises(edit.EditError) as refused:
        duplicate(tower, layers, **options)
    assert refused.value.code == code


def test_a_join_that_would_feed_itself_is_refused() -> None:
    text = """layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 } } }
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 } }
layer { name: "relu" type: "ReLU" bottom: "ip" top: "ip" }
layer { name: "drop" type: "Dropout" bottom: "ip" top: "ip" }
layer { name: "out" type: "InnerProduct" bottom: "ip" top: "out" inner_product_param { num_output: 1 } }
"""
    with pytest.raises(edit.EditError) as refused:
        duplicate(text, ["ip", "drop"], join={"kind": "concat"})
    assert refused.value.code == "join-in-a-circle"
    assert accepted(duplicate(text, ["ip", "relu", "drop"], join={"kind": "concat"}).document)
