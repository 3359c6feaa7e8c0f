"""Deliveries on their way: order, leases, failures, and what happens to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Audience, Cadence, Delivery, DeliveryMatter, DeliveryState, Destination
from insights.services import deliveries, delivery_claims, notes, routes
from insights.services.deliveries import Broken, Failed, Later, Parcel, Refused, Sent
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER, TODAY
from tests.services.routed import deliveries_of, destination, route_all, routed


@pytest.fixture
def pricing(session: Session) -> int:
    """A channel with a route for all about trucks."""
    channel = destination(session)
    routed(session, "truck", channel)
    return channel


def claim(session: Session, seconds: float = 0) -> Parcel | None:
    now = NOW + timedelta(seconds=seconds)
    return delivery_claims.claim(session, now=now, today=TODAY)


def settle(
    session: Session, parcel: Parcel | None, outcome: deliveries.Outcome, seconds: float = 0
) -> None:
    assert parcel is not None
    deliveries.settle(session, parcel, outcome, now=NOW + timedelta(seconds=seconds))


def post_and_route(session: Session, characters: Characters, count: int = 1) -> list[UUID]:
    made = [posted(session, characters.owner) for _ in range(count)]
    route_all(session)
    return made


def states(session: Session) -> list[str]:
    return [one.value for one in session.scalars(select(Delivery.state).order_by(Delivery.id))]


class TestClaiming:
    def test_gives_what_is_due_in_order(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        made = post_and_route(session, characters, 3)
        taken: list[UUID] = []
        while (parcel := claim(session)) is not None:
            taken += parcel.note_ids
            settle(session, parcel, Sent("1"))
        assert taken == made
        assert states(session) == ["sent"] * 3

    def test_gives_nothing_before_it_is_due(self, session: Session, characters: Characters) -> None:
        routed(session, "truck", destination(session), cadence=Cadence.DAILY, send_at=17 * 60)
        post_and_route(session, characters)
        assert claim(session, 5 * 3600 - 1) is None
        assert claim(session, 5 * 3600) is not None

    def test_a_destination_is_written_to_by_one_at_a_time(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        post_and_route(session, characters, 2)
        assert claim(session) is not None
        assert claim(session) is None

    def test_another_destination_does_not_wait(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        routed(session, "truck", destination(session, "C-OTHER"))
        post_and_route(session, characters)
        assert claim(session) is not None
        other = claim(session)
        assert other is not None
        assert other.address == "C-OTHER"

    def test_what_a_crash_left_behind_comes_first_and_is_told(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        made = post_and_route(session, characters, 2)
        first = claim(session)
        assert first is not None
        assert not first.is_unsure
        again = claim(session, deliveries.LEASE.total_seconds())
        assert again is not None
        assert (again.note_ids, again.is_unsure) == ((made[0],), True)

    def test_a_digest_takes_all_that_are_due_of_its_route(
        self, session: Session, characters: Characters
    ) -> None:
        channel = destination(session)
        routed(session, "truck", channel, cadence=Cadence.DAILY, send_at=17 * 60)
        routed(session, "pay", channel, cadence=Cadence.DAILY, send_at=17 * 60)
        made = post_and_route(session, characters, 3)
        at_five = 5 * 3600
        parcels = []
        while (parcel := claim(session, at_five)) is not None:
            parcels.append(parcel)
            settle(session, parcel, Sent("1"), at_five)
        assert [parcel.note_ids for parcel in parcels] == [tuple(made), tuple(made)]
        assert all(parcel.is_digest for parcel in parcels)


class TestWhatMayNotGoAnyMore:
    def test_a_note_withdrawn_meanwhile_is_withheld(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        gone, kept = post_and_route(session, characters, 2)
        within = timedelta(hours=1)
        notes.withdraw(session, characters.owner, gone, within=within, now=NOW, reason="")
        parcel = claim(session)
        assert parcel is not None
        assert parcel.note_ids == (kept,)
        assert deliveries_of(session, pricing, DeliveryState.WITHHELD) == [gone]

    def test_a_note_sealed_meanwhile_is_withheld(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        (note_id,) = post_and_route(session, characters)
        changes = notes.NoteChanges(audience=Audience.SEALED)
        notes.edit(session, characters.owner, note_id, changes, now=NOW)
        assert claim(session) is None
        assert states(session) == ["withheld"]
        assert session.get_one(Destination, pricing).next_at is None

    @pytest.mark.parametrize("end", ["mute", "remove"])
    def test_what_an_ended_route_had_gathered_is_withheld(
        self, session: Session, characters: Characters, end: str
    ) -> None:
        channel = destination(session)
        route_id = routed(session, "truck", channel, cadence=Cadence.DAILY, send_at=17 * 60)
        post_and_route(session, characters, 2)
        if end == "mute":
            routes.change(session, characters.admin, route_id=route_id, muted=True, now=NOW)
        else:
            routes.remove(session, characters.admin, route_id=route_id, now=NOW)
        assert claim(session, 5 * 3600) is None
        assert states(session) == ["withheld"] * 2

    def test_its_author_still_gets_it(self, session: Session, characters: Characters) -> None:
        box = destination(session, "U1", person_id=OWNER)
        routed(session, "truck", box, owner_id=OWNER, personal=True)
        (note_id,) = post_and_route(session, characters)
        changes = notes.NoteChanges(audience=Audience.SEALED)
        notes.edit(session, characters.owner, note_id, changes, now=NOW)
        parcel = claim(session)
        assert parcel is not None
        assert parcel.note_ids == (note_id,)


class TestSettling:
    def test_a_channel_keeps_its_pace(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        post_and_route(session, characters, 2)
        settle(session, claim(session), Sent("1", pace=timedelta(seconds=1)))
        assert claim(session, 0.5) is None
        assert claim(session, 1) is not None

    def test_a_failure_rests_longer_each_time_and_keeps_the_order(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        first, _ = post_and_route(session, characters, 2)
        moment, rests = 0.0, []
        for _ in range(4):
            parcel = claim(session, moment)
            assert parcel is not None
            assert parcel.note_ids == (first,)
            settle(session, parcel, Failed("no answer"), moment)
            ready = session.get_one(Destination, pricing).next_at
            assert ready is not None
            rests.append((ready - NOW).total_seconds() - moment)
            moment += rests[-1]
        assert rests == [10, 20, 40, 80]

    def test_what_the_receiver_asks_for_is_waited(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        post_and_route(session, characters)
        settle(session, claim(session), Failed("slow down", after=timedelta(seconds=30)))
        assert claim(session, 29) is None
        assert claim(session, 30) is not None

    def test_being_asked_to_wait_is_no_attempt_and_makes_no_rest_longer(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        post_and_route(session, characters)
        for moment in range(0, 2 * 40, 2):
            parcel = claim(session, moment)
            settle(session, parcel, Later("busy", timedelta(seconds=2)), moment)
            assert claim(session, moment + 1) is None
        assert states(session) == ["waiting"]
        assert session.get_one(Destination, pricing).failures == 0

    def test_what_is_never_taken_makes_room_for_the_next(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        _, second = post_and_route(session, characters, 2)
        settle(session, claim(session), Refused("msg_too_long"))
        parcel = claim(session)
        assert parcel is not None
        assert parcel.note_ids == (second,)
        assert states(session) == ["dead", "sending"]

    def test_after_too_many_attempts_it_is_dead(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        post_and_route(session, characters)
        moment = 0.0
        for _ in range(deliveries.MOST_ATTEMPTS):
            settle(session, claim(session, moment), Failed("no answer"), moment)
            moment += 3600
        assert states(session) == ["dead"]
        assert claim(session, moment) is None

    def test_a_broken_destination_waits_for_somebody_to_mend_it(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        (note_id,) = post_and_route(session, characters)
        settle(session, claim(session), Broken("The channel is archived."))
        assert claim(session, 86_400) is None
        assert session.get_one(Destination, pricing).trouble == "The channel is archived."
        assert deliveries.send_again(session, destination_id=pricing, now=NOW) == 0
        parcel = claim(session)
        assert parcel is not None
        assert parcel.note_ids == (note_id,)

    def test_dead_ones_go_once_more_when_somebody_says_so(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        post_and_route(session, characters, 2)
        for _ in range(2):
            settle(session, claim(session), Refused("no"))
        assert deliveries.send_again(session, destination_id=pricing, now=NOW) == 2
        assert claim(session) is not None


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of deliveries meanwhile."""
    asked: list[tuple[str, Any]] = []

    def remember(_conn: Any, _cursor: Any, text: str, values: Any, *_more: Any) -> None:
        if "deliveries" in text and not text.startswith(("INSERT", "EXPLAIN")):
            asked.append((text, values))

    event.listen(database.engine, "before_cursor_execute", remember)
    yield asked
    event.remove(database.engine, "before_cursor_execute", remember)


class TestManyWaiting:
    def test_all_of_an_ended_route_are_withheld_at_once(
        self, database: Database, session: Session, characters: Characters
    ) -> None:
        """A claim holds the database: it must not last the longer, the more an ended route had
        waiting."""
        channel = destination(session)
        route_id = routed(session, "truck", channel)
        kept = routed(session, "nobody", channel)
        post_and_route(session, characters, 5)
        waiting = deliveries.waiting(channel, cause="kept", route_id=kept, due_at=NOW, now=NOW)
        deliveries.put(session, [{**waiting, "matter": DeliveryMatter.TREND}])
        routes.change(session, characters.admin, route_id=route_id, muted=True, now=NOW)
        with statements(database) as asked:
            parcel = claim(session, 60)
        assert parcel is not None
        assert parcel.route_id == kept
        assert states(session) == ["withheld"] * 5 + ["sending"]
        assert len(asked) <= 5

    def test_nobody_reads_the_table_whole(
        self, database: Database, session: Session, characters: Characters, pricing: int
    ) -> None:
        """Neither claiming nor settling: each statement finds its deliveries by an index."""
        post_and_route(session, characters, 2)
        outcomes: list[deliveries.Outcome] = [Failed("no"), Sent("1"), Broken("gone")]
        with statements(database) as asked:
            for turn, outcome in enumerate(outcomes):
                settle(session, claim(session, 60 * turn), outcome, 60 * turn)
            deliveries.send_again(session, destination_id=pricing, now=NOW)
        assert {text.split()[0] for text, _ in asked} == {"SELECT", "UPDATE"}
        connection = session.connection()
        if not database.is_sqlite:
            # With so few rows it would be right to read them all.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        word = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        for text, values in asked:
            plan = str(connection.exec_driver_sql(f"{word} {text}", values).all())
            assert "SCAN deliveries" not in plan, text
            assert "Seq Scan on deliveries" not in plan, text
            assert "USE TEMP B-TREE" not in plan, text
