"""The shapes of what is known of an account before a visit."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import TopicState
from insights.schemas.accounts import AccountOut, account_out
from insights.schemas.people import PersonNameOut
from insights.schemas.promises import PromiseOut, promise_out
from insights.schemas.tags import CompetitorNameOut, named
from insights.services.account_briefs import AccountBrief, Near

_NEAR = {"description": "At other accounts, in the last 180 days; null while there is no index."}


class MetOut(Schema):
    """A competitor that notes of the account name."""

    competitor = fields.Nested(CompetitorNameOut, required=True)
    notes = fields.Integer(required=True)
    newest_at = fields.DateTime(required=True)


class NearOut(Schema):
    """A competitor in notes about other customers."""

    competitor = fields.Nested(CompetitorNameOut, required=True)
    notes = fields.Integer(required=True)


class VisitorOut(Schema):
    """Somebody who wrote notes about the account."""

    person = fields.Nested(PersonNameOut, required=True)
    active = fields.Boolean(required=True, metadata={"description": "Whether still here."})
    notes = fields.Integer(required=True)
    newest_at = fields.DateTime(required=True)


class AccountTopicOut(Schema):
    """A topic at work on notes of the account."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.Enum(TopicState, by_value=fields.String, required=True)
    notes = fields.Integer(required=True)


class AccountQuestionOut(Schema):
    """What you are asked and may hear there."""

    id = fields.Integer(required=True)
    text = fields.String(required=True)
    until = fields.Date(required=True)


class AccountBriefOut(Schema):
    """What is known of an account, as far as you may see it. Its notes are at `/notes?account=`."""

    account = fields.Nested(AccountOut, required=True)
    holders = fields.List(fields.Nested(PersonNameOut), required=True)
    notes = fields.Integer(required=True, metadata={"description": "At most 300 are looked at."})
    sightings = fields.Integer(required=True)
    competitors = fields.List(fields.Nested(MetOut), required=True)
    in_territory = fields.List(
        fields.Nested(NearOut), required=True, allow_none=True, metadata=_NEAR
    )
    alike = fields.List(fields.Nested(NearOut), required=True, allow_none=True, metadata=_NEAR)
    people = fields.List(fields.Nested(VisitorOut), required=True)
    promises = fields.List(fields.Nested(PromiseOut), required=True)
    questions = fields.List(fields.Nested(AccountQuestionOut), required=True)
    topics = fields.List(fields.Nested(AccountTopicOut), required=True)


def account_brief_out(brief: AccountBrief, *, today: date) -> dict[str, Any]:
    """The brief as `AccountBriefOut` describes it."""
    return {
        "account": account_out(brief.account),
        "holders": [{"id": one.person_id, "name": one.person_name} for one in brief.holders],
        "notes": brief.notes,
        "sightings": brief.sightings,
        "competitors": [
            {
                "competitor": named(one.competitor),
                "notes": one.notes,
                "newest_at": iso(one.newest_at),
            }
            for one in brief.met
        ],
        "in_territory": _near(brief.in_territory),
        "alike": _near(brief.alike),
        "people": [
            {
                "person": {"id": one.person_id, "name": one.name},
                "active": one.is_active,
                "notes": one.notes,
                "newest_at": iso(one.newest_at),
            }
            for one in brief.visitors
        ],
        "promises": [promise_out(one, today=today) for one in brief.promises],
        "questions": [
            {"id": one.id, "text": one.text, "until": one.until.isoformat()}
            for one in brief.questions
        ],
        "topics": [
            {"id": one.id, "title": one.title, "state": one.state.value, "notes": one.notes}
            for one in brief.topics
        ],
    }


def _near(found: Sequence[Near] | None) -> list[dict[str, Any]] | None:
    if found is None:
        return None
    return [{"competitor": named(one.competitor), "notes": one.notes} for one in found]
