"""Results of a search in Slack, for the person who asked alone; one of them can be shared.

The button for more carries the search itself, which the same person typed, in a message that only
they see; it is asked anew, with their rights of that moment.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from insights.errors import Forbidden, Invalid
from insights.services import access, search
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.search import Result, SearchPage
from insights.services.search_choice import SearchChoice
from insights.text import shorten
from integrations.slack import blocks, calls, posting, sharing, text
from integrations.slack.blocks import Block, Message
from integrations.slack.captured import clicked_note
from integrations.slack.gateway import SlackRefused
from integrations.slack.heard import Heard
from integrations.slack.links import Links
from integrations.slack.listening import Answer, Listeners
from integrations.slack.parts import SlackParts

MORE, BACK, SHARE = "search.more", "search.back", "search.share"
SHARE_CARD = "search.share-card"
MOST_RESULTS = 5
LONGEST_EXCERPT = 300
LONGEST_ECHO = 200
LONGEST_VALUE = 2000
NO_WORDS = "Say what to look for: `/insight search competitor:acme pricing since:30d`."
SEALED = (
    "This note is sealed: only managers, analysts and whoever holds its territory may read it, so "
    "it was not shared. Tell them its link instead."
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"'})
_ASK = blocks.confirmation(
    "Share this note?", "Its card is posted in this channel, for everyone in it to read.", "Share"
)


def register(listeners: Listeners) -> None:
    """Puts the handlers where Slack's clicks arrive."""
    listeners.action(MORE)(turn)
    listeners.action(BACK)(turn)
    listeners.action(SHARE)(share)


def results(
    session: Session,
    parts: SlackParts,
    actor: Actor,
    words: str,
    now: datetime,
    *,
    offset: int = 0,
) -> Message:
    """Five of the notes that match and that the person may see, the best first.

    Raises Invalid for what cannot be understood, and Unavailable without an index.
    """
    if not words:
        raise Invalid(NO_WORDS)
    choice = SearchChoice(text=words.translate(_QUOTES), offset=offset, limit=MOST_RESULTS)
    page = search.search(
        session,
        actor,
        parts.reader,
        choice,
        zone=parts.settings.zone,
        now=now,
        facets=(),
        forgiving=True,
    )
    return _message(page, words, offset, parts.links)


def turn(heard: Heard) -> Answer:
    """Shows the next results, or those before, in the place of the present ones."""
    asked = _asked(heard.body)
    with heard.reading() as session:
        actor = heard.actor(session)
        message = results(session, heard.parts, actor, asked[0], heard.now, offset=asked[1])
    with heard.writing() as session:
        heard.replace(session, message.text, message.blocks)
    return None


def share(heard: Heard) -> Answer:
    """Has the card of a note posted where the person searched, if everyone may read it.

    Raises Forbidden for a sealed note, and where the app cannot write.
    """
    note_id = clicked_note(heard)
    with heard.writing() as session:
        actor = heard.actor(session)
        if not access.is_open(access.note(session, actor, note_id)):
            raise Forbidden(SEALED)
        channel_id = posting.writable_channel(session, heard)
        calls.put(
            session,
            key=f"share:{heard.receipt.key}",
            team_id=heard.team_id,
            method=SHARE_CARD,
            arguments={"note": str(note_id), "channel": channel_id, "user": heard.user_id},
            now=heard.now,
        )
    return None


def share_card(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that posts the card of the `note` in the `channel`; where that cannot be, the `user`
    who asked for it is told. Raises SlackBusy and SlackSilent."""
    gateway = parts.gateways.of(team_id)
    try:
        if not posting.is_read_outside(gateway, arguments["channel"]):
            sharing.share(parts, team_id, arguments)
            return
        reason = posting.READ_OUTSIDE
    except SlackRefused:
        reason = posting.NOT_TAKEN
    link = text.link(parts.links.note(UUID(arguments["note"])), "the note")
    calls.tell_person(parts, team_id, {"user": arguments["user"], "text": f"{reason} {link}"})


def _message(page: SearchPage, words: str, offset: int, links: Links) -> Message:
    shown_words = text.escape(shorten(words, LONGEST_ECHO))
    found = (
        "no note" if not page.total else "1 note" if page.total == 1 else f"{page.total:,} notes"
    )
    lead = f"*{found[:1].upper()}{found[1:]}* for “{shown_words}”"
    notices = [text.escape(one) for one in page.notices]
    told = [_result(one, links) for one in page.results]
    everything = text.link(links.search(words), "The whole search in Field Insights")
    parts: list[Block] = [blocks.section("\n".join((lead, *notices)))]
    for one, words_of_it in zip(page.results, told, strict=True):
        parts.append(blocks.section(words_of_it, _share_button(one.card), f"found:{one.card.id}"))
    buttons = list(_turning(page, words, offset))
    if buttons:
        parts.append(blocks.actions("search", *buttons))
    parts.append(blocks.context(everything))
    return Message("\n".join((lead, *notices, *told, everything)), parts)


def _result(found: Result, links: Links) -> str:
    card = found.card
    link = text.link(links.note(card.id), f"{card.territory.name} · {card.author_name}")
    excerpt = "".join(piece for piece, _ in found.excerpt) if found.excerpt else card.text
    sealed = " · Sealed" if card.sealed else ""
    quoted = text.escape(shorten(" ".join(excerpt.split()), LONGEST_EXCERPT))
    return f"{link} · {text.date(card.noted_at)}{sealed}\n{quoted}"


def _share_button(card: NoteCard) -> Block | None:
    """For notes that everyone may read."""
    return None if card.sealed else blocks.button("Share", SHARE, str(card.id), confirm=_ASK)


def _turning(page: SearchPage, words: str, offset: int) -> list[Block]:
    wanted = []
    if offset:
        wanted.append(("Back", BACK, max(0, offset - MOST_RESULTS)))
    if page.next_offset is not None:
        wanted.append(("More", MORE, page.next_offset))
    values = [(label, action, json.dumps([words, place])) for label, action, place in wanted]
    return [
        blocks.button(label, action, value)
        for label, action, value in values
        if len(value) <= LONGEST_VALUE
    ]


def _asked(body: Mapping[str, Any]) -> tuple[str, int]:
    """The search of the button that was clicked, and from which result on."""
    try:
        words, offset = json.loads(body["actions"][0]["value"])
        return str(words), int(offset)
    except (KeyError, IndexError, TypeError, ValueError):
        raise Invalid("This button is too old. Search again with `/insight search`.") from None
