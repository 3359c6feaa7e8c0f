"""The database: how transactions begin and end, and what it does with times."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from insights.db import Database, after_keeping, discard, insert_or_skip, keep
from insights.models import Replica, Territory

NOON = datetime(2026, 3, 18, 12, 30, 15, 123456, tzinfo=UTC)


def replica(name: str = "one", seen_at: datetime = NOON) -> Replica:
    """The smallest row there is that holds a time."""
    return Replica(name=name, engine="tantivy", cursor=0, seen_at=seen_at)


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Replica)) or 0


def setting(session: Session, name: str) -> object:
    return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()


only_sqlite = pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)


class TestAWritingBlock:
    def test_keeps_all_that_it_did(self, empty_database: Database) -> None:
        with empty_database.writing() as session:
            session.add_all([replica("one"), replica("two")])
        assert count(empty_database) == 2

    def test_has_things_done_once_it_is_kept(self, empty_database: Database) -> None:
        seen: list[int] = []
        with empty_database.writing() as session:
            session.add(replica())
            after_keeping(session, lambda: seen.append(count(empty_database)))
            session.flush()
            assert seen == []
        assert seen == [1]

    def test_has_nothing_done_when_it_is_undone(self, empty_database: Database) -> None:
        seen: list[int] = []
        with empty_database.writing() as session:
            after_keeping(session, lambda: seen.append(1))
            discard(session)
        assert seen == []

    def test_undoes_all_of_it_when_it_raises(self, empty_database: Database) -> None:
        with pytest.raises(ZeroDivisionError), empty_database.writing() as session:  # noqa: PT012
            session.add(replica())
            session.flush()
            raise ZeroDivisionError
        assert count(empty_database) == 0

    def test_undoes_all_of_it_when_it_cannot_be_kept(self, empty_database: Database) -> None:
        with pytest.raises(IntegrityError), empty_database.writing() as session:  # noqa: PT012
            session.add(replica())
            session.flush()
            session.add(Territory(name="a", folded="a", slug="a", parent_id=99))
        assert count(empty_database) == 0

    def test_gives_its_connection_back(self, empty_database: Database) -> None:
        for _ in range(20):
            with empty_database.writing() as session:
                session.merge(replica())
        assert empty_database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


class TestAReadingBlock:
    def test_keeps_nothing(self, empty_database: Database) -> None:
        with empty_database.reading() as session:
            session.add(replica())
            session.flush()
        assert count(empty_database) == 0

    def test_does_not_wait_for_a_writer(self, empty_database: Database) -> None:
        with empty_database.writing() as session:
            session.add(replica())
            session.flush()
            assert count(empty_database) == 0
        assert count(empty_database) == 1


class TestASession:
    def test_is_kept_or_discarded_by_whoever_opened_it(self, empty_database: Database) -> None:
        with empty_database.open_session(write=True) as session:
            session.add(replica("kept"))
            keep(session)
            session.add(replica("discarded"))
            session.flush()
            discard(session)
        assert count(empty_database) == 1

    def test_still_holds_its_rows_after_they_are_kept(self, empty_database: Database) -> None:
        with empty_database.writing() as session:
            row = replica()
            session.add(row)
        assert row.name == "one"


class TestSqlite:
    @only_sqlite
    def test_who_reads_for_update_and_then_writes_takes_turns(
        self, empty_database: Database
    ) -> None:
        """Four add one to what they read: without turns some would read the same number."""
        with empty_database.writing() as session:
            session.add(replica("counter"))
        barrier = Barrier(4)

        def count_on(_: int) -> None:
            barrier.wait()
            with empty_database.writing() as session:
                row = session.get_one(Replica, "counter", with_for_update=True)
                row.cursor += 1

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(count_on, range(4)))
        with empty_database.reading() as session:
            assert session.get_one(Replica, "counter").cursor == replica().cursor + 4

    @only_sqlite
    def test_who_only_reads_in_a_writing_block_keeps_nobody_waiting(
        self, empty_database: Database
    ) -> None:
        with empty_database.writing() as reader:
            reader.scalar(select(func.count()).select_from(Replica))
            with empty_database.writing() as writer:
                writer.add(replica())
        assert count(empty_database) == 1

    @only_sqlite
    def test_who_reads_first_and_writes_after_another_did_is_not_refused(
        self, empty_database: Database
    ) -> None:
        with empty_database.writing() as slow:
            slow.scalar(select(func.count()).select_from(Replica))
            with empty_database.writing() as quick:
                quick.add(replica("quick"))
            slow.add(replica("slow"))
        assert count(empty_database) == 2

    @only_sqlite
    @pytest.mark.parametrize(
        ("name", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 15000)],
    )
    def test_each_connection_is_set_for_safety(
        self, empty_database: Database, name: str, value: object
    ) -> None:
        for session in (empty_database.open_session(write=write) for write in (True, False)):
            with session:
                assert setting(session, name) == value


def test_a_row_without_its_parent_is_refused(empty_database: Database) -> None:
    with empty_database.open_session(write=True) as session:
        session.add(Territory(name="a", folded="a", slug="a", parent_id=99))
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            session.flush()


class TestATime:
    @pytest.mark.parametrize(
        ("stored", "read"),
        [
            (NOON, NOON),
            (NOON.astimezone(timezone(timedelta(hours=-7))), NOON),
            (datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)),
            (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
            (
                datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
                datetime.min.replace(tzinfo=UTC),
            ),
            (
                datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
                datetime.max.replace(tzinfo=UTC),
            ),
        ],
    )
    def test_comes_back_aware_and_in_utc(
        self, empty_database: Database, stored: datetime, read: datetime
    ) -> None:
        with empty_database.writing() as session:
            session.add(replica(seen_at=stored))
        with empty_database.reading() as session:
            back = session.get_one(Replica, "one").seen_at
        assert (back, back.tzinfo) == (read, UTC)

    def test_without_a_zone_is_refused(self, empty_database: Database) -> None:
        with empty_database.open_session(write=True) as session:
            session.add(replica(seen_at=NOON.replace(tzinfo=None)))
            with pytest.raises(StatementError, match="a time without a zone cannot be stored"):
                session.flush()

    @only_postgres
    @pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
    def test_is_read_whatever_zone_the_server_keeps(
        self, empty_database: Database, zone: str
    ) -> None:
        url = empty_database.engine.url
        with empty_database.writing() as session:
            session.execute(text(f"ALTER DATABASE \"{url.database}\" SET timezone = '{zone}'"))
            session.add(replica("first", datetime.min.replace(tzinfo=UTC)))
            session.add(replica("last", datetime.max.replace(tzinfo=UTC)))
        other = Database(url.render_as_string(hide_password=False))
        with other.reading() as session:
            years = [session.get_one(Replica, name).seen_at.year for name in ("first", "last")]
        other.dispose()
        assert years == [1, 9999]


def test_an_insert_passes_over_what_exists_already(empty_database: Database) -> None:
    def add(*names: str) -> list[str]:
        rows = [{"name": one, "engine": "x", "cursor": 0, "seen_at": NOON} for one in names]
        with empty_database.writing() as session:
            statement = insert_or_skip(session, Replica, Replica.name)
            return sorted(session.scalars(statement, rows))

    assert add("one", "two") == ["one", "two"]
    assert add("two", "three") == ["three"]
