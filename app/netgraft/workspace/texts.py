"""Revisions' texts in their rows: whole ones, and those that are told by what they have of their parent's.

A whole text of 10,000 layers takes 115 kB, an edit of it a few hundred bytes. At most `MOST_DELTAS` follow a
whole one, so that reading a revision never walks far. Origins that are the parent's are not repeated either.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netgraft import edit
from netgraft.workspace import codec, delta
from netgraft.workspace.errors import DamagedRevision
from netgraft.workspace.tables import DocumentRow, RevisionRow

_log = logging.getLogger(__name__)

MOST_DELTAS: Final = 32
"""Revisions in a row that are kept as what they changed."""

_AS_PARENT: Final = ""


def packed(
    content: edit.Document, parent: RevisionRow | None, before: edit.Document | None
) -> tuple[bytes, str, int]:
    """The columns `text`, `origins` and `depth` of a new revision. `before` is the parent's document, where
    it is at hand; without it the text is kept whole."""
    if parent is None or before is None or parent.depth >= MOST_DELTAS:
        return *codec.pack(content), 0
    text = delta.encode(before.tree.chunks, content.tree.chunks)
    if len(text) > 1000 and len(text) > sum(len(chunk.text) for chunk in content.tree.chunks) // 40:
        whole, origins = codec.pack(content)
        if len(text) > len(whole) // 2:  # little in common: another net
            return whole, origins, 0
    origins = _AS_PARENT if content.origins == before.origins else codec.pack_origins(content.origins)
    return text, origins, parent.depth + 1


def content(session: Session, document: str, number: int) -> tuple[bytes, str]:
    """The text and the column `origins` of one revision; raises DamagedRevision."""
    text, origins = b"", ""
    for row in _chain(session, document, number):
        try:
            text = delta.decode(text, row.text) if row.depth else zlib.decompress(row.text)
        except (delta.DamagedText, zlib.error) as error:
            _log.error("Revision %d of document %s is damaged: %s", row.number, document, error)
            readable = _last_readable(session, document, row.number)
            raise DamagedRevision(number, row.number, readable) from error
        origins = row.origins or origins
    return text, origins


def _last_readable(session: Session, document: str, damaged: int) -> int | None:
    """The last revision before a damaged one that can be read; None where there is none."""
    parent = session.get_one(RevisionRow, (document, damaged)).parent
    if parent is None:
        return None
    try:
        content(session, document, parent)
    except DamagedRevision as error:
        return error.readable
    return parent


def _chain(session: Session, document: str, number: int) -> Sequence[Any]:
    """The rows that make a revision's text: the whole one first, then what was changed of it in turn."""
    columns = RevisionRow.number, RevisionRow.depth, RevisionRow.text, RevisionRow.origins
    here = RevisionRow.document == document
    one = session.execute(select(*columns).where(here, RevisionRow.number == number)).one()
    if one.depth == 0:
        return [one]
    way = (
        select(RevisionRow.number, RevisionRow.parent, RevisionRow.depth)
        .where(here, RevisionRow.number == number)
        .cte("way", recursive=True)
    )
    back = select(RevisionRow.number, RevisionRow.parent, RevisionRow.depth)
    back = back.join(way, RevisionRow.number == way.c.parent).where(here, way.c.depth > 0)
    way = way.union_all(back)
    query = select(*columns).join(way, RevisionRow.number == way.c.number).where(here)
    return session.execute(query.order_by(RevisionRow.depth)).all()


def packed_size(session: Session, document: str) -> int:
    """The bytes that the text of the last whole revision up to the present one takes in its row, which is
    about what the present one's would; 0 where there is no such document."""
    query = (
        select(func.length(RevisionRow.text))
        .join(DocumentRow, DocumentRow.id == RevisionRow.document)
        .where(DocumentRow.id == document, RevisionRow.number <= DocumentRow.head, RevisionRow.depth == 0)
        .order_by(RevisionRow.number.desc())
        .limit(1)
    )
    return session.scalar(query) or 0


def packed_operations(operations: Sequence[object], content: edit.Document) -> str:
    """The column `operations`. A typed text that is the revision's own is not kept twice."""
    if any(_is_typed(one) for one in operations):
        text = content.text
        operations = [_without_text(one) if _text_of(one) == text else one for one in operations]
    return json.dumps(operations)


def operations(session: Session, row: RevisionRow) -> list[Any]:
    """The operations of a revision, as they were asked for."""
    found: list[Any] = json.loads(row.operations)
    if any(_is_typed(one) and _text_of(one) is None for one in found):
        text = content(session, row.document, row.number)[0].decode("utf-8", "surrogateescape")
        found = [{**one, "text": text} if _is_typed(one) and _text_of(one) is None else one for one in found]
    return found


def _is_typed(operation: object) -> bool:
    return isinstance(operation, dict) and operation.get("op") == "replace_text"


def _text_of(operation: object) -> object:
    return operation.get("text") if isinstance(operation, dict) and _is_typed(operation) else ""


def _without_text(operation: object) -> object:
    return {**operation, "text": None} if isinstance(operation, dict) else operation
