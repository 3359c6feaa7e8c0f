"""Saved searches: the person's own and those that colleagues share, and what can be done to them.

Opening one is a link to the search page. Saving posts to this module's index from there, and leads
back to the search.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.db import discard
from insights.errors import FieldErrors, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import SearchSort
from insights.services import access, saved_searches
from insights.services.saved_searches import MOST_PER_PERSON, SavedSearchView
from insights.web.note_forms import sentences

blueprint = Blueprint("saved_searches", __name__, url_prefix="/searches")

PAGE = 50
# What a box that is ticked, or a hidden field that says so, sends.
YES = ("on", "true", "1")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The person's own searches, then those of colleagues, the latter in pages."""
    session, me = db_session(), actor()
    after = request.args.get("after", type=int)
    own: Sequence[SavedSearchView] = ()
    if after is None:
        own = saved_searches.list_searches(session, me, limit=MOST_PER_PERSON, mine=True)
    found = saved_searches.list_searches(session, me, limit=PAGE + 1, after=after, mine=False)
    shared = found[:PAGE]
    following = shared[-1].id if len(found) > PAGE else None
    return render_template(
        "saved_searches/index.html",
        own=own,
        shared=shared,
        first_url=url_for(".index") if after is not None else None,
        next_url=url_for(".index", after=following) if following else None,
    )


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Saves the search that the form holds and leads back to it; a refused form comes back."""
    sent = _sent()
    try:
        saved = saved_searches.save(db_session(), actor(), now=now(), **_values(sent))
    except Invalid as refusal:
        discard(db_session())
        return _form_page("saved_searches/new.html", sent, refusal.fields), 422
    flash(f"“{saved.name}” is saved. You find it under Saved searches.")
    return redirect(url_for("search.page", q=saved.query, sort=saved.sort), 303)


@blueprint.get("/<int:search_id>/edit")
def edit(search_id: int) -> ResponseReturnValue:
    """The form for changing a saved search."""
    search = _changeable(search_id)
    return _form_page("saved_searches/edit.html", _as_sent(search), search=search)


@blueprint.post("/<int:search_id>/edit")
def update(search_id: int) -> ResponseReturnValue:
    """Changes the saved search; a refused form comes back as it was sent."""
    session, me, sent = db_session(), actor(), _sent()
    try:
        changed = saved_searches.change(
            session, me, now=now(), search_id=search_id, **_values(sent)
        )
    except Invalid as refusal:
        discard(session)
        search = _changeable(search_id)
        return _form_page("saved_searches/edit.html", sent, refusal.fields, search=search), 422
    flash(f"“{changed.name}” is saved.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:search_id>/share")
def share(search_id: int) -> ResponseReturnValue:
    """Shows the saved search to colleagues."""
    changed = saved_searches.change(
        db_session(), actor(), now=now(), search_id=search_id, shared=True
    )
    flash(f"Colleagues can see and open “{changed.name}” now.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:search_id>/unshare")
def unshare(search_id: int) -> ResponseReturnValue:
    """Hides the saved search from everyone but its owner."""
    changed = saved_searches.change(
        db_session(), actor(), now=now(), search_id=search_id, shared=False
    )
    flash(f"“{changed.name}” is no longer shared. Only its owner sees it.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:search_id>/remove")
def remove(search_id: int) -> ResponseReturnValue:
    """Deletes the saved search for good."""
    session, me = db_session(), actor()
    name = saved_searches.get(session, me, search_id=search_id).name
    saved_searches.remove(session, me, now=now(), search_id=search_id)
    flash(f"“{name}” is removed.")
    return redirect(url_for(".index"), 303)


def _sent() -> dict[str, str]:
    """The fields of the form as they were sent; those that were not are empty."""
    return {name: request.form.get(name, "") for name in ("name", "q", "sort", "shared")}


def _as_sent(search: SavedSearchView) -> dict[str, str]:
    shared = "on" if search.shared else ""
    return {"name": search.name, "q": search.query, "sort": search.sort, "shared": shared}


def _values(sent: Mapping[str, str]) -> dict[str, Any]:
    """What the form asks for; an order that is none is the usual one, as in an address."""
    newest = sent["sort"] == SearchSort.NEWEST
    return {
        "name": sent["name"],
        "query": sent["q"],
        "sort": SearchSort.NEWEST if newest else SearchSort.RELEVANCE,
        "shared": sent["shared"] in YES,
    }


def _changeable(search_id: int) -> SavedSearchView:
    search = saved_searches.get(db_session(), actor(), search_id=search_id)
    access.require_search_changer(actor(), search.owner_id)
    return search


def _form_page(
    template: str,
    sent: Mapping[str, str],
    refused: FieldErrors | None = None,
    *,
    search: SavedSearchView | None = None,
) -> str:
    return render_template(
        template,
        values=sent,
        shared=sent["shared"] in YES,
        errors=sentences(refused or {}, {"query": "q", "": "name"}),
        search=search,
    )
