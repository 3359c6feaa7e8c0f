"""Trends on pages: a card as templates/components/trend.html shows it, and the section of a page.

A page with `?to=` looks at a day in the past (web/periods.py), and shows what was emerging then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from flask import url_for

from insights.clock import in_zone
from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.services import access, trend_evidence, trend_words, trends
from insights.services.access import Actor
from insights.services.trend_evidence import EvidenceNote
from insights.services.trends import LEAST_HISTORY, Emerging, TrendView
from insights.web.periods import asked_period

NOTES_SHOWN = 2
CARDS_SHOWN = 5
State = Literal["nothing", "young", "quiet", "emerging"]


@dataclass(frozen=True, slots=True)
class TrendCard:
    """A trend with its words and addresses; `on` is the day looked at, None for the present."""

    view: TrendView
    on: date | None
    evidence: Sequence[EvidenceNote] = ()
    may_mute_for_everyone: bool = False

    @property
    def url(self) -> str:
        """Its own page."""
        return url_for("trends.page", trend_id=self.view.id, on=self.on)

    @property
    def search_url(self) -> str:
        """The search that lists such notes."""
        return url_for("search.page", q=trend_words.query(self.view), sort="newest")

    @property
    def lead(self) -> str:
        """What comes up where."""
        return trend_words.lead(self.view)

    @property
    def figures(self) -> str:
        """What was counted and expected."""
        return trend_words.figures(self.view)

    @property
    def stage(self) -> str:
        """Where in its life it is, in words."""
        return trend_words.stage_words(self.view)

    @property
    def odds(self) -> str:
        """How rarely chance shows such a trend."""
        return trend_words.odds(self.view.score)

    @property
    def unit(self) -> str:
        """What is counted."""
        return "Notes" if self.view.kind else "Voices"


@dataclass(frozen=True, slots=True)
class EmergingPart:
    """What is emerging, as templates/components/emerging.html takes it."""

    day: date | None
    as_of: datetime | None
    history: int
    on: date | None
    cards: Sequence[TrendCard]
    further: Sequence[TrendCard]
    watched: Sequence[TrendCard]
    muted: Sequence[TrendCard]
    above: Sequence[TrendCard]

    @property
    def state(self) -> State:
        """What there is to say: nothing was computed, there is little history, nothing emerges."""
        if self.day is None:
            return "nothing"
        if self.cards:
            return "emerging"
        return "young" if self.history < LEAST_HISTORY else "quiet"

    @property
    def least_history(self) -> int:
        """From so many weeks on there is enough to compare with."""
        return LEAST_HISTORY

    @property
    def all_url(self) -> str:
        """The page of the whole company's trends."""
        return url_for("trends.index", on=self.on)


def emerging_part(**chosen: int) -> EmergingPart:
    """What is emerging in a part of the company (see `services.trends.emerging`) on the day that
    the page looks at."""
    period = asked_period()
    day = in_zone(period.last_moment, runtime().settings.zone).date()
    found = trends.emerging(db_session(), actor(), on=day, **chosen)
    return part_of(found, on=None if period.is_present else day)


def part_of(found: Emerging, *, on: date | None, most: int = CARDS_SHOWN) -> EmergingPart:
    """The same as cards: the strongest as whole ones with their newest notes, at most so many."""
    return EmergingPart(
        day=found.day,
        as_of=found.as_of,
        history=found.history,
        on=on,
        cards=whole_cards(found.trends[:most], on=on),
        further=[TrendCard(one, on) for one in found.trends[most:]],
        watched=[TrendCard(one, on) for one in found.watched],
        muted=[TrendCard(one, on) for one in found.muted],
        above=[TrendCard(one, on) for one in found.above],
    )


def whole_cards(views: Iterable[TrendView], *, on: date | None) -> list[TrendCard]:
    """Cards with the newest notes that the reader may see. One query."""
    session, me, shown = db_session(), actor(), tuple(views)
    evidence = trend_evidence.newest(session, me, shown, each=NOTES_SHOWN)
    return [TrendCard(one, on, evidence[one.id], _may_mute_for_everyone(me, one)) for one in shown]


def _may_mute_for_everyone(me: Actor, view: TrendView) -> bool:
    return access.may_mute_for_everyone(me, view.territory.id if view.territory else None)
