"""Rules of the house that no other tool checks: file sizes, no registry addresses, declared dependencies."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

LONGEST_FILE = 500
COUNTED = {".py", ".js", ".mjs", ".css", ".html", ".ts"}
# Spelled in halves, so that this file is not its own first finding.
REGISTRIES = tuple(
    left + right
    for left, right in [
        ("npmjs", ".org"),
        ("npmjs", ".com/package"),
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("yarn", "pkg.com"),
        ("deb.", "debian.org"),
        ("jsdelivr", ".net"),
        ("unpkg", ".com"),
    ]
)
# Distributions whose import name is another.
IMPORTED_AS = {
    "python-multipart": "python_multipart",
    "protobuf": "google",
    "prometheus-client": "prometheus_client",
}
# Imported where they are asked for, with an error in words that names the extra.
EXTRAS = ("postgres", "s3")
# What fastapi, uvicorn and pydantic are made of, and what is meant to be imported beside them.
COME_ALONG = {"anyio", "h11", "pydantic_core", "starlette"}


@pytest.fixture(scope="module")
def tracked(repo: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repo,
        capture_output=True,
        check=True,
        text=True,
    )
    return [repo / name for name in listed.stdout.split("\0") if name and (repo / name).is_file()]


def test_no_file_is_longer_than_500_lines(tracked: list[Path]) -> None:
    long_files = {
        str(file): lines
        for file in tracked
        if file.suffix in COUNTED and (lines := len(file.read_bytes().splitlines())) > LONGEST_FILE
    }
    assert long_files == {}


def test_no_file_names_a_package_registry(tracked: list[Path]) -> None:
    found = {}
    for file in tracked:
        text = file.read_bytes().decode("utf-8", "replace").lower()
        named = [host for host in REGISTRIES if host in text]
        if named:
            found[str(file)] = named
    assert found == {}


def test_the_lock_file_names_no_address(repo: Path) -> None:
    lock = json.loads((repo / "static" / "package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []


def test_app_imports_only_what_the_package_declares(repo: Path) -> None:
    project = tomllib.loads((repo / "pyproject.toml").read_text())["project"]
    requirements = [
        *project["dependencies"],
        *(each for extra in EXTRAS for each in project["optional-dependencies"][extra]),
    ]
    names = [re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0] for requirement in requirements]
    declared = {IMPORTED_AS.get(name, name) for name in names} | COME_ALONG
    undeclared: dict[str, str] = {}
    for file in (repo / "app").rglob("*.py"):
        for module in _imported(file):
            if module not in declared and module not in sys.stdlib_module_names and module != "netgraft":
                undeclared[module] = str(file.relative_to(repo))
    assert undeclared == {}


def test_test_modules_have_unique_names(repo: Path) -> None:
    seen: dict[str, list[str]] = {}
    for file in (repo / "tests").rglob("test_*.py"):
        seen.setdefault(file.name, []).append(str(file.relative_to(repo)))
    assert {name: files for name, files in seen.items() if len(files) > 1} == {}


def test_who_meddles_with_a_browser_context_has_one_of_their_own(repo: Path) -> None:
    """Playwright takes none of these back, and the next test would sit down at the same page."""
    lasting = re.compile(r"\.(add_init_script|route_web_socket|new_cdp_session|expose_\w+|clock)\b")
    files = [file for file in (repo / "tests" / "browser").rglob("test_*.py") if "canvas" not in file.parts]
    meddling = [
        file.name
        for file in files
        if lasting.search(text := file.read_text("utf-8"))
        and "own_context" not in text
        and "alone=True" not in text
    ]
    assert meddling == []


def _imported(file: Path) -> set[str]:
    """First parts of the names of all modules that `file` imports absolutely, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found
