"""The shapes of a route or an alert."""

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields

from insights.models import Cadence, RouteContent
from insights.schemas.fields import Choice, InputSchema, Switch, Text, WholeNumber, Worded
from insights.schemas.people import PersonNameOut
from insights.services.query_texts import LONGEST_NAME, LONGEST_QUERY
from insights.services.routes import Preview, RouteView

_TIME = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_PERSONAL = {"description": "An alert of your own, seen by you alone, instead of a route for all."}
_CONTENT = {"description": "Notes, new strong trends, or once a week a summary."}


class TimeOfDay(Worded, fields.String):
    """A time of the day such as 08:00, as minutes since midnight."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"pattern": f"^{_TIME.pattern}$", "example": "08:00"}, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise ValidationError("Give a time from 00:00 to 23:59.")
        return int(value[:2]) * 60 + int(value[3:])


def _fields(*, needed: bool) -> dict[str, Any]:
    """The fields of a route; `needed` for a new one."""
    return {
        "name": Text(longest=LONGEST_NAME, required=needed),
        "query": Text(
            longest=LONGEST_QUERY,
            required=needed,
            metadata={"description": "What to find, in the language of the search box."},
        ),
        "content": Choice(RouteContent, metadata=_CONTENT),
        "destination_id": WholeNumber(
            metadata={"description": "Where to. Your own mailbox if left out of a new alert."}
        ),
        "cadence": Choice(Cadence),
        "zone": Text(longest=60, metadata={"description": "Time zone, such as Europe/London."}),
        "send_at": TimeOfDay(),
        "weekday": WholeNumber(low=0, high=6, metadata={"description": "0 is Monday."}),
        "quiet_from": TimeOfDay(allow_none=True),
        "quiet_until": TimeOfDay(allow_none=True),
        "threaded": Switch(metadata={"description": "In Slack, one thread for a day's notes."}),
        "muted": Switch(metadata={"description": "Switched off."}),
    }


RoutePatch = InputSchema.from_dict(_fields(needed=False), name="RoutePatch")
RoutePost = InputSchema.from_dict(
    {**_fields(needed=True), "personal": Switch(load_default=False, metadata=_PERSONAL)},
    name="RoutePost",
)


class RoutePreviewPost(InputSchema):
    """A query to be tried."""

    query = Text(longest=LONGEST_QUERY, required=True)
    content = Choice(RouteContent, load_default=RouteContent.NOTES, metadata=_CONTENT)
    personal = Switch(
        load_default=False,
        metadata={"description": "Count what you may see, and not only what everyone may."},
    )


class RoutePreviewOut(Schema):
    """What a query would have sent."""

    found = fields.Integer(required=True)
    days = fields.Integer(required=True)
    sentence = fields.String(required=True)


class RouteDestinationOut(Schema):
    """Where a route sends."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    trouble = fields.String(
        required=True, metadata={"description": "Why nothing arrives; empty while all is well."}
    )


class RouteOut(Schema):
    """A route of the organisation or an alert of a person."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    personal = fields.Boolean(required=True, metadata=_PERSONAL)
    query = fields.String(required=True)
    content = fields.Enum(RouteContent, by_value=fields.String, required=True, metadata=_CONTENT)
    owner = fields.Nested(PersonNameOut, required=True)
    destination = fields.Nested(RouteDestinationOut, required=True)
    cadence = fields.Enum(Cadence, by_value=fields.String, required=True)
    zone = fields.String(required=True)
    send_at = fields.String(required=True)
    weekday = fields.Integer(required=True)
    quiet_from = fields.String(required=True, allow_none=True)
    quiet_until = fields.String(required=True, allow_none=True)
    threaded = fields.Boolean(required=True)
    muted = fields.Boolean(required=True)


def route_out(route: RouteView) -> dict[str, Any]:
    """The route as `RouteOut` describes it."""
    return {
        "id": route.id,
        "name": route.name,
        "personal": route.personal,
        "query": route.query,
        "content": route.content.value,
        "owner": {"id": route.owner_id, "name": route.owner_name},
        "destination": {
            "id": route.destination_id,
            "kind": route.destination_kind.value,
            "label": route.destination_label,
            "trouble": route.trouble,
        },
        "cadence": route.cadence.value,
        "zone": route.zone,
        "send_at": _clock_time(route.send_at),
        "weekday": route.weekday,
        "quiet_from": _clock_time(route.quiet_from),
        "quiet_until": _clock_time(route.quiet_until),
        "threaded": route.threaded,
        "muted": route.muted,
    }


def preview_out(preview: Preview) -> dict[str, Any]:
    """The preview as `RoutePreviewOut` describes it."""
    return {"found": preview.found, "days": preview.days, "sentence": preview.words}


def _clock_time(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
