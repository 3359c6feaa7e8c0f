"""Briefs: what whoever takes a territory over must know."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.services import access_work, assignments, catalogue, handovers, territories
from insights.web import must_knows
from insights.web.brief_pages import read_brief, sections
from insights.web.note_cards import linked

blueprint = Blueprint("briefs", __name__, url_prefix="/briefs")

blueprint.register_blueprint(must_knows.blueprint)

MOST_RECEIVED = 20


@blueprint.get("/territories/<slug>")
def territory(slug: str) -> ResponseReturnValue:
    """The brief of a territory with everything below it, as the reader may see it."""
    session, me = db_session(), actor()
    about = territories.get(session, me, slug=slug)
    known = catalogue.current(session)
    today = runtime().today()
    holders = assignments.list_holders(session, me, today=today, territory_ids=[about.id])
    received = handovers.received(session, me, today=today, limit=MOST_RECEIVED)
    brief = read_brief(about.id)
    return render_template(
        "briefs/page.html",
        about=about,
        brief=brief,
        sections=sections(brief),
        path=[linked("territories", one) for one in known.lineage(about.id)],
        held_by=holders.get(about.id, ()),
        new_id=uuid7(),
        may_pin=access_work.may_pin(session, me, about.id),
        handover=next((one for one in received if one.territory.id == about.id), None),
    )
