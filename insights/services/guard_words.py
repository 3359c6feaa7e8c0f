"""The words that notes should not hold, kept by admins.

A word stands on the list once, whatever its topic, case and hyphens. It is a setting: removing it
deletes the row, and the journal keeps that it was there.
"""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.errors import Conflict, FieldProblems, Invalid, NotFound
from insights.models import GuardAction, GuardMatch, GuardTopic, GuardWord
from insights.services import access, catalogue, journal, names
from insights.services.access import Actor
from insights.services.guard_starter import STARTER_WORDS
from insights.services.lookup import LARGEST_ID
from insights.tagging.guarded_words import word_form

LONGEST_ADVICE = 300
SHORTEST_PART = 3
# Each device takes the whole list along.
MOST_WORDS = 500


class GuardWordFields(TypedDict, total=False):
    """What is said about a word."""

    topic: GuardTopic
    word: str
    match: GuardMatch
    action: GuardAction
    advice: str


def list_words(session: Session, actor: Actor) -> list[GuardWord]:
    """All words by topic and alphabet. Raises Forbidden unless the actor is an admin."""
    access.require_admin(actor)
    ordered = select(GuardWord).order_by(GuardWord.topic.desc(), GuardWord.folded)
    return list(session.scalars(ordered))


def get(session: Session, actor: Actor, word_id: int) -> GuardWord:
    """The word of that number; raises NotFound, and Forbidden unless the actor is an admin."""
    access.require_admin(actor)
    found = session.get(GuardWord, word_id) if 0 < word_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("There is no such word on the list; it may have been removed.")
    return found


def add(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    topic: GuardTopic,
    word: str,
    match: GuardMatch = GuardMatch.EXACT,
    action: GuardAction = GuardAction.WARN,
    advice: str = "",
) -> GuardWord:
    """Puts a word on the list; from then on notes are checked for it.

    Raises Forbidden, Invalid(word, advice) and Conflict when the word is on the list.
    """
    access.require_admin(actor)
    values = _usable(word, match, advice)
    catalogue.changed(session)
    _require_room(session)
    _require_free(session, values["folded"])
    row = GuardWord(topic=topic, action=action, created_at=now, **values)
    session.add(row)
    session.flush()
    _record(session, actor, "added", row, now)
    return row


def change(
    session: Session,
    actor: Actor,
    word_id: int,
    *,
    now: datetime,
    **changes: Unpack[GuardWordFields],
) -> GuardWord:
    """Changes what is given of a word; nothing happens when all of it is so already.

    Raises NotFound, Forbidden, Invalid(word, advice) and Conflict when another row has the word.
    """
    access.require_admin(actor)
    catalogue.changed(session)
    row = get(session, actor, word_id)
    merged: dict[str, Any] = {
        name: changes.get(name, getattr(row, name)) for name in GuardWordFields.__annotations__
    }
    merged |= _usable(merged["word"], merged["match"], merged["advice"])
    altered = {name: value for name, value in merged.items() if value != getattr(row, name)}
    if "folded" in altered:
        _require_free(session, altered["folded"])
    for name, value in altered.items():
        setattr(row, name, value)
    session.flush()
    if altered:
        _record(session, actor, "changed", row, now, fields=sorted(altered.keys() - {"folded"}))
    return row


def remove(session: Session, actor: Actor, word_id: int, *, now: datetime) -> None:
    """Takes a word off the list. Raises NotFound, and Forbidden unless the actor is an admin."""
    access.require_admin(actor)
    catalogue.changed(session)
    row = get(session, actor, word_id)
    session.delete(row)
    session.flush()
    _record(session, actor, "removed", row, now)


def add_starter_words(session: Session, actor: Actor, *, now: datetime) -> int:
    """Adds the hints at competition law that are not on the list yet; returns how many.

    Raises Forbidden unless the actor is an admin, and Invalid when there is no room for them.
    """
    access.require_admin(actor)
    catalogue.changed(session)
    taken = set(session.scalars(select(GuardWord.folded)))
    rows = [row for row in starter_rows(now) if row.folded not in taken]
    if len(taken) + len(rows) > MOST_WORDS:
        raise Invalid(_FULL)
    session.add_all(rows)
    session.flush()
    for row in rows:
        _record(session, actor, "added", row, now)
    return len(rows)


def starter_rows(now: datetime) -> list[GuardWord]:
    """The starter set as rows that are not stored yet, created at the aware time `now`."""
    return [
        GuardWord(
            topic=GuardTopic.COMPETITION,
            word=word,
            folded=word_form(word),
            match=GuardMatch.EXACT,
            action=GuardAction.WARN,
            advice="",
            created_at=now,
        )
        for word in STARTER_WORDS
    ]


_FULL = f"The list holds {MOST_WORDS} words at most. Remove some that are no longer wanted."


def _usable(word: str, match: GuardMatch, advice: str) -> dict[str, Any]:
    """The values of the columns; raises Invalid with every field to mend."""
    values: dict[str, Any] = {"match": match, "advice": names.one_line(advice)}
    problems = FieldProblems()
    with problems:
        values["word"] = names.require_name(word, field="word")
        values["folded"] = _require_form(values["word"], match)
    with problems:
        if len(values["advice"]) > LONGEST_ADVICE:
            raise Invalid({"advice": [f"Shorten the advice to {LONGEST_ADVICE} characters."]})
    problems.settle()
    return values


def _require_form(word: str, match: GuardMatch) -> str:
    form = word_form(word)
    if not form:
        raise Invalid({"word": ["Give a word with a letter or a digit in it."]})
    if match is GuardMatch.PART and len(form) < SHORTEST_PART:
        message = f"As a part of words take {SHORTEST_PART} letters or more; most notes have it."
        raise Invalid({"word": [message]})
    return form


def _require_free(session: Session, form: str) -> None:
    """Raises Conflict when the word is on the list; `catalogue.changed` keeps others waiting."""
    other = session.scalar(select(GuardWord.word).where(GuardWord.folded == form))
    if other is not None:
        raise Conflict(f"“{other}” is on the list already. Change that entry.")


def _require_room(session: Session) -> None:
    if (session.scalar(select(func.count()).select_from(GuardWord)) or 0) >= MOST_WORDS:
        raise Invalid(_FULL)


def _record(
    session: Session,
    actor: Actor,
    deed: str,
    row: GuardWord,
    now: datetime,
    *,
    fields: list[str] | None = None,
) -> None:
    data: dict[str, Any] = {"name": row.word, "topic": row.topic.value}
    if fields is not None:
        data["fields"] = fields
    subject = ("guard_word", row.id)
    journal.append(
        session, f"guard_word.{deed}", subject, actor_id=actor.journal_id, now=now, data=data
    )
