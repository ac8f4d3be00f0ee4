"""Broken inputs, for a few seconds: at random, and as atheris finds its way through each parser."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest


def test_a_few_broken_texts_and_weights_break_nothing(repo: Path) -> None:
    command = [sys.executable, "tools/fuzz.py", "--seed", "0", "--rounds", "40"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "40 inputs, none fails" in done.stdout


def _seeds(folder: Path, repo: Path, shared: Path) -> None:
    for target in ("prototxt", "caffemodel", "hdf5", "multipart"):
        (folder / target).mkdir(parents=True)
    for file in (repo / "examples").glob("*.prototxt"):
        shutil.copy(file, folder / "prototxt")
    model = (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()
    (folder / "caffemodel" / "det1").write_bytes(model)
    with h5py.File(folder / "hdf5" / "small", "w") as made:
        made.create_dataset("data/ip/0", data=np.ones((2, 3), np.float32), compression="gzip")
    form = (
        b'--b\r\nContent-Disposition: form-data; name="prototxt"; filename="a"\r\n\r\nlayer {}\r\n--b--\r\n'
    )
    (folder / "multipart" / "form").write_bytes(b"\x30" + form)


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this machine or Python"
)
@pytest.mark.parametrize("target", ["prototxt", "caffemodel", "hdf5", "multipart"])
def test_atheris_breaks_no_parser(target: str, repo: Path, shared: Path, tmp_path: Path) -> None:
    _seeds(tmp_path / "seeds", repo, shared)
    command = [sys.executable, "tools/fuzz_targets.py", target, "-max_total_time=8", "-seed=1"]
    command += ["-timeout=20", "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/", "-max_len=20000"]
    done = subprocess.run([*command, tmp_path / "seeds" / target], cwd=repo, capture_output=True, timeout=110)
    assert done.returncode == 0, done.stderr[-3000:].decode(errors="replace")
