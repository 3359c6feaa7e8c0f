"""Asking the field whether stale lines still hold: which lines, and whom.

Asked is whoever holds the territory with the freshest knowledge at present: that of the freshest
cited note, else of the newest note about the competitor. Where nobody holds it, or its holder may
not see the line, the holder above is asked. Nobody has more than a few open at a time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from insights.models import (
    Assignment,
    BattlecardCheck,
    BattlecardLine,
    Competitor,
    LineType,
    Note,
    NoteCompetitor,
    Person,
    TellingMatter,
)
from insights.services import access, access_work, catalogue, journal, shelf_lives, tellings
from insights.services.access import EVERYBODY, OPERATOR, Actor
from insights.services.battlecard_citations import Citation, citations_of, said_of
from insights.services.battlecard_freshness import DAY, freshness
from insights.services.catalogue import Catalogue
from insights.services.tellings import NewTelling

# Lines looked at in one step.
STEP = 200
MOST_OPEN_PER_PERSON = 3
# However short a line holds, it is not asked about more often.
SHORTEST_PAUSE = timedelta(days=14)
# So many of the newest notes about a competitor say where it is known.
_NEWEST_NOTES = 20
_NEWEST_DAYS = timedelta(days=180)


@dataclass
class _Field:
    """Who could be asked: present holders by territory, who they are, what they have open."""

    known: Catalogue
    holders: Mapping[int, Sequence[int]]
    actors: Mapping[int, Actor]
    open: Counter[int]
    # By line: who was asked since it went stale.
    asked: Mapping[int, set[int]] = field(default_factory=dict)


def ask_stale(
    session: Session, *, after: int = 0, today: date, now: datetime
) -> tuple[int, int | None]:
    """Asks about the stale ones of the next 200 lines in use behind number `after`.

    Returns how many were asked about, and the number from which to go on, None at the end. A line
    is left alone for as long as it holds after it was asked about, for 14 days at least. `today`
    is the day on which holders hold, in the organisation's time zone.
    """
    statement = (
        select(BattlecardLine)
        .join(Competitor, Competitor.id == BattlecardLine.competitor_id)
        .where(
            BattlecardLine.id > after,
            BattlecardLine.archived_at.is_(None),
            Competitor.archived_at.is_(None),
        )
        .order_by(BattlecardLine.id)
        .limit(STEP)
    )
    lines = session.scalars(statement).all()
    stale = _stale(session, lines, now)
    entries = _ask(session, stale, today, now) if stale else []
    journal.append_many(session, entries)
    return len(entries), lines[-1].id if len(lines) == STEP else None


def ask_next(
    session: Session, check: BattlecardCheck, *, now: datetime
) -> tuple[dict[str, Any], ...]:
    """Asks the next who may know after somebody who does not, unless somebody was asked in their
    place already; returns the entry for the journal."""
    line = session.get_one(BattlecardLine, check.line_id)
    shelf = _shelf(line, shelf_lives.lives(session))
    since = check.asked_at - _pause(shelf)
    rounds = select(func.count()).where(
        BattlecardCheck.line_id == line.id, BattlecardCheck.asked_at > since
    )
    if line.archived_at is not None or (session.scalar(rounds) or 0) > 1:
        return ()
    cited = citations_of(session, OPERATOR, [line.id])
    # At midnight the organisation's day may be another one; who held it a day ago knows as well.
    return tuple(_ask(session, [(line, cited.get(line.id, ()))], now.date(), now))


def _stale(
    session: Session, lines: Sequence[BattlecardLine], now: datetime
) -> list[tuple[BattlecardLine, Sequence[Citation]]]:
    """The stale lines that may be asked about, with what they cite."""
    ids = [line.id for line in lines]
    cited, said = citations_of(session, OPERATOR, ids), said_of(session, ids)
    lives = shelf_lives.lives(session)
    last = select(BattlecardCheck.line_id, func.max(BattlecardCheck.asked_at)).where(
        BattlecardCheck.line_id.in_(ids)
    )
    asked = dict(session.execute(last.group_by(BattlecardCheck.line_id)).all())
    found: list[tuple[BattlecardLine, Sequence[Citation]]] = []
    for line in lines:
        notes = cited.get(line.id, ())
        fresh = freshness(line, notes, said.get(line.id, {}), lives, now=now)
        before = asked.get(line.id)
        if fresh.stale and (before is None or before <= now - _pause(fresh.shelf)):
            found.append((line, notes))
    return found


def _shelf(line: BattlecardLine, lives: Mapping[LineType, int]) -> int:
    return line.shelf_days or lives[line.type]


def _pause(shelf: int) -> timedelta:
    return max(shelf * DAY, SHORTEST_PAUSE)


def _ask(
    session: Session,
    stale: Sequence[tuple[BattlecardLine, Sequence[Citation]]],
    today: date,
    now: datetime,
) -> list[dict[str, Any]]:
    """Asks about each line whoever knows best; returns the entries for the journal."""
    there = _field(session, [line.id for line, _ in stale], today, now)
    heard = _heard(session, {line.competitor_id for line, _ in stale}, now)
    checks: list[tuple[BattlecardLine, BattlecardCheck]] = []
    for line, cited in stale:
        places = [one.newest_in.id for one in cited] + list(heard[line.competitor_id])
        chosen = _whom(session, there, line, places)
        if chosen is not None:
            person_id, territory_id = chosen
            check = BattlecardCheck(
                line_id=line.id, person_id=person_id, territory_id=territory_id, asked_at=now
            )
            checks.append((line, check))
            there.open[person_id] += 1
    session.add_all(check for _, check in checks)
    session.flush()
    tellings.tell(session, [_telling(check) for _, check in checks], now=now)
    return [_entry(there.known, line, check) for line, check in checks]


def _telling(check: BattlecardCheck) -> NewTelling:
    cause = f"check:{check.id}"
    return NewTelling(check.person_id, TellingMatter.CHECK, str(check.id), cause)


def _entry(known: Catalogue, line: BattlecardLine, check: BattlecardCheck) -> dict[str, Any]:
    about = known.competitor(line.competitor_id)
    return journal.entry(
        "battlecard.asked",
        ("battlecard", line.id),
        actor_id=None,
        now=check.asked_at,
        data={
            "name": f"{line.id} of {about.name}",
            "competitor": about.id,
            "person": check.person_id,
            "territory": check.territory_id,
        },
    )


def _field(session: Session, line_ids: Sequence[int], today: date, now: datetime) -> _Field:
    """Four queries for all lines together."""
    holds = (
        select(Assignment.territory_id, Assignment.person_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.since <= today,
            or_(Assignment.until.is_(None), Assignment.until > today),
            Person.deactivated_at.is_(None),
        )
        .order_by(Assignment.since.desc(), Assignment.id.desc())
    )
    holders: dict[int, list[int]] = defaultdict(list)
    for territory_id, person_id in session.execute(holds):
        holders[territory_id].append(person_id)
    people = {one for held in holders.values() for one in held}
    still_open = (
        select(BattlecardCheck.person_id, func.count())
        .where(BattlecardCheck.answered_at.is_(None), BattlecardCheck.person_id.in_(people))
        .group_by(BattlecardCheck.person_id)
    )
    return _Field(
        known=catalogue.current(session),
        holders=holders,
        actors=access.load_actors(session, people, today=today),
        open=Counter(dict(session.execute(still_open).all())),
        asked=_asked(session, line_ids, now),
    )


def _asked(session: Session, line_ids: Sequence[int], now: datetime) -> dict[int, set[int]]:
    """Who was asked about each line lately, or has not answered yet."""
    statement = select(BattlecardCheck.line_id, BattlecardCheck.person_id).where(
        BattlecardCheck.line_id.in_(line_ids),
        or_(
            BattlecardCheck.answered_at.is_(None),
            BattlecardCheck.answered_at > now - SHORTEST_PAUSE,
        ),
    )
    found: dict[int, set[int]] = defaultdict(set)
    for line_id, person_id in session.execute(statement):
        found[line_id].add(person_id)
    return found


def _heard(session: Session, competitor_ids: set[int], now: datetime) -> dict[int, dict[int, None]]:
    """By competitor: the territories of its newest notes that everyone may see, newest first."""
    found: dict[int, dict[int, None]] = {}
    for competitor_id in sorted(competitor_ids):
        newest = (
            select(Note.territory_id)
            .join(NoteCompetitor, NoteCompetitor.note_id == Note.id)
            .where(
                NoteCompetitor.competitor_id == competitor_id,
                Note.noted_at > now - _NEWEST_DAYS,
                access.visible_notes(EVERYBODY),
            )
            .order_by(Note.noted_at.desc(), Note.id.desc())
            .limit(_NEWEST_NOTES)
        )
        found[competitor_id] = dict.fromkeys(session.scalars(newest))
    return found


def _whom(
    session: Session, there: _Field, line: BattlecardLine, places: Sequence[int]
) -> tuple[int, int] | None:
    """The person to be asked, and the territory whose knowledge is asked for."""
    asked = there.asked.get(line.id, set())
    for person_id, territory_id in _candidates(there, places):
        has_room = there.open[person_id] < MOST_OPEN_PER_PERSON
        if has_room and person_id not in asked and _sees(session, there.actors[person_id], line):
            return person_id, territory_id
    return None


def _candidates(there: _Field, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Holders of the places in their order, each place with those above it; each person once."""
    named: set[int] = set()
    for territory_id in dict.fromkeys(places):
        for place in reversed(there.known.lineage(territory_id)):
            for person_id in there.holders.get(place.id, ()):
                if person_id not in named:
                    named.add(person_id)
                    yield person_id, territory_id


def _sees(session: Session, actor: Actor, line: BattlecardLine) -> bool:
    seen = select(BattlecardLine.id).where(
        BattlecardLine.id == line.id, access_work.visible_lines(actor)
    )
    return session.scalar(seen) is not None
