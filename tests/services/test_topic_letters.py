"""Letters about topics: what became of a report, in words, as their reader may see it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from insights.models import Audience, Outcome, Person, TellingMatter, TopicState
from insights.services import (
    letters,
    notes,
    sightings,
    topic_merging,
    topic_notes,
    topic_outcomes,
    topics,
)
from insights.services.access import Actor
from insights.services.letter import Leads, Letter
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import MANAGER, NOW
from tests.services.topical import opened, told, used

LONG = "They pay by the truck. " * 20


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner, which the member saw too."""
    note_id = posted(session, characters.owner, "They pay\nby the truck")
    sightings.add(session, characters.member, note_id, now=NOW)
    return note_id


def letter(session: Session, reader: Actor) -> Letter | None:
    """The last that the reader was told."""
    _, matter, subject = [one for one in told(session) if one[0] == reader.id][-1]
    return letters.letter(session, reader, TellingMatter(matter), subject)


class TestAnOutcome:
    def test_tells_a_guest_of_the_note_alone(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        topics.change(session, characters.analyst, topic_id, answer="We follow.", now=NOW)
        used(session, characters.analyst, topic_id, [note_id])
        session.get_one(Person, characters.owner.id).guest = True
        told_of = letter(session, characters.owner)
        assert told_of is not None
        assert (told_of.lines, told_of.leads) == (["“They pay by the truck”"], Leads.NOTE)

    def test_says_in_what_it_was_used_and_what_the_topic_answers(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        topics.change(
            session, characters.analyst, topic_id, state=TopicState.ANSWERED,
            answer="We **follow**.", now=NOW,
        )  # fmt: skip
        used(session, characters.analyst, topic_id, [note_id])
        assert letter(session, characters.owner) == Letter(
            "What you reported was used in the price list",
            [
                "“They pay by the truck”",
                "Topic: Prices by the truck",
                "Answer: We follow.",
            ],
            Leads.TOPIC,
            str(topic_id),
        )
        found = letter(session, characters.member)
        assert found is not None
        assert found.title == "What you saw too was used in the price list"

    @pytest.mark.parametrize(
        ("outcome", "words"),
        [
            (Outcome.NOT_NOW, "Not now, because it is winter"),
            (Outcome.ALREADY_KNOWN, "Known from it is winter"),
        ],
    )
    def test_says_why_not_now_and_from_where_it_was_known(
        self, session: Session, characters: Characters, outcome: Outcome, words: str
    ) -> None:
        note_id, text = posted(session, characters.owner), "it is winter"
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        topic_outcomes.settle(
            session, characters.analyst, topic_id, [note_id], outcome, text=text, now=NOW
        )
        found = letter(session, characters.owner)
        assert found is not None
        assert found.lines[:2] == ["“They pay by the truck”", words]

    def test_is_short(self, session: Session, characters: Characters) -> None:
        note_id = posted(session, characters.owner, LONG)
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        topics.change(session, characters.analyst, topic_id, answer=LONG, now=NOW)
        used(session, characters.analyst, topic_id, [note_id], "x" * 500)
        found = letter(session, characters.owner)
        assert found is not None
        assert len(found.title) <= 150
        assert found.lines[1] == f"Used in {'x' * 500}"
        assert len(found.lines[3]) <= 320

    def test_does_not_name_a_topic_that_the_reader_may_not_see(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        topic_id = opened(session, characters.analyst, note_ids=[note_id], audience=Audience.SEALED)
        used(session, characters.analyst, topic_id, [note_id])
        found = letter(session, characters.owner)
        assert found is not None
        assert (found.leads, found.key, len(found.lines)) == (Leads.NOTE, str(note_id), 1)

    def test_is_nothing_once_the_reader_may_not_see_the_note(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        used(session, characters.analyst, topic_id, [note_id])
        notes.edit(session, characters.owner, note_id, {"audience": Audience.SEALED}, now=NOW)
        assert letter(session, characters.member) is None
        assert letter(session, characters.owner) is not None
        notes.withdraw(
            session, characters.manager, note_id, reason="", within=timedelta(0), now=NOW
        )
        assert letter(session, characters.owner) is None

    def test_is_nothing_once_the_note_was_taken_out(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        used(session, characters.analyst, topic_id, [note_id])
        topic_notes.drop(session, characters.analyst, topic_id, [note_id], now=NOW)
        assert letter(session, characters.owner) is None

    def test_follows_the_note_through_merges_and_splits(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        analyst = characters.analyst
        topic_id = opened(session, analyst, note_ids=[note_id])
        used(session, analyst, topic_id, [note_id])
        into = opened(session, analyst, "Into")
        topic_merging.merge(session, analyst, source_id=topic_id, into=into, now=NOW)
        off = topic_merging.split(session, analyst, into, [note_id], title="Off", now=NOW)
        found = letter(session, characters.owner)
        assert found is not None
        assert (found.key, found.lines[1]) == (str(off), "Topic: Off")
        [split, merge] = topic_merging.merges_of(session, analyst, into)
        for made, place in ((split, into), (merge, topic_id)):
            topic_merging.undo(session, analyst, made.id, now=NOW)
            found = letter(session, characters.owner)
            assert found is not None
            assert found.key == str(place)


class TestATopicThatIsGiven:
    def test_says_which_and_when_it_is_due(self, session: Session, characters: Characters) -> None:
        topic_id = opened(
            session, characters.analyst, owner_id=MANAGER, due=date(2026, 4, 1), team="Pricing"
        )
        assert letter(session, characters.manager) == Letter(
            "You have a topic: Prices by the truck",
            ["It is due on 1 April 2026.", "Worked on with Pricing."],
            Leads.TOPIC,
            str(topic_id),
        )

    def test_is_nothing_once_somebody_else_has_it(
        self, session: Session, characters: Characters
    ) -> None:
        topic_id = opened(session, characters.analyst, owner_id=MANAGER, audience=Audience.SEALED)
        topics.change(session, characters.analyst, topic_id, owner_id=None, now=NOW)
        assert letter(session, characters.manager) is None
