"""Workers that die at any moment, and a Slack with bad days: all that matches arrives, once."""

import random
from collections import Counter

import pytest

from insights.models import Delivery, DeliveryState, DestinationKind
from insights.search.analysis import ENGLISH
from insights.services.deliveries import Outcome, Parcel
from insights.services.parcels import Contents
from insights.worker.router import Router
from insights.worker.sender import Carrier, Sender
from integrations.slack import finding
from integrations.slack.carrier import DELIVERY, SlackCarrier
from tests.organisation import OWNER
from tests.services.routed import destination, routed
from tests.slack import carded
from tests.slack.insight_app import InsightApp
from tests.slack_server import faults

NOTES, CHANNELS, MOST_ROUNDS = 24, 3, 4_000
BAD_DAY = (
    faults.too_many_requests(),
    faults.server_error(),
    faults.refusal("internal_error"),
    faults.connection_reset(),
    faults.lost_response(),
)


class Killed(BaseException):
    """What kill -9 does: nothing after it is done."""


class Mortal:
    """Carries like the real one, and dies now and then, before or after it did."""

    def __init__(self, carrier: Carrier, chance: random.Random) -> None:
        self._carrier = carrier
        self._chance = chance

    def send(self, parcel: Parcel, contents: Contents) -> Outcome:
        moment = self._chance.random()
        if moment < 0.05:
            raise Killed
        outcome = self._carrier.send(parcel, contents)
        if moment < 0.15:
            raise Killed
        return outcome

    def find(self, parcel: Parcel) -> str | None:
        return self._carrier.find(parcel)


@pytest.mark.slack_rule(15, 37, 59)
def test_every_note_comes_once_wherever_it_belongs(unconnected: InsightApp) -> None:
    insight, chance = unconnected, random.Random(7)
    insight.server.slack.limits.enforced = False
    bot = insight.workspace.channel("field-notes").members[-1]
    people = [insight.workspace.people[bot]]
    places = []
    for number in range(CHANNELS):
        channel = insight.workspace.add_channel(f"matter{number}", people)
        with insight.database.writing() as session:
            place = destination(session, channel.id, team=insight.team_id)
            routed(session, f"matter{number}", place, threaded=number == 0)
        places.append(channel)
    wanted = []
    for _ in range(NOTES):
        chosen = chance.sample(range(CHANNELS), chance.choice((1, 1, 2)))
        note_id = insight.post(OWNER, " ".join(f"matter{number}" for number in chosen))
        wanted += [(note_id, places[number].id) for number in chosen]
    insight.server.slack.faults.scatter(0.2, *BAD_DAY)

    deaths = _deliver_all(insight, chance)

    assert deaths > 3
    assert set(carded.states(insight)) == {DeliveryState.SENT}
    assert _shown(insight) == Counter(wanted)
    messages = insight.workspace.messages[places[0].id].values()
    assert len([one for one in messages if one.thread_ts is None]) == 1


def _deliver_all(insight: InsightApp, chance: random.Random) -> int:
    """Lets one worker after another work until nothing is left; how many have died."""
    deaths, sender = 0, _worker(insight, chance)
    router = Router(insight.database, ENGLISH, insight.runtime.settings.zone, insight.now)
    while router.step():
        pass
    for _ in range(MOST_ROUNDS):
        try:
            busy = sender.step()
        except Killed:
            deaths, sender, busy = deaths + 1, _worker(insight, chance), True
        insight.clock.advance(1.0 if busy else 5.0)
        if not busy and set(carded.states(insight)) == {DeliveryState.SENT}:
            return deaths
    raise AssertionError("it finds no end")


def _worker(insight: InsightApp, chance: random.Random) -> Sender:
    mortal = Mortal(SlackCarrier(insight.worker_parts), chance)
    carriers = {DestinationKind.SLACK_CHANNEL: mortal}
    return Sender(insight.database, carriers, insight.runtime.settings.zone, insight.now)


def _shown(insight: InsightApp) -> Counter[tuple[object, str]]:
    """How often each note stands in each channel."""
    notes = insight.read(lambda session: {row.id: row.note_id for row in session.query(Delivery)})
    shown: Counter[tuple[object, str]] = Counter()
    for channel_id, messages in insight.workspace.messages.items():
        for message in messages.values():
            held = finding.payload({"metadata": message.metadata}, DELIVERY)
            for delivery_id in held.get("deliveries", ()):
                shown[notes[delivery_id], channel_id] += 1
    return shown
