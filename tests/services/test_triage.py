"""Triage: who decides what about a note, once, and what those who come too late are told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Forbidden, NotFound
from insights.models import Audience, TriageState
from insights.services import notes, triage
from insights.services.access import OPERATOR
from insights.services.triage import TriageView
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import journalled, last_entry, who_may

NEW, TAKEN, KNOWN, DONE = TriageState
LATER = NOW + timedelta(hours=1)
MINUTES = timedelta(minutes=3)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner in Georgia, in the inbox."""
    note_id = posted(session, characters.owner)
    triage.open_notes(session, [note_id], now=NOW)
    return note_id


def state_of(session: Session, note_id: UUID) -> TriageView:
    """How far the note is."""
    return triage.views_of(session, [note_id])[note_id]


class TestTheInbox:
    def test_takes_each_note_in_once(self, session: Session, characters: Characters) -> None:
        first, second = (posted(session, characters.owner) for _ in range(2))
        assert triage.open_notes(session, [first], now=NOW) == 1
        assert triage.open_notes(session, [first, second, uuid4()], now=LATER) == 1
        opened = {
            one: view.opened_at for one, view in triage.views_of(session, [first, second]).items()
        }
        assert opened == {first: NOW, second: LATER}

    def test_knows_nothing_of_a_note_that_was_never_routed(
        self, session: Session, characters: Characters
    ) -> None:
        assert triage.views_of(session, [posted(session, characters.owner)]) == {}


class TestDeciding:
    def test_is_for_analysts_admins_and_managers_of_the_territory(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        elsewhere = posted(session, characters.stranger)
        assert who_may(
            session, characters, lambda one: triage.decide(session, one, note_id, TAKEN, now=LATER)
        ) == {"analyst", "manager", "admin"}
        assert who_may(
            session,
            characters,
            lambda one: triage.decide(session, one, elsewhere, TAKEN, now=LATER),
        ) == {"analyst", "admin"}

    def test_tells_who_did_it_and_when(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        said = triage.decide(session, characters.analyst, note_id, TAKEN, now=LATER)
        assert said == state_of(session, note_id)
        assert said == TriageView(
            note_id, TAKEN, characters.analyst.id, "Anna Analyst", NOW, LATER, version=2
        )
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("note.taken", str(note_id))
        assert (entry.actor_id, entry.data) == (characters.analyst.id, {"former": "new"})

    def test_goes_from_any_state_to_any_other(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for state in (DONE, TAKEN, KNOWN, NEW, KNOWN, DONE, NEW, TAKEN):
            assert (
                triage.decide(session, characters.manager, note_id, state, now=LATER).state is state
            )
        assert journalled(session)[-3:] == ["note.done", "note.reopened", "note.taken"]

    def test_puts_a_note_that_was_never_routed_into_the_inbox(
        self, session: Session, characters: Characters
    ) -> None:
        found = posted(session, characters.owner)
        triage.decide(session, characters.analyst, found, KNOWN, now=LATER)
        assert state_of(session, found).opened_at == LATER

    def test_the_same_again_changes_nothing(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        analyst = characters.analyst
        first = triage.decide(session, analyst, note_id, TAKEN, expected_version=1, now=NOW)
        # A double click, so from the same reading.
        again = triage.decide(session, analyst, note_id, TAKEN, expected_version=1, now=LATER)
        assert again == first
        assert journalled(session).count("note.taken") == 1

    def test_an_open_note_is_open_whoever_opened_it(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        triage.decide(session, characters.analyst, note_id, DONE, now=NOW)
        opened = triage.decide(session, characters.analyst, note_id, NEW, now=LATER)
        assert (opened.person_id, opened.person_name) == (None, "")
        assert triage.decide(session, characters.manager, note_id, NEW, now=LATER) == opened

    def test_is_also_for_the_operator(self, session: Session, note_id: UUID) -> None:
        said = triage.decide(session, OPERATOR, note_id, DONE, now=LATER)
        assert (said.person_id, said.person_name) == (None, "")

    def test_what_one_may_not_see_is_not_there(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.stranger, audience=Audience.SEALED)
        for actor in (characters.manager, characters.member):
            with pytest.raises(NotFound):
                triage.decide(session, actor, sealed, TAKEN, now=LATER)
        with pytest.raises(NotFound):
            triage.decide(session, characters.admin, uuid4(), TAKEN, now=LATER)
        assert triage.decide(session, characters.analyst, sealed, TAKEN, now=LATER).state is TAKEN

    def test_about_a_withdrawn_note_is_refused(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        manager = characters.manager
        notes.withdraw(session, manager, note_id, reason="", within=timedelta(0), now=LATER)
        with pytest.raises(Forbidden, match="was withdrawn"):
            triage.decide(session, manager, note_id, TAKEN, now=LATER)
        with pytest.raises(NotFound):
            triage.decide(session, characters.analyst, note_id, TAKEN, now=LATER)


class TestComingTooLate:
    def test_is_told_who_was_there_before(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        triage.decide(session, characters.analyst, note_id, TAKEN, now=LATER)
        with pytest.raises(Conflict) as caught:
            triage.decide(session, characters.manager, note_id, TAKEN, now=LATER + MINUTES)
        assert caught.value.message == "Anna Analyst took it already, 3 minutes ago."
        assert state_of(session, note_id).person_id == characters.analyst.id

    def test_from_an_old_reading_changes_nothing(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        triage.decide(session, characters.analyst, note_id, TAKEN, expected_version=1, now=LATER)
        for actor, who in ((characters.manager, "Anna Analyst"), (characters.analyst, "You")):
            with pytest.raises(Conflict) as caught:
                triage.decide(session, actor, note_id, DONE, expected_version=1, now=LATER)
            told = f"{who} took it already, just now. Look at it again, then decide."
            assert caught.value.message == told
        assert state_of(session, note_id).state is TAKEN

    def test_is_not_said_of_taking_over_what_one_has_seen_taken(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        seen = triage.decide(session, characters.analyst, note_id, TAKEN, now=NOW)
        taken = triage.decide(
            session, characters.manager, note_id, TAKEN, expected_version=seen.version, now=LATER
        )
        assert taken.person_id == characters.manager.id

    def test_two_at_once_take_turns(self, database: Database, characters: Characters) -> None:
        with database.writing() as session:
            note_id = posted(session, characters.owner)
            triage.open_notes(session, [note_id], now=NOW)
        people = (characters.analyst, characters.manager, characters.admin)
        barrier = Barrier(len(people))

        def take(number: int) -> str:
            barrier.wait()
            try:
                with database.writing() as session:
                    return triage.decide(
                        session, people[number], note_id, TAKEN, now=LATER
                    ).person_name
            except Conflict as conflict:
                return conflict.message

        with ThreadPoolExecutor(len(people)) as threads:
            told = list(threads.map(take, range(len(people))))
        with database.reading() as session:
            winner = state_of(session, note_id)
            assert journalled(session).count("note.taken") == 1
        assert winner.version == 2
        assert sorted(told, key=len) == [
            winner.person_name,
            *[f"{winner.person_name} took it already, just now."] * 2,
        ]


class TestDecidingAboutSeveral:
    def test_tells_of_each_how_it_went(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        manager = characters.manager
        taken, elsewhere, moved = (
            posted(session, one)
            for one in (characters.member, characters.stranger, characters.owner)
        )
        for found in (taken, moved):
            triage.decide(session, characters.analyst, found, TAKEN, now=LATER)
        missing = uuid4()
        outcomes = triage.decide_many(
            session, manager, [note_id, taken, elsewhere, missing, note_id, moved], TAKEN,
            versions={moved: 1}, now=LATER,
        )  # fmt: skip
        told = {
            one.note_id: one.triage.person_id if one.triage else one.problem for one in outcomes
        }
        assert told == {
            note_id: manager.id,
            taken: "Anna Analyst took it already, just now.",
            elsewhere: "Analysts, managers of the note's territory and admins decide what becomes "
            "of it.",
            missing: "There is no such note, or you may not see it.",
            moved: "Anna Analyst took it already, just now.",
        }

    def test_asks_no_more_for_many(
        self, database: Database, session: Session, characters: Characters, count_queries: Counter
    ) -> None:
        asked = []
        for count in (1, 30):
            ids = [posted(session, characters.owner) for _ in range(count)]
            with count_queries(database) as statements:
                triage.decide_many(session, characters.analyst, ids, DONE, now=LATER)
            asked.append(len(statements))
            assert all(view.state is DONE for view in triage.views_of(session, ids).values())
        assert asked[0] == asked[1]
