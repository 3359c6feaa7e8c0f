"""The first page: what the person is asked, what is emerging, how their territories do, what became
of their notes, what is new.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.errors import Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import catalogue, note_cards, questions, trends
from insights.services.access import Actor
from insights.services.note_cards import NoteFilter
from insights.services.overview import TREND_WEEKS, territory_trends
from insights.services.trends import MOST_READ
from insights.web.note_cards import asked_position, is_partial, next_url, shown_all
from insights.web.trend_cards import EmergingPart, TrendCard, part_of

blueprint = Blueprint("home", __name__)

PAGE = 15
OWN_SHOWN = 3
MOST_PLACES = 6
WEEKS_COUNTED = 4
TRENDS_SHOWN = 3
QUESTIONS_SHOWN = 3


@dataclass(frozen=True)
class PlaceFigures:
    """A territory's notes: by week (oldest first), in the last four weeks, and in the four before.

    The present week is one of the last four, as far as it has gone.
    """

    name: str
    url: str
    by_week: Sequence[int]
    recent: int
    earlier: int


@dataclass(frozen=True)
class HomeTrends:
    """What is emerging, a few of the person's territories and a few of everywhere else.

    `part` says why there may be none, `count` how many there are in all.
    """

    part: EmergingPart
    own: Sequence[TrendCard]
    others: Sequence[TrendCard]
    count: int


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The page; with a cursor only the newest notes that follow it."""
    session, me = db_session(), actor()
    position = asked_position()
    newest = note_cards.list_notes(session, me, after=position, limit=PAGE)
    shown = {"notes": shown_all(newest.cards), "next_url": next_url(newest.next)}
    if is_partial() and position:
        return render_template("home/more.html", **shown)
    if position:
        return render_template("home/continued.html", **shown)
    own = note_cards.list_notes(session, me, NoteFilter(author_id=me.id), limit=OWN_SHOWN)
    return render_template(
        "home/index.html",
        own=shown_all(own.cards),
        places=_figures(session, me),
        emerging=_emerging(session, me),
        questions=questions.for_person(session, me, today=runtime().today(), limit=QUESTIONS_SHOWN),
        today=runtime().today(),
        **shown,
    )


def _emerging(session: Session, me: Actor) -> HomeTrends:
    """The strongest trends of the person's territories and of everywhere else, followed first."""
    found = trends.emerging(session, me, on=runtime().today(), limit=MOST_READ)
    cards = [TrendCard(one, None) for one in found.trends]
    cards.sort(key=lambda card: not card.view.followed)
    own = [card for card in cards if _is_mine(me, card)]
    others = [card for card in cards if not _is_mine(me, card)]
    return HomeTrends(
        part=part_of(replace(found, trends=()), on=None),
        own=own[:TRENDS_SHOWN],
        others=others[: TRENDS_SHOWN if me.held else 2 * TRENDS_SHOWN],
        count=len(cards),
    )


def _is_mine(me: Actor, card: TrendCard) -> bool:
    return card.view.territory is not None and card.view.territory.id in me.scope


def _figures(session: Session, me: Actor) -> list[PlaceFigures] | None:
    """The territories that the person holds, or the whole company; None without a search index."""
    known = catalogue.current(session)
    zone = runtime().settings.zone
    try:
        found = territory_trends(session, me, runtime().reader, zone=zone, now=now())
    except Unavailable:
        return None
    weeks = {one: trend.weeks for one, trend in found.items()}
    none = (0,) * TREND_WEEKS
    if not me.held:
        tops = [weeks.get(top.id, none) for top in known.children(None)]
        total = [sum(week) for week in zip(none, *tops, strict=True)]
        return [_place("All territories", url_for("territories.index"), total)]
    places = [known.territories[one] for one in me.held[:MOST_PLACES]]
    return [
        _place(one.name, url_for("territories.page", slug=one.slug), weeks.get(one.id, none))
        for one in places
    ]


def _place(name: str, url: str, weeks: Sequence[int]) -> PlaceFigures:
    recent = sum(weeks[-WEEKS_COUNTED:])
    return PlaceFigures(name, url, weeks, recent, sum(weeks[-2 * WEEKS_COUNTED : -WEEKS_COUNTED]))
