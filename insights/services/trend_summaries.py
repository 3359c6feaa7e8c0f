"""The week of a territory in brief: what came up and what ended, how much was noted, where not.

The end of the week is compared with its beginning. Trends are those that were shown then; notes
and counts are of what the reader may see now. The words stand in `trend_summary_words`, for the
page and for whatever else sends them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.clock import monday_of, start_of
from insights.errors import NotFound
from insights.models import Note, Sighting
from insights.search.engine import Reader
from insights.services import access, catalogue, note_cards, trends
from insights.services.access import Actor
from insights.services.catalogue import Place
from insights.services.note_cards import NoteCard
from insights.services.silence import Silence, State, silence_map
from insights.services.trends import TrendView
from insights.services.volumes import View, Weeks, weekly_totals

# What is usual is the mean of as many weeks before.
USUAL_WEEKS = 8
MOST_SILENT = 10
MOST_SIGHTED = 5
MOST_GOING_ON = 10
EARLIEST = date(1971, 1, 4)


@dataclass(frozen=True, slots=True)
class Volume:
    """The notes of a week, of the week before it, and of a usual week (a mean)."""

    week: int
    before: int
    usual: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A territory's week, from the Monday on, with everything below the territory.

    `opened` are the trends that came up in the week and are shown at its end, `going_on` the
    strongest ten that came up before, `ended` those shown at its beginning and no longer at its
    end. `sighted` are the week's notes that most others have seen too. `silent` are the territories
    below that said less than is usual there, as of the week's end.
    """

    place: Place
    monday: date
    is_over: bool
    volume: Volume
    opened: tuple[TrendView, ...]
    going_on: tuple[TrendView, ...]
    ended: tuple[TrendView, ...]
    sighted: tuple[NoteCard, ...]
    silent: tuple[Silence, ...]

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell: neither a note nor a trend nor unusual silence."""
        found = (self.opened, self.going_on, self.ended, self.sighted, self.silent)
        return not (self.volume.week or any(found))


def summary(
    session: Session,
    actor: Actor,
    reader: Reader,
    territory_id: int,
    *,
    week: date,
    zone: ZoneInfo,
    now: datetime,
) -> Summary:
    """The summary of the week that begins on the Monday `week`, for one reader.

    A fixed number of queries and of requests to the index. Raises NotFound for a day that is no
    Monday and for a week that has not begun, Unavailable when there is no index yet.
    """
    require_week(week, zone=zone, now=now)
    known = catalogue.current(session)
    place, end = known.territories[territory_id], start_of(week + timedelta(weeks=1), zone)
    before, shown = _shown(session, actor, territory_id, week)
    still = {one.id for one in shown}
    return Summary(
        place=place,
        monday=week,
        is_over=end <= now,
        volume=_volume(actor, reader, known.subtree(territory_id), week, zone),
        opened=tuple(one for one in shown if one.opened_on >= week),
        going_on=tuple([one for one in shown if one.opened_on < week][:MOST_GOING_ON]),
        ended=tuple(one for one in before if one.id not in still),
        sighted=_most_sighted(session, actor, known.subtree(territory_id), week, zone),
        silent=_silent(
            session, actor, reader, place, zone=zone, now=min(now, end - timedelta(seconds=1))
        ),
    )


def require_week(week: date, *, zone: ZoneInfo, now: datetime) -> None:
    """Raises NotFound unless the day is a Monday of a week that has begun."""
    if week.weekday() or not EARLIEST <= week <= monday_of(now, zone):
        raise NotFound("There is no such week. Weeks are named by their Monday, and have begun.")


def _shown(
    session: Session, actor: Actor, territory_id: int, week: date
) -> tuple[Sequence[TrendView], Sequence[TrendView]]:
    """All that was shown on the day before the week and on its last day (until now): of a part of
    it nobody could say what ended."""
    days = (week - timedelta(days=1), week + timedelta(days=6))
    before, after = (
        trends.emerging(session, actor, territory_id=territory_id, on=day, limit=trends.MOST_READ)
        for day in days
    )
    return before.trends, after.trends


def _volume(
    actor: Actor, reader: Reader, territory_ids: frozenset[int], week: date, zone: ZoneInfo
) -> Volume:
    weeks = Weeks(week - timedelta(weeks=USUAL_WEEKS), USUAL_WEEKS + 1, zone)
    *usual, this = weekly_totals(actor, reader, View(territory_ids=territory_ids), weeks=weeks)
    return Volume(this, usual[-1], sum(usual) / USUAL_WEEKS)


def _silent(
    session: Session, actor: Actor, reader: Reader, place: Place, *, zone: ZoneInfo, now: datetime
) -> tuple[Silence, ...]:
    """The territories below that are silent or quiet at `now`, the most silent first."""
    found = silence_map(session, actor, reader, within=place, limit=MOST_SILENT, zone=zone, now=now)
    states = (State.SILENT, State.QUIET)
    return tuple(row.silence for row in found.rows if row.silence.state in states)


def _most_sighted(
    session: Session,
    actor: Actor,
    territory_ids: frozenset[int],
    week: date,
    zone: ZoneInfo,
) -> tuple[NoteCard, ...]:
    sightings = func.count(Sighting.id)
    statement = (
        select(Note.id)
        .join(Sighting, Sighting.note_id == Note.id)
        .where(
            access.visible_notes(actor),
            Note.territory_id.in_(sorted(territory_ids)),
            Note.noted_at >= start_of(week, zone),
            Note.noted_at < start_of(week + timedelta(weeks=1), zone),
        )
        .group_by(Note.id)
        .order_by(sightings.desc(), Note.noted_at.desc(), Note.id.desc())
        .limit(MOST_SIGHTED)
    )
    ids = session.scalars(statement).all()
    return tuple(note_cards.cards_of(session, actor, ids))
