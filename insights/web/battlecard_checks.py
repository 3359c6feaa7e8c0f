"""“Still true?” on a page: the line that somebody was asked about, and their answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import Verdict
from insights.services import battlecard_checks
from insights.services.battlecard_checks import LABELS

blueprint = Blueprint("checks", __name__, url_prefix="/checks")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The lines that the person is asked about."""
    found = battlecard_checks.open_for(db_session(), actor(), now=now())
    return render_template("battlecards/checks.html", checks=found, labels=LABELS)


@blueprint.get("/<int:check_id>")
def page(check_id: int) -> ResponseReturnValue:
    """One line that the person was asked about, and what they have said, if they did."""
    check = battlecard_checks.get(db_session(), actor(), check_id=check_id)
    return render_template("battlecards/check.html", check=check, labels=LABELS)


@blueprint.post("/<int:check_id>")
def answer(check_id: int) -> ResponseReturnValue:
    """Says whether the line still holds, and leads to the others that wait, else to the card."""
    session, me = db_session(), actor()
    word = request.form.get("verdict", "")
    if word not in set(Verdict):
        raise Invalid("Choose one of the three answers.")
    flash(
        battlecard_checks.answer(session, me, check_id=check_id, verdict=Verdict(word), now=now())
    )
    if battlecard_checks.open_for(session, me, now=now()):
        return redirect(url_for(".index"), 303)
    line = battlecard_checks.get(session, me, check_id=check_id).line
    return redirect(url_for("competitors.page", slug=line.competitor.slug), 303)
