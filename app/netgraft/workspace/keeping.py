"""Which weights the documents use, in the database and in the store at once.

Three rules keep a document from ever pointing to weights that are gone, whichever server dies when:

- While a file is taken in and linked, nothing is collected, in any process: both hold one lock (`_locked`).
- A file's row is there before the file is, and after it is gone. A row that no document uses is rubbish, and
  may or may not have its file.
- A file is deleted only after the transaction that gave it up is on the disk.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from netgraft import weights
from netgraft.workspace.database import Database
from netgraft.workspace.errors import StoreUnavailable
from netgraft.workspace.files import Received
from netgraft.workspace.records import StoredWeights
from netgraft.workspace.stores import Store
from netgraft.workspace.tables import DocumentWeightsRow, WeightsRow

Fits = Callable[[weights.Index], None]
"""Refuses weights, by raising, that the caller has no use for."""

_log = logging.getLogger(__name__)
_ADVISORY = 0x6E67_7765  # the number of the lock among PostgreSQL's advisory locks
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that is in the store; `link` makes a document use it."""

    sha256: str

    def link(self, session: Session, document: str, source: str, name: str) -> None:
        """Makes it a document's weights, under the name that it came with."""
        session.merge(DocumentWeightsRow(document=document, source=source, sha256=self.sha256, name=name))
        session.flush()


class Keeping:
    """The weights of all documents."""

    def __init__(self, database: Database, store: Store, folder: Path, clock: Callable[[], int]) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._lock_file = folder / "weights.lock"
        self._lock_file.touch()

    @contextmanager
    def accepted(self, received: Received, fits: Fits | None) -> Iterator[Accepted]:
        """A file that came in, taken into the store for as long as the block lasts: link it in there.

        What is not linked in the end is collected. Raises WeightsError for weights that cannot be read, what
        `fits` raises, StoreUnavailable, and OSError where a disk is full.
        """
        sha256 = received.finish()
        with weights.index(received.path) as index:
            if fits:
                fits(index)
            layers = len(index.layers)
        for _ in range(_TRIES):
            # Before the file is anywhere, so that whatever a crash leaves is known, and collected.
            with self._locked():
                self._note(sha256, received.size, layers)
            self._store.prepare(received, sha256)
            with self._locked():
                self._note(sha256, received.size, layers)
                try:
                    if not self._store.settle(received, sha256):
                        continue
                    yield Accepted(sha256)
                except BaseException:
                    # Where the database itself is what failed, the next collection does it.
                    with suppress(Exception):
                        self._collect()
                    raise
            received.done()
            return
        raise StoreUnavailable("it loses what it was given")

    def collect(self) -> None:
        """Deletes weights that no document uses. It never fails: what cannot be deleted now is so later."""
        try:
            if self._unused():
                with self._locked():
                    self._collect()
        except Exception:
            _log.exception("Weights that no document uses could not be collected; this is tried again.")

    def sources(self, session: Session, document: str) -> dict[str, StoredWeights]:
        """A document's weights by source name."""
        links = session.execute(
            select(DocumentWeightsRow, WeightsRow)
            .join(WeightsRow, WeightsRow.sha256 == DocumentWeightsRow.sha256)
            .where(DocumentWeightsRow.document == document)
            .order_by(DocumentWeightsRow.source)
        )
        return {link.source: self._stored(link, kept) for link, kept in links}

    def of_source(self, session: Session, source: str) -> dict[str, StoredWeights]:
        """The weights that all documents have under one source name, by document."""
        linked = session.execute(
            select(DocumentWeightsRow, WeightsRow)
            .join(WeightsRow, WeightsRow.sha256 == DocumentWeightsRow.sha256)
            .where(DocumentWeightsRow.source == source)
        )
        return {link.document: self._stored(link, kept) for link, kept in linked}

    def index(self, stored: StoredWeights) -> weights.Index:
        """Opens stored weights. Raises as `Store.reading`."""
        with self._store.reading(stored.sha256) as path:
            return weights.index(path)

    def _stored(self, link: DocumentWeightsRow, kept: WeightsRow) -> StoredWeights:
        return StoredWeights(kept.sha256, kept.size, kept.layers, link.name, self._store.path(kept.sha256))

    def _note(self, sha256: str, size: int, layers: int) -> None:
        """Sees to it that the file has its row."""
        with self._database.reading() as session:
            if session.get(WeightsRow, sha256) is not None:
                return
        with self._database.writing.begin() as session:
            if session.get(WeightsRow, sha256) is None:
                session.add(WeightsRow(sha256=sha256, size=size, layers=layers, created=self._clock()))

    def _unused(self) -> list[str]:
        used = select(DocumentWeightsRow.sha256)
        with self._database.reading() as session:
            return list(session.scalars(select(WeightsRow.sha256).where(WeightsRow.sha256.not_in(used))))

    def _collect(self) -> None:
        """`collect`, by one who has the lock: so no row becomes used meanwhile."""
        gone = []
        for sha256 in self._unused():
            try:
                self._store.discard(sha256)
            except StoreUnavailable:
                break
            gone.append(sha256)
        if gone:
            with self._database.writing.begin() as session:
                session.execute(delete(WeightsRow).where(WeightsRow.sha256.in_(gone)))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time in all processes: on PostgreSQL by the database, else by a file beside it.

        Not SQLite's own write lock: a slow store would stop every edit.
        """
        if self._database.engine.dialect.name == "postgresql":
            with self._database.engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY})
                yield
            return
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
