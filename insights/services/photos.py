"""Photos of notes: who may add, see and remove them.

A photo is announced by the device under an id of its own, sent in pieces (services.photo_pieces),
and shown once it is ready, to whoever may see its note. The rows are here, the bytes in the
storage. A crash may leave bytes without a row, which do no harm, but never a ready photo without
its bytes: they are stored before the row says so, and deleted when the row is gone for good.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO, Any
from uuid import UUID, uuid5

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from insights.db import after_keeping, insert_or_skip, table_of
from insights.errors import Conflict, Invalid, NotFound
from insights.models import Attachment, AttachmentState, Note
from insights.services import access, journal, notes, photo_files
from insights.services.access import Actor
from insights.services.pictures import Picture, picture_from
from insights.storage.interface import Storage

MOST_PHOTOS = 10
LARGEST_PHOTO = 15 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo as it stands.

    `size` and `sha256` are those of the bytes that the device sends, `received` how many of them
    are here. `width` and `height` are pixels of the stored picture, None until the photo is ready;
    `refusal` says why it never will be.
    """

    id: UUID
    note_id: UUID
    state: AttachmentState
    size: int
    sha256: str
    received: int
    width: int | None
    height: int | None
    refusal: str | None


_ROWS = table_of(Attachment).c
_PHOTOS: Select[Any] = select(
    _ROWS.id,
    _ROWS.note_id,
    _ROWS.state,
    _ROWS.size,
    _ROWS.sha256,
    _ROWS.received,
    _ROWS.width,
    _ROWS.height,
    _ROWS.refusal,
)


def announce(
    session: Session,
    actor: Actor,
    note_id: UUID,
    *,
    photo_id: UUID,
    size: int,
    sha256: str,
    now: datetime,
) -> bool:
    """Makes a place for a photo of `size` bytes; returns False when this id was announced before.

    Raises NotFound and Forbidden, Invalid when the photo is too large or the note has ten, and
    Conflict when the id belongs to another note, or to a photo with other bytes.
    """
    access.note(session, actor, note_id)
    row = {"id": photo_id, "note_id": note_id, "size": size, "sha256": sha256}
    if _is_known(session, row):
        return False
    _require_size(size, "size")
    notes.require_editable(session, actor, note_id)
    _take_turn(session, note_id)
    _require_room(session, note_id, "")
    return _insert(session, row | {"state": AttachmentState.UPLOADING, "received": 0}, now)


def add_whole(
    session: Session,
    actor: Actor,
    note_id: UUID,
    file: IO[bytes],
    *,
    storage: Storage,
    now: datetime,
) -> PhotoView:
    """Adds a photo that came in one, as from a form; the same one is added to a note once.

    Raises NotFound, Forbidden, and Invalid(photos) for what is no photo, is too large, or is one
    too many.
    """
    notes.require_editable(session, actor, note_id)
    content = file.read(LARGEST_PHOTO + 1)
    _require_size(len(content), "photos")
    digest = hashlib.sha256(content).hexdigest()
    photo_id = uuid5(note_id, digest)
    row = {"id": photo_id, "note_id": note_id, "size": len(content), "sha256": digest}
    if not _is_known(session, row):
        _require_room(session, note_id, "photos")
        picture = _picture_of_form(content)
        photo_files.put_picture(storage, photo_id, picture)
        _take_turn(session, note_id)
        _require_room(session, note_id, "photos")
        if _insert(session, row | ready_values(picture, len(content)), now):
            tell_journal(session, actor, "photo.added", note_id, photo_id, now=now)
    return find(session, actor, photo_id)


def find(session: Session, actor: Actor, photo_id: UUID) -> PhotoView:
    """The photo, for whoever may see its note; raises NotFound."""
    # A photo of a hidden note is refused in the same words as one that is not there.
    not_found = NotFound("There is no such photo, or you may not see it.")
    row = session.execute(_PHOTOS.where(_ROWS.id == photo_id)).one_or_none()
    if row is None:
        raise not_found
    try:
        access.note(session, actor, row.note_id)
    except NotFound:
        raise not_found from None
    return PhotoView(*row)


def require_ready(session: Session, actor: Actor, photo_id: UUID) -> PhotoView:
    """The photo, if it can be shown; raises NotFound."""
    photo = find(session, actor, photo_id)
    if photo.state is not AttachmentState.READY:
        raise NotFound("This photo has not arrived yet.")
    return photo


def ready_photos(session: Session, note_ids: Sequence[UUID]) -> Mapping[UUID, list[PhotoView]]:
    """The ready photos of notes that the reader may see, in the order in which they were added."""
    found: dict[UUID, list[PhotoView]] = {}
    ready = _PHOTOS.where(_ROWS.note_id.in_(note_ids), _ROWS.state == AttachmentState.READY)
    for row in session.execute(ready.order_by(_ROWS.added_at, _ROWS.id)):
        found.setdefault(row.note_id, []).append(PhotoView(*row))
    return found


def remove(
    session: Session, actor: Actor, photo_id: UUID, *, storage: Storage, now: datetime
) -> UUID:
    """Deletes a photo, also one that is still being sent; returns the id of its note.

    For whoever may change the note. Raises NotFound and Forbidden.
    """
    note_id = find(session, actor, photo_id).note_id
    notes.require_editable(session, actor, note_id)
    gone = delete(Attachment).where(Attachment.id == photo_id).returning(Attachment.state)
    if session.scalar(gone) is AttachmentState.READY:
        tell_journal(session, actor, "photo.removed", note_id, photo_id, now=now)
    after_keeping(session, partial(photo_files.clear, storage, photo_id))
    return note_id


def ready_values(picture: Picture, size: int) -> dict[str, Any]:
    """What the row of a photo says once its picture is stored."""
    return {
        "state": AttachmentState.READY,
        "received": size,
        "width": picture.width,
        "height": picture.height,
    }


def tell_journal(
    session: Session, actor: Actor, verb: str, note_id: UUID, photo_id: UUID, *, now: datetime
) -> None:
    """Appends what happened to a photo, as a deed on its note."""
    data = {"photo": str(photo_id)}
    subject = ("note", note_id)
    journal.append(session, verb, subject, actor_id=actor.journal_id, now=now, data=data)


def _is_known(session: Session, row: Mapping[str, Any]) -> bool:
    """Whether this photo was announced before; raises Conflict when its id belongs to another."""
    earlier = session.execute(_PHOTOS.where(_ROWS.id == row["id"])).one_or_none()
    if earlier is None:
        return False
    if any(getattr(earlier, name) != value for name, value in row.items()):
        raise Conflict("This id belongs to another photo. Send it under a new id.")
    return True


def _insert(session: Session, row: dict[str, Any], now: datetime) -> bool:
    """Stores the row; False when another request did so at the same moment."""
    statement = insert_or_skip(session, Attachment, _ROWS.id)
    if session.scalars(statement, [row | {"added_at": now}]).all():
        return True
    return not _is_known(session, {name: row[name] for name in ("id", "note_id", "size", "sha256")})


def _take_turn(session: Session, note_id: UUID) -> None:
    """Nobody else adds a photo to the note until the transaction ends."""
    session.execute(select(Note.id).where(Note.id == note_id).with_for_update())


def _require_room(session: Session, note_id: UUID, field: str) -> None:
    held = select(func.count()).where(
        Attachment.note_id == note_id, Attachment.state != AttachmentState.REFUSED
    )
    if session.scalars(held).one() >= MOST_PHOTOS:
        message = f"A note has at most {MOST_PHOTOS} photos. Remove one first, or post a new note."
        raise Invalid({field: [message]})


def _require_size(size: int, field: str) -> None:
    if size < 1:
        raise Invalid({field: ["This photo is empty. Take or choose it again."]})
    if size > LARGEST_PHOTO:
        message = f"A photo has at most {LARGEST_PHOTO >> 20} MB. Make it smaller and add it again."
        raise Invalid({field: [message]})


def _picture_of_form(content: bytes) -> Picture:
    try:
        return picture_from(content)
    except Invalid as refusal:
        raise Invalid({"photos": [refusal.message]}) from None
