"""The form of a route or an alert: as it is stored, as it was sent, and what it asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from insights.errors import FieldProblems, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import Cadence, DestinationKind, RouteContent
from insights.services import destinations
from insights.services.destinations import Choices
from insights.services.routes import RouteView
from insights.web.route_filters import with_chosen

FIELDS = (
    "name", "query", "content", "to", "mailbox", "cadence", "send_at", "weekday", "quiet_from",
    "quiet_until", "threaded", "zone",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Besides the number of a destination, where a route can be sent to.
TO_ME, TO_ME_IN_SLACK, TO_MAILBOX, TO_CHANNEL = "me", "slack", "mailbox", "channel"
NEW = {
    "name": "", "query": "", "content": RouteContent.NOTES.value, "to": TO_ME, "mailbox": "",
    "cadence": Cadence.AT_ONCE.value, "send_at": "08:00", "weekday": "0", "quiet_from": "",
    "quiet_until": "", "threaded": "", "zone": "",
}  # fmt: skip


def sent_form() -> dict[str, str]:
    """The fields of the form as they were sent; those that were not are empty. What was chosen to
    build the query stands in its text."""
    sent = {name: request.form.get(name, "") for name in FIELDS}
    return {**sent, "query": with_chosen(sent["query"], request.form)}


def stored_form(route: RouteView) -> dict[str, str]:
    """The fields as the route has them."""
    to = str(route.destination_id)
    if route.personal:
        in_slack = route.destination_kind is DestinationKind.SLACK_PERSON
        to = TO_ME_IN_SLACK if in_slack else TO_ME
    elif route.destination_kind is DestinationKind.SLACK_CHANNEL:
        to = f"{TO_CHANNEL}:{route.destination_team}:{route.destination_address}"
    return {
        "name": route.name,
        "query": route.query,
        "content": route.content.value,
        "to": to,
        "mailbox": "",
        "cadence": route.cadence.value,
        "send_at": clock_time(route.send_at),
        "weekday": str(route.weekday),
        "quiet_from": clock_time(route.quiet_from),
        "quiet_until": clock_time(route.quiet_until),
        "threaded": "on" if route.threaded else "",
        "zone": route.zone,
    }


def values_of(sent: Mapping[str, str], *, personal: bool) -> dict[str, Any]:
    """What the form asks for, as the service takes it; a choice that is none is the usual one.

    Raises Invalid with every field that cannot be read.
    """
    values: dict[str, Any] = {
        "name": sent["name"],
        "query": sent["query"],
        "content": content_of(sent),
        "cadence": _cadence(sent["cadence"]),
        "zone": sent["zone"].strip() or runtime().settings.timezone,
        "weekday": int(sent["weekday"]) if sent["weekday"].isdecimal() else 0,
        "threaded": bool(sent["threaded"]),
    }
    problems = FieldProblems()
    with problems:
        values["destination_id"] = (
            _own_destination(sent["to"])
            if personal
            else destination_of(sent["to"], sent["mailbox"])
        )
    for name in ("send_at", "quiet_from", "quiet_until"):
        with problems:
            values[name] = _minute(name, sent[name])
    problems.settle()
    values["send_at"] = values["send_at"] or 0
    return values


def content_of(sent: Mapping[str, str]) -> RouteContent:
    """What the route is to send; notes unless something else is chosen."""
    return next((one for one in RouteContent if one.value == sent["content"]), RouteContent.NOTES)


def destination_of(to: str, mailbox: str) -> int:
    """The number of the common destination that was chosen; raises Invalid."""
    if to == TO_MAILBOX:
        return destinations.known_mailbox(db_session(), mailbox, now=now())
    kind, _, address = to.partition(":")
    if kind == TO_CHANNEL:
        team_id, _, channel_id = address.partition(":")
        return destinations.known_channel(
            db_session(), team_id=team_id, channel_id=channel_id, now=now()
        )
    return int(to) if to.isdecimal() else 0


def place_options(choices: Choices) -> list[dict[str, Any]]:
    """What a route of the organisation can be sent to, as a list to choose from shows it."""
    options: list[dict[str, Any]] = [{"value": TO_MAILBOX, "label": "A mailbox"}]
    if choices.channels:
        options.append({"label": "Slack", "options": channel_options(choices)})
    if choices.places:
        used = [{"value": one.id, "label": one.label} for one in choices.places]
        options.append({"label": "In use", "options": used})
    return options


def channel_options(choices: Choices) -> Sequence[dict[str, Any]]:
    """The Slack channels of such a list."""
    return [
        {"value": f"{TO_CHANNEL}:{one.team_id}:{one.channel_id}", "label": one.label}
        for one in choices.channels
    ]


def clock_time(minute: int | None) -> str:
    """A minute of the day as a clock shows it; empty for none."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def _own_destination(to: str) -> int:
    if to == TO_ME_IN_SLACK:
        return destinations.own_slack(db_session(), actor(), now=now())
    return destinations.own_mailbox(db_session(), actor(), now=now())


def _minute(name: str, typed: str) -> int | None:
    hours, colon, minutes = typed.strip().partition(":")
    if not typed.strip():
        return None
    if colon and hours.isdecimal() and minutes[:2].isdecimal() and len(hours) <= 2:
        found = int(hours) * 60 + int(minutes[:2])
        if int(minutes[:2]) < 60 and found < 24 * 60:
            return found
    raise Invalid({name: ["Give a time such as 08:00."]})


def _cadence(typed: str) -> Cadence:
    return next((one for one in Cadence if one.value == typed), Cadence.AT_ONCE)
