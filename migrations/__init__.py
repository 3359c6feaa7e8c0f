"""Alembic's revisions, numbered so that their order is visible."""
