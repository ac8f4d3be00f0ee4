"""The tables: what the migrations make is what the code maps, and every commit is on the disk."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from netgraft.workspace.database import Database, sqlite_url
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
