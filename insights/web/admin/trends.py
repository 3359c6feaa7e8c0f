"""Trends in the administration: how they are computed, and what people said of them."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access, trend_reports
from insights.services.trend_reports import Band, JobState

blueprint = Blueprint("trends", __name__, url_prefix="/trends")

# Runs are made every hour and at night; two nights without one mean that no worker makes any.
OVERDUE = timedelta(days=2)
SORTS = {
    "competitor": "Competitors",
    "product": "Products",
    "kind": "Kinds",
    "phrase": "Phrases",
}


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The job, the last runs, what they showed, and what people said of it."""
    session, me = db_session(), actor()
    runs = trend_reports.runs(session, me)
    return render_template(
        "admin/trends/index.html",
        job=trend_reports.job(session, me, now=now()),
        states=JobState,
        runs=runs,
        overdue=not runs or runs[0].finished_at < now() - OVERDUE,
        scores=[_bar(one) for one in trend_reports.scores(session, me)],
        feedback=trend_reports.feedback(session, me, today=runtime().today()),
        sorts=SORTS,
        mutes=trend_reports.mutes(session, me),
        most_mutes=trend_reports.MOST_MUTES,
    )


@blueprint.post("/compute")
def compute() -> ResponseReturnValue:
    """Has a worker compute the trends as soon as it can."""
    trend_reports.compute_now(db_session(), actor(), now=now())
    flash("A worker computes the trends in a moment. Reload this page to see how far it is.")
    return redirect(url_for(".index"), 303)


def _bar(band: Band) -> dict[str, object]:
    """A band of scores as a row of a list with bars."""
    limits = (
        f"{band.low:.0f} or more" if band.high is None else f"{band.low:.0f} to {band.high:.0f}"
    )
    words = "only watched" if band.low < 1 else "shown" if band.low < 2 else "shown, strong"
    return {"label": f"{limits} ({words})", "count": band.count}
