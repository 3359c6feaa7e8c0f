"""The shapes of business figures."""

import math
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from insights.clock import iso
from insights.schemas.fields import InputSchema, Text, Worded
from insights.schemas.lists import PageQuery
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.business_figures import LARGEST, FigureView

_MOST = int(LARGEST) - 1
_MONTH = {"description": "A month such as 2026-03."}


class Amount(Worded, fields.Float):
    """An amount of money, in whole and hundredths."""

    def __init__(self, *, low: int = 0, **options: Any) -> None:
        self.limits = f"Give an amount from {low:,} to {_MOST:,}."
        options["validate"] = validate.Range(low, _MOST, error=self.limits)
        super().__init__(**options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValidationError(self.limits)
        return Decimal(str(value))


class Share(Worded, fields.Float):
    """A share from 0 to 1."""

    limits = "Give a share from 0 to 1, such as 0.31."

    def __init__(self, **options: Any) -> None:
        options["validate"] = validate.Range(0, 1, error=self.limits)
        super().__init__(**options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValidationError(self.limits)
        return float(value)


class FiguresQuery(PageQuery):
    """Which business figures to list."""

    territory = Text(metadata={"description": "By slug, code or name, with all below it."})
    since = Text(longest=10, metadata=_MONTH)
    until = Text(longest=10, metadata=_MONTH)


class FiguresPut(InputSchema):
    """What is known of a territory and month; what is left out is unknown from then on."""

    quota = Amount(allow_none=True)
    revenue = Amount(allow_none=True, low=-_MOST)
    deal_size = Amount(allow_none=True)
    win_rate = Share(allow_none=True, metadata={"description": "From 0 to 1."})


class FiguresOut(Schema):
    """The business figures of a territory itself in one month; null is unknown."""

    territory = fields.Nested(TerritoryNameOut, required=True)
    month = fields.String(required=True, metadata=_MONTH)
    quota = fields.Float(required=True, allow_none=True)
    revenue = fields.Float(required=True, allow_none=True)
    deal_size = fields.Float(required=True, allow_none=True)
    win_rate = fields.Float(required=True, allow_none=True)
    imported_at = fields.DateTime(required=True)


def figures_out(found: FigureView) -> dict[str, Any]:
    """The figures as `FiguresOut` describes them."""
    return {
        "territory": place_name(found.place),
        "month": f"{found.month:%Y-%m}",
        "quota": _number(found.quota),
        "revenue": _number(found.revenue),
        "deal_size": _number(found.deal_size),
        "win_rate": found.win_rate,
        "imported_at": iso(found.imported_at),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
