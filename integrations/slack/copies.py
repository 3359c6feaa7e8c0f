"""The copies of a note's card: where they stand, and what each is to say at present.

A copy shows what everyone who reads there may see. It is marked as stale by whatever changes its
note, and brought up to date by the worker (mirror.py).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.models import Destination, DestinationKind, Note, SlackCard, TopicNote
from insights.services import access, deliveries, note_cards, topics, triage
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.topics import TopicRef
from integrations.slack import cards
from integrations.slack.blocks import Message
from integrations.slack.links import Links

# A new copy is looked at once more: its note may have changed while it was being posted.
LOOK_AGAIN = timedelta(seconds=5)


def record(
    session: Session,
    *,
    team_id: str,
    channel_id: str,
    ts: str,
    note_id: UUID,
    destination_id: int | None,
    now: datetime,
    thread_ts: str | None = None,
    shown: Message | None = None,
) -> None:
    """Keeps where a copy stands. One of which nobody knows what it says (`shown` is None) is
    brought up to date at once; recording it twice changes nothing."""
    row = {
        "team_id": team_id,
        "channel_id": channel_id,
        "ts": ts,
        "thread_ts": thread_ts,
        "note_id": note_id,
        "destination_id": destination_id,
        "shown": cards.fingerprint(shown) if shown else "",
        "stale_at": now + LOOK_AGAIN if shown else now,
        "attempts": 0,
        "reposted": False,
        "lost": False,
        "created_at": now,
    }
    session.execute(insert_or_skip(session, SlackCard, SlackCard.id), [row])


def at(session: Session, team_id: str, channel_id: str, ts: str) -> SlackCard | None:
    """The copy that stands there; None for any other message."""
    return session.scalars(
        select(SlackCard).where(
            SlackCard.team_id == team_id, SlackCard.channel_id == channel_id, SlackCard.ts == ts
        )
    ).first()


def mark(session: Session, note_ids: Collection[UUID], *, now: datetime) -> None:
    """Has all copies of these notes brought up to date."""
    session.execute(
        update(SlackCard)
        .where(SlackCard.note_id.in_(note_ids), SlackCard.lost.is_(False))
        .values(stale_at=now, attempts=0)
    )


def mark_of_topics(session: Session, topic_ids: Collection[int], *, now: datetime) -> None:
    """Has all copies of the notes of these topics brought up to date."""
    notes = select(TopicNote.note_id).where(TopicNote.topic_id.in_(topic_ids))
    session.execute(
        update(SlackCard)
        .where(SlackCard.note_id.in_(notes), SlackCard.lost.is_(False))
        .values(stale_at=now, attempts=0)
    )


def mark_clicked(
    session: Session,
    *,
    team_id: str,
    channel_id: str,
    ts: str,
    thread_ts: str | None,
    note_id: UUID,
    now: datetime,
) -> None:
    """Has the copy that somebody has clicked brought up to date first, also one that was posted by
    a worker that died before it could write it down."""
    place = destination_at(session, team_id, channel_id)
    record(
        session, team_id=team_id, channel_id=channel_id, ts=ts, thread_ts=thread_ts,
        note_id=note_id, destination_id=place, now=now,
    )  # fmt: skip
    there = (SlackCard.team_id == team_id, SlackCard.channel_id == channel_id, SlackCard.ts == ts)
    session.execute(update(SlackCard).where(*there).values(stale_at=now, attempts=0))


def destination_at(session: Session, team_id: str, channel_id: str) -> int | None:
    """The organisation's destination in that channel; None when it has none there."""
    return session.scalar(
        select(Destination.id).where(
            Destination.kind == DestinationKind.SLACK_CHANNEL,
            Destination.team == team_id,
            Destination.address == channel_id,
            Destination.person_id.is_(None),
        )
    )


def reader_of(session: Session, destination_id: int | None, *, today: date) -> Actor | None:
    """As whom the copies at a destination are read; None when their reader has left. What was
    shared without one shows what everyone may see."""
    if destination_id is None:
        return access.EVERYBODY
    place = session.get_one(Destination, destination_id)
    return deliveries.reader_at(session, place, today=today)


def offers_triage(
    session: Session, destination_id: int | None, note: NoteCard, *, today: date
) -> bool:
    """Whether a copy there has buttons that decide about the note: in channels, where each click
    is checked, and for a person who may."""
    place = None if destination_id is None else session.get_one(Destination, destination_id)
    if place is None or place.person_id is None:
        return True
    reader = deliveries.reader_at(session, place, today=today)
    return reader is not None and access.may_triage(reader, note.territory.id)


def topics_shown(session: Session, note_id: UUID) -> Sequence[TopicRef]:
    """The note's topics that a card tells of, wherever it stands: those open to everyone."""
    return topics.topics_of_notes(session, access.EVERYBODY, [note_id]).get(note_id, ())


def message_of(session: Session, copy: SlackCard, links: Links, *, today: date) -> Message:
    """What the copy is to say at present."""
    reader = reader_of(session, copy.destination_id, today=today)
    found = note_cards.cards_of(session, reader, [copy.note_id]) if reader else []
    if not found:
        note = session.get_one(Note, copy.note_id)
        return cards.gone(withdrawn=note.withdrawn_at is not None)
    note_card = found[0]
    return cards.card(
        note_card,
        triage.views_of(session, [note_card.id]).get(note_card.id),
        links=links,
        topics=topics_shown(session, note_card.id),
        offers_triage=offers_triage(session, copy.destination_id, note_card, today=today),
    )
