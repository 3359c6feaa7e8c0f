"""Cursors: where a page of a list ended, as a short text that means nothing to the client."""

import binascii
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

from insights.errors import Invalid
from insights.services.note_cards import Position

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Microseconds since 1970 and the note's id; the number of a row or of results passed over.
_POSITION = struct.Struct(">q16s")
_NUMBER = struct.Struct(">q")


def of_position(position: Position | None) -> str | None:
    """The cursor behind a note of a list."""
    if position is None:
        return None
    microseconds = (position.noted_at - EPOCH) // timedelta(microseconds=1)
    return _text(_POSITION.pack(microseconds, position.id.bytes))


def position(cursor: str | None) -> Position | None:
    """The inverse of `of_position`; raises Invalid(cursor)."""
    if cursor is None:
        return None
    microseconds, identity = _unpacked(_POSITION, cursor)
    try:
        return Position(EPOCH + timedelta(microseconds=microseconds), UUID(bytes=identity))
    except OverflowError:
        raise _foreign() from None


def of_number(number: int | None) -> str | None:
    """The cursor behind a row of that number, or behind so many results."""
    return None if number is None else _text(_NUMBER.pack(number))


def number(cursor: str | None) -> int | None:
    """The inverse of `of_number`, never negative; raises Invalid(cursor)."""
    if cursor is None:
        return None
    found: int = _unpacked(_NUMBER, cursor)[0]
    if found < 0:
        raise _foreign()
    return found


def _text(packed: bytes) -> str:
    return urlsafe_b64encode(packed).decode().rstrip("=")


def _unpacked(form: struct.Struct, cursor: str) -> tuple[int, bytes]:
    try:
        packed = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        return form.unpack(packed)
    except (binascii.Error, struct.error):
        raise _foreign() from None


def _foreign() -> Invalid:
    return Invalid({"cursor": ["This is not the “next” of a page of this list. Begin without it."]})
