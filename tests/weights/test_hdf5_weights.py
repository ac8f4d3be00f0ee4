"""Weights as HDF5: written as Net::ToHDF5 does, read as Net::CopyTrainedLayersFromHDF5 does."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from netgraft import prototxt, weights
from netgraft.caffe.net import Net, check
from netgraft.proto import caffe_pb2
from netgraft.weights import Target

MakeNet = Callable[..., caffe_pb2.NetParameter]

TWINS = """
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 } } }
layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" param { name: "w" }
  inner_product_param { num_output: 2 } }
layer { name: "b" type: "InnerProduct" bottom: "data" top: "b" param { name: "w" }
  inner_product_param { num_output: 2 } }
"""


@pytest.fixture
def twins() -> Net:
    return check(prototxt.parse(TWINS)).net


@pytest.fixture
def source(make_net: MakeNet, tmp_path: Path) -> weights.Index:
    path = tmp_path / "in.caffemodel"
    path.write_bytes(make_net(("a", [(2, 3), (2,)]), ("b", [(2, 3), (2,)])).SerializeToString())
    return weights.index(path)


def test_owners_only_are_written_and_every_layer_has_its_group(
    twins: Net, source: weights.Index, tmp_path: Path
) -> None:
    path = tmp_path / "out.caffemodel.h5"
    weights.write_hdf5(weights.plan(weights.targets(twins), source), path)
    with h5py.File(path) as file:
        data = file["data"]
        assert {name: sorted(group) for name, group in data.items()} == {
            "a": ["0", "1"],
            "b": ["1"],
            "data": [],
        }
        assert data["a/0"].dtype == np.float32
        assert data["a/0"][()].tolist() == [[1, 2, 3], [4, 5, 6]]
        assert data["b/1"][()].tolist() == [15, 16]


def test_what_was_written_loads_and_grafts_again(twins: Net, source: weights.Index, tmp_path: Path) -> None:
    path = tmp_path / "out.caffemodel.h5"
    weights.write_hdf5(weights.plan(weights.targets(twins), source), path)
    with weights.index(path) as index:
        assert index.format == "hdf5"
        matching = weights.match(index, twins)
        assert matching.diagnostics == ()
        assert [(row.name, row.state) for row in matching] == [("a", "loads"), ("b", "loads")]
        back = caffe_pb2.NetParameter.FromString(
            b"".join(weights.plan(weights.targets(twins), index).chunks())
        )
    blobs = {layer.name: layer.blobs for layer in back.layer}
    assert list(blobs["b"][0].data) == [1, 2, 3, 4, 5, 6]
    assert list(blobs["b"][1].data) == [15, 16]
    assert list(blobs["a"][0].shape.dim) == [2, 3]


def test_names_with_a_slash_are_refused_with_the_reason(make_net: MakeNet, tmp_path: Path) -> None:
    source = weights.index(make_net(("conv1/3x3", [(2,)])).SerializeToString())
    plan = weights.plan([Target("conv1/3x3", "InnerProduct", ((2,),))], source)
    with pytest.raises(weights.WeightsError, match="`/` separates groups") as caught:
        weights.write_hdf5(plan, tmp_path / "x.h5")
    assert caught.value.kind == "clash"
    assert list(tmp_path.iterdir()) == []


def test_doubles_stay_doubles_and_unpacked_and_legacy_blobs_arrive(make_net: MakeNet, tmp_path: Path) -> None:
    net = make_net(("a", [(2, 3), (2,)]), format="layers", legacy=True)
    doubles = net.layers[0].blobs[0]
    doubles.double_data.extend([0.1] * 6)
    doubles.ClearField("data")
    plan = weights.plan([Target("a", "InnerProduct", ((2, 3), (2,)))], weights.index(net.SerializeToString()))
    path = tmp_path / "x.h5"
    weights.write_hdf5(plan, path, durable=True)
    with h5py.File(path) as file:
        assert file["data/a/0"].dtype == np.float64
        assert file["data/a/0"][()].tolist() == [[0.1] * 3] * 2
        assert file["data/a/1"].shape == (2,)


@pytest.mark.parametrize("options", [{"chunks": (2, 2)}, {"compression": "gzip"}, {"dtype": ">f4"}, {}])
def test_datasets_that_are_not_plain_are_read_through_hdf5(
    tmp_path: Path, options: dict[str, object]
) -> None:
    path = tmp_path / "x.h5"
    values = np.arange(12, dtype=np.float32).reshape(4, 3)
    with h5py.File(path, "w") as file:
        file.create_dataset("data/a/0", data=values, **options)
        file.create_dataset("data/a/1", data=np.arange(4))
    for opened in (path, path.read_bytes()):
        with weights.index(opened) as index:
            blob, integers = index.layers[0].blobs
            assert np.array_equal(blob.read(), values)
            assert integers.read().tolist() == [0, 1, 2, 3]
            targets = [Target("a", "InnerProduct", ((4, 3), (4,)))]
            plan = weights.plan(targets, index)
            made = b"".join(plan.chunks(size=8))
            assert len(made) == plan.size
            assert b"".join(plan.chunks(3, 50, size=5)) == made[3:50]
            layer = caffe_pb2.NetParameter.FromString(made).layer[0]
            assert list(layer.blobs[0].data) == values.ravel().tolist()
            assert list(layer.blobs[1].data) == [0, 1, 2, 3]


def test_scalars_and_leading_ones_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("data/a/0", data=np.arange(8).reshape(1, 1, 8))
        file.create_dataset("data/a/1", data=5)
        file.create_dataset("data/a/2", data=np.ones((1, 1), np.float16))
    with weights.index(path) as index:
        first, scalar, half = index.layers[0].blobs
        assert list(b"".join(first.pieces(size=12))) == list(np.arange(8, dtype="<f4").tobytes())
        assert (scalar.shape, scalar.read().tolist()) == ((), 5)
        assert half.read().tolist() == [[1]]


def test_clashes_speak_the_hdf5_readers_words(twins: Net, tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["data/a/0"] = np.zeros((2, 4), np.float32)
        file["data/a/1"] = np.zeros(2, np.float32)
        file["data/b/0"] = np.zeros((2, 3), np.float32)
        file["data/old/0"] = np.zeros(1, np.float32)
    with weights.index(path) as index:
        matching = weights.match(index, twins)
    assert [d.caffe_message for d in matching.diagnostics if d.severity == "error"] == [
        "Check failed: blob_dims == blob->shape() Cannot load blob from hdf5; shape mismatch. "
        "Source shape is 2 4 (8) target shape is 2 3 (6)",
        "Incompatible number of blobs for layer b",
    ]
    assert [row.name for row in matching if row.state == "ignored"] == ["old"]


def test_a_sharer_whose_owner_is_nowhere_keeps_its_filler(twins: Net, tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["data/b/1"] = np.zeros(2, np.float32)
    with weights.index(path) as index:
        rows = {row.name: row for row in weights.match(index, twins)}
    assert [blob.state for blob in rows["b"].blobs] == ["filler", "loads"]
    assert rows["a"].state == "filler"


def test_an_hdf5_file_cannot_reach_other_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(64))
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("data/a/0", (2,), "f4", external=[(secret, 0, 8)])
    with pytest.raises(weights.WeightsError, match="outside the file"):
        weights.index(path)
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["data/a/0"] = np.ones(2, np.float32)
    for link in (h5py.ExternalLink("other.h5", "/data"), h5py.ExternalLink("other.h5", "/data/a")):
        with h5py.File(path, "w") as file:
            file["data" if link.path == "/data" else "data/a"] = link
        with pytest.raises(weights.WeightsError, match="link"):
            weights.index(path)
    with h5py.File(path, "w") as file:
        layout = h5py.VirtualLayout((2,), "f4")
        layout[:] = h5py.VirtualSource("other.h5", "data/a/0", (2,))
        file.create_virtual_dataset("data/a/0", layout)
    with pytest.raises(weights.WeightsError, match="outside the file"):
        weights.index(path)


def test_one_long_row_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    values = np.arange(3 * 100_000, dtype=np.float32).reshape(3, 1, 100_000)
    with h5py.File(path, "w") as file:
        file.create_dataset("data/a/0", data=values, chunks=(1, 1, 1000))
    with weights.index(path) as index:
        blob = index.layers[0].blobs[0]
        assert b"".join(blob.pieces(size=70_000)) == values.tobytes()
        assert max(len(piece) for piece in blob.pieces(size=70_000)) == 70_000


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda file: file.create_dataset("x", data=1), "no group /data"),
        (lambda file: (file.create_group("history"), file.create_dataset("iter", data=1)), "solverstate.h5"),
        (lambda file: file.create_dataset("data/a/0", data=b"text"), "holds no numbers"),
    ],
)
def test_other_hdf5_files_are_named(tmp_path: Path, make: Callable[[h5py.File], object], words: str) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        make(file)
    with pytest.raises(weights.WeightsError, match=words):
        weights.index(path)


def test_an_hdf5_file_cut_short_is_an_error_or_reads_as_one(tmp_path: Path, source: weights.Index) -> None:
    path = tmp_path / "x.h5"
    plan = weights.plan([Target("a", "InnerProduct", ((2, 3), (2,)))], source)
    weights.write_hdf5(plan, path)
    whole = path.read_bytes()
    for length in range(8, len(whole), 97):
        with pytest.raises(weights.WeightsError):
            weights.index(whole[:length])


def test_compressed_values_that_are_damaged_are_told_when_they_are_read() -> None:
    written = io.BytesIO()
    with h5py.File(written, "w") as file:
        made = file.create_dataset("data/ip/0", data=np.ones((2, 3), np.float32), compression="gzip")
        at = made.id.get_chunk_info(0).byte_offset
    data = bytearray(written.getvalue())
    data[at : at + 4] = b"\xff\xff\xff\xff"
    with weights.index(bytes(data)) as index, pytest.raises(weights.WeightsError, match="damaged"):
        index.layers[0].blobs[0].read()


def test_an_address_beyond_any_file_is_damage() -> None:
    written = io.BytesIO()
    with h5py.File(written, "w") as file:
        file.create_dataset("data/ip/0", data=np.ones((2, 3), np.float32))
    data = bytearray(written.getvalue())
    data[48] = 0x7F  # of the driver's block: h5py raises OverflowError
    with pytest.raises(weights.WeightsError, match=r"cannot be opened.*too large"):
        weights.index(bytes(data))
