"""Slack: the workspaces that this installation is in, and what it knows and has said there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, Name


class SlackInstallation(Base):
    """One workspace with the app's tokens in it, encrypted (insights.vault)."""

    __tablename__ = "slack_installations"

    id: Mapped[Key]
    team_id: Mapped[str] = mapped_column(String(20), unique=True)
    enterprise_id: Mapped[str] = mapped_column(String(20), default="")
    team_name: Mapped[Name]
    app_id: Mapped[str] = mapped_column(String(20))
    bot_id: Mapped[str] = mapped_column(String(20))
    bot_user_id: Mapped[str] = mapped_column(String(20))
    bot_token: Mapped[bytes] = mapped_column(LargeBinary)
    # Both empty while Slack does not renew tokens.
    refresh_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What the token may do, parted by commas.
    scopes: Mapped[str] = mapped_column(Text, default="")
    installed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    installed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Why nothing can be said there at present, and what to do about it; empty while all is well.
    trouble: Mapped[str] = mapped_column(String(300), default="")
    # When an event or a click came from there last.
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SlackPerson(Base):
    """Somebody in a workspace, and whom we take them for."""

    __tablename__ = "slack_people"
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)

    id: Mapped[Key]
    team_id: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    # Of another organisation, a guest of the workspace, or a bot: never taken for a colleague.
    external: Mapped[bool] = mapped_column(default=False)
    # A person with an account, or the guest who stands for them.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    refreshed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SlackChannel(Base):
    """A channel as it was when we looked last."""

    __tablename__ = "slack_channels"
    __table_args__ = (UniqueConstraint("team_id", "channel_id"),)

    id: Mapped[Key]
    team_id: Mapped[str] = mapped_column(String(20))
    channel_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    private: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)
    # Whether the app may write there.
    joined: Mapped[bool] = mapped_column(default=False)
    refreshed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SlackCard(Base):
    """One copy of a note's card, in a channel or a person's messages."""

    __tablename__ = "slack_cards"
    __table_args__ = (
        UniqueConstraint("team_id", "channel_id", "ts"),
        Index(None, "note_id"),
        Index(None, "stale_at"),
    )

    id: Mapped[Key]
    team_id: Mapped[str] = mapped_column(String(20))
    channel_id: Mapped[str] = mapped_column(String(20))
    ts: Mapped[str] = mapped_column(String(20))
    # In the thread of the day, if it is there.
    thread_ts: Mapped[str | None] = mapped_column(String(20))
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    # Where it was sent; says who may read it.
    destination_id: Mapped[int | None] = mapped_column(ForeignKey("destinations.id"))
    # A digest of what it says at present, so that it is not changed to the same; empty if unknown.
    shown: Mapped[str] = mapped_column(String(64), default="")
    # Since when it no longer tells how things are, and when to try again; empty while it does.
    stale_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    # Posted a second time because the first one could not be found; that is done once.
    reposted: Mapped[bool] = mapped_column(default=False)
    # Deleted by somebody, or in a channel that is gone: nothing more is said there.
    lost: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SlackReply(Base):
    """One remark in the thread of a card: a comment that came from there, or was told there."""

    __tablename__ = "slack_replies"
    __table_args__ = (
        UniqueConstraint("card_id", "comment_id"),
        Index(None, "comment_id"),
        Index(None, "stale_at"),
    )

    id: Mapped[Key]
    card_id: Mapped[int] = mapped_column(ForeignKey("slack_cards.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"))
    # Empty until it has been said.
    ts: Mapped[str | None] = mapped_column(String(20))
    from_slack: Mapped[bool] = mapped_column(default=False)
    # The event that it is as new as, for those that come late.
    event_ts: Mapped[str | None] = mapped_column(String(20))
    stale_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)


class SlackReceipt(Base):
    """Something that came from Slack and was dealt with; a second delivery of it is dropped."""

    __tablename__ = "slack_receipts"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class SlackCall(Base):
    """A call to Slack that the worker makes: written down before an interaction is acknowledged."""

    __tablename__ = "slack_calls"
    __table_args__ = (Index(None, "due_at", "id"),)

    id: Mapped[Key]
    # The same key never makes two calls.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    team_id: Mapped[str] = mapped_column(String(20))
    # Of Slack's API, or "response_url".
    method: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Not made later than this: an answer that comes too late helps nobody.
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)


class SlackState(Base):
    """An installation that an admin has begun at Slack; used once."""

    __tablename__ = "slack_states"

    # The digest of what was handed out.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
