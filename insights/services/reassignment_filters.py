"""What a reassignment is about: which territories and accounts are chosen, and by which filters.

Filters narrow each other; a filter that finds something outside of a manager's part leaves it
where it is and says so, what is named outright there is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, literal, or_, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import FieldProblems, Forbidden, Invalid
from insights.models import Account, AccountSegment, Assignment, TeamType
from insights.services import catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.lookup import LARGEST_ID
from insights.services.rule_matching import verdicts

MOST_NAMED = 3
_ACCOUNTS, _LINKS = table_of(Account).c, table_of(AccountSegment).c
_ASSIGNMENTS = table_of(Assignment).c


@dataclass(frozen=True, slots=True)
class HolderChoice:
    """Which territories change hands, and into whose.

    They are those of the present holder, of the region (with all below), with accounts of the
    segment, and of the numbers given; what is None narrows nothing. One person gets all of them
    (`to_id`), or each gets what the `table` says, by territory: for it and all below, the nearest
    counts. With `vacate` nobody gets them.
    """

    holder_id: int | None = None
    region_id: int | None = None
    segment_id: int | None = None
    territory_ids: tuple[int, ...] = ()
    to_id: int | None = None
    table: Mapping[int, int] = field(default_factory=dict)
    vacate: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any((self.holder_id, self.region_id, self.segment_id, self.territory_ids))

    @property
    def places(self) -> dict[str, tuple[int, ...]]:
        """The territories that are named outright, by the field that names them."""
        region = () if self.region_id is None else (self.region_id,)
        return {"region": region, "territory": self.territory_ids, "table": tuple(self.table)}

    @property
    def people(self) -> frozenset[int]:
        """Everyone who gets something."""
        named = {*self.table.values(), self.to_id}
        return frozenset(one for one in named if one is not None)


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """Which accounts move, and to which territory.

    They are those in the territories of a holder, in a region (with all below), of a segment, a
    state and a sort of team. They go to one territory (`to_id`), or each to that of its rule.
    """

    holder_id: int | None = None
    region_id: int | None = None
    segment_id: int | None = None
    state: str | None = None
    team_type: TeamType | None = None
    to_id: int | None = None
    by_rules: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        places = (self.holder_id, self.region_id, self.segment_id)
        return any((*places, self.state, self.team_type))

    @property
    def places(self) -> dict[str, tuple[int, ...]]:
        """The territories that are named outright, by the field that names them."""
        named = {"account_region": self.region_id, "account_to": self.to_id}
        return {name: (one,) for name, one in named.items() if one is not None}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for: new holders from the day `since`, accounts moved at once, or both."""

    since: date
    holders: HolderChoice | None = None
    accounts: AccountChoice | None = None

    def as_stored(self) -> dict[str, Any]:
        """The filters that are set, as a reassignment keeps them."""
        parts = {"holders": self.holders, "accounts": self.accounts}
        return {
            name: {key: value for key, value in asdict(part).items() if value}
            for name, part in parts.items()
            if part is not None
        }


@dataclass(frozen=True)
class Chosen:
    """What filters have found: that which is the actor's to move, and what lies outside."""

    inside: tuple[int, ...]
    outside: tuple[int, ...]


def require_complete(session: Session, actor: Actor, choice: Choice) -> None:
    """Raises Invalid unless the choice says what moves where, and Forbidden when it names a
    territory outside of the actor's part."""
    if choice.holders is None and choice.accounts is None:
        raise Invalid("Choose territories that get a new holder, or accounts that move.")
    problems = FieldProblems()
    with problems:
        if choice.holders is not None:
            _require_holders(choice.holders)
    with problems:
        if choice.accounts is not None:
            _require_accounts(choice.accounts)
    problems.settle()
    _require_part(catalogue.current(session), actor, choice)


def territories_of(session: Session, actor: Actor, choice: HolderChoice, on: date) -> Chosen:
    """The territories in use that the choice is about, in order of name. At most two queries."""
    known = catalogue.current(session)
    wanted = {one.id for one in known.territories.values() if not one.archived}
    if choice.territory_ids:
        wanted &= set(choice.territory_ids)
    if choice.region_id is not None:
        wanted &= known.subtree(choice.region_id)
    if choice.holder_id is not None:
        wanted &= set(session.scalars(_held_by(choice.holder_id, on)))
    if choice.segment_id is not None:
        wanted &= set(session.scalars(_with_segment(choice.segment_id)))
    ordered = [one for one in known.territories if one in wanted]
    return Chosen(
        tuple(one for one in ordered if actor.manages(one)),
        tuple(one for one in ordered if not actor.manages(one)),
    )


def accounts_statement(
    session: Session, choice: AccountChoice, on: date
) -> Select[int, int | None, int, int]:
    """The accounts in use that the choice is about and that do not stand there already: number,
    present territory, and lowest and highest next territory, which differ where rules overlap.
    In order of name."""
    conditions = _account_conditions(session, choice, on)
    if choice.by_rules:
        by_rules = verdicts()
        columns = (_ACCOUNTS.id, _ACCOUNTS.territory_id, by_rules.c.low, by_rules.c.high)
        statement = select(*columns).join(by_rules, by_rules.c.account_id == _ACCOUNTS.id)
        moved = or_(
            by_rules.c.low != by_rules.c.high,
            _ACCOUNTS.territory_id.is_distinct_from(by_rules.c.low),
        )
    else:
        there = literal(choice.to_id, Integer)
        statement = select(_ACCOUNTS.id, _ACCOUNTS.territory_id, there, there)
        moved = _ACCOUNTS.territory_id.is_distinct_from(choice.to_id)
    return statement.where(moved, *conditions).order_by(_ACCOUNTS.folded, _ACCOUNTS.id)


def _account_conditions(
    session: Session, choice: AccountChoice, on: date
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_ACCOUNTS.archived_at.is_(None)]
    if choice.region_id is not None:
        region = catalogue.current(session).subtree(choice.region_id)
        conditions.append(_ACCOUNTS.territory_id.in_(sorted(region)))
    if choice.holder_id is not None:
        conditions.append(_ACCOUNTS.territory_id.in_(_held_by(choice.holder_id, on)))
    if choice.segment_id is not None:
        linked = select(_LINKS.account_id).where(_LINKS.segment_id == choice.segment_id)
        conditions.append(_ACCOUNTS.id.in_(linked))
    if choice.state is not None:
        conditions.append(_ACCOUNTS.state == choice.state)
    if choice.team_type is not None:
        conditions.append(_ACCOUNTS.team_type == choice.team_type)
    return conditions


def _held_by(person_id: int, on: date) -> Select[int]:
    """What the person holds on that day or later."""
    lasting = or_(_ASSIGNMENTS.until.is_(None), _ASSIGNMENTS.until > on)
    theirs = and_(_ASSIGNMENTS.person_id == person_id, lasting)
    return select(_ASSIGNMENTS.territory_id).where(theirs).distinct()


def _with_segment(segment_id: int) -> Select[int]:
    statement = select(_ACCOUNTS.territory_id).join(
        table_of(AccountSegment), _LINKS.account_id == _ACCOUNTS.id
    )
    of_segment = and_(_LINKS.segment_id == segment_id, _ACCOUNTS.archived_at.is_(None))
    return statement.where(of_segment, _ACCOUNTS.territory_id.is_not(None)).distinct()


def _require_holders(choice: HolderChoice) -> None:
    problems: dict[str, list[str]] = {}
    if not choice.is_narrowed:
        problems["holder"] = [
            "Say which territories: of a holder, in a region, with a segment, or ticked ones."
        ]
    if sum((choice.to_id is not None, bool(choice.table), choice.vacate)) != 1:
        problems["to"] = ["Choose one person, or fill in the table, or leave them without holder."]
    elif any(not 0 < one <= LARGEST_ID for one in choice.people):
        problems["to"] = ["There is no such person. Choose one from the list."]
    if problems:
        raise Invalid(problems)


def _require_accounts(choice: AccountChoice) -> None:
    problems: dict[str, list[str]] = {}
    if not choice.is_narrowed and not choice.by_rules:
        problems["account_region"] = [
            "Say which accounts: of a holder, a region, a segment, a state or a sort of team."
        ]
    if (choice.to_id is not None) == choice.by_rules:
        problems["account_to"] = ["Choose the territory they go to, or let the rules decide."]
    if problems:
        raise Invalid(problems)


def _require_part(known: Catalogue, actor: Actor, choice: Choice) -> None:
    """What is named outright has to exist, be in use and be the actor's to manage."""
    parts = (choice.holders, choice.accounts)
    named = [one for part in parts if part is not None for one in part.places.items()]
    for name, ids in named:
        if any(one not in known.territories for one in ids):
            raise Invalid({name: ["There is no such territory. Choose one from the list."]})
        archived = [one for one in ids if known.territories[one].archived]
        if archived:
            names = first_names(known, archived)
            raise Invalid({name: [f"Restore what is archived, or leave it out: {names}."]})
    outside = [one for _, ids in named for one in ids if not actor.manages(one)]
    if outside:
        raise Forbidden(
            f"This lies outside of your part: {first_names(known, dict.fromkeys(outside))}. "
            "Leave it out, or ask a manager of it or an admin."
        )


def first_names(known: Catalogue, territory_ids: Iterable[int]) -> str:
    """The first of these territories by name, and how many more there are."""
    ids = list(territory_ids)
    names = ", ".join(known.territories[one].name for one in ids[:MOST_NAMED])
    more = len(ids) - MOST_NAMED
    return f"{names} and {more:,} more" if more > 0 else names
