"""The thread of the day: where a threaded route puts its notes, under one message for each day.

Its days are those of the organisation's time zone.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from insights.clock import start_of
from insights.models import Delivery, DeliveryState
from insights.services.deliveries import Parcel
from integrations.slack import cards, finding
from integrations.slack.gateway import Gateway
from integrations.slack.parts import SlackParts

DAY = "day"


class DayThreads:
    """Finds the thread of a day, and begins one. All raise what `Gateway.call` raises."""

    def __init__(self, parts: SlackParts) -> None:
        self._parts = parts

    def of_today(self, gateway: Gateway, channel_id: str, parcel: Parcel) -> str:
        """The ts of today's message of the parcel's route; posts it if there is none yet."""
        found = self.find(gateway, channel_id, parcel, self._parts.clock())
        return found or self.begin(gateway, channel_id, parcel)

    def find(
        self, gateway: Gateway, channel_id: str, parcel: Parcel, moment: datetime
    ) -> str | None:
        """The ts of the message of that moment's day: as the last receipt tells, otherwise as Slack
        does; None when there is none."""
        day = self._parts.today(moment)
        begin = start_of(day, self._parts.settings.zone)
        known = self._known(parcel, begin)
        if known is not None:
            return known
        wanted = {"route": parcel.route_id, "day": day.isoformat()}
        found = finding.find(
            gateway, channel_id, lambda one: finding.payload(one, DAY) == wanted, since=begin
        )
        return None if found is None else str(found["ts"])

    def begin(self, gateway: Gateway, channel_id: str, parcel: Parcel) -> str:
        """Posts today's message; its ts."""
        today: date = self._parts.today(self._parts.clock())
        answer = gateway.call(
            "chat.postMessage",
            channel=channel_id,
            metadata=finding.mark(DAY, route=parcel.route_id, day=today.isoformat()),
            **cards.day(parcel.route_name, f"{today:%A, %-d %B}").arguments(),
        )
        return str(answer["ts"])

    def _known(self, parcel: Parcel, begin: datetime) -> str | None:
        """The thread in which the route's last delivery of the day that began then stands."""
        last = (
            select(Delivery.receipt)
            .where(
                Delivery.destination_id == parcel.destination_id,
                Delivery.state == DeliveryState.SENT,
                Delivery.due_at >= begin,
                Delivery.sent_at >= begin,
                Delivery.sent_at < begin + timedelta(days=1),
                Delivery.route_id == parcel.route_id,
                Delivery.receipt.like("%/%/%"),
            )
            .order_by(Delivery.due_at.desc(), Delivery.id.desc())
            .limit(1)
        )
        with self._parts.database.reading() as session:
            receipt = session.scalar(last)
        return None if receipt is None else receipt.rpartition("/")[2]
