"""Whatever happens in whatever order, each delivery comes to an end and none goes where it may not.

Hypothesis makes up what happens: claims and what comes of them, crashes, time that passes, notes
that are sealed or withdrawn meanwhile, routes that are muted, destinations that break and are
mended.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Audience, Delivery, DeliveryState, Destination, Note, Route
from insights.services import deliveries, delivery_claims
from insights.services.deliveries import LEASE, Broken, Failed, Outcome, Parcel, Refused, Sent
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY
from tests.services.routed import destination, route_all, routed

OUTCOMES: dict[str, Outcome] = {
    "arrives": Sent("receipt", pace=timedelta(seconds=1)),
    "fails": Failed("no answer"),
    "must wait": Failed("slow down", after=timedelta(minutes=3)),
    "is refused": Refused("too long"),
    "breaks the destination": Broken("The channel is archived."),
}
NOTES, ENDS = 3, {DeliveryState.SENT, DeliveryState.WITHHELD, DeliveryState.DEAD}
EVENTS = st.one_of(
    st.tuples(st.just("deliver"), st.sampled_from(sorted(OUTCOMES))),
    st.tuples(st.sampled_from(["withdraw", "seal", "unseal"]), st.integers(0, NOTES - 1)),
    st.tuples(st.sampled_from(["crash", "mute", "unmute", "mend"]), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 200])),
)


@dataclass
class Course:
    """What has happened so far, in a transaction that is undone at the end."""

    session: Session
    notes: list[UUID]
    now: datetime = NOW
    arrived: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    revived: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        marked = {"takes_sealed": True}
        self.places = [
            destination(self.session, "C-ALL"),
            destination(self.session, "C-SEALED", **marked),
        ]
        self.routes = [routed(self.session, "truck", place) for place in self.places]
        route_all(self.session)

    def claim(self) -> Parcel | None:
        parcel = delivery_claims.claim(self.session, now=self.now, today=TODAY)
        if parcel is not None:
            place = self.session.get_one(Destination, parcel.destination_id)
            for note_id in parcel.note_ids:
                note = self.session.get_one(Note, note_id)
                assert note.withdrawn_at is None
                assert note.audience is Audience.EVERYONE or place.takes_sealed
        return parcel

    def deliver(self, outcome: Outcome) -> bool:
        parcel = self.claim()
        if parcel is None:
            return False
        if isinstance(outcome, Sent):
            self.arrived[parcel.destination_id] += parcel.deliveries
        deliveries.settle(self.session, parcel, outcome, now=self.now)
        return True

    def happen(self, what: str, which: object) -> None:
        session = self.session
        match what, which:
            case "deliver", str(name):
                self.deliver(OUTCOMES[name])
            case "crash", _:
                self.claim()
            case "wait", int(seconds):
                self.now += timedelta(seconds=seconds)
            case "withdraw", int(number):
                session.get_one(Note, self.notes[number]).withdrawn_at = self.now
            case (("seal" | "unseal"), int(number)):
                audience = Audience.SEALED if what == "seal" else Audience.EVERYONE
                session.get_one(Note, self.notes[number]).audience = audience
            case (("mute" | "unmute"), int(number)):
                session.get_one(Route, self.routes[number]).muted = what == "mute"
            case "mend", int(number):
                dead = select(Delivery.id).where(Delivery.state == DeliveryState.DEAD)
                self.revived |= set(session.scalars(dead))
                deliveries.send_again(session, destination_id=self.places[number], now=self.now)
        session.flush()

    def come_to_an_end(self) -> None:
        """All is mended, and time passes until nothing is left to do."""
        for number in range(len(self.places)):
            self.happen("mend", number)
        for _ in range(2):
            self.now += LEASE + deliveries.LONGEST_REST
            while self.deliver(Sent("receipt")):
                pass


@pytest.fixture
def notes(database: Database, characters: Characters) -> list[UUID]:
    """Some notes about trucks, kept."""
    with database.writing() as session:
        return [posted(session, characters.owner) for _ in range(NOTES)]


# The rules are those of the services alone, the same on both databases.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(events=st.lists(EVENTS, max_size=14))
def test_every_delivery_ends_in_order_and_only_where_it_may(
    database: Database, notes: list[UUID], events: list[tuple[str, object]]
) -> None:
    session = database.open_session(write=True)
    try:
        course = Course(session, notes)
        for what, which in events:
            course.happen(what, which)
        course.come_to_an_end()
        states = session.scalars(select(Delivery.state)).all()
        assert len(states) == NOTES * len(course.places)
        assert set(states) <= ENDS
        for arrived in course.arrived.values():
            assert len(arrived) == len(set(arrived))
            in_order = [one for one in arrived if one not in course.revived]
            assert in_order == sorted(in_order)
    finally:
        session.close()
