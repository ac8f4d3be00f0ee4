"""The workspace: documents with their revisions and weights, kept so that nothing acknowledged is lost."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from netgraft import edit, weights
from netgraft.workspace import codec, history, journal
from netgraft.workspace.between import between, exists
from netgraft.workspace.cache import Recent
from netgraft.workspace.database import Database, sqlite_url
from netgraft.workspace.errors import Change, NoSuchWeights, TooMany
from netgraft.workspace.feed import LONGEST_SIGNAL, Feed, Listener, Notice, Watch, forget, note, noted
from netgraft.workspace.feed_sqlite import SqliteFeed
from netgraft.workspace.files import Incoming, WeightsFiles
from netgraft.workspace.layouts import Layout, keep_layout, read_layout
from netgraft.workspace.links import Links
from netgraft.workspace.premises import Premises
from netgraft.workspace.records import NOBODY, By, Entry, Event, Snapshot, Step, StoredWeights
from netgraft.workspace.tables import DocumentRow, DocumentWeightsRow, WeightsRow

MAIN = ""
"""The source name of a document's main caffemodel."""

MOST_SOURCES = 32
"""Caffemodels that a document may use; each keeps its file open while it is read."""

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_STALE_UPLOAD_SECONDS = 24 * 3600

Fits = Callable[[weights.Index], None]
"""Refuses weights, by raising, that the caller has no use for."""

Clock = Callable[[], int]
"""Milliseconds since 1970, UTC."""


def wall_clock() -> int:
    """The machine's clock. It may be put back; nothing rests on its going forwards."""
    return time.time_ns() // 1_000_000


class Workspace:
    """Documents in a data folder. Every method is safe to call from any thread, and blocks.

    A method that changes something returns when it is on the disk; one that raises changed nothing. `by` says
    who changes it: the journal tells (`events`).
    """

    def __init__(
        self, folder: Path, url: str | None = None, *, parsed: int = 64, clock: Clock = wall_clock
    ) -> None:
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)
        self._files = WeightsFiles(folder)
        self._files.sweep(time.time() - _STALE_UPLOAD_SECONDS)
        self._database = Database(url or sqlite_url(folder))
        self._feed: Feed = SqliteFeed(self._database.engine)
        self._tell_commits()
        self.links = Links(self._database, clock)
        with self._database.reading() as session:
            self.is_new = session.scalar(select(DocumentRow.id).limit(1)) is None
        self._documents: Recent[tuple[str, int], edit.Document] = Recent(parsed)
        self._indexes: Recent[str, weights.Index] = Recent(2 * MOST_SOURCES)

    def close(self) -> None:
        """Stops the feed and closes the database connections."""
        self._feed.close()
        self._database.close()

    @property
    def parsed(self) -> int:
        """How many documents are kept parsed in memory."""
        return len(self._documents)

    def ping(self) -> None:
        """Raises where the database does not answer."""
        with self._database.reading() as session:
            session.execute(select(1))

    # Documents

    def create(
        self,
        name: str,
        document: edit.Document,
        *,
        title: str = "Open",
        incoming: Incoming | None = None,
        weights_name: str = "",
        fits: Fits | None = None,
        id: str | None = None,
        by: By = NOBODY,
    ) -> Snapshot:
        """A new document, with weights where an upload is given.

        Raises WeightsError for weights that cannot be read, and what `fits` raises.
        """
        accepted = self._accept(incoming, fits) if incoming else None
        made = id or "".join(secrets.choice(_ALPHABET) for _ in range(12))
        with self._database.writing.begin() as session:
            history.start(session, made, name, document, title, by, self._clock())
            if incoming and accepted:
                self._attach(session, made, incoming, *accepted, weights_name)
        self._documents.put((made, history.FIRST), document)
        return self.snapshot(made)

    def entries(self) -> list[Entry]:
        """All documents, the one changed last first."""
        with self._database.reading() as session:
            rows = session.scalars(select(DocumentRow).order_by(DocumentRow.changed.desc(), DocumentRow.id))
            linked = session.execute(
                select(DocumentWeightsRow, WeightsRow)
                .join(WeightsRow, WeightsRow.sha256 == DocumentWeightsRow.sha256)
                .where(DocumentWeightsRow.source == MAIN)
            )
            stored = {link.document: self._stored(link, kept) for link, kept in linked}
            return [_entry(row, stored.get(row.id)) for row in rows]

    def snapshot(self, id: str) -> Snapshot:
        """The document at its present revision; raises NoSuchDocument."""
        with self._database.reading() as session:
            row = history.find(session, id)
            head = row.head
            present = history.revision(session, id, head)
            redo = history.revision(session, id, present.next) if present.next is not None else None
            document = self._content(session, id, head)
            sources = self._sources(session, id)
            return Snapshot(
                entry=_entry(row, sources.get(MAIN)),
                document=document,
                can_undo=present.parent is not None,
                can_redo=redo is not None,
                undo_title=present.title if present.parent is not None else None,
                redo_title=redo.title if redo else None,
                premises=history.premises(session, id),
                sources=sources,
            )

    def events(self, id: str, after: int, most: int = 200) -> list[Event]:
        """What changed after a version, oldest first, at most so many; raises NoSuchDocument."""
        with self._database.reading() as session:
            history.find(session, id)
            return journal.read(session, id, after, most)

    def watch(self, id: str, notice: Listener) -> Watch:
        """Has `notice` called whenever something happens to a document, in whichever process, until the watch
        is closed. It is called from any thread and must be quick. Look into `events` after `watch` returned:
        then nothing is missed."""
        return self._feed.watch(id, notice)

    def signal(self, id: str, payload: str) -> None:
        """Tells all watchers of a document a passing text, kept nowhere; raises ValueError past 7000 bytes.

        On SQLite it stays inside this process.
        """
        if len(payload.encode("utf-8", "surrogatepass")) > LONGEST_SIGNAL:
            raise ValueError(f"A signal has at most {LONGEST_SIGNAL:,} bytes.")
        self._feed.signal(id, payload)

    def _tell_commits(self) -> None:
        """Whatever is noted in a writing session is announced in its transaction and told after it."""

        @event.listens_for(self._database.writing, "before_commit")
        def _announce(session: Session) -> None:
            self._feed.announce(session)

        @event.listens_for(self._database.writing, "after_commit")
        def _tell(session: Session) -> None:
            news = list(noted(session))
            forget(session)
            self._feed.tell(news)

    def delete(self, id: str, *, by: By = NOBODY) -> None:
        """Deletes a document, its revisions, and weights that no other document uses."""
        with self._database.writing.begin() as session:
            session.delete(history.find(session, id, lock=True))
            session.flush()
            self._collect(session)
            note(session, id, Notice("deleted", by.client))

    # Revisions

    def commit(
        self,
        id: str,
        base: int,
        document: edit.Document,
        *,
        title: str,
        operations: Sequence[object],
        by: By = NOBODY,
    ) -> Snapshot:
        """Makes `document` the new present revision, if `base` still is; else raises StaleRevision."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            history.require(session, row, base)
            number = history.commit(session, row, document, title, operations, by, self._clock())
        self._documents.put((id, number), document)
        return self.snapshot(id)

    def between(self, id: str, base: int, head: int) -> list[Change]:
        """The changes that lead from one revision to another; see between.py."""
        with self._database.reading() as session:
            return between(session, id, base, head)

    def revision(self, id: str, number: int) -> edit.Document:
        """The document as it was at any of its revisions, undone ones too; raises KeyError for no such one."""
        with self._database.reading() as session:
            if not exists(session, id, number):
                raise KeyError(number)
            return self._content(session, id, number)

    def undo(self, id: str, base: int | None = None, *, by: By = NOBODY) -> Snapshot:
        """Back to the revision before; raises NothingToUndo, or StaleRevision where a base is given."""
        return self._step(id, base, by, back=True)

    def redo(self, id: str, base: int | None = None, *, by: By = NOBODY) -> Snapshot:
        """On to the revision that was last undone; raises as `undo` does."""
        return self._step(id, base, by, back=False)

    def steps(self, id: str, most: int = 200) -> list[Step]:
        """The revisions that undo and redo pass, oldest first; at most so many before the present one."""
        with self._database.reading() as session:
            return history.steps(session, history.find(session, id), most)

    def go(self, id: str, number: int, base: int | None = None, *, by: By = NOBODY) -> Snapshot:
        """As many undos or redos as lead to a revision; raises NothingToUndo where none do, or StaleRevision
        where a base is given."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            history.require(session, row, base)
            history.go(session, row, number, by, self._clock())
        return self.snapshot(id)

    def at(self, id: str, number: int) -> edit.Document:
        """The document as it was at a revision in its history; raises NothingToUndo where it is in none."""
        with self._database.reading() as session:
            history.reach(session, history.find(session, id), number)
            return self._content(session, id, number)

    def rename(self, id: str, name: str, *, by: By = NOBODY) -> Snapshot:
        """Calls the document something else; its history says nothing of it."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            row.name = name
            journal.record(session, row, "rename", by, self._clock(), name)
        return self.snapshot(id)

    def _content(self, session: Session, id: str, number: int) -> edit.Document:
        return self._documents.get(
            (id, number), lambda: codec.unpack(*history.content(session, id, number))
        )

    def _step(self, id: str, base: int | None, by: By, *, back: bool) -> Snapshot:
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            history.require(session, row, base)
            history.step(session, row, by, self._clock(), back=back)
        return self.snapshot(id)

    # Premises

    def set_premises(self, id: str, change: Callable[[Premises], Premises], *, by: By = NOBODY) -> Snapshot:
        """Keeps what `change` makes of the premises that the document has; raises NoSuchDocument."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            holds = change(history.premises(session, id))
            history.set_premises(session, row, holds, by, self._clock())
        return self.snapshot(id)

    # The picture

    def layout(self, id: str) -> Layout:
        """Where the cards of its picture were moved to; raises NoSuchDocument."""
        with self._database.reading() as session:
            history.find(session, id)
            return read_layout(session, id)

    def set_layout(self, id: str, layout: Layout, *, by: By = NOBODY) -> None:
        """Keeps where they are moved to; raises NoSuchDocument."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            keep_layout(session, id, layout)
            journal.record(session, row, "layout", by, self._clock())

    # Weights

    def receive(self, limit: int) -> Incoming:
        """A file for an upload of at most `limit` bytes; hand it to `create` or `set_weights`."""
        return self._files.receive(limit)

    def set_weights(
        self,
        id: str,
        incoming: Incoming,
        name: str,
        fits: Fits | None = None,
        source: str = MAIN,
        *,
        by: By = NOBODY,
    ) -> Snapshot:
        """Makes an upload the document's main weights, or those of another source.

        Raises as `create` does, the old weights staying, and TooMany for one source more than are kept.
        """
        accepted = self._accept(incoming, fits)
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            if source not in (known := self._sources(session, id)) and len(known) >= MOST_SOURCES:
                raise TooMany("Weights of one document", MOST_SOURCES)
            self._attach(session, id, incoming, *accepted, name, source)
            self._collect(session)
            journal.record(session, row, "weights", by, self._clock(), name)
        return self.snapshot(id)

    def remove_weights(self, id: str, source: str, *, by: By = NOBODY) -> Snapshot:
        """Takes a source away; raises NoSuchWeights. Layers that took from it have nothing to load then."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            link = session.get(DocumentWeightsRow, (id, source))
            if link is None:
                raise NoSuchWeights(source)
            session.delete(link)
            session.flush()
            self._collect(session)
            journal.record(session, row, "weights", by, self._clock(), link.name)
        return self.snapshot(id)

    def indexes(self, snapshot: Snapshot) -> dict[str, weights.Index]:
        """The indexes of all a document's weights, by source name."""
        return {source: self.index(stored) for source, stored in snapshot.sources.items()}

    def scratch(self) -> Path:
        """A path for a file of the caller's, beside the uploads; what is left there is swept after a day."""
        return self._files.scratch()

    def index(self, stored: StoredWeights) -> weights.Index:
        """The index of stored weights, from memory where it was made before."""
        return self._indexes.get(stored.sha256, lambda: weights.index(stored.path))

    def _accept(self, incoming: Incoming, fits: Fits | None) -> tuple[str, int]:
        """The hash and the number of layers of an upload that can be read and fits."""
        sha256 = incoming.finish()
        index = weights.index(incoming.path)
        if fits:
            fits(index)
        return sha256, len(index.layers)

    def _attach(
        self,
        session: Session,
        id: str,
        incoming: Incoming,
        sha256: str,
        layers: int,
        name: str,
        source: str = MAIN,
    ) -> None:
        # The file moves inside the transaction: SQLite's write lock keeps a collection away meanwhile.
        self._files.keep(incoming, sha256)
        if session.get(WeightsRow, sha256) is None:
            session.add(WeightsRow(sha256=sha256, size=incoming.size, layers=layers, created=self._clock()))
            session.flush()
        session.merge(DocumentWeightsRow(document=id, source=source, sha256=sha256, name=name))
        session.flush()

    def _collect(self, session: Session) -> None:
        """Deletes weights that no document uses."""
        used = select(DocumentWeightsRow.sha256)
        for unused in session.scalars(select(WeightsRow).where(WeightsRow.sha256.not_in(used))).all():
            session.delete(unused)
            self._files.discard(unused.sha256)

    def _sources(self, session: Session, id: str) -> dict[str, StoredWeights]:
        links = session.execute(
            select(DocumentWeightsRow, WeightsRow)
            .join(WeightsRow, WeightsRow.sha256 == DocumentWeightsRow.sha256)
            .where(DocumentWeightsRow.document == id)
            .order_by(DocumentWeightsRow.source)
        )
        return {link.source: self._stored(link, kept) for link, kept in links}

    def _stored(self, link: DocumentWeightsRow, kept: WeightsRow) -> StoredWeights:
        return StoredWeights(kept.sha256, kept.size, kept.layers, link.name, self._files.path(kept.sha256))


def _entry(row: DocumentRow, stored: StoredWeights | None) -> Entry:
    return Entry(row.id, row.name, row.head, row.version, row.created, row.changed, stored)
