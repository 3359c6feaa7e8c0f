"""Reading without a signal: the newest notes of one's territories in full, on one page.

A device keeps this page. So it holds what is looked up on the way to a customer: the texts
themselves and the names by which competitors and segments go.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.clock import in_zone
from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.services import catalogue, competitors, note_cards, segments
from insights.services.access import Actor
from insights.services.note_cards import NoteCard

blueprint = Blueprint("reading", __name__)

MOST_NOTES = 200


@blueprint.get("/reading")
def page() -> ResponseReturnValue:
    """The last 200 notes by day; of the whole company for somebody who holds no territory."""
    session, me = db_session(), actor()
    known = catalogue.current(session)
    return render_template(
        "reading/page.html",
        territories=[known.territories[one].name for one in me.held],
        days=_by_day(_newest(session, me)),
        competitors=competitors.list_competitors(session, me),
        dimensions=[
            (name, segments.list_segments(session, me, dimension=number))
            for number, name in known.dimensions.items()
        ],
    )


def _newest(session: Session, me: Actor) -> Sequence[NoteCard]:
    """Newest first; read in as many steps as a list of notes may be long."""
    found: list[NoteCard] = []
    after = None
    while len(found) < MOST_NOTES:
        part = note_cards.list_notes(
            session, me, territory_ids=me.held, after=after, limit=MOST_NOTES - len(found)
        )
        found += part.cards
        after = part.next
        if after is None:
            break
    return found


def _by_day(cards: Sequence[NoteCard]) -> list[tuple[date, list[NoteCard]]]:
    """The notes of each day of the organisation's calendar, in their order."""
    zone = runtime().settings.zone
    days = groupby(cards, lambda card: in_zone(card.noted_at, zone).date())
    return [(day, list(of_the_day)) for day, of_the_day in days]
