"""What stands beside a net on the command line: solver, datum, costs, old formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli import commands

NET = """layer { name: "d" type: "Data" top: "d" top: "l" data_param { source: "db" batch_size: 4 } }
layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip" inner_product_param { num_output: 5 }
  param { name: "w" lr_mult: 1 } param { lr_mult: 2 decay_mult: 0 } }
layer { name: "ip2" type: "InnerProduct" bottom: "d" top: "ip2" inner_product_param { num_output: 5 }
  param { name: "w" } }
layer { name: "gone" type: "ReLU" bottom: "none" top: "gone" include { phase: TEST stage: "val" } }
"""
SOLVER = """net: "models/net.prototxt"
base_lr: 0.5
lr_policy: "fixed"
weight_decay: 0.25
"""


def run(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str]:
    """A command's exit code, and all that it printed."""
    done = commands.run(*arguments, cwd=cwd)
    return done.returncode, done.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.prototxt").write_text(NET)
    (tmp_path / "solver.prototxt").write_text(SOLVER)
    return tmp_path


def test_check_says_what_the_solver_makes_of_the_net(folder: Path) -> None:
    code, said = run("check", "net.prototxt", "--solver", "solver.prototxt", cwd=folder)
    assert code == 0
    assert "solver.prototxt: SGD, base_lr 0.5 (fixed), weight_decay 0.25, momentum 0\n" in said
    assert "solver.prototxt: effective rates: 0.5 (2 blobs), 1 (1 blob)\n" in said
    assert "Say it: --datum 'db=CxHxW'" in said


def test_check_builds_the_states_of_the_solver_too(folder: Path) -> None:
    test = 'test_iter: 1 test_interval: 5 test_state { stage: "val" stage: "slip" }\n'
    (folder / "solver.prototxt").write_text(SOLVER + test)
    code, said = run("check", "net.prototxt", "--solver", "solver.prototxt", cwd=folder)
    assert code == 1
    assert "net.prototxt: TEST: Caffe would build it" in said
    assert "net.prototxt: TEST slip val: Caffe would refuse it" in said
    assert "solver.prototxt:5:31: warning: test_state sets the stage 'slip'" in said


def test_a_solver_that_caffe_refuses_fails_the_check(folder: Path) -> None:
    (folder / "solver.prototxt").write_text(SOLVER.replace("fixed", "never"))
    code, said = run("check", "net.prototxt", "--solver", "solver.prototxt", cwd=folder)
    assert code == 1
    assert "net.prototxt: TRAIN: Caffe would build it" in said
    assert "solver.prototxt:3:1: error: Unknown learning rate policy: never" in said


def test_check_prints_rates_as_json(folder: Path) -> None:
    arguments = ("--solver", "solver.prototxt", "--format", "jsonl", "--phase", "TRAIN")
    _, said = run("check", "net.prototxt", *arguments, cwd=folder)
    (row,) = map(json.loads, said.splitlines())
    rates = [(each["layer"], each["role"], each["lr"], each["decay"]) for each in row["solver"]["rates"]]
    assert rates == [
        ("ip", "weight", 0.5, 0.25),
        ("ip", "bias", 1, 0),
        ("ip2", "weight", 0.5, 0.25),
        ("ip2", "bias", 0.5, 0.25),
    ]
    assert row["solver"]["ok"]


def test_show_takes_a_solver_for_the_net_that_it_names(folder: Path) -> None:
    for arguments in (("solver.prototxt",), ("net.prototxt", "--solver", "solver.prototxt")):
        code, said = run("show", *arguments, cwd=folder)
        assert code == 0
        heads = next(line for line in said.splitlines() if line.startswith("layer ")).split()
        assert heads[-4:] == ["rate", "decay", "param", "names"]
        row = next(line for line in said.splitlines() if line.startswith("ip "))
        assert row.split()[-5:] == ["0.5", "1", "0.25", "0", "w"]
    (folder / "net.prototxt").rename(folder / "other.prototxt")
    code, said = run("show", "solver.prototxt", cwd=folder)
    assert code == 2
    assert "its net 'models/net.prototxt' is not here" in said


def test_a_net_is_no_solver_and_a_solver_no_net(folder: Path) -> None:
    assert run("check", "net.prototxt", "--solver", "net.prototxt", cwd=folder)[0] == 2
    code, said = run("duplicate", "solver.prototxt", "--layers", "ip", cwd=folder)
    assert code == 2
    assert "This is a solver, not a net." in said


def test_show_says_what_layers_and_net_cost(folder: Path) -> None:
    code, said = run("show", "net.prototxt", "--datum", "db=3x2x2", "--cost", cwd=folder)
    assert code == 0
    rows = {line.split()[0]: line.split() for line in said.splitlines() if line}
    assert rows["ip"][-3:] == ["65", "240", "80"]
    assert rows["ip2"][-3:] == ["5", "240", "80"]  # its weight is ip's
    assert said.splitlines()[-2:] == [
        "70 parameters, shared ones once",
        "480 multiply-accumulates a forward pass, 368 bytes of activations",
    ]
    _, said = run("show", "net.prototxt", "--format", "json", cwd=folder)
    whole: dict[str, Any] = json.loads(said)["cost"]
    assert not whole["complete"]
    assert next(each for each in whole["layers"] if each["layer"] == "ip")["macs"] is None


def test_duplicate_asks_the_datum_for_inputs_of_their_own(folder: Path) -> None:
    arguments = ("duplicate", "net.prototxt", "--layers", "ip2", "--inputs", "separate")
    code, said = run(*arguments, cwd=folder)
    assert code == 2
    assert "--datum" in said
    assert run(*arguments, "--datum", "db=3x2x2", cwd=folder)[0] == 0
    assert "dim: 3" in (folder / "net_grafted.prototxt").read_text()


def test_duplicate_warns_of_twins_that_start_and_learn_alike(folder: Path) -> None:
    net = NET.replace("num_output: 5", 'num_output: 5 weight_filler { type: "xavier" }')
    (folder / "net.prototxt").write_text(net)
    arguments = ("duplicate", "net.prototxt", "--layers", "ip2", "--join", "eltwise", "--datum", "db=3x2x2")
    _, said = run(*arguments, cwd=folder)
    assert "they stay equal for ever" in said
    _, said = run(*arguments, "--scale-lr", "1", "--scale-lr", "10", cwd=folder)
    assert "they stay equal for ever" not in said


def test_an_old_file_says_so(shared: Path) -> None:
    code, said = run("check", shared / "weights" / "lenet_v1.prototxt")
    assert code == 0
    assert "info: The file is in an old format: V1 layers" in said
