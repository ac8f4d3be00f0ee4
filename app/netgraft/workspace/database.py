"""The connection to the database, and bringing its tables up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

MIGRATIONS = Path(__file__).parent / "migrations"


def sqlite_url(folder: Path) -> str:
    """The URL of the workspace's own database file in its data folder."""
    return f"sqlite:///{folder / 'netgraft.sqlite3'}"


class Database:
    """Sessions on one database; safe to use from many threads.

    A writing session takes SQLite's write lock at its start (BEGIN IMMEDIATE), so that what it reads
    before it writes still holds when it commits. A commit returns when the disk has it (synchronous=FULL).
    """

    def __init__(self, url: str) -> None:
        self.engine = create_engine(make_url(url))
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
        writing = self.engine.execution_options(netgraft_writes=True)
        self.reading: sessionmaker[Session] = sessionmaker(self.engine, expire_on_commit=False)
        self.writing: sessionmaker[Session] = sessionmaker(writing, expire_on_commit=False)
        with writing.begin() as connection:
            migrate(connection)

    def close(self) -> None:
        """Closes all pooled connections."""
        self.engine.dispose()


def migrate(connection: Connection, to: str = "head") -> None:
    """Runs the migrations that the database has not seen (Alembic), within the caller's transaction."""
    # Alembic is slow to import and only a server needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("netgraft_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
