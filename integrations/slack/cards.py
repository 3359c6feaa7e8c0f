"""The card of a note in Slack, and what else is told of notes: pure functions of what they show.

Whatever people wrote stands in plain text or is escaped. How far a note is can be read in words,
so that nothing depends on colours, icons or buttons.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from uuid import UUID

from insights.models import TriageState
from insights.services import parcel_words
from insights.services.note_cards import NoteCard
from insights.services.topics import TopicRef
from insights.services.triage import TriageView
from insights.text import shorten
from integrations.slack import blocks, bullets, text, topic_answers
from integrations.slack.blocks import Block, Message
from integrations.slack.links import Links

LONGEST_QUOTE = 700
MOST_TAGS = 8
# Slack shows long lists badly, and a message is to stay well below its largest size.
NOTES_IN_A_LIST = 25


class Action(StrEnum):
    """The buttons of a card; the value of each is the note's id. In the menu it is an option's."""

    TAKE = "note.take"
    SEEN = "note.seen"
    KNOWN = "note.known"
    DONE = "note.done"
    REOPEN = "note.reopen"
    OPEN = "note.open"
    MENU = "note.menu"


LABELS = {
    Action.TAKE: "Take it",
    Action.SEEN: "Seen it too",
    Action.KNOWN: "Already known",
    Action.DONE: "Done",
    Action.REOPEN: "Reopen",
    Action.OPEN: "Open",
}
ADD_TO_TOPIC = "Add to a topic"
WHAT_BECAME = "What became of it"
OUTCOME = "outcome:"
# What can be done about a note, by how far it is; the first button is the usual next step.
_STEPS = {
    TriageState.NEW: (Action.TAKE, Action.SEEN, Action.KNOWN),
    TriageState.TAKEN: (Action.DONE, Action.SEEN, Action.KNOWN, Action.REOPEN),
    TriageState.ALREADY_KNOWN: (Action.SEEN, Action.REOPEN),
    TriageState.DONE: (Action.SEEN, Action.REOPEN),
}
_PRIMARY = frozenset({Action.TAKE, Action.DONE})


def card(
    note: NoteCard,
    state: TriageView | None,
    *,
    links: Links,
    topics: Sequence[TopicRef] = (),
    offers_triage: bool = True,
    shows_text: bool = True,
) -> Message:
    """The card. `topics` are those of the note that all who read the card may see. Without
    `offers_triage` it has no buttons that decide about the note: for somebody who may not; without
    `shows_text` it does not tell what the note says."""
    title, tags, quoted = _title(note, links), _tags(note), shorten(note.text, LONGEST_QUOTE)
    facts, work = " · ".join(_facts(note)), topic_answers.of_note(topics, links)
    progress = " · ".join(filter(None, (standing(state), work)))
    shown = [blocks.section(f"{title}\n{tags}" if tags else title)]
    told = [title, tags]
    if shows_text:
        shown.append(blocks.quote(quoted))
        told.append(f"“{text.escape(quoted)}”")
        if quoted != note.text:
            facts += f" · {text.link(links.note(note.id), 'Read all of it')}"
    shown += [
        blocks.context(facts),
        blocks.context(progress),
        buttons(note.id, state, links, offers_triage=offers_triage),
    ]
    told += [facts, progress]
    return Message("\n".join(filter(None, told)), shown)


def buttons(
    note_id: UUID, state: TriageView | None, links: Links, *, offers_triage: bool = True
) -> Block:
    """What can be done about the note now; steps that were taken are not offered again."""
    steps = _STEPS[state.state if state else TriageState.NEW] if offers_triage else (Action.SEEN,)
    made = [
        blocks.button(LABELS[step], step, str(note_id), style="primary" if step in _PRIMARY else "")
        for step in steps
    ]
    made.append(blocks.button(LABELS[Action.OPEN], Action.OPEN, url=links.note(note_id)))
    if offers_triage:
        made.append(_menu(note_id, links))
    return blocks.actions(f"note-{note_id}", *made)


def standing(state: TriageView | None) -> str:
    """How far the note is, who said so and when, in Slack's notation."""
    if state is None or state.state is TriageState.NEW:
        return "*New* · nobody has taken it yet"
    who, when = text.escape(state.person_name or "Somebody"), text.date(state.changed_at)
    match state.state:
        case TriageState.TAKEN:
            return f"*Taken* by {who} · {when}"
        case TriageState.ALREADY_KNOWN:
            return f"*Already known*, says {who} · {when}"
        case TriageState.DONE:
            return f"*Done* · {who} · {when}"


def gone(*, withdrawn: bool) -> Message:
    """What stands in place of a card whose note may not be read there any more."""
    words = (
        "This note was withdrawn."
        if withdrawn
        else "This note is not shown here any more. Those who may see it find it in Field Insights."
    )
    return Message(words, [blocks.context(words)])


def news(note: NoteCard, state: TriageView | None, detail: str | None, links: Links) -> Message:
    """What became of somebody's own note, told to them; `detail` is the state that it came into."""
    words = f"*{text.escape(parcel_words.news(detail, state))}*"
    quoted = bullets.title(note.text)
    opening = blocks.button(LABELS[Action.OPEN], Action.OPEN, url=links.note(note.id))
    shown = [
        blocks.section(words),
        blocks.quote(quoted),
        blocks.actions(f"news-{note.id}", opening),
    ]
    told = [words, f"“{text.escape(quoted)}”", text.link(links.note(note.id), "Open")]
    return Message("\n".join(told), shown)


def gathered(notes: Sequence[NoteCard], route_name: str, links: Links) -> Message:
    """The notes of a day or a week as one message."""
    many = "1 note" if len(notes) == 1 else f"{len(notes):,} notes"
    title = f"{route_name}: {many}"
    lines = [bullets.of_note(one, links, *_gathered(one)) for one in notes]
    starts = range(0, len(lines), NOTES_IN_A_LIST)
    lists = [bullets.block(lines[start : start + NOTES_IN_A_LIST]) for start in starts]
    told = [f"*{text.escape(title)}*", bullets.as_text(lines)]
    return Message("\n".join(told), [blocks.header(title), *lists])


def day(route_name: str, when: str) -> Message:
    """The message whose thread the notes of a day stand in; `when` is the day in words."""
    words = f"*{text.escape(route_name)}* · {text.escape(when)}"
    hint = "The notes of the day are in this thread. To talk about one, *Open* it."
    return Message(f"{words}\n{hint}", [blocks.section(words), blocks.context(hint)])


def test(route_name: str) -> Message:
    """What arrives when somebody tries a route."""
    title = f"*{parcel_words.TEST}: {text.escape(route_name)}*"
    words = f"{title}\n{parcel_words.TEST_LEAD}"
    return Message(words, [blocks.section(words)])


def fingerprint(message: Message) -> str:
    """The same for two messages that show the same, so that none is changed to what it says."""
    whole = json.dumps([message.text, message.blocks], sort_keys=True, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()


def _menu(note_id: UUID, links: Links) -> Block:
    """What else can be done about the note, behind three dots."""
    adding = blocks.option(ADD_TO_TOPIC, str(note_id))
    settling = blocks.option(WHAT_BECAME, f"{OUTCOME}{note_id}")
    sent = blocks.option("Where it was sent", f"sent:{note_id}")
    return blocks.overflow(
        Action.MENU, [adding, settling, sent | {"url": links.deliveries(note_id)}]
    )


def _title(note: NoteCard, links: Links) -> str:
    names = [one.name for one in note.competitors[:2]]
    words = " · ".join((note.kind.capitalize(), *names, note.territory.name))
    sealed = " · _sealed_" if note.sealed else ""
    return f"*{text.link(links.note(note.id), words)}*{sealed}"


def _tags(note: NoteCard) -> str:
    """What the note is about beside what stands in its title."""
    names = [one.name for one in (*note.competitors[2:], *note.products, *note.segments)]
    if note.account is not None:
        names.insert(0, note.account.name)
    more = f" and {len(names) - MOST_TAGS} more" if len(names) > MOST_TAGS else ""
    return text.escape(" · ".join(names[:MOST_TAGS])) + more


def _facts(note: NoteCard) -> Iterator[str]:
    yield text.escape(note.author_name)
    yield text.date(note.noted_at)
    if note.known == "heard":
        yield "heard from others"
    if note.impact != "normal":
        yield f"{note.impact} impact"
    if note.photos:
        yield "1 photo" if len(note.photos) == 1 else f"{len(note.photos)} photos"
    if note.sightings:
        yield bullets.seen_by(note)


def _gathered(note: NoteCard) -> Iterator[str]:
    yield from (one.name for one in note.competitors[:2])
    if note.sightings:
        yield bullets.seen_by(note)
