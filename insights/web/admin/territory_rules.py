"""Rules by which accounts find their territory, their gaps and overlaps."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Forbidden, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.territory_rules import ATTRIBUTES, terms_of
from insights.services import access, catalogue, rule_report, territory_rules
from insights.services.lookup import quoted
from insights.services.rule_report import Finding
from insights.web.admin.forms import WHOLE, Errors, Values, refused, typed
from insights.web.admin.lists import PAGE, after_id, page_of
from insights.web.admin.reassignment_forms import choices

blueprint = Blueprint("territory_rules", __name__, url_prefix="/territory-rules")

# What the page lists, beside the findings about accounts.
RULES, IDLE = "rules", "idle"


@blueprint.before_request
def _gate() -> None:
    access.require_assigner(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The rules with what they leave open, and one list of it."""
    session, me = db_session(), actor()
    what = request.args.get("what", RULES)
    shown: dict[str, Any] = {"what": what, "page": None, "idle": ()}
    if what == IDLE:
        shown["idle"] = rule_report.idle_rules(session, me, limit=PAGE)
    elif what in set(Finding):
        found = rule_report.list_found(
            session, me, finding=Finding(what), limit=PAGE + 1, after=after_id()
        )
        shown["page"] = page_of(found, "id")
    else:
        rules = territory_rules.list_rules(session, me, limit=PAGE + 1, after=after_id())
        shown |= {"what": RULES, "page": page_of(rules, "id")}
    numbers = rule_report.counts(session, me)
    return render_template("admin/territory_rules/index.html", numbers=numbers, **shown)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a rule."""
    return _form({name: request.args.get(name, "") for name in ("territory", *ATTRIBUTES)}, {})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Adds the rule."""
    session, sent = db_session(), typed("territory", *ATTRIBUTES)
    try:
        rule = territory_rules.add(
            session, actor(), territory_id=_territory(sent), terms=terms_of(sent), now=now()
        )
    except Invalid as refusal:
        return _form(sent, refused(refusal)), 422
    except Forbidden as refusal:
        return _form(sent, {"territory": refusal.message}), 403
    flash(f"Accounts with {rule.words} belong to {rule.territory.name}.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:rule_id>/remove")
def remove(rule_id: int) -> ResponseReturnValue:
    """Removes the rule."""
    territory_rules.remove(db_session(), actor(), rule_id=rule_id, now=now())
    flash("The rule is removed. Accounts stay where they are.")
    return redirect(url_for(".index"), 303)


def _territory(sent: Values) -> int:
    place = catalogue.current(db_session()).find_territory(sent["territory"])
    if place is None:
        word = quoted(sent["territory"])
        message = f"There is no territory “{word}”." if word else "Choose a territory."
        raise Invalid({"territory": [message]})
    return place.id


def _form(values: Values, errors: Errors) -> str:
    session, me = db_session(), actor()
    known = catalogue.current(session)
    offered = choices(session, me, {"territories": ""})
    # Messages come under the names of attributes, fields have no hyphens.
    told = {name.replace("-", "_"): message for name, message in errors.items()}
    return render_template(
        "admin/territory_rules/new.html",
        values=values,
        errors=told,
        whole=WHOLE,
        dimensions=known.dimensions,
        **{name: offered[name] for name in ("places", "segments", "states", "teams")},
    )
