"""Who knows about this: people by recent notes that others have confirmed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.errors import NotFound, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import accounts, catalogue, search_request, who_knows
from insights.services.access import Actor
from insights.services.query_texts import LONGEST_QUERY
from insights.services.who_knows import About
from insights.web.note_cards import linked

blueprint = Blueprint("who_knows", __name__, url_prefix="/who-knows")

MOST_SHOWN = 20
TAGS = ("competitor", "segment", "territory")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """People who know about what the address names: words, and things by their slugs."""
    session, me = db_session(), actor()
    words = request.args.get("q", "")[:LONGEST_QUERY].strip()
    named, ids = _named(session, me)
    about = About(words=words, **ids)
    try:
        knowers = who_knows.who_knows(
            session,
            me,
            runtime().reader,
            about=about,
            now=now(),
            limit=MOST_SHOWN,
            zone=runtime().settings.zone,
        )
    except Unavailable:
        knowers = None
    kept = {name: word for name, (word, _) in named.items()}
    return render_template(
        "who_knows/page.html",
        words=words,
        kept=kept,
        chips=[
            {"label": label, "url": url_for(".page", q=words or None, **_without(kept, name))}
            for name, (_, label) in named.items()
        ],
        is_empty=about.is_empty,
        knowers=knowers and [_shown(one) for one in knowers],
        is_building=knowers is None,
        search=_search(words, kept),
    )


def _named(session: Session, me: Actor) -> tuple[dict[str, tuple[str, str]], dict[str, int]]:
    """What the address names: by its kind the word for an address and the name, and the ids.

    What names nothing is left out.
    """
    known = catalogue.current(session)
    named: dict[str, tuple[str, str]] = {}
    ids: dict[str, int] = {}
    for name in TAGS:
        item = search_request.find_item(known, name, request.args.get(name, ""))
        if item is not None:
            named[name], ids[f"{name}_id"] = (item.slug, item.name), item.id
    number = request.args.get("account", type=int)
    try:
        account = accounts.get(session, me, account_id=number) if number else None
    except NotFound:
        account = None
    if account is not None:
        named["account"], ids["account_id"] = (str(account.id), account.name), account.id
    return named, ids


def _without(kept: Mapping[str, str], name: str) -> dict[str, Any]:
    return {key: word for key, word in kept.items() if key != name}


def _shown(knower: who_knows.Knower) -> dict[str, Any]:
    return {
        "id": knower.person_id,
        "name": knower.name,
        "is_active": knower.is_active,
        "is_pseudonymous": knower.is_pseudonymous,
        "notes": knower.notes,
        "corroborated": knower.corroborated,
        "newest_at": knower.newest_at,
        "territories": [linked("territories", one) for one in knower.territories],
    }


def _search(words: str, kept: Mapping[str, str]) -> dict[str, Any]:
    """The search for the notes that this is about, as the parameters of its address."""
    return {"q": words or None, **kept}
