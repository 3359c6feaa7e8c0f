"""Carries parcels to channels and people in Slack.

A message is posted at least once and hardly ever twice: it carries the ids of its deliveries, and
before a second attempt the channel is searched for it. A note's card is written down, so that it
can be brought up to date later.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from insights.errors import Unavailable
from insights.models import Delivery, DeliveryMatter, DestinationKind
from insights.services.deliveries import Outcome, Parcel, Sent
from insights.services.parcels import Contents
from integrations.slack import cards, copies, digests, finding, tellings
from integrations.slack.blocks import Message
from integrations.slack.day_threads import DayThreads
from integrations.slack.finding import Posted
from integrations.slack.gateway import Gateway, SlackBusy, SlackRefused, SlackSilent
from integrations.slack.links import Links
from integrations.slack.outcomes import outcome_of
from integrations.slack.parts import SlackParts

PACE = timedelta(seconds=1)
DELIVERY = "delivery"


class SlackCarrier:
    """Reaches channels and people of all workspaces that the app is in."""

    def __init__(self, parts: SlackParts) -> None:
        self._parts = parts
        self._days = DayThreads(parts)
        # The direct messages with a person have an id of their own, which stays.
        self._direct: dict[tuple[str, str], str] = {}
        # Deliveries of which all of so many attempts have surely posted nothing.
        self._unsaid: dict[int, int] = {}

    def send(self, parcel: Parcel, contents: Contents) -> Outcome:
        """Posts it, unless an earlier attempt of unknown end did: that is looked up first."""
        is_unsaid = self._tried_since(parcel) is None
        try:
            gateway = self._parts.gateways.of(parcel.team)
            channel_id = self._channel(gateway, parcel)
            receipt = None if is_unsaid else self._receipt(gateway, channel_id, parcel)
            if receipt is None:
                receipt = self._post(gateway, channel_id, parcel, contents)
        except (SlackBusy, SlackSilent, SlackRefused, Unavailable) as error:
            counts = not isinstance(error, SlackBusy)
            if counts and is_unsaid and not (isinstance(error, SlackSilent) and error.maybe_done):
                self._unsaid[parcel.deliveries[0]] = self._first(parcel).attempts
            return outcome_of(error)
        self._unsaid.pop(parcel.deliveries[0], None)
        return Sent(receipt, PACE)

    def find(self, parcel: Parcel) -> str | None:
        """Where the parcel stands; None also while Slack cannot be asked."""
        try:
            gateway = self._parts.gateways.of(parcel.team)
            return self._receipt(gateway, self._channel(gateway, parcel), parcel)
        except (SlackBusy, SlackSilent, SlackRefused, Unavailable):
            return None

    def _channel(self, gateway: Gateway, parcel: Parcel) -> str:
        if parcel.kind is DestinationKind.SLACK_CHANNEL:
            return parcel.address
        known = (parcel.team, parcel.address)
        if known not in self._direct:
            opened = gateway.call("conversations.open", users=parcel.address)
            self._direct[known] = opened["channel"]["id"]
        return self._direct[known]

    # What stands there already

    def _receipt(self, gateway: Gateway, channel_id: str, parcel: Parcel) -> str | None:
        """The receipt of what an earlier attempt has posted, if there was one and it did."""
        since = self._tried_since(parcel)
        if since is None:
            return None
        found = finding.find(gateway, channel_id, _holds(parcel), since=since)
        if found is None and parcel.threaded:
            for moment in (since, self._parts.clock()):
                thread_ts = self._days.find(gateway, channel_id, parcel, moment)
                if found is None and thread_ts is not None:
                    found = finding.find(
                        gateway, channel_id, _holds(parcel), since=since, thread_ts=thread_ts
                    )
        if found is None:
            return None
        thread_ts = found.get("thread_ts") if found.get("thread_ts") != found["ts"] else None
        self._record(parcel, channel_id, found["ts"], thread_ts)
        return _receipt(channel_id, found["ts"], thread_ts)

    def _tried_since(self, parcel: Parcel) -> datetime | None:
        """Since when the parcel may stand there; None for one that was never posted."""
        first = self._first(parcel)
        # Another worker may have tried it since this one did.
        unsaid = self._unsaid.get(first.id, 0)
        return None if first.attempts == unsaid + 1 else first.created_at

    def _first(self, parcel: Parcel) -> Delivery:
        with self._parts.database.reading() as session:
            return session.get_one(Delivery, parcel.deliveries[0])

    # Posting

    def _post(self, gateway: Gateway, channel_id: str, parcel: Parcel, contents: Contents) -> str:
        message = self._message(parcel, contents)
        metadata = finding.mark(DELIVERY, deliveries=list(parcel.deliveries))
        if not _is_card(parcel) or not parcel.threaded:
            ts = self._say(gateway, channel_id, message, metadata, None)
            self._record(parcel, channel_id, ts, None, message)
            return _receipt(channel_id, ts, None)
        thread_ts = self._days.of_today(gateway, channel_id, parcel)
        try:
            ts = self._say(gateway, channel_id, message, metadata, thread_ts)
        except SlackRefused as refused:
            if refused.code != "thread_not_found":
                raise
            # Somebody has deleted the day's message: the day begins anew.
            thread_ts = self._days.begin(gateway, channel_id, parcel)
            ts = self._say(gateway, channel_id, message, metadata, thread_ts)
        self._record(parcel, channel_id, ts, thread_ts, message)
        return _receipt(channel_id, ts, thread_ts)

    def _say(
        self,
        gateway: Gateway,
        channel_id: str,
        message: Message,
        metadata: finding.Mark,
        thread_ts: str | None,
    ) -> str:
        answer = gateway.call(
            "chat.postMessage",
            channel=channel_id,
            thread_ts=thread_ts,
            metadata=metadata,
            **message.arguments(),
        )
        return str(answer["ts"])

    def _message(self, parcel: Parcel, contents: Contents) -> Message:
        links = self._parts.links
        if contents.letter is not None:
            return tellings.message(int(parcel.detail or 0), contents.letter, links)
        if contents.trend is not None:
            return digests.trend(contents.trend, contents.evidence, links)
        if contents.summary is not None:
            return digests.digest(contents.summary, links)
        return self._of_notes(parcel, contents, links)

    def _of_notes(self, parcel: Parcel, contents: Contents, links: Links) -> Message:
        if parcel.matter is DeliveryMatter.TEST:
            return cards.test(parcel.route_name)
        if parcel.is_digest:
            return cards.gathered(contents.cards, parcel.route_name, links)
        note = contents.cards[0]
        state = contents.triage.get(note.id)
        if parcel.matter is DeliveryMatter.NEWS:
            return cards.news(note, state, parcel.detail, links)
        with self._parts.database.reading() as session:
            today = self._parts.today(self._parts.clock())
            offers = copies.offers_triage(session, parcel.destination_id, note, today=today)
            shown = copies.topics_shown(session, note.id)
        return cards.card(note, state, links=links, topics=shown, offers_triage=offers)

    def _record(
        self,
        parcel: Parcel,
        channel_id: str,
        ts: str,
        thread_ts: str | None,
        shown: Message | None = None,
    ) -> None:
        """Writes down where a note's card stands; of other messages nothing is kept."""
        if not _is_card(parcel):
            return
        with self._parts.database.writing() as session:
            copies.record(
                session,
                team_id=parcel.team,
                channel_id=channel_id,
                ts=ts,
                thread_ts=thread_ts,
                note_id=_note_of(parcel),
                destination_id=parcel.destination_id,
                shown=shown,
                now=self._parts.clock(),
            )


def _holds(parcel: Parcel) -> Callable[[Posted], bool]:
    """Whether a message holds all of the parcel: one that holds a part of it is not it."""
    wanted = set(parcel.deliveries)

    def holds(message: Posted) -> bool:
        held = finding.payload(message, DELIVERY).get("deliveries")
        return isinstance(held, list) and wanted <= set(held)

    return holds


def _is_card(parcel: Parcel) -> bool:
    return parcel.matter is DeliveryMatter.NOTE and not parcel.is_digest


def _note_of(parcel: Parcel) -> UUID:
    return parcel.note_ids[0]


def _receipt(channel_id: str, ts: str, thread_ts: str | None) -> str:
    return "/".join(filter(None, (channel_id, ts, thread_ts)))
