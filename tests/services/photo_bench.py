"""A device that sends photos through the services, each step in a transaction of its own."""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

from insights.db import Database
from insights.models import JournalEntry
from insights.services import photo_pieces, photos
from insights.services.access import Actor
from insights.services.note_cards import NoteCard, card
from insights.services.photo_pieces import Outcome
from insights.services.photos import PhotoView
from insights.storage.folder import FolderStorage
from tests.drafts import posted
from tests.organisation import NOW
from tests.pictures import digest, photo


@dataclass
class PhotoBench:
    """The database, a folder for the bytes, and whose turn it is."""

    database: Database
    folder: Path
    actor: Actor
    now: datetime = NOW
    storage: FolderStorage = field(init=False)

    def __post_init__(self) -> None:
        self.storage = FolderStorage(self.folder)

    def post(self, author: Actor | None = None, **fields: object) -> UUID:
        with self.database.writing() as session:
            return posted(session, author or self.actor, **fields)  # type: ignore[arg-type]

    def announce(
        self,
        note_id: UUID,
        content: bytes,
        *,
        photo_id: UUID | None = None,
        actor: Actor | None = None,
    ) -> UUID:
        photo_id = photo_id or uuid4()
        with self.database.writing() as session:
            photos.announce(
                session,
                actor or self.actor,
                note_id,
                photo_id=photo_id,
                size=len(content),
                sha256=digest(content),
                now=self.now,
            )
        return photo_id

    def append(
        self, photo_id: UUID, offset: int, piece: bytes, *, actor: Actor | None = None
    ) -> Outcome:
        with self.database.writing() as session:
            return photo_pieces.append(
                session,
                actor or self.actor,
                photo_id,
                offset=offset,
                piece=piece,
                storage=self.storage,
                now=self.now,
            )

    def add(self, note_id: UUID, content: bytes | None = None) -> UUID:
        """Announces a photo and sends it in one piece."""
        content = content or photo()
        photo_id = self.announce(note_id, content)
        self.append(photo_id, 0, content)
        return photo_id

    def add_whole(self, note_id: UUID, content: bytes, *, actor: Actor | None = None) -> PhotoView:
        with self.database.writing() as session:
            return photos.add_whole(
                session,
                actor or self.actor,
                note_id,
                BytesIO(content),
                storage=self.storage,
                now=self.now,
            )

    def remove(self, photo_id: UUID, *, actor: Actor | None = None) -> None:
        with self.database.writing() as session:
            photos.remove(
                session, actor or self.actor, photo_id, storage=self.storage, now=self.now
            )

    def find(self, photo_id: UUID, *, actor: Actor | None = None) -> PhotoView:
        with self.database.reading() as session:
            return photos.find(session, actor or self.actor, photo_id)

    def card(self, note_id: UUID) -> NoteCard:
        with self.database.reading() as session:
            return card(session, self.actor, note_id)

    def files(self) -> list[str]:
        """The keys that the storage holds."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    def told(self, note_id: UUID) -> list[str]:
        """The verbs of the journal about photos of the note."""
        with self.database.reading() as session:
            rows = session.query(JournalEntry).filter_by(subject_id=str(note_id))
            return [row.verb for row in rows.order_by(JournalEntry.id) if "photo" in row.verb]
