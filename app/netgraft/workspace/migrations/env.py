"""Alembic's entry: runs the migrations on the connection that `database.migrate` hands over."""

from alembic import context

from netgraft.workspace.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
