"""What is due reaches its destination, whatever happens on the way."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from insights.db import Database
from insights.models import Delivery, Destination, DestinationKind
from insights.search.analysis import ENGLISH
from insights.services.deliveries import LEASE, Failed, Outcome, Parcel, Sent
from insights.services.parcels import Contents
from insights.worker.router import Router
from insights.worker.sender import Sender
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.routed import destination, routed

ZONE = ZoneInfo("UTC")


class PowerCut(BaseException):
    """The process dies here."""


@dataclass
class Mailbox:
    """A receiver in memory, which can fail in the ways that receivers do."""

    arrived: list[UUID] = field(default_factory=list)
    failures: int = 0
    dies: bool = False

    def send(self, parcel: Parcel, contents: Contents) -> Outcome:
        if self.failures:
            self.failures -= 1
            return Failed("no answer")
        self.arrived += [card.id for card in contents.cards]
        if self.dies:
            self.dies = False
            raise PowerCut
        return Sent("receipt")

    def find(self, parcel: Parcel) -> str | None:
        return "receipt" if set(parcel.note_ids) <= set(self.arrived) else None


@dataclass
class Post:
    """The router, a sender and a channel for all about trucks, on a clock of their own."""

    database: Database
    characters: Characters
    mailbox: Mailbox = field(default_factory=Mailbox)
    seconds: float = 0

    def __post_init__(self) -> None:
        def clock() -> "object":
            return NOW + timedelta(seconds=self.seconds)

        self.router = Router(self.database, ENGLISH, ZONE, clock)  # type: ignore[arg-type]
        carriers = {DestinationKind.SLACK_CHANNEL: self.mailbox}
        self.sender = Sender(self.database, carriers, ZONE, clock)  # type: ignore[arg-type]
        self.router.step()
        with self.database.writing() as session:
            routed(session, "truck", destination(session))

    def write(self, count: int = 1) -> list[UUID]:
        with self.database.writing() as session:
            return [posted(session, self.characters.owner) for _ in range(count)]

    def deliver(self, patience: float = 7200) -> None:
        """Lets router and sender work, and the time pass while there is nothing to do."""
        end = self.seconds + patience
        while self.seconds < end:
            if not self.router.step() and not self.sender.step():
                self.seconds += 30

    def states(self) -> list[str]:
        with self.database.reading() as session:
            return [one.value for one in session.scalars(select(Delivery.state))]


@pytest.fixture
def post(database: Database, characters: Characters) -> Post:
    return Post(database, characters)


def test_every_note_arrives_once_and_in_order(post: Post) -> None:
    made = post.write(5)
    post.deliver()
    assert post.mailbox.arrived == made
    assert post.states() == ["sent"] * 5


def test_what_was_posted_before_routing_began_is_history(
    database: Database, characters: Characters
) -> None:
    with database.writing() as session:
        routed(session, "truck", destination(session, "C-EARLY"))
        posted(session, characters.owner)
    post = Post(database, characters)
    post.deliver(patience=60)
    assert post.mailbox.arrived == []


def test_a_receiver_that_fails_gets_them_later_in_the_same_order(post: Post) -> None:
    post.mailbox.failures = 3
    made = post.write(3)
    post.deliver()
    assert post.mailbox.arrived == made


def test_a_crash_after_the_receiver_had_it_sends_nothing_twice(post: Post) -> None:
    made = post.write(2)
    post.router.step()
    post.mailbox.dies = True
    with pytest.raises(PowerCut):
        post.sender.step()
    post.seconds += LEASE.total_seconds()
    post.deliver()
    assert post.mailbox.arrived == made
    assert post.states() == ["sent"] * 2


def test_a_destination_that_nobody_can_reach_is_in_trouble_and_loses_nothing(post: Post) -> None:
    with post.database.writing() as session:
        routed(session, "truck", destination(session, "a@example.com", kind=DestinationKind.MAIL))
    post.write()
    post.deliver(patience=120)
    assert sorted(post.states()) == ["sent", "waiting"]
    with post.database.reading() as session:
        (trouble,) = session.scalars(
            select(Destination.trouble).where(Destination.kind == DestinationKind.MAIL)
        )
    assert "No mail server is set up" in trouble


def test_a_router_that_died_goes_on_where_it_was(post: Post) -> None:
    first = post.write(2)
    post.router.step()
    again = Post.__new__(Post)
    again.__dict__.update(vars(post))
    again.router = Router(post.database, ENGLISH, ZONE, lambda: NOW)
    second = post.write(1)
    again.deliver()
    assert post.mailbox.arrived == first + second
