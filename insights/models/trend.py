"""Trends: what surges where, as it was shown each day, and what people said of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice
from insights.models.note import Kind


class TrendSort(StrEnum):
    """What sort of subject a trend is about."""

    COMPETITOR = "competitor"
    PRODUCT = "product"
    KIND = "kind"
    PHRASE = "phrase"


class TrendReach(StrEnum):
    """From which notes a trend was computed: those open to everyone, or the sealed ones too."""

    EVERYONE = "everyone"
    ALL = "all"


class TrendWeek(Base):
    """Who said what in one week, packed (insights.trends.packing); made anew when it is stale.

    What is packed is a function of the notes that were written or seen in that week alone. Whose
    voice a copied text speaks with depends on the weeks before as well, and stands by itself.
    """

    __tablename__ = "trend_weeks"
    __table_args__ = (Index(None, "stale"),)

    monday: Mapped[date] = mapped_column(primary_key=True)
    stale: Mapped[bool] = mapped_column(default=True)
    # What the journal reader counts up with each change, so that one made while the week is being
    # packed is not overlooked.
    version: Mapped[int] = mapped_column(default=1)
    observations: Mapped[int] = mapped_column(default=0)
    # Digest of all else that packing depends on: its format, the zone, names that part phrases.
    stamp: Mapped[str] = mapped_column(String(64), default="")
    # Empty until it is first packed.
    packed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # By what its texts are compared with those of the following weeks.
    texts: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Empty when the texts of this week or of one before it have changed.
    voices: Mapped[bytes | None] = mapped_column(LargeBinary)


class TrendPrior(Base):
    """What was learned from many cells, under the digest of all that it was learned from."""

    __tablename__ = "trend_priors"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    learned: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TrendPast(Base):
    """Sums of the phrases of the past, under the digest of all that they were counted from."""

    __tablename__ = "trend_pasts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TrendRun(Base):
    """One look at the stream: what was shown on a day. It is replaced until the day is over."""

    __tablename__ = "trend_runs"
    __table_args__ = (Index(None, "reach", "day", unique=True),)

    id: Mapped[Key]
    # In the organisation's time zone.
    day: Mapped[date]
    reach: Mapped[TrendReach] = mapped_column(choice(TrendReach, "reach"))
    # Only what was captured before this moment was looked at.
    as_of: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seconds: Mapped[float]
    observations: Mapped[int]
    # How many weeks had changed and were packed anew.
    packed: Mapped[int]
    # How many weeks of notes there were to compare with.
    history: Mapped[int]
    # Long past and let go of, but for what its trends' own rows follow from.
    thinned: Mapped[bool] = mapped_column(default=False, server_default=false())


class Trend(Base):
    """One story from its opening to its last showing: about what, where, and how it stands.

    What people say of it stays with it wherever it moves: its place is that of its last showing.
    """

    __tablename__ = "trends"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN competitor_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN product_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN kind IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN phrase IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        Index(None, "reach", "shown_on"),
        Index(None, "territory_id", "shown_on"),
    )

    id: Mapped[Key]
    reach: Mapped[TrendReach] = mapped_column(choice(TrendReach, "reach"))
    sort: Mapped[TrendSort] = mapped_column(choice(TrendSort, "sort"))
    competitor_id: Mapped[int | None] = mapped_column(ForeignKey("competitors.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    kind: Mapped[Kind | None] = mapped_column(choice(Kind, "kind"))
    phrase: Mapped[str | None] = mapped_column(String(200))
    # Empty for the company as a whole.
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"))
    opened_on: Mapped[date]
    shown_on: Mapped[date]
    peak: Mapped[float]
    # When it was first strong enough to be told to people.
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TrendShowing(Base):
    """A trend as one run showed it, with its arithmetic and the notes that prove it."""

    __tablename__ = "trend_showings"
    __table_args__ = (Index(None, "run_id", "trend_id", unique=True), Index(None, "trend_id"))

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("trend_runs.id"))
    trend_id: Mapped[int] = mapped_column(ForeignKey("trends.id"))
    # Where it was on that day; no territory for the company as a whole.
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"))
    score: Mapped[float]
    # Of its best window of so many weeks: voices counted and expected, people, accounts.
    weeks: Mapped[int]
    count: Mapped[float]
    expected: Mapped[float]
    reporters: Mapped[int]
    accounts: Mapped[int]
    # Of a trend of no segment: the one that most of its notes are about, if that is unusual there.
    mostly_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"))
    # {"first": "2026-01-05", "counts": [...], "expected": [...], "upper": [...]}, a value a week.
    series: Mapped[dict[str, Any]] = mapped_column(JSON)
    # How the expected count came about: see services.trend_runs.
    arithmetic: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Ids of notes, newest first, and how many there are in all.
    evidence: Mapped[list[str]] = mapped_column(JSON)
    evidence_count: Mapped[int]


class TrendFollow(Base):
    """Somebody wants to hear of a trend."""

    __tablename__ = "trend_follows"

    trend_id: Mapped[int] = mapped_column(ForeignKey("trends.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class TrendMute(Base):
    """Somebody does not want to see a trend, and why; managers and analysts for all of us."""

    __tablename__ = "trend_mutes"

    trend_id: Mapped[int] = mapped_column(ForeignKey("trends.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(String(300))
    for_everyone: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class TrendVerdict(Base):
    """Whether a trend was useful to somebody. Reported, and never tunes anything by itself."""

    __tablename__ = "trend_verdicts"

    trend_id: Mapped[int] = mapped_column(ForeignKey("trends.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    useful: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
