"""The feed: who watches which document, and telling them that something happened to it.

A notice says only *that* something happened; what it was stands in the journal. So a notice that comes twice
or late costs one question, and one that is lost is made up for by the next: readers ask for all events after
the version that they know.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

from sqlalchemy.orm import Session

LONGEST_SIGNAL = 7000
"""Bytes of UTF-8: PostgreSQL carries less than 8000 in one notice."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """`change`: the journal goes on; `payload` is a version, or empty where it is not known. `deleted`: the
    document is gone; `payload` is the client that asked for it. `signal`: `payload` is what was signalled."""

    kind: Literal["change", "deleted", "signal"]
    payload: str = ""


Listener = Callable[[Notice], None]


class Watch:
    """One watcher of one document, until it is closed."""

    def __init__(self, close: Callable[[Watch], None], document: str, listener: Listener) -> None:
        self._close = close
        self.document = document
        self.listener = listener

    def close(self) -> None:
        """No notice is begun after this; one on its way in another thread may still end. Twice is once."""
        self._close(self)


class Watchers:
    """The watchers of this process."""

    def __init__(self) -> None:
        self._watches: dict[str, list[Watch]] = {}
        self._lock = Lock()

    def add(self, document: str, listener: Listener) -> Watch:
        """A new watcher of a document."""
        watch = Watch(self._remove, document, listener)
        with self._lock:
            self._watches.setdefault(document, []).append(watch)
        return watch

    def documents(self) -> list[str]:
        """What is watched."""
        with self._lock:
            return list(self._watches)

    def tell(self, document: str, notice: Notice) -> None:
        """Tells all watchers of a document; one that fails is logged and keeps nothing from the others."""
        with self._lock:
            watches = list(self._watches.get(document, ()))
        for watch in watches:
            try:
                watch.listener(notice)
            except Exception:
                _log.exception("A watcher of document %s failed", document)

    def tell_all(self, notice: Notice) -> None:
        """Tells the watchers of all documents."""
        for document in self.documents():
            self.tell(document, notice)

    def _remove(self, watch: Watch) -> None:
        with self._lock:
            watches = self._watches.get(watch.document, [])
            if watch in watches:
                watches.remove(watch)
                if not watches:
                    del self._watches[watch.document]


News = tuple[str, Notice]
"""A document and what is to be told of it."""

_NEWS = "netgraft_news"  # of a session: what is to be told once it is committed


def note(session: Session, document: str, notice: Notice) -> None:
    """Has the watchers of a document told, in all processes, when the session's transaction is committed."""
    session.info.setdefault(_NEWS, []).append((document, notice))


def noted(session: Session) -> Sequence[News]:
    """What was noted in a session's transaction."""
    news: Sequence[News] = session.info.get(_NEWS, ())
    return news


def forget(session: Session) -> None:
    """Drops what was noted: it was told, or taken back."""
    session.info.pop(_NEWS, None)


class Feed(Protocol):
    """How the watchers of this process, and of the others on the same database, come to hear of changes."""

    def watch(self, document: str, listener: Listener) -> Watch:
        """Tells of a document from now on, whether there is one or not."""
        ...

    def announce(self, session: Session) -> None:
        """Called in the transaction, before it is committed, with what was noted in it."""
        ...

    def tell(self, news: Sequence[News]) -> None:
        """Called after the commit."""
        ...

    def signal(self, document: str, payload: str) -> None:
        """Tells a passing text."""
        ...

    def close(self) -> None:
        """Stops listening."""
        ...
