"""Destinations: what notes are sent to, what does not arrive, and the secrets of webhooks."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import DeliveryState
from insights.services import access, delivery_lists, destinations
from insights.vault import Vault
from insights.web.admin.forms import Errors, refused, typed
from insights.web.admin.lists import PAGE, after_id, page_of
from insights.web.deliveries import MATTERS
from insights.web.numbered_pages import asked_page, numbered_pages

blueprint = Blueprint("destinations", __name__, url_prefix="/destinations")


STATES = {
    DeliveryState.DEAD: "Given up",
    DeliveryState.WAITING: "Waiting",
    DeliveryState.SENDING: "On its way",
    DeliveryState.SENT: "Arrived",
    DeliveryState.WITHHELD: "Withheld",
}


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


@blueprint.get("/<int:destination_id>")
def page(destination_id: int) -> ResponseReturnValue:
    """What was sent there and is to be sent: by its state, those that are due last first."""
    session, me = db_session(), actor()
    asked = request.args.get("state", DeliveryState.DEAD.value)
    state = next((one for one in DeliveryState if one.value == asked), DeliveryState.DEAD)
    found = delivery_lists.list_of_destination(
        session, me, destination_id, state=state, after=after_id(), limit=PAGE + 1
    )
    return render_template(
        "admin/destinations/page.html",
        place=destinations.get(session, me, destination_id),
        state=state,
        states=STATES,
        matters=MATTERS,
        page=page_of(found, "id"),
    )


@blueprint.post("/<int:destination_id>/deliveries/<int:delivery_id>/again")
def send_one_again(destination_id: int, delivery_id: int) -> ResponseReturnValue:
    """Sends one once more, also one that has arrived, and shows what comes of it."""
    delivery_lists.send_again(db_session(), actor(), delivery_id, now=now())
    return redirect(url_for("deliveries.page", delivery_id=delivery_id), 303)


def _named(errors: Errors) -> Errors:
    """What is said about the address stands at the field of the form."""
    return {"url" if name == "address" else name: said for name, said in errors.items()}


def _vault() -> Vault:
    return Vault(runtime().settings.secret_key)


def _page(values: Mapping[str, str], errors: Errors, *, secret: str | None = None) -> str:
    found = destinations.list_destinations(db_session(), actor(), page=asked_page(), size=PAGE)
    return render_template(
        "admin/destinations/index.html",
        places=found,
        pages=numbered_pages(PAGE, destinations.count(db_session(), actor())),
        values=values,
        errors=errors,
        secret=secret,
    )
