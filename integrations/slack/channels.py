"""Channels as they were when we looked last, and what their changes mean for what is sent there."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.models import Destination, DestinationKind, SlackChannel
from insights.services import deliveries
from integrations.slack import calls
from integrations.slack.parts import SlackParts

LOOK_UP = "channels.look-up"
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{1,19}")
LONGEST_NAME = 120
ARCHIVED = "This channel was archived. Open it again in Slack, or send the route elsewhere."
DELETED = "This channel was deleted. Send the route to another one."
NOT_IN = "The app is not in this channel. Write “/invite @insight” there."


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that something can be sent to."""

    channel_id: str
    name: str
    private: bool
    joined: bool


def remember(
    session: Session, team_id: str, told: Collection[Mapping[str, Any]], *, now: datetime
) -> None:
    """Keeps channels as Slack's `channel` objects tell of them. Two or three queries for all."""
    found = {str(one["id"]): one for one in told if CHANNEL_ID.fullmatch(str(one.get("id")))}
    rows = {row.channel_id: row for row in _rows(session, team_id, found)}
    missing = sorted(found.keys() - rows.keys())
    if missing:
        values = [_values(team_id, found[one], now) for one in missing]
        session.execute(insert_or_skip(session, SlackChannel, SlackChannel.id), values)
    for channel_id, row in rows.items():
        for name, value in _values(team_id, found[channel_id], now).items():
            setattr(row, name, value)
    session.flush()


def put_look_up(session: Session, team_id: str, channel_id: str, *, now: datetime) -> None:
    """Has the worker ask Slack how a channel is now."""
    calls.put(
        session, key=f"{LOOK_UP}:{team_id}:{channel_id}", team_id=team_id, method=LOOK_UP,
        arguments={"channel": channel_id}, now=now,
    )  # fmt: skip


def look_up(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that asks Slack how the `channel` is, and closes or opens what is sent there."""
    answer = parts.gateways.of(team_id).call("conversations.info", channel=arguments["channel"])
    told = answer["channel"]
    with parts.database.writing() as session:
        now = parts.clock()
        remember(session, team_id, [told], now=now)
        if told.get("is_archived"):
            closed(session, team_id, arguments["channel"], ARCHIVED, now=now)
        elif told.get("is_member") or not told.get("is_private"):
            opened(session, team_id, arguments["channel"], now=now)
        else:
            closed(session, team_id, arguments["channel"], NOT_IN, now=now)


def open_channels(session: Session, team_id: str) -> list[Channel]:
    """Those that something can be sent to, by name."""
    rows = session.scalars(
        select(SlackChannel)
        .where(SlackChannel.team_id == team_id, SlackChannel.archived.is_(False))
        .order_by(SlackChannel.name)
    )
    return [Channel(row.channel_id, row.name, row.private, row.joined) for row in rows]


def renamed(session: Session, team_id: str, channel_id: str, name: str, *, now: datetime) -> None:
    """A channel has another name; what is sent there goes on."""
    _change(session, team_id, channel_id, now, name=name[:LONGEST_NAME])
    label = f"#{name}"[:LONGEST_NAME]
    session.execute(update(Destination).where(*_place(team_id, channel_id)).values(label=label))


def closed(session: Session, team_id: str, channel_id: str, trouble: str, *, now: datetime) -> None:
    """Nothing can be sent there any more; `trouble` says why and what to do. What waits is kept."""
    _change(session, team_id, channel_id, now, archived=trouble != NOT_IN, joined=False)
    values = {"trouble": trouble, "next_at": None}
    session.execute(update(Destination).where(*_place(team_id, channel_id)).values(**values))


def opened(session: Session, team_id: str, channel_id: str, *, now: datetime) -> None:
    """The channel can be written to again: what waited is sent."""
    _change(session, team_id, channel_id, now, archived=False)
    in_trouble = (*_place(team_id, channel_id), Destination.trouble != "")
    for destination_id in session.scalars(select(Destination.id).where(*in_trouble)).all():
        deliveries.send_again(session, destination_id=destination_id, now=now)


def _change(session: Session, team_id: str, channel_id: str, now: datetime, **values: Any) -> None:
    mine = (SlackChannel.team_id == team_id, SlackChannel.channel_id == channel_id)
    session.execute(update(SlackChannel).where(*mine).values(refreshed_at=now, **values))


def _place(team_id: str, channel_id: str) -> tuple[Any, ...]:
    return (
        Destination.kind == DestinationKind.SLACK_CHANNEL,
        Destination.team == team_id,
        Destination.address == channel_id,
    )


def _rows(session: Session, team_id: str, channel_ids: Collection[str]) -> list[SlackChannel]:
    wanted = SlackChannel.channel_id.in_(sorted(channel_ids))
    statement = select(SlackChannel).where(SlackChannel.team_id == team_id, wanted)
    return list(session.scalars(statement))


def _values(team_id: str, told: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "team_id": team_id,
        "channel_id": str(told["id"]),
        "name": str(told.get("name") or told["id"])[:LONGEST_NAME],
        "private": bool(told.get("is_private")),
        "archived": bool(told.get("is_archived")),
        "joined": bool(told.get("is_member")),
        "refreshed_at": now,
    }
