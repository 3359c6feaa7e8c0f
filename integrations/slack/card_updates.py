"""Changes cards in place: what is marked as stale is brought up to date by one call each."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from insights.errors import Unavailable
from insights.models import SlackCard
from integrations.slack import cards, copies, finding, stale
from integrations.slack.blocks import Message
from integrations.slack.finding import Posted
from integrations.slack.gateway import SlackBusy, SlackRefused, SlackSilent
from integrations.slack.parts import SlackParts
from integrations.slack.stale import Failure, Pace

UPDATE, POST = "chat.update", "chat.postMessage"
# Slack allows about fifty changes a minute in a workspace.
PACE = timedelta(seconds=1.2)
# There is no such message, or it can never be changed again.
GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"}
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """A card that was taken until `lease`, and what it is to say."""

    card: SlackCard
    lease: datetime
    message: Message


class CardUpdates:
    """Steps of the worker; `step` tells whether there was something to do."""

    def __init__(self, parts: SlackParts) -> None:
        self._parts = parts
        self._pace = Pace()

    def step(self) -> bool:
        """Changes the next card that says something else than it should."""
        now = self._parts.clock()
        with self._parts.database.writing() as session:
            work = self._take(session, now)
        if work is None:
            return False
        card = work.card
        self._pace.rest(card.team_id, UPDATE, now + PACE)
        try:
            self._show(work)
        except (SlackRefused, SlackBusy, SlackSilent, Unavailable) as error:
            self._fail(work, error, now)
        return True

    def _fail(self, work: Work, error: Failure, now: datetime) -> None:
        rest = stale.rest_after(error, work.card.attempts)
        if rest is None:
            # The next change of the note is tried again, unless the card is gone for good.
            log.info("Slack refused to change a card: %s", error)
            self._settle(work, lost=str(error) in GONE)
            return
        if isinstance(error, SlackBusy):
            self._pace.rest(work.card.team_id, UPDATE, now + rest)
        self._put_off(work, now + rest)

    def _take(self, session: Session, now: datetime) -> Work | None:
        """The next card that is to be changed; those that say already what they should are done."""
        today = self._parts.today(now)
        for card in stale.due(session, SlackCard, now=now):
            if not self._pace.is_ready(card.team_id, UPDATE, now):
                continue
            lease = stale.take(session, card, now=now)
            if lease is None:
                continue
            message = copies.message_of(session, card, self._parts.links, today=today)
            if cards.fingerprint(message) != card.shown:
                return Work(card, lease, message)
            stale.settle(session, card, lease)
        return None

    def _show(self, work: Work) -> None:
        card, values = work.card, {}
        try:
            self._parts.gateways.of(card.team_id).call(
                UPDATE,
                channel=card.channel_id,
                ts=card.ts,
                **work.message.as_changed(),
            )
        except SlackRefused as refused:
            if refused.code != "message_not_found" or card.reposted:
                raise
            # Nobody has told of its being deleted, so it was lost on the way.
            values = {"ts": str(self._repost(work)["ts"]), "reposted": True}
        self._settle(work, shown=cards.fingerprint(work.message), **values)

    def _repost(self, work: Work) -> Posted:
        """Posts the card anew, unless an attempt of unknown end did."""
        card = work.card
        mark = finding.mark("repost", card=card.id)
        gateway = self._parts.gateways.of(card.team_id)
        found = finding.find(
            gateway,
            card.channel_id,
            lambda one: finding.payload(one, "repost") == mark["event_payload"],
            since=card.created_at,
            thread_ts=card.thread_ts,
        )
        return found or gateway.call(
            POST,
            channel=card.channel_id,
            thread_ts=card.thread_ts,
            metadata=mark,
            **work.message.arguments(),
        )

    def _settle(self, work: Work, **values: object) -> None:
        with self._parts.database.writing() as session:
            stale.settle(session, work.card, work.lease, **values)

    def _put_off(self, work: Work, until: datetime) -> None:
        with self._parts.database.writing() as session:
            stale.put_off(session, work.card, work.lease, until)
