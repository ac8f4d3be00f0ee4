"""The files that the documentation's examples are about, in a folder of their own."""

from __future__ import annotations

import re
import shutil
from math import prod
from pathlib import Path

import numpy as np
import pytest

import netgraft
from netgraft.proto import caffe_pb2

# The names of the documentation: the shared net that stands behind each.
NETS = {"lenet": "lenet_v1", "rgb": "lenet_v1", "det2": "mtcnn_det2", "triplet": "triplet_3dobj"}


@pytest.fixture(scope="session")
def example_files(repo: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """lenet, rgb, det2 and N as pairs, flow.caffemodel (rgb's layers, other values), the examples."""
    folder = tmp_path_factory.mktemp("example-files")
    for name, real in NETS.items():
        for ending in ("prototxt", "caffemodel"):
            shutil.copyfile(shared / "weights" / f"{real}.{ending}", folder / f"{name}.{ending}")
    shutil.copytree(repo / "examples", folder / "examples")
    for name, example in [
        ("question", "question"),
        ("net", "lenet_train_val"),
        ("resnet", "resnet50_deploy"),
    ]:
        shutil.copyfile(repo / "examples" / f"{example}.prototxt", folder / f"{name}.prototxt")
    text = (repo / "examples" / "alexnet_deploy.prototxt").read_text()
    small = re.sub(r"num_output: \d+", "num_output: 8", text)
    (folder / "N.prototxt").write_text(small)
    write_weights(folder / "N.prototxt", folder / "N.caffemodel", seed=1)
    write_weights(folder / "rgb.prototxt", folder / "flow.caffemodel", seed=2)
    return folder


def write_weights(net: Path, caffemodel: Path, *, seed: int) -> None:
    """A caffemodel with random values for every parameter blob of a net."""
    values = np.random.default_rng(seed)
    made = caffe_pb2.NetParameter(name="made")
    for layer in netgraft.open(net).check("TEST").net.layers:
        if not layer.blobs:
            continue
        stored = made.layer.add(name=layer.name, type=layer.type)
        for shape in layer.blobs:
            assert shape is not None
            blob = stored.blobs.add()
            blob.shape.dim.extend(shape)
            blob.data.extend(values.standard_normal(prod(shape)).tolist())
    caffemodel.write_bytes(made.SerializeToString())


@pytest.fixture
def desk(example_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder with those files, and the current one."""
    folder = tmp_path / "desk"
    shutil.copytree(example_files, folder)
    monkeypatch.chdir(folder)
    return folder
