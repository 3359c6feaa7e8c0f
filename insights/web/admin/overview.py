"""The first page of the administration: how much there is, and whether all is well."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import inventory, journal

# The worker reports several times as often.
WORKER_SILENT_AFTER = timedelta(minutes=1)


def index() -> ResponseReturnValue:
    """What the person may keep, with counts; for admins also how search, worker and Slack are."""
    session, me = db_session(), actor()
    counts = inventory.counts(session, me, now=now())
    if not me.manages_all:
        return render_template("admin/overview.html", counts=counts)
    state = runtime().replica.state()
    last_id = journal.last_id(session)
    return render_template(
        "admin/overview.html",
        counts=counts,
        state=state,
        behind=max(0, last_id - (state.cursor or 0)),
        last_id=last_id,
        replicas=inventory.replicas(session, me),
        slack_troubles=inventory.slack_troubles(session, me),
        alive_since=now() - WORKER_SILENT_AFTER,
    )
