"""Must-knows of a territory: pinned, changed and retired from its brief and from the interview."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import catalogue, must_knows, territories
from insights.services.must_knows import NewMustKnow
from insights.web.admin.forms import refused

blueprint = Blueprint("must_knows", __name__)


@blueprint.post("/territories/<slug>/must-knows")
def pin(slug: str) -> ResponseReturnValue:
    """Pins one to the territory; leads back to its brief."""
    session, me = db_session(), actor()
    about = territories.get(session, me, slug=slug)
    try:
        identity = UUID(request.form.get("id", ""))
    except ValueError:
        raise Invalid("This form is damaged. Open the page again.") from None
    new = NewMustKnow(identity, about.id, request.form.get("text", ""))
    try:
        must_knows.pin(session, me, new, now=now())
        flash("Pinned. It stands at the top of the brief.")
    except Invalid as refusal:
        flash(" ".join(refused(refusal).values()), "error")
    return redirect(url_for("briefs.territory", slug=slug), 303)


@blueprint.post("/must-knows/<uuid:must_know_id>/change")
def change(must_know_id: UUID) -> ResponseReturnValue:
    """Gives it other words."""
    text = request.form.get("text", "")
    must_knows.change(db_session(), actor(), must_know_id, text=text, now=now())
    flash("Changed.")
    return redirect(_back(must_know_id), 303)


@blueprint.post("/must-knows/<uuid:must_know_id>/retire")
def retire(must_know_id: UUID) -> ResponseReturnValue:
    """Takes it out of every brief."""
    must_knows.retire(db_session(), actor(), must_know_id, now=now())
    flash("Taken out of the brief.")
    return redirect(_back(must_know_id), 303)


def _back(must_know_id: UUID) -> str:
    """The interview from which it was asked for, or the brief."""
    handover_id = request.form.get("interview", "")
    if handover_id.isdecimal() and len(handover_id) < 10:
        return url_for("handovers.interview.page", handover_id=int(handover_id))
    found = must_knows.get(db_session(), actor(), must_know_id)
    place = catalogue.current(db_session()).territories[found.territory_id]
    return url_for("briefs.territory", slug=place.slug)
