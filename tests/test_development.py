"""What CONTRIBUTING.md and the tools of development say is so: paths, targets, hooks, the version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import netgraft


@pytest.fixture(scope="module")
def targets(repo: Path) -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", (repo / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_make_help_tells_of_every_target_for_people(repo: Path, targets: set[str]) -> None:
    makefile = (repo / "Makefile").read_text("utf-8")
    told = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert {"run", "test", "lint", "fuzz", "bench", "docs", "pictures", "help"} <= told
    assert targets - told == {"node", "machine", "browser", "postgres"}


def test_every_make_target_that_a_page_names_is_there(repo: Path, targets: set[str]) -> None:
    pages = [repo / "README.md", repo / "CONTRIBUTING.md", *(repo / "docs").rglob("*.md")]
    named = {
        word for page in pages for word in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text("utf-8"), re.M)
    }
    assert named - targets == set()


def test_every_path_that_contributing_names_is_there(repo: Path) -> None:
    text = (repo / "CONTRIBUTING.md").read_text("utf-8")
    roots = [
        repo,
        repo / "app" / "netgraft",
        repo / "app" / "netgraft" / "caffe",
        repo / "static",
        repo / "tests",
    ]
    named = {
        word
        for word in re.findall(r"`([\w./-]+(?:/|\.(?:py|md|yaml|proto|toml)))`", text)
        if not re.search(r"[A-Z]{4,}\.py", word)
    }
    assert len(named) > 20
    roots.append(repo / "app" / "netgraft" / "caffe" / "catalogue")
    assert [word for word in sorted(named) if not any((root / word).exists() for root in roots)] == []


def test_hooks_are_local_and_run_what_is_there(repo: Path) -> None:
    text = (repo / ".pre-commit-config.yaml").read_text("utf-8")
    assert set(re.findall(r"- repo: (\S+)", text)) == {"local"}
    assert "http" not in text
    commands = set(re.findall(r"entry: \.venv/bin/([\w-]+)", text))
    project = (repo / "pyproject.toml").read_text("utf-8")
    named_in = {"lint-imports": "import-linter", "python": "python"}
    assert [each for each in commands if named_in.get(each, each) not in project] == []


def test_the_version_stands_in_one_place_and_the_changelog_begins_with_it(repo: Path) -> None:
    changelog = (repo / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == netgraft.__version__
    assert 'dynamic = ["version"]' in (repo / "pyproject.toml").read_text("utf-8")
    stated = [
        str(file.relative_to(repo))
        for file in (repo / "app").rglob("*.py")
        if f'"{netgraft.__version__}"' in file.read_text("utf-8")
    ]
    assert stated == ["app/netgraft/__init__.py"]
