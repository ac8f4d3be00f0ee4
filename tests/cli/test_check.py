"""`netgraft check`: what it prints and returns."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.commands import run

NET = 'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 3 } } }\n'


@pytest.fixture
def question(shared: Path) -> Path:
    return shared / "conformance" / "question.prototxt"


def test_check_says_the_verdict_the_place_and_caffes_words(question: Path) -> None:
    done = run("check", question)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == f"{question}: TRAIN: Caffe would refuse it (6 layers)"
    assert lines[2].startswith(f"{question}:7:")
    assert ": error: " in lines[2]
    assert "Shared param 'ip1_w' has mismatched lr_mult." in lines[3]
    assert "\x1b" not in done.stdout


def test_check_accepts_what_caffe_accepts(repo: Path) -> None:
    examples = [repo / "examples" / f"{name}.prototxt" for name in ("siamese_mnist", "alexnet_deploy")]
    done = run("check", *examples)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Caffe would build it") == 4


TRAIN_ONLY = """layer { name: "d" type: "DummyData" top: "d" include { phase: TRAIN }
  dummy_data_param { shape { dim: 2 dim: 3 } } }
layer { name: "r" type: "ReLU" bottom: "d" top: "r" }
"""


def test_check_does_not_hold_a_phase_against_a_file_that_has_no_net_for_it(tmp_path: Path) -> None:
    net = tmp_path / "train.prototxt"
    net.write_text(TRAIN_ONLY)
    done = run("check", net)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"{net}: TRAIN: Caffe would build it (2 layers)",
        f"{net}: TEST: not meant: its data layers live in TRAIN only (--phase TEST asks)",
    ]
    rows = [json.loads(line) for line in run("check", net, "--format", "jsonl").stdout.splitlines()]
    assert [(row["phase"], row["ok"], row.get("meant")) for row in rows] == [
        ("TRAIN", True, None),
        ("TEST", False, False),
    ]


def test_check_of_a_phase_that_is_asked_for_is_caffes_verdict_all_the_same(tmp_path: Path) -> None:
    net = tmp_path / "train.prototxt"
    net.write_text(TRAIN_ONLY)
    done = run("check", net, "--phase", "TEST")
    assert done.returncode == 1
    assert "Unknown bottom blob 'd' (layer 'r', bottom index 0)" in done.stdout
    row = json.loads(run("check", net, "--phase", "TEST", "--format", "jsonl").stdout)
    assert "meant" not in row


def test_check_prints_one_json_object_a_file_and_phase(question: Path, repo: Path) -> None:
    lenet = repo / "examples" / "lenet_train_val.prototxt"
    done = run(
        "check", "--format", "jsonl", "--phase", "TEST", "--datum", "mnist_test_lmdb=1x28x28", question, lenet
    )
    assert done.returncode == 1
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["file"], first["phase"], first["ok"], first["layer"]) == (
        str(question),
        "TEST",
        False,
        "ip1_b",
    )
    assert first["error"].endswith("Shared param 'ip1_w' has mismatched lr_mult.")
    assert second["ok"] is True
    assert ["pool2", [100, 50, 4, 4]] in [top for layer in second["layers"] for top in layer["tops"]]
    assert len(run("check", "--format", "jsonl", question).stdout.splitlines()) == 2


def test_check_takes_level_and_stage(tmp_path: Path) -> None:
    file = tmp_path / "net.prototxt"
    file.write_text(
        NET + 'layer { name: "a" type: "ReLU" bottom: "none" top: "a" include { stage: "s" min_level: 2 } }\n'
    )
    assert run("check", file).returncode == 0
    assert run("check", "--stage", "s", "--level", "1", file).returncode == 0
    assert run("check", "--stage", "s", "--stage", "t", "--level", "2", file).returncode == 1


def test_check_knows_bvlc_caffe_unless_told_a_fork(tmp_path: Path) -> None:
    file = tmp_path / "net.prototxt"
    file.write_text(NET + 'layer { name: "a" type: "ReLU" bottom: "in" top: "a" fork_field: 1 }\n')
    assert run("check", file).returncode == 1
    assert run("check", "--profile", "fork", file).returncode == 0


def test_check_reports_weights_that_do_not_fit(shared: Path) -> None:
    folder = shared / "weights"
    net = folder / "mtcnn_det1.prototxt"
    good = run("check", net, "--weights", folder / "mtcnn_det1.caffemodel")
    assert good.returncode == 0
    bad = run("check", net, "--weights", folder / "mtcnn_det2.caffemodel")
    assert bad.returncode == 1
    assert "Cannot copy param 0 weights from layer 'conv1'; shape mismatch." in bad.stdout


@pytest.mark.parametrize("form", [[], ["--format", "jsonl"]])
def test_check_goes_on_after_a_file_that_it_cannot_read(
    tmp_path: Path, question: Path, form: list[str]
) -> None:
    missing = tmp_path / "none.prototxt"
    done = run("check", *form, missing, question)
    assert done.returncode == 2
    assert done.stderr == f"{missing}: error: No such file or directory\n"
    if form:
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(row["file"], row["ok"]) for row in rows] == [(str(missing), False)] * 2 + [
            (str(question), False)
        ] * 2
    else:
        assert "ip1_w" in done.stdout


@pytest.mark.parametrize("form", [[], ["--format", "jsonl"]])
def test_check_says_once_that_a_binary_file_is_no_prototxt(shared: Path, form: list[str]) -> None:
    for name in ("lenet_v1.caffemodel", "cifar10_quick_v1.solverstate"):
        file = shared / "weights" / name
        done = run("check", *form, file)
        assert done.returncode == 2
        assert done.stderr.startswith(f"{file}: error: This is a binary file, not a prototxt")
        assert len(done.stderr.splitlines()) == 1
        assert len(done.stdout.splitlines()) == (2 if form else 0)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--phase", "BOTH", "x"],
        ["--level", "x", "x"],
        ["--datum", "source", "x"],
        ["--datum", "source=1x2", "x"],
        ["--format", "xml", "x"],
        ["--nothing", "x"],
    ],
)
def test_check_refuses_wrong_usage(arguments: list[str]) -> None:
    assert run("check", *arguments).returncode == 2


def test_check_loads_no_server_no_database_and_no_numpy(question: Path) -> None:
    code = (
        "import sys; from netgraft.cli.checking import Asked, run;"
        f"run([{str(question)!r}], Asked(['TRAIN'], 0, [], [], None, 'bvlc'), jsonl=True);"
        "print(sorted({'numpy', 'fastapi', 'sqlalchemy', 'h5py', 'uvicorn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
