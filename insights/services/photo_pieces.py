"""Photos that come in pieces, over a network that comes and goes.

A piece says at which byte it begins, and is taken if it begins where the last one ended. It is in
the storage before the row counts it, so after a crash at any moment the row says at most what is
there; the device asks for the place, or is told it, and goes on from there. Any machine may get the
next piece. When the last one is here, the whole is compared with what was announced, and the
picture is made (services.pictures). All of this comes before the first change in the database, so
that nobody waits for the storage or for a picture.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from insights.db import after_keeping
from insights.errors import Conflict, Invalid, NotFound
from insights.models import Attachment, AttachmentState
from insights.services import notes, photo_files, photos
from insights.services.access import Actor
from insights.services.photos import PhotoView
from insights.services.pictures import picture_from
from insights.storage.interface import Storage

LARGEST_PIECE = 1024 * 1024


class WrongOffset(Conflict):
    """The piece does not begin where the next one has to: at byte `offset`."""

    def __init__(self, offset: int, reason: str = "This piece does not come next.") -> None:
        super().__init__(f"{reason} Go on from byte {offset:,}.")
        self.offset = offset


@dataclass(frozen=True)
class Outcome:
    """What has become of the photo, to be kept also when it is a refusal, which is told after that.

    `refusal` is WrongOffset when the bytes are not those that were announced and all have to be
    sent again, and Invalid when they are no photo that can be shown.
    """

    photo: PhotoView
    refusal: WrongOffset | Invalid | None = None


def append(
    session: Session,
    actor: Actor,
    photo_id: UUID,
    *,
    offset: int,
    piece: bytes,
    storage: Storage,
    now: datetime,
) -> Outcome:
    """Takes the piece that begins at byte `offset`; with the last one the photo is ready.

    Sending a piece twice does no harm: nothing is added to a photo that is ready or refused, and
    WrongOffset says where to go on with one that is not. Raises NotFound, Forbidden, and Invalid
    when the piece is empty or ends behind the announced size.
    """
    photo = photos.find(session, actor, photo_id)
    if photo.state is not AttachmentState.UPLOADING:
        return _settled(photo, storage)
    notes.require_editable(session, actor, photo.note_id)
    if offset != photo.received:
        raise WrongOffset(photo.received)
    _require_fitting(photo, offset, piece)
    photo_files.put_piece(storage, photo_id, offset, piece)
    if offset + len(piece) == photo.size:
        return _finish(session, actor, photo, storage, now)
    if not _change(session, photo, received=offset + len(piece)):
        return _overtaken(session, actor, photo, storage)
    return Outcome(photos.find(session, actor, photo_id))


def _settled(photo: PhotoView, storage: Storage) -> Outcome:
    # Also after a crash which came before they were deleted.
    photo_files.clear_pieces(storage, photo.id)
    return _outcome(photo)


def _outcome(photo: PhotoView) -> Outcome:
    return Outcome(photo, Invalid(photo.refusal) if photo.refusal else None)


def _require_fitting(photo: PhotoView, offset: int, piece: bytes) -> None:
    if not piece:
        raise Invalid("Send at least one byte.")
    if len(piece) > LARGEST_PIECE:
        raise Invalid(f"Send at most {LARGEST_PIECE:,} bytes at once.")
    if offset + len(piece) > photo.size:
        raise Invalid(f"The photo was announced with {photo.size:,} bytes. Send no more than that.")


def _finish(
    session: Session, actor: Actor, photo: PhotoView, storage: Storage, now: datetime
) -> Outcome:
    """Makes the picture of all pieces, or says why not."""
    content = photo_files.whole(storage, photo.id, size=photo.size, sha256=photo.sha256)
    if content is None:
        return _begin_anew(session, actor, photo, storage)
    values = _values_of(photo, content, storage)
    if not _change(session, photo, **values):
        return _overtaken(session, actor, photo, storage)
    if values["state"] is AttachmentState.READY:
        photos.tell_journal(session, actor, "photo.added", photo.note_id, photo.id, now=now)
    after_keeping(session, partial(photo_files.clear_pieces, storage, photo.id))
    return _outcome(photos.find(session, actor, photo.id))


def _values_of(photo: PhotoView, content: bytes, storage: Storage) -> dict[str, Any]:
    """Stores the picture; what its row says from then on."""
    try:
        picture = picture_from(content)
    except Invalid as refusal:
        refused = AttachmentState.REFUSED
        return {"state": refused, "refusal": refusal.message, "received": photo.size}
    photo_files.put_picture(storage, photo.id, picture)
    return photos.ready_values(picture, photo.size)


def _begin_anew(session: Session, actor: Actor, photo: PhotoView, storage: Storage) -> Outcome:
    """Forgets the pieces, which together are not what was announced."""
    # They go first: once the row says 0 new ones may come.
    photo_files.drop_pieces(storage, photo.id)
    if not _change(session, photo, received=0):
        return _overtaken(session, actor, photo, storage)
    refusal = WrongOffset(0, "The photo did not arrive as it was announced.")
    return Outcome(photos.find(session, actor, photo.id), refusal)


def _change(session: Session, photo: PhotoView, **values: Any) -> bool:
    """Changes the row, unless another request changed it meanwhile."""
    statement = (
        update(Attachment)
        .where(
            Attachment.id == photo.id,
            Attachment.received == photo.received,
            Attachment.state == AttachmentState.UPLOADING,
        )
        .values(**values)
        .returning(Attachment.id)
    )
    options = {"synchronize_session": False}
    return session.execute(statement, execution_options=options).first() is not None


def _overtaken(session: Session, actor: Actor, photo: PhotoView, storage: Storage) -> Outcome:
    """What another request has made of the photo meanwhile.

    Raises WrongOffset when it is still being sent, and NotFound when it was removed.
    """
    try:
        current = photos.find(session, actor, photo.id)
    except NotFound:
        photo_files.clear(storage, photo.id)
        raise
    if current.state is AttachmentState.UPLOADING:
        raise WrongOffset(current.received)
    return _settled(current, storage)
