"""What verdicts on a document rest on beside its text: sources' shapes, the profile, a solver."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "premises",
        sa.Column(
            "document", sa.String(32), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("datum", sa.Text, nullable=False),
        sa.Column("profile", sa.String(16)),
        sa.Column("solver_name", sa.Text),
        sa.Column("solver", sa.LargeBinary),
    )
