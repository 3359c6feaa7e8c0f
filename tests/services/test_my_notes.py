"""My notes: what became of each, what of it is new, and how far it has been read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import (
    Audience,
    Delivery,
    DeliveryState,
    Destination,
    DestinationKind,
    Kind,
    Outcome,
    TriageState,
)
from insights.services import (
    comments,
    my_notes,
    notes,
    sightings,
    topic_notes,
    topic_outcomes,
    triage,
)
from insights.services.access import Actor
from insights.services.my_notes import MOST_COUNTED, MyNote
from insights.services.note_events import EventKind
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.topical import opened, used

LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(hours=2)
DAY = timedelta(days=1)
LIKE_TAKEN = {EventKind.ALREADY_KNOWN, EventKind.DONE, EventKind.REOPENED}
LIKE_USED = {EventKind.KNOWN_BEFORE, EventKind.NOT_NOW}


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner in Georgia."""
    return posted(session, characters.owner)


def mine(session: Session, actor: Actor) -> MyNote:
    """The newest of the person's notes."""
    return my_notes.list_mine(session, actor).notes[0]


def words(session: Session, actor: Actor) -> list[str]:
    """What became of the newest note."""
    return [one.words for one in mine(session, actor).events]


def say(session: Session, actor: Actor, note_id: UUID, text: str, now: datetime = LATER) -> UUID:
    """A comment."""
    comment_id = uuid4()
    comments.add(session, actor, note_id, comment_id=comment_id, text=text, now=now)
    return comment_id


def deliver(session: Session, note_id: UUID, state: DeliveryState) -> None:
    """A delivery as the router would make it."""
    pricing = session.scalar(select(Destination).where(Destination.address == "C1"))
    if pricing is None:
        kind = DestinationKind.SLACK_CHANNEL
        pricing = Destination(kind=kind, address="C1", label="Slack #pricing", created_at=LATER)
        session.add(pricing)
        session.flush()
    session.add(
        Delivery(
            note_id=note_id, destination_id=pricing.id, cause=f"{note_id}-{state}", state=state,
            attempts=1, due_at=LATER, created_at=LATER,
        )
    )  # fmt: skip
    session.flush()


class TestWhatBecameOfIt:
    def test_is_nothing_at_first(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        found = mine(session, characters.owner)
        assert found.state == "Nothing yet: colleagues find it by searching."
        assert (found.has_news, list(found.events)) == (False, [])

    def test_is_who_saw_the_same_where_and_when(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        sightings.add(session, characters.member, note_id, now=LATER)
        sightings.add(session, characters.analyst, note_id, now=MUCH_LATER)
        assert words(session, characters.owner) == [
            "Anna Analyst saw the same",
            "Max Member saw the same in Florida",
        ]
        found = mine(session, characters.owner)
        assert found.state == "Seen by 2 others"
        assert [one.at for one in found.events] == [MUCH_LATER, LATER]

    def test_is_what_others_wrote_as_long_as_it_stands(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        first = say(session, characters.member, note_id, "Same here")
        say(session, characters.owner, note_id, "Thanks")
        assert words(session, characters.owner) == ["Max Member wrote: “Same here”"]
        assert mine(session, characters.owner).state == "1 comment"
        comments.withdraw(session, characters.member, first, now=MUCH_LATER)
        assert words(session, characters.owner) == []

    def test_is_what_a_manager_changed_but_not_what_the_author_did(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        notes.edit(session, characters.owner, note_id, {"text": "Another text"}, now=LATER)
        assert words(session, characters.owner) == []
        changes: notes.NoteChanges = {"kind": Kind.OPPORTUNITY, "territory": "FL"}
        notes.edit(session, characters.manager, note_id, changes, now=MUCH_LATER)
        assert words(session, characters.owner) == ["Manuel Manager changed: kind, territory"]
        assert mine(session, characters.owner).state == "Changed by others"

    def test_is_a_withdrawal_and_a_restoration(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        notes.withdraw(session, characters.manager, note_id, reason="", within=DAY, now=LATER)
        assert mine(session, characters.owner).state == (
            "Withdrawn by Manuel Manager: nobody else finds it."
        )
        notes.restore(session, characters.admin, note_id, now=MUCH_LATER)
        assert words(session, characters.owner) == [
            "Ada Admin made it visible again",
            "Manuel Manager withdrew it",
        ]

    def test_is_what_was_decided_about_it(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        owner = characters.owner
        for state, told in (
            (TriageState.TAKEN, "Taken up by Anna Analyst"),
            (TriageState.ALREADY_KNOWN, "Known already"),
            (TriageState.DONE, "Dealt with by Anna Analyst"),
            (TriageState.NEW, "Nothing yet: colleagues find it by searching."),
        ):
            triage.decide(session, characters.analyst, note_id, state, now=LATER)
            assert mine(session, owner).state == told
        assert words(session, owner) == [
            "Anna Analyst put it back into the inbox",
            "Anna Analyst is done with it",
            "Anna Analyst says that it was known already",
            "Anna Analyst has taken it up",
        ]
        assert my_notes.count_news(session, owner) == 1

    @pytest.mark.parametrize(
        ("outcome", "said", "state"),
        [
            (Outcome.USED, "used it in the price list", "Used in the price list"),
            (
                Outcome.ALREADY_KNOWN,
                "says that it was known before: the price list",
                "Known before",
            ),
            (
                Outcome.NOT_NOW,
                "put it aside for now: the price list",
                "Put aside for now by Anna Analyst",
            ),
        ],
    )
    def test_is_what_became_of_it_in_a_topic(
        self, session: Session, characters: Characters, outcome: Outcome, said: str, state: str
    ) -> None:
        owner, analyst = characters.owner, characters.analyst
        note_id = posted(session, owner)
        topic_id = opened(session, analyst, note_ids=[note_id], audience=Audience.SEALED)
        for text, now in (("draft", NOW), ("the price list", LATER)):
            topic_outcomes.settle(
                session, analyst, topic_id, [note_id], outcome, text=text, now=now
            )
        assert words(session, owner) == [f"Anna Analyst {said}"]
        assert mine(session, owner).state == state
        assert my_notes.count_news(session, owner) == 1
        # A correction is no news.
        my_notes.mark_read(session, owner, until=NOW, now=LATER)
        assert my_notes.count_news(session, owner) == 0
        assert not mine(session, owner).has_news

    def test_is_nothing_of_a_topic_that_it_was_taken_out_of(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        topic_id = opened(session, characters.analyst, note_ids=[note_id])
        used(session, characters.analyst, topic_id, [note_id])
        topic_notes.drop(session, characters.analyst, topic_id, [note_id], now=LATER)
        assert words(session, characters.owner) == []
        assert my_notes.count_news(session, characters.owner) == 0

    def test_is_no_news_when_the_author_withdrew_it(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        notes.withdraw(session, characters.owner, note_id, reason="", within=DAY, now=LATER)
        found = mine(session, characters.owner)
        assert found.state == "Withdrawn by you: nobody else finds it."
        assert not found.has_news
        assert my_notes.count_news(session, characters.owner) == 0

    def test_is_not_what_went_to_one_person(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        deliver(session, note_id, DeliveryState.SENT)
        place = session.scalars(select(Destination)).one()
        place.person_id = characters.member.id
        session.flush()
        assert words(session, characters.owner) == []
        assert my_notes.count_news(session, characters.owner) == 0

    def test_is_where_it_was_delivered(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for state in DeliveryState:
            deliver(session, note_id, state)
        assert sorted(words(session, characters.owner)) == [
            "Could not be delivered to Slack #pricing",
            "Sent to Slack #pricing",
        ]
        assert mine(session, characters.owner).state == "Sent to 1 place · 1 delivery failed"

    def test_tells_the_newest_of_many_and_counts_all(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for minute in range(8):
            moment = LATER + timedelta(minutes=minute)
            say(session, characters.member, note_id, f"Number {minute}", moment)
        said = words(session, characters.owner)
        assert (len(said), said[0]) == (5, "Max Member wrote: “Number 7”")
        assert mine(session, characters.owner).state == "8 comments"


class TestTheList:
    def test_is_of_ones_own_notes_newest_first_also_sealed_and_withdrawn_ones(
        self, session: Session, characters: Characters
    ) -> None:
        posted(session, characters.member, "Another's")
        first = posted(session, characters.owner, audience=Audience.SEALED, territory="NV")
        second = posted(session, characters.owner, now=LATER)
        notes.withdraw(session, characters.admin, second, reason="", within=DAY, now=LATER)
        found = my_notes.list_mine(session, characters.owner).notes
        assert [one.id for one in found] == [second, first]
        assert found[1].sealed

    def test_goes_on_page_by_page(self, session: Session, characters: Characters) -> None:
        ids = [posted(session, characters.owner, now=NOW + n * DAY) for n in range(5)]
        seen, after = [], None
        for _ in range(3):
            page = my_notes.list_mine(session, characters.owner, after=after, limit=2)
            seen += [one.id for one in page.notes]
            after = page.next
        assert seen == ids[::-1]
        assert after is None

    def test_asks_the_database_the_same_however_many_notes_there_are(
        self, database: Database, characters: Characters, count_queries: Counter
    ) -> None:
        counts = []
        for _ in range(2):
            with database.writing() as session:
                for _ in range(4):
                    note = posted(session, characters.owner)
                    sightings.add(session, characters.member, note, now=LATER)
            with database.reading() as session:
                my_notes.count_news(session, characters.owner)
                with count_queries(database) as statements:
                    my_notes.list_mine(session, characters.owner)
                counts.append(len(statements))
        assert counts[0] == counts[1] <= 10


class TestNews:
    def test_is_what_happened_since_the_person_read(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        sightings.add(session, characters.member, note_id, now=LATER)
        assert my_notes.count_news(session, characters.owner) == 1
        my_notes.mark_read(session, characters.owner, until=LATER, now=LATER)
        assert my_notes.count_news(session, characters.owner) == 0
        say(session, characters.analyst, note_id, "Here too", MUCH_LATER)
        comment, sighting = mine(session, characters.owner).events
        assert (comment.is_new, sighting.is_new) == (True, False)
        assert my_notes.count_news(session, characters.owner) == 1

    @pytest.mark.parametrize("kind", sorted(set(EventKind) - LIKE_TAKEN - LIKE_USED))
    def test_is_every_kind_of_event(
        self, session: Session, characters: Characters, note_id: UUID, kind: EventKind
    ) -> None:
        manager = characters.manager
        if kind is EventKind.RESTORATION:
            notes.withdraw(session, characters.owner, note_id, reason="", within=DAY, now=NOW)
        deeds: dict[EventKind, Callable[[], object]] = {
            EventKind.SIGHTING: lambda: sightings.add(session, manager, note_id, now=LATER),
            EventKind.COMMENT: lambda: say(session, manager, note_id, "Yes"),
            EventKind.EDIT: lambda: notes.edit(
                session, manager, note_id, {"text": "Mended"}, now=LATER
            ),
            EventKind.WITHDRAWAL: lambda: notes.withdraw(
                session, manager, note_id, reason="", within=DAY, now=LATER
            ),
            EventKind.RESTORATION: lambda: notes.restore(session, manager, note_id, now=LATER),
            EventKind.TAKEN: lambda: triage.decide(
                session, manager, note_id, TriageState.TAKEN, now=LATER
            ),
            EventKind.USED: lambda: topic_outcomes.settle(
                session, manager, opened(session, manager, note_ids=[note_id]), [note_id],
                Outcome.USED, text="the price list", now=LATER,
            ),
            EventKind.DELIVERY: lambda: deliver(session, note_id, DeliveryState.SENT),
            EventKind.FAILED_DELIVERY: lambda: deliver(session, note_id, DeliveryState.DEAD),
        }  # fmt: skip
        deeds[kind]()
        assert [one.kind for one in mine(session, characters.owner).events] == [kind]
        assert my_notes.count_news(session, characters.owner) == 1
        filtered = my_notes.list_mine(session, characters.owner, with_news=True).notes
        assert [one.id for one in filtered] == [note_id]
        my_notes.mark_read(session, characters.owner, until=LATER, now=LATER)
        assert my_notes.count_news(session, characters.owner) == 0
        assert not my_notes.list_mine(session, characters.owner, with_news=True).notes

    def test_is_not_what_somebody_took_back(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        sightings.add(session, characters.member, note_id, now=LATER)
        sightings.remove(session, characters.member, note_id, now=MUCH_LATER)
        comment = say(session, characters.member, note_id, "Same here")
        comments.withdraw(session, characters.member, comment, now=MUCH_LATER)
        assert my_notes.count_news(session, characters.owner) == 0

    def test_is_nobody_elses(self, session: Session, characters: Characters, note_id: UUID) -> None:
        sightings.add(session, characters.member, note_id, now=LATER)
        for one in characters.everyone[1:]:
            assert my_notes.count_news(session, one) == 0

    def test_alone_can_be_listed_page_by_page(
        self, session: Session, characters: Characters
    ) -> None:
        ids = [posted(session, characters.owner, now=NOW + n * DAY) for n in range(6)]
        for one in ids[::2]:
            sightings.add(session, characters.member, one, now=NOW + 7 * DAY)
        first = my_notes.list_mine(session, characters.owner, with_news=True, limit=2)
        rest = my_notes.list_mine(session, characters.owner, with_news=True, after=first.next)
        assert [one.id for one in (*first.notes, *rest.notes)] == ids[::2][::-1]

    def test_is_counted_up_to_a_hundred_and_in_the_newest_notes(
        self, session: Session, characters: Characters
    ) -> None:
        for minute in range(MOST_COUNTED + 2):
            note = posted(session, characters.owner, now=NOW + timedelta(minutes=minute))
            sightings.add(session, characters.member, note, now=NOW + DAY)
        assert my_notes.count_news(session, characters.owner) == MOST_COUNTED


class TestReading:
    def test_never_goes_back(self, session: Session, characters: Characters) -> None:
        my_notes.mark_read(session, characters.owner, until=LATER, now=MUCH_LATER)
        my_notes.mark_read(session, characters.owner, until=NOW, now=MUCH_LATER)
        assert my_notes.list_mine(session, characters.owner).read_at == LATER

    def test_does_not_reach_into_the_future(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        my_notes.mark_read(session, characters.owner, until=NOW + 99 * DAY, now=NOW)
        sightings.add(session, characters.member, note_id, now=LATER)
        assert my_notes.count_news(session, characters.owner) == 1

    def test_is_everyones_own(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        sightings.add(session, characters.member, note_id, now=LATER)
        my_notes.mark_read(session, characters.member, until=LATER, now=LATER)
        assert my_notes.count_news(session, characters.owner) == 1
