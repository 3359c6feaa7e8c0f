"""Destinations: what notes are sent to, what does not arrive, and the secrets of webhooks."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access, destinations
from insights.vault import Vault
from insights.web.admin.forms import Errors, refused, typed

blueprint = Blueprint("destinations", __name__, url_prefix="/destinations")


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All destinations, those in trouble first, and the form for a new webhook."""
    return _page({"url": "", "label": ""}, {})


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Adds a webhook and shows its secret this once."""
    sent = typed("url", "label")
    try:
        _, secret = destinations.make_webhook(
            db_session(), actor(), _vault(), address=sent["url"], label=sent["label"], now=now()
        )
    except Invalid as refusal:
        return _page(sent, _named(refused(refusal))), 422
    return _page({"url": "", "label": ""}, {}, secret=secret)


@blueprint.post("/<int:destination_id>/secret")
def renew(destination_id: int) -> ResponseReturnValue:
    """A new secret for a webhook, shown this once; the former holds for another day."""
    secret = destinations.renew_secret(db_session(), actor(), _vault(), destination_id, now=now())
    return _page({"url": "", "label": ""}, {}, secret=secret)


@blueprint.post("/<int:destination_id>/open")
def open_for_sealed(destination_id: int) -> ResponseReturnValue:
    """Lets sealed notes go there."""
    destinations.mark_for_sealed(
        db_session(), actor(), destination_id, takes_sealed=True, now=now()
    )
    flash("Sealed notes are sent there from now on.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:destination_id>/close")
def close_to_sealed(destination_id: int) -> ResponseReturnValue:
    """Keeps sealed notes from there."""
    destinations.mark_for_sealed(
        db_session(), actor(), destination_id, takes_sealed=False, now=now()
    )
    flash("No sealed note is sent there any more.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:destination_id>/again")
def send_again(destination_id: int) -> ResponseReturnValue:
    """Tries again: what waits, and what was given up."""
    count = destinations.send_again(db_session(), actor(), destination_id, now=now())
    flash(f"It is tried again, with {count} that had been given up." if count else "It is tried.")
    return redirect(url_for(".index"), 303)


def _named(errors: Errors) -> Errors:
    """What is said about the address stands at the field of the form."""
    return {"url" if name == "address" else name: said for name, said in errors.items()}


def _vault() -> Vault:
    return Vault(runtime().settings.secret_key)


def _page(values: Mapping[str, str], errors: Errors, *, secret: str | None = None) -> str:
    return render_template(
        "admin/destinations/index.html",
        places=destinations.list_destinations(db_session(), actor()),
        values=values,
        errors=errors,
        secret=secret,
    )
