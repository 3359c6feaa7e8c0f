"""Battlecards: what is known of a competitor, line by line, each with the notes on which it rests.

A line is for those who may see every note that it cites (access_work). What is shown of it, and how
fresh it is, takes four queries for a whole card.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from insights.models import BattlecardLine, CardSection, LineType, Person
from insights.services import access_work, catalogue, shelf_lives
from insights.services.access import Actor
from insights.services.battlecard_citations import Citation, Said, citations_of, said_of
from insights.services.battlecard_freshness import Freshness, doubt, freshness
from insights.services.catalogue import NamedItem
from insights.services.lookup import LARGEST_ID

# Of one competitor, those in use: more is no card that anybody reads.
MOST_LINES = 200

SECTIONS: Mapping[CardSection, str] = {
    CardSection.FACTS: "Facts",
    CardSection.HOW_WE_WIN: "How we win",
    CardSection.OBJECTIONS: "Objections and answers",
    CardSection.PRICING: "Pricing seen",
}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as one reader sees it. `reply` is what we say to an objection; `shelf_days` is None
    where the type decides; `doubt` is who says that it no longer holds, for those who keep it."""

    id: int
    competitor: NamedItem
    section: CardSection
    type: LineType
    text: str
    reply: str
    shelf_days: int | None
    version: int
    creator_name: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    citations: tuple[Citation, ...]
    freshness: Freshness
    doubt: Said | None


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of a card with its lines in order."""

    section: CardSection
    title: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class Battlecard:
    """All sections of a competitor, also those without lines."""

    competitor: NamedItem
    sections: tuple[SectionView, ...]

    @property
    def lines(self) -> list[LineView]:
        """All lines in order."""
        return [line for section in self.sections for line in section.lines]

    @property
    def stale(self) -> int:
        """How many lines are stale."""
        return sum(line.freshness.stale for line in self.lines)


_LINES = select(BattlecardLine, Person.name).outerjoin(
    Person, Person.id == BattlecardLine.creator_id
)


def card(session: Session, actor: Actor, competitor_id: int, *, now: datetime) -> Battlecard:
    """The battlecard of a competitor (or of what it was merged into), as the actor may see it.

    Four queries.
    """
    about = catalogue.current(session).competitor(competitor_id)
    lines = _views(
        session,
        actor,
        BattlecardLine.competitor_id == about.id,
        BattlecardLine.archived_at.is_(None),
        order=(BattlecardLine.position, BattlecardLine.id),
        limit=MOST_LINES,
        now=now,
    )
    sections = [
        SectionView(section, title, tuple(one for one in lines if one.section is section))
        for section, title in SECTIONS.items()
    ]
    return Battlecard(about, tuple(sections))


def line(session: Session, actor: Actor, line_id: int, *, now: datetime) -> LineView:
    """One line, also an archived one; raises NotFound."""
    row = access_work.line(session, actor, line_id)
    (found,) = _views(session, actor, BattlecardLine.id == row.id, limit=1, now=now)
    return found


def archived(
    session: Session,
    actor: Actor,
    competitor_id: int,
    *,
    limit: int,
    after: int | None = None,
    now: datetime,
) -> list[LineView]:
    """Up to `limit` lines that were taken off the card, the last written first, from behind number
    `after`."""
    behind = () if after is None else (BattlecardLine.id < min(after, LARGEST_ID),)
    return _views(
        session,
        actor,
        BattlecardLine.competitor_id == catalogue.current(session).competitor(competitor_id).id,
        BattlecardLine.archived_at.is_not(None),
        *behind,
        order=(BattlecardLine.id.desc(),),
        limit=limit,
        now=now,
    )


def count_archived(session: Session, actor: Actor, competitor_id: int) -> int:
    """How many lines of the competitor that the actor may see were taken off its card."""
    statement = select(func.count()).where(
        BattlecardLine.competitor_id == competitor_id,
        BattlecardLine.archived_at.is_not(None),
        access_work.visible_lines(actor),
    )
    return session.scalar(statement) or 0


def stored_views(
    session: Session,
    actor: Actor,
    rows: Sequence[tuple[BattlecardLine, str | None]],
    *,
    now: datetime,
) -> list[LineView]:
    """Lines that the actor may see, as they see them, in their order. Three queries."""
    ids = [row.id for row, _ in rows]
    cited, said = citations_of(session, actor, ids), said_of(session, ids)
    lives, known = shelf_lives.lives(session), catalogue.current(session)
    keeps = access_work.keeps_battlecards(actor)
    return [
        LineView(
            id=row.id,
            competitor=known.competitor(row.competitor_id),
            section=row.section,
            type=row.type,
            text=row.text,
            reply=row.reply,
            shelf_days=row.shelf_days,
            version=row.version,
            creator_name=creator or "Somebody",
            created_at=row.created_at,
            updated_at=row.updated_at,
            archived_at=row.archived_at,
            citations=cited.get(row.id, ()),
            freshness=freshness(row, cited.get(row.id, ()), said.get(row.id, {}), lives, now=now),
            doubt=doubt(row, said.get(row.id, {})) if keeps else None,
        )
        for row, creator in rows
    ]


def _views(
    session: Session,
    actor: Actor,
    *conditions: ColumnElement[bool],
    order: Sequence[Any] = (),
    limit: int,
    now: datetime,
) -> list[LineView]:
    chosen = _LINES.where(access_work.visible_lines(actor), *conditions)
    rows = session.execute(chosen.order_by(*order).limit(limit)).all()
    return stored_views(session, actor, [(row, creator) for row, creator in rows], now=now)
