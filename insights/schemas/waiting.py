"""Waiting notes in the file of a device: what the device would have sent, and photos as text."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Mapping

from insights.errors import Invalid
from insights.models import Source
from insights.schemas.fields import load
from insights.schemas.notes import NotePost, draft_from
from insights.schemas.photos import PhotoPost
from insights.services.import_waiting import Readers
from insights.services.import_waiting_photos import WaitingPhoto
from insights.services.note_drafts import LONGEST_TEXT, NoteDraft

# Far beyond what a note may have: such a text is not even tidied before it is counted.
MOST_CHARACTERS = 50 * LONGEST_TEXT


def _note(note: object) -> NoteDraft:
    """The draft of a note as `NotePost` describes it; raises Invalid with the fields to mend.

    It counts as written on the site: the file only carries it, and its device may send it as well.
    """
    text = note.get("text") if isinstance(note, Mapping) else None
    if isinstance(text, str) and len(text) > MOST_CHARACTERS:
        raise Invalid({"text": [f"Shorten the text to {LONGEST_TEXT:,} characters."]})
    return draft_from(load(NotePost(), note), Source.WEB)


def _photo(entry: object) -> WaitingPhoto:
    """The photo with its bytes; raises Invalid when they are not what the entry promises."""
    if not isinstance(entry, Mapping):
        raise Invalid("This is no photo.")
    promised = load(PhotoPost(), {name: value for name, value in entry.items() if name != "data"})
    content = _bytes(entry.get("data"))
    if (
        len(content) != promised["size"]
        or hashlib.sha256(content).hexdigest() != promised["sha256"]
    ):
        raise Invalid("The photo is damaged. Export it again on the device.")
    return WaitingPhoto(content=content, **promised)


def _bytes(data: object) -> bytes:
    try:
        return b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        return b""


READERS = Readers(note=_note, photo=_photo)
