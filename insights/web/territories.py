"""Territories: the tree with its counts, and the page of each territory."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.clock import monday_of
from insights.errors import Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import assignments, catalogue, territories
from insights.services.assignments import Holding
from insights.services.catalogue import Catalogue, Place
from insights.services.overview import NO_NOTES, Trend, children_counts, territory_trends
from insights.text import fold
from insights.web.note_cards import linked
from insights.web.overview import Figures, further_notes, page_parts, trend_row
from insights.web.trend_cards import emerging_part

blueprint = Blueprint("territories", __name__, url_prefix="/territories")

MOST_NAMED = 3


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The tree of territories in use; with `?q=` those whose name or code has the words."""
    session, me = db_session(), actor()
    known = catalogue.current(session)
    zone = runtime().settings.zone
    try:
        trends = territory_trends(session, me, runtime().reader, zone=zone, now=now())
    except Unavailable:
        trends = None
    holders = assignments.list_holders(session, me, today=runtime().today())
    words = request.args.get("q", "").strip()
    places = territories.list_territories(session, me)
    found = [place for place in places if _matches(place, words)]
    return render_template(
        "territories/index.html",
        words=words,
        found=[_row(known, place, trends, holders) for place in found] if words else None,
        tree=[] if words else _branch(known, None, trends, holders),
        company=_company(known, trends or {}),
        counted=trends is not None,
    )


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One territory with everything below it: figures, newest notes, holders."""
    session, me = db_session(), actor()
    about = territories.get(session, me, slug=slug)
    further = further_notes("territory", about)
    if further is not None:
        return further
    known = catalogue.current(session)
    below = [one for one in known.children(about.id) if not one.archived]
    today = runtime().today()
    history = assignments.territory_history(session, me, territory_id=about.id)
    holders = assignments.list_holders(
        session, me, today=today, territory_ids=[one.id for one in below]
    )
    parts = page_parts("territory", about)
    return render_template(
        "territories/page.html",
        path=[linked("territories", one) for one in known.lineage(about.id)[:-1]],
        held_by=[one for one in history if one.holds_on(today)],
        history=history,
        today=today,
        below=_below(known, about, parts["figures"], below, holders),
        emerging=emerging_part(territory_id=about.id),
        brief_url=_brief_url(about),
        **parts,
    )


def _brief_url(about: Place) -> str:
    """The page that sums up the last week that is over."""
    monday = monday_of(now(), runtime().settings.zone) - timedelta(weeks=1)
    return url_for("trend_summaries.page", slug=about.slug, monday=monday.isoformat())


def _matches(place: Place, words: str) -> bool:
    return fold(words) in fold(place.name) or fold(words) == fold(place.code or "")


def _company(known: Catalogue, trends: Mapping[int, Trend]) -> Trend | None:
    """The sum of the top of the tree; None when a single territory at the top says it already."""
    tops = [trends.get(one.id, NO_NOTES) for one in known.children(None)]
    if len(tops) < 2:
        return None
    weeks = tuple(sum(week) for week in zip(*(one.weeks for one in tops), strict=True))
    return Trend(weeks, sum(one.earlier for one in tops))


def _branch(
    known: Catalogue,
    parent_id: int | None,
    trends: Mapping[int, Trend] | None,
    holders: Mapping[int, Sequence[Holding]],
) -> list[dict[str, Any]]:
    return [
        {
            **_row(known, place, trends, holders),
            "children": _branch(known, place.id, trends, holders),
        }
        for place in known.children(parent_id)
        if not place.archived
    ]


def _row(
    known: Catalogue,
    place: Place,
    trends: Mapping[int, Trend] | None,
    holders: Mapping[int, Sequence[Holding]],
) -> dict[str, Any]:
    above = [one.name for one in known.lineage(place.id)[:-1]]
    return {
        **trend_row("territory", place, trends),
        "above": " › ".join(above),
        "held_by": names_of(holders.get(place.id, ())),
    }


def names_of(holdings: Sequence[Holding]) -> str:
    """The holders in words; the first three by name."""
    names = [one.person_name for one in holdings[:MOST_NAMED]]
    more = len(holdings) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _below(
    known: Catalogue,
    about: Place,
    figures: Figures | None,
    below: Sequence[Place],
    holders: Mapping[int, Sequence[Holding]],
) -> list[dict[str, Any]]:
    """The territories directly below with their notes of the weeks shown, most first."""
    counts: dict[int, int | None] = {one.id: None for one in below}
    if figures is not None:
        counted = children_counts(known, figures.overview.territories, about.id)
        counts = {one.place.id: one.count for one in counted}
    return [
        {
            **linked("territories", known.territories[one]),
            "count": count,
            "detail": names_of(holders.get(one, ())),
        }
        for one, count in counts.items()
    ]
