"""The workspace: documents with their revisions and weights, kept so that nothing acknowledged is lost."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from netgraft import edit, weights
from netgraft.workspace import codec, history, journal, texts, walk
from netgraft.workspace.between import between, change, exists
from netgraft.workspace.cache import Recent
from netgraft.workspace.database import PATIENCE, Database, sqlite_url
from netgraft.workspace.errors import Change, NoSuchWeights, Repeated, TooMany
from netgraft.workspace.feed import LONGEST_SIGNAL, Feed, Listener, Notice, Watch, forget, note, noted
from netgraft.workspace.feed_postgres import PostgresFeed
from netgraft.workspace.feed_sqlite import SqliteFeed
from netgraft.workspace.files import Inbox, Incoming, Received
from netgraft.workspace.keeping import Fits, Keeping
from netgraft.workspace.layouts import Layout, Moves, keep_layout, read_layout, with_moves
from netgraft.workspace.links import Links
from netgraft.workspace.premises import Premises
from netgraft.workspace.records import NOBODY, By, Entry, Event, Snapshot, Step, StoredWeights
from netgraft.workspace.stores_remote import CACHE, open_store
from netgraft.workspace.tables import DocumentRow, DocumentWeightsRow
from netgraft.workspace.trouble import Heard
from netgraft.workspace.uploads import Uploads

MAIN = ""
"""The source name of a document's main caffemodel."""

MOST_SOURCES = 32
"""Caffemodels that a document may use; each keeps its file open while it is read."""

_PACKED_LAYER = 12  # bytes of a layer as a revision keeps it, about

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
DAY = 24 * 3600
"""Seconds after which what is half done counts as left by a stopped server."""

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
        self,
        folder: Path,
        url: str | None = None,
        *,
        parsed: int = 64,
        clock: Clock = wall_clock,
        weights_url: str = "",
        weights_cache: int = CACHE,
        upload_seconds: float = DAY,
        connections: int = 10,
        patience: float = PATIENCE,
        heard: Heard = lambda trouble: None,
    ) -> None:
        """`weights_url` and `weights_cache` are `open_store`'s, `upload_seconds` the lifetime of `Uploads`;
        `connections`, `patience` (seconds) and `heard` are the database's (`Database`).

        Raises DatabaseTrouble where there is no database that can be used.
        """
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)
        self._inbox = Inbox(folder)
        self._inbox.sweep(time.time() - DAY)
        self.uploads = Uploads(folder, upload_seconds)
        store = open_store(weights_url, folder, self._inbox, weights_cache, os.environ)
        self._database = Database(
            url or sqlite_url(folder), connections=connections, patience=patience, heard=heard
        )
        self._keeping = Keeping(self._database, store, folder, clock)
        engine = self._database.engine
        self._feed: Feed = PostgresFeed(engine) if self._database.is_postgres else SqliteFeed(engine)
        self._tell_commits()
        self.links = Links(self._database, clock)
        with self._database.reading() as session:
            self.is_new = session.scalar(select(DocumentRow.id).limit(1)) is None
        self._documents: Recent[tuple[str, int], edit.Document] = Recent(parsed)
        self._indexes: Recent[str, weights.Index] = Recent(2 * MOST_SOURCES)
        self._layers: dict[str, int] = {}  # of each document that was looked at, about
        self._keeping.collect()

    def close(self) -> None:
        """Stops the feed and closes the database connections."""
        self._feed.close()
        self._database.close()

    @property
    def parsed(self) -> int:
        """How many documents are kept parsed in memory."""
        return len(self._documents)

    def layers_seen(self, id: str) -> int | None:
        """About how many layers the document had when it was last looked at; asks nobody. None: not known."""
        return self._layers.get(id)

    def guess_layers(self, id: str) -> int:
        """About how many layers it has, by the size of its text; 0 where there is no such document."""
        with self._database.reading() as session:
            size = texts.packed_size(session, id)
        layers = size // _PACKED_LAYER
        return self._layers.setdefault(id, layers) if size else 0

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
        incoming: Received | None = None,
        weights_name: str = "",
        fits: Fits | None = None,
        id: str | None = None,
        by: By = NOBODY,
    ) -> Snapshot:
        """A new document, with weights where an upload is given.

        Raises WeightsError for weights that cannot be read, what `fits` raises, and AlreadyThere for an `id`
        that a document has.
        """
        made = id or "".join(secrets.choice(_ALPHABET) for _ in range(12))
        with (
            self._keeping.accepted(incoming, fits) if incoming else nullcontext() as accepted,
            self._database.writing.begin() as session,
        ):
            history.start(session, made, name, document, title, by, self._clock())
            if accepted:
                accepted.link(session, made, MAIN, weights_name)
        self._documents.put((made, history.FIRST), document)
        return self.snapshot(made)

    def entries(self) -> list[Entry]:
        """All documents, the one changed last first."""
        with self._database.reading() as session:
            rows = session.scalars(select(DocumentRow).order_by(DocumentRow.changed.desc(), DocumentRow.id))
            stored = self._keeping.of_source(session, MAIN)
            return [_entry(row, stored.get(row.id)) for row in rows]

    def snapshot(self, id: str) -> Snapshot:
        """The document at its present revision; raises NoSuchDocument and DamagedRevision."""
        with self._database.reading() as session:
            row = history.find(session, id)
            return self._snapshot(session, row, self._content(session, id, row.head))

    def _snapshot(self, session: Session, row: DocumentRow, document: edit.Document) -> Snapshot:
        present = history.revision(session, row.id, row.head)
        redo = history.revision(session, row.id, present.next) if present.next is not None else None
        self._layers[row.id] = len(document.tree.chunks)
        sources = self._keeping.sources(session, row.id)
        return Snapshot(
            entry=_entry(row, sources.get(MAIN)),
            document=document,
            can_undo=present.parent is not None,
            can_redo=redo is not None,
            undo_title=present.title if present.parent is not None else None,
            redo_title=redo.title if redo else None,
            undo_author=present.author if present.parent is not None else None,
            redo_author=redo.author if redo else None,
            premises=history.premises(session, row.id),
            sources=sources,
        )

    def events(self, id: str, after: int, most: int = 200) -> list[Event]:
        """What changed after a version, oldest first, at most so many; raises NoSuchDocument."""
        with self._database.reading() as session:
            history.find(session, id)
            return journal.read(session, id, after, most)

    def last_event(self, id: str) -> Event:
        """The last change, which tells its version and revision; raises NoSuchDocument."""
        with self._database.reading() as session:
            row = history.find(session, id)
            return journal.read(session, id, row.version - 1, 1)[0]

    def watch(self, id: str, notice: Listener) -> Watch:
        """Has `notice` called whenever something happens to a document, in whichever process, until the watch
        is closed. It is called from any thread and must be quick. Look into `events` after `watch` returned:
        then nothing is missed."""
        return self._feed.watch(id, notice)

    def signal(self, id: str, payload: str) -> None:
        """Tells all watchers of a document a passing text, kept nowhere; raises ValueError past 7000 bytes.

        On SQLite it stays inside this process. What cannot be stored (`words.storable`) comes out as U+FFFD.
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
            note(session, id, Notice("deleted", by.client))
        self._keeping.collect()

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
        """Makes `document` the new present revision, if `base` still is; else raises StaleRevision, and
        Repeated where `by.key` says that it is made.

        The snapshot is that of the new revision, whatever others do meanwhile: who made it may build on it.
        """
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            if (already := journal.revision_of(session, id, by.key)) is not None:
                raise Repeated(already)
            history.require(session, row, base)
            before = self._documents.known((id, base))
            number = history.commit(session, row, document, title, operations, by, self._clock(), before)
            session.flush()
            made = self._snapshot(session, row, document)
        self._documents.put((id, number), document)
        return made

    def edit_of(self, id: str, key: str) -> Change | None:
        """The edit that was carried out under a key (`By.key`); None where there was none."""
        with self._database.reading() as session:
            number = journal.revision_of(session, id, key)
            return None if number is None else change(session, id, number)

    def between(self, id: str, base: int, head: int) -> list[Change]:
        """The changes that lead from one revision to another; see between.py."""
        with self._database.reading() as session:
            return between(session, id, base, head)

    def revision(self, id: str, number: int) -> edit.Document:
        """The document as it was at any of its revisions, undone ones too; raises KeyError where it has none
        such."""
        with self._database.reading() as session:
            if not exists(session, id, number):
                raise KeyError(number)
            return self._content(session, id, number)

    def undo(self, id: str, base: int | None = None, *, by: By = NOBODY) -> Snapshot:
        """Back to the revision before; raises NothingToUndo, StaleRevision where a base is given, or
        DamagedRevision."""
        return self._step(id, base, by, back=True)

    def redo(self, id: str, base: int | None = None, *, by: By = NOBODY) -> Snapshot:
        """On to the revision that was last undone; raises as `undo` does."""
        return self._step(id, base, by, back=False)

    def steps(self, id: str, most: int = 200) -> list[Step]:
        """What undo and redo pass, oldest first; at most `most` on either side of the present."""
        with self._database.reading() as session:
            return walk.steps(session, history.find(session, id), most)

    def go(self, id: str, number: int, base: int | None = None, *, by: By = NOBODY) -> Snapshot:
        """As many undos or redos as lead to a revision; raises NothingToUndo where none do, and
        otherwise as `undo` does."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            history.require(session, row, base)
            history.go(session, row, number, by, self._clock())
            self._require_readable(session, row)
        return self.snapshot(id)

    def at(self, id: str, number: int) -> edit.Document:
        """The document as it was at a revision in its history; raises NothingToUndo where it is in none."""
        with self._database.reading() as session:
            walk.reach(session, history.find(session, id), number)
            return self._content(session, id, number)

    def rename(self, id: str, name: str, *, by: By = NOBODY) -> Snapshot:
        """Calls the document something else; its history says nothing of it."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            row.name = name
            journal.record(session, row, "rename", by, self._clock(), name)
        return self.snapshot(id)

    def _content(self, session: Session, id: str, number: int) -> edit.Document:
        return self._documents.get((id, number), lambda: codec.read(*texts.content(session, id, number)))

    def _require_readable(self, session: Session, row: DocumentRow) -> None:
        """A step must not end on a revision that cannot be shown. Raises DamagedRevision."""
        if self._documents.known((row.id, row.head)) is None:
            texts.content(session, row.id, row.head)

    def _step(self, id: str, base: int | None, by: By, *, back: bool) -> Snapshot:
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            history.require(session, row, base)
            history.step(session, row, by, self._clock(), back=back)
            self._require_readable(session, row)
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

    def move_cards(self, id: str, moves: Moves, *, by: By = NOBODY) -> Layout:
        """Moves some cards and leaves the others where they are, so that two people can move cards at once;
        returns where all are now. Raises NoSuchDocument, TooMany."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            layout = with_moves(read_layout(session, id), moves)
            keep_layout(session, id, layout)
            journal.record(session, row, "layout", by, self._clock())
            return layout

    # Weights

    def receive(self, limit: int, size: int | None = None) -> Incoming:
        """A file for an upload of at most `limit` bytes; hand it to `create` or `set_weights`. `size` is how
        many it will have, where that is known: its first bytes may tell that they cannot be so many."""
        return self._inbox.receive(limit, size)

    def set_weights(
        self,
        id: str,
        incoming: Received,
        name: str,
        fits: Fits | None = None,
        source: str = MAIN,
        *,
        by: By = NOBODY,
    ) -> Snapshot:
        """Makes an upload the document's main weights, or those of another source.

        Raises as `create` does, the old weights staying, and TooMany for one source more than are kept.
        """
        with (
            self._keeping.accepted(incoming, fits) as accepted,
            self._database.writing.begin() as session,
        ):
            row = history.find(session, id, lock=True)
            if source not in (known := self._keeping.sources(session, id)) and len(known) >= MOST_SOURCES:
                raise TooMany("Weights of one document", MOST_SOURCES)
            accepted.link(session, id, source, name)
            journal.record(session, row, "weights", by, self._clock(), name)
        self._keeping.collect()
        return self.snapshot(id)

    def remove_weights(self, id: str, source: str, *, by: By = NOBODY) -> Snapshot:
        """Takes a source away; raises NoSuchWeights. Layers that took from it have nothing to load then."""
        with self._database.writing.begin() as session:
            row = history.find(session, id, lock=True)
            link = session.get(DocumentWeightsRow, (id, source))
            if link is None:
                raise NoSuchWeights(source)
            session.delete(link)
            journal.record(session, row, "weights", by, self._clock(), link.name)
        self._keeping.collect()
        return self.snapshot(id)

    def indexes(self, snapshot: Snapshot) -> dict[str, weights.Index]:
        """The indexes of all a document's weights, by source name."""
        return {source: self.index(stored) for source, stored in snapshot.sources.items()}

    def scratch(self) -> Path:
        """A path for a file of the caller's, beside the uploads; what is left there is swept after a day."""
        return self._inbox.scratch()

    def index(self, stored: StoredWeights) -> weights.Index:
        """The index of stored weights, from memory where it was made before."""
        return self._indexes.get(stored.sha256, lambda: self._keeping.index(stored))


def _entry(row: DocumentRow, stored: StoredWeights | None) -> Entry:
    return Entry(row.id, row.name, row.head, row.version, row.created, row.changed, stored)
