"""What `netgraft duplicate` can ask for at the border of the copies, and copies that do not learn."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.commands import run

import netgraft

PAIR = """\
layer { name: "pair" type: "Input" top: "pair" input_param { shape { dim: 4 dim: 2 dim: 8 dim: 8 } } }
layer { name: "sim" type: "Input" top: "sim" input_param { shape { dim: 4 } } }
layer { name: "conv" type: "Convolution" bottom: "pair" top: "conv"
  convolution_param { num_output: 3 kernel_size: 3 } }
layer { name: "feat" type: "InnerProduct" bottom: "conv" top: "feat" inner_product_param { num_output: 2 } }
"""


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "pair.prototxt"
    file.write_text(PAIR)
    return file


def _duplicate(*arguments: str) -> tuple[int, str]:
    done = run("duplicate", "pair.prototxt", "--layers", "conv..feat", *arguments)
    return done.returncode, done.output


def test_a_siamese_net_is_one_line(pair: Path) -> None:
    options = ("--share", "all", "--inputs", "slice", "--join", "contrastive", "--label", "sim", "-o", "twin")
    code, said = _duplicate(*options)
    assert (code, "TRAIN: Caffe would build it" in said) == (0, True)
    net = netgraft.open(pair.with_name("twin.prototxt")).check()
    assert net.shapes["conv_a"] == (4, 3, 6, 6)
    assert [layer.type for layer in net.net.layers][-1] == "ContrastiveLoss"
    assert set(net.shares) == {"conv_w", "conv_b", "feat_w", "feat_b"}


def test_a_contrastive_loss_without_its_label_is_told(pair: Path) -> None:
    code, said = _duplicate("--join", "contrastive")
    assert code == 2
    assert "A contrastive loss needs a label" in said


def test_a_label_for_another_join_is_told(pair: Path) -> None:
    code, said = _duplicate("--join", "concat", "--label", "sim")
    assert code == 2
    assert "--label" in said


def test_copies_are_frozen_by_number(pair: Path) -> None:
    assert _duplicate("--freeze", "1", "--freeze", "3", "-o", "three")[0] == 0
    rates = netgraft.open(pair.with_name("three.prototxt")).check().rates
    assert [rates[f"conv_{copy}"] for copy in "abc"] == [(0, 0), (1, 1), (0, 0)]


def test_there_is_no_copy_nought(pair: Path) -> None:
    code, said = _duplicate("--freeze", "0")
    assert code == 2
    assert "There is no copy 0" in said
