"""What is said once a note was saved from Slack, and taking it back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import notes
from insights.services.note_cards import NoteCard
from insights.text import shorten
from integrations.slack import blocks, calls, posting
from integrations.slack import text as slack_text
from integrations.slack.blocks import Message
from integrations.slack.heard import Heard
from integrations.slack.links import Links
from integrations.slack.listening import Answer, Listeners
from integrations.slack.saved_messages import SavedMessage, place_of

UNDO = "capture.undo"
LONGEST_TITLE = 100
REASON = "Taken back in Slack"
_ASK = blocks.confirmation(
    "Take the note back?", "Nobody will find it any more. A manager can restore it.", "Take it back"
)


def register(listeners: Listeners) -> None:
    """Puts the handler where Slack's clicks arrive."""
    listeners.action(UNDO)(undo)


def confirm(
    session: Session,
    heard: Heard,
    card: NoteCard,
    *,
    channel_id: str,
    message: SavedMessage | None,
) -> None:
    """Has the person who saved the note told: in the thread of the message that it is of, for all
    to see, where the app is in the channel and the note is open; otherwise for them alone."""
    said, key = saved(card, heard.parts.links), f"captured:{card.id}:{heard.user_id}"
    if message is not None and _is_for_all(session, card, message):
        place = {"channel_id": message.channel_id, "thread_ts": message.thread}
        posting.put(session, heard, said, key=key, **place)
        return
    told: dict[str, Any] = {"text": said.text, "blocks": said.blocks, "user": heard.user_id}
    method = "chat.postEphemeral"
    if message is not None:
        # Slack shows nothing to one alone in a thread that nobody has begun.
        in_thread = {"thread_ts": message.thread} if message.thread != message.ts else {}
        told |= {"channel": message.channel_id, **in_thread}
    elif channel_id and not channel_id.startswith("D"):
        told |= {"channel": channel_id}
    else:
        method = calls.TELL_PERSON
    calls.put(
        session,
        key=key,
        team_id=heard.team_id,
        method=method,
        arguments=told,
        now=heard.now,
    )


def saved(
    card: NoteCard, links: Links, *, by: str | None = None, offers_undo: bool = True
) -> Message:
    """The words of the confirmation: `by` whom it was saved, if not by its author."""
    link = slack_text.link(links.note(card.id), shorten(card.text, LONGEST_TITLE))
    saver = slack_text.escape(by or card.author_name)
    text = f"Saved as an insight by {saver}: {link}"
    buttons = [blocks.button("Open", "note.open", str(card.id), url=links.note(card.id))]
    if offers_undo:
        buttons.append(blocks.button("Undo", UNDO, str(card.id), confirm=_ASK))
    row = blocks.actions(f"captured:{card.id}", *buttons)
    return Message(text, [blocks.section(text), blocks.context(_facts(card)), row])


def undo(heard: Heard) -> Answer:
    """Withdraws the note of a confirmation, and says so in its place."""
    note_id = clicked_note(heard)
    with heard.writing() as session:
        actor = heard.actor(session, make_guest=_stands_for(heard))
        within = timedelta(hours=heard.parts.settings.withdraw_hours)
        notes.withdraw(session, actor, note_id, reason=REASON, within=within, now=heard.now)
        text = "The note was taken back: nobody else finds it any more."
        heard.replace(session, text, [blocks.section(text)])
    return None


def clicked_note(heard: Heard) -> UUID:
    """The note whose button was clicked; raises NotFound for what is no note's."""
    try:
        return UUID(str(heard.body["actions"][0]["value"]))
    except (KeyError, IndexError, TypeError, ValueError):
        raise NotFound("There is no such note. Nothing was done.") from None


def _is_for_all(session: Session, card: NoteCard, message: SavedMessage) -> bool:
    """Whether those in the channel may read of the note, and the app can write there."""
    return place_of(session, message.team_id, message.channel_id).joined and not card.sealed


def _stands_for(heard: Heard) -> bool:
    """Whether a guest stands for the person already: who wrote a note may take it back."""
    return heard.caller is not None and heard.caller.is_guest


def _facts(card: NoteCard) -> str:
    names = [one.name for one in (*card.competitors, *card.products, *card.segments)]
    facts = [card.territory.name, card.kind.capitalize(), *names]
    if card.sealed:
        facts.append("Sealed")
    return slack_text.escape(" · ".join(facts))
