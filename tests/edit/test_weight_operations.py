"""Surgery on weights as operations: taken from elsewhere, left to fillers, reshaped, merged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from netgraft import edit, weights
from netgraft.caffe.net import check
from netgraft.edit.pairing import plan_weights
from netgraft.proto import caffe_pb2
from netgraft.weights import Index
from netgraft.workspace import codec

Floats = NDArray[np.float32]


@pytest.fixture
def lenet(shared: Path) -> edit.Document:
    return edit.Document.read((shared / "weights" / "lenet_v1.prototxt").read_bytes())


@pytest.fixture
def stored(shared: Path) -> Index:
    return weights.index(shared / "weights" / "lenet_v1.caffemodel")


def made(document: edit.Document, seed: int = 3) -> Index:
    """A caffemodel for every layer of a net, with values that a trained net could have."""
    random = np.random.default_rng(seed)
    net = caffe_pb2.NetParameter(name="made")
    for layer in check(document.tree).net.layers:
        if not layer.blobs:
            continue
        one = net.layer.add(name=layer.name, type=layer.type)
        for index, shape in enumerate(layer.blobs):
            assert shape is not None
            values = random.normal(0, 0.5, shape)
            if layer.type == "BatchNorm":
                values = [values, np.abs(values) + 0.1, np.full(shape, 0.7)][index]
            blob = one.blobs.add()
            blob.shape.dim.extend(shape)
            blob.data.extend(values.astype(np.float32).reshape(-1))
    return weights.index(net.SerializeToString())


def run(document: edit.Document, source: Index, feed: Floats, outputs: Sequence[str]) -> list[Floats]:
    """What OpenCV makes of the exported pair."""
    model = b"".join(plan_weights(document, source).chunks())
    net = cv2.dnn.readNetFromCaffe(
        np.frombuffer(document.text.encode(), np.uint8), np.frombuffer(model, np.uint8)
    )
    net.enableFusion(False)
    net.setInput(feed)
    return [np.array(output, np.float32) for output in net.forward(list(outputs))]


# Taking and leaving


def test_a_layer_takes_the_blobs_of_another_stored_layer(lenet: edit.Document, stored: Index) -> None:
    renamed = edit.apply(lenet, {"op": "rename_layer", "layer": "ip2", "to": "new", "from_scratch": True})
    operation = {"op": "take_weights", "layer": "new", "from_layer": "ip2"}
    document = edit.apply(renamed.document, operation, sources={"": stored}).document
    assert document.text == renamed.document.text
    layer = next(one for one in plan_weights(document, stored).layers if one.target.name == "new")
    assert layer.action == "copied"
    assert layer.blobs[0].stored is stored.require("ip2").blobs[0]


def test_a_layer_takes_its_weights_from_another_file(lenet: edit.Document, stored: Index) -> None:
    other = made(lenet)
    operation = {"op": "take_weights", "layer": "conv1", "source": "other"}
    sources = {"": stored, "other": other}
    edited = edit.apply(lenet, operation, sources=sources)
    assert edited.report.title == "Weights of conv1 from conv1 of other"
    plan = plan_weights(edited.document, sources)
    rows = {row.layer: row for row in plan.report.layers}
    assert rows["conv1"].origin == weights.Origin("conv1", "other")
    written = weights.index(b"".join(plan.chunks()))
    assert (written.require("conv1").blobs[0].read() == other.require("conv1").blobs[0].read()).all()
    old = stored.require("conv2").blobs[0].read()
    assert (written.require("conv2").blobs[0].read() == old).all()


@pytest.mark.parametrize(
    ("operation", "code", "words"),
    [
        ({"layer": "conv1", "from_layer": "conv2"}, "weights-clash", "shape mismatch"),
        ({"layer": "conv1", "from_layer": "ip_2"}, "no-such-weights", "Did you mean 'ip2'"),
        ({"layer": "conv1", "source": "none"}, "no-weights", "no weights named 'none'"),
        ({"layer": "pool1"}, "no-parameters", "has no parameters"),
        ({"layer": "nowhere"}, "unknown-layer", "no layer 'nowhere'"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    lenet: edit.Document, stored: Index, operation: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(edit.EditError) as refused:
        edit.apply(lenet, {"op": "take_weights", **operation}, sources={"": stored})
    assert refused.value.code == code
    assert words in refused.value.message


def test_a_sharer_is_told_that_its_owners_weights_count(tower: str) -> None:
    shared = edit.apply(
        edit.Document.read(tower), {"op": "duplicate", "layers": ["fc1"], "share": {"default": "all"}}
    ).document
    edited = edit.apply(shared, {"op": "take_weights", "layer": "fc1_b", "from_layer": "fc1"})
    assert [note.code for note in edited.report.notes] == ["weights-of-owner"]


def test_layers_left_to_their_fillers_are_not_written(lenet: edit.Document, stored: Index) -> None:
    edited = edit.apply(lenet, {"op": "leave_to_filler", "layers": ["ip1", "ip2"]})
    rows = {row.layer: row.action for row in plan_weights(edited.document, stored).report.layers}
    assert (rows["ip1"], rows["ip2"], rows["conv1"]) == ("filler", "filler", "copied")
    # Taking their own again is the way back.
    back = edit.apply(edited.document, {"op": "take_weights", "layer": "ip1"}, sources={"": stored})
    assert list(back.document.origins) == ["ip2"]


# Fully convolutional


def test_a_fully_convolutional_lenet_answers_as_the_original(lenet: edit.Document, stored: Index) -> None:
    document = lenet
    for layer in ("ip1", "ip2"):
        document = edit.apply(document, {"op": "to_convolution", "layer": layer}).document
    net = check(document.tree).net
    assert check(document.tree).ok
    assert [layer.type for layer in net.layers if layer.name in ("ip1", "ip2")] == ["Convolution"] * 2
    assert "kernel_size: 4" in document.text
    assert "inner_product_param" not in document.text
    feed = np.random.default_rng(1).random((2, 1, 28, 28), np.float32)
    (before,), (after,) = run(lenet, stored, feed, ["prob"]), run(document, stored, feed, ["prob"])
    assert after.shape == (*before.shape, 1, 1)
    assert np.allclose(after.reshape(before.shape), before, atol=1e-6)
    # And on a larger picture it answers at every place, which the original cannot.
    large = np.random.default_rng(1).random((1, 1, 32, 36), np.float32)
    assert run(document, stored, large, ["prob"])[0].shape == (1, 10, 2, 3)


def test_a_convolution_keeps_the_style_of_the_text() -> None:
    text = (
        'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 3 dim: 4 dim: 5 } } }\n'
        "layer {\n  name: 'fc'  # the head\n  type: 'InnerProduct'\n  bottom: 'in'\n  top: 'fc'\n"
        "  inner_product_param {\n    num_output: 7  # classes\n    axis: 1\n  }\n}\n"
    )
    document = edit.apply(edit.Document.read(text), {"op": "to_convolution", "layer": "fc"}).document
    assert document.text == (
        text.replace("InnerProduct", "Convolution")
        .replace("inner_product_param", "convolution_param")
        .replace("    axis: 1\n", "    kernel_h: 4\n    kernel_w: 5\n")
    )
    assert check(document.tree).net.layers[-1].blobs == ((7, 3, 4, 5), (7,))


@pytest.mark.parametrize(
    ("layer", "code"),
    [("fc2", "no-height-and-width"), ("conv1", "not-inner-product")],
)
def test_what_is_no_convolution_is_refused(tower: str, layer: str, code: str) -> None:
    with pytest.raises(edit.EditError) as refused:
        edit.apply(edit.Document.read(tower), {"op": "to_convolution", "layer": layer})
    assert refused.value.code == code


def test_a_transposed_inner_product_is_no_convolution(tower: str) -> None:
    document = edit.Document.read(tower.replace("num_output: 5", "num_output: 5 transpose: true"))
    with pytest.raises(edit.EditError, match="transposed"):
        edit.apply(document, {"op": "to_convolution", "layer": "fc1"})


# BatchNorm

RESIDUAL = """name: "residual"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 12 dim: 12 } } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  convolution_param { num_output: 8 kernel_size: 3 pad: 1 bias_term: false } }
layer { name: "bn_conv1" type: "BatchNorm" bottom: "conv1" top: "conv1"
  batch_norm_param { use_global_stats: true } }
layer { name: "scale_conv1" type: "Scale" bottom: "conv1" top: "conv1" scale_param { bias_term: true } }
layer { name: "conv1_relu" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "res1" type: "Convolution" bottom: "conv1" top: "res1"
  convolution_param { num_output: 8 kernel_size: 1 group: 2 bias_term: false } }
layer { name: "bn1" type: "BatchNorm" bottom: "res1" top: "bn1"
  batch_norm_param { use_global_stats: true eps: 1e-3 } }
layer { name: "scale1" type: "Scale" bottom: "bn1" top: "scale1" scale_param { bias_term: true } }
layer { name: "relu1" type: "ReLU" bottom: "scale1" top: "scale1" }
layer { name: "res2" type: "Convolution" bottom: "scale1" top: "res2"
  convolution_param { num_output: 8 kernel_size: 3 pad: 1 } }
layer { name: "bn2" type: "BatchNorm" bottom: "res2" top: "bn2" batch_norm_param { use_global_stats: true } }
layer { name: "sum" type: "Eltwise" bottom: "conv1" bottom: "bn2" top: "sum" }
layer { name: "fc" type: "InnerProduct" bottom: "sum" top: "fc" inner_product_param { num_output: 6 } }
layer { name: "bn_fc" type: "BatchNorm" bottom: "fc" top: "bn_fc"
  batch_norm_param { use_global_stats: true } }
layer { name: "scale_fc" type: "Scale" bottom: "bn_fc" top: "scale_fc" }
layer { name: "prob" type: "Softmax" bottom: "scale_fc" top: "prob" }
"""


def test_a_residual_net_answers_the_same_without_its_batch_norms() -> None:
    document = edit.Document.read(RESIDUAL)
    source = made(document)
    edited = edit.apply(document, {"op": "merge_batch_norm"}, sources={"": source})
    merged = edited.document
    assert len(edited.report.removed) == 7
    net = check(merged.tree).net
    assert check(merged.tree).ok
    assert not {layer.type for layer in net.layers} & {"BatchNorm", "Scale"}
    assert "bias_term: false" not in merged.text
    feed = np.random.default_rng(5).normal(size=(2, 3, 12, 12)).astype(np.float32)
    before, after = run(document, source, feed, ["sum", "prob"]), run(merged, source, feed, ["sum", "prob"])
    for one, other in zip(before, after, strict=True):
        assert np.ptp(one) > 0.1
        assert np.abs(one - other).max() <= 1e-5 * max(1, np.abs(one).max())


def test_merged_weights_follow_every_later_operation_and_survive_the_database() -> None:
    document = edit.Document.read(RESIDUAL)
    source = made(document)
    merged = edit.apply(document, {"op": "merge_batch_norm", "layers": ["conv1"]}).document
    copied = edit.apply(merged, {"op": "duplicate", "layers": ["conv1"], "suffixes": ["_a", "_b"]}).document
    kept = codec.unpack(*codec.pack(copied))
    assert kept.origins == copied.origins
    once = weights.index(b"".join(plan_weights(merged, source).chunks())).require("conv1")
    plan = plan_weights(kept, source)
    whole = b"".join(plan.chunks())
    twice = weights.index(whole)
    for name in ("conv1_a", "conv1_b"):
        for one, other in zip(once.blobs, twice.require(name).blobs, strict=True):
            assert (one.read() == other.read()).all()
    # Any part of the file is the same bytes, whatever order it is asked for in.
    for start, stop in ((0, 100), (plan.size // 3, plan.size // 3 + 999), (plan.size - 7, plan.size)):
        assert b"".join(plan.chunks(start, stop)) == whole[start:stop]


def test_a_merged_file_is_proved_blob_by_blob() -> None:
    document = edit.Document.read(RESIDUAL)
    source = made(document)
    merged = edit.apply(document, {"op": "merge_batch_norm"}).document
    plan = plan_weights(merged, source)
    written = weights.index(b"".join(plan.chunks()))
    proof = weights.verify(written, weights.targets(check(merged.tree).net), source, merged.origins)
    assert proof.ok
    titles = {row.source for row in proof.rows}
    assert "conv1 with bn_conv1 and scale_conv1/0" in titles


def test_a_merged_pair_on_disk_is_proved_though_nothing_says_what_was_merged(tmp_path: Path) -> None:
    document = edit.Document.read(
        RESIDUAL.replace("use_global_stats: true", "use_global_stats: true eps: 1e-4")
    )
    source = made(document)
    merged = edit.apply(document, {"op": "merge_batch_norm"}).document
    copied = edit.apply(merged, {"op": "duplicate", "layers": ["conv1", "fc"]}).document
    plan = plan_weights(copied, source)
    written = weights.index(b"".join(plan.chunks()))
    targets = weights.targets(check(copied.tree).net)
    assert not weights.verify(written, targets, source).ok  # another eps than Caffe's own
    eps = {layer.name: 1e-4 for layer in check(document.tree).net.layers if layer.type == "BatchNorm"}
    eps = {name: float(np.float32(value)) for name, value in eps.items()}
    proof = weights.verify(written, targets, source, eps=eps)
    assert proof.ok, proof.failures
    titles = {row.layer: row.source for row in proof.rows if row.blob == 1}
    assert titles["conv1_b"] == "conv1 with bn_conv1 and scale_conv1/1"
    assert titles["fc_a"] == "fc with bn_fc and scale_fc/1"
    # One value that no merge makes is still found.
    net = caffe_pb2.NetParameter.FromString(b"".join(plan.chunks()))
    next(layer for layer in net.layer if layer.name == "fc_b").blobs[0].data[3] += 1
    spoilt = weights.verify(weights.index(net.SerializeToString()), targets, source, eps=eps)
    assert {row.layer for row in spoilt.failures} == {"fc_b"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {
                'layer { name: "bn1"': 'layer { name: "r" type: "ReLU" bottom: "res1" top: "res1" }\n'
                'layer { name: "bn1"'
            },
            "before it stands ReLU 'r', no Convolution",
        ),
        ({"use_global_stats: true eps: 1e-3": "use_global_stats: false"}, "normalises by the batch"),
        ({'bottom: "bn2" top: "sum"': 'bottom: "res1" top: "sum"'}, "sum reads what 'res1' makes, too"),
        (
            {
                "group: 2 bias_term: false }": 'group: 2 bias_term: false } param { name: "w" }',
                "kernel_size: 3 pad: 1 } }": 'kernel_size: 3 pad: 1 } param { name: "w" } }',
            },
            "shares 'w': unshare it first",
        ),
        (
            {'layer { name: "bn1"': 'layer { name: "bn1" include { phase: TEST }'},
            "are not in the same states",
        ),
    ],
)
def test_a_batch_norm_that_cannot_be_merged_says_why(changes: dict[str, str], words: str) -> None:
    text = RESIDUAL
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    document = edit.Document.read(text)
    with pytest.raises(edit.EditError, match=words):
        edit.apply(document, {"op": "merge_batch_norm", "layers": ["bn1"]})
    # Without names, the others are merged and this one is noted.
    edited = edit.apply(document, {"op": "merge_batch_norm"})
    assert "bn1" in [note.layer for note in edited.report.notes if note.code == "not-merged"]
    assert {"bn1"} <= edit.view(edited.document.tree).by_key.keys() - edited.report.removed
    assert "bn_conv1" in edited.report.removed


def test_a_batch_norm_without_stored_statistics_stays() -> None:
    document = edit.Document.read(RESIDUAL)
    net = caffe_pb2.NetParameter()
    net.layer.add(name="conv1", type="Convolution").blobs.add().data.append(1)
    with pytest.raises(edit.EditError, match="There is nothing to merge"):
        edit.apply(document, {"op": "merge_batch_norm"}, sources={"": weights.index(net.SerializeToString())})


def test_the_way_back_is_to_take_the_layers_own_weights() -> None:
    document = edit.Document.read(RESIDUAL)
    source = made(document)
    merged = edit.apply(document, {"op": "merge_batch_norm", "layers": ["bn2"]}).document
    back = edit.apply(merged, {"op": "take_weights", "layer": "res2"}, sources={"": source}).document
    assert dict(back.origins) == {}


TRUNK_AND_HEAD = """layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "trunk" type: "InnerProduct" bottom: "in" top: "trunk" inner_product_param { num_output: 4 } }
layer { name: "head" type: "InnerProduct" bottom: "trunk" top: "head" inner_product_param { num_output: 2 } }
"""
TWINS = {"op": "duplicate", "layers": ["trunk"], "keep_first": True, "join": {"kind": "concat"}}


@pytest.mark.parametrize(
    "without",
    [
        {"op": "delete_layers", "layers": ["trunk_concat"]},
        {"op": "connect", "layer": "head", "bottom": 0, "blob": "trunk"},
    ],
)
def test_a_layer_that_a_concat_had_widened_loads_again_without_it(without: dict[str, Any]) -> None:
    document = edit.Document.read(TRUNK_AND_HEAD)
    sources = {"": made(document)}
    document = edit.apply(document, TWINS, sources=sources).document
    assert document.origins["head"] is None
    edited = edit.apply(document, without, sources=sources)
    assert "head" not in edited.document.origins
    (note,) = edited.report.notes
    assert (note.code, note.layer) == ("fits-again", "head")
    assert edit.apply(edited.document, note.fixes[0].operations[0]).document.origins["head"] is None


def test_a_layer_left_to_its_filler_on_purpose_stays_so_when_others_go() -> None:
    document = edit.Document.read(TRUNK_AND_HEAD)
    sources = {"": made(document)}
    document = edit.apply(document, {"op": "leave_to_filler", "layers": ["trunk"]}).document
    edited = edit.apply(document, {"op": "delete_layers", "layers": ["head"]}, sources=sources)
    assert edited.document.origins == {"trunk": None}
