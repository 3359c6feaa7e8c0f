"""Handovers: a territory goes from one holder to the next, with what is known of it.

A handover is prepared, which asks the leaver to tell what the next one must know, and carried out,
which changes the holder in one transaction with everything that belongs to it; or it is cancelled.
The brief for the successor is read live (services/briefs.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from insights.clock import iso
from insights.errors import Conflict, FieldProblems, Forbidden
from insights.models import Handover, HandoverState, Person, TellingMatter
from insights.services import access, access_work, assignments, catalogue, journal, lookup, tellings
from insights.services.access import Actor
from insights.services.catalogue import Place
from insights.services.handover_checks import NewHandover, require_next, require_preparable
from insights.services.tellings import NewTelling

# So long the brief of a territory that was handed over belongs to what its new holder reads first.
FRESH = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A handover as its reader sees it; `on` is the first day of the next holder.

    `may_manage` and `is_leaver` are about the reader.
    """

    id: int
    territory: Place
    from_id: int | None
    from_name: str | None
    to_id: int
    to_name: str
    interim: bool
    on: date
    state: HandoverState
    created_at: datetime
    done_at: datetime | None
    interviewed_at: datetime | None
    may_manage: bool
    is_leaver: bool

    @property
    def is_prepared(self) -> bool:
        """Whether it is still to be carried out."""
        return self.state is HandoverState.PREPARED


class HandoverChanges(TypedDict, total=False):
    """What can be changed of a handover that is prepared."""

    to_id: int
    on: date
    interim: bool


def prepare(
    session: Session,
    actor: Actor,
    chosen: Sequence[NewHandover],
    *,
    from_id: int | None,
    on: date,
    interim: bool = False,
    now: datetime,
    today: date,
) -> list[HandoverView]:
    """Prepares one handover for each territory, from one leaver, and asks that person for an
    interview about each; all or none.

    `from_id` is None for territories that nobody holds. `today` and `on` are days in the
    organisation's time zone. Raises Forbidden unless the actor manages all of them, Conflict when
    one of them is being handed over by that person already, and Invalid(territories, person, on,
    from).
    """
    for one in chosen:
        access.require_manager_of(actor, one.territory_id)
    require_preparable(session, chosen, from_id=from_id, on=on, today=today)
    rows = [
        Handover(
            territory_id=one.territory_id,
            from_id=from_id,
            to_id=one.to_id,
            interim=interim,
            on=on,
            state=HandoverState.PREPARED,
            creator_id=actor.journal_id,
            created_at=now,
        )
        for one in chosen
    ]
    session.add_all(rows)
    session.flush()
    _ask_for_interviews(session, actor, rows, now)
    journal.append_many(session, [_entry(actor, "prepared", row, now) for row in rows])
    return [_one(session, actor, row.id) for row in rows]


def change(
    session: Session,
    actor: Actor,
    handover_id: int,
    *,
    now: datetime,
    today: date,
    **changes: Unpack[HandoverChanges],
) -> HandoverView:
    """Changes what is given of a prepared handover; what is so already changes nothing.

    Raises NotFound, Forbidden, Conflict for one that is done or cancelled, and Invalid(person, on).
    """
    row = _open_for(session, actor, handover_id)
    problems = FieldProblems()
    with problems:
        require_next(session, changes.get("to_id", row.to_id), row.from_id)
    with problems:
        if "on" in changes:
            assignments.require_day_ahead(changes["on"], today, "on")
    problems.settle()
    fields = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in fields:
        setattr(row, name, changes[name])  # type: ignore[literal-required]
    session.flush()
    if fields:
        _record(session, actor, "changed", row, now, fields=fields)
    return _one(session, actor, row.id)


def carry_out(
    session: Session, actor: Actor, handover_id: int, *, now: datetime, today: date
) -> HandoverView:
    """Changes the holder, on the day that was agreed or today if that is over, and tells the next
    one. Whole or not at all, as part of the caller's transaction.

    Raises NotFound, Forbidden unless the actor manages the territory, Conflict for one that is done
    or cancelled, and Invalid when the next holder or the territory is no longer there.
    """
    row = _open_for(session, actor, handover_id)
    row.on = max(row.on, today)
    entries = carry_out_all(session, actor, [row], now=now, today=today)
    journal.append_many(session, entries)
    return _one(session, actor, row.id)


def carry_out_all(
    session: Session, actor: Actor, rows: Sequence[Handover], *, now: datetime, today: date
) -> list[dict[str, Any]]:
    """Changes the holders of these handovers, which are new or prepared; for services that have
    asked access. Gives the journal entries, which the caller appends as its last deed.
    """
    entries = [entry for row in rows for entry in _hand_over(session, actor, row, now, today)]
    for row in rows:
        row.state, row.done_at = HandoverState.DONE, now
        session.add(row)
    session.flush()
    told = [
        NewTelling(row.to_id, TellingMatter.HANDOVER, str(row.id), f"handover:{row.id}")
        for row in rows
        if row.to_id != actor.id
    ]
    tellings.tell(session, told, now=now)
    return [*entries, *(_entry(actor, "done", row, now) for row in rows)]


def cancel(session: Session, actor: Actor, handover_id: int, *, now: datetime) -> HandoverView:
    """Gives the handover up: the holder stays, must-knows that were pinned stay as well.

    Raises NotFound, Forbidden, and Conflict for one that is done or cancelled.
    """
    row = _open_for(session, actor, handover_id)
    row.state = HandoverState.CANCELLED
    session.flush()
    _record(session, actor, "cancelled", row, now)
    return _one(session, actor, row.id)


def get(session: Session, actor: Actor, handover_id: int) -> HandoverView:
    """The handover, for both its people, managers of the territory and admins; else NotFound."""
    return _one(session, actor, access_work.handover(session, actor, handover_id).id)


def list_handovers(
    session: Session,
    actor: Actor,
    *,
    limit: int,
    after: int | None = None,
    states: Collection[HandoverState] = (),
) -> list[HandoverView]:
    """Up to `limit` that the actor sees, the last prepared first, from behind number `after`.

    Without `states` those of any. One query.
    """
    conditions = [access_work.visible_handovers(actor)]
    if after is not None:
        conditions.append(Handover.id < min(after, lookup.LARGEST_ID))
    if states:
        conditions.append(Handover.state.in_(sorted(states)))
    return _views(session, actor, *conditions, limit=limit)


def received(session: Session, actor: Actor, *, today: date, limit: int) -> list[HandoverView]:
    """What was handed over to the actor from a day of the last 60 on, or from one to come, the last
    one first. One query."""
    own = (Handover.to_id == actor.id, Handover.state == HandoverState.DONE)
    return _views(session, actor, *own, Handover.on > today - FRESH, limit=limit)


def _ask_for_interviews(
    session: Session, actor: Actor, rows: Sequence[Handover], now: datetime
) -> None:
    matter = TellingMatter.HANDOVER_INTERVIEW
    asked = [
        NewTelling(row.from_id, matter, str(row.id), f"handover-interview:{row.id}")
        for row in rows
        if row.from_id is not None and row.from_id != actor.id
    ]
    tellings.tell(session, asked, now=now)


def _hand_over(
    session: Session, actor: Actor, row: Handover, now: datetime, today: date
) -> list[dict[str, Any]]:
    return assignments.hand_over(
        session,
        actor,
        territory_id=row.territory_id,
        # Nobody has the number 0: then nothing ends.
        from_id=row.from_id or 0,
        to_id=row.to_id,
        on=row.on,
        now=now,
        today=today,
    )


def _open_for(session: Session, actor: Actor, handover_id: int) -> Handover:
    row = access_work.handover(session, actor, handover_id, lock=True)
    if not actor.manages(row.territory_id):
        raise Forbidden("Only a manager of this territory or an admin can do this.")
    if row.state is HandoverState.DONE:
        when = iso(row.done_at) if row.done_at else "before"
        raise Conflict(f"This handover was carried out already ({when}). Open it to see the brief.")
    if row.state is HandoverState.CANCELLED:
        raise Conflict("This handover was cancelled. Prepare another one.")
    return row


_LEAVER, _NEXT = aliased(Person), aliased(Person)
_VIEWS: Select[Handover, str | None, str] = (
    select(Handover, _LEAVER.name, _NEXT.name)
    .outerjoin(_LEAVER, _LEAVER.id == Handover.from_id)
    .join(_NEXT, _NEXT.id == Handover.to_id)
)


def _one(session: Session, actor: Actor, handover_id: int) -> HandoverView:
    return _views(session, actor, Handover.id == handover_id, limit=1)[0]


def _views(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], limit: int
) -> list[HandoverView]:
    known = catalogue.current(session).territories
    rows = session.execute(
        _VIEWS.where(*conditions).order_by(Handover.id.desc()).limit(limit)
    ).all()
    return [
        HandoverView(
            id=row.id,
            territory=known[row.territory_id],
            from_id=row.from_id,
            from_name=leaver,
            to_id=row.to_id,
            to_name=following,
            interim=row.interim,
            on=row.on,
            state=row.state,
            created_at=row.created_at,
            done_at=row.done_at,
            interviewed_at=row.interviewed_at,
            may_manage=actor.manages(row.territory_id),
            is_leaver=row.from_id == actor.id,
        )
        for row, leaver, following in rows
    ]


def _record(
    session: Session, actor: Actor, deed: str, row: Handover, now: datetime, **more: Any
) -> None:
    journal.append_many(session, [_entry(actor, deed, row, now, **more)])


def _entry(actor: Actor, deed: str, row: Handover, now: datetime, **more: Any) -> dict[str, Any]:
    data = {"territory": row.territory_id, "from": row.from_id, "to": row.to_id, **more}
    data["on"] = row.on.isoformat()
    subject = ("handover", row.id)
    return journal.entry(f"handover.{deed}", subject, actor_id=actor.journal_id, now=now, data=data)
