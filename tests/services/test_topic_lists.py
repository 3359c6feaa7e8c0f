"""Lists of topics: their order, their filters, and that each counts what they may see."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Audience, Gathering, TopicState, TrendReach
from insights.services import topic_merging, topic_notes, topics
from insights.services.access import Actor
from insights.services.topic_lists import TopicPosition
from insights.services.topics import TopicFilter, TopicRef
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ANALYST, FLORIDA, GEORGIA, MANAGER, NEVADA, NOW, SOUTHEAST, TODAY
from tests.services.topical import opened, used
from tests.trend_rows import showing

DAY = timedelta(days=1)
OPEN, PROGRESS, ANSWERED, CLOSED = TopicState


def titles(session: Session, actor: Actor, **chosen: Any) -> list[str]:
    """What the list shows."""
    page = topics.list_topics(session, actor, TopicFilter(**chosen), limit=100)
    return [one.title for one in page.items]


@pytest.fixture
def several(session: Session, characters: Characters) -> dict[str, int]:
    """Topics with and without a day, by title."""
    given: dict[str, dict[str, Any]] = {
        "someday": {},
        "next week": {"due": TODAY + 7 * DAY, "owner_id": MANAGER, "team": "Pricing"},
        "yesterday": {"due": TODAY - DAY, "owner_id": ANALYST},
        "whenever": {},
        "next week too": {"due": TODAY + 7 * DAY, "audience": Audience.SEALED},
    }
    return {
        title: opened(session, characters.analyst, title, **one) for title, one in given.items()
    }


class TestTheOrder:
    def test_is_what_is_due_first_and_then_the_newest(
        self, session: Session, characters: Characters, several: dict[str, int]
    ) -> None:
        assert titles(session, characters.analyst) == [
            "yesterday", "next week too", "next week", "whenever", "someday"
        ]  # fmt: skip

    def test_goes_on_from_page_to_page(
        self, session: Session, characters: Characters, several: dict[str, int]
    ) -> None:
        found: list[str] = []
        after: TopicPosition | None = None
        for _ in several:
            page = topics.list_topics(session, characters.analyst, limit=1, after=after)
            found += [one.title for one in page.items]
            after = TopicPosition.of_number(page.next.number) if page.next else None
        assert (found, after) == (titles(session, characters.analyst), None)

    @pytest.mark.parametrize("number", [0, 2**31 + 7, 2**62, 2**63 - 1])
    def test_ends_behind_what_names_no_place(
        self, session: Session, characters: Characters, number: int
    ) -> None:
        after = TopicPosition.of_number(number)
        assert topics.list_topics(session, characters.analyst, after=after).next is None


class TestFilters:
    def test_leave_what_was_asked_for(
        self, session: Session, characters: Characters, several: dict[str, int]
    ) -> None:
        analyst = characters.analyst
        topics.change(session, analyst, several["someday"], answer="By 100% more", now=NOW)
        topics.change(session, analyst, several["whenever"], state=CLOSED, now=NOW)
        for chosen, left in (
            ({"states": {CLOSED}}, ["whenever"]),
            ({"states": (OPEN,), "unowned": True}, ["next week too", "someday"]),
            ({"mine": True}, ["yesterday"]),
            ({"owner_id": MANAGER}, ["next week"]),
            ({"owner_id": 2**40}, []),
            ({"team": " pricing"}, ["next week"]),
            ({"overdue_on": TODAY}, ["yesterday"]),
            ({"overdue_on": TODAY - DAY}, []),
            ({"words": "WEEK too"}, ["next week too"]),
            ({"words": "100%"}, ["someday"]),
            ({"words": "1_0"}, []),
        ):
            assert titles(session, analyst, **chosen) == left, chosen

    def test_find_those_about_a_trend(self, session: Session, characters: Characters) -> None:
        trend_id = showing(session)
        opened(session, characters.analyst, "About it", trend_id=trend_id)
        opened(session, characters.analyst)
        assert titles(session, characters.owner, trend_id=trend_id) == ["About it"]

    def test_do_not_tell_of_a_trend_that_one_may_not_see(
        self, session: Session, characters: Characters
    ) -> None:
        trend_id = showing(session, reach=TrendReach.ALL)
        topic_id = opened(
            session, characters.analyst, trend_id=trend_id, audience=Audience.EVERYONE
        )
        for reader, seen in ((characters.analyst, trend_id), (characters.owner, None)):
            assert topics.get(session, reader, topic_id).trend_id == seen
            assert bool(titles(session, reader, trend_id=trend_id)) is bool(seen)

    def test_find_those_with_a_note_of_a_territory_that_one_may_see(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        opened(
            session, characters.analyst, "Sealed note", note_ids=[sealed],
            audience=Audience.EVERYONE,
        )  # fmt: skip
        opened(
            session, characters.analyst, "Florida", note_ids=[posted(session, characters.member)]
        )
        for actor, territory, left in (
            (characters.owner, GEORGIA, ["Sealed note"]),
            (characters.member, GEORGIA, []),
            (characters.member, SOUTHEAST, ["Florida"]),
            (characters.manager, SOUTHEAST, ["Florida", "Sealed note"]),
            (characters.analyst, NEVADA, []),
        ):
            assert titles(session, actor, territory_id=territory) == left


class TestCounting:
    def test_tells_of_each_state_and_of_what_is_overdue(
        self, session: Session, characters: Characters, several: dict[str, int]
    ) -> None:
        topics.change(session, characters.analyst, several["whenever"], state=CLOSED, now=NOW)
        counted = topics.count_topics(session, characters.owner, today=TODAY)
        assert counted.by_state == {OPEN: 3, PROGRESS: 0, ANSWERED: 0, CLOSED: 1}
        assert counted.overdue == 1
        assert topics.count_topics(session, characters.analyst, today=TODAY).by_state[OPEN] == 4
        chosen = TopicFilter(words="week", states={CLOSED})
        found = topics.count_topics(session, characters.manager, chosen, today=TODAY)
        assert found.by_state[OPEN] == 1

    def test_of_an_answered_topic_says_nothing_overdue(
        self, session: Session, characters: Characters, several: dict[str, int]
    ) -> None:
        found = topics.get(session, characters.analyst, several["yesterday"])
        assert found.is_overdue(TODAY)
        assert not found.is_overdue(TODAY - DAY)
        done = topics.change(
            session, characters.analyst, found.id, state=ANSWERED, answer="Yes", now=NOW
        )
        assert not done.is_overdue(date.max)


class TestNotesOfATopic:
    def test_are_counted_as_each_may_see_them(
        self, session: Session, characters: Characters
    ) -> None:
        seen, other = (posted(session, characters.owner) for _ in range(2))
        sealed = posted(session, characters.member, audience=Audience.SEALED)
        topic_id = opened(
            session, characters.analyst, note_ids=[seen, other, sealed],
            audience=Audience.EVERYONE,
        )  # fmt: skip
        used(session, characters.analyst, topic_id, [seen])
        topic_notes.put(
            session, topic_id, [posted(session, characters.stranger)], Gathering.PROPOSED,
            added_by=None, now=NOW,
        )  # fmt: skip
        counts = {}
        for name, actor in vars(characters).items():
            found = topics.get(session, actor, topic_id)
            counts[name] = (found.notes, found.unsettled, found.settled, found.proposed)
        # The sealed note is that of the member in Florida.
        with_it, without = (3, 2, 1, 1), (2, 1, 1, 1)
        assert counts == {
            "owner": without, "stranger": without, "member": with_it, "analyst": with_it,
            "manager": with_it, "admin": with_it,
        }  # fmt: skip

    def test_ask_no_more_of_the_database_for_many(
        self, database: Database, session: Session, characters: Characters, count_queries: Counter
    ) -> None:
        asked = []
        for count in (1, 8):
            for _ in range(count):
                opened(session, characters.analyst, note_ids=[posted(session, characters.owner)])
            with count_queries(database) as statements:
                topics.list_topics(session, characters.manager, limit=100)
            asked.append(len(statements))
        assert asked == [2, 2]


class TestTopicsOfNotes:
    def test_are_those_that_gathered_them_and_that_one_may_see(
        self, session: Session, characters: Characters
    ) -> None:
        analyst, note_id = characters.analyst, posted(session, characters.owner)
        first = opened(session, analyst, "First", note_ids=[note_id])
        sealed = opened(session, analyst, "Sealed", note_ids=[note_id], audience=Audience.SEALED)
        dropped = opened(session, analyst, "Dropped", note_ids=[note_id])
        topic_notes.drop(session, analyst, dropped, [note_id], now=NOW)
        used(session, analyst, first, [note_id])
        other = posted(session, characters.owner)
        found = topics.topics_of_notes(session, analyst, [note_id, other])
        assert [one.id for one in found[note_id]] == [sealed, first]
        assert topics.topics_of_notes(session, characters.owner, [note_id, other]) == {
            note_id: [TopicRef(first, "First", OPEN, found[note_id][1].outcome, "the price list")]
        }
        assert topics.topics_of_notes(session, analyst, []) == {}


class TestOpenTopicsOfTerritories:
    def test_gathered_a_note_of_theirs_that_one_may_see_and_are_not_closed(
        self, session: Session, characters: Characters
    ) -> None:
        analyst = characters.analyst
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        everyone = {"audience": Audience.EVERYONE}
        opened(session, analyst, "Sealed note", note_ids=[sealed], **everyone)
        florida = [posted(session, characters.member)]
        opened(session, analyst, "Florida", note_ids=florida)
        closed = opened(session, analyst, "Closed", note_ids=florida)
        topics.change(session, analyst, closed, state=CLOSED, now=NOW)
        merged = opened(session, analyst, "Merged", note_ids=florida)
        into = opened(session, analyst, "Into")
        topic_merging.merge(session, analyst, source_id=merged, into=into, now=NOW)

        def found(actor: Actor, *territories: int) -> list[str]:
            return [one.title for one in topics.open_in(session, actor, territories, limit=9)]

        assert found(characters.manager, GEORGIA, FLORIDA) == ["Into", "Florida", "Sealed note"]
        assert found(characters.stranger, GEORGIA, FLORIDA) == ["Into", "Florida"]
        assert found(analyst, SOUTHEAST) == []
        assert len(topics.open_in(session, analyst, (GEORGIA, FLORIDA), limit=2)) == 2


def test_a_topic_that_was_merged_is_in_no_list(session: Session, characters: Characters) -> None:
    source, into = (opened(session, characters.analyst, one) for one in ("Source", "Into"))
    topic_merging.merge(session, characters.analyst, source_id=source, into=into, now=NOW)
    assert titles(session, characters.admin) == ["Into"]
    found = topics.get(session, characters.owner, source)
    assert (found.merged_into_id, found.may_change) == (into, False)
    assert topics.get(session, characters.manager, into).may_change
    assert not topics.get(session, characters.owner, into).may_change
