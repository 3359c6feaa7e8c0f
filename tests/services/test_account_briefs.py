"""The brief of an account: what its reader may see of what was heard there, and what is near."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from insights.errors import NotFound
from insights.models import Account, Audience, Kind
from insights.services import account_briefs, promises, sightings, topic_notes, topics
from insights.services.access import Actor
from insights.services.account_briefs import AccountBrief
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MERCY, NOW, ROADWAY, TODAY


@pytest.fixture
def read(stage: Stage) -> Any:
    """Reads the brief of an account for somebody."""

    def reading(actor: Actor, account_id: int = MERCY) -> AccountBrief:
        with stage.database.reading() as session:
            return account_briefs.brief(
                session,
                actor,
                stage.runtime.reader,
                account_id=account_id,
                now=stage.clock.now,
                today=TODAY,
            )

    return reading


def post(stage: Stage, actor: Actor, text: str, **given: Any) -> UUID:
    return stage.post(actor, text, **{"kind": Kind.COMPETITOR, "account_id": MERCY, **given})


class TestAtTheAccount:
    def test_the_brief_names_place_holders_and_segments(
        self, characters: Characters, read: Any
    ) -> None:
        brief = read(characters.stranger)
        assert brief.account.name == "Mercy Hospital"
        assert [one.person_name for one in brief.holders] == ["Olivia Owner"]
        assert (brief.notes, brief.met, brief.visitors) == (0, [], [])

    def test_there_is_none_of_an_account_that_is_not_there(
        self, characters: Characters, read: Any
    ) -> None:
        with pytest.raises(NotFound):
            read(characters.owner, 999)

    def test_it_counts_whom_customers_met_and_who_was_there(
        self, stage: Stage, characters: Characters, read: Any
    ) -> None:
        post(stage, characters.owner, "Ionfield called")
        stage.clock.now += timedelta(days=1)
        post(stage, characters.member, "Acme and Ionfield called")
        brief = read(characters.manager)
        assert [(one.competitor.name, one.notes, one.newest_at) for one in brief.met] == [
            ("Ionfield", 2, stage.clock.now),
            ("Acme Telecom", 1, stage.clock.now),
        ]
        assert [(one.name, one.notes) for one in brief.visitors] == [
            ("Max Member", 1),
            ("Olivia Owner", 1),
        ]

    def test_it_counts_how_often_it_was_seen(
        self, stage: Stage, characters: Characters, read: Any
    ) -> None:
        note_id = post(stage, characters.owner, "Ionfield called")
        with stage.database.writing() as session:
            sightings.add(session, characters.member, note_id, now=NOW)
        assert read(characters.owner).sightings == 1

    def test_a_sealed_note_is_in_no_part_of_a_strangers_brief(
        self, stage: Stage, characters: Characters, read: Any
    ) -> None:
        post(stage, characters.owner, "Ionfield, between us", audience=Audience.SEALED)
        post(
            stage, characters.owner, "Acme, quietly", audience=Audience.SEALED,
            account_id=None, territory="georgia",
        )  # fmt: skip
        hidden = read(characters.stranger)
        assert (hidden.notes, hidden.met, hidden.visitors, hidden.in_territory) == (0, [], [], [])
        for actor in (characters.owner, characters.manager, characters.analyst):
            seen = read(actor)
            assert [one.competitor.name for one in seen.met] == ["Ionfield"]
            assert [one.competitor.name for one in seen.in_territory] == ["Acme Telecom"]

    def test_promises_are_told_to_insiders_only(
        self, stage: Stage, characters: Characters, read: Any
    ) -> None:
        with stage.database.writing() as session:
            promises.make(
                session, characters.owner, promise_id=uuid4(), territory_id=GEORGIA,
                account_id=MERCY, text="A visit", now=NOW,
            )  # fmt: skip
        told = {name for name, actor in vars(characters).items() if read(actor).promises}
        assert told == {"owner", "manager", "analyst", "admin"}

    def test_topics_at_work_on_its_notes(
        self, stage: Stage, characters: Characters, read: Any
    ) -> None:
        note_id = post(stage, characters.owner, "Ionfield called")
        with stage.database.writing() as session:
            topic = topics.open_topic(session, characters.analyst, title="Prices", now=NOW)
            topic_notes.gather(session, characters.analyst, topic.id, [note_id], now=NOW)
        assert [(one.title, one.notes) for one in read(characters.owner).topics] == [("Prices", 1)]


class TestNearby:
    def test_are_other_customers_of_the_territory_and_of_the_segment(
        self, stage: Stage, characters: Characters, read: Any
    ) -> None:
        post(stage, characters.owner, "Ionfield at Mercy itself")
        post(stage, characters.owner, "Acme next door", account_id=None, territory="georgia")
        post(
            stage, characters.stranger, "Ionfield at a clinic", account_id=None,
            territory="nevada", segments=("healthcare",),
        )  # fmt: skip
        brief = read(characters.owner)
        assert [(one.competitor.name, one.notes) for one in brief.in_territory] == [
            ("Acme Telecom", 1)
        ]
        assert [(one.competitor.name, one.notes) for one in brief.alike] == [("Ionfield", 1)]

    def test_are_not_looked_for_without_territory_and_segments(
        self, stage: Stage, characters: Characters, read: Any
    ) -> None:
        with stage.database.writing() as session:
            session.execute(update(Account).where(Account.id == ROADWAY).values(territory_id=None))
        brief = read(characters.owner, ROADWAY)
        assert (brief.holders, brief.in_territory, brief.alike) == ((), [], [])


def test_the_number_of_queries_does_not_grow(
    stage: Stage, characters: Characters, read: Any, count_queries: Counter
) -> None:
    post(stage, characters.owner, "Ionfield called")
    with count_queries(stage.database) as few:
        read(characters.owner)
    for number in range(6):
        post(stage, characters.member, f"Acme called {number} times")
    with count_queries(stage.database) as many:
        read(characters.owner)
    assert len(many) <= len(few)


def test_lists_count_the_notes_of_each(stage: Stage, characters: Characters) -> None:
    post(stage, characters.owner, "One")
    post(stage, characters.owner, "Two", audience=Audience.SEALED)
    reader, now = stage.runtime.reader, NOW
    count = account_briefs.note_counts
    assert count(characters.owner, reader, [MERCY, ROADWAY], now=now) == {MERCY: 2}
    assert count(characters.stranger, reader, [MERCY, ROADWAY], now=now) == {MERCY: 1}
    assert count(characters.owner, reader, [], now=now) == {}


def test_the_persons_own_are_those_of_their_part_of_the_tree(
    stage: Stage, characters: Characters
) -> None:
    with stage.database.reading() as session:
        mine = {
            name: [one.name for one in account_briefs.list_mine(session, actor, limit=9)]
            for name, actor in vars(characters).items()
        }
    assert mine == {
        "owner": ["Mercy Hospital"],
        "manager": ["Mercy Hospital"],
        "stranger": ["Roadway Freight"],
        "member": [],
        "analyst": [],
        "admin": [],
    }
