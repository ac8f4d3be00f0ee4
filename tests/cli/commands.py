"""Netgraft's commands in this process, for tests of what they print, write and return."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from netgraft.cli import app


@dataclass(frozen=True)
class Done:
    """What a command printed and returned."""

    returncode: int
    stdout: str
    stderr: str
    output: str
    """Both as they came."""


def run(*arguments: str | Path, cwd: Path | None = None) -> Done:
    """Carries a command out, from a folder of its own where one is given."""
    with contextlib.chdir(cwd or Path.cwd()):
        result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr, result.output)
