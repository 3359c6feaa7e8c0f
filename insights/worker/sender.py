"""Hands what is due to those who can reach its destination."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from insights.clock import in_zone
from insights.db import Database
from insights.models import DestinationKind
from insights.services import access, deliveries, note_cards
from insights.services.deliveries import Broken, Outcome, Parcel, Sent
from insights.services.note_cards import NoteCard


class Carrier(Protocol):
    """Reaches the destinations of one kind. Neither call raises: what fails is an outcome."""

    def send(self, parcel: Parcel, cards: Sequence[NoteCard]) -> Outcome:
        """Hands the parcel over; `cards` are its notes."""

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
            today = in_zone(now, self._zone).date()
            parcel = deliveries.claim(session, now=now, today=today)
            if parcel is None:
                return False
            # The gate was passed in claiming: these are notes that the destination may see.
            cards = note_cards.cards_of(session, access.OPERATOR, parcel.note_ids)
        outcome = self._outcome(parcel, cards)
        with self._database.writing() as session:
            deliveries.settle(session, parcel, outcome, now=self._clock())
        return True

    def _outcome(self, parcel: Parcel, cards: Sequence[NoteCard]) -> Outcome:
        carrier = self._carriers.get(parcel.kind)
        if carrier is None:
            return Broken("This kind of destination is not set up. Ask an admin to do so.")
        if parcel.is_unsure:
            receipt = carrier.find(parcel)
            if receipt is not None:
                return Sent(receipt)
        return carrier.send(parcel, cards)
