"""What has become of notes and photos that phones have sent, counted in the database itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.clock import iso
from insights.db import Database
from insights.models import Attachment, AttachmentState, JournalEntry, Note
from insights.services import photo_files
from insights.settings import Settings
from insights.storage.interface import Storage
from insights.stores import open_storage

MOST_FAULTS_TOLD = 5
GOOD = ("notes saved on the phones", "notes in the database", "photos saved", "photos whole")
FAULTS = ("notes lost", "notes doubled", "notes changed", "photos lost", "photos doubled")


@dataclass
class Outcome:
    """How many there are of each, and the first faults in words."""

    numbers: Counter[str] = field(default_factory=Counter)
    first_faults: list[str] = field(default_factory=list)

    @property
    def perfect(self) -> bool:
        """Whether everything is there once, as it was captured."""
        return not any(self.numbers[name] for name in FAULTS)

    @property
    def verdict(self) -> str:
        """The same in a sentence, with the first faults."""
        if self.perfect:
            return "Everything is there exactly once, as it was captured."
        return "NOT EVERYTHING IS THERE AS IT WAS CAPTURED: " + "; ".join(self.first_faults)

    def rows(self) -> Iterable[tuple[str, int]]:
        """Name and number of each, the faults last."""
        return [(name, self.numbers[name]) for name in (*GOOD, *FAULTS)]

    def fault(self, name: str, about: object) -> None:
        """Counts a fault."""
        self.numbers[name] += 1
        if len(self.first_faults) < MOST_FAULTS_TOLD:
            self.first_faults.append(f"{name}: {about}")


def count(settings: Settings, written: Sequence[Mapping[str, Any]]) -> Outcome:
    """Compares what the phones wrote with the installation that has these settings.

    A phone tells of each note its id, text, captured_at and photos: id, sha256, width, height.
    """
    database = Database(settings.effective_database_url)
    outcome = Outcome()
    try:
        with database.reading() as session:
            _count_notes(session, written, outcome)
            _count_photos(session, open_storage(settings), written, outcome)
    finally:
        database.dispose()
    return outcome


def _count_notes(session: Session, written: Sequence[Mapping[str, Any]], outcome: Outcome) -> None:
    outcome.numbers["notes saved on the phones"] = len(written)
    texts = {one["text"] for one in written}
    found = [note for note in session.scalars(select(Note)) if note.text in texts]
    outcome.numbers["notes in the database"] = len(found)
    posted = Counter(
        session.scalars(select(JournalEntry.subject_id).where(JournalEntry.verb == "note.posted"))
    )
    by_id = {note.id: note for note in found}
    for one in written:
        note = by_id.pop(UUID(one["id"]), None)
        if note is None:
            outcome.fault("notes lost", one)
        elif (note.text, iso(note.captured_at)) != (one["text"], one["captured_at"]):
            outcome.fault("notes changed", (one, note.text, iso(note.captured_at)))
        elif posted[str(note.id)] != 1:
            outcome.fault("notes doubled", (one["id"], "told the journal more than once"))
    for note in by_id.values():
        outcome.fault("notes doubled", (note.id, note.text))


def _count_photos(
    session: Session,
    storage: Storage,
    written: Sequence[Mapping[str, Any]],
    outcome: Outcome,
) -> None:
    found = {photo.id: photo for photo in session.scalars(select(Attachment))}
    for note in written:
        for told in note["photos"]:
            outcome.numbers["photos saved"] += 1
            photo = found.pop(UUID(told["id"]), None)
            if photo is None or not _is_whole(storage, photo, note, told):
                outcome.fault("photos lost", (note["id"], told))
            else:
                outcome.numbers["photos whole"] += 1
    for photo in found.values():
        outcome.fault("photos doubled", photo.id)


def _is_whole(
    storage: Storage, photo: Attachment, note: Mapping[str, Any], told: Mapping[str, Any]
) -> bool:
    """Whether the photo is at its note, and its picture can be read to the last row."""
    if photo.state is not AttachmentState.READY or photo.sha256 != told["sha256"]:
        return False
    with photo_files.open_picture(storage, photo.id, small=False) as file:
        picture = Image.open(file)
        picture.load()
    return str(photo.note_id) == note["id"] and picture.size == (told["width"], told["height"])
