"""`netgraft verify`, `duplicate` into HDF5 and without sharers, and the table of `check --weights`."""

from __future__ import annotations

import json
import math
from pathlib import Path

import h5py
import pytest
from tests.cli import commands

from netgraft import edit, prototxt, weights
from netgraft.caffe.net import check
from netgraft.cli.verifying import pairs
from netgraft.edit.pairing import plan_weights
from netgraft.proto import caffe_pb2


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """A command's exit code, standard output and error."""
    done = commands.run(*arguments)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def lenet(shared: Path) -> list[Path]:
    return [shared / "weights" / f"lenet_v1.{ending}" for ending in ("prototxt", "caffemodel")]


@pytest.fixture
def twins(lenet: list[Path], tmp_path: Path) -> list[Path]:
    """LeNet twice, its first convolution shared."""
    net, model = lenet
    code, _, error = run(
        "duplicate", net, "--weights", model, "--layers", "conv1..prob", "--share", "conv1",
        "-o", tmp_path / "twins",
    )  # fmt: skip
    assert (code, error) == (0, "")
    return [tmp_path / "twins.prototxt", tmp_path / "twins.caffemodel"]


def test_verify_shows_every_blob_and_that_each_branch_answers_alike(
    lenet: list[Path], twins: list[Path]
) -> None:
    code, out, _ = run("verify", *twins, "--against", *lenet)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split() == ["layer", "blob", "source", "finding"]
    assert ["ip2_b", "1", "ip2/1", "equal"] in [line.split() for line in lines]
    assert f"{twins[1]}: every copied blob equals its source, bit for bit: 16 of 16" in lines
    for copy in ("prob_a", "prob_b"):
        assert any(line.startswith(f"OpenCV: {copy} answers as prob of ") for line in lines)


def test_verify_finds_one_value_that_is_another(lenet: list[Path], twins: list[Path]) -> None:
    net = caffe_pb2.NetParameter.FromString(twins[1].read_bytes())
    layer = next(one for one in net.layer if one.name == "ip2_b")
    layer.blobs[1].data[4] += 1
    twins[1].write_bytes(net.SerializeToString())
    code, out, _ = run("verify", twins[0], "--against", *lenet)
    assert code == 1
    assert "ip2_b/1: equals no blob of the originals" in out
    assert "1 of 16 blobs are not as they should be" in out
    # What is left of the branch is compared up to there.
    assert "prob_a answers as prob" in out
    assert "prob_b answers" not in out


def test_verify_says_what_it_does_not_run(lenet: list[Path], twins: list[Path]) -> None:
    code, out, _ = run("verify", *twins, "--no-opencv", "--against", *lenet)
    assert (code, "OpenCV" in out) == (0, False)
    code, out, _ = run("verify", *twins, "--against", lenet[1])
    assert code == 0  # its prototxt stands beside it
    assert "prob_b answers as prob" in out


def test_verify_knows_hdf5_and_owners_only(lenet: list[Path], tmp_path: Path) -> None:
    net, model = lenet
    run(
        "duplicate", net, "--weights", model, "--layers", "conv1,conv2", "--share", "all", "--hdf5",
        "-o", tmp_path / "twins",
    )  # fmt: skip
    file = tmp_path / "twins.caffemodel.h5"
    assert file.exists()
    assert not (tmp_path / "twins.caffemodel").exists()
    code, out, _ = run("verify", tmp_path / "twins.prototxt", "--against", model)
    assert code == 0
    assert "left out: its owner has it" in out
    assert "OpenCV reads no HDF5 weights" in out


def test_verify_compares_what_a_fully_convolutional_net_gives(lenet: list[Path], tmp_path: Path) -> None:
    from netgraft import edit
    from netgraft.edit.pairing import plan_weights

    document = edit.Document.read(lenet[0].read_bytes())
    for layer in ("ip1", "ip2"):
        document = edit.apply(document, {"op": "to_convolution", "layer": layer}).document
    (tmp_path / "full.prototxt").write_text(document.text)
    with weights.index(lenet[1]) as index:
        weights.write(plan_weights(document, index), tmp_path / "full.caffemodel")
    code, out, _ = run("verify", tmp_path / "full.prototxt", "--against", *lenet)
    assert code == 0
    assert "prob answers as prob" in out


def test_an_output_behind_a_sum_of_copies_need_not_be_the_originals(
    lenet: list[Path], tmp_path: Path
) -> None:
    net, model = lenet
    run(
        "duplicate", net, "--weights", model, "--layers", "conv1..pool1", "--join", "eltwise",
        "-o", tmp_path / "sum",
    )  # fmt: skip
    code, out, _ = run("verify", tmp_path / "sum.prototxt", "--against", *lenet)
    assert code == 0
    assert "pool1_a answers as pool1" in out
    assert "pool1_b answers as pool1" in out
    assert "prob is no copy of prob" in out


def test_verify_asks_for_what_is_missing(lenet: list[Path], tmp_path: Path) -> None:
    lonely = tmp_path / "alone.prototxt"
    lonely.write_bytes(lenet[0].read_bytes())
    code, _, error = run("verify", lonely, "--against", *lenet)
    assert (code, "one is missing" in error) == (2, True)
    assert run("verify", *lenet)[0] == 2
    assert run("verify", *lenet, "--against")[0] == 2
    code, _, error = run("verify", *lenet, "--against", lonely)
    assert (code, "Name the caffemodel" in error) == (2, True)


def test_files_become_pairs(tmp_path: Path) -> None:
    for name in ("a.prototxt", "a.caffemodel", "b.prototxt", "b.caffemodel.h5", "c.caffemodel"):
        (tmp_path / name).touch()
    a, b, c = (str(tmp_path / name) for name in ("a.prototxt", "b.prototxt", "c.caffemodel"))
    found = pairs([a, b, c])
    assert [(pair.net, pair.model and pair.model.name) for pair in found] == [
        (a, "a.caffemodel"),
        (b, "c.caffemodel"),
    ]
    assert pairs([b])[0].model == tmp_path / "b.caffemodel.h5"
    assert pairs([c])[0].net is None


def test_sharers_can_be_left_out(lenet: list[Path], tmp_path: Path) -> None:
    net, model = lenet
    sizes = []
    for options in ([], ["--skip-sharers"]):
        out = tmp_path / f"twins{len(options)}"
        run(
            "duplicate",
            net,
            "--weights",
            model,
            "--layers",
            "conv1..ip1",
            "--share",
            "all",
            *options,
            "-o",
            out,
        )
        sizes.append(out.with_suffix(".caffemodel").stat().st_size)
    assert sizes[1] < 0.6 * sizes[0]


def test_more_than_caffe_reads_is_refused_with_the_ways_out(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "huge.h5", "w") as file:
        file.create_dataset("data/ip/0", (1 << 16, 1 << 12), "<f4", chunks=(1 << 10, 1 << 10))
    net = tmp_path / "huge.prototxt"
    net.write_text(
        'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 4096 } } }\n'
        'layer { name: "ip" type: "InnerProduct" bottom: "in" top: "ip"\n'
        "  inner_product_param { num_output: 65536 bias_term: false } }\n"
    )
    code, _, error = run("duplicate", net, "--weights", tmp_path / "huge.h5", "--layers", "ip")
    assert code == 2
    assert "Write it as HDF5" in error
    assert "(--hdf5, --skip-sharers)" in error
    assert sorted(file.name for file in tmp_path.iterdir()) == ["huge.h5", "huge.prototxt"]


def test_check_prints_a_table_by_layer_and_blob(shared: Path) -> None:
    folder = shared / "weights"
    code, out, _ = run("check", folder / "mtcnn_det2.prototxt", "--weights", folder / "mtcnn_det1.caffemodel")
    assert code == 1
    rows = [line.split() for line in out.splitlines()]
    assert ["layer", "blob", "net", "stored", "what", "happens"] in rows
    assert any(row[:1] == ["conv1"] and "shape-clash" in row for row in rows)
    assert any("ignored" in row for row in rows)
    code, out, _ = run(
        "check", "--format", "jsonl", "--phase", "TEST", folder / "mtcnn_det1.prototxt",
        "--weights", folder / "mtcnn_det1.caffemodel",
    )  # fmt: skip
    assert code == 0
    matches = json.loads(out)["matches"]
    assert {row["state"] for row in matches} == {"loads"}
    assert matches[0]["blobs"][0]["filler"] == "xavier"


def sidecar(folder: Path, name: str, text: str) -> list[Path]:
    """A net with weights of ones."""
    net, model = folder / f"{name}.prototxt", folder / f"{name}.caffemodel"
    net.write_text(text)
    stored = caffe_pb2.NetParameter(name=name)
    for layer in check(prototxt.parse(text)).net.layers:
        if layer.blobs:
            one = stored.layer.add(name=layer.name, type=layer.type)
            for shape in layer.blobs:
                assert shape is not None
                one.blobs.add(data=[1.0] * math.prod(shape)).shape.dim.extend(shape)
    model.write_bytes(stored.SerializeToString())
    return [net, model]


SMALL = 'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 dim: 3 dim: 4 } } }\n'


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            'type: "Embed" bottom: "d" embed_param { num_output: 2 input_dim: 9 }',
            "OpenCV has no layers of type Embed (layer 'subject')",
        ),
        (
            'type: "LSTM" bottom: "d" bottom: "c" recurrent_param { num_output: 4 }',
            "OpenCV cannot run it: it fails one of OpenCV's own assertions",
        ),
    ],
)
def test_what_opencv_cannot_run_is_said_in_words_of_ours(tmp_path: Path, layer: str, words: str) -> None:
    cont = 'layer { name: "c" type: "Input" top: "c" input_param { shape { dim: 2 dim: 3 } } }\n'
    text = SMALL + (cont if "LSTM" in layer else "") + f'layer {{ name: "subject" top: "y" {layer} }}\n'
    pair = sidecar(tmp_path, "net", text)
    code, out, _ = run("verify", *pair, "--against", *pair)
    assert code == 0
    assert out.splitlines()[-1] == f"outputs not compared with {pair[0]}: {words}"


def test_verify_proves_a_net_whose_batch_norms_were_merged(tmp_path: Path) -> None:
    norm = 'layer { name: "bn" type: "BatchNorm" bottom: "ip" top: "bn" batch_norm_param { eps: 0.25 } }\n'
    text = (
        SMALL
        + 'layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip" '
        + "inner_product_param { num_output: 4 } }\n"
    )
    original = sidecar(tmp_path, "original", text + norm)
    document = edit.apply(edit.Document.read(text + norm), {"op": "merge_batch_norm"}).document
    merged = [tmp_path / "merged.prototxt", tmp_path / "merged.caffemodel"]
    merged[0].write_text(document.text)
    with weights.index(original[1]) as index:
        weights.write(plan_weights(document, index), merged[1])
    code, out, _ = run("verify", *merged, "--no-opencv", "--against", *original)
    assert code == 0
    assert ["ip", "0", "ip", "with", "bn/0", "equal"] in [line.split() for line in out.splitlines()]
