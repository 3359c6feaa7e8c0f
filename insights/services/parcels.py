"""What is in a parcel, read for those who read at its destination when it is claimed.

A delivery names a note, a trend or a week; what is told of it is what it is at this moment, and as
much of it as its readers may see. A parcel that holds nothing for them is withheld.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import DeliveryMatter, Route, Telling
from insights.services import (
    deliveries,
    delivery_claims,
    digests,
    letters,
    lookup,
    note_cards,
    trend_evidence,
    trends,
    triage,
)
from insights.services.access import Actor
from insights.services.deliveries import Parcel
from insights.services.digests import Digest
from insights.services.letter import Letter
from insights.services.note_cards import NoteCard
from insights.services.trend_evidence import EvidenceNote
from insights.services.trends import TrendView
from insights.services.triage import TriageView

EVIDENCE_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Contents:
    """What a parcel holds: the cards of its notes with how far triage is with each, or a trend
    with its newest notes, or a week's summary. A test holds nothing. `evidence_ids` are, by the id
    of each trend in it, all notes of that trend that its readers may see. A letter is what one
    person is told."""

    cards: Sequence[NoteCard] = ()
    triage: Mapping[UUID, TriageView] = field(default_factory=dict)
    trend: TrendView | None = None
    evidence: Sequence[EvidenceNote] = ()
    summary: Digest | None = None
    evidence_ids: Mapping[int, Sequence[UUID]] = field(default_factory=dict)
    letter: Letter | None = None

    def __bool__(self) -> bool:
        return bool(self.cards or self.trend or self.summary or self.letter)


def take(session: Session, *, today: date, now: datetime) -> tuple[Parcel, Contents] | None:
    """Claims the next parcel that is due and holds something, with its contents; None if none is.

    Those on the way to it that hold nothing are withheld. `today` is the day in the organisation's
    time zone.
    """
    while (parcel := delivery_claims.claim(session, now=now, today=today)) is not None:
        found = contents(session, parcel, today=today)
        if found or parcel.matter is DeliveryMatter.TEST:
            return parcel, found
        deliveries.withhold(session, parcel, now=now)
    return None


def contents(session: Session, parcel: Parcel, *, today: date) -> Contents:
    """What the parcel holds for its readers; falsy when that is nothing."""
    reader = parcel.reader
    if reader is None:
        return Contents()
    match parcel.matter:
        case DeliveryMatter.NOTE | DeliveryMatter.NEWS:
            cards = note_cards.cards_of(session, reader, parcel.note_ids)
            return Contents(cards, triage.views_of(session, [one.id for one in cards]))
        case DeliveryMatter.TREND:
            return _trend(session, reader, parcel, today)
        case DeliveryMatter.SUMMARY:
            return _summary(session, reader, parcel, today)
        case DeliveryMatter.TELLING:
            return _telling(session, reader, parcel)
        case DeliveryMatter.TEST:
            return Contents()


def _trend(session: Session, reader: Actor, parcel: Parcel, today: date) -> Contents:
    """Nothing when the readers have muted the trend, or may not see it any more."""
    try:
        found = trends.get(session, reader, int(parcel.detail or 0), on=today)
    except NotFound:
        return Contents()
    if found.muted:
        return Contents()
    evidence = trend_evidence.newest(session, reader, [found], each=EVIDENCE_SHOWN)
    return Contents(
        trend=found,
        evidence=evidence[found.id],
        evidence_ids=trend_evidence.visible(session, reader, [found]),
    )


def _telling(session: Session, reader: Actor, parcel: Parcel) -> Contents:
    told = lookup.by_id(session, Telling, int(parcel.detail or 0))
    if told is None or told.person_id != reader.id:
        return Contents()
    return Contents(letter=letters.letter(session, reader, told.matter, told.subject))


def _summary(session: Session, reader: Actor, parcel: Parcel, today: date) -> Contents:
    route = session.get(Route, parcel.route_id) if parcel.route_id else None
    if route is None or parcel.detail is None:
        return Contents()
    zone = ZoneInfo(route.zone)
    part = digests.part_of(session, route.query, zone=zone, today=today)
    week = date.fromisoformat(parcel.detail)
    made = digests.digest(session, reader, part, week=week, zone=zone)
    seen = trend_evidence.visible(session, reader, made.emerged)
    return Contents(summary=made or None, evidence_ids=seen)
