"""What every test may use: the facts in ../shared, hypothesis profiles, and the order of the suite."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Pool, event
from tests.postgres import Postgres, programs
from tests.s3 import S3Server

ROOT = Path(__file__).resolve().parent.parent

# How long an input takes to make says more about the machine and its load than about the test.
_ANY_MACHINE = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("dev", _ANY_MACHINE, max_examples=50)
# The same examples on every run: CI's verdict depends on the change, not on luck.
hypothesis.settings.register_profile("ci", _ANY_MACHINE, max_examples=50, derandomize=True, print_blob=True)
# `make fuzz`: other examples on every run, and many.
hypothesis.settings.register_profile("long", _ANY_MACHINE, max_examples=1000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded facts (Caffe's verdicts, real weights): NETGRAFT_SHARED, else ../shared."""
    folder = Path(os.environ.get("NETGRAFT_SHARED", ROOT.parent / "shared")).resolve()
    missing = [name for name in ("caffe", "conformance", "weights") if not (folder / name).is_dir()]
    if missing:
        pytest.fail(
            f"{folder} lacks {', '.join(missing)}: put the shared folder beside the repository "
            "or name it in NETGRAFT_SHARED",
            pytrace=False,
        )
    return folder


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout that is under test."""
    return ROOT


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs."""
    found = programs()
    if found is None:
        lacking = "there is no PostgreSQL here: run tools/postgres, which says how to get one"
        if os.environ.get("CI") or os.environ.get("NETGRAFT_REQUIRE_POSTGRES"):
            pytest.fail(lacking, pytrace=False)
        pytest.skip(lacking)
    return found


@pytest.fixture(scope="session")
def postgres(postgres_programs: Path) -> Iterator[Postgres]:
    """A real PostgreSQL that runs all through the session; for tests that leave it running."""
    yield from _running(postgres_programs)


@pytest.fixture
def mortal(postgres_programs: Path) -> Iterator[Postgres]:
    """A PostgreSQL of the test's own, to be stopped and started."""
    yield from _running(postgres_programs)


def _running(programs: Path) -> Iterator[Postgres]:
    server = Postgres(programs)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind in turn; that of SQLite is the one in the test's folder."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'netgraft.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_url()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A server with S3's interface that runs all through the session."""
    server = S3Server()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new folder on it, for NETGRAFT_WEIGHTS_URL; the environment says the rest."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server.new_folder()


@pytest.fixture
def small_disk() -> Iterator[None]:
    """SQLite databases cannot grow beyond 400 pages, as if the disk ended there."""

    def limit(connection: Any, record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA max_page_count=400")

    event.listen(Pool, "connect", limit)
    yield
    event.remove(Pool, "connect", limit)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last: the quick ones speak first, and Playwright's event loop disturbs no one.

    Between Playwright's start and its end the main thread counts as running an event loop, so a later
    test could not call asyncio.run.
    """
    browser_tests = ROOT / "tests" / "browser"
    for item in items:
        if item.path.is_relative_to(browser_tests):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(browser_tests))
