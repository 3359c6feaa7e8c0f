"""What is in a parcel for those who read at its destination: notes, news, trends, weeks."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import (
    Audience,
    Cadence,
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Kind,
    RouteContent,
    TrendReach,
    Triage,
    TriageState,
)
from insights.services import (
    deliveries,
    digests,
    journal,
    parcels,
    route_summaries,
    routing,
    sightings,
    trend_reactions,
    triage,
)
from insights.services.deliveries import Sent
from insights.services.parcels import Contents
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import (
    FIBRE_ONE,
    HEALTHCARE,
    NOW,
    OWNER,
    SOUTHEAST,
    TODAY,
)
from tests.services.routed import UTC_ZONE, destination, route_all, routed
from tests.trend_rows import run_of, showing

TRENDS, SUMMARY = {"content": RouteContent.TRENDS}, {"content": RouteContent.SUMMARY}
AT_NOON = {"weekday": 2, "send_at": 12 * 60}
# NOW is a Wednesday; the last whole week began nine days before.
LAST_MONDAY = date(2026, 3, 9)
IN_LAST_WEEK = NOW - timedelta(days=6)


def taken(session: Session, now: Any = NOW) -> list[Contents]:
    """What all parcels that are due hold, each of which arrives."""
    found = []
    while (one := parcels.take(session, today=TODAY, now=now)) is not None:
        parcel, contents = one
        found.append(contents)
        deliveries.settle(session, parcel, Sent("receipt"), now=now)
    return found


def states(session: Session) -> list[str]:
    return [one.value for one in session.scalars(select(Delivery.state).order_by(Delivery.id))]


def opened(session: Session, trend_id: int) -> None:
    """The worker says in the journal that a trend became strong."""
    journal.append(session, routing.TREND_VERB, ("trend", trend_id), actor_id=None, now=NOW)


class TestNotes:
    def test_hold_the_card_with_its_triage_as_they_are_by_now(
        self, session: Session, characters: Characters
    ) -> None:
        routed(session, "truck", destination(session))
        note_id = posted(session, characters.owner)
        route_all(session)
        triage.decide(session, characters.analyst, note_id, TriageState.TAKEN, now=NOW)
        (contents,) = taken(session)
        assert [card.id for card in contents.cards] == [note_id]
        assert contents.triage[note_id].person_name == "Anna Analyst"

    def test_of_several_routes_to_one_place_the_first_is_enough(
        self, session: Session, characters: Characters
    ) -> None:
        channel = destination(session)
        for query in ("truck", "pay"):
            routed(session, query, channel)
        routed(session, "they", channel, cadence=Cadence.DAILY, send_at=17 * 60)
        posted(session, characters.owner, "They pay by the truck")
        route_all(session)
        assert len(taken(session)) == 1
        assert states(session) == ["sent", "withheld", "waiting"]
        # A digest is whole all the same.
        assert len(taken(session, NOW + timedelta(hours=6))) == 1


class TestTheInbox:
    def test_gets_what_a_route_of_the_organisation_finds(
        self, session: Session, characters: Characters
    ) -> None:
        """A sealed note too, though the channel may not see it; what an alert finds does not."""
        routed(session, "truck", destination(session))
        box = destination(session, "U1", person_id=OWNER)
        routed(session, "depot", box, owner_id=OWNER, personal=True)
        found = posted(session, characters.owner)
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        posted(session, characters.owner, "They open a depot")
        for _ in range(2):
            route_all(session)
        in_inbox = session.scalars(select(Triage.note_id)).all()
        assert set(in_inbox) == {found, sealed}


class TestNews:
    def test_tell_the_author_which_note_and_who(
        self, session: Session, characters: Characters
    ) -> None:
        box = destination(session, "U1", person_id=OWNER)
        note_id = posted(session, characters.owner)
        triage.decide(session, characters.analyst, note_id, TriageState.TAKEN, now=NOW)
        news = deliveries.waiting(
            box, cause="news", note_id=note_id, matter=DeliveryMatter.NEWS, detail="taken",
            due_at=NOW, now=NOW,
        )  # fmt: skip
        assert [deliveries.put(session, [news]) for _ in range(2)] == [1, 0]
        (contents,) = taken(session)
        assert contents.cards[0].id == note_id
        assert contents.triage[note_id].state is TriageState.TAKEN


class TestTrends:
    @pytest.mark.parametrize(
        ("query", "matches"),
        [
            ("", True), ("competitor:ionfield", True), ("territory:southeast", True),
            ("territory:georgia ionfield", True), ("segment:healthcare", True),
            ("territory:nevada", False), ("kind:challenge", False), ("author:me", False),
            ("acme", False), ("-territory:georgia", False), ("impact:high", False),
            ("since:30d", True), ("kind:challenge OR competitor:ionfield", True),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_are_sent_to_the_routes_whose_query_names_them(
        self, session: Session, query: str, matches: bool
    ) -> None:
        routed(session, query, destination(session), **TRENDS)
        opened(session, showing(session, segment_id=HEALTHCARE))
        assert route_all(session) == matches
        assert [one.trend is not None for one in taken(session)] == [True] * matches

    def test_of_kinds_products_and_the_whole_company(self, session: Session) -> None:
        queries = ("kind:challenge", "competitor:ionfield", "territory:georgia")
        for number, query in enumerate(queries):
            routed(session, query, destination(session, f"C{number}"), **TRENDS)
        about: tuple[dict[str, Any], ...] = (
            {"kind": Kind.CHALLENGE}, {"product_id": FIBRE_ONE}, {"territory_id": None},
        )  # fmt: skip
        for one in about:
            opened(session, showing(session, **one))
        route_all(session)
        told = session.execute(select(Delivery.destination_id, Delivery.detail)).all()
        assert sorted(tuple(row) for row in told) == [
            (1, "1"), (2, "3"), (3, "1"), (3, "2"),
        ]  # fmt: skip

    def test_of_sealed_notes_go_only_where_those_are_read(
        self, session: Session, characters: Characters
    ) -> None:
        """And who reads there hears of a story once: of all notes, not of the open ones as well."""
        open_to_all, board = destination(session), destination(
            session, "C-BOARD", takes_sealed=True
        )  # fmt: skip
        for place in (open_to_all, board):
            routed(session, "ionfield", place, **TRENDS)
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        for reach in TrendReach:
            opened(session, showing(session, reach=reach, evidence=[sealed]))
        route_all(session)
        contents = {one.trend.id: one for one in taken(session) if one.trend}
        told = dict(session.execute(select(Delivery.destination_id, Delivery.detail)).all())
        assert told == {open_to_all: "1", board: "2"}
        assert [one.id for one in contents[2].evidence] == [sealed]
        assert contents[1].evidence == ()
        assert contents[1].evidence_ids == {1: ()}

    def test_one_that_was_muted_for_everyone_meanwhile_is_withheld(
        self, session: Session, characters: Characters
    ) -> None:
        routed(session, "ionfield", destination(session), **TRENDS)
        trend_id = showing(session)
        opened(session, trend_id)
        route_all(session)
        trend_reactions.mute(
            session, characters.analyst, trend_id, reason="known", for_everyone=True, now=NOW
        )
        assert taken(session) == []
        assert states(session) == ["withheld"]


class TestWeeks:
    def test_are_told_once_at_their_time_and_made_up_for_two_days(self, session: Session) -> None:
        route_id = routed(session, "", destination(session), **SUMMARY, **AT_NOON)
        assert route_summaries.make_due(session, now=NOW - timedelta(minutes=1)) == 0
        assert [route_summaries.make_due(session, now=NOW) for _ in range(2)] == [1, 0]
        delivery = session.scalars(select(Delivery)).one()
        assert (delivery.route_id, delivery.detail) == (route_id, LAST_MONDAY.isoformat())
        assert route_summaries.make_due(session, now=NOW + timedelta(days=9, minutes=1)) == 0
        assert route_summaries.make_due(session, now=NOW + timedelta(days=15)) == 1

    def test_hold_what_emerged_what_was_seen_and_what_waits(
        self, session: Session, characters: Characters
    ) -> None:
        routed(session, "territory:southeast", destination(session), **SUMMARY, **AT_NOON)
        sunday = LAST_MONDAY + timedelta(days=6)
        trend_id = showing(session, day=sunday, opened_on=LAST_MONDAY)
        showing(session, day=sunday, territory_id=5, phrase="far away")
        seen = posted(session, characters.owner, now=IN_LAST_WEEK)
        sightings.add(session, characters.member, seen, now=IN_LAST_WEEK)
        waits = posted(session, characters.owner, now=IN_LAST_WEEK)
        sealed = posted(session, characters.owner, now=IN_LAST_WEEK, audience=Audience.SEALED)
        far = posted(session, characters.stranger, now=IN_LAST_WEEK)
        triage.open_notes(session, [waits, sealed, far], now=IN_LAST_WEEK)
        route_summaries.make_due(session, now=NOW)
        (contents,) = taken(session)
        digest = contents.summary
        assert digest is not None
        assert (digest.place, digest.monday) == ("Southeast", LAST_MONDAY)
        assert [one.id for one in digest.emerged] == [trend_id]
        assert [one.id for one in digest.sighted] == [seen]
        assert [one.id for one in digest.unanswered] == [waits]
        assert digest.unanswered_count == 1

    def test_one_in_which_nothing_stood_out_is_withheld(
        self, session: Session, characters: Characters
    ) -> None:
        routed(session, "territory:nevada", destination(session), **SUMMARY, **AT_NOON)
        posted(session, characters.owner, now=IN_LAST_WEEK)
        run_of(session, day=LAST_MONDAY)
        assert route_summaries.make_due(session, now=NOW) == 1
        assert taken(session) == []
        assert states(session) == ["withheld"]

    def test_are_of_places_alone(self, session: Session) -> None:
        for query in ("", "territory:georgia", "territory:(georgia) territory:southeast"):
            assert digests.is_of_places_alone(query)
        for query in ("price", "-territory:georgia", "territory:georgia OR territory:nevada"):
            assert not digests.is_of_places_alone(query)

        def part(query: str) -> digests.Part:
            return digests.part_of(session, query, zone=UTC_ZONE, today=TODAY)

        assert part("").territory_ids is None
        assert part("territory:georgia territory:southeast").name == "Georgia"
        assert part("territory:nowhere") == digests.Part("nowhere", frozenset())
        assert SOUTHEAST in (part("territory:southeast").territory_ids or ())


def test_a_test_goes_out_though_it_holds_nothing_and_its_route_is_off(session: Session) -> None:
    channel = destination(session)
    route_id = routed(session, "truck", channel, muted=True)
    made = deliveries.waiting(
        channel, cause="test", matter=DeliveryMatter.TEST, route_id=route_id, due_at=NOW, now=NOW
    )
    deliveries.put(session, [made])
    (contents,) = taken(session)
    assert not contents
    assert states(session) == ["sent"]


def test_whoever_has_left_is_sent_nothing(session: Session, characters: Characters) -> None:
    box = destination(session, "U7", person_id=7)
    note_id: UUID = posted(session, characters.owner)
    made = deliveries.waiting(box, cause="x", note_id=note_id, due_at=NOW, now=NOW)
    deliveries.put(session, [made])
    assert taken(session) == []
    assert session.scalars(select(Delivery.state)).one() is DeliveryState.WITHHELD
