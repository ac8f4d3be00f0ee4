"""Revisions that are kept as what they changed of their parent's text; those that are there are whole."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("revisions", sa.Column("depth", sa.Integer, nullable=False, server_default="0"))
