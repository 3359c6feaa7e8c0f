"""Runs: a look at the stream as of a day, and what it shows, stored with its arithmetic.

Nothing is computed inside of a transaction: weeks are read in one, looked at outside of any, and
what was found is written in another.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from insights.clock import in_zone, monday_of, start_of
from insights.db import Database, table_of
from insights.models import Note, Trend, TrendReach, TrendRun, TrendShowing
from insights.services import (
    catalogue,
    journal,
    topic_feeds,
    trend_lives,
    trend_packing,
    trend_pasts,
    trend_priors,
    trend_pruning,
    trend_weeks,
)
from insights.services.trend_lives import Story
from insights.services.trend_pasts import Historian
from insights.services.trend_priors import Teacher
from insights.services.trend_processes import T, Work, side_by_side, worked
from insights.services.trend_stories import tell
from insights.services.trend_streams import (
    PHASE,
    LoadedWeeks,
    load,
    moment_of,
    source_of_now,
    week_of_monday,
)
from insights.trends.detector import Detector
from insights.trends.moment import moment_at, needed
from insights.trends.parameters import Parameters
from insights.trends.scan import Learned
from insights.trends.stream import Sort

# The strongest ones; whoever would read more of a day reads none of them.
MOST_STORIES = 300
OPENED = "trend.opened"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Day:
    """A day to look at, in the organisation's zone, and the moment up to which notes count."""

    day: date
    as_of: datetime

    @classmethod
    def present(cls, now: datetime, zone: ZoneInfo) -> "Day":
        """Today, up to now."""
        return cls(in_zone(now, zone).date(), now)

    @classmethod
    def past(cls, day: date, zone: ZoneInfo) -> "Day":
        """A day as it was when it was over."""
        return cls(day, start_of(day + timedelta(days=1), zone))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at one day came to, for one reach."""

    reach: TrendReach
    observations: int
    history: int
    seconds: float
    stories: Sequence[Story]


@dataclass(frozen=True)
class _Sight:
    """All that a look at one day rests on, for one reach: `known` was learned before,
    `pasts` were counted."""

    day: Day
    loaded: LoadedWeeks
    reach: TrendReach
    began: int | None
    known: Mapping[str, Learned]
    pasts: Mapping[str, bytes]
    parameters: Parameters

    def historian(self) -> Historian:
        """One who knows the past of its phrases."""
        return Historian(self.loaded, self.reach, self.pasts)

    @property
    def moment(self) -> int:
        """The moment on the clock of the stream."""
        return moment_of(self.day.as_of, self.loaded.zone)

    def teacher(self) -> Teacher:
        """One who knows what is usual."""
        return Teacher(self.loaded, self.reach, self.known, self.parameters)

    @property
    def is_known(self) -> bool:
        """Whether the past of its phrases, which are nearly all that is said, need not be read."""
        if self.began is None:
            return True
        at = moment_at(self.parameters, self.moment, began=self.began, phase=PHASE)
        return self.historian().knows(at) and self.teacher().knows(Sort.PHRASE, at)


@dataclass(frozen=True)
class _Seen:
    """What a look found, and what it had to learn and to count for it."""

    looked: Looked
    learned: Mapping[str, Learned]
    pasts: Mapping[str, bytes]


@dataclass(frozen=True)
class Refresh:
    """Brings weeks and runs up to date; says how far it is through `progress`.

    The same notes give the same weeks and the same stories, whatever was computed before.
    """

    database: Database
    zone: ZoneInfo
    clock: Callable[[], datetime]
    progress: Progress = lambda stage, done, total: None
    parameters: Parameters = field(default_factory=Parameters)
    # From so many notes on it is worth the start of further processes: to pack them, and to learn
    # from them and count them in both reaches at once.
    many_notes: int = 50_000
    very_many_notes: int = 300_000

    def pack(self, *, full: bool = False) -> int:
        """Packs the weeks that changed, all of them if `full`; returns how many they were."""
        self._read_journal()
        if full:
            with self.database.writing() as session:
                trend_weeks.mark_all(session, self.zone)
        with self.database.reading() as session:
            packer = trend_packing.packer(session, self.zone, self.parameters)
            mondays = trend_weeks.stale(session, packer.stamp)
        make = partial(trend_packing.pack_weeks, zone=self.zone, parameters=self.parameters)
        for week in self._each("Packing weeks", make, mondays):
            with self.database.writing() as session:
                trend_weeks.keep(session, week, packer.stamp)
        self._find_voices()
        return len(mondays)

    def look(self, day: Day, *, packed: int = 0) -> list[Looked]:
        """Looks at a day and stores what it shows, in place of what it showed before.

        Once with the notes that are open to everyone; and again with the sealed ones, if there are
        any in the weeks that are looked at. `packed` is how many weeks were packed for it. What
        was shown on days long past is let go of (trend_pruning). What trends rest on today is
        proposed to the topics about them.
        """
        with self.database.reading() as session:
            weeks = needed(self.parameters)
            loaded = load(session, as_of=day.as_of, weeks=weeks, zone=self.zone)
            began = _began(session, self.zone)
            learned, pasts = trend_priors.stored(session), trend_pasts.stored(session)
            mondays = [one.monday for one in loaded.weeks]
            many = trend_weeks.are_many_notes(session, mondays, self.zone, self.very_many_notes)
        self.progress(f"Looking at {day.day}", 0, 0)
        reaches = [TrendReach.EVERYONE, *([TrendReach.ALL] if loaded.has_sealed else [])]
        sights = [
            _Sight(day, loaded, reach, began, learned, pasts, self.parameters) for reach in reaches
        ]
        known = all(one.is_known for one in sights)
        found = side_by_side(self.database, _looked, sights, apart=many and not known)
        looked = [one.looked for one in found]
        with self.database.writing() as session:
            for one in found:
                trend_priors.keep(session, one.learned, now=self.clock())
                trend_pasts.keep(session, one.pasts, now=self.clock())
            writer = _Writer(session, day, self.clock(), self.zone, self.parameters)
            for seen in looked:
                writer.store(seen, packed)
            if TrendReach.ALL not in reaches:
                writer.drop(TrendReach.ALL)
            if in_zone(self.clock(), self.zone).date() == day.day:
                topic_feeds.propose_evidence(session, now=self.clock())
        with self.database.writing() as session:
            today = in_zone(self.clock(), self.zone).date()
            trend_pruning.prune(session, today=today, parameters=self.parameters)
        return looked

    def _read_journal(self) -> None:
        while True:
            with self.database.reading() as session:
                if not trend_weeks.is_behind(session):
                    return
            with self.database.writing() as session:
                trend_weeks.read_journal(session, self.zone)

    def _find_voices(self) -> None:
        with self.database.reading() as session:
            mondays = trend_weeks.without_voices(session)
        find = partial(trend_weeks.found_voices, parameters=self.parameters)
        for monday, spoken in self._each("Comparing texts", find, mondays):
            with self.database.writing() as session:
                trend_weeks.keep_voices(session, monday, spoken)

    def _each(self, stage: str, work: Work[T], mondays: Sequence[date]) -> Iterator[T]:
        """What is made of these weeks, in their order."""
        with self.database.reading() as session:
            together = trend_weeks.are_many_notes(session, mondays, self.zone, self.many_notes)
        made = worked(self.database, work, mondays, together=together)
        for done, one in enumerate(made):
            self.progress(stage, done, len(mondays))
            yield one


def _looked(database: Database, sight: _Sight) -> _Seen:
    """What is to be seen."""
    start = time.monotonic()
    loaded, parameters = sight.loaded, sight.parameters
    found = source_of_now(loaded, sight.reach, parameters)
    teacher, historian = sight.teacher(), sight.historian()
    detector = Detector(found.stream, parameters, PHASE, sight.began, teacher.learn, historian.past)
    at = sight.moment
    moment = detector.moment(at)
    told = detector.at(at)[:MOST_STORIES]
    explained = list(zip(told, detector.explain(at, told), strict=True))
    with database.reading() as session:
        stories = tell(session, found, explained, partial=moment.partial, parameters=parameters)
    seconds = time.monotonic() - start
    observations = len(found.stream.when)
    looked = Looked(sight.reach, observations, moment.history, seconds, stories)
    return _Seen(looked, teacher.new, historian.new)


def last_run(session: Session) -> TrendRun | None:
    """The run of the newest day that was computed; None when there was none yet."""
    newest = select(TrendRun).where(TrendRun.reach == TrendReach.EVERYONE)
    return session.scalar(newest.order_by(TrendRun.day.desc()).limit(1))


def has_run(session: Session, day: date) -> bool:
    """Whether a day was looked at already."""
    chosen = select(TrendRun.id).where(TrendRun.day == day, TrendRun.reach == TrendReach.EVERYONE)
    return session.scalar(chosen) is not None


def _began(session: Session, zone: ZoneInfo) -> int | None:
    """The week of the first note that counts; None when there is none."""
    first = session.scalar(select(func.min(Note.noted_at)).where(Note.withdrawn_at.is_(None)))
    return None if first is None else week_of_monday(monday_of(first, zone))


class _Writer:
    """Stores what looks at one day came to, within one transaction."""

    def __init__(
        self, session: Session, day: Day, now: datetime, zone: ZoneInfo, parameters: Parameters
    ) -> None:
        self._session = session
        self._day = day
        self._now = now
        self._is_present = in_zone(now, zone).date() == day.day
        self._parameters = parameters

    def store(self, looked: Looked, packed: int) -> None:
        """Writes the run, the trends that open with it or go on, and how it shows them."""
        session, parameters = self._session, self._parameters
        run = self._run(looked, packed)
        known = catalogue.current(session)
        trends = trend_lives.trends_of(
            session, run, looked.stories, known=known, parameters=parameters
        )
        changed = trend_lives.forget(session, run, trends)
        rows = [
            {
                "run_id": run.id,
                "trend_id": trend,
                "territory_id": story.where[0],
                "segment_id": story.where[1],
                **story.showing,
            }
            for trend, story in zip(trends, looked.stories, strict=True)
        ]
        if rows:
            session.execute(insert(table_of(TrendShowing)), rows)
        trend_lives.settle(session, {*changed, *trends}, parameters)
        strong = [
            trend
            for trend, story in zip(trends, looked.stories, strict=True)
            if story.score >= parameters.strong
        ]
        self._announce(run, strong)

    def drop(self, reach: TrendReach) -> None:
        """Takes back the day's run of a reach that shows nothing of its own any more."""
        run = self._stored(reach)
        if run is not None:
            changed = trend_lives.forget(self._session, run, ())
            trend_lives.settle(self._session, changed, self._parameters)
            left = select(TrendShowing.id).where(TrendShowing.run_id == run.id).limit(1)
            if self._session.scalar(left) is None:
                self._session.execute(delete(TrendRun).where(TrendRun.id == run.id))

    def _run(self, looked: Looked, packed: int) -> TrendRun:
        run = self._stored(looked.reach) or TrendRun(day=self._day.day, reach=looked.reach)
        run.as_of, run.finished_at = self._day.as_of, self._now
        run.seconds, run.packed = looked.seconds, packed
        run.observations, run.history = looked.observations, looked.history
        run.thinned = False
        self._session.add(run)
        self._session.flush()
        return run

    def _stored(self, reach: TrendReach) -> TrendRun | None:
        chosen = select(TrendRun).where(TrendRun.reach == reach, TrendRun.day == self._day.day)
        return self._session.scalar(chosen)

    def _announce(self, run: TrendRun, strong: Sequence[int]) -> None:
        """Tells the journal once of each strong trend; of what is past by now nobody is told."""
        session = self._session
        first = select(Trend).where(Trend.id.in_(strong), Trend.announced_at.is_(None))
        # As they are now: where a story is may just have changed.
        current = first.order_by(Trend.id).execution_options(populate_existing=True)
        opened = session.scalars(current).all()
        for trend in opened:
            trend.announced_at = self._now
        session.flush()
        if self._is_present and run.reach is TrendReach.EVERYONE:
            journal.append_many(session, [_opening(trend, run, self._now) for trend in opened])


def _opening(trend: Trend, run: TrendRun, now: datetime) -> dict[str, object]:
    named = {
        "competitor": trend.competitor_id,
        "product": trend.product_id,
        "territory": trend.territory_id,
        "segment": trend.segment_id,
        "run": run.id,
    }
    data = {name: value for name, value in named.items() if value is not None}
    return journal.entry(OPENED, ("trend", trend.id), actor_id=None, now=now, data=data)
