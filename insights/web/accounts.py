"""Accounts: customers and prospects, and what is known of each before a visit."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from insights.errors import Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access_work, account_briefs, accounts, catalogue, note_cards
from insights.services.account_briefs import AccountBrief
from insights.services.accounts import AccountView
from insights.services.note_cards import NoteFilter
from insights.web.note_cards import asked_position, is_partial, next_url, shown_all
from insights.web.promises import shown_promise
from insights.web.trend_cards import TrendCard, emerging_part

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

PAGE, MINE, NOTES = 50, 20, 10
MOST_TRENDS = 3


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Those of the person's own territories, then all in order of name; with `?q=` those named."""
    session, me = db_session(), actor()
    words, after = request.args.get("q", "").strip(), request.args.get("after", type=int)
    found = accounts.list_accounts(session, me, limit=PAGE + 1, after=after, words=words)
    mine: Sequence[AccountView] = ()
    if not words and after is None:
        mine = account_briefs.list_mine(session, me, limit=MINE)
    shown = found[:PAGE]
    sought: dict[str, Any] = {"q": words} if words else {}
    following = url_for(".index", after=shown[-1].id, **sought) if len(found) > PAGE else None
    return render_template(
        "accounts/index.html",
        words=words,
        mine=mine,
        found=shown,
        counts=_counts([*mine, *shown]),
        first_url=url_for(".index", **sought) if after is not None else None,
        next_url=following,
    )


@blueprint.get("/<int:account_id>")
def page(account_id: int) -> ResponseReturnValue:
    """The brief of an account: what was promised, what is known, who has been there."""
    session, me = db_session(), actor()
    if is_partial() and asked_position():
        account_id = accounts.get(session, me, account_id=account_id).id
        note_items = get_template_attribute("components/note.html", "note_items")
        items: str = note_items(**_notes(account_id))
        return items
    today = runtime().today()
    brief = account_briefs.brief(
        session, me, runtime().reader, account_id=account_id, now=now(), today=today
    )
    return render_template(
        "accounts/page.html",
        brief=brief,
        account=brief.account,
        promises=[shown_promise(one, today) for one in brief.promises],
        promise_values=_new_promise(brief),
        trends=_trends(brief),
        dimensions=catalogue.current(session).dimensions,
        continued=asked_position() is not None,
        **_notes(account_id),
    )


def _counts(shown: Sequence[AccountView]) -> Mapping[int, int] | None:
    """The notes of each in half a year; None while there is no index."""
    ids = sorted({one.id for one in shown})
    try:
        return account_briefs.note_counts(actor(), runtime().reader, ids, now=now())
    except Unavailable:
        return None


def _notes(account_id: int) -> dict[str, Any]:
    found = note_cards.list_notes(
        db_session(),
        actor(),
        NoteFilter(account_id=account_id),
        after=asked_position(),
        limit=NOTES,
    )
    return {
        # All are about this account, so none of them names it.
        "notes": [{**one, "account": None} for one in shown_all(found.cards)],
        "next_url": next_url(found.next, account_id=account_id),
    }


def _new_promise(brief: AccountBrief) -> dict[str, str] | None:
    """What stands in the form of a promise at first; None for whoever may make none here."""
    place = brief.account.territory
    if place is None or brief.account.archived:
        return None
    if not access_work.knows_of_territory(actor(), place.id):
        return None
    return {"id": str(uuid7()), "territory": place.slug, "text": "", "due": ""}


def _trends(brief: AccountBrief) -> Sequence[TrendCard]:
    """The strongest that emerge in its territory."""
    if brief.account.territory is None:
        return ()
    part = emerging_part(territory_id=brief.account.territory.id)
    return part.cards[:MOST_TRENDS]
