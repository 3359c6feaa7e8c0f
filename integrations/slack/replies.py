"""The talk about a note in the threads of its cards: which comment is told where, and how.

A comment that came from one thread stands there already; the other copies are told it like one
that was written on the page.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.models import Comment, Person, SlackCard, SlackReply
from insights.services import note_cards
from integrations.slack import blocks, copies, text
from integrations.slack.blocks import MOST_QUOTE, Message
from integrations.slack.links import Links


def spread(session: Session, comment_ids: Collection[UUID], *, now: datetime) -> None:
    """Has new comments told in the threads of all cards that have one of their own.

    A card in the thread of the day has none: nobody could say which of its notes a reply is about.
    """
    found = session.execute(
        select(SlackCard.id, Comment.id)
        .join(Comment, Comment.note_id == SlackCard.note_id)
        .where(
            Comment.id.in_(comment_ids),
            SlackCard.lost.is_(False),
            SlackCard.thread_ts.is_(None),
        )
        .order_by(Comment.at, Comment.id, SlackCard.id)
    )
    rows = [
        {
            "card_id": card_id,
            "comment_id": comment_id,
            "from_slack": False,
            "stale_at": now,
            "attempts": 0,
        }
        for card_id, comment_id in found
    ]
    if rows:
        session.execute(insert_or_skip(session, SlackReply, SlackReply.id), rows)


def mark(session: Session, comment_ids: Collection[UUID], *, now: datetime) -> None:
    """Has what was told of these comments brought up to date."""
    session.execute(
        update(SlackReply)
        .where(SlackReply.comment_id.in_(comment_ids), SlackReply.from_slack.is_(False))
        .values(stale_at=now, attempts=0)
    )


def mark_of_notes(session: Session, note_ids: Collection[UUID], *, now: datetime) -> None:
    """Has all that was told about these notes brought up to date: other people may read it now."""
    theirs = select(SlackCard.id).where(SlackCard.note_id.in_(note_ids))
    session.execute(
        update(SlackReply)
        .where(SlackReply.card_id.in_(theirs), SlackReply.from_slack.is_(False))
        .values(stale_at=now, attempts=0)
    )


def message_of(
    session: Session, reply: SlackReply, card: SlackCard, links: Links, *, today: date
) -> Message | None:
    """What the reply is to say at present to those who read at its card; None when nothing is to
    stand there: the comment was withdrawn, or its note is not for them any more."""
    comment = session.get_one(Comment, reply.comment_id)
    reader = copies.reader_of(session, card.destination_id, today=today)
    readable = reader and note_cards.cards_of(session, reader, [card.note_id])
    if not readable or comment.withdrawn_at is not None:
        return None
    return _message(session.get_one(Person, comment.author_id).name, comment, links)


def _message(author: str, comment: Comment, links: Links) -> Message:
    name = f"*{text.escape(author)}*"
    shown = [blocks.section(name), blocks.quote(comment.text)]
    if len(comment.text) > MOST_QUOTE:
        whole = text.link(f"{links.note(comment.note_id)}#comment-{comment.id}", "Read all of it")
        shown.append(blocks.context(whole))
    return Message(f"{name}: {text.escape(comment.text)}", shown)
