"""Brings a database to the newest schema, or to any other revision, with Alembic."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from insights import resources
from insights.db import Database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.folder("migrations")))
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: Database, revision: str = "head") -> None:
    """Moves the database up or down to `revision`, in one transaction of its own."""
    config = _config()
    direction = command.upgrade if _is_upward(database, revision) else command.downgrade
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def current_revision(database: Database) -> str | None:
    """The revision the database stands at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision this version of the product needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def is_current(database: Database) -> bool:
    """Whether the database has the schema that this version of the product needs."""
    return current_revision(database) == newest_revision()


def _is_upward(database: Database, revision: str) -> bool:
    if revision in ("head", "heads"):
        return True
    if revision == "base" or revision.startswith("-"):
        return False
    script = ScriptDirectory.from_config(_config())
    current = current_revision(database)
    if revision.startswith("+") or current is None:
        return True
    older = {one.revision for one in script.iterate_revisions(current, "base")}
    return revision not in older
