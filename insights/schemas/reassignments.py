"""The shapes of a reassignment: what is asked for, what would move, and what has moved."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.errors import FieldProblems, Invalid
from insights.models import TeamType
from insights.schemas.fields import Choice as OneOf
from insights.schemas.fields import Day, InputSchema, Several, Switch, Text, WholeNumber
from insights.schemas.lists import PageQuery
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.account_fields import require_state
from insights.services.catalogue import Catalogue
from insights.services.lookup import quoted
from insights.services.reassignment_filters import AccountChoice, Choice, HolderChoice
from insights.services.reassignment_views import AccountRow, HolderRow, ReassignmentView
from insights.services.reassignments import AccountGroup, Preview

LONGEST_FINGERPRINT = 64


def _person(description: str, **options: Any) -> WholeNumber:
    return WholeNumber(metadata={"description": description}, **options)


def _place(description: str, **options: Any) -> Text:
    return Text(metadata={"description": f"{description} By slug, code or name."}, **options)


class TableLine(InputSchema):
    """Who gets a territory and all below it; the nearest line counts."""

    territory = _place("The territory.", required=True)
    person = _person("The person's id.", required=True)


class HolderPart(InputSchema):
    """Territories that get a new holder. Filters narrow each other; one at least is needed.

    Say who gets them by exactly one of `to`, `table` and `vacate`.
    """

    holder = _person("Those that this person holds; only their assignments end.")
    region = _place("Those in this territory, with all below it.")
    segment = Text(metadata={"description": "Those with accounts of this segment. By slug."})
    territories = Several(_place("A territory."), metadata={"description": "Only these."})
    to = _person("Who gets all of them.")
    table = fields.List(fields.Nested(TableLine), metadata={"description": "Who gets which."})
    vacate = Switch(load_default=False, metadata={"description": "Nobody gets them."})


class AccountPart(InputSchema):
    """Accounts that move to another territory. Filters narrow each other.

    Say where they go by exactly one of `to` and `by_rules`.
    """

    holder = _person("Those in territories that this person holds.")
    region = _place("Those in this territory, with all below it.")
    segment = Text(metadata={"description": "Those of this segment. By slug."})
    state = Text(metadata={"description": "Those in this state."})
    team_type = OneOf(TeamType, metadata={"description": "Those of this sort of team."})
    to = _place("Where they go.")
    by_rules = Switch(
        load_default=False, metadata={"description": "Each goes where its rule says."}
    )


class ReassignmentIn(InputSchema):
    """What is to move."""

    since = Day(
        required=True,
        metadata={"description": "From which day the new holders hold. Accounts move at once."},
    )
    territories = fields.Nested(HolderPart)
    accounts = fields.Nested(AccountPart)


class ReassignmentPost(ReassignmentIn):
    """What is to move, as a preview has shown it."""

    fingerprint = Text(
        required=True,
        longest=LONGEST_FINGERPRINT,
        metadata={"description": "That of the preview. Refused when something has changed since."},
    )


class ReassignmentsQuery(PageQuery):
    """Which reassignments to list."""


class HolderRowOut(Schema):
    """A territory and its holders."""

    territory = fields.Nested(TerritoryNameOut, required=True)
    former = fields.List(fields.String(), required=True)
    next = fields.String(required=True, allow_none=True)


class AccountRowOut(Schema):
    """An account and its territories."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    former = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    next = fields.Nested(TerritoryNameOut, required=True, allow_none=True)


class AccountGroupOut(Schema):
    """How many accounts go from one territory to another."""

    former = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    next = fields.Nested(TerritoryNameOut, required=True)
    accounts = fields.Integer(required=True)


class PreviewOut(Schema):
    """What would move, with the first 100 rows of each kind. Nothing has been written."""

    title = fields.String(required=True)
    since = fields.Date(required=True)
    fingerprint = fields.String(required=True)
    territories = fields.Integer(required=True)
    accounts = fields.Integer(required=True)
    warnings = fields.List(fields.String(), required=True)
    holder_rows = fields.List(fields.Nested(HolderRowOut), required=True)
    account_rows = fields.List(fields.Nested(AccountRowOut), required=True)
    account_groups = fields.List(fields.Nested(AccountGroupOut), required=True)


class ReassignmentOut(Schema):
    """A reassignment that was made."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    actor = fields.String(required=True)
    at = fields.DateTime(required=True)
    since = fields.Date(required=True)
    territories = fields.Integer(required=True)
    accounts = fields.Integer(required=True)
    undone_at = fields.DateTime(required=True, allow_none=True)
    may_undo = fields.Boolean(required=True, metadata={"description": "For a day."})


def choice_of(known: Catalogue, body: Mapping[str, Any]) -> Choice:
    """What `ReassignmentIn` has read, with names resolved; raises Invalid for what is unknown."""
    problems = FieldProblems()
    holders: HolderChoice | None = None
    accounts: AccountChoice | None = None
    with problems:
        if "territories" in body:
            holders = _holders(known, body["territories"])
    with problems:
        if "accounts" in body:
            accounts = _accounts(known, body["accounts"])
    problems.settle()
    return Choice(body["since"], holders, accounts)


def _holders(known: Catalogue, part: Mapping[str, Any]) -> HolderChoice:
    table = {
        _territory(known, "table", line["territory"]): line["person"]
        for line in part.get("table", ())
    }
    ticked = (_territory(known, "territory", one) for one in part.get("territories", ()))
    return HolderChoice(
        holder_id=part.get("holder"),
        region_id=_optional(known, "region", part.get("region")),
        segment_id=_segment(known, "segment", part.get("segment")),
        territory_ids=tuple(dict.fromkeys(ticked)),
        to_id=part.get("to"),
        table=table,
        vacate=part.get("vacate", False),
    )


def _accounts(known: Catalogue, part: Mapping[str, Any]) -> AccountChoice:
    return AccountChoice(
        holder_id=part.get("holder"),
        region_id=_optional(known, "account_region", part.get("region")),
        segment_id=_segment(known, "account_segment", part.get("segment")),
        state=require_state(part.get("state")),
        team_type=part.get("team_type"),
        to_id=_optional(known, "account_to", part.get("to")),
        by_rules=part.get("by_rules", False),
    )


def _optional(known: Catalogue, field: str, word: str | None) -> int | None:
    return None if word is None else _territory(known, field, word)


def _territory(known: Catalogue, field: str, word: str) -> int:
    place = known.find_territory(word)
    if place is None:
        message = f"There is no territory “{quoted(word)}”. Write its code or name."
        raise Invalid({field: [message]})
    return place.id


def _segment(known: Catalogue, field: str, word: str | None) -> int | None:
    if word is None:
        return None
    segment = known.find_segment(word)
    if segment is None:
        raise Invalid({field: [f"There is no segment “{quoted(word)}”."]})
    return segment.id


def preview_out(preview: Preview) -> dict[str, Any]:
    """The preview as `PreviewOut` describes it."""
    return {
        "title": preview.title,
        "since": preview.since.isoformat(),
        "fingerprint": preview.fingerprint,
        "territories": preview.territories,
        "accounts": preview.accounts,
        "warnings": list(preview.warnings),
        "holder_rows": [holder_row_out(one) for one in preview.holder_rows],
        "account_rows": [account_row_out(one) for one in preview.account_rows],
        "account_groups": [_group_out(one) for one in preview.account_groups],
    }


def holder_row_out(row: HolderRow) -> dict[str, Any]:
    """The row as `HolderRowOut` describes it."""
    return {
        "territory": place_name(row.place),
        "former": list(row.former),
        "next": row.next_holder,
    }


def account_row_out(row: AccountRow) -> dict[str, Any]:
    """The row as `AccountRowOut` describes it."""
    return {
        "id": row.id,
        "name": row.name,
        "former": None if row.former is None else place_name(row.former),
        "next": None if row.next_place is None else place_name(row.next_place),
    }


def reassignment_out(one: ReassignmentView) -> dict[str, Any]:
    """The reassignment as `ReassignmentOut` describes it."""
    return {
        "id": one.id,
        "title": one.title,
        "actor": one.actor_name,
        "at": iso(one.at),
        "since": one.since.isoformat(),
        "territories": one.territories,
        "accounts": one.accounts,
        "undone_at": None if one.undone_at is None else iso(one.undone_at),
        "may_undo": one.may_undo,
    }


def _group_out(group: AccountGroup) -> dict[str, Any]:
    return {
        "former": None if group.former is None else place_name(group.former),
        "next": place_name(group.next_place),
        "accounts": group.number,
    }
