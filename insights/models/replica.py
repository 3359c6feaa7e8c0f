"""Search replicas: how far each machine's index has followed the journal."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime


class Replica(Base):
    """What a worker last reported of its index. The index's own commit is the truth; this row
    lets other machines and the admin see it."""

    __tablename__ = "replicas"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    engine: Mapped[str] = mapped_column(String(20))
    cursor: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
