"""Promises: what somebody has promised a customer, until it is kept."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime


class Promise(Base):
    """A promise to an account, or to customers of a territory; its id is made by the client.

    Seen by those who hold the territory or one above, by analysts and admins, and by its maker:
    what was promised is nobody else's business. While it is open it goes along when its account
    gets another territory.
    """

    __tablename__ = "promises"
    __table_args__ = (
        Index(None, "territory_id", "settled_at"),
        Index(None, "account_id", "settled_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("notes.id"))
    text: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None]
    maker_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Kept, or no longer wanted.
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # Whether it was kept; empty while it is open.
    kept: Mapped[bool | None]
