"""A grafted pair runs: OpenCV loads it, and both branches answer as the original does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from google.protobuf import text_format
from numpy.typing import NDArray

from netgraft import prototxt, weights
from netgraft.caffe.net import Net, check
from netgraft.proto import caffe_pb2

MODELS = [
    "cifar10_quick_v1",
    "deeplandmark_1_F",
    "lenet_v1",
    "mtcnn_det1",
    "mtcnn_det2",
    "mtcnn_det3",
    "triplet_3dobj",
    "vdsr_adam",
]


def _twin(net: Net, shared: bool) -> tuple[caffe_pb2.NetParameter, dict[str, weights.Origin | None]]:
    """The net's layers twice, `_a` and `_b`, behind the same inputs; with `shared`, one parameter each."""
    twin = caffe_pb2.NetParameter(name="twin")
    origins: dict[str, weights.Origin | None] = {}
    for layer in net.layers:
        if not layer.bottoms:
            twin.layer.add().CopyFrom(layer.message)
    inputs = {top for layer in net.layers if not layer.bottoms for top in layer.tops}
    for suffix in ("_a", "_b"):
        for layer in net.layers:
            if not layer.bottoms:
                continue
            copy = twin.layer.add()
            copy.CopyFrom(layer.message)
            copy.name += suffix
            origins[copy.name] = weights.Origin(layer.name)
            del copy.bottom[:], copy.top[:]
            copy.bottom.extend(name if name in inputs else name + suffix for name in layer.bottoms)
            copy.top.extend(name + suffix for name in layer.tops)
            while shared and len(copy.param) < len(layer.blobs):
                copy.param.add()
            for index, param in enumerate(copy.param if shared else ()):
                param.name = f"{layer.name}_{index}"
    return twin, origins


def _inputs(net: Net) -> Iterator[tuple[str, tuple[int, ...]]]:
    for layer in net.layers:
        if not layer.bottoms:
            for top, shape in zip(layer.tops, layer.top_shapes, strict=True):
                assert shape is not None
                yield top, shape


def _run(
    text: bytes, model: Path, feed: dict[str, NDArray[np.float32]], outputs: list[str]
) -> list[NDArray[np.float32]]:
    net = cv2.dnn.readNetFromCaffe(np.frombuffer(text, np.uint8), np.fromfile(model, np.uint8))
    for name, value in feed.items():
        net.setInput(value, name)
    return [np.array(output, np.float32) for output in net.forward(outputs)]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("shared_weights", [False, True], ids=["independent", "shared"])
def test_both_branches_answer_as_the_original(
    shared: Path, tmp_path: Path, name: str, shared_weights: bool
) -> None:
    folder = shared / "weights"
    # vdsr_adam takes pictures of 256 x 256 through twenty layers: smaller ones tell as much.
    wanted = (folder / f"{name}.prototxt").read_bytes().replace(b"input_dim: 256", b"input_dim: 32")
    net = check(prototxt.parse(wanted)).net
    twin, origins = _twin(net, shared_weights)
    text = text_format.MessageToString(twin).encode()
    verdict = check(prototxt.parse(text))
    assert verdict.ok
    targets = weights.targets(verdict.net)
    out = tmp_path / "twin.caffemodel"
    with weights.index(folder / f"{name}.caffemodel") as index:
        plan = weights.plan(targets, index, origins)
        weights.write(plan, out)
    actions = {layer.action for layer in plan.report.layers if layer.blobs}
    assert actions == ({"copied", "shared"} if shared_weights else {"copied"})
    with weights.index(out) as written:
        assert weights.match(written, verdict.net).diagnostics == ()
    random = np.random.default_rng(4)
    feed = {top: random.random(shape, np.float32) for top, shape in _inputs(net)}
    last = [layer.name for layer in net.layers if set(layer.tops) & set(net.outputs)]
    original = text_format.MessageToString(
        caffe_pb2.NetParameter(layer=[layer.message for layer in net.layers])
    ).encode()
    expected = _run(original, folder / f"{name}.caffemodel", feed, last)
    for suffix in ("_a", "_b"):
        answer = _run(text, out, feed, [layer + suffix for layer in last])
        for mine, its in zip(answer, expected, strict=True):
            assert np.array_equal(mine, its)
            assert np.ptp(its) > 0 or its.size == 1
