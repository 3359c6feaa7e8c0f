"""What is said in the thread of a card becomes the note's comments, and follows what becomes of it.

Events come at least once and in any order. Of one message the newest event counts, and a deletion
for good; all that concerns one card is dealt with in turn, so that two events cannot miss each
other.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import Forbidden, Invalid, NotFound
from insights.models import Comment, SlackCard, SlackReceipt, SlackReply
from insights.services import access, comments
from insights.services.access import Actor
from insights.services.comments import LONGEST_TEXT
from insights.text import shorten
from integrations.slack import calls, copies, people, remarks
from integrations.slack.heard import Heard
from integrations.slack.listening import SUBTYPES, Listeners
from integrations.slack.parts import SlackParts
from integrations.slack.people import Caller
from integrations.slack.remarks import Remark
from integrations.slack.saved_messages import as_read

HEAR = "thread.hear"
# Somebody who is not known yet is looked up first; that may take as long as Slack is away.
PATIENCE = timedelta(hours=12)
NOT_KEPT = "Your reply stands in this thread alone; it was not kept with the note. "


def register(listeners: Listeners) -> None:
    """Hears of messages."""
    listeners.event("message", subtypes=SUBTYPES)(said)


def said(heard: Heard) -> None:
    """A message was written, changed or deleted; most have nothing to do with a card."""
    remark = remarks.read(heard.event)
    if remark is None:
        return
    with heard.reading() as session:
        if not _concerns_card(session, heard.team_id, remark):
            return
        caller = people.known(session, heard.team_id, remark.user_id)
    with heard.writing() as session:
        if caller is None and remark.raw is not None:
            _hear_later(session, heard, remark)
            return
        try:
            today = heard.parts.today(heard.now)
            keep(session, heard.team_id, remark, caller, today=today, now=heard.now)
        except (NotFound, Forbidden) as refusal:
            heard.tell(session, NOT_KEPT + refusal.message)


def hear(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that keeps the remark of an `event` whose author nobody knew. Raises what
    `Gateway.call` raises."""
    remark = remarks.read(arguments["event"])
    if remark is None:
        return
    caller, now = people.identify(parts, team_id, remark.user_id), parts.clock()
    try:
        with parts.database.writing() as session:
            keep(session, team_id, remark, caller, today=parts.today(now), now=now)
    except (NotFound, Forbidden):
        # It stands in the thread alone; nobody waits for an answer by now.
        return


def keep(
    session: Session,
    team_id: str,
    remark: Remark,
    caller: Caller | None,
    *,
    today: date,
    now: datetime,
) -> None:
    """Keeps the remark as a comment as it is now, unless something newer is known of it.

    `today` is the day in the organisation's time zone.

    Raises NotFound and Forbidden when the person may not comment on the note.
    """
    if remark.raw is None:
        _forget(session, team_id, remark, today=today, now=now)
        return
    card = _held(copies.at(session, team_id, remark.channel_id, remark.thread_ts), session)
    if card is None or session.get(SlackReceipt, _tombstone(team_id, remark)) is not None:
        return
    comment_id = remark.comment_id(team_id)
    reply = session.scalars(
        select(SlackReply).where(SlackReply.card_id == card.id, SlackReply.comment_id == comment_id)
    ).first()
    if reply is not None and not _is_newer(remark.event_ts, reply.event_ts):
        return
    text = shorten(as_read(session, team_id, remark.raw), LONGEST_TEXT)
    if reply is not None:
        _edit(session, comment_id, text, today=today, now=now)
        reply.event_ts = remark.event_ts
    elif caller is not None:
        author = people.actor(session, caller, today=today, now=now, make_guest=True)
        try:
            comments.add(session, author, card.note_id, comment_id=comment_id, text=text, now=now)
        except Invalid:
            # There is nothing to read in it.
            return
        session.add(_reply(card, comment_id, remark))
    session.flush()


def _concerns_card(session: Session, team_id: str, remark: Remark) -> bool:
    if remark.thread_ts and copies.at(session, team_id, remark.channel_id, remark.thread_ts):
        return True
    if remark.raw is not None:
        return False
    is_card = copies.at(session, team_id, remark.channel_id, remark.ts) is not None
    return is_card or session.get(Comment, remark.comment_id(team_id)) is not None


def _hear_later(session: Session, heard: Heard, remark: Remark) -> None:
    calls.put(
        session,
        key=f"{HEAR}:{heard.team_id}:{remark.channel_id}:{remark.ts}:{remark.event_ts}",
        team_id=heard.team_id,
        method=HEAR,
        arguments={"event": dict(heard.event)},
        now=heard.now,
        until=PATIENCE,
    )


def _forget(session: Session, team_id: str, remark: Remark, *, today: date, now: datetime) -> None:
    """What was deleted stays deleted, also when the news of its having been said comes later."""
    thread = copies.at(session, team_id, remark.channel_id, remark.thread_ts or remark.ts)
    card = _held(thread, session)
    if card is not None and card.ts == remark.ts:
        card.lost, card.stale_at = True, None
        session.flush()
        return
    row = {"key": _tombstone(team_id, remark), "at": now}
    session.execute(insert_or_skip(session, SlackReceipt, SlackReceipt.key), [row])
    comment = session.get(Comment, remark.comment_id(team_id))
    if comment is not None:
        author = _author(session, comment, today)
        comments.withdraw(session, author or access.OPERATOR, comment.id, now=now)


def _edit(session: Session, comment_id: UUID, text: str, *, today: date, now: datetime) -> None:
    """Changes the comment; one that was withdrawn on its page, or whose author has left, stays."""
    comment = session.get_one(Comment, comment_id)
    author = _author(session, comment, today)
    if author is None or comment.withdrawn_at is not None or not text:
        return
    comments.edit(session, author, comment_id, text=text, now=now)


def _author(session: Session, comment: Comment, today: date) -> Actor | None:
    try:
        return access.load_actor(session, comment.author_id, today=today)
    except NotFound:
        return None


def _held(card: SlackCard | None, session: Session) -> SlackCard | None:
    """The card, held until the transaction ends."""
    if card is None:
        return None
    return session.get(SlackCard, card.id, with_for_update=True, populate_existing=True)


def _reply(card: SlackCard, comment_id: UUID, remark: Remark) -> SlackReply:
    return SlackReply(
        card_id=card.id,
        comment_id=comment_id,
        ts=remark.ts,
        from_slack=True,
        event_ts=remark.event_ts,
        attempts=0,
    )


def _is_newer(event_ts: str, known: str | None) -> bool:
    return known is None or Decimal(event_ts) > Decimal(known)


def _tombstone(team_id: str, remark: Remark) -> str:
    return f"deleted:{team_id}/{remark.channel_id}/{remark.ts}"
