"""A solver beside a document, as notebooks ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest

import netgraft

SOLVER = (
    'net: "net.prototxt" base_lr: 0.01 lr_policy: "fixed" weight_decay: 0.0005 momentum: 0.9 max_iter: 9\n'
)


@pytest.fixture
def solver(tmp_path: Path) -> Path:
    file = tmp_path / "solver.prototxt"
    file.write_text(SOLVER)
    return file


@pytest.fixture
def twins(shared: Path) -> netgraft.Document:
    net = netgraft.open(shared / "weights" / "lenet_v1.prototxt")
    return net.duplicate("conv1..ip2", scale_lr=[1, 10])


def test_each_blob_has_the_rate_that_it_learns_at(twins: netgraft.Document, solver: Path) -> None:
    training = twins.training(solver)
    assert training.rates["conv1_a"] == (0.01, 0.02)
    assert training.rates["conv1_b"] == (0.1, 0.2)
    assert training.decay_rates["conv1_b"] == (0.0005, 0.0005)
    assert (training.type, training.base_lr, training.lr_policy, training.momentum) == (
        "SGD",
        0.01,
        "fixed",
        0.9,
    )
    assert training
    assert training.train.phase == "TRAIN"


def test_it_is_shown_in_lines_and_as_a_table(twins: netgraft.Document, solver: Path) -> None:
    training = twins.training(solver)
    assert repr(training).splitlines()[:2] == [
        "SGD, base_lr 0.01 (fixed), weight_decay 0.0005, momentum 0.9",
        "blobs by rate: 0.01 (4), 0.02 (4), 0.1 (4), 0.2 (4)",
    ]
    assert "<td" in training._repr_html_()


def test_what_caffe_refuses_has_its_line_in_the_solver(twins: netgraft.Document, solver: Path) -> None:
    solver.write_text(SOLVER + 'lr_policy_: "x"\n')
    training = twins.training(solver)
    assert not training
    assert (training.findings[0].severity, training.findings[0].line) == ("error", 2)


def test_a_net_that_caffe_refuses_makes_no_training(repo: Path, solver: Path) -> None:
    training = netgraft.open(repo / "examples" / "question.prototxt").training(solver)
    assert not training
    assert training.train.error is not None


def test_nets_that_it_tests_are_judged_too(shared: Path, solver: Path, repo: Path) -> None:
    solver.write_text(SOLVER + "test_iter: 5 test_interval: 100\n")
    training = netgraft.open(repo / "examples" / "lenet_train_val.prototxt").training(solver)
    assert [verdict.phase for verdict in training.tests] == ["TEST"]


def test_what_is_no_solver_is_refused(twins: netgraft.Document, shared: Path) -> None:
    with pytest.raises(ValueError, match="is no solver"):
        twins.training(shared / "weights" / "lenet_v1.prototxt")


def test_who_shares_what_is_told_owner_first(repo: Path) -> None:
    shares = netgraft.open(repo / "examples" / "siamese_mnist.prototxt").check().shares
    assert shares["conv1_w"] == (("conv1", 0), ("conv1_p", 0))
