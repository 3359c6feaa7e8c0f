"""The digest of a week: what emerged, what was seen most often, and what waits for an answer.

It is short enough for one message, and shows only what its reader may see. The week is a whole one,
from Monday to Sunday; notes that wait for an answer are all that wait when the digest is read, and
questions to the field those that are open the day after.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from insights.clock import start_of
from insights.models import Note, Question, Sighting, Triage, TriageState
from insights.search.query import parse
from insights.search.tree import Among, Field, Node, conjuncts
from insights.services import access, catalogue, note_cards, question_views, trends
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.question_views import QuestionView
from insights.services.search_terms import terms
from insights.services.trends import TrendView

MOST_TRENDS = 5
MOST_SIGHTED = 5
MOST_UNANSWERED = 5
MOST_ASKED = 5


@dataclass(frozen=True, slots=True)
class Digest:
    """A week, from the Monday on, of the territories called `place` or of the whole company.

    `emerged` are the trends that came up in the week, the strongest first; `sighted` the notes that
    most others said they had seen too in that week; `unanswered` the notes in the inbox that nobody
    has taken, oldest first, of `unanswered_count`; `asked` the questions to the field that are
    open, those that end first on top. It is falsy when nothing happened: what is asked is no news.
    """

    place: str
    monday: date
    emerged: tuple[TrendView, ...]
    sighted: tuple[NoteCard, ...]
    unanswered: tuple[NoteCard, ...]
    unanswered_count: int
    asked: tuple[QuestionView, ...] = ()

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)

    def __bool__(self) -> bool:
        return bool(self.emerged or self.sighted or self.unanswered)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the company: its name, and its territories with all below them; None for all."""

    name: str
    territory_ids: frozenset[int] | None


def is_of_places_alone(query: str) -> bool:
    """Whether a query only says of which territory a digest is to be; an empty one does."""
    return all(_names_places(part) for part in conjuncts(parse(query).tree))


def part_of(session: Session, query: str, *, zone: ZoneInfo, today: date) -> Part:
    """The part of the company that a query of `is_of_places_alone` names.

    A territory that is not there any more has no notes, and makes no digest of the whole company.
    """
    known, asked = catalogue.current(session), parse(query)
    names = [part.value for part in conjuncts(asked.tree) if isinstance(part, Field)]
    if not names:
        return Part("The company", None)
    found = terms(session, access.EVERYBODY, known, asked, zone=zone, today=today)
    ids = [
        frozenset(int(one) for one in part.values)
        for part in conjuncts(found.resolved(asked.tree))
        if isinstance(part, Among) and part.field == "territory_id"
    ]
    inside = frozenset.intersection(*ids) if len(ids) == len(names) else frozenset()
    tops = [
        known.territories[one] for one in inside if known.territories[one].parent_id not in inside
    ]
    return Part(", ".join(sorted(one.name for one in tops)) or ", ".join(names), inside)


def digest(session: Session, reader: Actor, part: Part, *, week: date, zone: ZoneInfo) -> Digest:
    """What the reader may know of the week that begins on the Monday `week` in `zone`.

    A fixed number of queries.
    """
    unanswered, count = _unanswered(session, reader, part, _ends(week, zone))
    return Digest(
        place=part.name,
        monday=week,
        emerged=_emerged(session, reader, part, week),
        sighted=_most_sighted(session, reader, part, week, zone),
        unanswered=unanswered,
        unanswered_count=count,
        asked=_asked(session, reader, part, week + timedelta(weeks=1)),
    )


def _names_places(part: Node) -> bool:
    return isinstance(part, Field) and part.name == "territory"


def _ends(week: date, zone: ZoneInfo) -> ColumnElement[bool]:
    return Triage.opened_at < start_of(week + timedelta(weeks=1), zone)


def _inside(territory_ids: Collection[int] | None) -> ColumnElement[bool]:
    return true() if territory_ids is None else Note.territory_id.in_(sorted(territory_ids))


def _emerged(session: Session, reader: Actor, part: Part, week: date) -> tuple[TrendView, ...]:
    sunday = week + timedelta(days=6)
    found = trends.emerging(session, reader, on=sunday, limit=trends.MOST_READ).trends
    opened = [one for one in found if one.opened_on >= week and _lies_in(part, one)]
    return tuple(opened[:MOST_TRENDS])


def _lies_in(part: Part, trend: TrendView) -> bool:
    if part.territory_ids is None:
        return True
    return trend.territory is not None and trend.territory.id in part.territory_ids


def _most_sighted(
    session: Session, reader: Actor, part: Part, week: date, zone: ZoneInfo
) -> tuple[NoteCard, ...]:
    statement = (
        select(Note.id)
        .join(Sighting, Sighting.note_id == Note.id)
        .where(
            access.visible_notes(reader),
            _inside(part.territory_ids),
            Sighting.at >= start_of(week, zone),
            Sighting.at < start_of(week + timedelta(weeks=1), zone),
        )
        .group_by(Note.id)
        .order_by(func.count(Sighting.id).desc(), Note.noted_at.desc(), Note.id.desc())
        .limit(MOST_SIGHTED)
    )
    return tuple(note_cards.cards_of(session, reader, session.scalars(statement).all()))


def _unanswered(
    session: Session, reader: Actor, part: Part, opened: ColumnElement[bool]
) -> tuple[tuple[NoteCard, ...], int]:
    waiting = (
        Triage.state == TriageState.NEW,
        opened,
        access.visible_notes(reader),
        _inside(part.territory_ids),
    )
    chosen = select(Note.id).join(Triage, Triage.note_id == Note.id).where(*waiting)
    count = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    oldest = chosen.order_by(Triage.opened_at, Triage.note_id).limit(MOST_UNANSWERED)
    ids = session.scalars(oldest).all()
    return tuple(note_cards.cards_of(session, reader, ids)), count


def _asked(session: Session, reader: Actor, part: Part, day: date) -> tuple[QuestionView, ...]:
    chosen = question_views.select_questions().where(question_views.open_on(day))
    if part.territory_ids is not None:
        places = sorted(part.territory_ids)
        chosen = chosen.where(question_views.touching(catalogue.current(session), places))
    first = chosen.order_by(Question.until, Question.id).limit(MOST_ASKED)
    return tuple(question_views.views(session, reader, first))
