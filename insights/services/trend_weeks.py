"""Which weeks of the stream are stale, and what is kept of each.

The journal reader marks the weeks that a change touches. A refresh packs those anew, and then finds
out again whose voice the copied texts of that week and of the nine weeks after it speak with, as
far as texts have changed. So a week's bytes depend on the notes alone, not on the way to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from insights.clock import monday_of, start_of
from insights.db import insert_or_skip
from insights.models import JournalCursor, JournalEntry, Note, Sighting, TrendWeek
from insights.services import journal
from insights.services.trend_packing import WEEK, PackedWeek
from insights.trends import packing
from insights.trends.duplicates import voices
from insights.trends.packing import unpack_texts, unpack_week
from insights.trends.parameters import Parameters

READER = "trends"
BATCH = 1_000
# Sixty days reach into the ninth week before.
WEEKS_OF_COPIES = 9
# Verbs after which notes are tagged with another competitor or product.
_OF_NAMES = frozenset(
    {"competitor.merged", "competitor.parted", "product.merged", "product.parted"}
)
_OF_NOTES = frozenset(
    {"note.posted", "note.edited", "note.withdrawn", "note.restored", "sighting.added"}
)


@dataclass(frozen=True, slots=True)
class StoredWeek:
    """A week as it is kept."""

    monday: date
    packed: bytes
    voices: bytes


def read_journal(session: Session, zone: ZoneInfo) -> int:
    """Marks the weeks that the next journal rows touch; returns how many rows it read.

    At most a thousand at once; 0 when there are no more. Who has read nothing yet takes all weeks
    for stale instead of reading all that ever happened. Reading a row twice does no harm.
    """
    cursor = session.scalar(select(JournalCursor.cursor).where(JournalCursor.reader == READER))
    if cursor is None:
        last = journal.last_id(session)
        row = {"reader": READER, "cursor": last}
        session.execute(insert_or_skip(session, JournalCursor, JournalCursor.reader), [row])
        mark_all(session, zone)
        return last
    entries = journal.entries_after(session, cursor, limit=BATCH)
    if entries:
        _mark_touched(session, entries, zone)
        moved = update(JournalCursor).where(JournalCursor.reader == READER)
        session.execute(moved.values(cursor=entries[-1].id))
    return len(entries)


def is_behind(session: Session) -> bool:
    """Whether the journal has rows that were not read; a cheap question."""
    cursor = session.scalar(select(JournalCursor.cursor).where(JournalCursor.reader == READER))
    return cursor is None or journal.last_id(session) > cursor


def mark_all(session: Session, zone: ZoneInfo) -> None:
    """Takes every week for stale from the first note or sighting to the last."""
    ends = session.execute(
        select(
            func.min(Note.noted_at),
            func.max(Note.noted_at),
            select(func.min(Sighting.at)).scalar_subquery(),
            select(func.max(Sighting.at)).scalar_subquery(),
        )
    ).one()
    moments = [one for one in ends if one is not None]
    if not moments:
        return
    monday, last = monday_of(min(moments), zone), monday_of(max(moments), zone)
    weeks = (last - monday) // WEEK + 1
    mark(session, (monday + number * WEEK for number in range(weeks)))
    session.execute(update(TrendWeek).values(stale=True, version=TrendWeek.version + 1))


def mark(session: Session, mondays: Iterable[date]) -> None:
    """Takes these weeks for stale."""
    chosen = sorted(set(mondays))
    if not chosen:
        return
    rows = [
        {"monday": one, "stale": True, "version": 0, "observations": 0, "stamp": ""}
        for one in chosen
    ]
    session.execute(insert_or_skip(session, TrendWeek, TrendWeek.monday), rows)
    for at in range(0, len(chosen), BATCH):
        of_these = TrendWeek.monday.in_(chosen[at : at + BATCH])
        values = {"stale": True, "version": TrendWeek.version + 1}
        session.execute(update(TrendWeek).where(of_these).values(values))


def stale(session: Session, stamp: str) -> list[date]:
    """The weeks that have to be packed: marked ones, and those packed under another stamp."""
    needed = or_(TrendWeek.stale, TrendWeek.stamp != stamp)
    return list(session.scalars(select(TrendWeek.monday).where(needed).order_by(TrendWeek.monday)))


def has_stale(session: Session) -> bool:
    """Whether anything has changed since the weeks were packed."""
    return session.scalar(select(TrendWeek.monday).where(TrendWeek.stale).limit(1)) is not None


def are_many_notes(session: Session, mondays: Sequence[date], zone: ZoneInfo, least: int) -> bool:
    """Whether at least so many notes lie between the first of these weeks and the last."""
    if not mondays:
        return False
    begin, end = start_of(mondays[0], zone), start_of(mondays[-1] + WEEK, zone)
    within = select(Note.id).where(Note.noted_at >= begin, Note.noted_at < end)
    return session.execute(within.offset(least - 1).limit(1)).first() is not None


def keep(session: Session, week: PackedWeek, stamp: str) -> None:
    """Stores a week as packed; it stays stale if it was marked again meanwhile.

    Whose voices are heard has to be found again: in this week if anything of it changed, and in
    those whose copies may be of it if its texts did.
    """
    own = TrendWeek.monday == week.monday
    former = session.execute(select(TrendWeek.packed, TrendWeek.texts).where(own)).one()
    if former.texts != week.texts:
        last = week.monday + WEEKS_OF_COPIES * WEEK
        _silence(session, week.monday, last)
    elif former.packed != week.packed:
        _silence(session, week.monday, week.monday)
    session.execute(
        update(TrendWeek)
        .where(own)
        .values(
            stale=TrendWeek.version != week.version,
            stamp=stamp,
            observations=week.observations,
            packed=week.packed,
            texts=week.texts,
        )
    )


def without_voices(session: Session) -> list[date]:
    """The weeks of which it is not known who speaks, though they are packed."""
    statement = select(TrendWeek.monday).where(
        TrendWeek.voices.is_(None), TrendWeek.packed.is_not(None)
    )
    return list(session.scalars(statement.order_by(TrendWeek.monday)))


def found_voices(
    session: Session, mondays: Sequence[date], *, parameters: Parameters
) -> list[tuple[date, bytes]]:
    """Who speaks in each observation of these weeks, packed, in their order.

    The weeks before must be packed too; those that several weeks look at are read once.
    """
    before = [number * WEEK for number in range(WEEKS_OF_COPIES, -1, -1)]
    looked_at = {monday - weeks for monday in mondays for weeks in before}
    kept = select(TrendWeek.monday, TrendWeek.texts).where(TrendWeek.monday.in_(looked_at))
    texts = {monday: unpack_texts(one) for monday, one in session.execute(kept) if one is not None}
    packed = select(TrendWeek.monday, TrendWeek.packed).where(TrendWeek.monday.in_(mondays))
    found = []
    for monday, week in session.execute(packed.order_by(TrendWeek.monday)):
        assert week is not None, "only packed weeks are asked for"
        near = [texts[monday - weeks] for weeks in before if monday - weeks in texts]
        spoken = voices(
            unpack_week(week).voice,
            near[-1],
            near[:-1],
            alike=parameters.duplicate,
            days=parameters.duplicate_days,
        )
        found.append((monday, packing.pack_voices(spoken)))
    return found


def keep_voices(session: Session, monday: date, spoken: bytes) -> None:
    """Stores who speaks in a week."""
    session.execute(update(TrendWeek).where(TrendWeek.monday == monday).values(voices=spoken))


def stored(session: Session, first: date, last: date) -> list[StoredWeek]:
    """The packed weeks with observations from Monday `first` to Monday `last`, in order."""
    statement = select(TrendWeek.monday, TrendWeek.packed, TrendWeek.voices).where(
        TrendWeek.monday.between(first, last),
        TrendWeek.observations > 0,
    )
    rows = session.execute(statement.order_by(TrendWeek.monday))
    return [
        StoredWeek(monday, packed, spoken)
        for monday, packed, spoken in rows
        if packed is not None and spoken is not None
    ]


def first_week(session: Session) -> date | None:
    """The Monday of the first week that holds any observation; None when there is none."""
    statement = select(func.min(TrendWeek.monday)).where(TrendWeek.observations > 0)
    return session.scalar(statement)


def _silence(session: Session, first: date, last: date) -> None:
    between = TrendWeek.monday.between(first, last)
    session.execute(update(TrendWeek).where(between).values(voices=None))


def _mark_touched(session: Session, entries: Sequence[JournalEntry], zone: ZoneInfo) -> None:
    if any(entry.verb in _OF_NAMES for entry in entries):
        # Notes of any week may be tagged with another one since.
        mark_all(session, zone)
        return
    ids = {UUID(entry.subject_id) for entry in entries if entry.verb in _OF_NOTES}
    moments = [*_moments(session, ids), *_moments_taken_back(session, entries)]
    mark(session, (monday_of(moment, zone) for moment in moments))


def _moments(session: Session, ids: set[UUID]) -> list[datetime]:
    """When notes were captured and seen."""
    if not ids:
        return []
    noted = session.scalars(select(Note.noted_at).where(Note.id.in_(ids)))
    seen = session.scalars(select(Sighting.at).where(Sighting.note_id.in_(ids)))
    return [*noted, *seen]


def _moments_taken_back(session: Session, entries: Sequence[JournalEntry]) -> list[datetime]:
    """When those sightings were made that were taken back; only the journal remembers them."""
    removed = [entry for entry in entries if entry.verb == "sighting.removed"]
    if not removed:
        return []
    added = select(JournalEntry.at).where(
        JournalEntry.subject_type == "note",
        JournalEntry.subject_id.in_({entry.subject_id for entry in removed}),
        JournalEntry.verb == "sighting.added",
    )
    return list(session.scalars(added))
