"""Weights against nets as Caffe would load them: what loads, what is ignored, and what it dies of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netgraft import prototxt, weights
from netgraft.caffe.net import Net, check
from netgraft.proto import caffe_pb2
from netgraft.weights.codes import CODES
from netgraft.weights.source import Source
from netgraft.weights.stored import Index

MakeNet = Callable[..., caffe_pb2.NetParameter]

TWINS = """
name: "twins"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 } } }
layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" param { name: "w" } param { name: "b" }
  inner_product_param { num_output: 2 weight_filler { type: "xavier" } bias_filler { value: 0.5 } } }
layer { name: "b" type: "InnerProduct" bottom: "data" top: "b" param { name: "w" } param { name: "b" }
  inner_product_param { num_output: 2 } }
layer { name: "c" type: "InnerProduct" bottom: "data" top: "c"
  inner_product_param { num_output: 2 weight_filler { type: "gaussian" std: 0.01 } } }
"""


def _net(text: str | bytes) -> Net:
    verdict = check(prototxt.parse(text))
    assert verdict.ok
    return verdict.net


def _stored(net: caffe_pb2.NetParameter) -> Index:
    return weights.index(net.SerializeToString())


def test_real_pairs_load_and_what_the_net_lacks_is_ignored(shared: Path) -> None:
    for path in sorted((shared / "weights").glob("*.prototxt")):
        if path.stem == "normface_lenet":  # a sibling net, not an exact match
            continue
        with weights.index(path.with_suffix(".caffemodel")) as index:
            matching = weights.match(index, _net(path.read_bytes()))
        assert matching.loads
        states = {row.name: row.state for row in matching if row.state != "loads"}
        assert states == ({"conv5-3": "ignored"} if path.stem == "mtcnn_det2" else {})


def test_the_table_says_what_each_blob_starts_from(make_net: MakeNet) -> None:
    matching = weights.match(_stored(make_net(("a", [(2, 3), (2,)]), ("old", [(4,)]))), _net(TWINS))
    rows = {row.name: row for row in matching}
    assert {name: row.state for name, row in rows.items()} == {
        "a": "loads",
        "b": "loads",
        "c": "filler",
        "old": "ignored",
    }
    assert rows["b"].message == "through the blob that it shares"
    assert [blob.filler for blob in rows["a"].blobs] == ["xavier", "constant 0.5"]
    assert [blob.filler for blob in rows["c"].blobs] == ["gaussian (std 0.01)", "constant 0"]
    assert rows["old"].message == "Ignoring source layer old"
    assert [(d.code, d.severity, d.layer) for d in matching.diagnostics] == [
        ("lands-nowhere", "warning", None),
        ("lands-nowhere", "info", "c"),
    ]


def test_a_stored_sharer_fills_its_owner_too(make_net: MakeNet) -> None:
    matching = weights.match(_stored(make_net(("b", [(2, 3), (2,)]))), _net(TWINS))
    assert {row.name: row.state for row in matching} == {"a": "loads", "b": "loads", "c": "filler"}
    assert [blob.message for blob in matching.rows[0].blobs] == ["through the blob that it shares"] * 2


def test_split_layers_that_caffe_saved_are_no_news(make_net: MakeNet) -> None:
    net = make_net(("a", [(2, 3), (2,)]))
    net.layer.add(name="data_data_0_split", type="Split")
    codes = [d.message for d in weights.match(_stored(net), _net(TWINS)).diagnostics]
    assert not any("split" in message for message in codes)


def test_another_number_of_blobs_is_caffes_abort(make_net: MakeNet) -> None:
    matching = weights.match(_stored(make_net(("a", [(2, 3)]))), _net(TWINS))
    assert not matching.loads
    error = matching.diagnostics[0]
    assert (error.code, error.layer) == ("weights-count", "a")
    assert error.caffe_message == (
        "Check failed: target_blobs.size() == source_layer.blobs_size() (2 vs. 1) "
        "Incompatible number of blobs for layer a"
    )


def test_another_shape_is_caffes_abort_and_all_are_found(make_net: MakeNet) -> None:
    matching = weights.match(_stored(make_net(("c", [(2, 4), (2,)]), ("a", [(6,), (2,)]))), _net(TWINS))
    errors = [d for d in matching.diagnostics if d.severity == "error"]
    assert [d.layer for d in errors] == ["c", "a"]  # in the order of the file, as Caffe meets them
    assert errors[0].caffe_message == (
        "Cannot copy param 0 weights from layer 'c'; shape mismatch.  Source param shape is 2 4 (8); target "
        "param shape is 2 3 (6). To learn this layer's parameters from scratch rather than copying from a "
        "saved net, rename the layer."
    )
    row = next(row for row in matching if row.name == "c")
    assert row.state == "shape-clash"
    assert [(blob.state, blob.shape, blob.stored_shape) for blob in row.blobs] == [
        ("shape-clash", (2, 3), (2, 4)),
        ("loads", (2,), (2,)),
    ]


def test_legacy_shapes_compare_by_their_last_axes(make_net: MakeNet) -> None:
    old = make_net(("a", [(2, 3), (2,)]), format="layers", legacy=True)
    assert weights.match(_stored(old), _net(TWINS)).loads
    old.layers[0].blobs[0].num = 2
    old.layers[0].blobs[0].channels, old.layers[0].blobs[0].height = 3, 1
    old.layers[0].blobs[0].width = 1
    matching = weights.match(_stored(old), _net(TWINS))
    assert "Source param shape is 2 3 1 1 (6)" in (matching.diagnostics[0].caffe_message or "")


def test_too_few_values_are_caffes_abort(make_net: MakeNet) -> None:
    net = make_net(("a", [(2, 3), (2,)]))
    del net.layer[0].blobs[1].data[1]
    error = weights.match(_stored(net), _net(TWINS)).diagnostics[0]
    assert error.code == "weights-data"
    assert error.caffe_message == "Check failed: count_ == proto.data_size() (2 vs. 1) "


def test_raw_data_is_for_the_fork_only(make_net: MakeNet) -> None:
    net = make_net(("a", [(2, 3), (2,)]))
    blob = net.layer[0].blobs[1]
    values = b"\x00\x00\x80\x3f" * 2
    blob.ClearField("data")
    blob.MergeFromString(b"\x50\x01\x62\x08" + values)
    error = weights.match(_stored(net), _net(TWINS)).diagnostics[0]
    assert error.caffe_message == "Check failed: count_ == proto.data_size() (2 vs. 0) "
    assert weights.match(_stored(net), _net(TWINS), fork=True).loads


@pytest.mark.parametrize("first_differs", [True, False])
def test_different_values_for_one_parameter_are_said_with_the_winner(
    make_net: MakeNet, first_differs: bool
) -> None:
    net = make_net(("b", [(2, 3), (2,)]), ("a", [(2, 3), (2,)]))
    if not first_differs:
        net.layer[1].blobs[0].CopyFrom(net.layer[0].blobs[0])
    found = [
        d for d in weights.match(_stored(net), _net(TWINS)).diagnostics if d.code == "shared-blobs-differ"
    ]
    assert [d.blob for d in found] == (["w", "b"] if first_differs else ["b"])
    assert "that of layer 'a' is loaded last and wins over that of 'b'" in found[0].message
    quick = weights.match(_stored(net), _net(TWINS), compare=False)
    assert not any(d.code == "shared-blobs-differ" for d in quick.diagnostics)


def test_a_layer_stored_twice_is_said(make_net: MakeNet) -> None:
    net = make_net(("a", [(2, 3), (2,)]), ("a", [(2, 3), (2,)]))
    assert "stored-twice" in {d.code for d in weights.match(_stored(net), _net(TWINS)).diagnostics}


def test_mixed_formats_are_caffes_abort(make_net: MakeNet) -> None:
    net = make_net(("a", [(2, 3), (2,)]))
    net.layers.add(name="c")
    error = weights.match(_stored(net), _net(TWINS)).diagnostics[0]
    assert error.code == "weights-mixed"
    assert (error.caffe_message or "").startswith("Refusing to upgrade inconsistent NetParameter input")


def test_a_file_that_caffe_cannot_read_for_its_size_is_said(make_net: MakeNet, tmp_path: Path) -> None:
    path = tmp_path / "large.caffemodel"
    with path.open("wb") as file:
        file.write(make_net(("a", [(2, 3), (2,)])).SerializeToString())
        # An unknown field of net level makes up the size; it is a hole in the file.
        head = b"\xfa\x3f" + b"\xf8\xff\xff\xff\x07"
        file.write(head)
        file.truncate(file.tell() + 0x7FFFFFF8)
    index = weights.index(Source(path))
    assert index.size > 2**31 - 1
    assert weights.match(index, _net(TWINS)).diagnostics[0].code == "too-large-to-read"


def test_a_type_that_is_not_known_takes_what_is_stored(make_net: MakeNet) -> None:
    text = TWINS.replace('layer { name: "c" type: "InnerProduct"', 'layer { name: "c" type: "Foreign"')
    net = check(prototxt.parse(text), profile="fork").net
    matching = weights.match(_stored(make_net(("c", [(9,)] * 5))), net)
    row = next(row for row in matching if row.name == "c")
    assert (row.state, row.stored_blobs) == ("loads", 5)
    plan = weights.plan(weights.targets(net), _stored(make_net(("c", [(9,)] * 5))))
    assert next(layer.action for layer in plan.report.layers if layer.layer == "c") == "copied"


def test_every_code_has_a_section_in_the_docs(repo: Path) -> None:
    lines = (repo / "docs" / "weights.md").read_text("utf-8").splitlines()
    assert {line[5:-1] for line in lines if line.startswith("### `")} == set(CODES)
