"""Alembic's entry: runs the revisions on the connection that the product hands over."""

from alembic import context

from insights.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite can change a column only by rebuilding its table.
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,
)
context.run_migrations()
