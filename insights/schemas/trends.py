"""The shapes of trends: how they are asked for, and what a run showed, with its arithmetic."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import TrendSort
from insights.schemas.fields import Day, InputSchema, QuerySchema, Switch, Text, WholeNumber
from insights.schemas.lists import MOST_ITEMS, PageQuery
from insights.schemas.tags import SegmentNameOut, TerritoryNameOut, place_name, segment_name
from insights.services.trend_reactions import LONGEST_REASON
from insights.services.trend_words import chance_words, sentence
from insights.services.trends import LEAST_HISTORY, SHOWN, Emerging, Series, TrendView
from insights.trends.life import Stage

# How many ids of notes a trend names by itself; `/trends/{id}/evidence` has all.
MOST_EVIDENCE = 50
HIGHEST_SCORE = 300


def _on() -> Day:
    description = (
        "As it was shown on this day of the organisation's calendar; today if left out. Of weeks"
        " more than 13 weeks ago only the last day is kept: it stands for the days after it."
    )
    return Day(metadata={"description": description, "example": "2026-03-18"})


class TrendQuery(QuerySchema):
    """Of which day a trend is asked for."""

    on = _on()


class TrendsQuery(TrendQuery):
    """Which trends to list."""

    least = WholeNumber(
        low=0,
        high=HIGHEST_SCORE,
        load_default=int(SHOWN),
        metadata={
            "description": "The lowest score: 1 lists what pages show, 2 what is told to people, 0 "
            "what is only watched as well."
        },
    )
    muted = Switch(
        load_default=False,
        metadata={"description": "Also those that you, or somebody for everyone, muted."},
    )
    limit = WholeNumber(
        high=MOST_ITEMS, load_default=20, metadata={"description": "The strongest so many."}
    )


class EvidenceQuery(PageQuery):
    """Which page of the notes to list."""

    on = _on()


class MutePut(InputSchema):
    """Why a trend is not to be seen."""

    reason = Text(
        required=True,
        longest=LONGEST_REASON,
        metadata={"description": "Told to admins, and to everyone when it is muted for everyone."},
    )
    for_everyone = Switch(
        load_default=False,
        metadata={"description": "For analysts, managers of the territory and admins."},
    )


class VerdictPut(InputSchema):
    """Whether a trend was of use."""

    useful = Switch(required=True)


class TrendSubjectOut(Schema):
    """What a trend is about."""

    sort = fields.Enum(TrendSort, by_value=fields.String, required=True)
    name = fields.String(required=True, metadata={"example": "Ionfield"})
    slug = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Of a competitor or product; the word of a kind; null for phrases."
        },
    )


class TrendSeriesOut(Schema):
    """Week by week: what was counted and what was expected. All lists are of the same length."""

    first = fields.Date(required=True, metadata={"description": "The Monday of the first week."})
    counts = fields.List(fields.Float(), required=True, metadata={"description": "Voices."})
    expected = fields.List(fields.Float(), required=True)
    upper = fields.List(
        fields.Float(),
        required=True,
        metadata={"description": "What 95 of 100 such weeks stay under."},
    )


def _number(description: str, **options: Any) -> fields.Float:
    return fields.Float(required=True, metadata={"description": description}, **options)


def _whole(description: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description})


class TrendBaselineOut(Schema):
    """The past that taught what is usual."""

    first = fields.Date(required=True, metadata={"description": "The Monday of the first week."})
    weeks = _whole("How many weeks.")
    count = _number("Voices on this subject in this place then; notes if it is a kind.")
    notes = _number("All notes of the place then.")


class TrendArithmeticOut(Schema):
    """How the expected count and the score came about."""

    baseline = fields.Nested(TrendBaselineOut, required=True)
    guard = _whole("The last weeks, which teach nothing, so that a slow rise hides nothing.")
    own_rate = _number("Voices per 100 notes of the place in the baseline.")
    parent_rate = _number("The same of the place above; null for the company.", allow_none=True)
    rate = _number("Per 100 notes: its own rate, drawn towards the one above. What was used.")
    notes = _number("Notes of the place in the window.")
    usual = _number("Rate times notes: the voices that are usual.")
    rest = _number(
        "By how much the rest of the company said it more in the same weeks; at least 1."
    )
    season = _number("By how much it was said more at this time a year ago; at least 1.")
    expected = _number("Usual, times the larger of rest and season.")
    variance = _number("Of the rate, relative to its square.")
    phi = _number("Variance over mean of the counts.")
    p = _number("The chance of so many or more in this one place and window.")
    looks = _number("How many places, subjects and windows were looked at.")
    chance = _number("How many such surprises are expected by chance anywhere: p times looks.")
    score = _number("-log10 of that.")


class TrendOut(Schema):
    """A trend as the run of a day showed it."""

    id = fields.Integer(required=True)
    subject = fields.Nested(TrendSubjectOut, required=True)
    territory = fields.Nested(
        TerritoryNameOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null for the company as a whole."},
    )
    segment = fields.Nested(SegmentNameOut, required=True, allow_none=True)
    mostly = fields.Nested(
        SegmentNameOut,
        required=True,
        allow_none=True,
        metadata={"description": "The segment of most notes of a trend that is of no segment."},
    )
    sentence = fields.String(
        required=True,
        metadata={
            "example": "Ionfield is coming up with Healthcare customers in Georgia: 9 voices in 4 "
            "weeks where 0.7 were expected; 7 people, 5 accounts."
        },
    )
    chance = fields.String(
        required=True, metadata={"example": "by chance anywhere in the company: 1 in 300"}
    )
    day = fields.Date(required=True, metadata={"description": "The day of the run."})
    stage = fields.Enum(Stage, by_value=fields.String, required=True)
    opened_on = fields.Date(required=True)
    shown_on = fields.Date(required=True, metadata={"description": "The last day until then."})
    score = _number("-log10 of how many as surprising are expected by chance in the company.")
    peak = _number("The highest score until then.")
    strong = fields.Boolean(
        required=True, metadata={"description": "Whether it is told to people."}
    )
    weeks = _whole("The window: how many of the last weeks the counts are of.")
    count = _number("Voices: people, each once a week; for a kind, notes.")
    expected = _number("How many were expected.")
    reporters = _whole("Different people.")
    accounts = _whole("Different accounts.")
    series = fields.Nested(TrendSeriesOut, required=True)
    arithmetic = fields.Nested(TrendArithmeticOut, required=True)
    evidence = fields.List(
        fields.UUID(),
        required=True,
        metadata={
            "description": f"Ids of the newest {MOST_EVIDENCE} notes that you may see; "
            "`/trends/{id}/evidence` has all."
        },
    )
    evidence_count = _whole("How many of its notes you may see.")
    followed = fields.Boolean(required=True, metadata={"description": "By you."})
    muted = fields.Boolean(required=True, metadata={"description": "By you or for everyone."})
    useful = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Your verdict, if you gave one."}
    )


class TrendsOut(Schema):
    """What was emerging on a day, the strongest first."""

    day = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Of the run that is told; null when there was none by then."},
    )
    as_of = fields.DateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Nothing captured at this moment or later was looked at."},
    )
    history = _whole(f"Weeks of notes; with less than {LEAST_HISTORY} there are no trends yet.")
    items = fields.List(fields.Nested(TrendOut), required=True)


def trend_out(trend: TrendView, evidence: Sequence[UUID]) -> dict[str, Any]:
    """The trend as `TrendOut` describes it; `evidence` are the notes that the reader may see."""
    return {
        "id": trend.id,
        "subject": {"sort": trend.sort.value, "name": trend.name, "slug": _slug(trend)},
        "territory": place_name(trend.territory) if trend.territory else None,
        "segment": segment_name(trend.segment) if trend.segment else None,
        "mostly": segment_name(trend.mostly) if trend.mostly else None,
        "sentence": sentence(trend),
        "chance": chance_words(trend),
        "day": trend.day.isoformat(),
        "stage": trend.stage.value,
        "opened_on": trend.opened_on.isoformat(),
        "shown_on": trend.shown_on.isoformat(),
        "score": trend.score,
        "peak": trend.peak,
        "strong": trend.strong,
        "weeks": trend.weeks,
        "count": trend.count,
        "expected": trend.expected,
        "reporters": trend.reporters,
        "accounts": trend.accounts,
        "series": _series_out(trend.series),
        "arithmetic": trend.arithmetic,
        "evidence": [str(one) for one in evidence[:MOST_EVIDENCE]],
        "evidence_count": len(evidence),
        "followed": trend.followed,
        "muted": trend.muted,
        "useful": trend.verdict,
    }


def _slug(trend: TrendView) -> str | None:
    item = trend.competitor or trend.product
    if item is not None:
        return item.slug
    return trend.kind.value if trend.kind else None


def _series_out(series: Series) -> dict[str, Any]:
    return {
        "first": series.first.isoformat(),
        "counts": series.counts,
        "expected": series.expected,
        "upper": series.upper,
    }


def trends_out(
    found: Emerging, listed: Sequence[TrendView], evidence: Mapping[int, Sequence[UUID]]
) -> dict[str, Any]:
    """What was found as `TrendsOut` describes it: `listed` of it, with their notes by trend."""
    return {
        "day": _day(found.day),
        "as_of": iso(found.as_of) if found.as_of else None,
        "history": found.history,
        "items": [trend_out(one, evidence[one.id]) for one in listed],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
