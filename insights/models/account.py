"""Accounts: customers and prospects that a note can be about."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Folded, Key, Name, choice


class TeamType(StrEnum):
    """Which sort of team looks after an account."""

    FIELD = "field"
    INSIDE = "inside"
    NAMED = "named"


class Account(Base):
    """A customer or prospect; choosing one sets a note's territory and segments."""

    __tablename__ = "accounts"
    __table_args__ = (Index(None, "folded"), Index(None, "territory_id", "folded"))

    id: Mapped[Key]
    # The account's id in the customer relationship system.
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    name: Mapped[Name]
    folded: Mapped[Folded]
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    # A US state's code, or what stands for it elsewhere; and the sort of team, for rules.
    state: Mapped[str | None] = mapped_column(String(40))
    team_type: Mapped[TeamType | None] = mapped_column(choice(TeamType, "team_type"))
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AccountSegment(Base):
    """A segment that an account belongs to, at most one of each dimension."""

    __tablename__ = "account_segments"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), primary_key=True)
