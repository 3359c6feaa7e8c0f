"""The shapes of an account."""

from typing import Any

from marshmallow import Schema, fields

from insights.models import TeamType
from insights.schemas.fields import InputSchema, Several, Switch, Text
from insights.schemas.lists import PageQuery
from insights.schemas.tags import (
    SegmentNameOut,
    TerritoryNameOut,
    name_field,
    place_name,
    segment_name,
)
from insights.services.account_fields import LONGEST_STATE
from insights.services.accounts import LONGEST_EXTERNAL_ID, AccountView


class AccountsQuery(PageQuery):
    """Which accounts to list."""

    territory = Text(metadata={"description": "By slug, code or name, with all below it."})
    archived = Switch(load_default=False, metadata={"description": "Archived ones as well."})
    q = Text(
        metadata={"description": "What the name begins with: the first 20 in use, nothing else."}
    )


class _AccountFields(InputSchema):
    external_id = Text(
        allow_none=True,
        longest=LONGEST_EXTERNAL_ID,
        metadata={"description": "Its id in the customer relationship system; unique."},
    )
    territory = Text(allow_none=True, metadata={"description": "By slug, code or name."})
    segments = Several(Text(), metadata={"description": "By slug; one of each dimension."})
    state = Text(
        allow_none=True,
        longest=LONGEST_STATE,
        metadata={"description": "A US state's code, or what stands for it; rules read it."},
    )
    team_type = Text(
        allow_none=True, metadata={"description": f"One of: {', '.join(TeamType)}; for rules."}
    )


class AccountPost(_AccountFields):
    """An account to be added."""

    name = name_field(required=True)


class AccountPatch(_AccountFields):
    """What is to be changed of an account; what is left out stays."""

    name = name_field()


class AccountOut(Schema):
    """A customer or prospect."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    external_id = fields.String(required=True, allow_none=True)
    territory = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    segments = fields.List(fields.Nested(SegmentNameOut), required=True)
    state = fields.String(required=True, allow_none=True)
    team_type = fields.String(required=True, allow_none=True)
    archived = fields.Boolean(required=True)


def account_out(account: AccountView) -> dict[str, Any]:
    """The account as `AccountOut` describes it."""
    return {
        "id": account.id,
        "name": account.name,
        "external_id": account.external_id,
        "territory": place_name(account.territory) if account.territory else None,
        "segments": [segment_name(one) for one in account.segments],
        "state": account.state,
        "team_type": account.team_type,
        "archived": account.archived,
    }
