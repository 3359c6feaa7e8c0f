"""Which notes are on their way to whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Audience, Cadence, Delivery, Destination, Kind, Person
from insights.search.analysis import ENGLISH
from insights.services import notes, routing
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import MEMBER, NOW, OWNER
from tests.services.routed import UTC_ZONE, deliveries_of, destination, route_all, routed


@pytest.fixture
def pricing(session: Session) -> int:
    """A channel."""
    return destination(session)


class TestMatching:
    def test_a_note_goes_where_its_words_are_wanted(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "price", pricing)
        wanted = posted(session, characters.owner, "Their prices fell")
        posted(session, characters.owner, "They open a depot")
        assert route_all(session) == 1
        assert deliveries_of(session, pricing) == [wanted]

    def test_a_query_means_what_it_means_in_search(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "kind:challenge territory:southeast", pricing)
        wanted = posted(session, characters.owner, "Late again", kind=Kind.CHALLENGE)
        posted(session, characters.stranger, "Late again", kind=Kind.CHALLENGE)
        posted(session, characters.owner, "Late again", kind=Kind.OPPORTUNITY)
        route_all(session)
        assert deliveries_of(session, pricing) == [wanted]

    def test_me_is_the_owner_of_the_route(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "author:me", pricing, owner_id=MEMBER)
        posted(session, characters.owner)
        mine = posted(session, characters.member)
        route_all(session)
        assert deliveries_of(session, pricing) == [mine]

    def test_several_routes_to_one_channel_each_deliver(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        for query in ("truck", "pay"):
            routed(session, query, pricing)
        posted(session, characters.owner, "They pay by the truck")
        assert route_all(session) == 2

    def test_a_muted_route_sends_nothing(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "truck", pricing, muted=True)
        posted(session, characters.owner)
        assert route_all(session) == 0

    def test_old_news_is_no_news(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "truck", pricing)
        long_ago = NOW - routing.OLDEST - timedelta(minutes=1)
        posted(session, characters.owner, captured_at=long_ago)
        assert route_all(session) == 0

    def test_an_edited_note_goes_where_it_is_wanted_now(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "price", pricing)
        note_id = posted(session, characters.owner, "They open a depot")
        assert route_all(session) == 0
        changes = notes.NoteChanges(text="They cut the price")
        notes.edit(session, characters.owner, note_id, changes, now=NOW)
        assert route_all(session) == 1


class TestReadingTwice:
    def test_makes_no_second_delivery(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "truck", pricing)
        note_id = posted(session, characters.owner)
        assert [route_all(session) for _ in range(3)] == [1, 0, 0]
        assert deliveries_of(session, pricing) == [note_id]


class TestWhoMayRead:
    def test_a_sealed_note_goes_to_no_common_channel(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        trusted = destination(session, "C-BOARD", takes_sealed=True)
        for one in (pricing, trusted):
            routed(session, "truck", one)
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        route_all(session)
        assert deliveries_of(session, pricing) == []
        assert deliveries_of(session, trusted) == [sealed]

    def test_a_person_is_sent_what_they_may_see(
        self, session: Session, characters: Characters
    ) -> None:
        boxes = {
            person: destination(session, f"U{person}", person_id=person)
            for person in (OWNER, MEMBER)
        }
        for person, box in boxes.items():
            routed(session, "truck", box, owner_id=person, personal=True)
        in_georgia = posted(
            session, characters.manager, territory="georgia", audience=Audience.SEALED
        )
        in_florida = posted(
            session, characters.manager, territory="florida", audience=Audience.SEALED
        )
        posted(session, characters.stranger, territory="nevada", audience=Audience.SEALED)
        route_all(session)
        assert deliveries_of(session, boxes[OWNER]) == [in_georgia]
        assert deliveries_of(session, boxes[MEMBER]) == [in_florida]

    def test_whoever_has_left_is_sent_nothing(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        box = destination(session, "U2", person_id=MEMBER)
        routed(session, "truck", box, owner_id=MEMBER, personal=True)
        routed(session, "truck", pricing, owner_id=MEMBER)
        session.get_one(Person, MEMBER).deactivated_at = NOW
        session.flush()
        note_id = posted(session, characters.owner)
        route_all(session)
        assert deliveries_of(session, box) == []
        assert deliveries_of(session, pricing) == [note_id]


class TestWhen:
    def test_at_once_is_due_now_and_a_digest_at_its_time(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "truck", pricing)
        digest = destination(session, "C-DIGEST")
        routed(session, "truck", digest, cadence=Cadence.DAILY, send_at=17 * 60)
        posted(session, characters.owner)
        route_all(session)
        due = dict(session.execute(select(Delivery.destination_id, Delivery.due_at)).all())
        assert due == {pricing: NOW, digest: NOW.replace(hour=17)}

    def test_the_destination_is_looked_at_when_the_first_is_due(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "truck", pricing, cadence=Cadence.DAILY, send_at=17 * 60)
        posted(session, characters.owner)
        route_all(session)
        routed(session, "truck -nothing", pricing)
        route_all(session)
        assert session.get_one(Destination, pricing).next_at == NOW

    def test_nothing_wakes_a_destination_in_trouble(
        self, session: Session, characters: Characters
    ) -> None:
        archived = destination(session, trouble="The channel is archived.")
        routed(session, "truck", archived)
        posted(session, characters.owner)
        assert route_all(session) == 1
        assert session.get_one(Destination, archived).next_at is None


class TestKeepingTheRoutes:
    def test_they_are_read_anew_only_when_something_changed(
        self, session: Session, pricing: int
    ) -> None:
        def current(known: routing.Routes | None, later: int = 0) -> routing.Routes:
            now = NOW + timedelta(minutes=later)
            return routing.current(session, known, ENGLISH, zone=UTC_ZONE, now=now)

        first = current(None)
        assert current(first) is first
        routed(session, "truck", pricing)
        second = current(first)
        assert second is not first
        assert current(second, later=5) is second
        assert current(second, later=11) is not second
