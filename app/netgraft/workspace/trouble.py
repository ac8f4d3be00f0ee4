"""What the drivers say of a database in trouble, as the workspace's own errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from netgraft.workspace.errors import DatabaseBusy, DatabaseFull, DatabaseGone, DatabaseTrouble

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_FULL = "53100"
_BUSY = ("40001", "40P01", "55P03")  # serialization, deadlock, lock_timeout
_GONE = ("08", "57P", "53", "58", "25006")  # connection, shutdown, resources, system, now only a standby

# https://sqlite.org/rescode.html: the primary codes
_SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_SQLITE_GONE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


Heard = Callable[[DatabaseTrouble], None]
"""Is told of every trouble of a database, in whichever thread; must be quick."""


def translate(engine: Engine, heard: Heard) -> None:
    """Has the engine raise DatabaseTrouble where that is what an error is about; others stay as they are."""

    @event.listens_for(engine, "handle_error")
    def _translate(context: ExceptionContext) -> DatabaseTrouble | None:
        # Asking a pooled connection whether it lives is SQLAlchemy's own affair: it makes another one.
        if context.is_pre_ping:
            return None
        found = trouble(context.original_exception, context.is_disconnect)
        if found is not None:
            heard(found)
        return found


def trouble(error: BaseException, disconnected: bool = False) -> DatabaseTrouble | None:
    """What a driver's error means; None where it is not about the state of the database."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    state: str | None = getattr(error, "sqlstate", None)
    if state == _FULL:
        return DatabaseFull()
    if state in _BUSY:
        return DatabaseBusy()
    # Of a connection that could not be made there is no state, but an OperationalError.
    stateless = state is None and type(error).__name__ in ("OperationalError", "ConnectionTimeout")
    if disconnected or stateless or (state or "").startswith(_GONE):
        return DatabaseGone(told(error))
    return None


def told(error: BaseException) -> str:
    """The first line of what an error says."""
    first: str = next(iter(str(error).splitlines()), "")
    return first.strip() or type(error).__name__


def _of_sqlite(error: sqlite3.Error) -> DatabaseTrouble | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DatabaseFull()
    if code in _SQLITE_BUSY:
        return DatabaseBusy()
    return DatabaseGone(told(error)) if code in _SQLITE_GONE else None
