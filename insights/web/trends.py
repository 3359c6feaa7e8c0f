"""Trends of the whole company, the page of each, and what can be said of one.

A deed on a card is answered by the card itself when htmx asks, otherwise it leads to the trend's
page.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import (
    catalogue,
    note_cards,
    trend_evidence,
    trend_reactions,
    trend_steps,
    trend_words,
    trends,
)
from insights.services.trends import TrendView
from insights.web.note_cards import is_partial, linked, shown_all
from insights.web.note_forms import sentences
from insights.web.trend_cards import TrendCard, part_of, whole_cards

blueprint = Blueprint("trends", __name__, url_prefix="/trends")

MOST_SHOWN = 60
PAGE = 10
VERDICTS: Mapping[str, bool] = {"yes": True, "no": False}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """What is emerging anywhere, place by place; with `?on=` as it was on that day."""
    on = asked_day()
    found = trends.emerging(db_session(), actor(), on=on or _today(), limit=MOST_SHOWN)
    part = part_of(found, on=on, most=MOST_SHOWN)
    return render_template(
        "trends/index.html",
        part=part,
        places=_by_place(part.cards),
        on=on or _today(),
        today=_today(),
    )


@blueprint.get("/<int:trend_id>")
def page(trend_id: int) -> ResponseReturnValue:
    """One trend: how it was reckoned, its weeks and days, and the notes that prove it."""
    view = trends.get(db_session(), actor(), trend_id, on=asked_day() or _today())
    if is_partial():
        return render_template("trends/more.html", **_notes(view))
    return _page(view)


@blueprint.post("/<int:trend_id>/follow")
def follow(trend_id: int) -> ResponseReturnValue:
    """Shows it first on the person's home page from now on."""
    trend_reactions.follow(db_session(), actor(), trend_id, now=now())
    return _said(trend_id, "You follow this trend. It stands first on your home page.")


@blueprint.post("/<int:trend_id>/unfollow")
def unfollow(trend_id: int) -> ResponseReturnValue:
    """Ends that."""
    trend_reactions.unfollow(db_session(), actor(), trend_id, now=now())
    return _said(trend_id, "You follow this trend no longer.")


@blueprint.post("/<int:trend_id>/mute")
def mute(trend_id: int) -> ResponseReturnValue:
    """Takes it off the lists of the person, or of everyone; a missing reason is asked for again."""
    session, me = db_session(), actor()
    reason, for_everyone = request.form.get("reason", ""), "for_everyone" in request.form
    try:
        trend_reactions.mute(
            session, me, trend_id, reason=reason, for_everyone=for_everyone, now=now()
        )
    except Invalid as refusal:
        discard(session)
        return _refused(trend_id, reason, sentences(refusal.fields)), 422
    return _said(trend_id, "This trend is muted. You find it among the muted ones.")


@blueprint.post("/<int:trend_id>/unmute")
def unmute(trend_id: int) -> ResponseReturnValue:
    """Puts it back on the lists."""
    trend_reactions.unmute(db_session(), actor(), trend_id, now=now())
    return _said(trend_id, "This trend is shown again.")


@blueprint.post("/<int:trend_id>/judge")
def judge(trend_id: int) -> ResponseReturnValue:
    """Keeps whether it was useful to the person; an empty answer takes that back."""
    useful = VERDICTS.get(request.form.get("useful", ""))
    trend_reactions.judge(db_session(), actor(), trend_id, useful, now=now())
    return _said(trend_id, "Thank you, that is noted." if useful is not None else "Taken back.")


def asked_day() -> date | None:
    """The day of `?on=`; None for the present, for a day to come and for what is no day."""
    try:
        day = date.fromisoformat(request.values.get("on", ""))
    except ValueError:
        return None
    return day if day < _today() else None


def _today() -> date:
    return runtime().today()


def _by_place(cards: Sequence[TrendCard]) -> list[dict[str, Any]]:
    """The cards of each place under its name, the places in the order of their strongest card."""
    known = catalogue.current(db_session())
    order: dict[int | None, int] = {}
    for card in cards:
        order.setdefault(_place_id(card), len(order))
    ordered = sorted(cards, key=lambda card: order[_place_id(card)])
    return [
        {
            "name": known.territories[place].name if place else "The company as a whole",
            "url": linked("territories", known.territories[place])["url"] if place else None,
            "above": [one.name for one in known.lineage(place)[:-1]] if place else [],
            "cards": list(of_place),
        }
        for place, of_place in groupby(ordered, key=_place_id)
    ]


def _place_id(card: TrendCard) -> int | None:
    return card.view.territory.id if card.view.territory else None


def _said(trend_id: int, words: str) -> ResponseReturnValue:
    """The answer to a deed."""
    if is_partial():
        return render_template("trends/card.html", card=_card(trend_id), errors={}, reason="")
    flash(words)
    return redirect(url_for(".page", trend_id=trend_id, on=asked_day()), 303)


def _refused(trend_id: int, reason: str, errors: Mapping[str, str]) -> str:
    card = _card(trend_id)
    if is_partial():
        return render_template("trends/card.html", card=card, errors=errors, reason=reason)
    return _page(card.view, reason=reason, errors=errors)


def _card(trend_id: int) -> TrendCard:
    view = trends.get(db_session(), actor(), trend_id, on=asked_day() or _today())
    return whole_cards([view], on=asked_day())[0]


def _page(view: TrendView, *, reason: str = "", errors: Mapping[str, str] | None = None) -> str:
    session, me = db_session(), actor()
    known = catalogue.current(session)
    lineage = known.lineage(view.territory.id) if view.territory else ()
    return render_template(
        "trends/page.html",
        card=whole_cards([view], on=asked_day())[0],
        view=view,
        steps=trend_steps.steps(view),
        mondays=[
            view.series.first + timedelta(weeks=one) for one in range(len(view.series.counts))
        ],
        number=trend_words.number,
        odds=trend_words.odds,
        path=[linked("territories", one) for one in lineage],
        days=trends.life(session, me, view.id),
        mutes=trend_reactions.list_mutes(session, me, view.id),
        reason=reason,
        errors=errors or {},
        **_notes(view),
    )


def _notes(view: TrendView) -> dict[str, Any]:
    """A page of the notes that prove it, going on behind the note of `?after=`."""
    session, me = db_session(), actor()
    ids = trend_evidence.visible(session, me, [view])[view.id]
    first = _behind(ids, request.args.get("after", ""))
    following = ids[first + PAGE - 1] if len(ids) > first + PAGE else None
    return {
        "notes": shown_all(note_cards.cards_of(session, me, ids[first : first + PAGE])),
        "evidence_count": len(ids),
        "continued": first > 0,
        "next_url": url_for(".page", trend_id=view.id, on=asked_day(), after=following)
        if following
        else None,
    }


def _behind(ids: Sequence[UUID], after: str) -> int:
    """The place behind the note of that id; the beginning when there is none such."""
    return next((place + 1 for place, one in enumerate(ids) if str(one) == after), 0)
