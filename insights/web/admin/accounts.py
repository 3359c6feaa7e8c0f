"""Accounts: customers and prospects, with their territory and segments."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import accounts, catalogue
from insights.services.accounts import AccountView
from insights.services.catalogue import Catalogue
from insights.services.territory_rules import TEAM_WORDS
from insights.web.admin.forms import Errors, Values, changed, refused, typed
from insights.web.admin.lists import PAGE, after_id, page_of, wants_archived, words
from insights.web.admin.territories import parent_options

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Accounts in order of name; with words those that have them in their name or external id."""
    found = accounts.list_accounts(
        db_session(),
        actor(),
        limit=PAGE + 1,
        after=after_id(),
        words=words(),
        archived=wants_archived(),
    )
    shown = {"q": words(), "archived": wants_archived()}
    return render_template("admin/accounts/index.html", page=page_of(found, "id"), **shown)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new account."""
    return _new_page({"segments": []}, {})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Adds the account."""
    sent = _sent()
    try:
        account = accounts.create(db_session(), actor(), now=now(), **_given(sent))
    except Invalid as refusal:
        return _new_page(sent, refused(refusal)), 422
    flash(f"{account.name} is added.")
    return redirect(url_for(".page", account_id=account.id), 303)


@blueprint.get("/<int:account_id>")
def page(account_id: int) -> ResponseReturnValue:
    """One account."""
    return _page(account_id)


@blueprint.post("/<int:account_id>")
def update(account_id: int) -> ResponseReturnValue:
    """Changes name, external id, territory and segments."""
    session, me, sent = db_session(), actor(), _sent()
    stored = accounts.get(session, me, account_id=account_id)
    changes = changed(_given(sent), _given(_values(stored)))
    try:
        account = accounts.change(session, me, now=now(), account_id=account_id, **changes)
    except Invalid as refusal:
        return _page(account_id, sent, refused(refusal)), 422
    flash(f"{account.name} is saved.")
    return redirect(url_for(".page", account_id=account_id), 303)


@blueprint.post("/<int:account_id>/archive")
def archive(account_id: int) -> ResponseReturnValue:
    """Takes the account out of use."""
    account = accounts.archive(db_session(), actor(), now=now(), account_id=account_id)
    flash(f"{account.name} is archived. Notes keep it; it is no longer offered for new ones.")
    return redirect(url_for(".page", account_id=account_id), 303)


@blueprint.post("/<int:account_id>/restore")
def restore(account_id: int) -> ResponseReturnValue:
    """Takes the account into use again."""
    account = accounts.restore(db_session(), actor(), now=now(), account_id=account_id)
    flash(f"{account.name} is in use again.")
    return redirect(url_for(".page", account_id=account_id), 303)


def _sent() -> dict[str, Any]:
    segments = [slug for slug in request.form.getlist("segments") if slug]
    return {**typed("name", "external_id", "territory", "state", "team_type"), "segments": segments}


def _given(values: Values) -> dict[str, Any]:
    """The fields as the service takes them."""
    return {
        "name": values["name"],
        "external_id": values["external_id"] or None,
        "territory": values["territory"] or None,
        "segments": values["segments"],
        "state": values["state"] or None,
        "team_type": values["team_type"] or None,
    }


def _values(account: AccountView) -> dict[str, Any]:
    """What stands in the form at first."""
    return {
        "name": account.name,
        "external_id": account.external_id or "",
        "territory": account.territory.slug if account.territory else "",
        "segments": [one.slug for one in account.segments],
        "state": account.state or "",
        "team_type": account.team_type.value if account.team_type else "",
    }


def _choices(session: Session, values: Values) -> dict[str, Any]:
    known = catalogue.current(session)
    kept = values.get("territory", "")
    return {
        "territories": parent_options(known, kept=kept),
        "dimensions": _dimensions(known, values["segments"]),
        "team_types": [{"value": one.value, "label": TEAM_WORDS[one]} for one in TEAM_WORDS],
    }


def _dimensions(known: Catalogue, chosen: list[str]) -> list[tuple[str, list[dict[str, str]]]]:
    """The segments of each dimension that are in use or chosen already."""
    return [
        (
            known.dimensions[number],
            [
                {"value": one.slug, "label": one.name}
                for one in known.segments.values()
                if one.dimension == number and (not one.archived or one.slug in chosen)
            ],
        )
        for number in sorted(known.dimensions)
    ]


def _new_page(values: Values, errors: Errors) -> str:
    choices = _choices(db_session(), values)
    return render_template("admin/accounts/new.html", values=values, errors=errors, **choices)


def _page(account_id: int, sent: Values | None = None, errors: Errors | None = None) -> str:
    session = db_session()
    account = accounts.get(session, actor(), account_id=account_id)
    values = sent or _values(account)
    return render_template(
        "admin/accounts/page.html",
        account=account,
        values=values,
        errors=errors or {},
        **_choices(session, values),
    )
