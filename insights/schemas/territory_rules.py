"""The shapes of a rule for accounts, and of what the rules leave open."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import RuleAttribute
from insights.schemas.fields import Choice, InputSchema, Text
from insights.schemas.lists import PageQuery
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.rule_report import Finding, FoundAccount, IdleRule, RuleCounts
from insights.services.territory_rules import RuleView

# A rule's attributes by the names of fields, which have no hyphens.
ATTRIBUTES = {one.value.replace("-", "_"): one for one in RuleAttribute}


class RulesQuery(PageQuery):
    """Which rules to list."""

    territory = Text(metadata={"description": "By slug, code or name, with all below it."})


class RulePost(InputSchema):
    """A rule to be added: one or two values that accounts of the territory have."""

    territory = Text(required=True, metadata={"description": "By slug, code or name."})
    state = Text(metadata={"description": "As it stands with the accounts."})
    dimension_1 = Text(metadata={"description": "A segment of the first dimension, by slug."})
    dimension_2 = Text(metadata={"description": "A segment of the second dimension, by slug."})
    team_type = Text(metadata={"description": "A sort of team: field, inside or named."})


class FindingsQuery(PageQuery):
    """Which accounts to list."""

    finding = Choice(
        Finding,
        required=True,
        metadata={
            "description": "gap: no rule finds it; overlap: rules disagree about it; "
            "misplaced: it stands elsewhere than its rule says."
        },
    )


class TermOut(Schema):
    """A value that an account must have."""

    attribute = fields.String(required=True)
    value = fields.String(required=True, metadata={"description": "As it is stored."})
    words = fields.String(required=True)


class RuleOut(Schema):
    """Accounts that have all the terms belong to the territory."""

    id = fields.Integer(required=True)
    territory = fields.Nested(TerritoryNameOut, required=True)
    terms = fields.List(fields.Nested(TermOut), required=True)
    created_at = fields.DateTime(required=True)


class IdleRuleOut(Schema):
    """A rule that decides about no account."""

    rule = fields.Nested(RuleOut, required=True)
    reason = fields.String(required=True)


class RuleReportOut(Schema):
    """How many accounts in use there are, and what the rules leave open."""

    accounts = fields.Integer(required=True)
    gap = fields.Integer(required=True)
    overlap = fields.Integer(required=True)
    misplaced = fields.Integer(required=True)
    idle_rules = fields.List(
        fields.Nested(IdleRuleOut), required=True, metadata={"description": "100 at most."}
    )


class FoundAccountOut(Schema):
    """An account that needs a look."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    present = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    rules = fields.List(fields.Nested(RuleOut), required=True)


def terms_of(values: Mapping[str, Any]) -> dict[RuleAttribute, str]:
    """The terms that `RulePost`, or a form of the same fields, gives."""
    return {one: values[name] for name, one in ATTRIBUTES.items() if values.get(name)}


def rule_out(rule: RuleView) -> dict[str, Any]:
    """The rule as `RuleOut` describes it."""
    terms = [
        {"attribute": one.attribute.value, "value": one.value, "words": one.words}
        for one in rule.terms
    ]
    return {
        "id": rule.id,
        "territory": place_name(rule.territory),
        "terms": terms,
        "created_at": iso(rule.created_at),
    }


def report_out(numbers: RuleCounts, idle: list[IdleRule]) -> dict[str, Any]:
    """The report as `RuleReportOut` describes it."""
    return {
        "accounts": numbers.accounts,
        "gap": numbers.gap,
        "overlap": numbers.overlap,
        "misplaced": numbers.misplaced,
        "idle_rules": [{"rule": rule_out(one.rule), "reason": one.reason} for one in idle],
    }


def found_out(found: FoundAccount) -> dict[str, Any]:
    """The account as `FoundAccountOut` describes it."""
    return {
        "id": found.id,
        "name": found.name,
        "present": None if found.present is None else place_name(found.present),
        "rules": [rule_out(one) for one in found.rules],
    }
