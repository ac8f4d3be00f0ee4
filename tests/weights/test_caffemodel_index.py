"""The index against protobuf's own parse of the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights.wire import length_prefix, varint

MakeNet = Callable[..., caffe_pb2.NetParameter]


def _stored(net: caffe_pb2.NetParameter) -> Iterator[tuple[str, list[caffe_pb2.BlobProto]]]:
    for layer in net.layer:
        yield layer.name, list(layer.blobs)
    for old in net.layers:
        if old.HasField("layer"):
            yield old.layer.name, list(old.layer.blobs)
        else:
            yield old.name, list(old.blobs)


def _agree(index: weights.Index, net: caffe_pb2.NetParameter) -> None:
    stored = list(_stored(net))
    assert index.name == net.name
    assert [layer.name for layer in index.layers] == [name for name, _ in stored]
    for layer, (_, blobs) in zip(index.layers, stored, strict=True):
        assert len(layer.blobs) == len(blobs)
        for found, blob in zip(layer.blobs, blobs, strict=True):
            legacy = any(blob.HasField(name) for name in ("num", "channels", "height", "width"))
            four = (blob.num, blob.channels, blob.height, blob.width)
            assert found.shape == (four if legacy else tuple(blob.shape.dim))
            assert found.legacy == legacy
            values = blob.double_data or blob.data
            if values or not found.raw:
                kind = np.float64 if blob.double_data else np.float32
                assert found.read().tobytes() == np.asarray(values, kind).tobytes()


@pytest.fixture(scope="module")
def models(shared: Path) -> list[Path]:
    return sorted((shared / "weights").glob("*.caffemodel"))


def test_every_real_caffemodel_agrees_with_protobuf(models: list[Path]) -> None:
    assert models
    for path in models:
        net = caffe_pb2.NetParameter.FromString(path.read_bytes())
        with weights.index(path) as index:
            _agree(index, net)


def test_a_v1_file_tells_todays_types(shared: Path) -> None:
    with weights.index(shared / "weights" / "lenet_v1.caffemodel") as index:
        assert {layer.type for layer in index.layers} == {
            "Data",
            "Convolution",
            "Pooling",
            "InnerProduct",
            "ReLU",
            "SoftmaxWithLoss",
        }
        assert {layer.format for layer in index.layers} == {"layers"}


@pytest.mark.parametrize("format", ["layer", "layers", "v0"])
@pytest.mark.parametrize("legacy", [False, True])
def test_all_formats_read_alike(make_net: MakeNet, format: str, legacy: bool) -> None:
    net = make_net(("a", [(2, 3), (2,)]), ("b", [(1, 4)]), format=format, legacy=legacy)
    index = weights.index(net.SerializeToString())
    _agree(index, net)
    assert {layer.type for layer in index.layers} == {"InnerProduct"}
    assert {layer.format for layer in index.layers} == {format}


def test_once_one_layer_is_v0_all_are_and_padding_layers_vanish(make_net: MakeNet) -> None:
    net = make_net(("a", [(2,)]), format="layers")
    pad = net.layers.add().layer
    pad.name, pad.type = "pad", "padding"
    inner = net.layers.add().layer
    inner.name, inner.type = "ip", "innerproduct"
    assert [(layer.name, layer.type) for layer in weights.index(net.SerializeToString()).layers] == [
        ("", ""),
        ("ip", "InnerProduct"),
    ]


def test_doubles_win_over_floats_as_in_caffe(make_net: MakeNet) -> None:
    net = make_net(("a", [(2,)]))
    net.layer[0].blobs[0].double_data.extend([5.0, 6.0])
    blob = weights.index(net.SerializeToString()).layers[0].blobs[0]
    assert blob.dtype == "double"
    assert blob.read().tolist() == [5.0, 6.0]


def _model(blob: bytes, name: bytes = b"a") -> bytes:
    layer = length_prefix(1, len(name)) + name + length_prefix(7, len(blob)) + blob
    return length_prefix(100, len(layer)) + layer


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 40_000])
def test_floats_written_one_by_one_are_one_run(count: int) -> None:
    values = np.arange(count, dtype="<f4")
    unpacked = np.zeros((count, 5), np.uint8)
    unpacked[:, 0] = 5 << 3 | 5
    unpacked[:, 1:] = values.view(np.uint8).reshape(count, 4)
    shape = length_prefix(1, len(varint(count))) + varint(count)
    data = _model(unpacked.tobytes() + length_prefix(7, len(shape)) + shape)
    assert list(caffe_pb2.NetParameter.FromString(data).layer[0].blobs[0].data) == values.tolist()
    blob = weights.index(data).layers[0].blobs[0]
    assert len(blob.segments) == 1
    assert blob.data is None
    assert blob.read().tolist() == values.tolist()
    assert b"".join(blob.pieces(size=64)) == values.tobytes()


def test_data_in_several_packed_pieces_is_one_blob() -> None:
    pieces = [np.arange(3, dtype="<f4"), np.arange(3, 8, dtype="<f4")]
    blob = b"".join(length_prefix(5, piece.nbytes) + piece.tobytes() for piece in pieces)
    assert weights.index(_model(blob)).layers[0].blobs[0].read().tolist() == [0, 1, 2, 3, 4, 5, 6, 7]


def test_a_shape_stated_twice_merges_as_in_protobuf() -> None:
    shape = b"\x3a\x03\x0a\x01\x02" + b"\x3a\x02\x08\x03"
    blob = length_prefix(5, 24) + bytes(24) + shape
    assert tuple(caffe_pb2.NetParameter.FromString(_model(blob)).layer[0].blobs[0].shape.dim) == (2, 3)
    assert weights.index(_model(blob)).layers[0].blobs[0].shape == (2, 3)


@pytest.mark.parametrize(("kind", "dtype"), [(0, "<f8"), (1, "<f4"), (2, "<f2"), (3, "<i4"), (4, "<u4")])
def test_raw_data_of_a_fork_is_read(kind: int, dtype: str) -> None:
    values = np.array([1, 2, 3], dtype)
    blob = (
        b"\x3a\x03\x0a\x01\x03" + b"\x50" + varint(kind) + length_prefix(12, values.nbytes) + values.tobytes()
    )
    found = weights.index(_model(blob)).layers[0].blobs[0]
    assert found.raw
    assert found.read().dtype == np.dtype(dtype)
    assert found.read().tolist() == [1, 2, 3]


def test_a_known_field_with_another_wire_type_is_an_unknown_field() -> None:
    data = length_prefix(100, 9) + b"\x08\x07" + b"\x3d\x00\x00\x00\x00" + b"\x10\x01"
    net = caffe_pb2.NetParameter.FromString(data)
    layer = weights.index(data).layers[0]
    assert (layer.name, layer.type, layer.blobs) == (net.layer[0].name, net.layer[0].type, ())
    assert layer.unknown == ()


def test_duplicate_names_are_kept_and_the_last_is_in_force(make_net: MakeNet) -> None:
    index = weights.index(make_net(("a", [(1,)]), ("b", [(1,)]), ("a", [(1,)])).SerializeToString())
    assert [layer.name for layer in index.layers] == ["a", "b", "a"]
    assert index.by_name("a") is index.layers[0]
    assert index.effective("a") is index.layers[2]
    assert index.by_name("c") is None


def test_names_that_are_not_utf8_are_kept() -> None:
    index = weights.index(_model(b"", name=b"caf\xe9"))
    assert index.layers[0].name.encode("utf-8", "surrogateescape") == b"caf\xe9"


def test_net_level_inputs_with_sizes_make_an_input_layer() -> None:
    net: Any = caffe_pb2.NetParameter(input=["data"])
    net.layer.add(name="a")
    assert not weights.index(net.SerializeToString()).input_layer
    net.input_dim.extend([1, 3, 4, 4])
    assert weights.index(net.SerializeToString()).input_layer
