"""A page of the documentation carried out: its commands, its Python, in the order in which they stand."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner

from netgraft.cli import app

ADDRESS = "http://127.0.0.1:8100"
FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """One command of a `console` block, and the lines that it is said to print (`...` for any)."""

    text: str
    printed: tuple[str, ...]


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page: language and content."""
    for match in FENCE.finditer(page.read_text("utf-8")):
        indent = match[1]
        yield match[2], "".join(line.removeprefix(indent) for line in match[3].splitlines(keepends=True))


def commands(block: str) -> list[Command]:
    """The commands of a `console` block: lines after `$ `, continued by a backslash or within quotes."""
    found: list[tuple[str, list[str]]] = []
    open_ended = False
    for line in block.splitlines():
        if open_ended:
            text, printed = found.pop()
            found.append((f"{text}\n{line}", printed))
        elif line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line.rstrip())
            continue
        else:
            raise ValueError(f"output before any command: {line!r}")
        open_ended = _open_ended(found[-1][0])
    return [Command(text, tuple(printed)) for text, printed in found]


def _open_ended(text: str) -> bool:
    """Whether the shell would wait for another line."""
    try:
        shlex.split(text)
    except ValueError:
        return True
    return text.endswith("\\")


@dataclass
class Session:
    """A terminal in the current folder. `address` is where the server of the page's `curl` commands is."""

    address: str = ADDRESS
    code: int = 0
    assigned: list[str] = field(default_factory=list)
    names: dict[str, object] = field(default_factory=dict)

    def run(self, command: Command) -> str:
        """Carries a command out; returns what it prints. Raises AssertionError for a usage error."""
        text = command.text.replace("\\\n", " ").replace(ADDRESS, self.address)
        if text == "echo $?":
            return f"{self.code}\n"
        if text.startswith("netgraft ") and not set("|>") & set(re.sub(r"'[^']*'", "", text)):
            done = CliRunner().invoke(app, shlex.split(text)[1:], prog_name="netgraft")
            self.code, said = done.exit_code, done.output
        else:
            name = re.match(r"[A-Z]+(?==)", text)
            script = "\n".join([*self.assigned, text, *([f'printf %s "${name[0]}"'] if name else [])])
            path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
            shell = subprocess.run(
                ["bash", "-c", script],
                capture_output=True,
                text=True,
                timeout=60,
                env=os.environ | {"PATH": path},
            )
            self.code, said = shell.returncode, shell.stdout + shell.stderr
            if name:  # what it is now: an upload that was begun is not begun again
                self.assigned.append(f"{name[0]}={shlex.quote(shell.stdout)}")
                said = shell.stderr
        assert self.code in (0, 1), f"{command.text} ends with {self.code}:\n{said}"
        return said

    def python(self, block: str, page: Path) -> tuple[int, str]:
        """Runs a `pycon` block; returns how many examples failed, and what is said of them."""
        said: list[str] = []
        examples = doctest.DocTestParser().get_doctest(block, self.names, page.name, str(page), 0)
        failed = doctest.DocTestRunner(verbose=False).run(examples, out=said.append, clear_globs=False).failed
        self.names = examples.globs
        return failed, "".join(said)


def as_printed(expected: tuple[str, ...], said: str) -> bool:
    """Whether the output is what the page shows; a line `...` stands for any lines. No lines: anything."""
    shown = list(expected)
    while shown and not shown[-1]:
        shown.pop()
    if not shown:
        return True
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"[ \t]*\n" for line in shown)
    end = "(?:.*\n)*" if shown[-1] == "..." else ""
    return re.fullmatch(pattern + end, said if said.endswith("\n") else said + "\n") is not None
