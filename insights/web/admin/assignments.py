"""Assignments: who holds a territory, from which day, and until when."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.assignments import AssignmentEnd, AssignmentPost
from insights.schemas.fields import Origin, load
from insights.services import access, assignments
from insights.web.admin.forms import WHOLE, Errors, Values, refused, typed
from insights.web.admin.territories import territory_page

blueprint = Blueprint("assignments", __name__)


@blueprint.before_request
def _gate() -> None:
    access.require_assigner(actor())


@blueprint.post("/territories/<slug>/assignments")
def assign(slug: str) -> ResponseReturnValue:
    """Gives the territory to a person from a day on."""
    sent = typed("person", "since", "until")
    try:
        values = load(AssignmentPost(Origin.FORM), sent)
        holding = assignments.assign(
            db_session(),
            actor(),
            now=now(),
            territory_slug=slug,
            person_id=values["person"],
            since=values["since"],
            until=values["until"],
        )
    except Invalid as refusal:
        return territory_page(slug, sent, refused(refusal)), 422
    flash(f"{holding.territory_name} is assigned to {holding.person_name}.")
    return redirect(url_for("admin.territories.page", slug=slug), 303)


@blueprint.get("/assignments/<int:assignment_id>")
def page(assignment_id: int) -> ResponseReturnValue:
    """The form that ends an assignment, today unless another day is chosen."""
    return _page(assignment_id, {"until": runtime().today().isoformat()}, {})


@blueprint.post("/assignments/<int:assignment_id>/end")
def end(assignment_id: int) -> ResponseReturnValue:
    """Ends the assignment on a day."""
    sent = typed("until")
    try:
        until = load(AssignmentEnd(Origin.FORM), sent)["until"]
        holding = assignments.end(
            db_session(), actor(), now=now(), assignment_id=assignment_id, until=until
        )
    except Invalid as refusal:
        return _page(assignment_id, sent, refused(refusal)), 422
    flash(f"{holding.person_name} holds {holding.territory_name} until {until.isoformat()}.")
    return redirect(url_for("admin.territories.page", slug=holding.territory_slug), 303)


@blueprint.post("/assignments/<int:assignment_id>/take-back")
def take_back(assignment_id: int) -> ResponseReturnValue:
    """Removes an assignment that was a mistake: one that has not lasted a day."""
    today = runtime().today()
    try:
        holding = assignments.take_back(
            db_session(), actor(), now=now(), today=today, assignment_id=assignment_id
        )
    except Invalid as refusal:
        return _page(assignment_id, {"until": today.isoformat()}, refused(refusal)), 422
    flash(f"{holding.person_name} is not assigned to {holding.territory_name} after all.")
    return redirect(url_for("admin.territories.page", slug=holding.territory_slug), 303)


def _page(assignment_id: int, values: Values, errors: Errors) -> str:
    holding = assignments.get(db_session(), actor(), assignment_id=assignment_id)
    access.require_manager_of(actor(), holding.territory_id)
    return render_template(
        "admin/territories/assignment.html",
        holding=holding,
        values=values,
        errors=errors,
        whole=WHOLE,
        today=runtime().today(),
    )
