"""The photos in a file of waiting notes: sent on as their device would have sent them.

They keep the ids that the device gave them, so a device that goes on sending finds them here.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from insights.db import Database
from insights.errors import Invalid
from insights.models import AttachmentState
from insights.services import photo_pieces, photos
from insights.services.access import Actor
from insights.services.photo_pieces import LARGEST_PIECE
from insights.storage.interface import Storage


@dataclass(frozen=True)
class WaitingPhoto:
    """A photo with all its bytes, which are those that `size` and `sha256` promise."""

    id: UUID
    size: int
    sha256: str
    content: bytes


def take_photo(
    database: Database,
    author: Actor,
    note_id: UUID,
    photo: WaitingPhoto,
    *,
    storage: Storage,
    now: datetime,
) -> bool:
    """Adds the photo to its note; returns False when it was there.

    Several short transactions: call it outside of any other. Raises what announcing and sending it
    would: Invalid when it is no photo that can be shown or one too many, Forbidden when the note is
    closed, Conflict when its id belongs to another or the device is sending it at this moment.
    """
    with database.writing() as session:
        photos.announce(
            session, author, note_id, photo_id=photo.id, size=photo.size, sha256=photo.sha256,
            now=now,
        )  # fmt: skip
        known = photos.find(session, author, photo.id)
    if known.refusal:
        raise Invalid(known.refusal)
    if known.state is AttachmentState.READY:
        return False
    for offset in range(known.received, photo.size, LARGEST_PIECE):
        piece = photo.content[offset : offset + LARGEST_PIECE]
        with database.writing() as session:
            outcome = photo_pieces.append(
                session, author, photo.id, offset=offset, piece=piece, storage=storage, now=now
            )
        # Told once it is kept that this is no photo.
        if outcome.refusal:
            raise outcome.refusal
    return True
