"""The emoji that saves a message as a note.

The note is of whoever wrote the message: theirs are the words, and they are told of it. Somebody
of another organisation cannot be an author here, so their words are saved by the person who gave
the emoji. Whoever gives it to a message that was saved before says that they saw it too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import Forbidden, InsightsError, NotFound
from insights.models import Audience, Source
from insights.services import catalogue, note_cards, notes, sightings
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.note_drafts import LONGEST_TEXT, NoteDraft
from integrations.slack import blocks, calls, captured, people, saved_messages
from integrations.slack import text as slack_text
from integrations.slack.blocks import Message
from integrations.slack.capture_lists import held_place
from integrations.slack.gateway import SlackRefused
from integrations.slack.heard import Heard
from integrations.slack.listening import Listeners
from integrations.slack.parts import SlackParts
from integrations.slack.people import Caller
from integrations.slack.saved_messages import SavedMessage

SAVE = "reaction.save"
NOT_SAVED = "The message was not saved as an insight."


def register(listeners: Listeners) -> None:
    """Hears of reactions."""
    listeners.event("reaction_added")(reacted)


def reacted(heard: Heard) -> None:
    """Has the worker save the message that was given the emoji; everything else is no matter."""
    emoji, event = heard.parts.settings.slack_emoji, heard.event
    item = event.get("item")
    if not emoji or not isinstance(item, Mapping) or item.get("type") != "message":
        return
    if str(event.get("reaction", "")).partition("::")[0] != emoji:
        return
    arguments = {"channel": item.get("channel"), "ts": item.get("ts"), "user": heard.user_id}
    with heard.writing() as session:
        calls.put(
            session,
            key=f"{SAVE}:{heard.receipt.key}",
            team_id=heard.team_id,
            method=SAVE,
            arguments=arguments,
            now=heard.now,
        )


def save(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that reads the message and saves it. Raises SlackBusy and SlackSilent."""
    channel_id, ts = str(arguments["channel"]), str(arguments["ts"])
    message = _message(parts, team_id, channel_id, ts)
    place = saved_messages.message_of(team_id, channel_id, message)
    if place is None or message.get("bot_id") or not message.get("user"):
        return
    giver = people.identify(parts, team_id, str(arguments["user"]))
    writer = people.identify(parts, team_id, str(message["user"]))
    if giver.external:
        return
    author = giver if writer.external else writer
    now = parts.clock()
    try:
        with parts.database.writing() as session:
            _Saving(session, parts, place, author, giver, now).save(message)
    except InsightsError as refusal:
        text = f"{NOT_SAVED} {slack_text.escape(refusal.message)}"
        said = Message(text, [blocks.section(text)])
        with parts.database.writing() as session:
            _Saving(session, parts, place, author, giver, now).tell_giver(said, "refused")


def _message(parts: SlackParts, team_id: str, channel_id: str, ts: str) -> Mapping[str, Any]:
    """The message as Slack has it; empty where it is gone or may not be read."""
    try:
        answer = parts.gateways.of(team_id).call(
            "conversations.replies", channel=channel_id, ts=ts, oldest=ts, latest=ts, inclusive=True
        )
    except SlackRefused:
        return {}
    found = [one for one in answer.get("messages", ()) if one.get("ts") == ts]
    return found[0] if found else {}


@dataclass(frozen=True, slots=True)
class _Saving:
    """One message on its way to be a note: of `author`, given the emoji by `giver`."""

    session: Session
    parts: SlackParts
    place: SavedMessage
    author: Caller
    giver: Caller
    now: datetime

    def save(self, message: Mapping[str, Any]) -> None:
        """Stores the note, or counts the giver among those who saw it too.

        Raises Invalid for what no note may say, and Forbidden for ended accounts.
        """
        session, place = self.session, self.place
        earlier = saved_messages.note_of(session, place)
        if earlier is not None:
            self._see_too(earlier.id)
            return
        words = saved_messages.words(
            session, place, message, saver_id=self.author.user_id, most=LONGEST_TEXT
        )
        if not words:
            return
        writing = self._actor(self.author, make_guest=True)
        notes.post(session, writing, self._draft(words, writing), now=self.now)
        self._confirm(note_cards.card(session, writing, place.note_id))

    def tell_giver(self, message: Message, why: str) -> None:
        """Has something said to who gave the emoji alone, near the message."""
        place = self.place
        in_thread = {"thread_ts": place.thread} if place.thread != place.ts else {}
        told = {"user": self.giver.user_id, "channel": place.channel_id, **in_thread}
        self._put(f"{why}:{self.giver.user_id}", "chat.postEphemeral", told | _said(message))

    def _actor(self, caller: Caller, *, make_guest: bool) -> Actor:
        today = self.parts.today(self.now)
        return people.actor(self.session, caller, today=today, now=self.now, make_guest=make_guest)

    def _see_too(self, note_id: UUID) -> None:
        """Unless the note is their own, withdrawn, or not for them to know of."""
        seeing = self._actor(self.giver, make_guest=True)
        try:
            sightings.add(self.session, seeing, note_id, now=self.now)
        except (NotFound, Forbidden):
            return

    def _draft(self, words: str, writing: Actor) -> NoteDraft:
        """The note: of a territory of its author, or of who gave the emoji."""
        places = catalogue.current(self.session).territories.values()
        own = held_place(writing, places)
        if own is None and self.giver.person_id is not None and not self.giver.is_guest:
            own = held_place(self._actor(self.giver, make_guest=False), places)
        channel = saved_messages.place_of(self.session, self.place.team_id, self.place.channel_id)
        return NoteDraft(
            id=self.place.note_id,
            text=words,
            source=Source.SLACK,
            territory=own.slug if own else None,
            audience=Audience.SEALED if channel.private else Audience.EVERYONE,
            captured_at=self.place.said_at,
            external_id=self.place.external_id,
        )

    def _confirm(self, card: NoteCard) -> None:
        """Tells who gave the emoji, and the author, who may take it back."""
        links, by_author = self.parts.links, self.author.user_id == self.giver.user_id
        if by_author:
            self.tell_giver(captured.saved(card, links), "saved")
            return
        by = self.giver.name
        self.tell_giver(captured.saved(card, links, by=by, offers_undo=False), "saved")
        told = {"user": self.author.user_id, **_said(captured.saved(card, links, by=by))}
        self._put("author", calls.TELL_PERSON, told)

    def _put(self, what: str, method: str, arguments: Mapping[str, Any]) -> None:
        calls.put(
            self.session,
            key=f"{SAVE}:{self.place.note_id}:{what}",
            team_id=self.place.team_id,
            method=method,
            arguments=arguments,
            now=self.now,
        )


def _said(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}
