"""Competitors: which of them the field speaks about, and the page of each."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session
from insights.services import competitors, products
from insights.web.note_cards import linked
from insights.web.overview import further_notes, page_parts, trend_rows
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
    """One competitor: where and among whom it is named, how often, and the newest notes.

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
        **parts,
    )
