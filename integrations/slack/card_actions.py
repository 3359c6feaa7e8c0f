"""Buttons of a note's card, also where they stand on somebody's Home.

A click is that of the person whom we take for the one in Slack, and is allowed to them again.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import Conflict, NotFound
from insights.models import TriageState
from insights.services import sightings, triage
from integrations.slack import copies, home_updates
from integrations.slack.cards import Action
from integrations.slack.heard import Heard
from integrations.slack.listening import Handler, Listeners

DECISIONS: Mapping[Action, TriageState] = {
    Action.TAKE: TriageState.TAKEN,
    Action.KNOWN: TriageState.ALREADY_KNOWN,
    Action.DONE: TriageState.DONE,
    Action.REOPEN: TriageState.NEW,
}
SEEN_BEFORE = "You have said before that you have seen it too. It counts once."


def register(listeners: Listeners) -> None:
    """Hears of clicks."""
    for action, state in DECISIONS.items():
        listeners.action(action)(_deciding(state))
    listeners.action(Action.SEEN)(seen)


def _deciding(state: TriageState) -> Handler:
    def decided(heard: Heard) -> None:
        note_id = _note_of(heard)
        with heard.writing() as session:
            actor = heard.actor(session)
            try:
                triage.decide(session, actor, note_id, state, now=heard.now)
            except Conflict as too_late:
                heard.tell(session, too_late.message)
            _show(heard, session, note_id)

    return decided


def seen(heard: Heard) -> None:
    """Somebody has seen it too."""
    note_id = _note_of(heard)
    with heard.writing() as session:
        actor = heard.actor(session)
        if sightings.add(session, actor, note_id, now=heard.now):
            _show(heard, session, note_id)
        else:
            heard.tell(session, SEEN_BEFORE)


def _note_of(heard: Heard) -> UUID:
    """The note whose button was clicked; raises NotFound for what is no note's."""
    try:
        return UUID(heard.body["actions"][0]["value"])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise NotFound("There is no such note. Nothing was done.") from None


def _show(heard: Heard, session: Session, note_id: UUID) -> None:
    """Has the clicked card or Home tell how things are now; the other copies follow."""
    home_updates.refresh(heard, session)
    container: Any = heard.body.get("container")
    if not _is_card(heard, note_id) or not isinstance(container, Mapping):
        return
    copies.mark_clicked(
        session,
        team_id=heard.team_id,
        channel_id=str(container["channel_id"]),
        ts=str(container["message_ts"]),
        thread_ts=container.get("thread_ts"),
        note_id=note_id,
        now=heard.now,
    )


def _is_card(heard: Heard, note_id: UUID) -> bool:
    """Whether a card was clicked, not one of the answers that one person sees alone."""
    container: Any = heard.body.get("container") or {}
    is_message = container.get("type") == "message" and not container.get("is_ephemeral")
    return is_message and heard.body["actions"][0].get("block_id") == f"note-{note_id}"
