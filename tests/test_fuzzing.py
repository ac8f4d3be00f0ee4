"""The fuzzer itself works: a few rounds of it, the same ones each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_few_broken_texts_and_weights_break_nothing(repo: Path) -> None:
    command = [sys.executable, "tools/fuzz.py", "--seed", "0", "--rounds", "40"]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "40 inputs, none fails" in done.stdout
