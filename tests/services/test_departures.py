"""Somebody leaves, and not while a territory or a topic of theirs has nobody to follow."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Handover, HandoverState, Person, Telling, TellingMatter, Topic
from insights.services import assignments, departures, handovers, people, topics
from insights.services.access import Actor, load_actor
from insights.services.handover_checks import NewHandover
from insights.services.people import PersonEntry
from tests.fixtures.world import Characters
from tests.organisation import (
    ANALYST,
    FLORIDA,
    GEORGIA,
    LEAVER,
    MANAGER,
    MEMBER,
    NEVADA,
    NOW,
    OWNER,
    STRANGER,
    TODAY,
)
from tests.services.outcomes import last_entry, refused, who_may

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """The one who may."""
    return characters.admin


def deactivate(session: Session, actor: Actor, person_id: int, **given: Any) -> PersonEntry:
    return people.deactivate(session, actor, now=NOW, today=TODAY, person_id=person_id, **given)


def assign(session: Session, actor: Actor, slug: str, person_id: int, since: date = TODAY) -> None:
    assignments.assign(
        session, actor, now=NOW, territory_slug=slug, person_id=person_id, since=since
    )


def holders(session: Session, territory_id: int) -> list[int]:
    held = assignments.list_holders(session, None, today=TODAY)  # type: ignore[arg-type]
    return [one.person_id for one in held.get(territory_id, ())]


def handed_over(session: Session) -> list[tuple[int, int | None, int, bool, HandoverState]]:
    rows = session.scalars(select(Handover).order_by(Handover.territory_id))
    return [(row.territory_id, row.from_id, row.to_id, row.interim, row.state) for row in rows]


class TestTerritories:
    def test_without_a_successor_are_named_and_nothing_happens(
        self, session: Session, admin: Actor
    ) -> None:
        assign(session, admin, "nevada", OWNER)
        fields = refused(lambda: deactivate(session, admin, OWNER))
        assert fields["successors"].startswith("Olivia Owner holds Georgia, Nevada. Say who")
        fields = refused(lambda: deactivate(session, admin, OWNER, successors={GEORGIA: MEMBER}))
        assert "holds Nevada. Say" in fields["successors"]
        assert session.get_one(Person, OWNER).is_active
        assert handed_over(session) == []

    def test_go_to_their_successors_and_the_rest_to_the_caretaker(
        self, session: Session, admin: Actor
    ) -> None:
        assign(session, admin, "nevada", OWNER)
        deactivate(session, admin, OWNER, successors={GEORGIA: MEMBER}, caretaker_id=MANAGER)
        done = HandoverState.DONE
        assert handed_over(session) == [
            (GEORGIA, OWNER, MEMBER, False, done),
            (NEVADA, OWNER, MANAGER, True, done),
        ]
        assert holders(session, GEORGIA) == [MEMBER]
        assert set(holders(session, NEVADA)) == {STRANGER, MANAGER}
        told = session.execute(select(Telling.person_id, Telling.matter))
        assert {tuple(row) for row in told} == {
            (MEMBER, TellingMatter.HANDOVER),
            (MANAGER, TellingMatter.HANDOVER),
        }

    def test_go_to_whom_a_prepared_handover_names(self, session: Session, admin: Actor) -> None:
        [made] = handovers.prepare(
            session, admin, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER, on=TOMORROW,
            now=NOW, today=TODAY,
        )  # fmt: skip
        deactivate(session, admin, OWNER)
        found = handovers.get(session, admin, made.id)
        assert (found.state, found.on) == (HandoverState.DONE, TODAY)
        assert holders(session, GEORGIA) == [MEMBER]

    def test_that_would_begin_later_are_taken_back(self, session: Session, admin: Actor) -> None:
        assign(session, admin, "nevada", OWNER, since=TOMORROW)
        deactivate(session, admin, OWNER, caretaker_id=MANAGER)
        assert load_actor(session, STRANGER, today=TOMORROW).held == (NEVADA,)
        history = assignments.person_history(session, admin, person_id=OWNER)
        assert [(one.territory_id, one.until) for one in history] == [(GEORGIA, TODAY)]

    def test_of_somebody_who_holds_none_need_nobody(self, session: Session, admin: Actor) -> None:
        assert not deactivate(session, admin, ANALYST).is_active
        assert handed_over(session) == []

    @pytest.mark.parametrize(
        ("given", "field", "reason"),
        [
            ({"successors": {GEORGIA: OWNER}}, "successors", "holds it now"),
            ({"successors": {GEORGIA: LEAVER}}, "successors", "deactivated"),
            ({"successors": {GEORGIA: 2**70}}, "successors", "Choose who"),
            ({"successors": {GEORGIA: MEMBER, FLORIDA: MEMBER}}, "successors", "does not hold"),
            ({"caretaker_id": LEAVER}, "caretaker", "deactivated"),
            ({"caretaker_id": 999}, "caretaker", "Choose who"),
        ],
    )
    def test_go_to_nobody_who_cannot_hold_them(
        self, session: Session, admin: Actor, given: dict[str, Any], field: str, reason: str
    ) -> None:
        assert reason in refused(lambda: deactivate(session, admin, OWNER, **given))[field]

    def test_are_handed_over_all_or_none(self, database: Database, admin: Actor) -> None:
        with database.writing() as session:
            assign(session, admin, "nevada", OWNER)

        def with_one_who_cannot() -> None:
            with database.writing() as session:
                successors = {GEORGIA: MEMBER, NEVADA: LEAVER}
                deactivate(session, admin, OWNER, successors=successors)

        refused(with_one_who_cannot)
        with database.reading() as session:
            assert holders(session, GEORGIA) == [OWNER]
            assert OWNER in holders(session, NEVADA)
            assert session.get_one(Person, OWNER).is_active
            assert handed_over(session) == []


class TestTopics:
    @pytest.fixture
    def topic_id(self, session: Session, characters: Characters) -> int:
        """The analyst works on it."""
        made = topics.open_topic(
            session, characters.admin, title="Fibre prices", owner_id=ANALYST, now=NOW
        )
        return made.id

    def test_need_another_owner_or_none_by_choice(
        self, session: Session, admin: Actor, topic_id: int
    ) -> None:
        fields = refused(lambda: deactivate(session, admin, ANALYST))
        assert fields["topics"].startswith("Anna Analyst works on “Fibre prices”. Say who takes")
        deactivate(session, admin, ANALYST, frees_topics=True)
        assert session.get_one(Topic, topic_id).owner_id is None

    def test_are_told_to_their_next_owner_and_kept_in_the_history(
        self, session: Session, admin: Actor, topic_id: int
    ) -> None:
        version = session.get_one(Topic, topic_id).version
        deactivate(session, admin, ANALYST, topic_owner_id=MANAGER)
        row = session.get_one(Topic, topic_id)
        assert (row.owner_id, row.version) == (MANAGER, version + 1)
        given = session.execute(
            select(Telling.person_id, Telling.subject).where(Telling.person_id == MANAGER)
        )
        assert given.one() == (MANAGER, str(topic_id))
        assert topics.history(session, admin, topic_id)[0].version == version

    # The owner of Georgia is a rep: they would see a sealed topic that they could not work on.
    @pytest.mark.parametrize("owner", [ANALYST, LEAVER, OWNER, 999, 2**70])
    def test_go_to_nobody_who_is_not_here_or_works_on_none(
        self, session: Session, admin: Actor, topic_id: int, owner: int
    ) -> None:
        assert topic_id
        fields = refused(lambda: deactivate(session, admin, ANALYST, topic_owner_id=owner))
        assert "who works on topics" in fields["topics"]


def test_what_is_to_be_settled_is_told_beforehand(session: Session, admin: Actor) -> None:
    found = departures.departure(session, admin, person_id=OWNER, today=TODAY)
    assert [(one.name, one.next_id) for one in found.territories] == [("Georgia", None)]
    assert found.topics == []


def test_departures_are_for_admins(session: Session, characters: Characters) -> None:
    deed = lambda actor: departures.departure(  # noqa: E731
        session, actor, person_id=OWNER, today=TODAY
    )
    assert who_may(session, characters, deed) == {"admin"}


def test_the_last_entry_says_who_left(session: Session, admin: Actor) -> None:
    deactivate(session, admin, MEMBER, caretaker_id=MANAGER)
    assert last_entry(session).verb == "person.deactivated"
