"""A solver beside its net: states, effective rates, what Caffe's solver refuses, and what does not fit."""

from __future__ import annotations

import pytest

from netgraft import prototxt
from netgraft.caffe import solver
from netgraft.caffe.diagnostics import CODES
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

NET = prototxt.parse(
    'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 dim: 4 } } }\n'
    'layer { name: "a" type: "InnerProduct" bottom: "d" top: "a" inner_product_param { num_output: 3 } '
    'param { name: "w" lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 } }\n'
    'layer { name: "b" type: "InnerProduct" bottom: "d" top: "b" inner_product_param { num_output: 3 } '
    'param { name: "w" } include { phase: TRAIN } include { stage: "val" } }\n'
)
SOLVER = (
    'net: "models/siam.prototxt"\nbase_lr: 0.5\nlr_policy: "fixed"\nweight_decay: 0.25\n'
    "test_iter: 10\ntest_interval: 100\n"
)


def read(text: str) -> solver.Solver:
    return solver.read_solver(prototxt.parse(text))


def test_each_blob_learns_at_base_lr_times_its_multiplier() -> None:
    rates = solver.effective_rates(read(SOLVER), check(NET, NetState("TRAIN")).net)
    assert [(rate.lr, rate.decay) for rate in rates] == [(0.5, 0.25), (1, 0), (0.5, 0.25), (0.5, 0.25)]


def test_states_are_the_default_then_the_net_s_own_then_the_solver_s() -> None:
    text = (
        SOLVER + "test_iter: 5 train_state { stage: 'x' level: 2 } test_state { } test_state { stage: 'val' }"
    )
    net = prototxt.parse('state { stage: "file" level: 1 }\n' + NET.text)
    assert solver.train_state(read(text), net) == NetState("TRAIN", 2, frozenset({"file", "x"}))
    assert solver.test_states(read(text), net) == (
        NetState("TEST", 1, frozenset({"file"})),
        NetState("TEST", 1, frozenset({"file", "val"})),
    )


def test_a_solver_that_fits_has_nothing_to_say() -> None:
    verdict = solver.check_solver(read(SOLVER), NET, net_file="siam.prototxt")
    assert verdict.ok
    assert verdict.diagnostics == ()
    assert [len(one.net.layers) for one in (verdict.train, *verdict.tests)] == [3, 2]


def test_a_regularization_is_asked_for_only_where_something_decays() -> None:
    text = (SOLVER + 'regularization_type: "none"').replace("weight_decay: 0.25", "weight_decay: 0")
    assert "weight_decay: 0 " in text.replace("\n", " ")
    assert solver.check_solver(read(text), NET).ok


def test_a_net_that_fails_in_one_phase_fails_its_solver() -> None:
    broken = prototxt.parse(NET.text + 'layer { name: "c" type: "ReLU" bottom: "b" top: "c" }')
    verdict = solver.check_solver(read(SOLVER), broken)
    assert not verdict.ok
    assert (verdict.train.ok, verdict.tests[0].ok) == (True, False)


REFUSED = [
    (SOLVER.replace("net:", "test_net:"), "SolverParameter must specify a train net", None),
    (SOLVER + 'train_net: "x"', "(2 vs. 1) SolverParameter must not contain more than one", 'train_net: "x"'),
    (
        SOLVER + 'type: "Adamant"',
        "Unknown solver type: Adamant (known types: AdaDelta, AdaGrad, Adam,",
        'type: "A',
    ),
    (SOLVER + 'type: "SGD" solver_type: ADAM', "Failed to upgrade solver", "solver_type"),
    (SOLVER + "average_loss: 0", "(0 vs. 1) average_loss should be non-negative.", "average_loss: 0"),
    (SOLVER.replace("100", "0"), "param_.test_interval() > 0 (0 vs. 0)", "test_interval: 0"),
    (
        SOLVER + "test_state { } test_state { }",
        "(2 vs. 1) test_state must be unspecified or",
        "test_state { }",
    ),
    (SOLVER + 'test_net: "a" test_net: "b"', "(1 vs. 2) test_iter must be specified for each", "test_iter"),
    (
        SOLVER + 'type: "AdaGrad" momentum: 0.9',
        "(0 vs. 0.9) Momentum cannot be used with AdaGrad.",
        "momentum",
    ),
    (
        SOLVER + "solver_type: RMSPROP rms_decay: 1",
        "(1 vs. 1) rms_decay should lie between 0 and 1.",
        "rms_decay",
    ),
    (SOLVER.replace("fixed", "warmup"), "Unknown learning rate policy: warmup", 'lr_policy: "warmup"'),
    (SOLVER.replace("fixed", "step"), "this->param_.stepsize() > 0 (0 vs. 0)", "lr_policy"),
    (
        SOLVER.replace("fixed", "sigmoid") + "gamma: -1",
        "this->param_.gamma() >= 0 (-1 vs. 0)",  # before the stepsize, other than for "step"
        "lr_policy",
    ),
    (SOLVER.replace("fixed", "exp") + "gamma: nan", "this->param_.gamma() >= 0 (nan vs. 0)", "lr_policy"),
    (
        SOLVER + "solver_type: RMSPROP rms_decay: nan",
        "this->param_.rms_decay() >= 0 (nan vs. 0) rms_decay should lie between 0 and 1.",
        "rms_decay",
    ),
    (SOLVER + 'regularization_type: "L3"', "Unknown regularization type: L3", "regularization_type"),
    (SOLVER + "gama: 0.1", '7:5: Message type "caffe.SolverParameter" has no field named "gama".', "gama"),
    (SOLVER + "base_lr: 1", '7:8: Non-repeated field "base_lr" is specified multiple times.', "base_lr: 1"),
    (SOLVER + "gamma: x", "7:8: Expected double, got: x", "x"),
    (SOLVER + "gamma 0.1", '7:7: Expected ":", found "0.1".', "0"),
]


@pytest.mark.parametrize(("text", "words", "at"), REFUSED)
def test_what_caffe_s_solver_refuses(text: str, words: str, at: str | None) -> None:
    verdict = solver.check_solver(read(text), NET)
    assert not verdict.ok
    first = verdict.diagnostics[0]
    assert words in (first.caffe_message or "")
    if at is None:
        assert first.place is None
    else:
        assert first.place is not None
        chunk = prototxt.parse(text).chunks[first.place.chunk].text
        assert chunk[first.place.start : first.place.end].startswith(at)


MISFITS = {
    "solver-refused": (SOLVER + "average_loss: 0", SOLVER),
    "solver-unknown-stage": (SOLVER + "test_state { stage: 'vall' }", SOLVER + "test_state { stage: 'val' }"),
    "solver-other-net": (SOLVER.replace("siam", "lenet"), SOLVER.replace("models/", "")),
    "solver-nothing-learns": (SOLVER.replace("0.5", "0"), SOLVER),
}


def test_every_code_of_a_solver_has_a_case() -> None:
    assert {code for code in CODES if code.startswith("solver-")} == set(MISFITS)


@pytest.mark.parametrize("code", MISFITS)
def test_a_solver_that_does_not_fit_earns_the_code_and_one_that_does_does_not(code: str) -> None:
    bad, good = (
        [found.code for found in solver.check_solver(read(text), NET, net_file="siam.prototxt").diagnostics]
        for text in MISFITS[code]
    )
    assert code in bad
    assert code not in good


POLICIES = [
    ('lr_policy: "fixed"', 0, 1.0),
    ('lr_policy: "step" stepsize: 10 gamma: 0.5', 25, 0.25),
    ('lr_policy: "exp" gamma: 0.5', 3, 0.125),
    ('lr_policy: "inv" gamma: 1 power: 2', 1, 0.25),
    ('lr_policy: "multistep" gamma: 0.5 stepvalue: 5 stepvalue: 9', 9, 0.25),
    ('lr_policy: "poly" power: 2 max_iter: 10', 5, 0.25),
    ('lr_policy: "sigmoid" gamma: 1 stepsize: 3', 3, 0.5),
]


@pytest.mark.parametrize(("text", "iteration", "rate"), POLICIES)
def test_the_rate_follows_its_policy(text: str, iteration: int, rate: float) -> None:
    assert solver.learning_rate(read("base_lr: 1 " + text).message, iteration) == pytest.approx(rate)


def test_the_rate_of_an_unknown_policy_is_an_error() -> None:
    with pytest.raises(ValueError, match="Unknown learning rate policy: warmup"):
        solver.learning_rate(read('lr_policy: "warmup"').message, 0)
