"""The search replica follows the journal: what the database holds can be found, nothing else."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from insights.db import Database
from insights.models import Audience, JournalEntry
from insights.search.engine import NeedsRebuild, WriterBusy
from insights.search.query import parse
from insights.search.replica import Replica
from insights.search.request import SearchRequest
from insights.search.tantivy_engine import TantivyEngine
from insights.services import access, accounts, comments, journal, notes, sightings
from insights.services.notes import NoteChanges
from insights.worker.search import SearchFollower, lag
from tests.drafts import draft, posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class World:
    """A database, a replica and its follower, and what tests do with them."""

    database: Database
    replica: Replica
    follower: SearchFollower
    characters: Characters

    def post(self, text: str = "Acme", **fields: Any) -> UUID:
        """Stores a note of the owner."""
        with self.database.writing() as session:
            return posted(
                session, self.characters.owner, text, **{"territory": "georgia", **fields}
            )

    def change(self, note_id: UUID, changes: NoteChanges) -> None:
        with self.database.writing() as session:
            notes.edit(session, self.characters.owner, note_id, changes, now=NOW)

    def catch_up(self, follower: SearchFollower | None = None) -> None:
        while (follower or self.follower).step():
            pass

    def found(self, words: str = "", audience: frozenset[str] | None = None) -> set[UUID]:
        """The notes that a reader with these keys finds, everybody's by default."""
        with closing(self.replica.open_reader()) as reader:
            request = SearchRequest(audience=audience, query=parse(words), limit=100)
            return {hit.id for hit in reader.search(request).hits}


@pytest.fixture
def world(database: Database, characters: Characters, tmp_path: Path) -> Iterator[World]:
    replica = Replica(tmp_path / "search", TantivyEngine(), check_every=0)
    follower = SearchFollower(database, replica, UTC_ZONE)
    yield World(database, replica, follower, characters)
    follower.close()


class TestFollowing:
    def test_a_note_can_be_found_after_the_next_step(self, world: World) -> None:
        world.catch_up()
        note_id = world.post()
        assert world.found() == set()
        assert world.follower.step() == 1
        assert world.found() == {note_id}
        assert world.follower.step() == 0

    def test_a_changed_note_is_found_by_its_new_text_alone(self, world: World) -> None:
        note_id = world.post("Zebra")
        world.catch_up()
        world.change(note_id, {"text": "Giraffe"})
        world.catch_up()
        assert world.found("zebra") == set()
        assert world.found("giraffe") == {note_id}

    def test_a_withdrawn_note_is_gone_until_it_is_restored(self, world: World) -> None:
        note_id = world.post()
        world.catch_up()
        with world.database.writing() as session:
            day = timedelta(days=1)
            owner = world.characters.owner
            notes.withdraw(session, owner, note_id, now=NOW, within=day, reason="")
        world.catch_up()
        assert world.found() == set()
        with world.database.writing() as session:
            notes.restore(session, world.characters.admin, note_id, now=NOW)
        world.catch_up()
        assert world.found() == {note_id}

    def test_a_note_that_is_sealed_is_lost_to_strangers_at_once(self, world: World) -> None:
        note_id = world.post()
        keys = access.reader_keys(world.characters.stranger)
        world.catch_up()
        assert world.found(audience=keys) == {note_id}
        world.change(note_id, {"audience": Audience.SEALED})
        world.catch_up()
        assert world.found(audience=keys) == set()
        assert world.found(audience=access.reader_keys(world.characters.owner)) == {note_id}

    def test_the_new_name_of_an_account_finds_its_notes(self, world: World) -> None:
        note_id = world.post(account_id=MERCY)
        world.catch_up()
        with world.database.writing() as session:
            accounts.change(
                session, world.characters.admin, now=NOW, account_id=MERCY, name="Zebra Clinic"
            )
        world.catch_up()
        assert world.found("zebra") == {note_id}
        assert world.found("mercy") == set()

    def test_sightings_and_comments_leave_one_document(self, world: World) -> None:
        note_id = world.post()
        with world.database.writing() as session:
            sightings.add(session, world.characters.member, note_id, now=NOW)
            comments.add(
                session,
                world.characters.member,
                note_id,
                comment_id=UUID(int=7),
                text="Yes",
                now=NOW,
            )
        world.catch_up()
        with closing(world.replica.open_reader()) as reader:
            assert reader.count(SearchRequest(audience=None)) == 1

    def test_reads_the_notes_of_a_step_together(self, world: World, count_queries: Counter) -> None:
        world.catch_up()
        sizes = []
        for size in (1, 20):
            with world.database.writing() as session:
                for _ in range(size):
                    posted(session, world.characters.owner)
            with count_queries(world.database) as statements:
                assert world.follower.step() == size
            sizes.append(len(statements))
        assert sizes == [3, 3]


class TestTheCursor:
    def test_is_that_of_the_last_row_applied(self, world: World) -> None:
        world.post()
        world.catch_up()
        with world.database.reading() as session:
            assert world.follower.cursor == world.replica.state().cursor == journal.last_id(session)

    def test_survives_a_worker_that_died_between_two_steps(self, world: World) -> None:
        first = SearchFollower(world.database, world.replica, UTC_ZONE)
        before = world.post()
        world.catch_up(first)
        first.close()
        after = world.post()
        second = SearchFollower(world.database, world.replica, UTC_ZONE)
        assert second.step() == 1
        assert world.found() == {before, after}
        second.close()

    def test_tells_how_far_the_replica_lags_behind(self, world: World) -> None:
        assert lag(world.database, world.replica) is None
        world.catch_up()
        world.post()
        assert lag(world.database, world.replica) == 1
        world.catch_up()
        assert lag(world.database, world.replica) == 0


class TestRebuilding:
    def test_finds_every_note_and_reports_how_far_it_is(self, world: World) -> None:
        ids = {world.post() for _ in range(3)}
        told: list[tuple[int, int]] = []
        assert world.follower.rebuild(lambda done, total: told.append((done, total))) == 3
        assert told == [(3, 3)]
        assert world.found() == ids
        assert lag(world.database, world.replica) == 0

    def test_happens_by_itself_when_there_is_no_index(self, world: World) -> None:
        note_id = world.post()
        with pytest.raises(NeedsRebuild):
            world.found()
        world.follower.step()
        assert world.found() == {note_id}

    def test_happens_when_the_index_has_seen_a_longer_journal(self, world: World) -> None:
        """As after a backup of the database was restored: the index knows of what never was."""
        world.post()
        world.catch_up()
        world.follower.close()
        with world.database.writing() as session:
            session.execute(delete(JournalEntry))
            last = journal.last_id(session)
        assert world.replica.state().cursor != last
        world.follower.step()
        assert world.replica.state().cursor == last

    def test_by_somebody_else_is_noticed(self, world: World) -> None:
        world.catch_up()
        SearchFollower(world.database, world.replica, UTC_ZONE).rebuild()
        note_id = world.post()
        world.catch_up()
        assert world.found() == {note_id}

    def test_goes_on_from_what_was_stored_meanwhile(self, world: World) -> None:
        first = world.post()
        meanwhile: list[UUID] = []
        world.follower.rebuild(lambda _done, _total: meanwhile.append(world.post()))
        world.catch_up()
        assert world.found() == {first, *meanwhile}


def test_only_one_worker_writes_a_replica(world: World) -> None:
    world.catch_up()
    with pytest.raises(WriterBusy):
        SearchFollower(world.database, world.replica, UTC_ZONE).step()


def test_an_account_of_many_notes_is_read_in_portions(world: World) -> None:
    world.catch_up()
    with world.database.writing() as session:
        drafts = [draft(f"Note {number}", account_id=MERCY) for number in range(1_100)]
        for one in drafts:
            notes.post(session, world.characters.owner, one, now=NOW)
    world.catch_up()
    with world.database.writing() as session:
        accounts.change(session, world.characters.admin, now=NOW, account_id=MERCY, name="Zebra")
    assert world.follower.step() == 1
    with closing(world.replica.open_reader()) as reader:
        assert reader.count(SearchRequest(audience=None, query=parse("zebra"))) == 1_100
