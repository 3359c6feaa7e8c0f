"""Tells comments in the threads of cards, changes what was told, and deletes it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from insights.errors import Unavailable
from insights.models import SlackCard, SlackReply
from integrations.slack import finding, replies, stale
from integrations.slack.blocks import Message
from integrations.slack.gateway import Gateway, SlackBusy, SlackRefused, SlackSilent
from integrations.slack.parts import SlackParts
from integrations.slack.stale import Failure, Pace

COMMENT = "comment"
PACE = timedelta(seconds=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """A reply that was taken until `lease`, and what it is to say; None for nothing at all."""

    reply: SlackReply
    card: SlackCard
    lease: datetime
    message: Message | None


class ReplyUpdates:
    """Steps of the worker; `step` tells whether there was something to do."""

    def __init__(self, parts: SlackParts) -> None:
        self._parts = parts
        self._pace = Pace()

    def step(self) -> bool:
        """Brings the next reply up to date."""
        now = self._parts.clock()
        with self._parts.database.writing() as session:
            work = self._take(session, now)
        if work is None:
            return False
        team_id, channel_id = work.card.team_id, work.card.channel_id
        self._pace.rest(team_id, channel_id, now + PACE)
        try:
            ts = self._done(self._parts.gateways.of(team_id), work)
        except (SlackRefused, SlackBusy, SlackSilent, Unavailable) as error:
            self._fail(work, error, now)
        else:
            self._settle(work, ts)
        return True

    def _fail(self, work: Work, error: Failure, now: datetime) -> None:
        rest = stale.rest_after(error, work.reply.attempts)
        if rest is None:
            # Nothing is to be said there any more: the thread, the message or the channel is gone.
            log.info("Slack refused a reply: %s", error)
            self._settle(work, work.reply.ts)
            return
        if isinstance(error, SlackBusy):
            self._pace.rest(work.card.team_id, work.card.channel_id, now + rest)
        self._put_off(work, now + rest)

    def _take(self, session: Session, now: datetime) -> Work | None:
        today = self._parts.today(now)
        for reply in stale.due(session, SlackReply, now=now):
            card = session.get_one(SlackCard, reply.card_id)
            if not self._pace.is_ready(card.team_id, card.channel_id, now):
                continue
            lease = stale.take(session, reply, now=now)
            if lease is None:
                continue
            message = replies.message_of(session, reply, card, self._parts.links, today=today)
            if not card.lost and (message is not None or reply.ts is not None):
                return Work(reply, card, lease, message)
            stale.settle(session, reply, lease)
        return None

    def _done(self, gateway: Gateway, work: Work) -> str | None:
        """Says, changes or deletes it; returns its ts afterwards."""
        reply, channel_id = work.reply, work.card.channel_id
        if work.message is None:
            self._delete(gateway, channel_id, str(reply.ts))
            return None
        if reply.ts is not None:
            gateway.call(
                "chat.update", channel=channel_id, ts=reply.ts, **work.message.as_changed()
            )
            return reply.ts
        said = self._said_before(gateway, work) or gateway.call(
            "chat.postMessage",
            channel=channel_id,
            thread_ts=work.card.ts,
            metadata=_mark(reply),
            **work.message.arguments(),
        )
        return str(said["ts"])

    def _delete(self, gateway: Gateway, channel_id: str, ts: str) -> None:
        try:
            gateway.call("chat.delete", channel=channel_id, ts=ts)
        except SlackRefused as refused:
            if refused.code != "message_not_found":
                raise

    def _said_before(self, gateway: Gateway, work: Work) -> finding.Posted | None:
        """What an attempt of unknown end has said."""
        if work.reply.attempts <= 1:
            return None
        mark = _mark(work.reply)["event_payload"]
        return finding.find(
            gateway,
            work.card.channel_id,
            lambda one: finding.payload(one, COMMENT) == mark,
            since=work.card.created_at,
            thread_ts=work.card.ts,
        )

    def _settle(self, work: Work, ts: str | None) -> None:
        with self._parts.database.writing() as session:
            stale.settle(session, work.reply, work.lease, ts=ts)

    def _put_off(self, work: Work, until: datetime) -> None:
        with self._parts.database.writing() as session:
            stale.put_off(session, work.reply, work.lease, until)


def _mark(reply: SlackReply) -> finding.Mark:
    return finding.mark(COMMENT, comment=str(reply.comment_id))
