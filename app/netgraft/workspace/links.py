"""Share links: whoever holds one may read one document. Only the SHA-256 of its token is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netgraft.workspace.database import Database
from netgraft.workspace.errors import DatabaseTrouble, NoSuchLink, TooMany
from netgraft.workspace.history import find
from netgraft.workspace.records import NOBODY, By
from netgraft.workspace.tables import ShareLinkRow

MOST_LINKS = 100
"""Share links that a document may have."""

_BYTES = 24  # 192 bits of chance in a token
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_USE_NOTED_EVERY = 10 * 60 * 1000  # milliseconds: reading must not mean writing every time


@dataclass(frozen=True, slots=True)
class Link:
    """A share link. Times are milliseconds since 1970, UTC; `used` is right to ten minutes."""

    id: int
    document: str
    note: str
    author: str
    created: int
    used: int | None


class Links:
    """The share links of all documents. Every method is safe to call from any thread, and blocks."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    def add(self, document: str, note: str = "", by: By = NOBODY) -> tuple[Link, str]:
        """A new link and its token, which is told this once. Raises NoSuchDocument, TooMany."""
        token = secrets.token_urlsafe(_BYTES)
        with self._database.writing.begin() as session:
            find(session, document, lock=True)
            count = select(func.count()).select_from(ShareLinkRow).where(ShareLinkRow.document == document)
            if session.scalars(count).one() >= MOST_LINKS:
                raise TooMany("Share links of one document", MOST_LINKS, "")
            row = ShareLinkRow(
                document=document,
                hash=_hash(token),
                note=note,
                author=by.author,
                created=self._clock(),
                used=None,
            )
            session.add(row)
            session.flush()
            return _link(row), token

    def of(self, document: str) -> list[Link]:
        """A document's links, oldest first; raises NoSuchDocument."""
        with self._database.reading() as session:
            find(session, document)
            query = select(ShareLinkRow).where(ShareLinkRow.document == document).order_by(ShareLinkRow.id)
            return [_link(row) for row in session.scalars(query)]

    def revoke(self, document: str, id: int) -> None:
        """Takes a link away: its token opens nothing from then on. Raises NoSuchDocument, NoSuchLink."""
        with self._database.writing.begin() as session:
            find(session, document)
            row = session.get(ShareLinkRow, id)
            if row is None or row.document != document:
                raise NoSuchLink(id)
            session.delete(row)

    def find(self, token: str) -> Link | None:
        """The link that a token belongs to; None where it belongs to none."""
        if not _TOKEN.fullmatch(token):
            return None
        with self._database.reading() as session:
            row = _row(session, token)
            link = _link(row) if row is not None else None
        if link is not None and self._clock() - (link.used or 0) > _USE_NOTED_EVERY:
            # A full disk or a busy database is no reason to refuse a reader.
            with suppress(DatabaseTrouble), self._database.writing.begin() as session:
                if (row := session.get(ShareLinkRow, link.id)) is not None:
                    row.used = self._clock()
        return link

    def exists(self, id: int) -> bool:
        """Whether a link still is there."""
        with self._database.reading() as session:
            return session.get(ShareLinkRow, id) is not None


def _row(session: Session, token: str) -> ShareLinkRow | None:
    # Looked up by its hash: what the time of the search tells is of the hash, not of the token.
    hashed = _hash(token)
    row = session.scalar(select(ShareLinkRow).where(ShareLinkRow.hash == hashed))
    return row if row is not None and hmac.compare_digest(row.hash, hashed) else None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _link(row: ShareLinkRow) -> Link:
    return Link(row.id, row.document, row.note, row.author, row.created, row.used)
