"""The Dockerfile is honest: what it copies is there, what it runs is this package, and not as root."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from netgraft.cli import app

Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def stages(repo: Path) -> list[list[Instruction]]:
    """The instructions of each stage, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (repo / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    found: list[list[Instruction]] = []
    for line in filter(None, re.sub(r"\\\n\s*", "", text).splitlines()):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


def _arguments(stage: list[Instruction], word: str) -> list[str]:
    return [rest for found, rest in stage if found == word]


def test_hadolint_has_nothing_to_say(repo: Path) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    said = subprocess.run([hadolint, "--no-color", "Dockerfile"], cwd=repo, capture_output=True, text=True)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_two_stages_from_one_pinned_python(stages: list[list[Instruction]]) -> None:
    bases = [_arguments(stage, "FROM")[0].split()[0] for stage in stages]
    assert len(bases) == 2
    assert set(bases) == {bases[0]}
    assert re.fullmatch(r"python:3\.1[1-9]-slim", bases[0])


def test_it_does_not_run_as_root_and_its_data_are_a_volume(stages: list[list[Instruction]]) -> None:
    last = stages[-1]
    user = _arguments(last, "USER")[-1]
    assert int(user.split(":")[0]) > 0
    words = [word for word, _ in last]
    assert words.index("USER") > max(at for at, word in enumerate(words) if word == "RUN")
    assert _arguments(last, "VOLUME") == ["/data"]
    assert "NETGRAFT_DATA=/data" in " ".join(_arguments(last, "ENV"))


def test_it_copies_only_what_the_repository_has_and_lets_into_the_context(
    repo: Path, stages: list[list[Instruction]]
) -> None:
    copied = [name for rest in _arguments(stages[0], "COPY") for name in shlex.split(rest)[:-1]]
    let_in = {line[1:] for line in (repo / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) == let_in
    assert [name for name in copied if not (repo / name).exists()] == []


def test_all_that_the_build_needs_is_copied(repo: Path, stages: list[list[Instruction]]) -> None:
    copied = {name for rest in _arguments(stages[0], "COPY") for name in shlex.split(rest)[:-1]}
    project = (repo / "pyproject.toml").read_text("utf-8")
    only = re.search(r"only-include = \[(.*?)\]", project)
    assert only is not None
    assert copied == set(re.findall(r'"([^"]+)"', only[1]))


def test_the_entry_point_is_a_command_with_options_that_it_has(stages: list[list[Instruction]]) -> None:
    name, command, *options = json.loads(_arguments(stages[-1], "ENTRYPOINT")[0])
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    assert name == "netgraft"
    known = {option for parameter in group.commands[command].params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known
    assert _arguments(stages[-1], "EXPOSE") == [options[options.index("--port") + 1]]
