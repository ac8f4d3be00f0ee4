"""The feed on SQLite: at once inside the process; what other processes change is found by polling.

SQLite tells no one of a commit, but `PRAGMA data_version` costs microseconds and changes with every commit of
another connection. While somebody watches, one thread asks it a few times a second and, where it changed,
reads the versions of the documents that are watched.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Condition, Lock, Thread

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from netgraft.workspace.errors import DatabaseTrouble
from netgraft.workspace.feed import Listener, News, Notice, Watch, Watchers
from netgraft.workspace.tables import DocumentRow

_SECONDS = 0.25  # between two looks
_AT_ONCE = 500  # document ids in one query

_log = logging.getLogger(__name__)


class SqliteFeed:
    """See feed.Feed. Signals stay inside the process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._watchers = Watchers()
        self._known: dict[str, int] = {}  # the version that watchers of a document were told of last
        self._known_lock = Lock()
        self._wake = Condition()
        self._poller: Thread | None = None
        self._closed = False

    def watch(self, document: str, listener: Listener) -> Watch:
        watch = self._watchers.add(document, listener)
        try:
            with self._engine.connect() as connection:
                present = _versions(connection, [document])
        except BaseException:
            watch.close()
            raise
        with self._known_lock:
            for known, version in present.items():
                self._known.setdefault(known, version)
        with self._wake:
            if self._poller is None and not self._closed:
                self._poller = Thread(target=self._poll, name="netgraft-feed", daemon=True)
                self._poller.start()
        return watch

    def announce(self, session: Session) -> None:
        pass

    def tell(self, news: Sequence[News]) -> None:
        for document, notice in news:
            with self._known_lock:
                if notice.kind == "deleted":
                    self._known.pop(document, None)
                elif document in self._known:
                    self._known[document] = max(self._known[document], int(notice.payload))
            self._watchers.tell(document, notice)

    def signal(self, document: str, payload: str) -> None:
        self._watchers.tell(document, Notice("signal", payload))

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()
            poller = self._poller
        if poller:
            poller.join()

    def _poll(self) -> None:
        seen: int | None = None
        connection: Connection | None = None
        try:
            while self._go_on():
                try:
                    # One connection for all looks: data_version compares with the last look through it.
                    connection = connection or self._engine.connect()
                    seen = self._look(connection, seen)
                except DatabaseTrouble as error:
                    _log.warning("Looking for others' changes failed: %s", error)
                    seen = None
                with self._wake:
                    if not self._closed:
                        self._wake.wait(_SECONDS)
        finally:
            if connection:
                connection.close()

    def _go_on(self) -> bool:
        with self._wake:
            if self._closed or not self._watchers.documents():
                self._poller = None
                return False
            return True

    def _look(self, connection: Connection, seen: int | None) -> int:
        with connection.begin():
            now: int = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
            watched = self._watchers.documents()
            versions = _versions(connection, watched) if now != seen else None
        with self._known_lock:
            for unwatched in self._known.keys() - set(watched):
                del self._known[unwatched]
            if versions is None:
                return now
            before = {document: self._known.get(document) for document in watched}
            self._known.update(versions)
            for gone in before.keys() - versions.keys():
                self._known.pop(gone, None)
        for document, told in before.items():
            version = versions.get(document)
            if version is None and told is not None:
                self._watchers.tell(document, Notice("deleted"))
            elif version is not None and version != told:
                self._watchers.tell(document, Notice("change", str(version)))
        return now


def _versions(connection: Connection, documents: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(documents), _AT_ONCE):
        asked = documents[start : start + _AT_ONCE]
        rows = connection.execute(
            select(DocumentRow.id, DocumentRow.version).where(DocumentRow.id.in_(asked))
        )
        found |= {row.id: row.version for row in rows}
    return found
