"""check, duplicate and show: what they print, write and return."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from netgraft import weights
from netgraft.cli import app

NETGRAFT = Path(sys.executable).with_name("netgraft")
NET = 'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 3 } } }\n'


@dataclass(frozen=True)
class Done:
    """What a command printed and returned."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str | Path, cwd: Path | None = None) -> Done:
    """A command in this process, from a folder of its own where one is given."""
    with contextlib.chdir(cwd or Path.cwd()):
        result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def question(shared: Path) -> Path:
    return shared / "conformance" / "question.prototxt"


# check


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


# duplicate


def _duplicate(shared: Path, out: Path, *options: str, net: str = "lenet_v1") -> Done:
    folder = shared / "weights"
    return run(
        "duplicate",
        folder / f"{net}.prototxt",
        "--weights",
        folder / f"{net}.caffemodel",
        *options,
        "-o",
        out,
    )


def _rates(file: Path) -> dict[str, list[float]]:
    shown = json.loads(run("check", "--format", "jsonl", "--phase", "TRAIN", file).stdout)
    rates = iter(shown["learnable"])
    return {
        layer["name"]: [next(rates)["lr"] for _ in layer["blobs"]]
        for layer in shown["layers"]
        if layer["blobs"]
    }


def test_duplicate_writes_a_pair_that_caffe_accepts_with_the_weights_twice(
    shared: Path, tmp_path: Path
) -> None:
    options = [
        "--layers",
        "conv1..relu1",
        "--scale-lr",
        "1",
        "--scale-lr",
        "10",
        "--suffix",
        "_x",
        "--suffix",
        "_y",
    ]
    done = _duplicate(shared, tmp_path / "out", *options)
    assert done.returncode == 0, done.stderr
    assert "upgraded: V1 layers" in done.stdout
    assert "weights: conv1_y <- conv1 (2 blobs)" in done.stdout
    assert done.stdout.endswith("TEST: Caffe would build it (15 layers)\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.caffemodel", "out.prototxt"]
    assert _rates(tmp_path / "out.prototxt")["conv2_x"] == [1, 2]
    assert _rates(tmp_path / "out.prototxt")["conv2_y"] == [10, 20]
    source = weights.index(shared / "weights" / "lenet_v1.caffemodel")
    grafted = weights.index(tmp_path / "out.caffemodel")
    with source, grafted:
        for name in ("conv1", "conv2", "ip1"):
            for copy in "xy":
                pairs = zip(source.require(name).blobs, grafted.require(f"{name}_{copy}").blobs, strict=True)
                assert all(np.array_equal(old.read().ravel(), new.read().ravel()) for old, new in pairs)
    checked = run("check", tmp_path / "out.prototxt", "--weights", tmp_path / "out.caffemodel")
    assert checked.returncode == 0, checked.stdout


def test_duplicate_shares_what_it_is_told_and_keeps_the_first_names(shared: Path, tmp_path: Path) -> None:
    options = ["--layers", "conv1,pool1,conv2", "--share", "conv1", "--keep-first", "--copies", "3"]
    done = _duplicate(shared, tmp_path / "out.prototxt", *options)
    assert done.returncode == 0, done.stderr
    shown = json.loads(run("show", "--format", "json", tmp_path / "out.prototxt").stdout)
    groups = {len(group["members"]): group["members"][0] for group in shown["groups"]}
    assert groups == {3: "conv1[1]"} or groups == {3: "conv1[0]"}
    assert {layer["name"] for layer in shown["layers"]} >= {"conv1", "conv2", "conv1_b", "conv2_c"}


def test_duplicate_joins_and_gives_inputs_of_their_own(shared: Path, tmp_path: Path) -> None:
    options = ["--layers", "conv1..ip1", "--inputs", "separate", "--join", "eltwise"]
    assert _duplicate(shared, tmp_path / "out", *options).returncode == 0
    shown = json.loads(run("show", "--format", "json", tmp_path / "out.prototxt").stdout)
    kinds = [layer["type"] for layer in shown["layers"]]
    assert (kinds.count("Input"), kinds.count("Eltwise"), kinds.count("Convolution")) == (2, 1, 4)


def test_duplicate_refuses_shared_layers_with_two_rates_and_writes_nothing(
    shared: Path, tmp_path: Path
) -> None:
    options = ["--layers", "conv*", "--share", "all", "--lr-mult", "1", "--lr-mult", "10"]
    done = _duplicate(shared, tmp_path / "out", *options)
    assert done.returncode == 1
    assert "Shared param 'conv1_w' has mismatched lr_mult." in done.stderr
    assert "--shared-lr keep" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("said", "shared_rate"), [("keep", [1, 2]), ("0.5", [0.5, 0.5])])
def test_duplicate_gives_what_is_shared_one_rate_and_the_rest_one_a_copy(
    shared: Path, tmp_path: Path, said: str, shared_rate: list[float]
) -> None:
    options = ["--layers", "conv1..conv2", "--share", "conv1", "--lr-mult", "1", "--lr-mult", "10"]
    done = _duplicate(shared, tmp_path / "out", *options, "--shared-lr", said)
    assert done.returncode == 0, done.stderr
    shown = json.loads(run("check", "--format", "jsonl", tmp_path / "out.prototxt").stdout.splitlines()[0])
    rates = [blob["lr"] for blob in shown["learnable"]]
    assert rates[:6] == [*shared_rate, 1, 1, 10, 10]


def test_duplicate_refuses_a_shared_rate_that_is_none(shared: Path, tmp_path: Path) -> None:
    done = _duplicate(shared, tmp_path / "out", "--layers", "conv1", "--share", "all", "--shared-lr", "fast")
    assert done.returncode == 2
    assert "'fast' is neither 'keep' nor a number." in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--layers", "convx"], "No layer is named 'convx'"),
        (["--layers", ""], "Nothing is selected"),
        (["--layers", "pool2..conv1"], "comes after"),
        (["--layers", "conv1", "--share", "none,at,all"], "No layer is named 'none'"),
        (
            ["--layers", "conv1", "--copies", "2", "--lr-mult", "1", "--lr-mult", "2", "--lr-mult", "3"],
            "3 rates",
        ),
        (["--layers", "conv1", "--suffix", "_a", "--suffix", "_a"], "_a"),
        (["--layers", "conv1", "--copies", "1"], "--copies"),
        (["--layers", "conv1", "--lr-mult", "nan"], "finite"),
        (["--layers", "conv1", "--copies", "200000"], "200,000 copies are more than"),
    ],
)
def test_duplicate_refuses_what_cannot_be_done(
    shared: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    done = _duplicate(shared, tmp_path / "out", *options)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, []), done.stdout
    assert said in done.stderr


def test_duplicate_writes_what_caffe_refuses_anyway_unless_told_to_be_strict(tmp_path: Path) -> None:
    net = tmp_path / "net.prototxt"
    net.write_text(
        'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 2 dim: 3 } } }\n'
        'layer { name: "a" type: "Power" bottom: "in" top: "a" }\n'
        'layer { name: "b" type: "Power" bottom: "nobody" top: "b" }\n'
    )
    out = tmp_path / "out"
    done = run("duplicate", net, "--layers", "a", "-o", out, "--strict")
    assert done.returncode == 1
    assert "Unknown bottom blob 'nobody' (layer 'b', bottom index 0)" in done.stderr
    assert (
        "Nothing was written: Caffe would refuse the result. It refuses the net as it is, too." in done.stderr
    )
    assert not list(tmp_path.glob("out*"))
    done = run("duplicate", net, "--layers", "a", "-o", out)
    assert done.returncode == 0
    assert "TRAIN: Caffe would refuse it" in done.stdout
    assert (tmp_path / "out.prototxt").exists()
    net.write_text(net.read_text().replace("nobody", "in"))
    assert run("duplicate", net, "--layers", "a", "-o", out, "--strict").returncode == 0


def test_duplicate_overwrites_no_input(shared: Path, tmp_path: Path) -> None:
    files = {
        name: (shared / "weights" / f"lenet_v1.{name}").read_bytes() for name in ("prototxt", "caffemodel")
    }
    for name, data in files.items():
        (tmp_path / f"net.{name}").write_bytes(data)
    base = ["duplicate", "net.prototxt", "--weights", "net.caffemodel", "--layers", "conv1"]
    for out in ("net", "net.prototxt", "./net", "net.caffemodel"):
        done = run(*base, "-o", out, cwd=tmp_path)
        assert done.returncode == 2
        assert "would overwrite an input" in done.stderr
    assert run(*base, cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "net.caffemodel",
        "net.prototxt",
        "net_grafted.caffemodel",
        "net_grafted.prototxt",
    ]
    assert {name: (tmp_path / f"net.{name}").read_bytes() for name in files} == files


def test_duplicate_with_weights_that_do_not_fit_or_are_damaged_writes_nothing(
    shared: Path, tmp_path: Path
) -> None:
    folder, out = shared / "weights", tmp_path / "out"
    torn = tmp_path / "torn.caffemodel"
    torn.write_bytes((folder / "lenet_v1.caffemodel").read_bytes()[:1000])
    base: list[str | Path] = [
        "duplicate",
        folder / "mtcnn_det1.prototxt",
        "--layers",
        "conv1",
        "-o",
        out,
        "--weights",
    ]
    clash = run(*base, folder / "mtcnn_det2.caffemodel")
    assert clash.returncode == 1
    assert "shape mismatch" in clash.stderr
    for file in (torn, tmp_path / "none.caffemodel", folder / "mtcnn_det1.prototxt"):
        done = run(*base, file)
        assert done.returncode == 2
        assert done.stderr.startswith(f"{file}: error: ")
    assert list(tmp_path.iterdir()) == [torn]


def test_duplicate_writes_no_caffemodel_that_would_hold_nothing(shared: Path, tmp_path: Path) -> None:
    folder = shared / "weights"
    net = tmp_path / "net.prototxt"
    text = (folder / "mtcnn_det1.prototxt").read_text(encoding="utf-8")
    net.write_text(text.replace("conv", "stage").replace("PReLU", "slope"), encoding="utf-8")
    done = run("duplicate", net, "--layers", "stage1", "--weights", folder / "mtcnn_det1.caffemodel")
    assert done.returncode == 2
    assert "No layer of the net starts from a layer that is stored: conv1, PReLU1, " in done.stderr
    assert list(tmp_path.iterdir()) == [net]


# show


def test_show_prints_a_net_as_a_table(repo: Path) -> None:
    done = run("show", repo / "examples" / "siamese_mnist.prototxt")
    assert done.returncode == 0
    assert re.search(
        r"^conv1_p +Convolution +data_p +conv1_p +64 20 24 24 +20 1 5 5, 20 +1 2 +conv1_w conv1_b$",
        done.stdout,
        re.MULTILINE,
    )
    assert re.search(r"^conv1_w +conv1\[0\] +conv1_p\[0\] +20 1 5 5 +1 +1$", done.stdout, re.MULTILINE)
    assert "431,102 parameters" in done.stdout


def test_show_prints_weights_of_either_format(shared: Path) -> None:
    for name, said in (("mtcnn_det1", "Caffe 1.0"), ("lenet_v1", "V1 `layers`")):
        done = run("show", shared / "weights" / f"{name}.caffemodel")
        assert done.returncode == 0
        assert said in done.stdout
    shown: dict[str, Any] = json.loads(
        run("show", "--format", "json", shared / "weights" / "mtcnn_det1.caffemodel").stdout
    )
    assert shown["size"] == 28163
    conv = next(layer for layer in shown["layers"] if layer["name"] == "conv1")
    assert conv["blobs"][0] == {"shape": [10, 3, 3, 3], "dtype": "float", "count": 270}


@pytest.mark.parametrize("content", [b"Lorem ipsum", b"a: 1\n", b"\0\1\2", b"\x08\x96\x01"])
@pytest.mark.parametrize("name", ["net.prototxt", "net.caffemodel"])
def test_show_says_what_a_file_is_not(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    done = run("show", file)
    assert done.returncode == 2
    assert done.stderr.startswith(str(file))
    assert ": error: " in done.stderr


def test_a_name_that_no_terminal_can_show_is_escaped(tmp_path: Path) -> None:
    file = tmp_path / "net.prototxt"
    file.write_bytes(NET.replace('name: "in"', 'name: "caf\udce9"').encode("utf-8", "surrogateescape"))
    for encoding in ("utf-8", "ascii"):
        environment = os.environ | {"PYTHONIOENCODING": encoding}
        done = subprocess.run([NETGRAFT, "show", file], capture_output=True, env=environment)
        assert done.returncode == 0, done.stderr
        assert b"caf\\" in done.stdout


def test_the_commands_are_also_there_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "netgraft", "--version"], capture_output=True, text=True)
    assert re.fullmatch(r"netgraft \d+\.\d+.*\n", done.stdout)
