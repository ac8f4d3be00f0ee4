"""The Dockerfile is honest: what it copies is there, what it runs is this package, and not as root.

compose.yaml, too: what it sets is a setting, what it mounts and asks for is what the image has.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from typer.core import TyperGroup

from netgraft.cli import app
from netgraft.web.settings import PREFIX, Settings

Instruction = tuple[str, str]
Compose = dict[str, Any]


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
    # The changelog is for readers.
    assert copied == set(re.findall(r'"([^"]+)"', only[1])) - {"CHANGELOG.md"}


def test_the_entry_point_is_a_command_with_options_that_it_has(stages: list[list[Instruction]]) -> None:
    name, command, *options = json.loads(_arguments(stages[-1], "ENTRYPOINT")[0])
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    assert name == "netgraft"
    known = {option for parameter in group.commands[command].params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known
    assert _arguments(stages[-1], "EXPOSE") == [options[options.index("--port") + 1]]


def test_what_a_team_s_server_needs_is_installed_unless_told_otherwise(
    repo: Path, stages: list[list[Instruction]]
) -> None:
    (extras,) = [rest.partition("=")[2] for rest in _arguments(stages[-1], "ARG")]
    known = tomllib.loads((repo / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert extras.split(",") == ["postgres", "s3"]
    assert set(extras.split(",")) <= set(known)
    (install,) = [rest for rest in _arguments(stages[-1], "RUN") if "pip install" in rest]
    script = install.replace("python -m pip install --no-cache-dir", "echo").replace("rm -r", "echo")
    for given, wanted in [("postgres,s3", "/dist/*.whl[postgres,s3]"), ("", "/dist/*.whl")]:
        said = subprocess.run(
            ["sh", "-c", script], env={"EXTRAS": given, "PATH": "/bin"}, capture_output=True, text=True
        )
        assert said.stdout.splitlines()[0] == wanted


def test_it_is_asked_for_its_health_where_no_token_is_needed(stages: list[list[Instruction]]) -> None:
    (health,) = _arguments(stages[-1], "HEALTHCHECK")
    port = _arguments(stages[-1], "EXPOSE")[0]
    assert f"http://127.0.0.1:{port}/api/ready" in health


@pytest.fixture(scope="module")
def services(repo: Path) -> dict[str, Compose]:
    """The services of compose.yaml."""
    loaded: dict[str, dict[str, Compose]] = yaml.safe_load((repo / "compose.yaml").read_text("utf-8"))
    assert set(loaded) == {"services", "volumes"}
    mounted = {volume.split(":")[0] for each in loaded["services"].values() for volume in each["volumes"]}
    assert mounted == set(loaded["volumes"])
    return loaded["services"]


def test_compose_builds_this_image_and_speaks_to_its_port_and_volume(
    services: dict[str, Compose], stages: list[list[Instruction]]
) -> None:
    server = services["netgraft"]
    assert server["build"] == "."
    assert server["volumes"] == [f"weights:{_arguments(stages[-1], 'VOLUME')[0]}"]
    (published,) = server["ports"]
    assert published.endswith(f":{_arguments(stages[-1], 'EXPOSE')[0]}")
    assert "127.0.0.1:" in published


def test_compose_sets_what_netgraft_reads_and_writes_no_secret(services: dict[str, Compose]) -> None:
    settings = {PREFIX + each.name.upper() for each in fields(Settings)}
    given: dict[str, str] = services["netgraft"]["environment"]
    assert {name for name in given if name.startswith(PREFIX)} <= settings
    assert set(given) - settings == {"PGPASSWORD"}
    secrets = [given["PGPASSWORD"], given["NETGRAFT_TOKEN"]]
    secrets.append(services["database"]["environment"]["POSTGRES_PASSWORD"])
    # Compose stops with these words where one is not set.
    assert [each for each in secrets if not re.fullmatch(r"\$\{[A-Z_]+:\?choose .+\}", each)] == []


def test_compose_waits_for_a_database_that_has_the_user_and_the_encoding(
    services: dict[str, Compose],
) -> None:
    database, server = services["database"], services["netgraft"]
    assert re.fullmatch(r"postgres:1[2-9]", database["image"])
    assert server["depends_on"] == {"database": {"condition": "service_healthy"}}
    made = database["environment"]
    url = f"postgresql://{made['POSTGRES_USER']}@database/{made['POSTGRES_DB']}"
    assert server["environment"]["NETGRAFT_DATABASE_URL"] == url
    assert made["POSTGRES_INITDB_ARGS"] == "--encoding=UTF8"
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


def test_compose_lets_a_server_stop_in_its_own_time(services: dict[str, Compose]) -> None:
    grace = int(services["netgraft"]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings().stop_seconds
    assert {each["restart"] for each in services.values()} == {"unless-stopped"}
