"""From the notes and sightings of a week to what the trends keep of it (insights.trends.packing).

A sighting is an observation of its own time, with the tags of the note, the voice of the person who
saw it and that person's territory, or the note's where they have none. It has no words and no kind
of its own: who taps "seen it too" corroborates what the note is about and not how it is put, or
every turn of phrase of a note that many saw would surge; and kinds are counted in notes. Notes that
are withdrawn do not count, nor do sightings of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import ColumnElement, String, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from insights.clock import start_of
from insights.models import Audience, Kind, Note, Sighting, TrendWeek
from insights.services import catalogue, note_tags
from insights.services.catalogue import Catalogue
from insights.text import fold
from insights.trends.duplicates import shingles_of
from insights.trends.packing import (
    FORMAT,
    Hashes,
    Lists,
    Shingles,
    Texts,
    Week,
    pack_texts,
    pack_week,
)
from insights.trends.parameters import Parameters
from insights.trends.phrases import STOP_WORDS, PhraseReader, name_words
from insights.trends.pieces import Pieces
from insights.trends.stream import Ints

WEEK = timedelta(weeks=1)
KINDS = tuple(Kind)
NO_KIND = -1
# Larger than the number of any person; voices are kept in 32 bits.
_NOBODY = 2**30
_KIND_NUMBERS = {kind.value: number for number, kind in enumerate(KINDS)}
_TAGS = ("segments", "competitors", "products")


@dataclass(frozen=True, slots=True)
class PackedWeek:
    """A week made from the notes as they were when its row had this `version`."""

    monday: date
    version: int
    observations: int
    packed: bytes
    texts: bytes


@dataclass(frozen=True, slots=True)
class _Noted:
    """A note with what is counted of it."""

    id: bytes
    at: datetime
    voice: int
    territory: int
    account: int
    kind: int
    sealed: bool
    text: str
    tags: tuple[Sequence[int], ...]


@dataclass(frozen=True, slots=True)
class _Observed:
    """A note as somebody wrote it (`is_text`) or saw it."""

    second: int
    note: _Noted
    voice: int
    territory: int
    is_text: bool

    @property
    def text(self) -> str:
        """What was said in words."""
        return self.note.text if self.is_text else ""

    @property
    def kind(self) -> int:
        """The number of its kind; NO_KIND for a sighting."""
        return self.note.kind if self.is_text else NO_KIND


class Packer:
    """Packs weeks under one reading of the catalogue."""

    def __init__(self, known: Catalogue, zone: ZoneInfo, parameters: Parameters) -> None:
        self._zone = zone
        self._names = names_of(known)
        self._places = places_of(known)
        self._longest = parameters.longest_phrase
        self._reader = PhraseReader(self._names, self._places, self._longest)

    @property
    def stamp(self) -> str:
        """A digest of all that a packed week depends on beside its notes."""
        named = (*sorted(self._names), "", *sorted(self._places), "", *sorted(STOP_WORDS))
        said = (FORMAT, self._zone.key, self._longest, *named)
        return sha256("\n".join(map(str, said)).encode("utf-8", "surrogatepass")).hexdigest()

    def pack(self, session: Session, monday: date) -> PackedWeek:
        """The week as its notes and sightings stand now; about as many queries as kinds of tags."""
        version = session.scalar(select(TrendWeek.version).where(TrendWeek.monday == monday))
        begin, end = start_of(monday, self._zone), start_of(monday + WEEK, self._zone)
        observed = sorted(
            [*self._written(session, begin, end), *self._seen(session, begin, end)],
            key=lambda one: (one.second, one.note.id, not one.is_text, one.voice),
        )
        pieces = Pieces.of(one.text for one in observed)
        week = _week_of(observed, *self._reader.read(pieces))
        texts = _texts_of(observed, shingles_of(pieces, len(observed)))
        return PackedWeek(monday, version or 0, len(observed), pack_week(week), pack_texts(texts))

    def _written(self, session: Session, begin: datetime, end: datetime) -> Iterator[_Observed]:
        within = (Note.noted_at >= begin) & (Note.noted_at < end)
        for note in self._notes(session, within).values():
            second = _seconds(begin, note.at)
            yield _Observed(second, note, note.voice, note.territory, is_text=True)

    def _seen(self, session: Session, begin: datetime, end: datetime) -> Iterator[_Observed]:
        within = (Sighting.at >= begin) & (Sighting.at < end)
        notes = self._notes(session, Note.id.in_(select(Sighting.note_id).where(within)))
        rows = session.execute(
            select(
                _raw(Sighting.note_id),
                Sighting.at,
                Sighting.person_id,
                Sighting.territory_id,
            ).where(within)
        )
        for note_id, at, person, territory in rows:
            note = notes.get(_bytes(note_id))
            if note is not None:
                place = territory or note.territory
                yield _Observed(_seconds(begin, at), note, person, place, is_text=False)

    def _notes(self, session: Session, chosen: ColumnElement[bool]) -> dict[bytes, _Noted]:
        """The notes that meet a condition and are not withdrawn, by the bytes of their ids."""
        chosen &= Note.withdrawn_at.is_(None)
        tags = [_tags(session, name, chosen) for name in _TAGS]
        rows = session.execute(
            select(
                _raw(Note.id),
                Note.text,
                type_coerce(Note.kind, String()),
                type_coerce(Note.audience, String()),
                Note.author_id,
                Note.author_unknown,
                Note.territory_id,
                Note.account_id,
                Note.noted_at,
            ).where(chosen)
        )
        found = {}
        for raw, text, kind, audience, author, unknown, territory, account, at in rows:
            found[_bytes(raw)] = _Noted(
                id=_bytes(raw),
                at=at,
                voice=_voice_of_nobody(_bytes(raw)) if unknown else author,
                territory=territory,
                account=account or 0,
                kind=_KIND_NUMBERS[kind],
                sealed=audience == Audience.SEALED,
                text=text,
                tags=tuple(sorted(of_kind.get(raw, ())) for of_kind in tags),
            )
        return found


def pack_weeks(
    session: Session, mondays: Sequence[date], *, zone: ZoneInfo, parameters: Parameters
) -> list[PackedWeek]:
    """These weeks packed, in their order."""
    one = packer(session, zone, parameters)
    return [one.pack(session, monday) for monday in mondays]


def packer(session: Session, zone: ZoneInfo, parameters: Parameters) -> Packer:
    """A packer for the catalogue as it is now."""
    return Packer(catalogue.current(session), zone, parameters)


def names_of(known: Catalogue) -> frozenset[str]:
    """The folded words of all names by which competitors and products are called."""
    named = (*known.competitors_ever.values(), *known.products_ever.values())
    return frozenset(word for one in named for name in one.names for word in fold(name).split())


def places_of(known: Catalogue) -> frozenset[str]:
    """The words of the names and codes of all territories, as phrases would have them."""
    return name_words(
        name for place in known.territories.values() for name in (place.name, place.code or "")
    )


def _tags(session: Session, name: str, chosen: ColumnElement[bool]) -> dict[Any, list[int]]:
    """The tags of one kind of the chosen notes, by their ids as the database gives them."""
    table, note_id, value = note_tags.TABLES[name]
    statement = (
        select(_raw(note_id), value).select_from(table).join(Note, Note.id == note_id).where(chosen)
    )
    found: dict[Any, list[int]] = {}
    for note, tag in session.execute(statement):
        found.setdefault(note, []).append(tag)
    return found


def _raw(note_id: InstrumentedAttribute[UUID]) -> ColumnElement[Any]:
    """An id as the driver hands it over: to make objects of all of them takes too long."""
    return type_coerce(note_id, NullType())


def _bytes(raw: UUID | str) -> bytes:
    return raw.bytes if isinstance(raw, UUID) else bytes.fromhex(raw)


def _voice_of_nobody(note_id: bytes) -> int:
    """The voice of a note by who knows whom: one of its own, which is no person's number."""
    return _NOBODY | int.from_bytes(note_id[-4:]) % _NOBODY


def _seconds(begin: datetime, at: datetime) -> int:
    return int((at - begin).total_seconds())


def _week_of(observed: Sequence[_Observed], vocabulary: Hashes, said: tuple[Ints, Ints]) -> Week:
    """The week of these observations; `said` are pairs of one and a phrase of the vocabulary."""
    segments, competitors, products = (
        Lists.of([one.note.tags[number] for one in observed]) for number in range(len(_TAGS))
    )
    return Week(
        note=np.frombuffer(b"".join(one.note.id for one in observed), np.uint8).reshape(-1, 16),
        second=_column(one.second for one in observed),
        voice=_column(one.voice for one in observed),
        place=_column(one.territory for one in observed),
        account=_column(one.note.account for one in observed),
        kind=_column(one.kind for one in observed),
        sealed=np.array([one.note.sealed for one in observed], np.bool_),
        segments=segments,
        competitors=competitors,
        products=products,
        vocabulary=vocabulary,
        phrases=Lists.joined(np.bincount(said[0], minlength=len(observed)), said[1]),
    )


def _texts_of(observed: Sequence[_Observed], shingles: Shingles) -> Texts:
    """The notes that have shingles; their times are those of the notes."""
    sizes = np.diff(shingles.starts)
    chosen = np.flatnonzero(sizes)
    notes = [observed[number].note for number in chosen.tolist()]
    return Texts(
        observation=chosen.astype(np.int32),
        when=np.array([int(note.at.timestamp()) for note in notes], np.int64),
        voice=_column(note.voice for note in notes),
        sealed=np.array([note.sealed for note in notes], np.bool_),
        shingles=Shingles.joined(sizes[chosen], shingles.items),
    )


def _column(values: Iterable[int]) -> np.ndarray:
    return np.fromiter(values, np.int32)
