"""People: everyone who signs in, and everyone who ever did."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import Key, Name, choice


class Role(StrEnum):
    """What a person is here for; `services/access.py` says what each may do."""

    REP = "rep"
    ANALYST = "analyst"
    MANAGER = "manager"
    ADMIN = "admin"


class ToldBy(StrEnum):
    """How a person hears what became of their notes; on the page it stands in any case."""

    PAGE = "page"
    MAIL = "mail"
    SLACK = "slack"


class Person(Base):
    """A person. Deactivated when they leave, never deleted: their notes keep their author."""

    __tablename__ = "people"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[Name]
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Part of every sign-in: raising it ends all of a person's sign-ins at once.
    sign_in_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Up to when the person has read what became of their notes.
    news_read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deactivated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Since when name and address of somebody who left are no longer known here.
    pseudonymised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Stands for somebody in Slack who has no account: writes notes there, and never signs in.
    guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    told_by: Mapped[ToldBy] = mapped_column(
        choice(ToldBy, "told_by"), default=ToldBy.PAGE, server_default=ToldBy.PAGE.value
    )

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.deactivated_at is None
