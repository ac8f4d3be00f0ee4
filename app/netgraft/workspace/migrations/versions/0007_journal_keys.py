"""The keys of changes that may come twice, so that they are made once."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("journal", sa.Column("key", sa.String(64)))
    op.create_index("ix_journal_document_key", "journal", ["document", "key"])
