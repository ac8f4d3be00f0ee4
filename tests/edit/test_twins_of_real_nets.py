"""Every real caffemodel that we have: opened, grafted as twins of three kinds, written, read anew and run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format

from netgraft import edit, weights
from netgraft.caffe.catalogue.registry import lookup
from netgraft.caffe.net import check, suggested_profile
from netgraft.edit.meaning import roles
from netgraft.edit.pairing import plan_weights, prove_weights
from netgraft.proto import caffe_pb2
from netgraft.weights.running import Side, compare_branches

MODELS = [
    "cifar10_quick_v1",
    "deeplandmark_1_F",
    "lenet_v1",
    "mtcnn_det1",
    "mtcnn_det2",
    "mtcnn_det3",
    "normface_lenet",
    "triplet_3dobj",
    "vdsr_adam",
]


def test_no_real_caffemodel_is_left_out(shared: Path) -> None:
    assert sorted(file.stem for file in (shared / "weights").glob("*.caffemodel")) == MODELS


def _read(folder: Path, name: str) -> edit.Document:
    if name == "normface_lenet":
        return _stored_net(folder / f"{name}.caffemodel")
    # vdsr_adam takes pictures of 256 x 256 through twenty layers: smaller ones tell as much.
    text = (folder / f"{name}.prototxt").read_bytes().replace(b"input_dim: 256", b"input_dim: 32")
    return edit.Document.read(text)


def _stored_net(file: Path) -> edit.Document:
    """The net that the caffemodel itself describes (its prototxt is a sibling's), without a fork's layers."""
    net = caffe_pb2.NetParameter.FromString(file.read_bytes())
    kept = caffe_pb2.NetParameter(name=net.name)
    made = kept.layer.add(name="data", type="Input", top=["data"])
    made.input_param.shape.add(dim=(1, 1, 28, 28))
    reached = {"data"}
    for layer in net.layer:
        if layer.bottom and set(layer.bottom) <= reached and lookup(layer.type) is not None:
            kept.layer.add().CopyFrom(layer)
            kept.layer[-1].ClearField("blobs")
            reached |= set(layer.top)
    return edit.Document.read(text_format.MessageToString(kept))


def _graft(document: edit.Document, kind: str) -> edit.Document:
    """All layers but the inputs twice: independent, all shared, or every second one of those with blobs."""
    upgraded = edit.apply(document, {"op": "upgrade"}).document if _is_old(document) else document
    here = edit.view(upgraded.tree)
    layers = [layer for layer in here.layers if layer.bottoms]
    learned = [layer.key for layer in layers if roles(here, layer) not in ((), None)]
    share: dict[str, Any] = {"default": "all" if kind == "shared" else "none"}
    if kind == "mixed":
        share["layers"] = dict.fromkeys(learned[::2], "shared")
    operation = {"op": "duplicate", "layers": [layer.key for layer in layers], "share": share}
    return edit.apply(upgraded, operation).document


def _is_old(document: edit.Document) -> bool:
    return bool(check(document.tree).upgrades)


def _side(document: edit.Document, index: weights.Index, file: Path) -> Side:
    return Side(check(document.tree, profile=suggested_profile(document.tree)).net, index, file)


@pytest.mark.parametrize("kind", ["independent", "shared", "mixed"])
@pytest.mark.parametrize("name", MODELS)
def test_a_twin_is_written_read_anew_and_answers_as_the_original(
    shared: Path, tmp_path: Path, name: str, kind: str
) -> None:
    folder = shared / "weights"
    original = _read(folder, name)
    twin = _graft(original, kind)
    model, out = folder / f"{name}.caffemodel", tmp_path / "twin.caffemodel"
    with weights.index(model) as index:
        plan = plan_weights(twin, index)
        weights.write(plan, out)
        actions = {layer.action for layer in plan.layers if layer.target.blobs}
        assert actions == {"copied"} | ({"shared"} if kind != "independent" else set())
        with weights.index(out) as written:
            proof = prove_weights(twin, written, index)
            assert proof.ok, proof.failures
            assert {row.finding for row in proof.rows} == {"equal"}
            ends = compare_branches(_side(twin, written, out), _side(original, index, model))
            assert {end.layer for end in ends} == {
                end.original + suffix for end in ends for suffix in ("_a", "_b")
            }
            assert len(ends) >= 2
            for end in ends:
                assert end.equal
                assert end.difference == 0
                assert end.scale > 0
