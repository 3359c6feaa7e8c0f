"""Everybody's tokens, so that one that has leaked can be revoked at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import access, tokens
from insights.web.admin.lists import PAGE, after_id, page_of

blueprint = Blueprint("tokens", __name__, url_prefix="/tokens")


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Tokens, the newest first: those that can be used, or all."""
    everything = request.args.get("usable") == "no"
    found = tokens.list_all(
        db_session(),
        actor(),
        usable_at=None if everything else now(),
        after=after_id(),
        limit=PAGE + 1,
    )
    page = page_of(found, "id")
    return render_template("admin/tokens/index.html", page=page, everything=everything, now=now())


@blueprint.post("/<int:token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """Ends what a program may do with the token, at once and for good."""
    session, me = db_session(), actor()
    tokens.revoke(session, me, now=now(), token_id=token_id)
    flash("The token is revoked. Programs that use it are refused from now on.")
    return redirect(url_for(".index"), 303)
