"""Battlecards beside the page of the competitor: on one sheet of paper, and what was taken off."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import access_work, battlecards, competitors
from insights.web.battlecard_checks import blueprint as checks_blueprint
from insights.web.battlecard_citing import blueprint as citing_blueprint
from insights.web.battlecard_lines import blueprint as lines_blueprint

PAGE = 50

blueprint = Blueprint("battlecards", __name__, url_prefix="/battlecards")
for child in (checks_blueprint, citing_blueprint, lines_blueprint):
    blueprint.register_blueprint(child)


@blueprint.get("/<slug>/print")
def sheet(slug: str) -> ResponseReturnValue:
    """The card on one page, to be printed or kept."""
    session, me = db_session(), actor()
    about = competitors.get(session, me, slug=slug)
    if about.slug != slug:
        return redirect(url_for(".sheet", slug=about.slug), 301)
    card = battlecards.card(session, me, about.id, now=now())
    return render_template("battlecards/print.html", card=card, made_at=now(), reader=me.name)


@blueprint.get("/<slug>/archived")
def archived(slug: str) -> ResponseReturnValue:
    """The lines that were taken off the card, in pages."""
    session, me = db_session(), actor()
    about = competitors.get(session, me, slug=slug)
    after = request.args.get("after", type=int)
    found = battlecards.archived(session, me, about.id, limit=PAGE + 1, after=after, now=now())
    shown = found[:PAGE]
    following = shown[-1].id if len(found) > PAGE else None
    return render_template(
        "battlecards/archived.html",
        about=about,
        lines=shown,
        keeps=access_work.keeps_battlecards(me),
        first_url=url_for(".archived", slug=slug) if after is not None else None,
        next_url=url_for(".archived", slug=slug, after=following) if following else None,
    )
