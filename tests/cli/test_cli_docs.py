"""docs/cli.md names every command and every option, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from netgraft.cli import app


def _options() -> dict[str, set[str]]:
    """The options of each command, by its name."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {
        name: {
            option
            for parameter in command.params
            for option in (*parameter.opts, *parameter.secondary_opts)
            if option.startswith("-") and option not in ("--help", "-h")
        }
        for name, command in group.commands.items()
    }


@pytest.fixture(scope="module")
def sections(repo: Path) -> dict[str, str]:
    """The text of docs/cli.md, by command."""
    parts = re.split(r"^## netgraft (\w+).*$", (repo / "docs" / "cli.md").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section(sections: dict[str, str]) -> None:
    assert set(sections) == set(_options())


@pytest.mark.parametrize("command", sorted(_options()))
def test_every_option_has_its_row_and_no_row_is_stale(sections: dict[str, str], command: str) -> None:
    rows = "".join(re.findall(r"^\| (`-.*?) \|", sections[command], re.MULTILINE))
    documented = set(re.findall(r"`(--?[a-z][a-z0-9-]*)", rows))
    documented |= set(re.findall(r"(?<=, )`(-\w)\b", rows))
    assert documented == _options()[command]


@pytest.mark.parametrize("command", sorted(_options()))
def test_every_option_says_what_it_is_for(command: str) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for parameter in group.commands[command].params:
        assert getattr(parameter, "help", None), f"{command} {parameter.name}"
