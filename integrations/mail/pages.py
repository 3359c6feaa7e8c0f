"""The page behind a mail's link that ends it: for whoever has the mail, signed in or not."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from insights.errors import NotFound
from insights.http.protection import signed
from insights.http.runtime import db_session, now, runtime
from insights.services import routes
from integrations.mail.links import Links

blueprint = Blueprint("mail", __name__, url_prefix="/alerts")


@blueprint.get("/end/<token>")
@signed
def ask(token: str) -> ResponseReturnValue:
    """Asks whether to end it: a program that looks at all links of a mail must end nothing."""
    _route_of(token)
    return render_template("mail/end.html", ended=None)


@blueprint.post("/end/<token>")
@signed
def end(token: str) -> ResponseReturnValue:
    """Ends it. The signed link is the permission: mail programs send no form token (RFC 8058)."""
    name = routes.end_by_link(db_session(), _route_of(token), now=now())
    return render_template("mail/end.html", ended=name or "It")


def _route_of(token: str) -> int:
    links = Links(runtime().settings.public_url, str(current_app.config["SECRET_KEY"]))
    route_id = links.ended_by(token)
    if route_id is None:
        raise NotFound("This link is not complete. Open it from the mail again.")
    return route_id
