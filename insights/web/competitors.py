"""Competitors: which of them the field speaks about, and the page of each with its battlecard."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import access_work, battlecards, competitors, products
from insights.services.catalogue import NamedItem, Place
from insights.web.battlecard_cards import HINTS
from insights.web.note_cards import linked
from insights.web.overview import Figures, further_notes, page_parts, trend_rows
from insights.web.territory_map import map_of
from insights.web.trend_cards import emerging_part

blueprint = Blueprint("competitors", __name__, url_prefix="/competitors")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All competitors in use, those most spoken about first."""
    items = competitors.list_competitors(db_session(), actor())
    rows = trend_rows("competitor", "competitor_id", items)
    return render_template("competitors/index.html", rows=rows)


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One competitor: what is known of it line by line, where and among whom it is named, how
    often, and the newest notes.

    The address of one that was merged into another leads there.
    """
    session, me = db_session(), actor()
    about = competitors.get(session, me, slug=slug)
    if about.slug != slug:
        return redirect(url_for(".page", slug=about.slug), 301)
    further = further_notes("competitor", about)
    if further is not None:
        return further
    sold = [
        linked("products", one)
        for one in products.list_products(session, me)
        if one.competitor_id == about.id
    ]
    parts = page_parts("competitor", about)
    return render_template(
        "competitors/page.html",
        sold=sold,
        emerging=emerging_part(competitor_id=about.id),
        map=_map(about, parts["figures"]),
        **_card(about),
        **parts,
    )


def _card(about: NamedItem) -> dict[str, Any]:
    session, me = db_session(), actor()
    keeps = access_work.keeps_battlecards(me)
    return {
        "card": battlecards.card(session, me, about.id, now=now()),
        "archived_lines": battlecards.count_archived(session, me, about.id) if keeps else 0,
        "keeps": keeps,
        "hints": HINTS,
    }


def _map(about: NamedItem, figures: Figures | None) -> dict[str, Any] | None:
    """Where its notes are from; None without an index, and where nothing is drawn."""
    if figures is None or not figures.total:
        return None

    def search_in(place: Place) -> str:
        since = figures.first_day.isoformat()
        return url_for("search.page", competitor=about.slug, territory=place.slug, since=since)

    return map_of(figures.overview.territories, search_in)
