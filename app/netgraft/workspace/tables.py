"""The tables of the workspace.

Portable SQL: SQLite by default, PostgreSQL by URL. Times are whole milliseconds since 1970 in UTC,
since SQLite has no type for them. What stands here is created by the migrations beside this file;
a test compares the two.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from netgraft.workspace.words import Key, Number, Packed, Words


class Base(DeclarativeBase):
    """The metadata that the tables share."""

    type_annotation_map: ClassVar = {int: Number}


class DocumentRow(Base):
    """A document: its name and which of its revisions is the present one."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(Key(32), primary_key=True)
    name: Mapped[str] = mapped_column(Words)
    head: Mapped[int]  # the revision that is shown: undo and redo move it
    last: Mapped[int]  # the highest revision number ever given out
    version: Mapped[int]  # counts the rows of its journal
    created: Mapped[int] = mapped_column(BigInteger)
    changed: Mapped[int] = mapped_column(BigInteger, index=True)


class RevisionRow(Base):
    """A document after an operation list. Rows are never changed, but for `next`."""

    __tablename__ = "revisions"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent: Mapped[int | None]  # what undo goes back to; None for the file as it was opened
    next: Mapped[int | None]  # what redo goes on to: the latest revision made from this one
    created: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Words)
    title: Mapped[str] = mapped_column(Words)
    operations: Mapped[str] = mapped_column(Packed)  # JSON: the operation list as it was asked for
    # Large, and only read when the document is not in memory: deferred.
    # The whole prototxt, zlib, where depth is 0; else what it has of its parent's, whose depth is one less.
    text: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # JSON: where each layer's weights come from; empty where that is as in the parent (texts.py).
    origins: Mapped[str] = mapped_column(Packed, deferred=True)
    depth: Mapped[int] = mapped_column(server_default="0")


class JournalRow(Base):
    """One change of a document, of whatever kind (records.Event). Rows are never changed."""

    __tablename__ = "journal"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Words)
    author: Mapped[str] = mapped_column(Words)
    client: Mapped[str] = mapped_column(Key(64))
    created: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str | None] = mapped_column(String(64))  # of an edit that may be asked for again

    __table_args__ = (Index("ix_journal_document_key", "document", "key"),)


class PremisesRow(Base):
    """What verdicts on a document rest on beside its text; a document without a row has none of it."""

    __tablename__ = "premises"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    datum: Mapped[str] = mapped_column(Text)  # JSON: what each data source holds
    profile: Mapped[str | None] = mapped_column(String(16))
    solver_name: Mapped[str | None] = mapped_column(Words)
    solver: Mapped[bytes | None] = mapped_column(LargeBinary)  # the solver.prototxt as it came


class LayoutRow(Base):
    """Where the cards of a document's picture were moved to; a document without a row has none moved."""

    __tablename__ = "layouts"

    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    moved: Mapped[str] = mapped_column(Text)  # JSON: see layouts.py


class ShareLinkRow(Base):
    """A link that lets whoever holds it read the document (links.py)."""

    __tablename__ = "share_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of its token
    note: Mapped[str] = mapped_column(Words)
    author: Mapped[str] = mapped_column(Words)
    created: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int | None] = mapped_column(BigInteger)

    # The id of a link that was revoked is never given to another one.
    __table_args__ = ({"sqlite_autoincrement": True},)


class WeightsRow(Base):
    """A caffemodel that was read as a whole and accepted. Its bytes are a file named by the hash."""

    __tablename__ = "weights"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    layers: Mapped[int]
    created: Mapped[int] = mapped_column(BigInteger)


class DocumentWeightsRow(Base):
    """Which weights a document uses. `source` is '' for its main caffemodel."""

    __tablename__ = "document_weights"

    document: Mapped[str] = mapped_column(Key(32), primary_key=True)
    source: Mapped[str] = mapped_column(Key(200), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Words)  # the file name it was uploaded under

    __table_args__ = (
        ForeignKeyConstraint(["document"], ["documents.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["sha256"], ["weights.sha256"]),
    )
