"""Weights checked while they arrive: at the first impossible byte, and never more strictly than the index."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights import Arriving, WeightsError
from netgraft.weights.wire import length_prefix, varint

MakeNet = Callable[..., caffe_pb2.NetParameter]


def _index(data: bytes) -> WeightsError | None:
    try:
        weights.index(data).close()
    except WeightsError as problem:
        return problem
    return None


def _arrive(data: bytes, pieces: list[int] | None = None, size: int | None = None) -> WeightsError | None:
    """What the walker says of a file that arrives in such pieces, over and over."""
    arriving = Arriving(size)
    at = turn = 0
    pieces = pieces or [len(data) or 1]
    while at < len(data):
        step = pieces[turn % len(pieces)]
        try:
            arriving.feed(data[at : at + step])
        except WeightsError as problem:
            return problem
        at += step
        turn += 1
        assert arriving.position == min(at, len(data))
    return None


def _unpacked() -> bytes:
    """A layer whose floats and doubles stand one by one, as old writers did, with groups of a fork beside."""
    shape = caffe_pb2.BlobShape(dim=[3, 100]).SerializeToString()
    blob = length_prefix(7, len(shape)) + shape + (b"\x2d\0\0\x80\x3f" * 300)
    double = b"\x08\x02\x10\x01\x18\x01\x20\x01" + b"\x41" + b"\0" * 8 + b"\x41" + b"\1" * 8
    group = (
        varint(77 << 3 | 3) + varint(78 << 3 | 3) + b"\x0a\x01x" + varint(78 << 3 | 4) + varint(77 << 3 | 4)
    )
    layer = (
        b"\x0a\x01a\x12\x01b" + length_prefix(7, len(blob)) + blob + length_prefix(7, len(double)) + double
    )
    return b"\x0a\x03net" + group + length_prefix(100, len(layer) + len(group)) + layer + group


def _hdf5(userblock: int = 0) -> bytes:
    file = io.BytesIO()
    with h5py.File(file, "w", userblock_size=userblock) as made:
        made["data/ip/0"] = np.ones((2, 3), np.float32)
    return b"\x0b" * userblock + file.getvalue()[userblock:]


class Bases:
    """Files to break; a class, so that a failing example does not print megabytes."""

    def __init__(self, files: list[bytes]) -> None:
        self.files = files


@pytest.fixture(scope="session")
def bases(shared: Path) -> Bases:
    """Files to break: real ones of all ages, and small ones that are mostly headers."""
    small = caffe_pb2.NetParameter(name="net")
    for name in ("a", "b"):
        made = small.layer.add(name=name, type="InnerProduct").blobs.add(data=[1.0, 2.0], diff=[0.5, 0.5])
        made.shape.dim.extend([2])
    old = caffe_pb2.NetParameter(name="old" * 20)
    inner = old.layers.add(name="x", type=caffe_pb2.V1LayerParameter.CONVOLUTION)
    inner.blobs.add(num=1, channels=1, height=1, width=2, data=[1, 2])
    oldest = caffe_pb2.NetParameter(name="v0" * 20)
    oldest.layers.add().layer.MergeFrom(
        caffe_pb2.V0LayerParameter(name="y", type="conv", blobs=[caffe_pb2.BlobProto(double_data=[1, 2, 3])])
    )
    made_here = [each.SerializeToString() for each in (small, old, oldest)]
    folder = shared / "weights"
    real = [
        (folder / name).read_bytes()
        for name in ("mtcnn_det1.caffemodel", "mtcnn_det2.caffemodel", "cifar10_quick_v1.caffemodel",
                     "deeplandmark_1_F.caffemodel", "cifar10_quick_v1.solverstate")
    ]  # fmt: skip
    blob = caffe_pb2.BlobProto(num=1, channels=3, height=4, width=4, data=[0.5] * 48).SerializeToString()
    return Bases([*made_here * 4, _unpacked(), _unpacked(), *real, blob, _hdf5(), _hdf5(512)])


@given(
    base=st.integers(0, 20),
    changes=st.lists(
        st.tuples(
            st.sampled_from(["set", "delete", "insert"]),
            st.one_of(st.integers(0, 300), st.integers(0, 1 << 22)),
            st.one_of(st.sampled_from([0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF]), st.integers(0, 255)),
        ),
        max_size=4,
    ),
    cut=st.one_of(st.none(), st.integers(0, 400), st.integers(0, 1 << 22)),
    pieces=st.one_of(
        st.lists(st.integers(1, 9), min_size=1, max_size=4),
        st.lists(st.integers(60, 5000), min_size=1, max_size=3),
    ),
    told=st.booleans(),
)
@example(base=0, changes=[], cut=None, pieces=[1], told=True)
@example(base=12, changes=[], cut=None, pieces=[1], told=True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_index_accepts_arrives_however_it_is_cut(
    bases: Bases,
    base: int,
    changes: list[tuple[str, int, int]],
    cut: int | None,
    pieces: list[int],
    told: bool,
) -> None:
    data = bytearray(bases.files[base % len(bases.files)])
    for how, place, byte in changes:
        at = place % max(1, len(data))
        if how == "set" and data:
            data[at] = byte
        elif how == "delete":
            del data[at : at + 1]
        else:
            data.insert(at, byte)
    whole = bytes(data[: None if cut is None else cut % (len(data) + 1)])
    if len(whole) > 100_000 and max(pieces) < 10:
        pieces = [each * 1000 for each in pieces]
    refused = _arrive(whole, pieces, len(whole) if told else None)
    problem = _index(whole)
    if refused is not None:
        assert problem is not None, f"the walker refuses what the index reads: {refused}"
        # A cut file whose size is not told yet looks better than it is.
        assert not told or refused.kind == problem.kind, (refused, problem)


@pytest.mark.parametrize(
    "name",
    ["mtcnn_det1", "mtcnn_det2", "mtcnn_det3", "cifar10_quick_v1", "lenet_v1", "normface_lenet",
     "triplet_3dobj", "deeplandmark_1_F", "vdsr_adam"],
)  # fmt: skip
def test_every_real_model_arrives(shared: Path, name: str) -> None:
    data = (shared / "weights" / f"{name}.caffemodel").read_bytes()
    for pieces in ([len(data)], [65536], [4097, 13]):
        assert _arrive(data, pieces) is None
        assert _arrive(data, pieces, len(data)) is None


@pytest.mark.parametrize("userblock", [0, 512, 4096])
def test_hdf5_arrives_behind_a_user_block_too(userblock: int) -> None:
    data = _hdf5(userblock)
    assert _index(data) is None
    for pieces in ([1], [511, 2], [len(data)]):
        assert _arrive(data, pieces) is None


@pytest.mark.parametrize(
    ("start", "kind", "said"),
    [
        (b"PK\x03\x04", "not-a-caffemodel", "zip archive"),
        (b"<!DOCTYPE html>", "not-a-caffemodel", "HTML page"),
        (b"version https://git-lfs.github.com/spec/v1", "not-a-caffemodel", "Git LFS pointer"),
        (b'name: "net"\nlayer {\n  type: "ReLU"\n}\n' * 103, "not-a-caffemodel", "prototxt"),
        (b"\x00\x01\x02", "damaged", "at byte 0"),
        (b"\xff\xff\xff\xff\xff", "damaged", "at byte 0"),
        (b"\x0a\x03net\x0f", "damaged", "Wire type 7 does not exist"),
        (b"\x0a\xff\xff\xff\xff\x0f", "damaged", "A name of 4,294,967,295 bytes"),
    ],
)
def test_ten_gigabytes_of_something_else_are_refused_in_their_first_kilobytes(
    start: bytes, kind: str, said: str
) -> None:
    arriving = Arriving(10 << 30)
    arriving.feed(start)
    rest = b"\x0a" * (10_000 - len(start))
    with pytest.raises(WeightsError, match=said) as caught:
        arriving.feed(rest)
    assert caught.value.kind == kind


def test_a_solver_state_is_told_from_its_first_fields(shared: Path) -> None:
    data = (shared / "weights" / "cifar10_quick_v1.solverstate").read_bytes()
    for pieces in ([1], [7], [len(data)]):
        refused = _arrive(data[:400], pieces, 1 << 40)
        assert refused is not None
        problem = _index(data)
        assert problem is not None
        assert (refused.message, refused.kind) == (problem.message, "not-a-caffemodel")


def test_a_length_that_the_file_has_no_room_for_is_refused_when_its_size_is_known(make_net: MakeNet) -> None:
    data = make_net(("a" * 100, [(2000, 3)])).SerializeToString()
    arriving = Arriving(len(data) - 1)
    with pytest.raises(WeightsError, match="are left") as caught:
        arriving.feed(data[:5000])
    problem = _index(data[:-1])
    assert problem is not None
    assert (caught.value.message, caught.value.offset) == (problem.message, problem.offset)


@pytest.mark.parametrize("format", ["layer", "layers", "v0"])
def test_a_wrong_byte_deep_inside_is_refused_at_its_place(make_net: MakeNet, format: str) -> None:
    net = make_net(("a" * 90, [(40, 40)]), ("b", [(40, 40), (5,)]), format=format)
    data = bytearray(net.SerializeToString())
    shape = data.rindex(bytes([7 << 3 | 2, 3, 0x0A, 1, 5]))
    data[shape + 4] = 0x85  # a dim whose number goes on past the end of its message
    refused, problem = _arrive(bytes(data), [1000]), _index(bytes(data))
    assert refused is not None
    assert problem is not None
    assert (refused.message, refused.offset) == (problem.message, problem.offset)


def test_what_need_not_be_looked_at_can_be_passed_over(make_net: MakeNet) -> None:
    data = make_net(("a", [(100, 100)]), ("b", [(100, 300), (3,)])).SerializeToString() + b"\0"
    looked = _pass_over(arriving := Arriving(), data[:-1])
    assert looked < 100
    with pytest.raises(WeightsError, match="number 0") as caught:
        arriving.feed(data[-1:])
    assert caught.value.offset == len(data) - 1


def _pass_over(arriving: Arriving, data: bytes) -> int:
    """Feeds only what must be looked at; returns how many pieces that were."""
    looked = 0
    while arriving.position < len(data):
        if arriving.idle:
            arriving.skip(min(arriving.idle, len(data) - arriving.position))
        else:
            looked += 1
            arriving.feed(data[arriving.position : arriving.position + 64])
    return looked


@pytest.mark.parametrize(("part", "said"), [(b"\xa2\x06\x00", "layers and blobs"), (b"\x18\x00", "fields")])
def test_a_file_made_to_keep_readers_busy_is_refused(part: bytes, said: str) -> None:
    refused = _arrive(part * 1_000_001, [100_000])
    assert refused is not None
    assert said in refused.message


def test_a_run_of_floats_one_by_one_is_one_field() -> None:
    blob = b"\x2d\0\0\x80\x3f" * 1_000_001
    layer = length_prefix(7, len(blob)) + blob
    assert _arrive(length_prefix(100, len(layer)) + layer, [65_533]) is None
