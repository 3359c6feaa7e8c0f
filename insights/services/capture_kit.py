"""The capture kit: all lists that a phone needs to write a note without a signal.

It is the same for a person until the catalogue, the guard-rails, what they hold, the accounts of
their territories, or the open questions to them change. Whether it did is told without putting it
together (`Sources.version`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import Account
from insights.services import catalogue, guard_rails, handovers, questions, territories
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item, NamedItem, Place, SegmentItem
from insights.services.note_drafts import KnownAccount
from insights.services.notes import known_accounts
from insights.services.outlines import Ring, outline
from insights.services.question_views import QuestionView
from insights.tagging.dictionary import Entry, TagKind
from insights.tagging.kinds import TELL_TALES
from insights.text import fold

MOST_ACCOUNTS = 500
MOST_OUTLINES = 300
MOST_QUESTIONS = 10
MOST_BRIEFS = 10

_ACCOUNTS = table_of(Account).c
_OUTLINES_KEY = "outlines"

Outlines = Mapping[int, Sequence[Ring]]
T = TypeVar("T", bound=Item)


@dataclass(frozen=True)
class Sources:
    """What the kit of a person is made from, as this transaction sees it."""

    actor: Actor
    known: Catalogue
    accounts: Sequence[KnownAccount]
    guard_rails: Mapping[str, Any]
    questions: Sequence[QuestionView]
    # What they took over lately, whose brief their devices keep.
    handover_ids: Sequence[int] = ()

    @cached_property
    def version(self) -> str:
        """A short text that differs whenever the kit would."""
        person = (self.actor.id, self.actor.name, self.actor.held)
        accounts = [(one.id, one.name, one.territory_id, one.segment_ids) for one in self.accounts]
        words = (self.guard_rails, dict(TELL_TALES))
        asked = [(one.id, one.version, one.answered_by_me) for one in self.questions]
        read = (asked, list(self.handover_ids))
        told = json.dumps([str(self.known.version), person, accounts, words, read])
        return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()

    @property
    def held(self) -> list[Place]:
        """The territories that the person holds, the newest assignment first."""
        return _in_use(self.known.territories[one] for one in self.actor.held)


@dataclass(frozen=True, slots=True)
class CaptureKit:
    """The lists themselves, without anything archived.

    `territories` come each followed by those below it; `makers` are competitors by the id of their
    products; `entries` are what text is searched for, each with the slug of what it stands for.
    """

    sources: Sources
    territories: Sequence[Place]
    outlines: Outlines
    segments: Sequence[SegmentItem]
    competitors: Sequence[NamedItem]
    products: Sequence[NamedItem]
    makers: Mapping[int, NamedItem]
    entries: Sequence[tuple[Entry, str]]


def sources(session: Session, actor: Actor, *, today: date) -> Sources:
    """What the actor's kit is made from on the day `today`: a few queries and none per row.

    The accounts are the first 500 in use, in order of name, of the territories that the actor holds
    and of those below. The questions are the first 10 that are open and aimed at the actor; the
    handovers the last 10 to them of 60 days.
    """
    return Sources(
        actor=actor,
        known=catalogue.current(session),
        accounts=_accounts(session, actor),
        guard_rails=guard_rails.current(session).as_kit(),
        questions=questions.for_person(session, actor, today=today, limit=MOST_QUESTIONS),
        handover_ids=[
            one.id for one in handovers.received(session, actor, today=today, limit=MOST_BRIEFS)
        ],
    )


def kit(session: Session, actor: Actor, *, made_from: Sources) -> CaptureKit:
    """The kit of the actor; one query, and that only after the catalogue has changed."""
    known = made_from.known
    products = _in_use(known.products.values())
    places = territories.list_territories(session, actor)
    return CaptureKit(
        sources=made_from,
        territories=places,
        outlines=_nearest_to_hand(_outlines(session, actor, known), places, actor),
        segments=_in_use(known.segments.values()),
        competitors=_in_use(known.competitors.values()),
        products=products,
        makers=_makers(known, products),
        entries=[(entry, _named(known, entry).slug) for entry in known.entries()],
    )


def _in_use(items: Iterable[T]) -> list[T]:
    return [one for one in items if not one.archived]


def _makers(known: Catalogue, products: Iterable[NamedItem]) -> dict[int, NamedItem]:
    made = {one.id: known.competitor(one.competitor_id) for one in products if one.competitor_id}
    return {product_id: maker for product_id, maker in made.items() if not maker.archived}


def _named(known: Catalogue, entry: Entry) -> Item:
    tables: Mapping[TagKind, Mapping[int, Item]] = {
        TagKind.TERRITORY: known.territories,
        TagKind.SEGMENT: known.segments,
        TagKind.COMPETITOR: known.competitors,
        TagKind.PRODUCT: known.products,
    }
    return tables[entry.kind][entry.id]


def _accounts(session: Session, actor: Actor) -> list[KnownAccount]:
    own = select(_ACCOUNTS.id).where(
        _ACCOUNTS.territory_id.in_(sorted(actor.scope)), _ACCOUNTS.archived_at.is_(None)
    )
    ids = own.order_by(_ACCOUNTS.folded, _ACCOUNTS.id).limit(MOST_ACCOUNTS)
    known = known_accounts(session, ids)
    return sorted(known.values(), key=lambda one: (fold(one.name), one.id))


def _outlines(session: Session, actor: Actor, known: Catalogue) -> Outlines:
    """All outlines by territory; a process keeps those of one version of the catalogue."""
    if catalogue.CHANGED_KEY in session.info:
        return _drawn(session, actor)
    cache = session.info["cache"]
    kept: tuple[UUID, Outlines] | None = cache.get(_OUTLINES_KEY)
    if kept is None or kept[0] != known.version:
        kept = cache[_OUTLINES_KEY] = (known.version, _drawn(session, actor))
    return kept[1]


def _drawn(session: Session, actor: Actor) -> Outlines:
    shapes = territories.shapes(session, actor)
    drawn = {territory_id: outline(shape) for territory_id, shape in shapes.items()}
    return {territory_id: rings for territory_id, rings in drawn.items() if rings}


def _nearest_to_hand(outlines: Outlines, places: Iterable[Place], actor: Actor) -> Outlines:
    """Those of the actor's territories first; of very many the rest would only be ballast."""
    ordered = sorted(places, key=lambda one: one.id not in actor.scope)
    drawn = [one.id for one in ordered if one.id in outlines]
    return {one: outlines[one] for one in drawn[:MOST_OUTLINES]}
