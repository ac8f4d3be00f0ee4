"""A solver beside its net: which states it builds, at which rate each blob learns, and whether they fit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from netgraft import prototxt
from netgraft.caffe.catalogue.shapes import fail, float_text
from netgraft.caffe.checks import parsing, solvers
from netgraft.caffe.diagnostics import Diagnostic, Place
from netgraft.caffe.layers import mentioned_stages, outline
from netgraft.caffe.message import NET_TABLE, SOLVER_TABLE, Problem, Reader
from netgraft.caffe.model import Net, Profile, Verdict
from netgraft.caffe.net import check
from netgraft.caffe.scalars import from_wire_string
from netgraft.caffe.state import NetState, Phase, phase_name
from netgraft.proto import caffe_pb2
from netgraft.prototxt import Field, first

_TYPES: Final = {
    caffe_pb2.SolverParameter.SGD: "SGD",
    caffe_pb2.SolverParameter.NESTEROV: "Nesterov",
    caffe_pb2.SolverParameter.ADAGRAD: "AdaGrad",
    caffe_pb2.SolverParameter.RMSPROP: "RMSProp",
    caffe_pb2.SolverParameter.ADADELTA: "AdaDelta",
    caffe_pb2.SolverParameter.ADAM: "Adam",
}
_TWO_TYPES: Final = (
    "Check failed: !solver_param->has_solver_type() || !solver_param->has_type() Failed to upgrade solver: "
    "old solver_type field (enum) and new type field (string) cannot be both specified in solver proto text."
)
_POLICIES: Final = ("fixed", "step", "exp", "inv", "multistep", "poly", "sigmoid")
_LAYERS: Final = frozenset({"layer", "layers"})
_TRAIN_NETS: Final = ("net", "net_param", "train_net", "train_net_param")


@dataclass(frozen=True, slots=True)
class Solver:
    """A solver as Caffe reads it, an old `solver_type` upgraded. `problems` are those of the parser."""

    document: prototxt.Document
    message: caffe_pb2.SolverParameter
    problems: tuple[Diagnostic, ...]

    def place(self, name: str) -> Place | None:
        """Where the file states a field."""
        for chunk, field in self.document.fields():
            if field.name == name:
                return Place(chunk, field.start, field.end)
        return None


class EffectiveRate(NamedTuple):
    """What one blob learns at: base_lr times its lr_mult, weight_decay times its decay_mult, and the two
    factors. `param` is an index into Net.params; a sharer has its owner's."""

    param: int
    lr: float
    decay: float
    lr_mult: float
    decay_mult: float


@dataclass(frozen=True, slots=True)
class SolverVerdict:
    """`diagnostics` have their places in the solver's own document. `train` and `tests` are the verdicts on
    the nets that the solver would build."""

    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    train: Verdict
    tests: tuple[Verdict, ...]


def read_solver(document: prototxt.Document) -> Solver:
    """Reads a solver.prototxt (ReadSolverParamsFromTextFileOrDie)."""
    message = caffe_pb2.SolverParameter()
    found: list[tuple[int, Problem]] = []
    seen: set[str] = set()
    for index, chunk in enumerate(document.chunks):
        reader = Reader(chunk.text)
        once: list[Field] = []
        for field in chunk.fields:
            spec = SOLVER_TABLE.fields.get(field.name)
            if spec is not None and not spec.repeated and field.name in seen:
                words = f'Non-repeated field "{field.name}" is specified multiple times.'
                after = field.start + len(field.name)
                found.append((index, Problem("field-given-twice", words, field.start, field.end, after)))
            else:
                once.append(field)
            seen.add(field.name)
        message.MergeFromString(reader.encode(SOLVER_TABLE, once))
        found += [(index, problem) for problem in reader.problems]
        found += [
            (index, Problem("syntax", error.message, error.start, error.start + 1, error.start))
            for error in chunk.errors
        ]
    problems = [parsing.parse_problem(document, index, problem, None, False) for index, problem in found]
    if message.HasField("solver_type") and not message.HasField("type"):
        message.type = _TYPES[message.solver_type]
        message.ClearField("solver_type")
    return Solver(document, message, tuple(problems))


def _state(phase: Phase, net: caffe_pb2.NetParameter, own: caffe_pb2.NetState | None) -> NetState:
    """The solver's default phase, then what the net's file states, then what the solver states for it."""
    merged = caffe_pb2.NetState(phase=caffe_pb2.TRAIN if phase == "TRAIN" else caffe_pb2.TEST)
    merged.MergeFrom(net.state)
    if own is not None:
        merged.MergeFrom(own)
    stages = frozenset(from_wire_string(stage) for stage in merged.stage)
    return NetState(phase_name(merged.phase), merged.level, stages)


def train_state(solver: Solver, net: prototxt.Document) -> NetState:
    """The state in which the solver builds the net to train (Solver::InitTrainNet)."""
    own = solver.message.train_state if solver.message.HasField("train_state") else None
    return _state("TRAIN", outline(net).reading.net, own)


def test_states(solver: Solver, net: prototxt.Document) -> tuple[NetState, ...]:
    """The state of each test net that the solver makes of its net, in order (Solver::InitTestNets)."""
    message = solver.message
    named = len(message.test_net_param) + len(message.test_net)
    states = message.test_state
    file = outline(net).reading.net
    return tuple(
        _state("TEST", file, states[index] if index < len(states) else None)
        for index in range(named, len(message.test_iter))
    )


def effective_rates(solver: Solver, net: Net) -> tuple[EffectiveRate, ...]:
    """What every parameter blob of a net learns at, before the policy changes base_lr
    (SGDSolver::Regularize and ComputeUpdateValue)."""
    base, decay = solver.message.base_lr, solver.message.weight_decay
    return tuple(
        EffectiveRate(index, base * param.lr, decay * param.decay, param.lr, param.decay)
        for index, param in enumerate(net.params)
    )


def learning_rate(message: caffe_pb2.SolverParameter, iteration: int) -> float:
    """The rate that lr_mult multiplies at an iteration (SGDSolver::GetLearningRate); raises ValueError for an
    unknown policy or one whose parameters Caffe refuses."""
    base, gamma, policy = message.base_lr, message.gamma, message.lr_policy
    for refusal in _policy_refusals(message):
        raise ValueError(refusal)
    if policy == "step":
        return base * gamma ** (iteration // message.stepsize)
    if policy == "exp":
        return base * gamma**iteration
    if policy == "inv":
        return base * math.pow(1 + gamma * iteration, -message.power)
    if policy == "multistep":
        return base * gamma ** sum(1 for step in message.stepvalue if iteration >= step)
    if policy == "poly":
        left = 1 - iteration / message.max_iter if message.max_iter else 0.0
        return base * math.pow(max(left, 0.0), message.power)
    if policy == "sigmoid":
        return base / (1 + math.exp(-gamma * (iteration - message.stepsize)))
    return base


def check_solver(
    solver: Solver,
    net: prototxt.Document,
    *,
    net_file: str | None = None,
    datum: Mapping[str, tuple[int, int, int]] = {},
    profile: Profile = "bvlc",
) -> SolverVerdict:
    """Whether Caffe would take the solver with this net, and whether they fit. `net_file` is the name under
    which the net is known here, to be held against the one that the solver names."""
    train = check(net, train_state(solver, net), datum=datum, profile=profile)
    tests = tuple(check(net, state, datum=datum, profile=profile) for state in test_states(solver, net))
    diagnostics = solver_findings(solver, net, train.net, net_file)
    takes = all(each.severity != "error" for each in diagnostics)
    ok = takes and train.ok and all(test.ok for test in tests)
    return SolverVerdict(ok, diagnostics, train, tests)


def solver_findings(
    solver: Solver, net: prototxt.Document, train: Net, net_file: str | None = None
) -> tuple[Diagnostic, ...]:
    """What is to be said about the solver itself, what Caffe aborts on first; places are in its document.
    `train` is the net that it trains; `net_file` as in `check_solver`."""
    errors = list(solver.problems)
    for words, name in (*_refusals(solver.message), *_regularization_refusals(solver.message, train)):
        place = solver.place(name) if name else None
        message = words.removeprefix("Check failed: ")
        errors.append(Diagnostic(solvers.REFUSED, "error", message, words, None, None, place))
    warnings = [*_stages(solver, net), *_other_net(solver, net_file), *_nothing_learns(solver, train)]
    return tuple(errors + warnings)


def is_solver(document: prototxt.Document) -> bool:
    """Whether a file is a solver and no net: it has fields that only SolverParameter has, and no layer."""
    names = {field.name for _, field in document.fields()}
    return bool(names & (SOLVER_TABLE.fields.keys() - NET_TABLE.fields.keys())) and not names & _LAYERS


def _refusals(message: caffe_pb2.SolverParameter) -> Iterator[tuple[str, str | None]]:
    """What Caffe aborts on, with the field that it is about, in Caffe's order."""
    if message.HasField("solver_type") and message.HasField("type"):
        yield _TWO_TYPES, "solver_type"
    if message.type not in _TYPES.values():
        known = ", ".join(sorted(_TYPES.values()))
        detail = f"Unknown solver type: {message.type} (known types: {known})"
        yield fail("registry.count(type) == 1", detail, (0, 1)).message, "type"
    if message.average_loss < 1:
        values = (message.average_loss, 1)
        detail = "average_loss should be non-negative."
        yield fail("param_.average_loss() >= 1", detail, values).message, "average_loss"
    names = "net, net_param, train_net, train_net_param"
    stated = [name for name in _TRAIN_NETS if message.HasField(name)]
    if not stated:
        detail = f"SolverParameter must specify a train net using one of these fields: {names}"
        yield fail("num_train_nets >= 1", detail, (0, 1)).message, None
    elif len(stated) > 1:
        detail = (
            f"SolverParameter must not contain more than one of these fields specifying a train_net: {names}"
        )
        yield fail("num_train_nets <= 1", detail, (len(stated), 1)).message, stated[1]
    yield from _test_refusals(message)
    yield from _type_refusals(message)
    for words in _policy_refusals(message):
        yield words, "lr_policy"


def _test_refusals(message: caffe_pb2.SolverParameter) -> Iterator[tuple[str, str | None]]:
    """Solver::InitTestNets."""
    named = len(message.test_net_param) + len(message.test_net)
    instances = len(message.test_iter)
    detail = "test_iter must be specified for each test network."
    if message.HasField("net") or message.HasField("net_param"):
        if instances < named:
            yield (
                fail("param_.test_iter_size() >= num_test_nets", detail, (instances, named)).message,
                "test_iter",
            )
    elif instances != named:
        yield (
            fail("param_.test_iter_size() == num_test_nets", detail, (instances, named)).message,
            "test_iter",
        )
    states = len(message.test_state)
    if states and states != instances:
        detail = "test_state must be unspecified or specified once per test net."
        values = (states, instances)
        yield fail("param_.test_state_size() == num_test_net_instances", detail, values).message, "test_state"
    if instances and message.test_interval <= 0:
        values = (message.test_interval, 0)
        name = "test_interval" if message.HasField("test_interval") else "test_iter"
        yield fail("param_.test_interval() > 0", values=values).message, name


def _type_refusals(message: caffe_pb2.SolverParameter) -> Iterator[tuple[str, str | None]]:
    """The constructors of AdaGradSolver and RMSPropSolver."""
    if message.type in ("AdaGrad", "RMSProp") and message.momentum != 0:
        detail = f"Momentum cannot be used with {message.type}."
        momentum = (0, float_text(message.momentum))
        yield fail("0 == this->param_.momentum()", detail, momentum).message, "momentum"
    if message.type == "RMSProp" and not 0 <= message.rms_decay < 1:
        sign, bound = ("<", 1) if message.rms_decay >= 0 else (">=", 0)
        detail = "rms_decay should lie between 0 and 1."
        values = (float_text(message.rms_decay), bound)
        yield fail(f"this->param_.rms_decay() {sign} {bound}", detail, values).message, "rms_decay"


def _policy_refusals(message: caffe_pb2.SolverParameter) -> Iterator[str]:
    """SGDSolver::GetLearningRate, at the first iteration."""
    policy = message.lr_policy
    if policy not in _POLICIES:
        yield f"Unknown learning rate policy: {policy}"
    found: list[str] = []
    if policy in ("step", "sigmoid") and message.stepsize <= 0:
        found.append(fail("this->param_.stepsize() > 0", values=(message.stepsize, 0)).message)
    if policy in ("step", "exp", "inv", "multistep", "sigmoid") and not message.gamma >= 0:  # nan is neither
        found.append(fail("this->param_.gamma() >= 0", values=(float_text(message.gamma), 0)).message)
    yield from reversed(found) if policy == "sigmoid" else found


def _regularization_refusals(message: caffe_pb2.SolverParameter, train: Net) -> Iterator[tuple[str, str]]:
    """SGDSolver::Regularize, which asks for the type where a blob has weight decay."""
    type_ = message.regularization_type
    if type_ not in ("L1", "L2") and any(message.weight_decay * each.decay != 0 for each in train.learnable):
        yield f"Unknown regularization type: {type_}", "regularization_type"


def _stages(solver: Solver, net: prototxt.Document) -> Iterator[Diagnostic]:
    """A stage that no rule of the net asks about changes nothing: a slip of the pen, as a rule."""
    asked = set(mentioned_stages(net))
    for name, states in (
        ("train_state", [solver.message.train_state]),
        ("test_state", list(solver.message.test_state)),
    ):
        for stage in dict.fromkeys(stage for state in states for stage in state.stage):
            if from_wire_string(stage) not in asked:
                message = f"{name} sets the stage '{stage}', which no rule of the net asks about."
                place = solver.place(name)
                yield Diagnostic(solvers.UNKNOWN_STAGE, "warning", message, None, None, None, place)


def _other_net(solver: Solver, net_file: str | None) -> Iterator[Diagnostic]:
    if net_file is None:
        return
    for name in ("net", "train_net"):
        stated = getattr(solver.message, name)
        if stated and stated.rpartition("/")[2] != net_file.rpartition("/")[2]:
            message = f"The solver's {name} is '{stated}', but the net here is '{net_file}'."
            yield Diagnostic(solvers.OTHER_NET, "warning", message, None, None, None, solver.place(name))


def _nothing_learns(solver: Solver, train: Net) -> Iterator[Diagnostic]:
    rates = effective_rates(solver, train)
    if rates and all(rate.lr == 0 for rate in rates):
        base = first([field for _, field in solver.document.fields()], "base_lr")
        cause = "base_lr is 0" if solver.message.base_lr == 0 else "every lr_mult of the net is 0"
        if base is None:
            cause = "it states no base_lr"
        message = f"Nothing learns under this solver: {cause}."
        yield Diagnostic(
            solvers.NOTHING_LEARNS, "warning", message, None, None, None, solver.place("base_lr")
        )
