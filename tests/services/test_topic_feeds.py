"""Feeds: what is proposed to topics by their queries and by the trends they are about."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Audience, Gathering, TopicNote, TopicState, Trend, TrendShowing
from insights.search.analysis import ENGLISH
from insights.services import (
    journal,
    notes,
    routing,
    topic_feeds,
    topic_merging,
    topic_notes,
    topics,
)
from insights.services.topic_feeds import Feeds
from insights.services.trend_runs import Day, Refresh
from insights.worker.router import Router
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import IONFIELD, NOW
from tests.services.outcomes import journalled, last_entry
from tests.services.topical import in_topic, opened
from tests.trend_history import filled, ordinary, surge
from tests.trend_rows import showing

ZONE = ZoneInfo("UTC")
HOUR = timedelta(hours=1)
PROPOSED = Gathering.PROPOSED


def propose_all(session: Session) -> int:
    """Proposes everything that the journal tells of; returns how much of it is new."""
    feeds = topic_feeds.current(session, None, ENGLISH, zone=ZONE, now=NOW)
    entries = journal.entries_after(session, 0, limit=1_000)
    return topic_feeds.propose(session, feeds, entries, zone=ZONE, now=NOW)


class TestByAQuery:
    def test_each_new_note_that_matches_is_proposed_once(
        self, session: Session, characters: Characters
    ) -> None:
        topic_id = opened(session, characters.analyst, query="truck territory:southeast")
        note_id = posted(session, characters.owner)
        posted(session, characters.stranger)
        posted(session, characters.owner, "They open a depot")
        assert [propose_all(session) for _ in range(2)] == [1, 0]
        assert in_topic(session, characters.owner, topic_id, PROPOSED) == {note_id}
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id, entry.actor_id) == (
            "topic.proposed", str(topic_id), None
        )  # fmt: skip
        assert entry.data == {"notes": [str(note_id)]}

    def test_what_was_gathered_or_declined_before_is_left_alone(
        self, session: Session, characters: Characters
    ) -> None:
        analyst = characters.analyst
        topic_id = opened(session, analyst, query="truck")
        gathered, declined = (posted(session, characters.owner) for _ in range(2))
        topic_notes.gather(session, analyst, topic_id, [gathered], now=NOW)
        assert propose_all(session) == 1
        topic_notes.dismiss(session, analyst, topic_id, now=NOW)
        notes.edit(session, characters.owner, declined, {"text": "By the truck"}, now=NOW)
        assert propose_all(session) == 0
        assert in_topic(session, analyst, topic_id) == {gathered}

    def test_old_notes_of_an_import_are_not(self, session: Session, characters: Characters) -> None:
        opened(session, characters.analyst, query="truck")
        long_ago = NOW - routing.OLDEST - timedelta(minutes=1)
        posted(session, characters.owner, captured_at=long_ago)
        assert propose_all(session) == 0

    def test_a_sealed_note_is_proposed_to_sealed_topics_alone(
        self, session: Session, characters: Characters
    ) -> None:
        sealed, common = (
            opened(session, characters.analyst, query="truck", audience=audience)
            for audience in (Audience.SEALED, Audience.EVERYONE)
        )
        note_id = posted(session, characters.owner, audience=Audience.SEALED)
        assert propose_all(session) == 1
        assert in_topic(session, characters.admin, sealed, PROPOSED) == {note_id}
        assert in_topic(session, characters.admin, common, PROPOSED) == set()

    def test_me_is_the_owner_or_whoever_opened_it(
        self, session: Session, characters: Characters
    ) -> None:
        opened(session, characters.manager, query="author:me")
        posted(session, characters.owner)
        assert propose_all(session) == 0
        posted(session, characters.manager, territory="georgia")
        assert propose_all(session) == 1

    def test_only_what_is_worked_on_is_fed(self, session: Session, characters: Characters) -> None:
        analyst = characters.analyst
        closed, merged, emptied = (opened(session, analyst, query="truck") for _ in range(3))
        topics.change(session, analyst, closed, state=TopicState.CLOSED, now=NOW)
        topics.change(session, analyst, emptied, query=" ", now=NOW)
        into = opened(session, analyst)
        topic_merging.merge(session, analyst, source_id=merged, into=into, now=NOW)
        posted(session, characters.owner)
        assert propose_all(session) == 0

    def test_not_what_was_merged_away_or_opened_since_its_query_was_read(
        self, session: Session, characters: Characters
    ) -> None:
        gone, into, opened_up = (
            opened(session, characters.analyst, query="truck", audience=Audience.SEALED)
            for _ in range(3)
        )
        feeds = topic_feeds.current(session, None, ENGLISH, zone=ZONE, now=NOW)
        topic_merging.merge(session, characters.analyst, source_id=gone, into=into, now=NOW)
        topics.change(session, characters.analyst, opened_up, now=NOW, audience=Audience.EVERYONE)
        note_id = posted(session, characters.owner, audience=Audience.SEALED)
        entries = journal.entries_after(session, 0, limit=1_000)
        assert topic_feeds.propose(session, feeds, entries, zone=ZONE, now=NOW) == 1
        assert in_topic(session, characters.analyst, into, PROPOSED) == {note_id}

    def test_notes_come_in_while_it_is_merged_and_none_is_lost(
        self, database: Database, characters: Characters
    ) -> None:
        with database.writing() as session:
            topic_id, into = (opened(session, characters.analyst, query="truck") for _ in range(2))
            note_ids = {posted(session, characters.owner) for _ in range(9)}
        barrier = Barrier(2)

        def merge() -> None:
            barrier.wait()
            with database.writing() as session:
                topic_merging.merge(
                    session, characters.analyst, source_id=topic_id, into=into, now=NOW
                )

        def feed() -> None:
            with database.reading() as session:
                feeds = topic_feeds.current(session, None, ENGLISH, zone=ZONE, now=NOW)
            barrier.wait()
            with database.writing() as session:
                entries = journal.entries_after(session, 0, limit=1_000)
                topic_feeds.propose(session, feeds, entries, zone=ZONE, now=NOW)

        with ThreadPoolExecutor(2) as threads:
            for one in [threads.submit(merge), threads.submit(feed)]:
                one.result()
        with database.reading() as session:
            assert in_topic(session, characters.analyst, into, PROPOSED) == note_ids
            left = select(TopicNote.note_id).where(TopicNote.topic_id == topic_id)
            assert session.scalars(left).all() == []

    def test_queries_are_read_anew_only_when_something_changed(
        self, session: Session, characters: Characters
    ) -> None:
        def current(known: Feeds | None, minutes: int = 0) -> Feeds:
            now = NOW + timedelta(minutes=minutes)
            return topic_feeds.current(session, known, ENGLISH, zone=ZONE, now=now)

        analyst, first = characters.analyst, current(None)
        assert current(first) is first
        one, other = (opened(session, analyst, query="truck") for _ in range(2))
        second = current(first)
        assert second.topic_ids == {one, other}
        topic_merging.merge(session, analyst, source_id=one, into=other, now=NOW)
        third = current(second)
        assert third.topic_ids == {other}
        assert current(third, minutes=5) is third
        assert current(third, minutes=11) is not third

    def test_the_worker_does_it(self, database: Database, characters: Characters) -> None:
        router = Router(database, ENGLISH, ZONE, lambda: NOW)
        router.step()
        with database.writing() as session:
            topic_id = opened(session, characters.analyst, query="truck")
            note_id = posted(session, characters.owner)
        while router.step():
            pass
        with database.reading() as session:
            assert in_topic(session, characters.owner, topic_id, PROPOSED) == {note_id}
            assert journalled(session).count("topic.proposed") == 1


class TestByATrend:
    def test_what_it_rests_on_by_now_is_proposed_once(
        self, session: Session, characters: Characters
    ) -> None:
        first, second, gone, sealed = (
            posted(session, characters.owner, audience=audience)
            for audience in (*[Audience.EVERYONE] * 3, Audience.SEALED)
        )
        notes.withdraw(session, characters.manager, gone, reason="", within=timedelta(0), now=NOW)
        trend_id = showing(session, evidence=[first])
        analyst = characters.analyst
        topic_id = opened(session, analyst, trend_id=trend_id)
        closed = opened(session, analyst, trend_id=trend_id)
        topics.change(session, analyst, closed, state=TopicState.CLOSED, now=NOW)
        assert topic_feeds.propose_evidence(session, now=NOW) == 0
        _shown_again(session, trend_id, [second, gone, sealed, first])
        assert [topic_feeds.propose_evidence(session, now=NOW) for _ in range(2)] == [1, 0]
        assert in_topic(session, analyst, topic_id) == {first}
        assert in_topic(session, analyst, topic_id, PROPOSED) == {second}
        topics.change(session, analyst, topic_id, audience=Audience.SEALED, now=NOW)
        assert topic_feeds.propose_evidence(session, now=NOW) == 1
        assert in_topic(session, analyst, topic_id, PROPOSED) == {second, sealed}

    def test_is_proposed_after_each_look_at_today(
        self, database: Database, characters: Characters
    ) -> None:
        filled(database, ordinary())
        some = filled(database, surge())
        _look(database)
        with database.writing() as session:
            trend_id = session.scalars(
                select(Trend.id).where(Trend.competitor_id == IONFIELD)
            ).one()
            topic_id = opened(session, characters.analyst, trend_id=trend_id)
            assert in_topic(session, characters.analyst, topic_id) >= set(some)
            more = posted(session, characters.owner, "Ionfield again", captured_at=NOW - HOUR)
        _look(database)
        with database.reading() as session:
            assert more in in_topic(session, characters.analyst, topic_id, PROPOSED)


def _look(database: Database) -> None:
    """What the worker does now and then."""
    run = Refresh(database, ZONE, lambda: NOW)
    run.look(Day.present(NOW, ZONE), packed=run.pack())


def _shown_again(session: Session, trend_id: int, evidence: list[UUID]) -> None:
    found = select(TrendShowing).where(TrendShowing.trend_id == trend_id)
    session.scalars(found).one().evidence = [str(one) for one in evidence]
    session.flush()
