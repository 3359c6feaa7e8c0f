"""Letters: by what is told, who puts it in words for its reader; and what each person is told.

A writer gives None when there is nothing to tell any more, or nothing that the reader may see: it
is in no list then, and is not answered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from insights.db import UTCDateTime
from insights.errors import Conflict, Invalid, NotFound
from insights.models import Telling, TellingMatter, Verdict
from insights.services import (
    battlecard_checks,
    battlecard_letters,
    handover_letters,
    lookup,
    question_letters,
    tellings,
    topic_letters,
)
from insights.services.access import Actor
from insights.services.letter import Letter

WRITERS: Mapping[TellingMatter, Callable[[Session, Actor, str], Letter | None]] = {
    TellingMatter.OUTCOME: topic_letters.outcome,
    TellingMatter.TOPIC: topic_letters.given,
    TellingMatter.QUESTION: question_letters.asked,
    TellingMatter.QUESTION_SUMMARY: question_letters.summary,
    TellingMatter.CHECK: battlecard_letters.check,
    TellingMatter.HANDOVER: handover_letters.received,
    TellingMatter.HANDOVER_INTERVIEW: handover_letters.interview,
}
# Each letter asks the database a few times, so a page is short.
MOST_ON_A_PAGE = 20
# How many rows are read for a page of which most are told to nobody any more.
_MOST_READ = 3 * MOST_ON_A_PAGE
_NO_SUCH = "There is no such news, or it is nothing to you any more."


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the reader is told; `read` says whether they have read it."""

    id: int
    matter: TellingMatter
    at: datetime
    read: bool
    letter: Letter


@dataclass(frozen=True, slots=True)
class ToldPage:
    """A part of what somebody is told; `next` is behind which number to go on, None at the end."""

    items: Sequence[Told]
    next: int | None


def letter(session: Session, reader: Actor, matter: TellingMatter, subject: str) -> Letter | None:
    """What is told, as the reader may see it at this moment."""
    return WRITERS[matter](session, reader, subject)


def list_mine(
    session: Session,
    actor: Actor,
    *,
    unread: bool = False,
    after: int | None = None,
    limit: int = MOST_ON_A_PAGE,
) -> ToldPage:
    """What the actor is told, the newest first, up to `limit` (at most 20) from behind number
    `after`; with `unread` only what they have not read.

    What is nothing to them any more is left out, so that a page may hold less than `limit` with
    more to follow.
    """
    limit = max(1, min(limit, MOST_ON_A_PAGE))
    items: list[Told] = []
    rows = _rows(session, actor, unread=unread, after=after)
    # As long as somebody holds them, nobody asks for them one by one.
    _held = topic_letters.load(
        session, actor, [row.subject for row in rows if row.matter is TellingMatter.OUTCOME]
    )
    for passed, row in enumerate(rows):
        if len(items) == limit or passed == _MOST_READ:
            return ToldPage(items, rows[passed - 1].id)
        written = letter(session, actor, row.matter, row.subject)
        if written is not None:
            items.append(Told(row.id, row.matter, row.at, row.read_at is not None, written))
    return ToldPage(items, None)


def get(session: Session, actor: Actor, telling_id: int) -> Told:
    """One thing that the actor is told; raises NotFound for what is told to others, or is nothing
    to the actor any more."""
    row = _own(session, actor, telling_id)
    written = letter(session, actor, row.matter, row.subject)
    if written is None:
        raise NotFound(_NO_SUCH)
    return Told(row.id, row.matter, row.at, row.read_at is not None, written)


def answer(session: Session, actor: Actor, telling_id: int, value: str, *, now: datetime) -> str:
    """Gives one of the answers that a letter offers, and has it read; returns what is so now, in
    words, also where somebody answered before.

    Raises NotFound as `get` does, and Invalid for what is no answer to it.
    """
    row = _own(session, actor, telling_id, lock=True)
    if row.matter is not TellingMatter.CHECK or value not in set(Verdict):
        raise Invalid("This cannot be answered so. Open it to see what it is about.")
    tellings.mark_read(session, actor, ids=[row.id], now=now)
    try:
        return battlecard_checks.answer(
            session, actor, check_id=int(row.subject), verdict=Verdict(value), now=now
        )
    except Conflict as too_late:
        return too_late.message


def _own(session: Session, actor: Actor, telling_id: int, *, lock: bool = False) -> Telling:
    found = lookup.by_id(session, Telling, telling_id, lock=lock)
    if found is None or found.person_id != actor.id:
        raise NotFound(_NO_SUCH)
    return found


def _rows(session: Session, actor: Actor, *, unread: bool, after: int | None) -> Sequence[Telling]:
    """More rows than a page ever needs, in the order of the list."""
    chosen = select(Telling).where(Telling.person_id == actor.id)
    if unread:
        chosen = chosen.where(Telling.read_at.is_(None))
    if after is not None:
        last = lookup.by_id(session, Telling, after)
        if last is None:
            return []
        chosen = chosen.where(
            tuple_(Telling.at, Telling.id)
            < tuple_(literal(last.at, UTCDateTime()), literal(last.id))
        )
    newest = chosen.order_by(Telling.at.desc(), Telling.id.desc())
    return session.scalars(newest.limit(_MOST_READ + 1)).all()
