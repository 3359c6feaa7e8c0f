"""Outcomes: what is said of each note, who is told of it, once, and what triage makes of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import NotFound
from insights.models import Audience, Note, Outcome, Person, ToldBy, TriageState
from insights.services import (
    journal,
    my_notes,
    news,
    notes,
    sightings,
    topic_notes,
    topics,
    triage,
)
from insights.services.access import OPERATOR, Actor
from insights.services.topic_notes import TopicNoteView
from insights.services.topic_outcomes import Settled, settle
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ANALYST, MANAGER, MEMBER, NOW, OWNER, STRANGER
from tests.services.outcomes import CURATORS, last_entry, refused, who_may
from tests.services.topical import opened, told, used

LATER = NOW + timedelta(hours=1)
USED, KNOWN, NOT_NOW = Outcome


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner in Georgia."""
    return posted(session, characters.owner)


@pytest.fixture
def topic_id(session: Session, characters: Characters, note_id: UUID) -> int:
    """A topic of the analyst that gathered the note."""
    return opened(session, characters.analyst, note_ids=[note_id])


def said_of(session: Session, reader: Actor, topic_id: int) -> TopicNoteView:
    """The newest note of the topic."""
    return topic_notes.notes_of(session, reader, topic_id).items[0]


class TestSaying:
    def test_is_for_those_who_work_on_topics(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        assert who_may(
            session, characters, lambda one: used(session, one, topic_id, [note_id])
        ) == CURATORS  # fmt: skip
        sealed = opened(session, characters.analyst, audience=Audience.SEALED)
        with pytest.raises(NotFound):
            used(session, characters.manager, sealed, [note_id])

    def test_tells_what_who_and_when(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        assert used(session, characters.analyst, topic_id, [note_id]).notes == (note_id,)
        found = said_of(session, characters.owner, topic_id)
        assert (found.outcome, found.outcome_text, found.outcome_by, found.outcome_at) == (
            USED, "the price list", "Anna Analyst", NOW
        )  # fmt: skip
        assert topics.get(session, characters.owner, topic_id).settled == 1
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("topic.settled", str(topic_id))
        assert entry.data == {"outcome": "used", "notes": [str(note_id)]}

    def test_needs_words(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        def said(outcome: Outcome, **given: object) -> dict[str, str]:
            return refused(
                lambda: settle(
                    session, characters.analyst, topic_id, [note_id], outcome, now=NOW,
                    **given,  # type: ignore[arg-type]
                )
            )  # fmt: skip

        assert said(USED)["text"].startswith("Say in what it was used")
        assert said(USED, text=" \n ", known_note_id=uuid4()).keys() == {"text"}
        assert said(NOT_NOW)["text"].startswith("Say why not now")
        assert said(KNOWN)["text"].startswith("Say from where it was known")
        assert said(NOT_NOW, text="x" * 501) == {"text": "Shorten this to 500 characters."}
        assert said(KNOWN, known_note_id=uuid4()).keys() == {"known_note"}
        assert said(KNOWN, text="x" * 501, known_note_id=note_id).keys() == {"text", "known_note"}

    def test_of_what_was_known_links_the_note_that_said_so(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        earlier = posted(session, characters.member)
        settle(
            session, characters.analyst, topic_id, [note_id], KNOWN, known_note_id=earlier, now=NOW
        )
        assert said_of(session, characters.owner, topic_id).known_note_id == earlier
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        assert refused(
            lambda: settle(
                session, characters.manager, topic_id, [note_id], KNOWN, known_note_id=hidden,
                now=NOW,
            )
        ).keys() == {"known_note"}  # fmt: skip

    def test_of_several_tells_why_some_were_refused(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        outside = posted(session, characters.owner)
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        topic_notes.gather(session, characters.analyst, topic_id, [hidden], now=NOW)
        found = used(session, characters.manager, topic_id, [outside, note_id, hidden])
        assert found.notes == (note_id,)
        assert found.refused.keys() == {outside, hidden}
        assert found.refused[outside].startswith("The topic has not gathered this note.")


class TestTelling:
    def test_reaches_the_author_and_all_who_saw_the_same(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        for actor in (characters.member, characters.stranger, characters.analyst):
            sightings.add(session, actor, note_id, now=NOW)
        assert used(session, characters.analyst, topic_id, [note_id]).told == 3
        subject = f"{topic_id}:{note_id}"
        assert told(session) == [(one, "outcome", subject) for one in (OWNER, MEMBER, STRANGER)]

    def test_happens_once_whatever_is_said_later(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        used(session, characters.analyst, topic_id, [note_id])
        again = settle(
            session, characters.manager, topic_id, [note_id], NOT_NOW, text="it is off the list",
            now=LATER,
        )  # fmt: skip
        assert (again.notes, again.told, len(told(session))) == ((note_id,), 0, 1)
        found = said_of(session, characters.owner, topic_id)
        assert (found.outcome, found.outcome_by, found.outcome_at) == (
            NOT_NOW, "Manuel Manager", NOW
        )  # fmt: skip

    def test_happens_for_each_topic(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        other = opened(session, characters.analyst, note_ids=[note_id])
        for one in (topic_id, other):
            assert used(session, characters.analyst, one, [note_id]).told == 1

    def test_leaves_out_whoever_said_it_and_those_who_have_left(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        own = posted(session, characters.analyst, territory="georgia")
        topic_notes.gather(session, characters.analyst, topic_id, [own], now=NOW)
        sightings.add(session, characters.member, note_id, now=NOW)
        session.execute(update(Person).where(Person.id == OWNER).values(deactivated_at=NOW))
        used(session, characters.analyst, topic_id, [own, note_id])
        assert [person for person, _, _ in told(session)] == [MEMBER]

    def test_reaches_guests_but_nobody_for_an_unknown_author(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        session.execute(update(Person).where(Person.id == OWNER).values(guest=True))
        imported = posted(session, characters.admin, territory="georgia")
        session.execute(update(Note).where(Note.id == imported).values(author_unknown=True))
        topic_notes.gather(session, characters.analyst, topic_id, [imported], now=NOW)
        used(session, characters.analyst, topic_id, [imported, note_id])
        assert [person for person, _, _ in told(session)] == [OWNER]

    def test_of_a_sealed_note_reaches_those_who_may_see_it(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = posted(session, characters.owner)
        for actor in (characters.member, characters.manager):
            sightings.add(session, actor, note_id, now=NOW)
        notes.edit(session, characters.owner, note_id, {"audience": Audience.SEALED}, now=NOW)
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        used(session, characters.analyst, topic_id, [note_id])
        assert {person for person, _, _ in told(session)} == {OWNER, MANAGER}

    def test_asks_no_more_for_many(
        self, database: Database, session: Session, characters: Characters, count_queries: Counter
    ) -> None:
        asked = []
        for count in (2, 40):
            ids = [posted(session, characters.owner) for _ in range(count)]
            topic_id = opened(session, characters.analyst, note_ids=ids)
            with count_queries(database) as statements:
                assert used(session, characters.analyst, topic_id, ids).told == count
            asked.append(len(statements))
        assert asked[0] == asked[1]


class TestTriage:
    @pytest.mark.parametrize(
        ("outcome", "state"),
        [
            (USED, TriageState.DONE),
            (NOT_NOW, TriageState.DONE),
            (KNOWN, TriageState.ALREADY_KNOWN),
        ],
    )
    def test_follows(
        self, session: Session, characters: Characters, outcome: Outcome, state: TriageState
    ) -> None:
        note_id = posted(session, characters.owner)
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        triage.open_notes(session, [note_id], now=NOW)
        settle(session, characters.analyst, topic_id, [note_id], outcome, text="x", now=LATER)
        found = triage.views_of(session, [note_id])[note_id]
        assert (found.state, found.person_id, found.changed_at, found.version) == (
            state, ANALYST, LATER, 2
        )  # fmt: skip

    def test_is_not_begun_for_a_note_that_nobody_routed(
        self, session: Session, topic_id: int, note_id: UUID
    ) -> None:
        used(session, OPERATOR, topic_id, [note_id])
        assert triage.views_of(session, [note_id]) == {}

    def test_makes_no_second_message_to_the_author(
        self, session: Session, characters: Characters, topic_id: int, note_id: UUID
    ) -> None:
        news.choose(session, characters.owner, ToldBy.MAIL, now=NOW)
        triage.open_notes(session, [note_id], now=NOW)
        used(session, characters.analyst, topic_id, [note_id])
        entries = journal.entries_after(session, 0, limit=100)
        assert news.tell(session, entries, now=LATER) == 0
        [event] = my_notes.list_mine(session, characters.owner).notes[0].events
        assert event.words == "Anna Analyst used it in the price list"


def test_settling_nothing_new_changes_nothing(
    session: Session, characters: Characters, topic_id: int, note_id: UUID
) -> None:
    used(session, characters.analyst, topic_id, [note_id])
    before = last_entry(session).id
    same = used(session, characters.manager, topic_id, [note_id])
    assert same == Settled((note_id,), 0, {})
    assert last_entry(session).id == before
    assert said_of(session, characters.owner, topic_id).outcome_by == "Anna Analyst"
