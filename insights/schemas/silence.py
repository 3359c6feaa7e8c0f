"""The shapes of silence: territories that say less than is usual there."""

from typing import Any

from marshmallow import Schema, fields

from insights.schemas.fields import QuerySchema, Switch, Text, WholeNumber
from insights.schemas.lists import MOST_ITEMS
from insights.schemas.people import PersonNameOut
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.assignments import Holding
from insights.services.silence import Cell, Silence, SilenceMap, SilenceRow, State


class SilenceQuery(QuerySchema):
    """Which territories to list, and from where on."""

    within = Text(longest=200, metadata={"description": "Only those below this slug or name."})
    regions = Switch(
        load_default=False,
        metadata={"description": "Territories with others below them, instead of those without."},
    )
    limit = WholeNumber(
        high=MOST_ITEMS, load_default=20, metadata={"description": "Items on a page."}
    )
    cursor = Text(longest=200, metadata={"description": "The `next` of the page before."})


class SilenceOut(Schema):
    """How a territory stands, with everything below it."""

    territory = fields.Nested(TerritoryNameOut, required=True)
    state = fields.Enum(
        State,
        by_value=fields.String,
        required=True,
        metadata={
            "description": "Silent: no note in a window where so few are improbable; quiet: few; "
            "unheard: no note in 59 weeks; new: too little history; unheld: nobody holds it."
        },
    )
    chance = fields.Float(
        required=True, metadata={"description": "How probable so few notes are there."}
    )
    count = fields.Integer(required=True, metadata={"description": "Notes in the window."})
    weeks = fields.Float(
        required=True,
        metadata={"description": "The window; the present week counts as far as it has gone."},
    )
    usual = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Notes a week in the half year before; null without enough."},
    )
    empty_weeks = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Full weeks since its last note; null without any."},
    )


class SilenceWeekOut(Schema):
    """One week of a territory."""

    count = fields.Integer(required=True, metadata={"description": "Notes."})
    level = fields.Integer(
        required=True,
        metadata={"description": "How improbable so few are up to its end, from 0 to 3."},
    )


class SilenceRowOut(SilenceOut):
    """A territory with its last 26 weeks."""

    holders = fields.List(fields.Nested(PersonNameOut), required=True)
    by_week = fields.List(
        fields.Nested(SilenceWeekOut), required=True, metadata={"description": "As `mondays`."}
    )


class SilenceMapOut(Schema):
    """One page of territories, the most silent first."""

    mondays = fields.List(
        fields.Date(), required=True, metadata={"description": "Of the weeks, oldest first."}
    )
    total = fields.Integer(required=True)
    states = fields.Dict(
        keys=fields.Enum(State, by_value=fields.String),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many of all territories are in each state."},
    )
    items = fields.List(fields.Nested(SilenceRowOut), required=True)
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Ask for the next page with it; null on the last one."},
    )


def silence_out(one: Silence) -> dict[str, Any]:
    """How a territory stands, as `SilenceOut` describes it."""
    return {
        "territory": place_name(one.place),
        "state": one.state.value,
        "chance": one.chance,
        "count": one.count,
        "weeks": one.weeks,
        "usual": one.usual,
        "empty_weeks": one.empty_weeks,
    }


def silence_map_out(found: SilenceMap, following: str | None) -> dict[str, Any]:
    """The page as `SilenceMapOut` describes it; `following` is the cursor of the next one."""
    return {
        "mondays": [monday.isoformat() for monday in found.mondays],
        "total": found.total,
        "states": {state.value: count for state, count in found.states.items()},
        "items": [_row_out(row) for row in found.rows],
        "next": following,
    }


def _row_out(row: SilenceRow) -> dict[str, Any]:
    return {
        **silence_out(row.silence),
        "holders": [_holder_out(one) for one in row.holders],
        "by_week": [_week_out(cell) for cell in row.cells],
    }


def _holder_out(holding: Holding) -> dict[str, Any]:
    return {"id": holding.person_id, "name": holding.person_name}


def _week_out(cell: Cell) -> dict[str, Any]:
    return {"count": cell.count, "level": cell.level}
