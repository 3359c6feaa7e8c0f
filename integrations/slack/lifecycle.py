"""What becomes of the app, of channels and of people in a workspace."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from integrations.slack import channels, installations, people
from integrations.slack.heard import Heard
from integrations.slack.listening import Listeners

LATEST = 2**32
"""No event is of a later second."""


def register(listeners: Listeners) -> None:
    """Listens to what changes around the app."""
    for name, deed in {
        "app_uninstalled": _uninstalled,
        "tokens_revoked": _revoked,
        "user_change": _person_changed,
        "team_join": _person_changed,
        "channel_created": _channel_made,
        "channel_rename": _renamed,
        "group_rename": _renamed,
        "channel_archive": _closes(channels.ARCHIVED),
        "group_archive": _closes(channels.ARCHIVED),
        "channel_unarchive": _opened,
        "group_unarchive": _opened,
        "channel_deleted": _closes(channels.DELETED),
        "group_deleted": _closes(channels.DELETED),
        "channel_left": _closes(channels.NOT_IN),
        "group_left": _closes(channels.NOT_IN),
        "member_joined_channel": _came_in,
        "member_left_channel": _went_out,
    }.items():
        listeners.event(name)(deed)


def _uninstalled(heard: Heard) -> None:
    _remove(heard)


def _revoked(heard: Heard) -> None:
    """Only the app's own token matters; tokens of people are none of ours."""
    tokens = heard.event.get("tokens")
    bots = tokens.get("bot") if isinstance(tokens, Mapping) else None
    if bots:
        _remove(heard)


def _remove(heard: Heard) -> None:
    told, said_at = heard.body.get("event_time"), heard.now
    if isinstance(told, int) and 0 < told < LATEST:
        said_at = datetime.fromtimestamp(told, UTC)
    with heard.writing() as session:
        installations.remove(session, heard.team_id, said_at=said_at, now=heard.now)


def _person_changed(heard: Heard) -> None:
    user = heard.event.get("user")
    if not isinstance(user, Mapping):
        return
    with heard.writing() as session:
        people.remember(session, heard.team_id, [user], now=heard.now)


def _channel_made(heard: Heard) -> None:
    channel = heard.event.get("channel")
    if not isinstance(channel, Mapping):
        return
    with heard.writing() as session:
        channels.remember(session, heard.team_id, [channel], now=heard.now)


def _renamed(heard: Heard) -> None:
    channel = heard.event.get("channel")
    if not isinstance(channel, Mapping):
        return
    name, channel_id = str(channel.get("name") or ""), _channel_id(channel)
    if name and channel_id:
        with heard.writing() as session:
            channels.renamed(session, heard.team_id, channel_id, name, now=heard.now)


def _closes(trouble: str) -> Callable[[Heard], None]:
    def closed(heard: Heard) -> None:
        channel_id = _channel_id(heard.event.get("channel"))
        if channel_id:
            with heard.writing() as session:
                channels.closed(session, heard.team_id, channel_id, trouble, now=heard.now)

    return closed


def _opened(heard: Heard) -> None:
    """A channel is open, or open again; whether the app may write there, Slack is asked."""
    channel_id = _channel_id(heard.event.get("channel"))
    if channel_id:
        with heard.writing() as session:
            channels.put_look_up(session, heard.team_id, channel_id, now=heard.now)


def _came_in(heard: Heard) -> None:
    if _is_the_app(heard):
        _opened(heard)


def _went_out(heard: Heard) -> None:
    if _is_the_app(heard):
        _closes(channels.NOT_IN)(heard)


def _is_the_app(heard: Heard) -> bool:
    with heard.reading() as session:
        identity = installations.identity(session, heard.team_id)
    return identity is not None and heard.event.get("user") == identity.bot_user_id


def _channel_id(told: Any) -> str:
    found = told.get("id") if isinstance(told, Mapping) else told
    return found if isinstance(found, str) and channels.CHANNEL_ID.fullmatch(found) else ""
