"""Messages that become notes: which one it is, and what it said in words of ours.

The note that a message becomes has an id made from the message's own, so that it is saved once
however often and by whomever it is asked for. Where the message stands is kept in the note's
external id; its text ends with who said it where, unless that is the note's author. A private
channel is not named: its name may tell what only its members know.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Note, SlackChannel
from insights.text import clean, shorten
from integrations.slack import people, text

_NAMESPACE = UUID("6f0b5f0e-0d0c-4a6e-9f0f-1f6a3f2b7c11")
_TS = re.compile(r"[0-9]{1,10}\.[0-9]{1,9}")
_KEPT = re.compile(r"slack:([A-Z0-9]+)/([A-Z0-9]+)/([0-9]+\.[0-9]+)")


@dataclass(frozen=True, slots=True)
class SavedMessage:
    """A message by its place in Slack; `thread` is the thread that an answer to it belongs in."""

    team_id: str
    channel_id: str
    ts: str
    thread: str

    @property
    def external_id(self) -> str:
        """What the note keeps of it."""
        return f"slack:{self.team_id}/{self.channel_id}/{self.ts}"

    @property
    def note_id(self) -> UUID:
        """The id of the note that the message becomes."""
        return uuid5(_NAMESPACE, self.external_id)

    @property
    def said_at(self) -> datetime:
        """When it was posted, in UTC."""
        return datetime.fromtimestamp(float(self.ts), UTC)

    def note_id_of(self, user_id: str) -> UUID:
        """The id of one's own note of it, where somebody else was first."""
        return uuid5(_NAMESPACE, f"{self.external_id}/{user_id}")


@dataclass(frozen=True, slots=True)
class Place:
    """The channel of a message as far as we know it; private unless we know better."""

    name: str = ""
    private: bool = True
    joined: bool = False


def message_of(team_id: str, channel_id: str, message: Mapping[str, Any]) -> SavedMessage | None:
    """The message of a payload; None for one that cannot be told from others."""
    ts = str(message.get("ts", ""))
    thread = str(message.get("thread_ts") or ts)
    if not channel_id or not _TS.fullmatch(ts) or not _TS.fullmatch(thread):
        return None
    return SavedMessage(team_id, channel_id, ts, thread)


def web_address(external_id: str | None) -> str | None:
    """Where the message of a note opens, for those who may read it in Slack; None for a note that
    is of no message. Slack asks which of its apps is to open it."""
    kept = _KEPT.fullmatch(external_id or "")
    if kept is None:
        return None
    team, channel, ts = kept.groups()
    return f"https://slack.com/app_redirect?team={team}&channel={channel}&message_ts={ts}"


def place_of(session: Session, team_id: str, channel_id: str) -> Place:
    """What is known of a channel."""
    row = session.execute(
        select(SlackChannel.name, SlackChannel.private, SlackChannel.joined).where(
            SlackChannel.team_id == team_id, SlackChannel.channel_id == channel_id
        )
    ).first()
    return Place(row.name, row.private, row.joined) if row else Place()


def note_of(session: Session, saved: SavedMessage) -> Note | None:
    """The note that the message became, also a withdrawn one; None when there is none."""
    return session.get(Note, saved.note_id)


def words(
    session: Session,
    saved: SavedMessage,
    message: Mapping[str, Any],
    *,
    saver_id: str,
    most: int,
) -> str:
    """What the message said as its readers saw it, and who said it where.

    Empty when it has no text, and at most `most` characters. `saver_id` is who the note will be
    of, in Slack.
    """
    said = as_read(session, saved.team_id, str(message.get("text") or ""))
    author_id = str(message.get("user") or "")
    if not said or author_id == saver_id:
        return shorten(said, most)
    names = people.names(session, saved.team_id, {author_id})
    who = names.get(author_id) or str(message.get("username") or "somebody")
    place = place_of(session, saved.team_id, saved.channel_id)
    where = "in Slack" if place.private else f"in #{place.name}"
    line = f"\n— {who} {where}"
    return shorten(said, most - len(line)) + line


def as_read(session: Session, team_id: str, raw: str) -> str:
    """Slack's text with the names of the people and the public channels in it."""
    wanted = text.ids_in(raw)
    if not wanted:
        return clean(text.plain(raw))
    names = people.names(session, team_id, wanted) | _public_names(session, team_id, wanted)
    return clean(text.plain(raw, names))


def _public_names(session: Session, team_id: str, ids: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(SlackChannel.channel_id, SlackChannel.name).where(
            SlackChannel.team_id == team_id,
            SlackChannel.channel_id.in_(sorted(ids)),
            SlackChannel.private.is_(False),
        )
    )
    return {row.channel_id: row.name for row in rows}
