"""Migrations lead from nothing to the tables of the models, and back, with rows in place."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import CheckConstraint, func, inspect, select

from insights import migration, resources
from insights.db import Database
from insights.models import Base, Dimension, Person
from insights.services import catalogue
from tests.drafts import posted
from tests.fixtures.databases import BACKENDS, Templates, copied
from tests.fixtures.world import Characters
from tests.organisation import populate

SCRIPTS = ScriptDirectory(str(resources.folder("migrations")))
REVISIONS: list[Script] = list(reversed(list(SCRIPTS.walk_revisions())))


@pytest.fixture(params=BACKENDS)
def database(
    request: pytest.FixtureRequest, templates: Templates, tmp_path: Path
) -> Iterator[Database]:
    """The test organisation in a database of the test's own, because its schema is changed."""
    with copied(templates, request.param, "world", tmp_path) as database:
        yield database


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def differences(database: Database) -> list[object]:
    """What would have to change for the database to be what the models say."""
    options = {"compare_type": True, "compare_server_default": True}
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))


class TestTheFiles:
    def test_have_one_head(self) -> None:
        assert SCRIPTS.get_heads() == [migration.newest_revision()]

    def test_are_numbered_in_their_order(self) -> None:
        numbers = [f"{number:04}" for number in range(1, len(REVISIONS) + 1)]
        assert [one.revision for one in REVISIONS] == numbers
        assert [one.path.split("/")[-1][:5] for one in REVISIONS] == [f"{n}_" for n in numbers]

    def test_say_what_they_do(self) -> None:
        assert all(one.doc for one in REVISIONS)


class TestTheHead:
    def test_is_what_the_models_say(self, empty_database: Database) -> None:
        assert differences(empty_database) == []

    def test_checks_what_the_models_check(self, empty_database: Database) -> None:
        inspector = inspect(empty_database.engine)
        for name, table in Base.metadata.tables.items():
            stored = {one["name"] for one in inspector.get_check_constraints(name)}
            checks = {one.name for one in table.constraints if isinstance(one, CheckConstraint)}
            assert stored == checks, name

    def test_has_the_rows_that_the_product_cannot_do_without(
        self, empty_database: Database
    ) -> None:
        with empty_database.reading() as session:
            names = session.scalars(select(Dimension.name).order_by(Dimension.id)).all()
            assert names == ["Industry", "Company size"]
            assert catalogue.current(session).territories == {}

    def test_is_known_as_the_current_one(self, empty_database: Database) -> None:
        assert migration.is_current(empty_database)
        migration.migrate(empty_database, "base")
        assert not migration.is_current(empty_database)
        assert migration.current_revision(empty_database) is None


class TestTheWay:
    @pytest.mark.parametrize("revision", [one.revision for one in REVISIONS])
    def test_one_down_and_up_again_is_the_same_place(
        self, empty_database: Database, revision: str
    ) -> None:
        migration.migrate(empty_database, revision)
        migration.migrate(empty_database, "-1")
        assert migration.current_revision(empty_database) != revision
        migration.migrate(empty_database, revision)
        assert migration.current_revision(empty_database) == revision
        migration.migrate(empty_database)
        assert differences(empty_database) == []

    def test_down_to_nothing_leaves_nothing(self, empty_database: Database) -> None:
        migration.migrate(empty_database, "base")
        assert tables(empty_database) == set()

    def test_down_and_up_works_with_rows_in_every_table_that_tests_fill(
        self, database: Database, characters: Characters
    ) -> None:
        with database.writing() as session:
            posted(session, characters.owner, "Acme sells F1 to healthcare")
        migration.migrate(database, "base")
        migration.migrate(database)
        assert differences(database) == []
        with database.writing() as session:
            populate(session)
            assert session.scalar(select(func.count()).select_from(Person)) == 7

    def test_to_where_it_stands_changes_nothing(self, database: Database) -> None:
        for revision in ("head", migration.newest_revision()):
            migration.migrate(database, revision)
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Person)) == 7

    def test_that_fails_is_undone_as_a_whole(self, database: Database) -> None:
        before = tables(database)
        with pytest.raises(ZeroDivisionError), database.migrating() as connection:  # noqa: PT012
            connection.exec_driver_sql("DROP TABLE note_products")
            connection.exec_driver_sql("CREATE TABLE later (id integer)")
            raise ZeroDivisionError
        assert tables(database) == before

    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_that_leaves_a_row_without_its_parent_is_undone(self, database: Database) -> None:
        refused = pytest.raises(RuntimeError, match="without their parent")
        with refused, database.migrating() as connection:
            connection.exec_driver_sql("DELETE FROM people")
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Person)) == 7

    def test_waits_while_another_machine_is_on_it(self, empty_database: Database) -> None:
        with ThreadPoolExecutor(1) as machine:
            with empty_database.migrating():
                other = machine.submit(migration.migrate, empty_database)
                with pytest.raises(TimeoutError):
                    other.result(timeout=0.3)
            other.result(timeout=30)
        assert migration.is_current(empty_database)
