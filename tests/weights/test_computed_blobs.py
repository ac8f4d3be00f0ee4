"""Blobs that are computed as they are read, and plans read as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights import Index, Origin, Target, WeightsError
from netgraft.weights.computed import merged
from netgraft.weights.origin import Norm, origin_from
from netgraft.weights.planned import PlannedSource


def stored(*layers: tuple[str, list[Any]], double: bool = False) -> Index:
    """A caffemodel with these arrays."""
    net = caffe_pb2.NetParameter(name="net")
    for name, arrays in layers:
        layer = net.layer.add(name=name, type="InnerProduct")
        for array in arrays:
            blob = layer.blobs.add()
            blob.shape.dim.extend(np.shape(array))
            (blob.double_data if double else blob.data).extend(np.ravel(array))
    return weights.index(net.SerializeToString())


def merge(index: Index, origin: Origin) -> list[Any]:
    layer = merged(index.require(origin.layer), origin, lambda one: index.effective(one.layer))
    return [blob.read() for blob in layer.blobs]


random = np.random.default_rng(6)
MEAN, VARIANCE = random.normal(size=4), random.random(4) + 0.1
GAMMA, BETA = random.normal(size=4), random.normal(size=4)
NORM = Norm(Origin("bn"), 1e-3, Origin("scale"))
STATISTICS: tuple[tuple[str, list[Any]], ...] = (
    ("bn", [MEAN * 2, VARIANCE * 2, [2.0]]),
    ("scale", [GAMMA, BETA]),
)


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("shape", [(4, 3, 3, 3), (4, 5)])
def test_what_is_merged_gives_what_came_after_the_norm(
    shape: tuple[int, ...], bias: bool, double: bool
) -> None:
    weight, offset = random.normal(size=shape), random.normal(size=4)
    index = stored(("w", [weight, offset] if bias else [weight]), *STATISTICS, double=double)
    new_weight, new_bias = merge(index, Origin("w", norms=(NORM,)))
    assert new_weight.dtype == new_bias.dtype == np.float32
    x = random.normal(size=(7, *shape[1:]))
    before = np.tensordot(x, weight, axes=(range(1, x.ndim), range(1, weight.ndim)))
    before = before + (offset if bias else 0)
    wanted = (before - MEAN) / np.sqrt(VARIANCE + 1e-3) * GAMMA + BETA
    found = np.tensordot(x, new_weight, axes=(range(1, x.ndim), range(1, weight.ndim))) + new_bias
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


def test_a_transposed_weight_is_scaled_along_its_other_axis() -> None:
    weight = random.normal(size=(5, 4))
    index = stored(("w", [weight]), ("t", [weight.T]), *STATISTICS)
    across, _ = merge(index, Origin("w", norms=(NORM,), channels=1))
    along, _ = merge(index, Origin("t", norms=(NORM,)))
    assert (across == along.T).all()


def test_two_norms_are_merged_one_after_the_other() -> None:
    weight = random.normal(size=(4, 6))
    index = stored(("w", [weight]), *STATISTICS)
    once = merge(index, Origin("w", norms=(NORM,)))
    again = stored(("w", once), *STATISTICS)
    step_by_step = merge(again, Origin("w", norms=(NORM,)))
    at_once = merge(index, Origin("w", norms=(NORM, NORM)))
    for one, other in zip(step_by_step, at_once, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_a_moving_average_factor_of_zero_stays_zero() -> None:
    # As BatchNormLayer: then mean and variance count as zero.
    index = stored(("w", [np.ones((4, 1))]), ("bn", [MEAN, VARIANCE, [0.0]]))
    weight, bias = merge(index, Origin("w", norms=(Norm(Origin("bn"), 0.25),)))
    assert (weight == 2).all()
    assert (bias == 0).all()


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((("w", [np.ones((4, 2))]),), "No layer 'bn'"),
        ((("w", [np.ones((4, 2))]), ("bn", [MEAN, VARIANCE])), "'bn' holds 2 blobs"),
        ((("w", [np.ones((4, 2))]), ("bn", [MEAN, VARIANCE[:3], [1.0]])), "no mean and variance of one size"),
        ((("w", [np.ones((5, 2))]), *STATISTICS), "has not the 4 channels"),
        ((("w", [np.ones((4, 2)), np.ones(3)]), *STATISTICS), "a bias of 3 values for 4 channels"),
        ((("w", [np.ones(4)] * 3), *STATISTICS), "no weight and bias"),
        ((("w", [np.ones((4, 2))]), STATISTICS[0], ("scale", [GAMMA[:2]])), "does not scale the 4 channels"),
    ],
)
def test_what_does_not_go_together_is_refused(layers: tuple[Any, ...], words: str) -> None:
    with pytest.raises(WeightsError, match=words) as refused:
        merge(stored(*layers), Origin("w", norms=(NORM,)))
    assert refused.value.kind == "origin"


@given(st.integers(0, 24), st.integers(0, 24), st.sampled_from(["packed", "unpacked", "double", "merged"]))
def test_any_span_of_a_blob_is_that_part_of_its_values(first: int, last: int, how: str) -> None:
    values = np.arange(24, dtype=np.float32)
    if how == "merged":
        blob = merged(
            (index := stored(("w", [values.reshape(4, 6)]), *STATISTICS)).require("w"),
            Origin("w", norms=(NORM,)),
            lambda one: index.effective(one.layer),
        ).blobs[0]
    elif how == "unpacked":
        # Field 5 value by value, each with its tag, in two runs with a dimension between.
        raw = b"".join(b"\x2d" + value.tobytes() for value in values)
        whole = raw[:50] + b"\x08\x01" + raw[50:]
        layer = b"\x0a\x01w\x3a" + bytes([len(whole)]) + whole
        blob = (
            weights.index(b"\xa2\x06" + bytes([len(layer) & 0x7F | 0x80, len(layer) >> 7]) + layer)
            .layers[0]
            .blobs[0]
        )
    else:
        blob = stored(("w", [values]), double=how == "double").require("w").blobs[0]
    every = b"".join(bytes(piece) for piece in blob.pieces())
    width = len(every) // 24
    first, last = min(first, last), max(first, last)
    assert blob.span_of(first, last) == every[first * width : last * width]


def test_a_plan_is_read_as_the_file_that_it_becomes(tmp_path: Path) -> None:
    index = stored(("w", [random.normal(size=(4, 6)), np.ones(4)]), *STATISTICS)
    targets = [Target("w", "InnerProduct", ((4, 6), (4,))), Target("v", "InnerProduct", ((4, 6), (4,)))]
    origins = {"v": Origin("w", norms=(NORM,))}
    plan = weights.plan(targets, index, origins)
    weights.write(plan, tmp_path / "out.caffemodel")
    with weights.index(PlannedSource(plan)) as early, weights.index(tmp_path / "out.caffemodel") as late:
        assert early.size == late.size
        for name in ("w", "v"):
            for one, other in zip(early.require(name).blobs, late.require(name).blobs, strict=True):
                assert (one.read() == other.read()).all()
        assert weights.verify(early, targets, index, origins).ok


def test_an_origin_survives_as_plain_data() -> None:
    import json
    from dataclasses import asdict

    origin = Origin("w", "other", True, ("a", "b"), (NORM, Norm(Origin("x", "other"), 1e-5)), 1)
    assert origin_from(json.loads(json.dumps(asdict(origin)))) == origin
    # What was kept before there were norms is read, too.
    assert origin_from({"layer": "w", "source": "", "reshape": False}) == Origin("w")
