"""What lines of battlecards rest on: the notes that they cite, and what the field says of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from insights.models import (
    Audience,
    BattlecardCheck,
    BattlecardCitation,
    Note,
    Person,
    Sighting,
    Verdict,
)
from insights.services import access, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place

# As much of a cited note as is shown beside the line.
_SHOWN_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited note as a reader sees it; `seen_at` and `seen_in` are of its newest sighting."""

    note_id: UUID
    text: str
    author_name: str
    place: Place
    noted_at: datetime
    sealed: bool
    sightings: int
    seen_at: datetime | None
    seen_in: Place | None

    @property
    def newest_at(self) -> datetime:
        """When somebody last said so: the note itself, or who has seen it too."""
        return max(self.noted_at, self.seen_at or self.noted_at)

    @property
    def newest_in(self) -> Place:
        """Where that was."""
        is_sighting = self.seen_at is not None and self.seen_at > self.noted_at
        return self.seen_in if is_sighting and self.seen_in is not None else self.place


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who was asked said of a line, and where their knowledge is from."""

    verdict: Verdict
    at: datetime
    person_name: str
    place: Place | None


def _newest_sighting(column: Any) -> Any:
    newest = select(column).where(Sighting.note_id == Note.id)
    return newest.order_by(Sighting.at.desc(), Sighting.id.desc()).limit(1).scalar_subquery()


_CITED: Select[Any] = (
    select(
        BattlecardCitation.line_id,
        Note.id,
        func.substr(Note.text, 1, _SHOWN_CHARACTERS).label("text"),
        Note.territory_id,
        Note.noted_at,
        Note.audience,
        Person.name.label("author_name"),
        select(func.count())
        .select_from(Sighting)
        .where(Sighting.note_id == Note.id)
        .scalar_subquery()
        .label("sightings"),
        _newest_sighting(Sighting.at).label("seen_at"),
        _newest_sighting(Sighting.territory_id).label("seen_in"),
    )
    .join(Note, Note.id == BattlecardCitation.note_id)
    .join(Person, Person.id == Note.author_id)
)


def citations_of(
    session: Session, actor: Actor, line_ids: Sequence[int]
) -> dict[int, tuple[Citation, ...]]:
    """The cited notes that the actor may see by line, those with the newest word first. One query.

    Lines that cite nothing are absent. For lines that the actor may see.
    """
    if not line_ids:
        return {}
    statement = _CITED.where(BattlecardCitation.line_id.in_(line_ids), access.visible_notes(actor))
    known = catalogue.current(session)
    found: dict[int, list[Citation]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.line_id].append(_citation(known, row))
    return {
        line: tuple(sorted(cited, key=lambda one: (one.newest_at, one.note_id), reverse=True))
        for line, cited in found.items()
    }


def _citation(known: Catalogue, row: Row[Any]) -> Citation:
    return Citation(
        note_id=row.id,
        text=row.text,
        author_name=row.author_name,
        place=known.territories[row.territory_id],
        noted_at=row.noted_at,
        sealed=row.audience is Audience.SEALED,
        sightings=row.sightings,
        seen_at=row.seen_at,
        seen_in=known.territories.get(row.seen_in),
    )


def said_of(session: Session, line_ids: Sequence[int]) -> dict[int, dict[Verdict, Said]]:
    """The last “still true” and the last “no longer” that was said of each line. One query."""
    if not line_ids:
        return {}
    order = BattlecardCheck.answered_at.desc(), BattlecardCheck.id.desc()
    place = func.row_number().over(
        partition_by=(BattlecardCheck.line_id, BattlecardCheck.verdict), order_by=order
    )
    numbered = (
        select(
            BattlecardCheck.line_id,
            BattlecardCheck.verdict,
            BattlecardCheck.answered_at,
            BattlecardCheck.territory_id,
            BattlecardCheck.person_id,
            place.label("place"),
        )
        .where(
            BattlecardCheck.line_id.in_(line_ids),
            BattlecardCheck.verdict.in_((Verdict.STILL_TRUE, Verdict.NO_LONGER)),
        )
        .subquery()
    )
    statement = (
        select(numbered, Person.name.label("person_name"))
        .join(Person, Person.id == numbered.c.person_id)
        .where(numbered.c.place == 1)
    )
    known = catalogue.current(session)
    found: dict[int, dict[Verdict, Said]] = defaultdict(dict)
    for row in session.execute(statement):
        found[row.line_id][row.verdict] = Said(
            row.verdict, row.answered_at, row.person_name, known.territories.get(row.territory_id)
        )
    return found
