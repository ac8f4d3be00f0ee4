"""`netgraft show`, and what all commands have in common."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.commands import run
from tests.served import NETGRAFT

NET = 'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 3 } } }\n'


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
