"""Every command and every piece of Python in the documentation does what the page says."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# python.md has a test of its own beside those of the library.
PAGES = sorted({ROOT / "README.md", *(ROOT / "docs").rglob("*.md")} - {ROOT / "docs" / "python.md"})


def _load(name: str, file: Path) -> ModuleType:
    """A helper module of the tests by its path (importmode=importlib leaves sys.path alone)."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


pages = _load("documented_pages", HERE / "pages.py")


def _has_commands(page: Path) -> bool:
    return any(language in ("console", "pycon") for language, _ in pages.blocks(page))


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a server for the page's `curl` commands is; none runs where it has no such command."""
    page: Path = request.getfixturevalue("page")
    with ExitStack() as stack:
        found = pages.ADDRESS
        if re.search(r"^\$ curl", page.read_text("utf-8"), re.MULTILINE):
            if shutil.which("curl") is None:
                pytest.skip("this machine has no curl")
            web = _load("web_conftest_of_documented_commands", ROOT / "tests" / "web" / "conftest.py")
            client = stack.enter_context(web.serving(web.Settings(data=tmp_path / "data")))
            found = str(client.base_url).rstrip("/")
        yield found


@pytest.mark.parametrize(
    "page", [page for page in PAGES if _has_commands(page)], ids=lambda page: str(page.relative_to(ROOT))
)
def test_what_a_page_tells_to_do_works_and_prints_what_it_shows(page: Path, desk: Path, address: str) -> None:
    session = pages.Session(address)
    for language, block in pages.blocks(page):
        if language == "console":
            for command in pages.commands(block):
                said = session.run(command)
                shown = "\n".join(command.printed)
                assert pages.as_printed(command.printed, said), (
                    f"$ {command.text}\n--- the page shows\n{shown}\n--- it prints\n{said}"
                )
        elif language == "pycon":
            failed, told = session.python(block, page)
            assert failed == 0, told


def test_every_block_that_holds_a_command_is_one_that_is_run() -> None:
    strays = {
        f"{page.relative_to(ROOT)}: {block.splitlines()[0]}"
        for page in PAGES
        for language, block in pages.blocks(page)
        if language not in ("console", "pycon")
        and re.search(r"^\$? ?(netgraft|curl|python) ", block, re.MULTILINE)
    }
    assert strays == set()
