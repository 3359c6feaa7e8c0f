"""Whether this process can answer: for load balancers and monitors."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from insights.http.protection import public
from insights.http.runtime import db_session, runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def show() -> Response:
    """200 while the database answers; says whether searching works as well."""
    db_session().execute(text("SELECT 1"))
    state = runtime().replica.state()
    return jsonify(status="ok", search="rebuilding" if state.needs_rebuild else "ok")
