"""Where people moved cards to: kept with the document, beside its revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "layouts",
        sa.Column(
            "document", sa.String(32), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("moved", sa.Text, nullable=False),
    )
