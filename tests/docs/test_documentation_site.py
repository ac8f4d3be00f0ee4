"""The documentation as a site: builds without a warning, loads nothing from elsewhere, is complete."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from netgraft.caffe.catalogue.registry import all_types
from netgraft.edit.operations import Operation
from netgraft.web.app import create_app
from netgraft.web.settings import PREFIX, Settings

LOADED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?(https?:)?//"""
    r"""|<link[^>]*rel=["']?(?:stylesheet|preconnect|preload|icon)[^>]*href=["']?(https?:)?//"""
    r"""|url\(["']?(?:https?:)?//|@import\s+["']?(?:https?:)?//"""
)


def _run(repo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=repo, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    built = _run(repo, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder))
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_the_site_builds_without_a_warning_and_has_every_page(repo: Path, site: Path) -> None:
    pages = {file.relative_to(repo / "docs").with_suffix("") for file in (repo / "docs").rglob("*.md")}
    assert {file.relative_to(site).with_suffix("") for file in site.rglob("*.html")} >= pages
    listed = (repo / "mkdocs.yml").read_text("utf-8")
    assert [str(page) for page in pages if f"{page}.md" not in listed] == []


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    files = [file for ending in ("html", "css") for file in site.rglob(f"*.{ending}")]
    assert len(files) > 10
    assert [file.name for file in files if LOADED.search(file.read_text("utf-8"))] == []


def test_what_the_code_knows_best_is_as_the_code_has_it(repo: Path) -> None:
    compared = _run(repo, "tools/reference.py", "--check")
    assert compared.returncode == 0, compared.stdout


def test_every_layer_type_and_operation_has_its_entry_with_a_meaning_for_each_member(repo: Path) -> None:
    layers = (repo / "docs" / "layers.md").read_text("utf-8")
    operations = (repo / "docs" / "operations.md").read_text("utf-8")
    assert [each.name for each in all_types() if f"| `{each.name}` | " not in layers] == []
    assert [each.name for each in all_types() if not each.doc] == []
    names = [option.model_fields["op"].default for option in get_args(get_args(Operation)[0])]
    assert len(names) > 15
    assert [name for name in names if f"\n## {name}\n" not in operations] == []
    assert re.findall(r"^\| `\w+` .*\|  \|$", operations, re.MULTILINE) == []


def test_rest_md_names_no_call_that_is_gone(repo: Path) -> None:
    paths = create_app(Settings()).openapi()["paths"]
    calls = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    text = (repo / "docs" / "rest.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([A-Z]+ /(?:api/|metrics)[^`]*)` \|", text, re.MULTILINE))
    assert named == calls


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and MkDocs make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md"])
def test_links_between_files_of_the_repository_lead_somewhere(repo: Path, name: str) -> None:
    file = repo / name
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", file.read_text("utf-8"))
    targets = [(file.parent / path if path else file, anchor) for path, anchor in links]
    assert [path.name for path, _ in targets if not path.exists()] == []
    assert [
        f"{path.name}#{anchor}" for path, anchor in targets if anchor and anchor not in _anchors(path)
    ] == []


def test_every_setting_that_a_page_names_is_one(repo: Path) -> None:
    settings = {PREFIX + each.name.upper() for each in fields(Settings)}
    # Of the tests and of compose.yaml.
    others = {"NETGRAFT_REQUIRE_POSTGRES", "NETGRAFT_PUBLISH", "NETGRAFT_SHARED", "NETGRAFT_CHROMIUM"}
    pages = [repo / "README.md", repo / "CONTRIBUTING.md", *(repo / "docs").rglob("*.md")]
    named = {
        word for page in pages for word in re.findall(r"\bNETGRAFT_[A-Z0-9_]+\b", page.read_text("utf-8"))
    }
    assert named - settings - others == set()


def test_no_table_shows_the_backslash_that_github_needs(site: Path) -> None:
    pages = [page.name for page in site.rglob("*.html") if re.search(r"<td>.*?\\\|", page.read_text("utf-8"))]
    assert pages == []
