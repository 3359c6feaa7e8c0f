"""Promises: made, kept, and no longer wanted.

The list shows those of the person's territories and their own. Each can be settled where it is
shown; the form tells by `account` to which page it leads back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from insights.db import discard
from insights.errors import FieldErrors, FieldProblems, Invalid, NotFound
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access_work, accounts, catalogue, promises
from insights.services.promises import PromiseView
from insights.web.note_choices import territory_options
from insights.web.note_forms import sentences

blueprint = Blueprint("promises", __name__, url_prefix="/promises")

PAGE = 50
FIELDS = ("id", "text", "due", "territory", "account", "note")


@dataclass(frozen=True)
class PromiseRow:
    """A promise as templates/promises/row.html takes it: with its day in words."""

    promise: PromiseView
    when: str
    overdue: bool


def shown_promise(promise: PromiseView, today: date) -> PromiseRow:
    """The promise with its day in words, as seen on the day `today`."""
    return PromiseRow(promise, _when(promise, today), promise.is_overdue(today))


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Open promises, the first due first; with `?settled=1` the settled ones."""
    settled = "settled" in request.args
    after = _identity(request.args.get("after", ""))
    found = promises.list_promises(
        db_session(), actor(), settled=settled, limit=PAGE + 1, after=after
    )
    shown = found[:PAGE]
    fixed: dict[str, Any] = {"settled": 1} if settled else {}
    following = url_for(".index", after=shown[-1].id, **fixed) if len(found) > PAGE else None
    return render_template(
        "promises/index.html",
        settled=settled,
        rows=_rows(shown),
        may_make=access_work.knows_of_some(actor()),
        first_url=url_for(".index", **fixed) if after else None,
        next_url=following,
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a promise, filled in as far as the address says."""
    sent = {name: request.args.get(name, "") for name in FIELDS}
    return _form_page(sent | {"id": str(uuid7())})


@blueprint.post("/new")
def make() -> ResponseReturnValue:
    """Keeps the promise and leads to its account, or to the list; a refused form comes back."""
    session, me, sent = db_session(), actor(), _sent()
    try:
        promises.make(session, me, now=now(), **_values(sent))
    except Invalid as refusal:
        discard(session)
        return _form_page(sent, refusal.fields), 422
    flash("The promise is kept here until somebody says how it ended.")
    return redirect(_back(), 303)


@blueprint.get("/<uuid:promise_id>/edit")
def edit(promise_id: UUID) -> ResponseReturnValue:
    """The form for changing an open promise."""
    promise = promises.get(db_session(), actor(), promise_id)
    return _form_page(_as_sent(promise), promise=promise)


@blueprint.post("/<uuid:promise_id>/edit")
def update(promise_id: UUID) -> ResponseReturnValue:
    """Changes words and day; a refused form comes back as it was sent."""
    session, me, sent = db_session(), actor(), _sent()
    try:
        due = _day(sent["due"])
        promises.change(session, me, promise_id, text=sent["text"], due=due, now=now())
    except Invalid as refusal:
        discard(session)
        promise = promises.get(session, me, promise_id)
        return _form_page(sent, refusal.fields, promise=promise), 422
    flash("The promise is saved.")
    return redirect(_back(), 303)


@blueprint.post("/<uuid:promise_id>/kept")
def keep(promise_id: UUID) -> ResponseReturnValue:
    """Says that it was kept."""
    promises.settle(db_session(), actor(), promise_id, kept=True, now=now())
    flash("Kept. You find it under Settled.")
    return redirect(_back(), 303)


@blueprint.post("/<uuid:promise_id>/dropped")
def drop(promise_id: UUID) -> ResponseReturnValue:
    """Says that it is no longer wanted."""
    promises.settle(db_session(), actor(), promise_id, kept=False, now=now())
    flash("No longer wanted. You find it under Settled.")
    return redirect(_back(), 303)


@blueprint.post("/<uuid:promise_id>/reopen")
def reopen(promise_id: UUID) -> ResponseReturnValue:
    """Takes back that it was settled."""
    promises.reopen(db_session(), actor(), promise_id, now=now())
    flash("The promise is open again.")
    return redirect(_back(), 303)


def _rows(found: list[PromiseView]) -> list[PromiseRow]:
    today = runtime().today()
    return [shown_promise(one, today) for one in found]


def _when(promise: PromiseView, today: date) -> str:
    if promise.settled_at is not None:
        said = "Kept" if promise.kept else "No longer wanted"
        return f"{said}, says {promise.settled_by_name}" if promise.settled_by_name else said
    if promise.due is None:
        return "No day set"
    day = f"{promise.due.day} {promise.due:%b}"
    if promise.due.year != today.year:
        day += f" {promise.due.year}"
    left = (promise.due - today).days
    if left < 0:
        return f"Overdue since {day}"
    return {0: "Due today", 1: "Due tomorrow"}.get(left, f"Due {day}")


def _sent() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


def _as_sent(promise: PromiseView) -> dict[str, str]:
    return {
        "id": str(promise.id),
        "text": promise.text,
        "due": promise.due.isoformat() if promise.due else "",
        "territory": promise.territory.slug,
        "account": str(promise.account_id or ""),
        "note": "",
    }


def _values(sent: Mapping[str, str]) -> dict[str, Any]:
    """What the form asks for; raises Invalid with every field to mend."""
    session, me, problems = db_session(), actor(), FieldProblems()
    account_id, place_id, due = _number(sent["account"]), 0, None
    with problems:
        due = _day(sent["due"])
    with problems:
        place_id = promises.place_meant(session, me, word=sent["territory"], account_id=account_id)
    problems.settle()
    return {
        "promise_id": _identity(sent["id"]) or uuid7(),
        "territory_id": place_id,
        "account_id": account_id,
        "note_id": _identity(sent["note"]),
        "text": sent["text"],
        "due": due,
    }


def _back() -> str:
    """The page of the account that the form names, otherwise the list."""
    account_id = _number(request.form.get("account", ""))
    if account_id is None:
        return url_for(".index")
    return url_for("accounts.page", account_id=account_id)


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid({"due": ["Give a day such as 2026-03-18, or none."]}) from None


def _number(typed: str) -> int | None:
    word = typed.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None


def _identity(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _account_name(sent: Mapping[str, str]) -> str | None:
    account_id = _number(sent["account"])
    if account_id is None:
        return None
    try:
        return accounts.get(db_session(), actor(), account_id=account_id).name
    except NotFound:
        return None


def _form_page(
    sent: Mapping[str, str],
    refused: FieldErrors | None = None,
    *,
    promise: PromiseView | None = None,
) -> str:
    session, me = db_session(), actor()
    known = catalogue.current(session)
    return render_template(
        "promises/form.html",
        values=sent,
        errors=sentences(refused or {}, {"": "text", "account": "text", "note": "text"}),
        promise=promise,
        account_name=_account_name(sent),
        territories=territory_options(known, me, sent["territory"]),
    )
