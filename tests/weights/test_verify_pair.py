"""The proof: good pairs pass, and each way of being wrong is found and told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights import Origin, Target

MakeNet = Callable[..., caffe_pb2.NetParameter]
Origins = dict[str, Origin | None]

SHAPES = ((2, 3), (2,))
TARGETS = [
    Target("data", "Data", ()),
    Target("ip_a", "InnerProduct", SHAPES),
    Target("ip_b", "InnerProduct", SHAPES, owners=(("ip_a", 0), ("ip_a", 1)), spare=(True, True)),
    Target("new", "InnerProduct", ((1,),)),
]
ORIGINS: Origins = {"ip_a": Origin("ip"), "ip_b": Origin("ip")}


@pytest.fixture
def original(make_net: MakeNet) -> weights.Index:
    return weights.index(make_net(("ip", SHAPES), ("other", SHAPES), format="layers").SerializeToString())


def _graft(original: weights.Index, *, skip_sharers: bool = False) -> bytearray:
    plan = weights.plan(TARGETS, original, ORIGINS, skip_sharers=skip_sharers)
    return bytearray(b"".join(plan.chunks()))


@pytest.mark.parametrize("origins", [ORIGINS, None])
def test_a_good_pair_passes_and_names_every_source(original: weights.Index, origins: Origins | None) -> None:
    proof = weights.verify(weights.index(_graft(original)), TARGETS, original, origins)
    assert proof.ok
    assert [(row.layer, row.blob, row.finding, row.source) for row in proof.rows] == [
        ("ip_a", 0, "equal", "ip/0"),
        ("ip_a", 1, "equal", "ip/1"),
        ("ip_b", 0, "equal", "ip/0"),
        ("ip_b", 1, "equal", "ip/1"),
        ("new", 0, "filler", ""),
    ]


@pytest.mark.parametrize("origins", [ORIGINS, None])
def test_sharers_may_be_left_out(original: weights.Index, origins: Origins | None) -> None:
    proof = weights.verify(weights.index(_graft(original, skip_sharers=True)), TARGETS, original, origins)
    assert proof.ok
    assert [row.finding for row in proof.rows if row.layer == "ip_b"] == ["shared", "shared"]
    assert proof.rows[2].source == "ip_a/0"


@pytest.mark.parametrize("origins", [ORIGINS, None])
def test_one_changed_bit_is_found(original: weights.Index, origins: Origins | None) -> None:
    raw = _graft(original)
    place = weights.index(bytes(raw)).require("ip_b").blobs[0].data
    assert place is not None
    raw[place[0] + 9] ^= 1
    proof = weights.verify(weights.index(raw), TARGETS, original, origins)
    assert [(row.layer, row.blob) for row in proof.failures] == [("ip_b", 0)]
    if origins:
        assert proof.failures[0].message == "differs from ip/0 at value 2"
    else:
        assert proof.failures[0].message == "equals no blob of the originals"


def test_blobs_of_the_wrong_layer_are_found(original: weights.Index) -> None:
    wrong: Origins = {"ip_a": Origin("other"), "ip_b": Origin("other")}
    raw = b"".join(weights.plan(TARGETS, original, wrong).chunks())
    proof = weights.verify(weights.index(raw), TARGETS, original, ORIGINS)
    assert {row.finding for row in proof.failures} == {"differs"}
    assert len(proof.failures) == 4


def test_a_missing_layer_a_misfit_and_a_stray_are_found(original: weights.Index, make_net: MakeNet) -> None:
    raw = make_net(("ip_b", [(3, 2), (2,)]), ("stray", [(1,)])).SerializeToString()
    proof = weights.verify(weights.index(raw), TARGETS, original, ORIGINS)
    assert [(row.layer, row.finding) for row in proof.failures] == [
        ("ip_a", "missing"),
        ("ip_a", "missing"),
        ("ip_b", "misfit"),
    ]
    assert "shape mismatch" in proof.failures[2].message
    assert proof.ignored == ("stray",)


def test_an_hdf5_pair_is_verified_too(original: weights.Index, tmp_path: Path) -> None:
    path = tmp_path / "twin.caffemodel.h5"
    weights.write_hdf5(weights.plan(TARGETS, original, ORIGINS), path)
    with weights.index(path) as written:
        proof = weights.verify(written, TARGETS, original, ORIGINS)
    assert proof.ok
    assert [row.finding for row in proof.rows] == ["equal", "equal", "shared", "shared", "filler"]


def test_the_own_blob_is_named_before_an_equal_stranger(make_net: MakeNet) -> None:
    net = make_net(("a", [(2,)]), ("b", [(2,)]))
    net.layer[1].blobs[0].CopyFrom(net.layer[0].blobs[0])
    index = weights.index(net.SerializeToString())
    targets = [Target("b", "InnerProduct", ((2,),))]
    written = weights.index(b"".join(weights.plan(targets, index).chunks()))
    assert weights.verify(written, targets, {"first.caffemodel": index}).rows[0].source == (
        "b/0 of first.caffemodel"
    )


def test_a_layer_that_fits_no_more_may_start_from_its_filler(original: weights.Index) -> None:
    targets = [*TARGETS[:2], Target("other", "InnerProduct", ((2, 6), (2,)))]
    written = weights.index(b"".join(weights.plan(targets, original, ORIGINS | {"other": None}).chunks()))
    proof = weights.verify(written, targets, original)
    assert proof.ok
    assert [row.finding for row in proof.rows if row.layer == "other"] == ["filler", "filler"]
