"""What people say of trends: followed, muted with a reason, useful or not.

Each person says it for themselves; a mute may count for everyone. Nothing of it tunes the
arithmetic: verdicts are counted and shown. Saying the same twice changes nothing and is journalled
once. The journal holds ids alone, never a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    cast,
    delete,
    extract,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import Invalid
from insights.models import (
    Base,
    Person,
    Trend,
    TrendFollow,
    TrendMute,
    TrendReach,
    TrendSort,
    TrendVerdict,
)
from insights.services import access, journal
from insights.services.access import Actor
from insights.text import clean

LONGEST_REASON = 300
MOST_MUTES = 20


@dataclass(frozen=True, slots=True)
class MuteView:
    """Who muted a trend, why, when, and for whom; `mine` is about the reader."""

    person_id: int
    person_name: str
    reason: str
    for_everyone: bool
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """How trends of one sort and reach were judged in a month (by its first day, in UTC)."""

    month: date
    reach: TrendReach
    sort: TrendSort
    useful: int
    judged: int


def follow(session: Session, actor: Actor, trend_id: int, *, now: datetime) -> bool:
    """The actor hears of the trend from now on; False if they did already. Raises NotFound."""
    access.trend(session, actor, trend_id)
    row = {"trend_id": trend_id, "person_id": actor.id, "at": now}
    added = session.scalars(insert_or_skip(session, TrendFollow, TrendFollow.trend_id), [row]).all()
    if added:
        _record(session, actor, "followed", trend_id, now=now)
    return bool(added)


def unfollow(session: Session, actor: Actor, trend_id: int, *, now: datetime) -> bool:
    """The actor hears of it no longer; False if they did not before. Raises NotFound."""
    access.trend(session, actor, trend_id)
    own = (TrendFollow.trend_id == trend_id, TrendFollow.person_id == actor.id)
    removed = _delete(session, TrendFollow, *own)
    if removed:
        _record(session, actor, "unfollowed", trend_id, now=now)
    return removed


def mute(
    session: Session,
    actor: Actor,
    trend_id: int,
    *,
    reason: str,
    for_everyone: bool = False,
    now: datetime,
) -> None:
    """The actor sees it no longer among what emerges, or nobody does; a second time changes why.

    Raises NotFound, Forbidden for everyone unless analyst, manager of the place or admin, and
    Invalid(reason).
    """
    trend = access.trend(session, actor, trend_id)
    if for_everyone:
        access.require_muter_for_everyone(actor, trend.territory_id)
    values = {"reason": _require_reason(reason), "for_everyone": for_everyone}
    if _say(session, actor, TrendMute, trend_id, values, now=now):
        _record(session, actor, "muted", trend_id, now=now, data={"for_everyone": for_everyone})


def unmute(session: Session, actor: Actor, trend_id: int, *, now: datetime) -> bool:
    """Takes the actor's own mute back, and those for everyone if the actor may mute for everyone.

    False if there was none of these. Raises NotFound.
    """
    trend = access.trend(session, actor, trend_id)
    theirs: ColumnElement[bool] = TrendMute.person_id == actor.id
    if access.may_mute_for_everyone(actor, trend.territory_id):
        theirs = or_(theirs, TrendMute.for_everyone)
    removed = _delete(session, TrendMute, TrendMute.trend_id == trend_id, theirs)
    if removed:
        _record(session, actor, "unmuted", trend_id, now=now)
    return removed


def judge(
    session: Session, actor: Actor, trend_id: int, useful: bool | None, *, now: datetime
) -> None:
    """Keeps whether the trend was useful to the actor; None takes the verdict back.

    Raises NotFound.
    """
    access.trend(session, actor, trend_id)
    if useful is None:
        own = (TrendVerdict.trend_id == trend_id, TrendVerdict.person_id == actor.id)
        changed = _delete(session, TrendVerdict, *own)
    else:
        changed = _say(session, actor, TrendVerdict, trend_id, {"useful": useful}, now=now)
    if changed:
        _record(session, actor, "judged", trend_id, now=now, data={"useful": useful})


def list_mutes(session: Session, actor: Actor, trend_id: int) -> Sequence[MuteView]:
    """The mutes of the trend that concern the actor, the newest 20: their own and for everyone.

    Raises NotFound.
    """
    access.trend(session, actor, trend_id)
    rows = session.execute(
        select(TrendMute, Person.name)
        .join(Person, Person.id == TrendMute.person_id)
        .where(
            TrendMute.trend_id == trend_id,
            or_(TrendMute.person_id == actor.id, TrendMute.for_everyone),
        )
        .order_by(TrendMute.at.desc(), TrendMute.person_id)
        .limit(MOST_MUTES)
    )
    return [
        MuteView(
            person_id=row.person_id,
            person_name=name,
            reason=row.reason,
            for_everyone=row.for_everyone,
            at=row.at,
            mine=row.person_id == actor.id,
        )
        for row, name in rows
    ]


def judged(session: Session, actor: Actor, *, since: date) -> Sequence[Judged]:
    """The verdicts by month (from that of `since` on), reach and sort of subject, oldest first.

    Of a month that is the precision: `useful` out of `judged`. A verdict counts in the month in
    which it was last given. One query. Raises Forbidden unless the actor is an admin.
    """
    access.require_admin(actor)
    month = (extract("year", TrendVerdict.at), extract("month", TrendVerdict.at))
    groups = (*month, Trend.reach, Trend.sort)
    first = since.replace(day=1)
    rows = session.execute(
        select(
            *groups,
            func.sum(cast(TrendVerdict.useful, Integer)),
            func.count(),
        )
        .join(Trend, Trend.id == TrendVerdict.trend_id)
        .group_by(*groups)
        .order_by(*groups)
    )
    found = [Judged(date(int(row[0]), int(row[1]), 1), *row[2:]) for row in rows]
    return [one for one in found if one.month >= first]


def _say(
    session: Session,
    actor: Actor,
    model: type[TrendMute] | type[TrendVerdict],
    trend_id: int,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> bool:
    """Keeps what the actor says, in the place of what they said before; False if it was the same.

    Two requests of one person at the same time leave one row.
    """
    row = {"trend_id": trend_id, "person_id": actor.id, "at": now, **values}
    if session.scalars(insert_or_skip(session, model, model.trend_id), [row]).all():
        return True
    other = or_(*(getattr(model, name) != value for name, value in values.items()))
    own = and_(model.trend_id == trend_id, model.person_id == actor.id)
    changed = update(model).where(own, other).values(at=now, **values).returning(model.trend_id)
    return bool(session.scalars(changed).all())


def _delete(session: Session, model: type[Base], *conditions: ColumnElement[bool]) -> bool:
    trend_id = model.__table__.c.trend_id
    return bool(session.scalars(delete(model).where(*conditions).returning(trend_id)).all())


def _require_reason(typed: str) -> str:
    reason = clean(typed)
    if not reason:
        raise Invalid({"reason": ["Say in a few words why, so that others understand it later."]})
    if len(reason) > LONGEST_REASON:
        message = f"Shorten the reason to {LONGEST_REASON} characters at most."
        raise Invalid({"reason": [message]})
    return reason


def _record(
    session: Session,
    actor: Actor,
    deed: str,
    trend_id: int,
    *,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    journal.append(
        session,
        f"trend.{deed}",
        ("trend", trend_id),
        actor_id=actor.journal_id,
        now=now,
        data=data,
    )
