"""Names that the field mentions and nobody has entered: perhaps competitors.

Once a week the notes about competitors of the last 90 days are read, those alone that everyone may
see. What is found is proposed to those who keep the competitors: they add it, say of whom it is
another name, or dismiss it, for good.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import Account, Kind, NameProposal, Note, Person
from insights.services import access, catalogue, competitors, journal, names
from insights.services.access import EVERYBODY, Actor
from insights.services.catalogue import Catalogue, NamedItem
from insights.services.name_finding import FoundName, NameFinder
from insights.text import clean, fold

PERIOD = timedelta(days=90)
# Notes read at most, the newest first, and at once; characters of each.
MOST_NOTES, STEP, MOST_CHARACTERS = 200_000, 2_000, 2_000
MOST_PROPOSED = 100


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name with how many notes and people of the last 90 days use it."""

    folded: str
    name: str
    notes: int
    people: int
    last_at: datetime


def find_names(
    session: Session, *, now: datetime, progress: Callable[[int], None] = lambda _read: None
) -> list[FoundName]:
    """The names in the notes of the last 90 days that nothing and nobody is called, the most used
    first.

    Reads at most 200,000 notes, in steps, and holds none of them; `progress` is told after each
    step how many it has read, and may end it by raising.
    """
    finder = NameFinder()
    for rows in _notes(session, now - PERIOD):
        for row in rows:
            finder.read(row.text, author_id=row.author_id, at=row.noted_at)
        progress(finder.read_so_far)
    known = catalogue.current(session)
    unknown = [one for one in finder.names() if not _is_known(known, one.name)]
    taken = _people(session) | _accounts(session, unknown)
    return [one for one in unknown if one.folded not in taken][:MOST_PROPOSED]


def keep(session: Session, found: Iterable[FoundName]) -> None:
    """Proposes these names instead of those that were proposed; what was dismissed stays so."""
    session.execute(delete(NameProposal).where(NameProposal.dismissed_at.is_(None)))
    dismissed = set(session.scalars(select(NameProposal.folded)))
    for one in found:
        if one.folded not in dismissed:
            session.add(
                NameProposal(
                    folded=one.folded,
                    name=one.name,
                    notes=one.notes,
                    people=one.people,
                    last_at=one.last_at,
                )
            )
    session.flush()


def list_proposals(session: Session, actor: Actor) -> list[Proposal]:
    """What is proposed, most notes first, without what somebody has entered meanwhile.

    Raises Forbidden for a rep.
    """
    access.require_curator(actor)
    known = catalogue.current(session)
    present = select(NameProposal).where(NameProposal.dismissed_at.is_(None))
    rows = session.scalars(
        present.order_by(NameProposal.notes.desc(), NameProposal.folded).limit(MOST_PROPOSED)
    )
    return [
        Proposal(row.folded, row.name, row.notes, row.people, row.last_at)
        for row in rows
        if not _is_known(known, row.name)
    ]


def dismiss(session: Session, actor: Actor, *, name: str, now: datetime) -> str:
    """Proposes the name never again; returns it. Raises Forbidden for a rep, and NotFound."""
    row = _require(session, actor, name)
    if row.dismissed_at is None:
        row.dismissed_at, row.dismissed_by = now, actor.journal_id
        session.flush()
        journal.append(
            session,
            "name.dismissed",
            ("name", row.folded[:60]),
            actor_id=actor.journal_id,
            now=now,
            data={"name": row.name},
        )
    return row.name


def adopt(
    session: Session, actor: Actor, *, name: str, competitor: str, now: datetime
) -> NamedItem:
    """Makes the name an alias of the competitor of that slug; returns that one.

    New notes that have it are tagged; older ones stay as they are. Raises Forbidden for a rep,
    NotFound, and Invalid(aliases).
    """
    row = _require(session, actor, name)
    target = competitors.get(session, actor, slug=competitor)
    aliases = (*target.aliases, row.name)
    return competitors.change(session, actor, now=now, slug=target.slug, aliases=aliases)


def _require(session: Session, actor: Actor, name: str) -> NameProposal:
    access.require_curator(actor)
    # No name that is proposed is longer than the column.
    row = session.get(NameProposal, fold(clean(name))[: names.LONGEST_FOLDED], with_for_update=True)
    if row is None:
        raise NotFound("This name is not proposed, or no longer. Load the list again.")
    return row


def _is_known(known: Catalogue, name: str) -> bool:
    """Whether the name, or a part of it, is in a dictionary already."""
    finders = (
        known.find_competitor,
        known.find_product,
        known.find_territory,
        known.find_segment,
    )
    return any(find(name) for find in finders) or any(known.dictionary.tags(name).values())


def _notes(session: Session, since: datetime) -> Iterator[Sequence[Any]]:
    """Notes about competitors that everyone may see, newest first, in steps."""
    columns = (
        Note.id,
        Note.noted_at,
        Note.author_id,
        func.substr(Note.text, 1, MOST_CHARACTERS).label("text"),
    )
    chosen = (
        select(*columns)
        .where(
            Note.noted_at > since,
            Note.kind == Kind.COMPETITOR,
            access.visible_notes(EVERYBODY),
        )
        .order_by(Note.noted_at.desc(), Note.id.desc())
        .limit(STEP)
    )
    statement = chosen
    for _ in range(MOST_NOTES // STEP):
        rows = session.execute(statement).all()
        yield rows
        if len(rows) < STEP:
            return
        last = rows[-1]
        behind = tuple_(literal(last.noted_at, Note.noted_at.type), literal(last.id, Note.id.type))
        statement = chosen.where(tuple_(Note.noted_at, Note.id) < behind)


def _people(session: Session) -> set[str]:
    """How people are called: by their whole name and by each part of it."""
    names = [fold(name) for name in session.scalars(select(Person.name))]
    return {*names, *(part for name in names for part in name.split())}


def _accounts(session: Session, found: Sequence[FoundName]) -> set[str]:
    """Which of the names an account bears, or begins with."""
    taken: set[str] = set()
    for one in found:
        begins = Account.folded.startswith(f"{one.folded} ", autoescape=True)
        same = select(Account.id).where(or_(Account.folded == one.folded, begins)).limit(1)
        if session.scalar(same) is not None:
            taken.add(one.folded)
    return taken
