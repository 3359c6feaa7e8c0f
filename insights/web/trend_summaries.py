"""The week of a territory in brief, for reading on Monday and for printing."""

from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.clock import monday_of
from insights.errors import NotFound, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import catalogue, territories, trend_evidence, trend_summaries, trend_words
from insights.services import trend_summary_words as words
from insights.services.catalogue import Place
from insights.services.trend_summaries import Summary
from insights.web.note_cards import linked, shown_all

blueprint = Blueprint("trend_summaries", __name__, url_prefix="/territories")


@blueprint.get("/<slug>/weeks/<monday>")
def page(slug: str, monday: str) -> ResponseReturnValue:
    """The week that begins on that Monday; another day of the week leads there."""
    place = territories.get(db_session(), actor(), slug=slug)
    day = _day(monday)
    week = day - timedelta(days=day.weekday())
    if week != day:
        return redirect(_url(place, week))
    trend_summaries.require_week(week, zone=runtime().settings.zone, now=now())
    known = catalogue.current(db_session())
    return render_template(
        "trend_summaries/page.html",
        words=words,
        trend_words=trend_words,
        place=place,
        path=[linked("territories", one) for one in known.lineage(place.id)],
        days=words.days(week, week + timedelta(days=6)),
        earlier_url=_url(place, week - timedelta(weeks=1)),
        later_url=_later_url(place, week),
        **_parts(place, week),
    )


def _parts(place: Place, week: date) -> dict[str, object]:
    """The summary with the notes that prove its trends; none while there is no search index."""
    try:
        found = _summary(place, week)
    except Unavailable:
        return {"summary": None}
    shown = [*found.opened, *found.going_on]
    evidence = trend_evidence.newest(db_session(), actor(), shown, each=1)
    return {"summary": found, "evidence": evidence, "sighted": shown_all(found.sighted)}


def _summary(place: Place, week: date) -> Summary:
    parts = runtime()
    return trend_summaries.summary(
        db_session(),
        actor(),
        parts.reader,
        place.id,
        week=week,
        zone=parts.settings.zone,
        now=now(),
    )


def _later_url(place: Place, week: date) -> str | None:
    """The following week, once it has begun."""
    later = week + timedelta(weeks=1)
    has_begun = later <= monday_of(now(), runtime().settings.zone)
    return _url(place, later) if has_begun else None


def _url(place: Place, week: date) -> str:
    return url_for(".page", slug=place.slug, monday=week.isoformat())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("There is no such week. Weeks are named by their Monday.") from None
