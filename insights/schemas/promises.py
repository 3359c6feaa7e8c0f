"""The shapes of a promise."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.fields import Day, Identity, InputSchema, Switch, Text, WholeNumber
from insights.schemas.lists import PageQuery
from insights.schemas.people import PersonNameOut
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.promises import LONGEST_TEXT, PromiseView

_TEXT = {"description": f"What was promised, at most {LONGEST_TEXT:,} characters."}
_DUE = {"description": "Until which day; null for no day."}


class PromisesQuery(PageQuery):
    """Which promises to list."""

    settled = Switch(load_default=False, metadata={"description": "Settled ones instead."})
    territory = Text(metadata={"description": "By slug, code or name, with all below it."})
    account = WholeNumber(metadata={"description": "The number of an account."})


class PromisePost(InputSchema):
    """A promise, under an id that the client made."""

    id = Identity(required=True)
    text = Text(required=True, metadata=_TEXT)
    due = Day(allow_none=True, load_default=None, metadata=_DUE)
    territory = Text(
        load_default="",
        metadata={"description": "By slug, code or name; left out, that of the account, or yours."},
    )
    account = WholeNumber(load_default=None, metadata={"description": "The number of an account."})
    note = Identity(load_default=None, metadata={"description": "The note that tells of it."})


class PromisePatch(InputSchema):
    """What is to be changed of an open promise; what is left out stays."""

    text = Text(metadata=_TEXT)
    due = Day(allow_none=True, metadata=_DUE)


class PromiseSettle(InputSchema):
    """How a promise ended."""

    kept = Switch(required=True, metadata={"description": "Kept, or no longer wanted."})


class PromiseAccountOut(Schema):
    """An account, by name."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class PromiseOut(Schema):
    """What somebody has promised a customer."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    due = fields.Date(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    territory = fields.Nested(TerritoryNameOut, required=True)
    account = fields.Nested(PromiseAccountOut, required=True, allow_none=True)
    note_id = fields.UUID(required=True, allow_none=True)
    maker = fields.Nested(PersonNameOut, required=True)
    made_at = fields.DateTime(required=True)
    settled_at = fields.DateTime(required=True, allow_none=True)
    kept = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Null while it is open."}
    )


def promise_out(promise: PromiseView, *, today: date) -> dict[str, Any]:
    """The promise as `PromiseOut` describes it."""
    account = {"id": promise.account_id, "name": promise.account_name}
    return {
        "id": str(promise.id),
        "text": promise.text,
        "due": promise.due.isoformat() if promise.due else None,
        "overdue": promise.is_overdue(today),
        "territory": place_name(promise.territory),
        "account": account if promise.account_id is not None else None,
        "note_id": str(promise.note_id) if promise.note_id else None,
        "maker": {"id": promise.maker_id, "name": promise.maker_name},
        "made_at": iso(promise.made_at),
        "settled_at": iso(promise.settled_at) if promise.settled_at else None,
        "kept": promise.kept,
    }
