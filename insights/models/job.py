"""Jobs: work that one worker at a time does now and then, and how far it is."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime


class Job(Base):
    """A job by name. Whoever holds the lease does it; a lease that has run out is free."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(120))
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Somebody asked for it then; empty again once a run has begun that sees all before it.
    wanted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What is being done, and how far it is.
    stage: Mapped[str] = mapped_column(String(80), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    # Why the last run ended badly; empty when it ended well.
    trouble: Mapped[str] = mapped_column(String(500), default="")
