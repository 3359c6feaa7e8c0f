"""The post as a worker runs it: from a note in the database to a program that receives it."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from insights.clock import utc_now
from insights.db import Database
from insights.models import Delivery, DeliveryMatter, DestinationKind
from insights.search.analysis import ENGLISH
from insights.services import deliveries
from insights.services.deliveries import Outcome, Parcel, Sent
from insights.services.parcels import Contents
from insights.vault import Vault
from insights.worker.post import PostWork
from insights.worker.router import Router
from insights.worker.sender import Sender
from integrations.webhooks.carrier import WebhookCarrier
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.integrations.receiver import Received, receiving
from tests.services.routed import destination, routed
from tests.worker.conftest import wait_for

ZONE = ZoneInfo("UTC")
VAULT = Vault("a secret of sixteen")


@pytest.fixture
def receiver() -> Iterator[Received]:
    """A program on this machine."""
    with receiving() as received:
        yield received


def post_work(database: Database) -> PostWork:
    carrier = WebhookCarrier(VAULT, utc_now, allowed=[ip_network("127.0.0.0/8")])
    router = Router(database, ENGLISH, ZONE, utc_now)
    # Routing begins here: what is posted from now on is no history.
    router.step()
    return PostWork(
        router,
        Sender(database, {DestinationKind.WEBHOOK: carrier}, ZONE, utc_now),
        hands=1,
        rest=0.01,
        failure_rest=0.01,
    )


def test_a_note_arrives_while_the_worker_does_other_things(
    database: Database, characters: Characters, receiver: Received
) -> None:
    work = post_work(database)
    work.start()
    try:
        with database.writing() as session:
            hook = destination(
                session, receiver.url, kind=DestinationKind.WEBHOOK,
                secret=VAULT.close("whsec_" + "c2VjcmV0" * 4),
            )  # fmt: skip
            routed(session, "truck", hook)
        with database.writing() as session:
            note_id = posted(session, characters.owner, now=utc_now())
        wait_for(lambda: bool(receiver.bodies))
    finally:
        work.close()
    assert [json.loads(one)["data"]["note"]["id"] for one in receiver.bodies] == [str(note_id)]
    with database.reading() as session:
        assert [one.value for one in session.scalars(select(Delivery.state))] == ["sent"]


def test_a_step_that_fails_ends_nothing(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    work = post_work(database)
    with database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE destinations RENAME TO elsewhere")
    work.start()
    try:
        wait_for(lambda: "A step of the post failed" in caplog.text)
        with database.writing() as session:
            session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO destinations")
    finally:
        work.close()
    assert caplog.text.count("A step of the post failed") == 1


def test_a_receiver_that_keeps_us_waiting_holds_nobody_else_up(database: Database) -> None:
    slow, quick = threading.Event(), threading.Event()

    class Patient:
        """Waits at one address until the message for the other has arrived."""

        def send(self, parcel: Parcel, _contents: Contents) -> Outcome:
            if parcel.address.endswith("slow"):
                slow.set()
                assert quick.wait(10)
            else:
                quick.set()
            return Sent("1")

        def find(self, _parcel: Parcel) -> str | None:
            return None

    now = utc_now()
    with database.writing() as session:
        for name in ("slow", "quick"):
            place = destination(session, f"https://example.com/{name}")
            row = deliveries.waiting(
                place, cause=name, due_at=now, now=now, matter=DeliveryMatter.TEST
            )
            deliveries.put(session, [row])
            now += timedelta(milliseconds=1)
    router = Router(database, ENGLISH, ZONE, utc_now)
    carriers = dict.fromkeys(DestinationKind, Patient())
    work = PostWork(router, Sender(database, carriers, ZONE, utc_now), rest=0.01)
    work.start()
    try:
        wait_for(quick.is_set)
    finally:
        work.close()
    assert slow.is_set()
