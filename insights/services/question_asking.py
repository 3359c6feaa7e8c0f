"""What a person typed to ask the field, made sound: words, aims, and the day until when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid
from insights.models import Kind, Question, QuestionSegment, QuestionTerritory
from insights.services import access_work
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.names import one_line

LONGEST_TEXT = 500
LONGEST_SUMMARY = 10_000
MOST_AIMS = 200
FURTHEST_AHEAD = timedelta(days=366)
_FIELDS = {"territory_ids": "territories", "segment_ids": "segments"}


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it is typed."""

    text: str
    kinds: Collection[Kind]
    territory_ids: Collection[int]
    segment_ids: Collection[int]
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is stored; ids are sorted and stand once."""

    text: str
    kinds: tuple[Kind, ...]
    territory_ids: tuple[int, ...]
    segment_ids: tuple[int, ...]
    until: date

    def as_given(self) -> dict[str, Any]:
        """The values by the names of `Asking`."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def differing(self, other: "Asked") -> list[str]:
        """The fields in which the two differ, by the names that people read."""
        mine, others = self.as_given(), other.as_given()
        return sorted(_FIELDS.get(name, name) for name in mine if mine[name] != others[name])


def stored(session: Session, row: Question) -> Asked:
    """The question as it stands."""
    aims = select(QuestionTerritory.territory_id).where(QuestionTerritory.question_id == row.id)
    about = select(QuestionSegment.segment_id).where(QuestionSegment.question_id == row.id)
    return Asked(
        text=row.text,
        kinds=tuple(Kind(one) for one in row.kinds),
        territory_ids=tuple(sorted(session.scalars(aims))),
        segment_ids=tuple(sorted(session.scalars(about))),
        until=row.until,
    )


def write_links(session: Session, question_id: int, asked: Asked) -> None:
    """Aims the stored question at these territories and says of which segments it is."""
    aims = delete(QuestionTerritory).where(QuestionTerritory.question_id == question_id)
    about = delete(QuestionSegment).where(QuestionSegment.question_id == question_id)
    for former in (aims, about):
        session.execute(former)
    session.add_all(
        QuestionTerritory(question_id=question_id, territory_id=one) for one in asked.territory_ids
    )
    session.add_all(
        QuestionSegment(question_id=question_id, segment_id=one) for one in asked.segment_ids
    )
    session.flush()


def require_asked(
    known: Catalogue,
    actor: Actor,
    asking: Asking,
    *,
    today: date,
    kept: Asked | None = None,
) -> Asked:
    """The question ready to be stored; `kept` is how it stood, and what it had may stay.

    Raises Invalid(text, territories, segments, until) naming all to mend, and Forbidden unless the
    actor may ask of these territories.
    """
    problems = FieldProblems()
    text = ""
    places: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()
    former = kept.as_given() if kept else {}
    with problems:
        text = _require_text(asking.text)
    with problems:
        places = _require_items(
            "territories", known.territories, asking.territory_ids, former.get("territory_ids", ())
        )
        _require_some_aim(actor, places)
    with problems:
        segments = _require_items(
            "segments", known.segments, asking.segment_ids, former.get("segment_ids", ())
        )
    with problems:
        if asking.until != former.get("until"):
            _require_day(asking.until, today)
    problems.settle()
    access_work.require_asker(actor, places)
    # In the order in which kinds are listed everywhere.
    kinds = tuple(kind for kind in Kind if kind in asking.kinds)
    return Asked(
        text=text, kinds=kinds, territory_ids=places, segment_ids=segments, until=asking.until
    )


def _require_text(typed: str) -> str:
    text = one_line(typed)
    if not text:
        raise Invalid({"text": ["Write what you want to hear from the field."]})
    if len(text) > LONGEST_TEXT:
        message = f"Shorten the question to {LONGEST_TEXT} characters; it has {len(text):,}."
        raise Invalid({"text": [message]})
    return text


def _require_some_aim(actor: Actor, places: tuple[int, ...]) -> None:
    if not places and not access_work.may_ask(actor, ()):
        message = "Choose territories of your part: only product and marketing ask all of them."
        raise Invalid({"territories": [message]})


def _require_items(
    field: str, items: Mapping[int, Item], ids: Iterable[int], kept: Collection[int]
) -> tuple[int, ...]:
    chosen = tuple(sorted(set(ids)))
    if len(chosen) > MOST_AIMS:
        raise Invalid({field: [f"Choose at most {MOST_AIMS}, or one that holds several of them."]})
    unusable = [
        items[one].name if one in items else f"number {one}"
        for one in chosen
        if one not in items or (items[one].archived and one not in kept)
    ]
    if unusable:
        message = f"There is no such choice any more: {', '.join(unusable[:3])}. Take it away."
        raise Invalid({field: [message]})
    return chosen


def _require_day(until: date, today: date) -> None:
    latest = today + FURTHEST_AHEAD
    if not today <= until <= latest:
        message = f"Choose a day from {today.isoformat()} to {latest.isoformat()}."
        raise Invalid({"until": [message]})
