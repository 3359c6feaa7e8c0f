"""“Still true?”: what people in the field say of lines that have gone stale.

“Still true” makes the line fresh again; “no longer” marks it for those who keep the card and takes
nothing away; “I do not know” asks the next who may know, once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from insights.errors import Conflict
from insights.models import BattlecardCheck, BattlecardLine, Person, Verdict
from insights.services import access_work, battlecard_asking, battlecards, catalogue, journal
from insights.services.access import Actor
from insights.services.battlecard_lines import line_name
from insights.services.battlecards import LineView
from insights.services.catalogue import Place

MOST_OPEN = 20

LABELS: Mapping[Verdict, str] = {
    Verdict.STILL_TRUE: "Still true",
    Verdict.NO_LONGER: "No longer true",
    Verdict.DO_NOT_KNOW: "I do not know",
}
_THANKS: Mapping[Verdict, str] = {
    Verdict.STILL_TRUE: "Thank you. The line counts as fresh again.",
    Verdict.NO_LONGER: "Thank you. Whoever keeps the battlecard is told that it no longer holds.",
    Verdict.DO_NOT_KNOW: "Thank you. Somebody else is asked, if anybody may know.",
}


@dataclass(frozen=True, slots=True)
class CheckView:
    """A line of which somebody was asked whether it still holds, and what they said, if they did.

    `place` is the territory whose knowledge was asked for.
    """

    id: int
    line: LineView
    place: Place | None
    asked_at: datetime
    answered_at: datetime | None
    verdict: Verdict | None


def answer(
    session: Session, actor: Actor, *, check_id: int, verdict: Verdict, now: datetime
) -> str:
    """Says of a line whether it still holds; returns a word of thanks. Saying the same twice is
    once.

    Raises NotFound for whoever was not asked or may not see the line any more, and Conflict when
    the actor has said something else before.
    """
    check = access_work.check(session, actor, check_id, lock=True)
    line = access_work.line(session, actor, check.line_id)
    if check.verdict is verdict:
        return _THANKS[verdict]
    if check.verdict is not None:
        said = LABELS[check.verdict].lower()
        raise Conflict(f"You have answered this already: {said}. Post a note to say more.")
    check.verdict, check.answered_at = verdict, now
    session.flush()
    following: tuple[dict[str, Any], ...] = ()
    if verdict is Verdict.DO_NOT_KNOW:
        following = battlecard_asking.ask_next(session, check, now=now)
    data = {"name": line_name(session, line), "competitor": line.competitor_id,
            "check": check.id, "verdict": verdict.value}  # fmt: skip
    entry = journal.entry(
        "battlecard.checked", ("battlecard", line.id), actor_id=actor.journal_id, now=now, data=data
    )
    journal.append_many(session, [entry, *following])
    return _THANKS[verdict]


def get(session: Session, actor: Actor, *, check_id: int) -> CheckView:
    """One check that the actor was asked, its line as fresh as it was then.

    Raises NotFound, also when they may not see its line.
    """
    check = access_work.check(session, actor, check_id)
    access_work.line(session, actor, check.line_id)
    of_check = BattlecardCheck.id == check.id
    (found,) = _views(session, actor, of_check, now=check.asked_at)
    return found


def open_for(session: Session, actor: Actor, *, now: datetime) -> list[CheckView]:
    """What the actor was asked and has not answered, the last asked first, at most 20.

    Lines that were taken off their card are left out, and those that the actor may not see.
    """
    return _views(
        session,
        actor,
        BattlecardCheck.person_id == actor.id,
        BattlecardCheck.answered_at.is_(None),
        BattlecardLine.archived_at.is_(None),
        now=now,
    )


def _views(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], now: datetime
) -> list[CheckView]:
    statement = (
        select(BattlecardCheck, BattlecardLine, Person.name)
        .join(BattlecardLine, BattlecardLine.id == BattlecardCheck.line_id)
        .outerjoin(Person, Person.id == BattlecardLine.creator_id)
        .where(access_work.visible_lines(actor), *conditions)
        .order_by(BattlecardCheck.id.desc())
        .limit(MOST_OPEN)
    )
    rows = session.execute(statement).all()
    lines = battlecards.stored_views(
        session, actor, [(line, creator) for _, line, creator in rows], now=now
    )
    known = catalogue.current(session)
    return [
        CheckView(
            id=check.id,
            line=line,
            place=known.territories.get(check.territory_id or 0),
            asked_at=check.asked_at,
            answered_at=check.answered_at,
            verdict=check.verdict,
        )
        for (check, _, _), line in zip(rows, lines, strict=True)
    ]
