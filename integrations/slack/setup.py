"""How far the connection to Slack is set up: a list of checks, each with what to do next.

Nothing here calls Slack: what the worker found out last is read, so that the list can be looked at
as often as one likes, and before anything is set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.clock import in_zone
from insights.models import Destination, DestinationKind, SlackChannel, SlackPerson
from insights.settings import Settings
from integrations.slack import calls, installations, refusals, sockets
from integrations.slack.gateway import DEAD_TOKENS
from integrations.slack.installations import Workspace
from integrations.slack.manifest import SCOPES

SOCKET_SILENT = timedelta(minutes=2)
LONG_QUEUE = 50
_KINDS = (DestinationKind.SLACK_CHANNEL, DestinationKind.SLACK_PERSON)


class CheckState(StrEnum):
    """How a check stands."""

    WELL = "well"
    # Nothing is wrong, but something is still to come.
    WAITING = "waiting"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be right; `remedy` says what to do, empty where nothing is to be done."""

    state: CheckState
    title: str
    said: str
    remedy: str = ""


def checks(session: Session, settings: Settings, *, now: datetime) -> list[Check]:
    """All checks, in the order in which one sets things up. A few queries for each workspace."""
    places = installations.workspaces(session)
    found = [_way(settings), _address(settings)]
    refused = refusals.code_of(session, refusals.BOT_TOKEN) if settings.slack_bot_token else None
    if refused is not None:
        found.append(_refused_token(refused))
    if places or refused is None:
        found.append(_tokens(settings, places))
    if settings.slack_app_token:
        found.append(_socket(session, now))
    for place in places:
        found.extend(_of_workspace(session, settings, place))
    if places:
        found += [_queue(session), _destinations(session)]
    return found


def _way(settings: Settings) -> Check:
    title = "A way in"
    if settings.slack_app_token:
        said = "By Socket Mode: the worker opens a connection to Slack."
        return Check(CheckState.WELL, title, said)
    if settings.slack_signing_secret:
        return Check(CheckState.WELL, title, "Over HTTP: Slack posts to /slack/events, signed.")
    return Check(
        CheckState.WAITING,
        title,
        "Neither a signing secret nor an app token is set.",
        "Set INSIGHTS_SLACK_SIGNING_SECRET, or INSIGHTS_SLACK_APP_TOKEN where Slack cannot reach "
        "this server.",
    )


def _address(settings: Settings) -> Check:
    title = "Public address"
    if not settings.public_url:
        return Check(
            CheckState.WAITING, title, "It is not set.", "Set INSIGHTS_PUBLIC_URL to the address "
            "at which people open these pages.",
        )  # fmt: skip
    if settings.public_url.startswith("https://"):
        return Check(CheckState.WELL, title, settings.public_url)
    if settings.slack_app_token:
        said = f"{settings.public_url}: good for Socket Mode; Slack shows no previews of its links."
        return Check(CheckState.WELL, title, said)
    if not settings.slack_api_url.startswith("https://"):
        said = f"{settings.public_url}: good for the stand-in; Slack itself posts to https only."
        return Check(CheckState.WELL, title, said)
    return Check(
        CheckState.TROUBLE,
        title,
        f"{settings.public_url} is without https, and Slack posts to https only.",
        "Serve it over https, or use Socket Mode (INSIGHTS_SLACK_APP_TOKEN).",
    )


def _refused_token(code: str) -> Check:
    """Of the bot token in the settings; an earlier one may work all the same."""
    return Check(
        CheckState.TROUBLE,
        "Bot token",
        _refusal(code),
        "Copy the Bot User OAuth Token (xoxb-…) of the app at Slack once more, set "
        f"{refusals.BOT_TOKEN} to it and start the server again.",
    )


def _refusal(code: str) -> str:
    """What Slack said about a token, in words."""
    return DEAD_TOKENS.get(code, f"Slack does not take it ({code}).")


def _tokens(settings: Settings, places: Sequence[Workspace]) -> Check:
    title = "Workspaces"
    if places:
        names = ", ".join(place.team_name for place in places)
        return Check(CheckState.WELL, title, f"Installed in {names}.")
    if settings.slack_bot_token:
        return Check(
            CheckState.WAITING, title, "A bot token is set; the worker has not tried it yet.",
            "Wait a moment. If nothing changes, see that a worker is running, and its log.",
        )  # fmt: skip
    if settings.slack_client_id:
        return Check(
            CheckState.WAITING, title, "In none yet.", "Press “Add to a workspace” on this page."
        )
    return Check(
        CheckState.WAITING,
        title,
        "Neither a bot token nor a client id is set.",
        "Install the app at Slack and set INSIGHTS_SLACK_BOT_TOKEN.",
    )


def _socket(session: Session, now: datetime) -> Check:
    title = "Socket Mode"
    seen_at = sockets.seen_at(session)
    if seen_at is not None and now - seen_at < SOCKET_SILENT:
        return Check(CheckState.WELL, title, "The worker is connected.")
    code = refusals.code_of(session, refusals.APP_TOKEN)
    if code is not None:
        return Check(
            CheckState.TROUBLE,
            title,
            f"Slack opens no connection. {_refusal(code)}",
            f"Set {refusals.APP_TOKEN} to an app-level token (xapp-…) of the app, with the scope "
            "connections:write, and start the worker again.",
        )
    return Check(
        CheckState.TROUBLE if seen_at else CheckState.WAITING,
        title,
        "The worker is not connected.",
        "See that a worker is running and that INSIGHTS_SLACK_APP_TOKEN (xapp-) has the scope "
        "connections:write; its log says what Slack answers.",
    )


def _of_workspace(session: Session, settings: Settings, place: Workspace) -> Iterator[Check]:
    title = place.team_name
    if place.trouble:
        yield Check(CheckState.TROUBLE, f"{title}: token", place.trouble)
        return
    yield Check(CheckState.WELL, f"{title}: token", "Slack takes it.")
    missing = [scope for scope in SCOPES if scope not in place.scopes]
    if missing:
        yield Check(
            CheckState.TROUBLE,
            f"{title}: scopes",
            f"Missing: {', '.join(missing)}.",
            "Put the manifest of this page into the app at Slack again, and reinstall it there.",
        )
    else:
        yield Check(CheckState.WELL, f"{title}: scopes", f"All {len(SCOPES)} there.")
    yield _channels(session, place)
    yield _people(session, place)
    yield _heard(settings, place)


def _channels(session: Session, place: Workspace) -> Check:
    title = f"{place.team_name}: channels"
    mine = (SlackChannel.team_id == place.team_id, SlackChannel.archived.is_(False))
    joined = session.scalar(
        select(func.count()).select_from(SlackChannel).where(*mine, SlackChannel.joined)
    )
    if joined:
        return Check(CheckState.WELL, title, f"The app is in {joined}.")
    return Check(
        CheckState.WAITING, title, "The app is in none yet.",
        "Write “/invite @insight” in the channels that are to get notes.",
    )  # fmt: skip


def _people(session: Session, place: Workspace) -> Check:
    title = f"{place.team_name}: people"
    of_ours = (SlackPerson.team_id == place.team_id, SlackPerson.external.is_(False))
    counted = select(func.count(), func.count(SlackPerson.person_id)).where(*of_ours)
    members, known = session.execute(counted).one()
    if known:
        return Check(CheckState.WELL, title, f"{known} of {members} members have an account here.")
    return Check(
        CheckState.WAITING,
        title,
        f"None of {members} members has an account here with the same e-mail address.",
        "Add people under Admin, with the addresses that they have in Slack.",
    )


def _heard(settings: Settings, place: Workspace) -> Check:
    title = f"{place.team_name}: events"
    if place.heard_at is not None:
        moment = in_zone(place.heard_at, settings.zone)
        said = f"Something came in last on {moment:%-d %B %Y, %H:%M %Z}."
        return Check(CheckState.WELL, title, said)
    return Check(
        CheckState.WAITING,
        title,
        "Nothing has come in yet.",
        "Write “/insight help” in Slack. If nothing answers, look at the app's event "
        "subscriptions at Slack: the address must be verified there.",
    )


def _queue(session: Session) -> Check:
    waiting = calls.waiting(session)
    title = "Waiting to be said"
    if waiting < LONG_QUEUE:
        return Check(CheckState.WELL, title, f"{waiting} calls.")
    return Check(
        CheckState.TROUBLE,
        title,
        f"{waiting} calls.",
        "See that a worker is running; its log says what Slack answers.",
    )


def _destinations(session: Session) -> Check:
    mine = (Destination.kind.in_(_KINDS), Destination.trouble != "")
    count = session.scalar(select(func.count()).select_from(Destination).where(*mine))
    title = "Routes to Slack"
    if not count:
        return Check(CheckState.WELL, title, "Nothing keeps them from arriving.")
    return Check(
        CheckState.TROUBLE, title, f"{count} cannot be reached.", "Admin, Destinations says why."
    )
