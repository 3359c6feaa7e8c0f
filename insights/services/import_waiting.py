"""The waiting notes of a device, from the file that it writes when it cannot send them itself.

The file is JSON: what it is, whose notes they are, and each note as it would have been sent, with
its photos. Taking it does what sending would have done: the person of the file is the author, the
time of capture stays, and what is there already stays as it is, so a file may be taken twice and
the device may go on sending too. A note that cannot be taken is reported and keeps no other out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden, InsightsError, Invalid, NotFound
from insights.models import Person
from insights.services import access, journal, lookup, notes
from insights.services.access import Actor
from insights.services.import_waiting_photos import WaitingPhoto, take_photo
from insights.services.lookup import LARGEST_ID, quoted
from insights.services.note_drafts import NoteDraft
from insights.storage.interface import Storage
from insights.text import clean, fold, shorten

FORMAT, VERSION = "field-insights/waiting-notes", 1
# A year of notes of one phone, and as many photos as it can keep.
MOST_NOTES = 10_000
LARGEST = 128 << 20
# More than any device writes. Read as JSON, such a file would take many times its size of memory.
MOST_PARTS = 2_000_000
LONGEST_EXCERPT = 100


@dataclass(frozen=True)
class Readers:
    """Make of an entry what it stands for, or raise Invalid."""

    note: Callable[[object], NoteDraft]
    photo: Callable[[object], WaitingPhoto]


@dataclass(frozen=True)
class Refused:
    """What was not taken: the place of the note in the file from 1 on, how it begins, and why."""

    place: int
    id: str
    excerpt: str
    reasons: Sequence[str]


@dataclass
class WaitingResult:
    """What came of a file, or would with `dry_run`; `author` is whose notes they are.

    `read`, `added`, `unchanged` and `refused` are of notes; a photo is refused for itself, and its
    note is in all the same.
    """

    author: str
    dry_run: bool
    read: int = 0
    added: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    photos_added: int = 0
    photos_refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class _File:
    """The contents, as far as they have been looked at: each note is still whatever it is."""

    person_id: int
    person_name: str
    notes: Sequence[object]


def is_waiting_file(beginning: bytes) -> bool:
    """Whether a file that begins like this looks like one of waiting notes."""
    return FORMAT.encode() in beginning


def take(
    database: Database,
    actor: Actor,
    content: bytes,
    *,
    name: str,
    readers: Readers,
    storage: Storage,
    today: date,
    dry_run: bool = False,
    now: datetime,
) -> WaitingResult:
    """Takes the notes of a file called `name`; `today` is the day in the organisation's zone.

    Each note and each photo is taken in transactions of its own: call it outside of any other.
    Raises Invalid(file) with nothing written when the file cannot be used or its person is nobody
    here, and Forbidden when it is the file of somebody else and the actor no admin.
    """
    file = _parse(content)
    with database.reading() as session:
        author = _author(session, actor, file, today=today)
    run = _Run(database, author, readers, storage, now, WaitingResult(author.name, dry_run))
    for place, entry in enumerate(file.notes, start=1):
        run.take(place, entry)
    if not dry_run:
        _record(database, actor, name, run.result, now=now)
    return run.result


@dataclass(frozen=True)
class _Run:
    """One file on its way in."""

    database: Database
    author: Actor
    readers: Readers
    storage: Storage
    now: datetime
    result: WaitingResult

    def take(self, place: int, entry: object) -> None:
        """Takes a note with its photos, or says why not."""
        self.result.read += 1
        try:
            draft = self.readers.note(entry.get("note") if isinstance(entry, Mapping) else entry)
            created = self._store(draft)
        except InsightsError as refusal:
            self.result.refused.append(_refused(place, entry, _reasons(refusal)))
            return
        self.result.added += created
        self.result.unchanged += not created
        photos = entry.get("photos") if isinstance(entry, Mapping) else None
        self._take_photos(place, entry, draft.id, photos if isinstance(photos, list) else [])

    def _store(self, draft: NoteDraft) -> bool:
        """Stores the note as if its device had sent it; returns whether it was new."""
        if not self.result.dry_run:
            with self.database.writing() as session:
                return notes.post(session, self.author, draft, now=self.now).created
        session = self.database.open_session(write=True)
        try:
            return notes.post(session, self.author, draft, now=self.now).created
        finally:
            session.close()

    def _take_photos(
        self, place: int, entry: object, note_id: UUID, photos: Sequence[object]
    ) -> None:
        for number, one in enumerate(photos, start=1):
            try:
                added = self._take_photo(note_id, self.readers.photo(one))
            except InsightsError as refusal:
                reasons = [f"Photo {number}: {reason}" for reason in _reasons(refusal)]
                self.result.photos_refused.append(_refused(place, entry, reasons))
                continue
            self.result.photos_added += added

    def _take_photo(self, note_id: UUID, photo: WaitingPhoto) -> bool:
        if self.result.dry_run:
            return True
        return take_photo(
            self.database, self.author, note_id, photo, storage=self.storage, now=self.now
        )


def _parse(content: bytes) -> _File:
    """Raises Invalid(file) with what is wrong with the file as a whole."""
    if len(content) > LARGEST:
        raise _unusable(f"The file is larger than {LARGEST >> 20} MB.")
    if max(content.count(mark) for mark in (b"{", b"[", b",")) > MOST_PARTS:
        raise _unusable("The file has more parts than any device writes. Export it again.")
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise _unusable(
            "The file is damaged or no file of waiting notes. Export it again on the device."
        ) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _unusable("This is no file of waiting notes. Export them on the device.")
    if data.get("version") != VERSION or isinstance(data["version"], bool):
        raise _unusable(
            f"The file is of version {quoted(str(data.get('version')))}, this installation reads "
            f"version {VERSION}. Update the older of the two."
        )
    return _File(*_person_of(data.get("person")), _notes_of(data.get("notes")))


def _person_of(person: object) -> tuple[int, str]:
    if isinstance(person, Mapping):
        identity, name = person.get("id"), person.get("name")
        if type(identity) is int and 0 < identity <= LARGEST_ID and isinstance(name, str):
            return identity, name
    raise _unusable("The file does not say whose notes they are. Export it again on the device.")


def _notes_of(entries: object) -> Sequence[object]:
    if not isinstance(entries, list):
        raise _unusable("The file holds no list of notes. Export it again on the device.")
    if len(entries) > MOST_NOTES:
        raise _unusable(f"The file holds {len(entries):,} notes; at most {MOST_NOTES:,} are taken.")
    return entries


def _unusable(reason: str) -> Invalid:
    return Invalid({"file": [reason]})


def _author(session: Session, actor: Actor, file: _File, *, today: date) -> Actor:
    """The person of the file; number and name must both be theirs, because the number alone may
    be another person's in another installation."""
    written = quoted(file.person_name)
    if file.person_id != actor.id and not actor.manages_all:
        raise Forbidden(
            f"These are the notes of {written}. They or an admin can import them; you cannot."
        )
    person = lookup.by_id(session, Person, file.person_id)
    if person is None or fold(person.name) != fold(file.person_name):
        here = f"is {person.name}" if person else "is nobody"
        raise _unusable(
            f"The file is of {written}, person {file.person_id}, who {here} here. It was written "
            "for another installation, or the name has changed since."
        )
    try:
        return access.load_actor(session, person.id, today=today)
    except NotFound:
        raise _unusable(
            f"{person.name} is deactivated. Reactivate them to import their notes."
        ) from None


def _refused(place: int, entry: object, reasons: Iterable[str]) -> Refused:
    note = entry.get("note") if isinstance(entry, Mapping) else None
    told = note if isinstance(note, Mapping) else {}
    return Refused(place, _told(told.get("id")), _told(told.get("text")), list(reasons))


def _told(value: object) -> str:
    """What a note says of itself, fit to be shown whatever it is."""
    if not isinstance(value, str):
        return ""
    return shorten(clean(value[: 10 * LONGEST_EXCERPT]), LONGEST_EXCERPT)


def _reasons(refusal: InsightsError) -> Iterator[str]:
    if not isinstance(refusal, Invalid):
        yield refusal.message
        return
    for name, messages in refusal.fields.items():
        for message in messages:
            yield f"{name.capitalize()}: {message}" if name else message


def _record(
    database: Database, actor: Actor, name: str, result: WaitingResult, *, now: datetime
) -> None:
    counts = {
        "read": result.read,
        "added": result.added,
        "unchanged": result.unchanged,
        "refused": len(result.refused),
    }
    with database.writing() as session:
        journal.append(
            session,
            "import.finished",
            ("import", "notes"),
            actor_id=actor.journal_id,
            now=now,
            data={"file": quoted(name), **counts, "created": {}},
        )
