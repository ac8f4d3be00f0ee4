"""Broken inputs, for a few seconds: at random, and as atheris finds its way through each parser."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_few_broken_texts_and_weights_break_nothing(repo: Path) -> None:
    command = [sys.executable, "tools/fuzz.py", "--seed", "0", "--rounds", "40"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "40 inputs, none fails" in done.stdout


TARGETS = ("prototxt", "caffemodel", "hdf5", "multipart", "live")


@pytest.fixture(scope="module")
def seeds(repo: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of seeds a target, and a real trained net among them."""
    folder = tmp_path_factory.mktemp("seeds")
    done = subprocess.run(
        [sys.executable, "tools/fuzz_seeds.py", folder], cwd=repo, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copy(shared / "weights" / "mtcnn_det1.caffemodel", folder / "caffemodel")
    return folder


def test_every_target_has_seeds_and_is_what_make_fuzz_runs(repo: Path, seeds: Path) -> None:
    assert sorted(each.name for each in seeds.iterdir()) == sorted(TARGETS)
    assert all(any(each.iterdir()) for each in seeds.iterdir())
    assert f"for target in {' '.join(TARGETS)};" in (repo / "Makefile").read_text("utf-8")


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this machine or Python"
)
@pytest.mark.parametrize("target", TARGETS)
def test_atheris_breaks_no_parser(target: str, repo: Path, seeds: Path, tmp_path: Path) -> None:
    """Every seed and a few hundred inputs made of them; `make fuzz` goes on for as long as one likes."""
    shutil.copytree(seeds / target, tmp_path / "corpus")
    command = [sys.executable, "tools/fuzz_targets.py", target, "-runs=400", "-max_total_time=20", "-seed=1"]
    command += ["-timeout=60", "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/", "-max_len=20000"]
    done = subprocess.run([*command, tmp_path / "corpus"], cwd=repo, capture_output=True, timeout=110)
    assert done.returncode == 0, done.stderr[-3000:].decode(errors="replace")
