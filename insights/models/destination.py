"""Destinations: where notes are sent, how each stands, and when it may be written to next."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, Name, choice


class DestinationKind(StrEnum):
    """By which system it is reached."""

    SLACK_CHANNEL = "slack-channel"
    SLACK_PERSON = "slack-person"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Destination(Base):
    """A channel, a person or an address. All routes to it share its order, its pace and its state.

    A private one has one reader, `person_id`, and gets what that person may see; another one gets
    what everyone may see, and sealed notes only while an admin has marked it for them.
    """

    __tablename__ = "destinations"
    __table_args__ = (
        UniqueConstraint("kind", "team", "address", "person_id"),
        # A person's own mailbox may also be where a team reads; two teams share one row.
        Index(
            "uq_destinations_common",
            "kind",
            "team",
            "address",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
        Index(None, "next_at"),
    )

    id: Mapped[Key]
    kind: Mapped[DestinationKind] = mapped_column(choice(DestinationKind, "kind"))
    # The Slack workspace; empty for all else.
    team: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(300))
    label: Mapped[Name]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    takes_sealed: Mapped[bool] = mapped_column(default=False)
    # What signs what is sent there, encrypted (insights.vault); while it is changed the former too.
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Why nothing can be sent at present, and what to do about it; empty while all is well.
    trouble: Mapped[str] = mapped_column(String(300), default="")
    failures: Mapped[int] = mapped_column(default=0)
    # Nothing is sent before: the pace of the channel, a Retry-After, the rest after a failure.
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When the next delivery is due; empty when none is waiting or it is in trouble.
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
