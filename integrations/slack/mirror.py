"""Keeps Slack's picture of a note true: cards are changed in place, comments told in their threads.

The journal says what has changed; that marks cards and replies as stale, and each step brings one
of each up to date.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from insights.models import JournalEntry
from insights.services import journal
from integrations.slack import copies, replies
from integrations.slack.card_updates import CardUpdates
from integrations.slack.parts import SlackParts
from integrations.slack.reply_updates import ReplyUpdates

READER = "slack"
BATCH = 500
# What of a note's journal changes its card; and what changes who may read about it.
CARD_FAMILIES = frozenset({"note", "sighting", "photo"})
# What of a topic changes the cards of notes that it names, or of all that it has.
NOTE_VERBS = frozenset({"topic.gathered", "topic.dropped", "topic.settled"})
TOPIC_VERBS = frozenset(
    f"topic.{deed}"
    for deed in ("opened", "changed", "moved", "answered", "merged", "split", "rejoined")
)
READER_VERBS = frozenset({"note.withdrawn", "note.restored"})
READER_FIELDS = frozenset({"audience", "territory_id"})


class Mirror:
    """Steps of the worker; `step` tells whether there was something to do."""

    def __init__(self, parts: SlackParts) -> None:
        self._parts = parts
        self._cards = CardUpdates(parts)
        self._replies = ReplyUpdates(parts)

    def step(self) -> bool:
        """Reads what has changed, and brings one card and one reply up to date."""
        # Each is asked, also when an earlier one was busy.
        return any([self._read(), self._cards.step(), self._replies.step()])

    def _read(self) -> bool:
        with self._parts.database.reading() as session:
            cursor = journal.cursor_of(session, READER)
            if cursor is not None and journal.last_id(session) <= cursor:
                return False
        with self._parts.database.writing() as session:
            # Where it begins, all that has happened is history.
            cursor = journal.hold_cursor(session, READER)
            entries = journal.entries_after(session, cursor, limit=BATCH)
            if entries:
                mark(session, entries, now=self._parts.clock())
                journal.move_cursor(session, READER, entries[-1].id)
        return bool(entries)


def mark(session: Session, entries: Sequence[JournalEntry], *, now: datetime) -> None:
    """Marks what these journal rows make stale; what is marked twice is brought up to date once."""
    # A note that is new has no card that could say anything else.
    about = [one for one in entries if one.subject_type == "note" and one.verb != "note.posted"]
    changed = {_note(one) for one in about if _family(one) in CARD_FAMILIES}
    moved = {_note(one) for one in about if _changes_readers(one)}
    comments = [one for one in about if _family(one) == "comment"]
    added = {UUID(one.data["comment"]) for one in comments if one.verb == "comment.added"}
    others = {UUID(one.data["comment"]) for one in comments if one.verb != "comment.added"}
    listed, whole = _of_topics(entries)
    if changed | listed:
        copies.mark(session, changed | listed, now=now)
    if whole:
        copies.mark_of_topics(session, whole, now=now)
    if moved:
        replies.mark_of_notes(session, moved, now=now)
    if added:
        replies.spread(session, added, now=now)
    if others:
        replies.mark(session, others, now=now)


def _of_topics(entries: Sequence[JournalEntry]) -> tuple[set[UUID], set[int]]:
    """The notes about which a topic says something else now, and topics of which all notes are."""
    notes: set[UUID] = set()
    whole: set[int] = set()
    for one in entries:
        if one.verb in NOTE_VERBS:
            notes.update(UUID(note_id) for note_id in one.data["notes"])
        elif one.verb in TOPIC_VERBS:
            whole.update({int(one.subject_id), int(one.data.get("topic", 0))} - {0})
    return notes, whole


def _note(entry: JournalEntry) -> UUID:
    return UUID(entry.subject_id)


def _family(entry: JournalEntry) -> str:
    return entry.verb.partition(".")[0]


def _changes_readers(entry: JournalEntry) -> bool:
    edited = entry.verb == "note.edited" and READER_FIELDS.intersection(entry.data["fields"])
    return entry.verb in READER_VERBS or bool(edited)
