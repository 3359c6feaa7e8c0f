"""Business figures of a territory and month, as another system exports them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime


class BusinessFigure(Base):
    """One territory in one month; a value that is not known is empty, which is not zero."""

    __tablename__ = "business_figures"
    __table_args__ = (CheckConstraint("win_rate BETWEEN 0 AND 1", name="win_rate"),)

    territory_id: Mapped[int] = mapped_column(ForeignKey("territories.id"), primary_key=True)
    # The first day of the month.
    month: Mapped[date] = mapped_column(primary_key=True)
    # In the organisation's currency.
    quota: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    revenue: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    deal_size: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    # Between 0 and 1.
    win_rate: Mapped[float | None]
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
