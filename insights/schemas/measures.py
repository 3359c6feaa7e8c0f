"""The shapes of measures."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from insights.schemas.fields import QuerySchema, Text, WholeNumber
from insights.schemas.tags import CompetitorNameOut, TerritoryNameOut, place_name
from insights.services.measure_figures import Figures
from insights.services.measure_months import Month
from insights.services.measures import PERIODS, Measures, Part

_SECONDS = {"description": "In seconds; null when not so many notes have one."}
_PERIOD = f"Give one of {', '.join(map(str, PERIODS))} weeks."


class Period(WholeNumber):
    """How many weeks are measured: one of a few numbers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(low=min(PERIODS), high=max(PERIODS), **options)
        self.validators = [validate.OneOf(PERIODS, error=_PERIOD)]

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        try:
            return super()._deserialize(value)
        except ValidationError:
            raise ValidationError(_PERIOD) from None


class PlaceQuery(QuerySchema):
    """Of which part of the company."""

    territory = Text(
        metadata={"description": "By slug, code or name; the whole company if left out."}
    )


class MeasuresQuery(PlaceQuery):
    """What to measure, and over how many full weeks."""

    weeks = Period(load_default=13)


class MeasuredOut(Schema):
    """What was measured of one part in one period."""

    notes = fields.Integer(required=True)
    writers = fields.Integer(
        required=True, allow_none=True, metadata={"description": "People who wrote the notes."}
    )
    holders = fields.Integer(
        required=True, metadata={"description": "People who hold a territory there today."}
    )
    weeks_to_cover = fields.Integer(
        required=True,
        metadata={"description": "Weeks of all territories that have none below them."},
    )
    weeks_covered = fields.Integer(
        required=True, metadata={"description": "Those of them with at least one note."}
    )
    sighted = fields.Integer(
        required=True, metadata={"description": "Notes that somebody else has seen too."}
    )
    sampled = fields.Integer(
        required=True,
        metadata={"description": "Notes on which responses and sightings were measured."},
    )
    sightings = fields.Integer(
        required=True, metadata={"description": "Of the sampled notes, all together."}
    )
    responded = fields.Integer(
        required=True, metadata={"description": "Sampled notes with a first response."}
    )
    response_median = fields.Integer(required=True, allow_none=True, metadata=_SECONDS)
    response_p90 = fields.Integer(required=True, allow_none=True, metadata=_SECONDS)
    outcomes_timed = fields.Integer(required=True)
    outcome_median = fields.Integer(required=True, allow_none=True, metadata=_SECONDS)
    outcome_p90 = fields.Integer(required=True, allow_none=True, metadata=_SECONDS)
    with_outcome = fields.Integer(
        required=True,
        metadata={"description": "Notes with an outcome that a topic said in the period."},
    )
    used = fields.Integer(required=True)


class PartOut(Schema):
    """A territory with everything below it, or the whole company (null)."""

    territory = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    lowest = fields.Integer(
        required=True,
        metadata={"description": "Territories without others below them."},
    )
    quiet = fields.Integer(
        required=True, metadata={"description": "Of those, quiet or silent at present."}
    )
    now = fields.Nested(MeasuredOut, required=True)
    before = fields.Nested(MeasuredOut, required=True)


class MeasuresOut(Schema):
    """Measures of a part, of the parts directly below it, and of the company to compare with."""

    since = fields.Date(required=True, metadata={"description": "The first Monday."})
    weeks = fields.Integer(required=True)
    whole = fields.Nested(PartOut, required=True)
    below = fields.List(fields.Nested(PartOut), required=True)
    company = fields.Nested(PartOut, required=True, allow_none=True)


class MonthOut(Schema):
    """Business figures of a part in a month, beside what the field heard there."""

    month = fields.String(required=True)
    quota = fields.Float(required=True, allow_none=True)
    revenue = fields.Float(required=True, allow_none=True)
    deal_size = fields.Float(required=True, allow_none=True)
    win_rate = fields.Float(required=True, allow_none=True)
    notes = fields.Integer(required=True)
    naming_competitors = fields.Integer(required=True)
    leader = fields.Nested(CompetitorNameOut, required=True, allow_none=True)
    naming_leader = fields.Integer(required=True)
    trends = fields.Integer(
        required=True, metadata={"description": "Announced for the first time."}
    )


class MonthsOut(Schema):
    """The last twelve full months, oldest first."""

    items = fields.List(fields.Nested(MonthOut), required=True)


def measures_out(found: Measures) -> dict[str, Any]:
    """The measures as `MeasuresOut` describes them."""
    return {
        "since": found.weeks.first.isoformat(),
        "weeks": found.weeks.count,
        "whole": _part(found.whole),
        "below": [_part(one) for one in found.below],
        "company": _part(found.company) if found.company else None,
    }


def month_out(one: Month) -> dict[str, Any]:
    """The month as `MonthOut` describes it."""
    figures, heard = one.figures, one.heard
    leader = heard.leader
    return {
        "month": f"{figures.month:%Y-%m}",
        "quota": _number(figures.quota),
        "revenue": _number(figures.revenue),
        "deal_size": _number(figures.deal_size),
        "win_rate": figures.win_rate,
        "notes": heard.notes,
        "naming_competitors": heard.naming,
        "leader": {"slug": leader.slug, "name": leader.name} if leader else None,
        "naming_leader": heard.leading,
        "trends": heard.trends,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "territory": place_name(part.place) if part.place else None,
        "lowest": part.fields,
        "quiet": part.quiet,
        "now": _measured(part.now),
        "before": _measured(part.before),
    }


def _measured(one: Figures) -> dict[str, Any]:
    return {
        "notes": one.notes,
        "writers": one.writers,
        "holders": one.holders,
        "weeks_to_cover": one.cells,
        "weeks_covered": one.covered,
        "sighted": one.seen,
        "sampled": one.response.notes,
        "sightings": one.sightings,
        "responded": one.response.answered,
        "response_median": _seconds(one.response.median),
        "response_p90": _seconds(one.response.ninth),
        "outcomes_timed": one.settling.notes,
        "outcome_median": _seconds(one.settling.median),
        "outcome_p90": _seconds(one.settling.ninth),
        "with_outcome": one.outcomes.notes,
        "used": one.outcomes.used,
    }


def _seconds(time: timedelta | None) -> int | None:
    return None if time is None else round(time.total_seconds())


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
