"""The feed on PostgreSQL: LISTEN and NOTIFY, one listening connection a process.

What happens is announced in the transaction that does it, so that PostgreSQL tells it exactly if it is
committed. Watchers of the same process are told without that detour. When a lost connection is made again,
all watchers are told to look: whatever they missed stands in the journal.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from netgraft.workspace.errors import DatabaseTrouble
from netgraft.workspace.feed import Listener, News, Notice, Watch, Watchers, noted
from netgraft.workspace.trouble import trouble
from netgraft.workspace.words import storable

if TYPE_CHECKING:
    import psycopg

_CHANNEL = "netgraft"
_SECONDS_OF_LISTENING = 0.2  # between two looks whether to stop
_SECONDS_TO_RETRY = 1.0

_log = logging.getLogger(__name__)


class PostgresFeed:
    """See feed.Feed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._watchers = Watchers()
        self._process = secrets.token_hex(8)  # so that what we say ourselves is not heard twice
        self._lock = Lock()
        self._listener: Thread | None = None
        self._tried = Event()  # the listener listens, or failed to at least once
        self._closed = Event()

    def watch(self, document: str, listener: Listener) -> Watch:
        watch = self._watchers.add(document, listener)
        with self._lock:
            if self._listener is None and not self._closed.is_set():
                self._listener = Thread(target=self._listen, name="netgraft-feed", daemon=True)
                self._listener.start()
        self._tried.wait()  # what happens after this method returned is heard, or made up for
        return watch

    def announce(self, session: Session) -> None:
        for document, notice in noted(session):
            session.execute(select(func.pg_notify(_CHANNEL, self._written(document, notice))))

    def tell(self, news: Sequence[News]) -> None:
        for document, notice in news:
            self._watchers.tell(document, notice)

    def signal(self, document: str, payload: str) -> None:
        notice = Notice("signal", storable(payload))
        self._watchers.tell(document, notice)
        try:
            with self._engine.begin() as connection:
                connection.execute(select(func.pg_notify(_CHANNEL, self._written(document, notice))))
        except DatabaseTrouble as error:  # it would have been forgotten in a moment anyhow
            _log.warning("Other processes were not signalled: %s", error)

    def close(self) -> None:
        self._closed.set()
        self._tried.set()
        with self._lock:
            listener = self._listener
        if listener:
            listener.join()

    def _written(self, document: str, notice: Notice) -> str:
        # The payload stands apart: JSON's escapes could make it longer than PostgreSQL takes.
        head = json.dumps([self._process, notice.kind, document])
        return f"{head}\n{notice.payload}"

    def _heard(self, text: str) -> None:
        head, _, payload = text.partition("\n")
        try:
            process, kind, document = json.loads(head)
        except ValueError:
            return  # somebody else's, on the same channel
        if process != self._process:
            self._watchers.tell(document, Notice(kind, payload))

    def _listen(self) -> None:
        import psycopg

        missed = False
        while not self._closed.is_set():
            try:
                with self._connected() as connection:
                    self._tried.set()
                    if missed:
                        self._watchers.tell_all(Notice("change"))
                    while not self._closed.is_set():
                        for heard in connection.notifies(timeout=_SECONDS_OF_LISTENING):
                            self._heard(heard.payload)
            except (DatabaseTrouble, psycopg.Error) as error:
                known = error if isinstance(error, DatabaseTrouble) else trouble(error) or error
                _log.warning("Others' changes are not heard for now: %s", known)
                missed = True
                self._tried.set()
                self._closed.wait(_SECONDS_TO_RETRY)

    def _connected(self) -> psycopg.Connection[Any]:
        """A connection of our own that listens; it is no longer the pool's."""
        pooled = self._engine.raw_connection()
        connection = cast("psycopg.Connection[Any]", pooled.driver_connection)
        pooled.detach()
        connection.autocommit = True
        connection.execute(f"LISTEN {_CHANNEL}")
        return connection
