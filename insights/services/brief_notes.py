"""What notes say about a territory, for its brief: counts from the search index, texts from the
database.

However many notes a territory has, the index is asked a few times and the database reads some
hundred rows: texts only of the notes that are shown. All of it is as the reader may see it; a hit
of the index is read again through the gate.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from insights.models import Note, NoteCompetitor, NoteSegment, Sighting
from insights.search.engine import Reader
from insights.search.request import Filters, SearchRequest
from insights.services import access, note_cards
from insights.services.access import Actor
from insights.services.brief_lines import Quote, quote_of

Subject: TypeAlias = Literal["competitor_id", "account_id", "segment_id"]

# Notes that are looked at for the newest one of each subject, at a time and how often.
HITS = 500
MOST_ROUNDS = 3


@dataclass(frozen=True)
class NotesOf:
    """The notes of some territories from a moment on, as one reader may find them."""

    session: Session
    actor: Actor
    reader: Reader
    territory_ids: frozenset[int]

    def request(self, *, since: datetime, **filters: Any) -> SearchRequest:
        """What selects them in the index; `filters` are more fields of `Filters`."""
        return SearchRequest(
            audience=access.reader_keys(self.actor),
            filters=Filters(territory_ids=self.territory_ids, since=since, **filters),
            limit=0,
            highlight=False,
        )

    def counts(self, subject: Subject, *, since: datetime) -> dict[int, int]:
        """How many of them each subject has, most first. One request to the index."""
        asked = replace(self.request(since=since), facets=(subject,))
        return {int(one): count for one, count in self.reader.search(asked).facets[subject]}

    def authors(self, subject: Subject, *, since: datetime) -> dict[int, dict[int, int]]:
        """By subject who wrote how many of them. One request; raises Invalid for too many pairs."""
        found: dict[int, dict[int, int]] = {}
        pairs = self.reader.cross(self.request(since=since), subject, "author_id")
        for (one, author), count in pairs.items():
            found.setdefault(int(one), {})[int(author)] = count
        return found

    def newest(
        self, subject: Subject, wanted: Collection[int], *, since: datetime, author_id: int = 0
    ) -> dict[int, list[UUID]]:
        """By subject its notes among the newest 500, newest first; when one of them has none there
        the rest is looked at again, three times at most. Two questions a time."""
        found: dict[int, list[UUID]] = {}
        missing = set(wanted)
        for _ in range(MOST_ROUNDS):
            if not missing:
                break
            part = self._round(subject, missing, since, author_id)
            found |= part
            missing -= part.keys()
            if not part:
                break
        return found

    def _round(
        self, subject: Subject, wanted: Collection[int], since: datetime, author_id: int
    ) -> dict[int, list[UUID]]:
        chosen = _chosen(subject, wanted)
        if author_id:
            chosen["author_ids"] = frozenset({author_id})
        asked = replace(self.request(since=since, **chosen), sort="newest", limit=HITS)
        ids = [hit.id for hit in self.reader.search(asked).hits]
        found: dict[int, list[UUID]] = {}
        rows = self.session.execute(_tagged(subject, ids, wanted, self.actor)).all()
        for row in sorted(rows, key=lambda row: (row.noted_at, row.id), reverse=True):
            found.setdefault(row.subject, []).append(row.id)
        return found


def quotes(session: Session, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Quote]:
    """The beginnings of those notes that the actor may see. Two queries, three with photos."""
    found = note_cards.cards_of(session, actor, list(dict.fromkeys(ids)))
    return {card.id: quote_of(card) for card in found}


def seen_by_others(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Which of the notes somebody else than their author has seen too. One query."""
    if not ids:
        return set()
    others = (
        select(Sighting.note_id)
        .join(Note, Note.id == Sighting.note_id)
        .where(Sighting.note_id.in_(ids), Sighting.person_id != Note.author_id)
        .distinct()
    )
    return set(session.scalars(others))


def since_days(now: datetime, days: int) -> datetime:
    """So many days ago."""
    return now - timedelta(days=days)


def first_of(found: Mapping[int, Sequence[UUID]]) -> dict[int, UUID]:
    """The newest note of each subject."""
    return {subject: ids[0] for subject, ids in found.items()}


def _chosen(subject: Subject, wanted: Collection[int]) -> dict[str, Any]:
    ids = frozenset(wanted)
    if subject == "segment_id":
        return {"segment_groups": (ids,)}
    return {"competitor_ids" if subject == "competitor_id" else "account_ids": ids}


def _tagged(
    subject: Subject, ids: Sequence[UUID], wanted: Collection[int], actor: Actor
) -> Executable:
    """The notes among these that are about one of the subjects and that the actor may see."""
    visible = (Note.id.in_(ids), access.visible_notes(actor))
    if subject == "account_id":
        statement = select(Note.id, Note.noted_at, Note.account_id.label("subject"))
        return statement.where(*visible, Note.account_id.in_(sorted(wanted)))
    if subject == "competitor_id":
        return (
            select(Note.id, Note.noted_at, NoteCompetitor.competitor_id.label("subject"))
            .join(NoteCompetitor, NoteCompetitor.note_id == Note.id)
            .where(*visible, NoteCompetitor.competitor_id.in_(sorted(wanted)))
        )
    return (
        select(Note.id, Note.noted_at, NoteSegment.segment_id.label("subject"))
        .join(NoteSegment, NoteSegment.note_id == Note.id)
        .where(*visible, NoteSegment.segment_id.in_(sorted(wanted)))
    )
