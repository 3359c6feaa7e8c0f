"""Seen it too: once for each person and note, with their territory."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden, NotFound
from insights.models import Audience
from insights.services import notes, sightings
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, NEVADA, NOW
from tests.services.outcomes import journalled, last_entry, who_may

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner in Georgia."""
    return posted(session, characters.owner)


class TestAdding:
    def test_is_for_everyone_but_the_author(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        allowed = who_may(
            session, characters, lambda one: sightings.add(session, one, note_id, now=LATER)
        )
        assert allowed == {"member", "stranger", "analyst", "manager", "admin"}

    def test_keeps_when_and_in_whose_territory(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for actor in (characters.member, characters.analyst):
            assert sightings.add(session, actor, note_id, now=LATER)
        analyst, member = sightings.list_sightings(session, characters.stranger, note_id)
        assert (member.person_name, member.at) == ("Max Member", LATER)
        assert member.territory is not None
        assert (member.territory.id, analyst.territory) == (FLORIDA, None)
        assert last_entry(session).actor_id == characters.analyst.id

    def test_twice_counts_once(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        added = [sightings.add(session, characters.member, note_id, now=LATER) for _ in range(2)]
        assert added == [True, False]
        assert len(sightings.list_sightings(session, characters.owner, note_id)) == 1
        assert journalled(session) == ["note.posted", "sighting.added"]

    def test_of_a_sealed_note_is_for_those_who_may_see_it(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        assert sightings.add(session, characters.analyst, sealed, now=LATER)
        with pytest.raises(NotFound):
            sightings.add(session, characters.member, sealed, now=LATER)

    def test_to_a_withdrawn_note_is_refused(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        manager = characters.manager
        within = timedelta(0)
        notes.withdraw(session, manager, note_id, reason="", within=within, now=LATER)
        with pytest.raises(Forbidden, match="was withdrawn"):
            sightings.add(session, manager, note_id, now=LATER)

    def test_at_the_same_time_counts_once(self, database: Database, characters: Characters) -> None:
        with database.writing() as session:
            note_id = posted(session, characters.owner)
        barrier = Barrier(3)

        def add(_: int) -> bool:
            barrier.wait()
            with database.writing() as session:
                return sightings.add(session, characters.member, note_id, now=LATER)

        with ThreadPoolExecutor(3) as threads:
            assert sorted(threads.map(add, range(3))) == [False, False, True]


class TestTakingBack:
    def test_removes_ones_own_and_can_be_said_again(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for actor in (characters.member, characters.stranger):
            sightings.add(session, actor, note_id, now=LATER)
        assert sightings.remove(session, characters.member, note_id, now=LATER)
        (left,) = sightings.list_sightings(session, characters.owner, note_id)
        assert left.territory is not None
        assert left.territory.id == NEVADA
        assert sightings.add(session, characters.member, note_id, now=LATER)

    def test_what_was_never_said_changes_nothing(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        assert not sightings.remove(session, characters.member, note_id, now=LATER)
        assert journalled(session) == ["note.posted"]


def test_they_are_shown_newest_first(
    session: Session, characters: Characters, note_id: UUID
) -> None:
    for minute, actor in enumerate((characters.stranger, characters.member)):
        sightings.add(session, actor, note_id, now=LATER + timedelta(minutes=minute))
    shown = sightings.list_sightings(session, characters.owner, note_id)
    assert [one.person_name for one in shown] == ["Max Member", "Stella Stranger"]
