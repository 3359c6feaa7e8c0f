"""Hands what is due to those who can reach its destination."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from insights.clock import in_zone
from insights.db import Database
from insights.models import DestinationKind
from insights.services import deliveries, parcels
from insights.services.deliveries import Broken, Outcome, Parcel, Sent
from insights.services.parcels import Contents

_MISSING = {
    DestinationKind.MAIL: "No mail server is set up. An admin does so (INSIGHTS_SMTP_HOST).",
    DestinationKind.SLACK_CHANNEL: "Slack is not set up. An admin does so under Slack.",
    DestinationKind.SLACK_PERSON: "Slack is not set up. An admin does so under Slack.",
    DestinationKind.WEBHOOK: "Webhooks are not set up.",
}


class Carrier(Protocol):
    """Reaches the destinations of one kind. Neither call raises: what fails is an outcome."""

    def send(self, parcel: Parcel, contents: Contents) -> Outcome:
        """Hands the parcel over; `contents` are as much of it as its readers may see."""

    def find(self, parcel: Parcel) -> str | None:
        """The receipt of a parcel that has arrived; None if it has not or nobody can tell."""


class Sender:
    """Sends one parcel at a time, as long as there are any."""

    def __init__(
        self,
        database: Database,
        carriers: Mapping[DestinationKind, Carrier],
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._carriers = carriers
        self._zone = zone
        self._clock = clock

    def step(self) -> bool:
        """Sends the next parcel that is due; whether there was one."""
        now = self._clock()
        with self._database.writing() as session:
            taken = parcels.take(session, today=in_zone(now, self._zone).date(), now=now)
        if taken is None:
            return False
        parcel, contents = taken
        outcome = self._outcome(parcel, contents)
        with self._database.writing() as session:
            deliveries.settle(session, parcel, outcome, now=self._clock())
        return True

    def _outcome(self, parcel: Parcel, contents: Contents) -> Outcome:
        carrier = self._carriers.get(parcel.kind)
        if carrier is None:
            return Broken(_MISSING[parcel.kind])
        if parcel.is_unsure:
            receipt = carrier.find(parcel)
            if receipt is not None:
                return Sent(receipt)
        return carrier.send(parcel, contents)
