"""Every change of a document, of whatever kind, counted and told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # Documents that are there begin their journal with having been opened.
    op.add_column("documents", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.create_table(
        "journal",
        sa.Column(
            "document", sa.String(32), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.execute(
        "INSERT INTO journal (document, version, revision, kind, title, author, client, created) "
        "SELECT d.id, 1, d.head, 'open', r.title, r.author, '', d.created "
        "FROM documents d JOIN revisions r ON r.document = d.id AND r.number = 1"
    )
