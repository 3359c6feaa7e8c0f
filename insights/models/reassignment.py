"""Reassignments: who holds many territories, and where many accounts belong, changed at once; and
the rules by which accounts find their territory."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, choice


class Reassignment(Base):
    """One change of many assignments and accounts, made whole or not at all."""

    __tablename__ = "reassignments"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[Key]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # From which day the new holders hold.
    since: Mapped[date]
    # What was asked for, in words of the organisation, and by which filters.
    title: Mapped[str] = mapped_column(String(200))
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)
    territories: Mapped[int]
    accounts: Mapped[int]
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class ReassignedAssignment(Base):
    """An assignment that a reassignment ended, started or took back."""

    __tablename__ = "reassigned_assignments"

    reassignment_id: Mapped[int] = mapped_column(ForeignKey("reassignments.id"), primary_key=True)
    # No foreign key: one that was taken back is gone.
    assignment_id: Mapped[int] = mapped_column(primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    since: Mapped[date]
    # Until when before; empty for open, also for one that was started.
    until_before: Mapped[date | None]
    existed_before: Mapped[bool]
    until_after: Mapped[date | None]
    exists_after: Mapped[bool]


class ReassignedAccount(Base):
    """An account that a reassignment moved."""

    __tablename__ = "reassigned_accounts"

    reassignment_id: Mapped[int] = mapped_column(ForeignKey("reassignments.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    former_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territories.id"))


class ReassignedPromise(Base):
    """An open promise that went along with its account."""

    __tablename__ = "reassigned_promises"

    reassignment_id: Mapped[int] = mapped_column(ForeignKey("reassignments.id"), primary_key=True)
    promise_id: Mapped[UUID] = mapped_column(ForeignKey("promises.id"), primary_key=True)
    former_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))


class RuleAttribute(StrEnum):
    """By what a rule tells accounts apart; the dimensions are those of segments."""

    STATE = "state"
    FIRST_DIMENSION = "dimension-1"
    SECOND_DIMENSION = "dimension-2"
    TEAM_TYPE = "team-type"


class TerritoryRule(Base):
    """Accounts with these one or two values belong to this territory.

    A value is a state's code, a segment's id in digits, or a `TeamType`.
    """

    __tablename__ = "territory_rules"
    __table_args__ = (
        Index(
            None, "territory_id", "attribute", "value", "other_attribute", "other_value",
            unique=True,
        ),
    )  # fmt: skip

    id: Mapped[Key]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    attribute: Mapped[RuleAttribute] = mapped_column(choice(RuleAttribute, "attribute"))
    value: Mapped[str] = mapped_column(String(40))
    other_attribute: Mapped[RuleAttribute | None] = mapped_column(
        choice(RuleAttribute, "other_attribute")
    )
    other_value: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
