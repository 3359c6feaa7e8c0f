"""Where the bytes of a photo are in the storage: its pieces while it is sent, then the picture.

A piece is named by the place of its first byte and its length. So whatever is sent twice, or cut
otherwise by somebody who did not wait for an answer, lies beside the rest and spoils nothing.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO
from uuid import UUID

from insights.errors import NotFound, Unavailable
from insights.services.pictures import Picture
from insights.storage.interface import NotStored, Storage


def put_piece(storage: Storage, photo_id: UUID, offset: int, piece: bytes) -> None:
    """Stores the piece that begins at byte `offset`."""
    storage.put(_piece(photo_id, offset, len(piece)), piece)


def whole(storage: Storage, photo_id: UUID, *, size: int, sha256: str) -> bytes | None:
    """All pieces together; None unless they are what the device announced."""
    content = bytearray(size)
    arrived = 0
    for offset, length in sorted(_pieces(storage, photo_id)):
        if offset + length <= arrived:
            continue
        piece = _read(storage, _piece(photo_id, offset, length))
        if offset > arrived or len(piece) != length or offset + length > size:
            return None
        content[offset : offset + length] = piece
        arrived = offset + length
    is_same = arrived == size and hashlib.sha256(content).hexdigest() == sha256
    return bytes(content) if is_same else None


def drop_pieces(storage: Storage, photo_id: UUID) -> None:
    """Deletes all pieces."""
    for key in storage.keys(_upload(photo_id)):
        storage.delete(key)


def put_picture(storage: Storage, photo_id: UUID, picture: Picture) -> None:
    """Stores the picture and its small copy."""
    storage.put(_picture(photo_id, small=True), picture.small)
    storage.put(_picture(photo_id, small=False), picture.large)


def open_picture(storage: Storage, photo_id: UUID, *, small: bool) -> BinaryIO:
    """The JPEG file, to be read and closed; raises NotFound when the storage has lost it."""
    try:
        return storage.open(_picture(photo_id, small=small))
    except NotStored:
        raise NotFound("The file of this photo is missing. Tell whoever runs the server.") from None


def clear_pieces(storage: Storage, photo_id: UUID) -> None:
    """Deletes what nobody will ask for any more; what a failing storage keeps does no harm."""
    with suppress(Unavailable):
        drop_pieces(storage, photo_id)


def clear(storage: Storage, photo_id: UUID) -> None:
    """The same with all that there is of the photo."""
    with suppress(Unavailable):
        drop_pieces(storage, photo_id)
        for small in (True, False):
            storage.delete(_picture(photo_id, small=small))


def _read(storage: Storage, key: str) -> bytes:
    try:
        with storage.open(key) as file:
            return file.read()
    except NotStored:
        return b""


def _upload(photo_id: UUID) -> str:
    return f"uploads/{photo_id}"


def _piece(photo_id: UUID, offset: int, length: int) -> str:
    return f"{_upload(photo_id)}/{offset}-{length}"


def _pieces(storage: Storage, photo_id: UUID) -> Iterator[tuple[int, int]]:
    """Offset and length of each piece."""
    for key in storage.keys(_upload(photo_id)):
        offset, length = key.rsplit("/", 1)[-1].split("-")
        yield int(offset), int(length)


def _picture(photo_id: UUID, *, small: bool) -> str:
    return f"photos/{photo_id}-small.jpg" if small else f"photos/{photo_id}.jpg"
