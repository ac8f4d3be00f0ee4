"""The tables: what the migrations make is what the code maps, and every commit is on the disk."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from netgraft.workspace import By, Workspace
from netgraft.workspace.database import Database, migrate, sqlite_url
from netgraft.workspace.tables import Base


def test_the_migrations_make_the_tables_that_the_code_maps(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        Database(sqlite_url(tmp_path)).close()


def test_commits_are_durable_and_foreign_keys_hold(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    with database.engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in asked]
    database.close()
    assert found == ["wal", 2, 1]


def test_what_a_statement_held_is_not_in_its_error(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    with database.engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT :net FROM nowhere"), {"net": "layer { name: 'secret' }"})
    database.close()
    assert "secret" not in str(caught.value)


def _old_database(folder: Path, revision: str) -> None:
    """A database as an earlier version left it: a document whose second revision was undone."""
    engine = create_engine(sqlite_url(folder))
    with engine.begin() as connection:
        migrate(connection, revision)
        connection.execute(text("INSERT INTO documents VALUES ('old', 'net', 1, 2, 1000, 2000)"))
        for number, parent, following in ((1, None, 2), (2, 1, None)):
            connection.execute(
                text(
                    "INSERT INTO revisions VALUES ('old', :number, :parent, :next, 1000, '', 'Open', '[]', "
                    ":text, '{}')"
                ),
                {
                    "number": number,
                    "parent": parent,
                    "next": following,
                    "text": zlib.compress(f'name: "n{number}"\n'.encode()),
                },
            )
    engine.dispose()


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_a_database_of_an_earlier_version_opens_and_goes_on(tmp_path: Path, revision: str) -> None:
    _old_database(tmp_path, revision)
    workspace = Workspace(tmp_path)
    assert workspace.snapshot("old").entry.version == 1
    assert [(event.kind, event.title, event.revision) for event in workspace.events("old", 0)] == [
        ("open", "Open", 1)
    ]
    assert workspace.redo("old", by=By("Ann")).document.text == 'name: "n2"\n'
    assert [(event.version, event.author) for event in workspace.events("old", 1)] == [(2, "Ann")]
    workspace.close()
