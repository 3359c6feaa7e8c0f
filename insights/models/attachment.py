"""Attachments: photos of a note, described here; their bytes are in the storage under their id."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.db import Base, UTCDateTime
from insights.models.columns import choice


class AttachmentState(StrEnum):
    """How far an upload has come."""

    UPLOADING = "uploading"
    READY = "ready"
    REFUSED = "refused"


class Attachment(Base):
    """One photo of a note: announced by the device under an id of its own, then sent in pieces.

    `size` and `sha256` are those of the bytes that the device sends, `received` how many of them
    have arrived. What is stored in the end is made anew from them, without their metadata.
    """

    __tablename__ = "attachments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"), index=True)
    state: Mapped[AttachmentState] = mapped_column(choice(AttachmentState, "state"))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    # Pixels of the stored photo, and why there is none.
    width: Mapped[int | None]
    height: Mapped[int | None]
    refusal: Mapped[str | None] = mapped_column(String(300))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
