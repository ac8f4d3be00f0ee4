"""Damaged files and files of other kinds: a clear error with a place, never a crash or a hang."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights.source import Source
from netgraft.weights.wire import MAX_DEPTH, Scanner, length_prefix, varint, walk

MakeNet = Callable[..., caffe_pb2.NetParameter]


def _try(data: bytes) -> weights.Index | weights.WeightsError:
    try:
        return weights.index(data)
    except weights.WeightsError as problem:
        return problem


def _explain(data: bytes) -> weights.WeightsError:
    with pytest.raises(weights.WeightsError) as caught:
        weights.index(data)
    return caught.value


@pytest.mark.parametrize("format", ["layer", "layers", "v0"])
def test_a_file_cut_at_any_byte_is_an_error_or_the_layers_before_it(make_net: MakeNet, format: str) -> None:
    net = make_net(("a", [(2, 3), (2,)]), ("b", [(3,)]), ("c", []), format=format)
    whole = net.SerializeToString()
    names = [layer.name for layer in weights.index(whole).layers]
    for length in range(len(whole)):
        index = _try(whole[:length])
        if isinstance(index, weights.WeightsError):
            assert index.offset is None or 0 <= index.offset <= length
            assert index.kind in ("damaged", "not-a-caffemodel")
            continue
        kept = [layer.name for layer in index.layers]
        assert kept == names[: len(kept)]
        assert len(kept) < len(names)
        caffe_pb2.NetParameter.FromString(whole[:length])
        for layer in index.layers:
            for blob in layer.blobs:
                assert blob.read().shape == blob.shape


def test_a_real_file_cut_short_says_how_much_is_missing(shared: Path) -> None:
    data = (shared / "weights" / "lenet_v1.caffemodel").read_bytes()[:500_000]
    problem = _explain(data)
    assert problem.message.startswith("Field 2 claims ")
    assert "but only" in problem.message
    assert problem.offset is not None


@given(st.data())
def test_changed_bytes_never_crash_the_index(data: st.DataObject) -> None:
    net = caffe_pb2.NetParameter(name="net")
    for name in ("a", "b"):
        blob = net.layer.add(name=name, type="InnerProduct").blobs.add(data=[1.0, 2.0], diff=[0.5, 0.5])
        blob.shape.dim.extend([2])
    raw = bytearray(net.SerializeToString())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    index = _try(bytes(raw))
    if isinstance(index, weights.WeightsError):
        return
    for layer in index.layers:
        for stored in layer.blobs:
            assert stored.read().size == stored.count
    plan = weights.plan([weights.Target(layer.name, layer.type, None) for layer in index.layers], index)
    assert len(b"".join(plan.chunks())) == plan.size


@given(st.binary(max_size=300))
def test_any_bytes_are_an_index_or_an_error(raw: bytes) -> None:
    index = _try(raw)
    assert str(index) if isinstance(index, weights.WeightsError) else index.layers


def test_an_empty_file_says_so() -> None:
    assert str(_explain(b"")) == "The file is empty (at byte 0)"


def test_a_prototxt_says_that_it_is_one(shared: Path) -> None:
    for path in (shared / "weights").glob("*.prototxt"):
        assert "This is a prototxt (text)" in str(_explain(path.read_bytes()))


def test_a_solverstate_is_named_with_the_weights_that_it_goes_with(shared: Path) -> None:
    problem = _explain((shared / "weights" / "cifar10_quick_v1.solverstate").read_bytes())
    assert problem.kind == "not-a-caffemodel"
    assert "This is a .solverstate (iteration 5000)" in problem.message
    assert "cannot be grafted" in problem.message
    assert "cifar10_quick_lr1_iter_5000.caffemodel" in problem.message


def test_a_mean_image_is_named() -> None:
    blob = caffe_pb2.BlobProto(num=1, channels=3, height=1, width=1, data=[1.0, 2.0, 3.0])
    assert "mean image" in _explain(blob.SerializeToString()).message


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (gzip.compress(b"abc", mtime=0), "gzip"),
        (b"PK\x03\x04" + bytes(30), "zip archive"),
        (b"<!DOCTYPE html><html></html>", "HTML page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
        (b"\x89HDF\r\n\x1a\n" + bytes(200), "HDF5 file"),
    ],
)
def test_files_of_other_kinds_are_named(data: bytes, word: str) -> None:
    assert word in _explain(data).message


def test_a_net_without_layers_is_no_caffemodel() -> None:
    assert "no layers" in _explain(caffe_pb2.NetParameter(name="\x01").SerializeToString()).message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xa2\x06\x05ab", "Field 100 claims 5 bytes, but only 2 are left"),
        (b"\xa2\x06\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "Field 100 claims"),
        (b"\xa2\x06" + b"\xff" * 12, "A number of more than ten bytes"),
        (b"\x0e\x00", "Wire type 6 does not exist"),
        (b"\x0f\x00", "Wire type 7 does not exist"),
        (b"\x02\x00", "A field with number 0"),
        (b"\xff\xff\xff\xff\xff\x01\x00", "A field number out of range"),
        (b"\x54", "Group 10 ends, but never began"),
        (b"\x53", "Group 10 never ends"),
        (b"\x53\x5c", "Group 11 ends, but another one is open"),
        (b"\x53" * (MAX_DEPTH + 1) + b"\x54" * (MAX_DEPTH + 1), "Groups nest deeper"),
        (b"\x0d\x00", "Field 1 needs 4 bytes"),
        (b"\xff", "in the middle of a number"),
    ],
)
def test_what_cannot_be_protobuf_is_said(data: bytes, words: str) -> None:
    assert words in _explain(data).message


def test_a_deep_bomb_of_groups_is_refused_quickly() -> None:
    assert "nest deeper" in _explain(b"\x53" * 3_000_000).message


def test_bombs_of_empty_layers_and_fields_are_refused() -> None:
    assert "layers and blobs" in _explain(b"\xa2\x06\x00" * 100_001).message
    with pytest.raises(weights.WeightsError, match="More than 1,000 fields"):
        list(walk(Scanner(Source(b"\xf8\x3f\x00" * 1001), most=1000), 0, 3003))
    assert "A name of" in _explain(length_prefix(1, 70_000) + bytes(70_000)).message


def test_packed_floats_of_a_broken_length_are_an_error() -> None:
    blob = length_prefix(5, 6) + bytes(6)
    layer = length_prefix(7, len(blob)) + blob
    problem = _explain(length_prefix(100, len(layer)) + layer)
    assert "6 bytes of values of 4 bytes each" in problem.message
    assert problem.offset == 7


def test_a_blob_of_thousands_of_axes_is_refused() -> None:
    dims = b"\x01" * 5000
    shape = length_prefix(1, len(dims)) + dims
    blob = length_prefix(7, len(shape)) + shape
    layer = length_prefix(7, len(blob)) + blob
    assert "more than 32 axes" in _explain(length_prefix(100, len(layer)) + layer).message


def test_a_shape_that_asks_for_the_moon_costs_nothing() -> None:
    dims = varint(1 << 40) * 2
    shape = length_prefix(1, len(dims)) + dims
    blob = length_prefix(7, len(shape)) + shape
    layer = length_prefix(7, len(blob)) + blob
    stored = weights.index(length_prefix(100, len(layer)) + layer).layers[0].blobs[0]
    assert stored.volume == 1 << 80
    assert stored.count == 0
    assert stored.read().size == 0


def test_a_file_that_shrinks_while_it_is_read_is_an_error(make_net: MakeNet, tmp_path: Path) -> None:
    path = tmp_path / "net.caffemodel"
    path.write_bytes(make_net(("a", [(100, 100)])).SerializeToString())
    index = weights.index(path)
    plan = weights.plan([weights.Target("a", "InnerProduct", None)], index)
    with path.open("r+b") as file:
        file.truncate(100)
    with pytest.raises(weights.WeightsError, match="became shorter"):
        index.layers[0].blobs[0].read()
    with pytest.raises(weights.WeightsError, match="became shorter"):
        weights.write(plan, tmp_path / "out.caffemodel")
    assert [item.name for item in tmp_path.iterdir()] == ["net.caffemodel"]
    index.close()
    with pytest.raises(weights.WeightsError, match="closed"):
        index.layers[0].blobs[0].read()


def test_values_that_are_no_numbers_stay_what_they_are(make_net: MakeNet) -> None:
    net = make_net(("a", [(3,)]))
    net.layer[0].blobs[0].data[:] = [np.nan, np.inf, -0.0]
    values = weights.index(net.SerializeToString()).layers[0].blobs[0].read()
    assert values.tobytes() == np.array([np.nan, np.inf, -0.0], "<f4").tobytes()
