"""What a reassignment would do, worked out from the database as it is, with nothing written.

A preview and the deed make the same plan; its fingerprint tells whether something that it was
made from has changed in between.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Invalid
from insights.models import Account, Assignment, Person, Territory
from insights.services import access, assignments, catalogue
from insights.services.access import Actor
from insights.services.assignments import Held
from insights.services.catalogue import Catalogue
from insights.services.reassignment_filters import (
    AccountChoice,
    Choice,
    HolderChoice,
    accounts_statement,
    first_names,
    require_complete,
    territories_of,
)

_ASSIGNMENTS, _PEOPLE = table_of(Assignment).c, table_of(Person).c


class HolderMove(NamedTuple):
    """One territory: what ends there, who starts (None for nobody) and until when (None: open),
    and who else goes on holding it."""

    territory_id: int
    ended: tuple[Held, ...]
    to_id: int | None
    until: date | None
    standing: tuple[Held, ...]


class AccountMove(NamedTuple):
    """One account with its former and its next territory."""

    account_id: int
    former_id: int | None
    next_id: int


@dataclass(frozen=True)
class Plan:
    """All that a reassignment would do, and what to know before."""

    choice: Choice
    moves: tuple[HolderMove, ...]
    accounts: tuple[AccountMove, ...]
    warnings: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """The same for two plans that do the same to the same rows."""
        content = repr((self.choice.since, self.moves, self.accounts))
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def make(
    session: Session, actor: Actor, choice: Choice, *, today: date, lock: bool = False
) -> Plan:
    """The plan for what is chosen; `today` is the day in the organisation's time zone.

    With `lock` nobody else changes its rows until the transaction ends. Raises Forbidden unless
    the actor may reassign all that is named, and Invalid with the fields of the form.
    """
    access.require_assigner(actor)
    assignments.require_day_ahead(choice.since, today, "since")
    require_complete(session, actor, choice)
    moves: tuple[HolderMove, ...] = ()
    accounts: tuple[AccountMove, ...] = ()
    warnings: list[str] = []
    if choice.holders is not None:
        moves = _holder_moves(session, actor, choice.holders, choice.since, warnings, lock=lock)
    if choice.accounts is not None:
        accounts = _account_moves(
            session, actor, choice.accounts, choice.since, warnings, lock=lock
        )
    return Plan(choice, moves, accounts, tuple(warnings))


def _holder_moves(
    session: Session,
    actor: Actor,
    choice: HolderChoice,
    on: date,
    warnings: list[str],
    *,
    lock: bool,
) -> tuple[HolderMove, ...]:
    known = catalogue.current(session)
    chosen = territories_of(session, actor, choice, on)
    next_ones = _next_holders(known, choice, chosen.inside)
    if lock:
        _hold(session, next_ones)
    _require_active(session, choice)
    held = _held(session, next_ones, on, lock=lock)
    moves = [
        _move(choice, on, territory_id, to_id, held.get(territory_id, []))
        for territory_id, to_id in next_ones.items()
    ]
    unnamed = [one for one in chosen.inside if one not in next_ones]
    _warn(known, warnings, "No line of the table says who gets it, so it stays", unnamed)
    _warn(known, warnings, "Outside of your part, so it stays", chosen.outside)
    _warn_of_moves(known, moves, on, warnings)
    return tuple(one for one in moves if one.ended or one.to_id is not None)


def _next_holders(
    known: Catalogue, choice: HolderChoice, territory_ids: Iterable[int]
) -> dict[int, int | None]:
    """Who gets each territory; None for nobody. Those that the table does not reach are absent."""
    if not choice.table:
        return dict.fromkeys(territory_ids, choice.to_id)
    found: dict[int, int | None] = {}
    for territory_id in territory_ids:
        line = reversed(known.lineage(territory_id))
        nearest = next((one.id for one in line if one.id in choice.table), None)
        if nearest is not None:
            found[territory_id] = choice.table[nearest]
    return found


def _hold(session: Session, next_ones: Mapping[int, int | None]) -> None:
    """Assigning somebody to one of the territories waits until the transaction ends."""
    people = sorted({one for one in next_ones.values() if one is not None})
    for model, ids in ((Territory, sorted(next_ones)), (Person, people)):
        rows = table_of(model)
        statement = select(rows.c.id).where(rows.c.id.in_(ids)).order_by(rows.c.id)
        session.execute(statement.with_for_update(key_share=True)).all()


def _require_active(session: Session, choice: HolderChoice) -> None:
    named = select(_PEOPLE.id, _PEOPLE.name, _PEOPLE.deactivated_at, _PEOPLE.guest)
    rows = session.execute(named.where(_PEOPLE.id.in_(sorted(choice.people)))).all()
    field = "table" if choice.table else "to"
    if len(rows) < len(choice.people):
        raise Invalid({field: ["There is no such person. Choose one from the list."]})
    left = [row.name for row in rows if row.deactivated_at is not None]
    if left:
        message = f"{left[0]} is deactivated. Activate them or choose somebody else."
        raise Invalid({field: [message]})
    guests = [row.name for row in rows if row.guest]
    if guests:
        message = f"{guests[0]} is a guest without an account. Choose a colleague."
        raise Invalid({field: [message]})


def _held(
    session: Session, territory_ids: Iterable[int], on: date, *, lock: bool
) -> dict[int, list[Held]]:
    """What is held of the territories on that day or later, by territory, the oldest first."""
    columns = (_ASSIGNMENTS.territory_id, _ASSIGNMENTS.person_id)
    statement = (
        select(_ASSIGNMENTS.id, *columns, _ASSIGNMENTS.since, _ASSIGNMENTS.until)
        .where(_ASSIGNMENTS.territory_id.in_(sorted(territory_ids)))
        .where(or_(_ASSIGNMENTS.until.is_(None), _ASSIGNMENTS.until > on))
        .order_by(_ASSIGNMENTS.id)
    )
    found: dict[int, list[Held]] = {}
    for row in session.execute(statement.with_for_update() if lock else statement):
        found.setdefault(row.territory_id, []).append(Held(*row))
    return found


def _move(
    choice: HolderChoice, on: date, territory_id: int, to_id: int | None, held: list[Held]
) -> HolderMove:
    """The one holder's assignments end, or those of all, if no holder was chosen."""
    ended = tuple(
        one for one in held if one.person_id != to_id and choice.holder_id in (None, one.person_id)
    )
    standing = tuple(one for one in held if one not in ended)
    theirs = [one.since for one in standing if one.person_id == to_id]
    until = min(theirs, default=None)
    starts = to_id is not None and (until is None or until > on)
    return HolderMove(
        territory_id, ended, to_id if starts else None, until if starts else None, standing
    )


def _warn_of_moves(
    known: Catalogue, moves: Iterable[HolderMove], on: date, warnings: list[str]
) -> None:
    left, already, later = [], [], []
    for one in moves:
        stands = any(held.since <= on for held in one.standing)
        if one.to_id is None and not stands:
            left.append(one.territory_id)
        if one.to_id is None and stands:
            already.append(one.territory_id)
        if any(held.since > on for held in one.ended):
            later.append(one.territory_id)
    _warn(known, warnings, "Left without a holder", left)
    _warn(known, warnings, "It has a holder already, so nobody starts there", already)
    _warn(known, warnings, "What was to begin later there is taken back", later)


def _account_moves(
    session: Session,
    actor: Actor,
    choice: AccountChoice,
    on: date,
    warnings: list[str],
    *,
    lock: bool,
) -> tuple[AccountMove, ...]:
    statement = accounts_statement(session, choice, on)
    if lock:
        statement = statement.with_for_update(key_share=True, of=table_of(Account))
    moves, overlapping, outside = [], 0, 0
    # Asked once of each territory, not of each account.
    mine = {one for one in catalogue.current(session).territories if actor.manages(one)}
    for account_id, former_id, next_id, other_id in session.execute(statement).all():
        if next_id != other_id:
            overlapping += 1
        elif next_id in mine and (former_id is None or former_id in mine):
            moves.append(AccountMove(account_id, former_id, next_id))
        else:
            outside += 1
    if overlapping:
        warnings.append(f"Rules disagree about it, so it stays: {_accounts(overlapping)}.")
    if outside:
        warnings.append(
            f"It lies outside of your part or would go there, so it stays: {_accounts(outside)}."
        )
    return tuple(moves)


def _warn(known: Catalogue, warnings: list[str], words: str, territory_ids: Iterable[int]) -> None:
    names = first_names(known, territory_ids)
    if names:
        warnings.append(f"{words}: {names}.")


def _accounts(number: int) -> str:
    return f"{number:,} {'account' if number == 1 else 'accounts'}"
