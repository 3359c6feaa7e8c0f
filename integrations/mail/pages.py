"""The page behind a mail's link that ends it: for whoever has the mail, signed in or not."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from insights.errors import NotFound
from insights.http.protection import signed
from insights.http.runtime import db_session, now, runtime
from insights.services import news, routes
from integrations.mail.links import Links

blueprint = Blueprint("mail", __name__, url_prefix="/alerts")


@blueprint.get("/end/<token>")
@signed
def ask(token: str) -> ResponseReturnValue:
    """Asks whether to end it: a program that looks at all links of a mail must end nothing."""
    links = _links()
    if links.news_ended_by(token) is None:
        _route_of(links, token)
    return render_template("mail/end.html", ended=None)


@blueprint.post("/end/<token>")
@signed
def end(token: str) -> ResponseReturnValue:
    """Ends it. The signed link is the permission: mail programs send no form token (RFC 8058)."""
    links = _links()
    person_id = links.news_ended_by(token)
    if person_id is not None:
        news.end_by_link(db_session(), person_id, now=now())
        return render_template("mail/end.html", ended="news")
    name = routes.end_by_link(db_session(), _route_of(links, token), now=now())
    return render_template("mail/end.html", ended="route", name=name)


def _links() -> Links:
    return Links(runtime().settings.public_url, str(current_app.config["SECRET_KEY"]))


def _route_of(links: Links, token: str) -> int:
    route_id = links.ended_by(token)
    if route_id is None:
        raise NotFound("This link is not complete. Open it from the mail again.")
    return route_id
