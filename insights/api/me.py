"""Whoever is asking, and what became of their notes."""

from typing import Any

from insights.api import cursors
from insights.api.answers import page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor, scopes
from insights.http.runtime import db_session, now
from insights.schemas.lists import page_of
from insights.schemas.my_notes import MyNoteOut, MyNotesQuery, ReadPost, my_notes_out
from insights.schemas.people import MeOut
from insights.schemas.tags import place_name
from insights.services import catalogue, my_notes

blueprint = ApiBlueprint("me", __name__)


@blueprint.operation("GET", "/me", scope="read", answers=MeOut())
def get_me() -> Answer:
    """Who you are, what you hold today, and what your token may be used for."""
    me = actor()
    places = catalogue.current(db_session()).territories
    return {
        "id": me.id,
        "name": me.name,
        "email": me.email,
        "role": me.role.value,
        "territories": [place_name(places[one]) for one in me.held],
        "scopes": scopes(),
    }


@blueprint.operation(
    "GET", "/me/notes", scope="read", query=MyNotesQuery(), answers=page_of(MyNoteOut)
)
def list_my_notes(query: dict[str, Any]) -> Answer:
    """Your notes, newest first, each with what others did with it; also the withdrawn ones."""
    found = my_notes.list_mine(
        db_session(),
        actor(),
        with_news=query["news"],
        after=cursors.position(query.get("cursor")),
        limit=query["limit"],
    )
    return page(my_notes_out(found.notes), cursors.of_position(found.next))


@blueprint.operation("POST", "/me/notes/read", scope="write", body=ReadPost(), success=(204,))
def read_my_notes(body: dict[str, Any]) -> None:
    """Marks what happened up to a moment as read; what was read before stays read."""
    my_notes.mark_read(db_session(), actor(), until=body["until"] or now(), now=now())
