"""`netgraft duplicate`: what it prints, writes and returns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.commands import Done, run

from netgraft import weights


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
