"""What the index holds of a note, and why: the one list that every engine builds its schema from.

Raise ``SCHEMA_VERSION`` with every change of ``FIELDS``, of the values below or of the analysis;
replicas of another version are then rebuilt by themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from insights.search.analysis import Analysis, words

SCHEMA_VERSION = 3

EVERYONE = "everyone"
"""The audience key of a note that is not sealed."""

EXCERPT_SOURCE_LENGTH = 10_000
"""Characters of a note that are kept for excerpts; all of it is searched."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TIE_BITS = 22
_LAST_MILLISECOND = 2**42 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDocument:
    """One note as it is searched. Texts are clean in the sense of ``insights.text.clean``.

    ``audience`` names who may find it: ``("everyone",)``, or for a sealed note its keys
    (``("t:12", "p:7")``: who may read territory 12, and person 7, the author). ``territory_id`` is
    the note's own; a subtree is a set of ids in the filter. ``week`` is the Monday of the note's
    week in the organisation's time zone in days since 1970-01-01, ``month`` a number like 202611.
    """

    id: UUID
    text: str
    account_name: str
    kind: str
    known: str
    impact: str
    source: str
    audience: tuple[str, ...]
    author_id: int
    territory_id: int
    segment_ids: tuple[int, ...]
    competitor_ids: tuple[int, ...]
    product_ids: tuple[int, ...]
    account_id: int | None
    captured_at: datetime
    week: int
    month: int
    sightings: int
    has_photo: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """What is true of the note and can be asked for: ``sealed``, ``photo``, ``seen``."""
        told = (
            ("sealed", EVERYONE not in self.audience),
            ("photo", self.has_photo),
            ("seen", self.sightings > 0),
        )
        return tuple(flag for flag, is_true in told if is_true)


class Use(Enum):
    """What an engine does with a field."""

    STEMMED = auto()
    """Words with their positions, stemmed already: words, phrases, ranking."""
    EXACT = auto()
    """Words as they are, without positions: beginnings, near spellings, ranking."""
    KEY = auto()
    """One or several strings: filters only."""
    CHOICE = auto()
    """One string: filters and counts."""
    NUMBERS = auto()
    """None, one or several whole numbers: filters and counts."""
    ORDER = auto()
    """One whole number from 0 to 2**64 - 1: sorting and ranges."""
    STORED = auto()
    """UTF-8 bytes, only handed back."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the index, how it is used and the reason why it is there."""

    name: str
    use: Use
    reason: str


FIELDS = (
    Field("id", Use.KEY, "replaces and removes a note"),
    Field("text", Use.STEMMED, "the note's text and the name of its account, to be found by"),
    Field("exact", Use.EXACT, "the same words unstemmed: exact matches, beginnings, spellings"),
    Field("body", Use.STORED, "the note's text as written, for excerpts without the database"),
    Field("audience", Use.KEY, "totals, facets and hits count only what the reader may see"),
    Field("kind", Use.CHOICE, "filter, facet, columns of the weekly chart"),
    Field("known", Use.CHOICE, "filter: first-hand or heard"),
    Field("impact", Use.CHOICE, "filter"),
    Field("flags", Use.KEY, "filter: sealed, with a photo, seen by others"),
    Field("first_hand", Use.NUMBERS, "ranking: 1 for what the author saw, 0 for hearsay"),
    Field("source", Use.CHOICE, "counts of where notes come from"),
    Field("territory_id", Use.NUMBERS, "filter by sets of ids (a subtree), facet"),
    Field("author_id", Use.NUMBERS, "filter, facet"),
    Field("segment_id", Use.NUMBERS, "filter by dimension, facet"),
    Field("competitor_id", Use.NUMBERS, "filter, facet"),
    Field("product_id", Use.NUMBERS, "filter, facet"),
    Field("account_id", Use.NUMBERS, "filter"),
    Field("month", Use.NUMBERS, "facet: the histogram of a search"),
    Field("week", Use.NUMBERS, "facet: rows of the weekly chart"),
    Field("sightings", Use.NUMBERS, "ranking: corroborated notes; counts of them"),
    Field("newest", Use.ORDER, "time of capture with a tie-breaker: sorting, since and until"),
)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware time, kept within 1970 and 2109.

    A clock that is wrong by centuries sorts its notes first or last and breaks nothing.
    """
    return min(max((moment - _EPOCH) // _MILLISECOND, 0), _LAST_MILLISECOND)


def newest_key(captured_at: datetime, note_id: UUID) -> int:
    """The number that notes are ordered by, newest first: the time, then bits of the id.

    Two notes of one millisecond keep their order from page to page and from engine to engine.
    """
    return first_key_at(captured_at) | (note_id.int & ((1 << _TIE_BITS) - 1))


def first_key_at(moment: datetime) -> int:
    """The lowest ``newest_key`` that a note captured in this millisecond can have."""
    return milliseconds(moment) << _TIE_BITS


def milliseconds_of_key(newest: int) -> int:
    """The time of capture that a ``newest_key`` holds, in milliseconds since 1970."""
    return newest >> _TIE_BITS


def index_fields(document: NoteDocument, analysis: Analysis) -> Mapping[str, Any]:
    """The values of ``FIELDS`` for one note: strings, whole numbers, bytes or lists of them.

    Words are folded, stemmed where the field wants it, and joined by spaces, so that an engine only
    has to split at spaces. No list holds a value twice, otherwise facets would count the note
    twice.
    """
    parts = [part for part in (words(document.text), words(document.account_name)) if part]
    return {
        "id": document.id.hex,
        "text": [" ".join(map(analysis.stem, part)) for part in parts],
        "exact": [" ".join(part) for part in parts],
        "body": document.text[:EXCERPT_SOURCE_LENGTH].encode("utf-8", "replace"),
        "audience": list(dict.fromkeys(document.audience)),
        "kind": document.kind,
        "known": document.known,
        "impact": document.impact,
        "flags": list(document.flags),
        "first_hand": int(document.known == "first-hand"),
        "source": document.source,
        "territory_id": document.territory_id,
        "author_id": document.author_id,
        "segment_id": list(dict.fromkeys(document.segment_ids)),
        "competitor_id": list(dict.fromkeys(document.competitor_ids)),
        "product_id": list(dict.fromkeys(document.product_ids)),
        "account_id": [] if document.account_id is None else document.account_id,
        "month": document.month,
        "week": document.week,
        "sightings": document.sightings,
        "newest": newest_key(document.captured_at, document.id),
    }
