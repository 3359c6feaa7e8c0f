"""Deliveries: where a note went, and what comes of a single one while one looks."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session
from insights.models import DeliveryMatter, DeliveryState
from insights.services import delivery_lists, note_cards
from insights.services.delivery_lists import DeliveryView
from insights.web.note_cards import is_partial

blueprint = Blueprint("deliveries", __name__)

MATTERS = {
    DeliveryMatter.NOTE: "Note",
    DeliveryMatter.NEWS: "News of a note",
    DeliveryMatter.TREND: "Trend",
    DeliveryMatter.SUMMARY: "Weekly summary",
    DeliveryMatter.TELLING: "News",
    DeliveryMatter.TEST: "Test",
}


@blueprint.get("/notes/<uuid:note_id>/deliveries")
def of_note(note_id: UUID) -> ResponseReturnValue:
    """Where the note went: a part of its page for htmx, otherwise a page."""
    session, me = db_session(), actor()
    found = delivery_lists.of_note(session, me, note_id)
    return render_template(
        "deliveries/of_note.html" if is_partial() else "deliveries/of_note_page.html",
        card=note_cards.card(session, me, note_id),
        found=found,
        state_of=state_in_words,
        told_all=me.role != "rep",
    )


@blueprint.get("/deliveries/<int:delivery_id>")
def page(delivery_id: int) -> ResponseReturnValue:
    """How far one delivery is; a part of the page for htmx, which asks until it has ended."""
    found = delivery_lists.get(db_session(), actor(), delivery_id)
    return render_template(
        "deliveries/outcome.html" if is_partial() else "deliveries/page.html",
        one=found,
        state=state_in_words(found),
        has_ended=has_ended(found),
        matter=MATTERS[found.matter],
    )


def has_ended(one: DeliveryView) -> bool:
    """Whether nothing more happens until somebody does something."""
    on_its_way = one.state in (DeliveryState.WAITING, DeliveryState.SENDING)
    return not on_its_way or bool(one.trouble)


def state_in_words(one: DeliveryView) -> str:
    """How far a delivery is, and what the receiver said: "Given up: It answered 500." """
    match one.state:
        case DeliveryState.SENT:
            return "Arrived"
        case DeliveryState.WITHHELD:
            return "Not sent: not for its readers any more, its route ended, or another was first"
        case DeliveryState.DEAD:
            return f"Given up: {one.answer}" if one.answer else "Given up"
    if one.trouble:
        return f"Waits, because nothing arrives there: {one.trouble}"
    return f"On its way; so far: {one.answer}" if one.answer else "On its way"
