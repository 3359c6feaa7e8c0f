"""The shapes of series: counts of notes week by week, as charts draw them."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields

from insights.models import Kind
from insights.schemas.fields import Choice, Day, QuerySchema, WholeNumber
from insights.services.catalogue import SegmentItem
from insights.services.shares import Shares
from insights.services.volumes import Series, Week, Weeks

MOST_WEEKS = 104


class SeriesOf(StrEnum):
    """By what notes are told apart."""

    KINDS = "kinds"
    COMPETITORS = "competitors"
    PRODUCTS = "products"
    SEGMENTS = "segments"


class SeriesQuery(QuerySchema):
    """What to count, and in which weeks."""

    what = Choice(SeriesOf, load_default=SeriesOf.KINDS)
    weeks = WholeNumber(high=MOST_WEEKS, load_default=26)
    on = Day(
        metadata={"description": "The weeks up to that of this day; up to the present one without."}
    )


class SeriesRowOut(Schema):
    """The notes of one kind, competitor, product or segment."""

    slug = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The word of a kind; null for all others together."},
    )
    name = fields.String(required=True)
    dimension = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of a segment: 1 or 2."}
    )
    counts = fields.List(
        fields.Integer(), required=True, metadata={"description": "Notes, as `mondays`."}
    )


class SeriesOut(Schema):
    """Notes that you may see, week by week.

    A note counts for each competitor, product and segment that it has. Of competitors and products
    the leading five are told apart.
    """

    what = fields.Enum(SeriesOf, by_value=fields.String, required=True)
    mondays = fields.List(
        fields.Date(), required=True, metadata={"description": "Of the weeks, oldest first."}
    )
    over = fields.Boolean(required=True, metadata={"description": "The last week is over."})
    items = fields.List(fields.Nested(SeriesRowOut), required=True)


def series_out(
    what: SeriesOf, weeks: Weeks, rows: list[dict[str, Any]], *, today: date
) -> dict[str, Any]:
    """The rows as `SeriesOut` describes them."""
    return {
        "what": what.value,
        "mondays": [monday.isoformat() for monday in weeks.mondays],
        "over": weeks.end <= today,
        "items": rows,
    }


def kind_rows(weeks: Sequence[Week]) -> list[dict[str, Any]]:
    """A row for each kind."""
    return [
        _row(kind.value, kind.value.capitalize(), [week.by_kind[kind.value] for week in weeks])
        for kind in Kind
    ]


def share_rows(shares: Shares) -> list[dict[str, Any]]:
    """A row for each that leads, and one for all others if there are any."""
    rest = [shares.rest] if shares.rest.total else []
    return item_rows([*shares.leading, *rest])


def item_rows(series: Sequence[Series]) -> list[dict[str, Any]]:
    """A row for each."""
    return [_item_row(one) for one in series]


def _item_row(series: Series) -> dict[str, Any]:
    item = series.item
    if item is None:
        return _row(None, "All others", series.weeks)
    dimension = item.dimension if isinstance(item, SegmentItem) else None
    return _row(item.slug, item.name, series.weeks, dimension)


def _row(
    slug: str | None, name: str, counts: Sequence[int], dimension: int | None = None
) -> dict[str, Any]:
    return {"slug": slug, "name": name, "dimension": dimension, "counts": list(counts)}
