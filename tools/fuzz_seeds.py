"""Writes small inputs for the fuzz targets to begin with: FOLDER/TARGET/NAME, the same on every run.

    .venv/bin/python tools/fuzz_seeds.py FOLDER

They are made and not kept: each holds one thing that its reader knows, so that atheris need not find it.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from netgraft.proto import caffe_pb2

ROOT = Path(__file__).resolve().parent.parent
Seeds = Iterator[tuple[str, bytes]]

SNIPPETS = {
    "rates": 'layer { name: "a" type: "InnerProduct" param { name: "w" lr_mult: 1e-1 decay_mult: .5 } }',
    "brackets": "layer < name: 'a' top: [ \"x\", 'y' ] >",
    "old": 'layers { name: "a" type: CONVOLUTION blobs_lr: 1 convolution_param { num_output: 1 } }',
    "oldest": 'layers { layer { name: "a" type: "conv" num_output: 1 } }',
    "phases": 'layer { name: "a" type: "ReLU" include { phase: TRAIN not_stage: "s" min_level: 1 } }',
    "escapes": 'name: "\\x41\\101\\n" # words\r\n',
    "net-level": 'input: "data" input_shape { dim: 1 dim: 3 } force_backward: true',
}


def prototxt() -> Seeds:
    """The smaller examples, and one text for each turn of the language."""
    for name, text in SNIPPETS.items():
        yield name, text.encode()
    for file in sorted((ROOT / "examples").glob("*.prototxt")):
        if file.stat().st_size <= 20_000:
            yield file.stem, file.read_bytes()


def caffemodel() -> Seeds:
    """A layer of each of the three formats, with floats, doubles, and the old four axes."""
    now = caffe_pb2.NetParameter(name="now")
    layer = now.layer.add(name="ip", type="InnerProduct", bottom=["x"], top=["ip"], phase=caffe_pb2.TEST)
    layer.blobs.add(data=[1, 2], shape=caffe_pb2.BlobShape(dim=[1, 2]))
    layer.blobs.add(double_data=[3], shape=caffe_pb2.BlobShape(dim=[1]), diff=[0])
    yield "now", now.SerializeToString()
    v1 = caffe_pb2.NetParameter(name="v1")
    old = v1.layers.add(name="conv", type=caffe_pb2.V1LayerParameter.CONVOLUTION)
    old.blobs.add(data=[1], num=1, channels=1, height=1, width=1)
    yield "v1", v1.SerializeToString()
    v0 = caffe_pb2.NetParameter(name="v0")
    oldest = v0.layers.add().layer
    oldest.name, oldest.type = "ip", "innerproduct"
    oldest.blobs.add(data=[1], num=1, channels=1, height=1, width=1)
    yield "v0", v0.SerializeToString()


def hdf5() -> Seeds:
    """Datasets in one piece, in chunks, compressed, of doubles; a group without any; a solver's state."""
    ones = np.ones((2, 3), np.float32)
    made: dict[str, Callable[[h5py.File], Any]] = {
        "plain": lambda file: file.create_dataset("data/ip/0", data=ones),
        "chunks": lambda file: file.create_dataset("data/ip/0", data=ones, chunks=(1, 3)),
        "gzip": lambda file: file.create_dataset("data/ip/0", data=ones, compression="gzip"),
        "doubles": lambda file: file.create_dataset("data/ip/1", data=ones.astype(np.float64)),
        "empty": lambda file: file.create_group("data/relu"),
        "state": lambda file: (file.create_group("history"), file.create_dataset("iter", data=1)),
    }
    for name, make in made.items():
        written = io.BytesIO()
        with h5py.File(written, "w") as file:
            make(file)
        yield name, written.getvalue()


def multipart() -> Seeds:
    """Forms, behind the byte that says into what pieces they are cut."""
    for name, field in [("prototxt", 'name="prototxt"; filename="a"'), ("quoted", 'name="na\\"me"')]:
        head = f"--b\r\nContent-Disposition: form-data; {field}\r\n\r\n".encode()
        yield name, b"\x30" + head + b"layer {}\r\n--b--\r\n"


def live() -> Seeds:
    """What a client says, and what processes tell each other."""
    said: dict[str, dict[str, object]] = {
        "me": {"type": "me", "name": "Ada", "selection": ["conv1", "é"], "more": 2},
        "nothing": {"type": "me"},
        "here": {"node": "n", "here": [["c", "Ada", ["conv1"], 0, "edit", 1]]},
        "gone": {"node": "n", "gone": ["c"], "hello": 1},
    }
    for name, message in said.items():
        yield name, json.dumps(message).encode()


TARGETS: dict[str, Callable[[], Seeds]] = {
    "prototxt": prototxt,
    "caffemodel": caffemodel,
    "hdf5": hdf5,
    "multipart": multipart,
    "live": live,
}


def write(folder: Path) -> None:
    """Writes all seeds; what else is there stays."""
    for target, seeds in TARGETS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for name, data in seeds():
            (folder / target / f"seed-{name}").write_bytes(data)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
