"""The connection to the database, and bringing its tables up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from netgraft.workspace.errors import DatabaseUnusable
from netgraft.workspace.trouble import Heard, told, translate

MIGRATIONS = Path(__file__).parent / "migrations"

PATIENCE = 30.0
"""Seconds that a change waits for others that hold what it needs."""

_MIGRATING = 0x6E67_6D67  # the number of the lock among PostgreSQL's advisory locks

# So that a server whose network is gone is known to be so within half a minute, not two hours.
_POSTGRES_ARGUMENTS = {
    "application_name": "netgraft",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def sqlite_url(folder: Path) -> str:
    """The URL of the workspace's own database file in its data folder."""
    return f"sqlite:///{folder / 'netgraft.sqlite3'}"


class Database:
    """Sessions on one database; safe to use from many threads.

    A reading session sees the database as it was at one moment, whatever others do meanwhile: a transaction
    on SQLite, REPEATABLE READ on PostgreSQL. A writing session on SQLite takes the write lock at its start
    (BEGIN IMMEDIATE), so that what it reads before it writes still holds when it commits; on PostgreSQL it
    locks the row of the document that it changes (`history.find`). A commit returns when the disk has it:
    synchronous=FULL, and what PostgreSQL does unless it was told otherwise.

    Raises DatabaseUnusable for a URL that names no database for Netgraft, and DatabaseTrouble from then on.
    `connections` are kept open for reuse; as many as there are threads are made. `heard` is told of every
    trouble, whoever runs into it.
    """

    def __init__(
        self,
        url: str,
        *,
        connections: int = 10,
        patience: float = PATIENCE,
        heard: Heard = lambda trouble: None,
    ) -> None:
        where = _understood(url)
        self.is_postgres = where.get_backend_name() == "postgresql"
        self.engine = (
            _postgres(where, connections, patience) if self.is_postgres else _sqlite(where, patience)
        )
        translate(self.engine, heard)
        reading, writing = self.engine, self.engine.execution_options(netgraft_writes=True)
        if self.is_postgres:
            reading = reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self.reading: sessionmaker[Session] = sessionmaker(reading, expire_on_commit=False)
        maker = sessionmaker[Session] if self.is_postgres else _InTurn
        self.writing: sessionmaker[Session] = maker(writing, expire_on_commit=False)
        try:
            with writing.begin() as connection:
                migrate(connection)
        except SQLAlchemyError as error:
            self.close()
            reason = told(getattr(error, "orig", None) or error)
            raise DatabaseUnusable(f"The database {where!r} cannot be used: {reason}") from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes all pooled connections."""
        self.engine.dispose()


class _InTurn(sessionmaker[Session]):
    """Writing sessions of one process, one after the other.

    SQLite has one writer at a time anyway; who finds it taken sleeps up to 100 ms before asking again, while
    who waits here goes on at once. Writers of other processes still meet in SQLite.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turn = Lock()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with self._turn, super().begin() as session:
            yield session


def migrate(connection: Connection, to: str = "head") -> None:
    """Runs the migrations that the database has not seen (Alembic), within the caller's transaction."""
    # Alembic is slow to import and only a server needs it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise DatabaseUnusable(f"The database has the encoding {encoding}; Netgraft needs UTF8.")
        # Of servers that start at once, one makes the tables and the others wait for it.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        raise DatabaseUnusable(f"The database was made by another version of Netgraft: {error}") from error


def _understood(url: str) -> URL:
    try:
        where = make_url(url)
        backend = where.get_backend_name()
    except (ArgumentError, ValueError):
        raise DatabaseUnusable("The database's URL is none: it begins sqlite:/// or postgresql://") from None
    if backend in ("postgres", "postgresql"):
        return where.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUnusable(f"Netgraft works with SQLite and PostgreSQL, not with {backend!r}.")
    return where


def _postgres(url: URL, connections: int, patience: float) -> Engine:
    arguments = {name: value for name, value in _POSTGRES_ARGUMENTS.items() if name not in url.query}
    try:
        # As many as there are threads that ask: a request that waits for a connection waits for nothing.
        # hide_parameters: errors go to the log, the net's text does not
        engine = create_engine(
            url,
            connect_args=arguments,
            pool_size=connections,
            max_overflow=-1,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ImportError as error:
        lacking = "PostgreSQL needs its driver: pip install 'psycopg[binary]'"
        raise DatabaseUnusable(f"{lacking} ({told(error)})") from error

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.execute(f"SET lock_timeout = {round(patience * 1000)}")
        connection.commit()

    return engine


def _sqlite(url: URL, patience: float) -> Engine:
    engine = create_engine(url, max_overflow=-1, hide_parameters=True)  # as above
    pragmas = (
        f"busy_timeout={round(patience * 1000)}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("netgraft_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
