"""The inbox: the notes that somebody is to decide about, and those about which it was decided.

Whoever may triage a note may see it, so the inbox of a manager is that of their territories. A
withdrawn note is not shown, and comes back when it is restored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, true, tuple_
from sqlalchemy.orm import Session

from insights.db import UTCDateTime, table_of
from insights.models import (
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Destination,
    Kind,
    Note,
    NoteCompetitor,
    Route,
    RouteContent,
    Triage,
    TriageState,
)
from insights.services import access, catalogue, note_cards, triage
from insights.services.access import Actor
from insights.services.note_cards import NoteCard, Position
from insights.services.triage import TriageView

MOST_ON_A_PAGE = 100
# Up to where the notes of a state are counted, and the new ones beside a link.
MOST_COUNTED = 1_000
MOST_NEW_COUNTED = 100
# Of the places to which a note was sent.
MOST_PLACES = 5
ACKNOWLEDGED_WITHIN = timedelta(days=30)
MOST_ACKNOWLEDGED = 1_000

_TRIAGES = table_of(Triage)


@dataclass(frozen=True, kw_only=True)
class InboxFilter:
    """Which notes of the inbox to show; a territory includes everything below it.

    `mine` keeps those about which the actor decided last.
    """

    state: TriageState = TriageState.NEW
    territory_id: int | None = None
    kind: Kind | None = None
    competitor_id: int | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A note of the inbox; `sent_to` are the first few places that got it, not single persons."""

    card: NoteCard
    triage: TriageView
    sent_to: Sequence[str]


@dataclass(frozen=True)
class InboxPage:
    """One page of the inbox; `next` is where the following one begins, by when notes came in."""

    items: Sequence[InboxItem]
    next: Position | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """How long notes waited for the first decision: the median, and of how many notes."""

    median: timedelta
    notes: int


def page(
    session: Session,
    actor: Actor,
    chosen: InboxFilter = InboxFilter(),
    *,
    after: Position | None = None,
    limit: int = 20,
) -> InboxPage:
    """The notes that the actor may decide about, those that came in last first, `limit` (at most
    100) at a time. Raises Forbidden for those who decide about none.

    A fixed number of queries.
    """
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    found = _chosen(session, actor, chosen)
    if after is not None:
        opened_at = literal(after.noted_at, UTCDateTime())
        found = found.where(
            tuple_(_TRIAGES.c.opened_at, _TRIAGES.c.note_id)
            < tuple_(opened_at, literal(after.id, _TRIAGES.c.note_id.type))
        )
    newest_first = (_TRIAGES.c.opened_at.desc(), _TRIAGES.c.note_id.desc())
    rows = session.execute(found.order_by(*newest_first).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    items = items_of(session, actor, [row.note_id for row in rows[:limit]])
    return InboxPage(items, Position(last.opened_at, last.note_id) if last else None)


def items_of(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[InboxItem]:
    """Those of these notes that are in the inbox and that the actor may see, in order."""
    views, places = triage.views_of(session, ids), _places(session, ids)
    return [
        InboxItem(card, views[card.id], places.get(card.id, ()))
        for card in note_cards.cards_of(session, actor, ids)
        if card.id in views
    ]


def counts(
    session: Session, actor: Actor, chosen: InboxFilter = InboxFilter()
) -> dict[TriageState, int]:
    """How many notes the inbox would show in each state, counted up to `MOST_COUNTED`; the state
    that is chosen does not matter. One query. Raises Forbidden."""
    columns = [
        select(func.count())
        .select_from(_chosen(session, actor, chosen, state=state).limit(MOST_COUNTED).subquery())
        .scalar_subquery()
        for state in TriageState
    ]
    found = session.execute(select(*columns)).one()
    return dict(zip(TriageState, found, strict=True))


def count_new(session: Session, actor: Actor) -> int:
    """How many notes wait for the actor, counted up to `MOST_NEW_COUNTED`; none for those who
    decide about none. Asked with every page: one query."""
    if not access.triages(actor):
        return 0
    found = _chosen(session, actor, InboxFilter()).limit(MOST_NEW_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def acknowledged(session: Session, actor: Actor, *, now: datetime) -> Acknowledged | None:
    """How long the notes waited that somebody decided about first in the last 30 days, at most the
    latest 1,000; None when there are none.

    Those that came in by the decision itself waited for nobody. Raises Forbidden.
    """
    access.require_triager(actor)
    since = literal(now - ACKNOWLEDGED_WITHIN, UTCDateTime())
    decided, opened = _TRIAGES.c.decided_at, _TRIAGES.c.opened_at
    rows = session.execute(
        select(opened, decided)
        .where(decided > since, decided > opened, _within_reach(actor))
        .order_by(decided.desc())
        .limit(MOST_ACKNOWLEDGED)
    ).all()
    if not rows:
        return None
    return Acknowledged(median(row.decided_at - row.opened_at for row in rows), len(rows))


def is_fed(session: Session) -> bool:
    """Whether any route of the organisation brings notes into the inbox."""
    common = exists().where(
        Route.personal.is_(False), Route.muted.is_(False), Route.content == RouteContent.NOTES
    )
    return bool(session.scalar(select(common)))


def _chosen(
    session: Session, actor: Actor, chosen: InboxFilter, *, state: TriageState | None = None
) -> Select[Any]:
    """The notes that the filter leaves. Each condition but those on the note itself is answered by
    the index in whose order they are read."""
    access.require_triager(actor)
    columns = _TRIAGES.c
    page = (
        select(columns.note_id, columns.opened_at)
        .join(Note, Note.id == columns.note_id)
        .where(
            columns.state == (state or chosen.state),
            _within_reach(actor),
            Note.withdrawn_at.is_(None),
        )
    )
    if chosen.mine:
        page = page.where(columns.person_id == actor.id)
    if chosen.territory_id is not None:
        below = catalogue.current(session).subtrees((chosen.territory_id,))
        page = page.where(columns.territory_id.in_(sorted(below)))
    if chosen.kind is not None:
        page = page.where(Note.kind == chosen.kind)
    if chosen.competitor_id is not None:
        page = page.where(
            columns.note_id.in_(
                select(NoteCompetitor.note_id).where(
                    NoteCompetitor.competitor_id == chosen.competitor_id
                )
            )
        )
    return page


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    """The notes that the actor may decide about (see `access.may_triage`)."""
    if actor.sees_all:
        return true()
    return _TRIAGES.c.territory_id.in_(sorted(actor.scope))


def _places(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """By note where it was sent that many people read. One query."""
    if not ids:
        return {}
    place = func.row_number().over(partition_by=Delivery.note_id, order_by=Delivery.id)
    ranked = (
        select(Delivery.note_id, Destination.label, place.label("place"))
        .join(Destination, Destination.id == Delivery.destination_id)
        .where(
            Delivery.note_id.in_(ids),
            Delivery.state == DeliveryState.SENT,
            Delivery.matter == DeliveryMatter.NOTE,
            Destination.person_id.is_(None),
        )
        .subquery()
    )
    found: dict[UUID, list[str]] = {}
    first = select(ranked).where(ranked.c.place <= MOST_PLACES).order_by(ranked.c.place)
    for row in session.execute(first):
        if row.label not in found.setdefault(row.note_id, []):
            found[row.note_id].append(row.label)
    return found
