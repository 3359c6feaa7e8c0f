"""The journal: whoever follows it by its ids misses nothing and meets nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.services import journal
from tests.organisation import NOW, OWNER


def append(session: Session, *verbs: str) -> None:
    rows = [journal.entry(one, ("note", 1), actor_id=OWNER, now=NOW) for one in verbs]
    journal.append_many(session, rows)


def keep_rows(database: Database, *verbs: str) -> None:
    """Appends in a transaction of its own."""
    with database.writing() as session:
        append(session, *verbs)


def read_on(database: Database, cursor: int, limit: int = 100) -> tuple[list[str], int]:
    """The verbs after `cursor` as a reader sees them now, and where it stands afterwards."""
    with database.reading() as session:
        rows = journal.entries_after(session, cursor, limit=limit)
        return [row.verb for row in rows], rows[-1].id if rows else cursor


class TestReading:
    def test_goes_on_behind_the_cursor_in_order(self, database: Database) -> None:
        keep_rows(database, "a", "b", "c")
        first, cursor = read_on(database, 0, limit=2)
        second, end = read_on(database, cursor)
        assert (first, second) == (["a", "b"], ["c"])
        assert read_on(database, end) == ([], end)

    def test_ends_at_the_last_id(self, database: Database) -> None:
        with database.reading() as session:
            assert journal.last_id(session) == 0
        keep_rows(database, "a", "b")
        with database.reading() as session:
            assert journal.last_id(session) == read_on(database, 0)[1]

    def test_gives_a_row_as_it_was_appended(self, session: Session) -> None:
        journal.append(session, "person.added", ("person", 7), actor_id=None, now=NOW)
        (row,) = journal.entries_after(session, 0, limit=1)
        assert (row.verb, row.subject_type, row.subject_id) == ("person.added", "person", "7")
        assert (row.actor_id, row.at, row.data) == (None, NOW, {})


class TestAppending:
    def test_nothing_writes_nothing(self, session: Session) -> None:
        append(session)
        assert journal.last_id(session) == 0

    def test_what_was_undone_is_never_read(self, database: Database) -> None:
        keep_rows(database, "a")
        undone = database.open_session(write=True)
        append(undone, "undone")
        undone.close()
        keep_rows(database, "b")
        assert read_on(database, 0)[0] == ["a", "b"]


class TestTwoTransactions:
    def test_become_visible_in_the_order_of_their_ids(self, database: Database) -> None:
        """The second appends after the first drew its id and ends before it could be skipped."""
        waiting = Event()

        def second() -> None:
            with database.writing() as session:
                waiting.set()
                append(session, "second")

        with ThreadPoolExecutor(1) as thread:
            with database.writing() as session:
                append(session, "first")
                later = thread.submit(second)
                # On SQLite the second waits already for the right to begin.
                waiting.wait(timeout=5)
                with pytest.raises(TimeoutError):
                    later.result(timeout=0.3)
                assert read_on(database, 0) == ([], 0)
            later.result(timeout=10)
        assert read_on(database, 0)[0] == ["first", "second"]

    def test_a_reader_that_follows_many_writers_meets_every_row_once(
        self, database: Database
    ) -> None:
        def write(number: int) -> None:
            for count in range(10):
                keep_rows(database, f"{number}.{count}")

        met: list[str] = []
        cursor = 0
        with ThreadPoolExecutor(4) as threads:
            writers = [threads.submit(write, number) for number in range(4)]
            while not all(one.done() for one in writers):
                verbs, cursor = read_on(database, cursor)
                met += verbs
            for one in writers:
                one.result()
        met += read_on(database, cursor)[0]
        assert sorted(met) == sorted(f"{n}.{count}" for n in range(4) for count in range(10))
