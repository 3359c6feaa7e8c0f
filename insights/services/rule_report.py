"""What the rules for accounts leave open: accounts that no rule finds, that rules disagree about,
that stand elsewhere than their rule says, and rules that find nothing.

Admins see all of it, managers what touches their part of the tree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.models import Account, TerritoryRule
from insights.services import access, accounts, catalogue, territory_rules
from insights.services.access import Actor
from insights.services.catalogue import Place
from insights.services.rule_matching import matches, verdicts
from insights.services.territory_rules import RuleView

_ACCOUNTS = table_of(Account).c


class Finding(StrEnum):
    """What can be wrong with an account."""

    GAP = "gap"
    OVERLAP = "overlap"
    MISPLACED = "misplaced"


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """How many accounts in use there are, and for how many what is wrong."""

    accounts: int
    gap: int
    overlap: int
    misplaced: int


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account with where it stands, the rules that count for it, and where they send it."""

    id: int
    name: str
    present: Place | None
    rules: tuple[RuleView, ...]

    @property
    def wanted(self) -> tuple[Place, ...]:
        """The territories of the rules, each once."""
        return tuple({rule.territory.id: rule.territory for rule in self.rules}.values())


@dataclass(frozen=True, slots=True)
class IdleRule:
    """A rule that decides about no account, and why."""

    rule: RuleView
    reason: str


def counts(session: Session, actor: Actor) -> RuleCounts:
    """The exact numbers, in one query. Raises Forbidden unless the actor keeps rules."""
    access.require_assigner(actor)
    found = verdicts()
    numbers = [func.count().filter(_wrong(found, one)).label(one.value) for one in Finding]
    statement = select(func.count().label("accounts"), *numbers).select_from(_joined(found))
    row = session.execute(statement.where(*_in_part(actor, found))).one()
    return RuleCounts(row.accounts, row.gap, row.overlap, row.misplaced)


def list_found(
    session: Session, actor: Actor, *, finding: Finding, limit: int, after: int | None = None
) -> list[FoundAccount]:
    """Up to `limit` accounts with that finding in order of name, from behind account `after`.

    Four queries, however many there are. Raises Forbidden unless the actor keeps rules, and
    Invalid(cursor) when there is no account `after`.
    """
    access.require_assigner(actor)
    found = verdicts()
    statement = (
        select(_ACCOUNTS.id, _ACCOUNTS.name, _ACCOUNTS.territory_id)
        .select_from(_joined(found))
        .where(_wrong(found, finding), *_in_part(actor, found))
        .order_by(_ACCOUNTS.folded, _ACCOUNTS.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(accounts.behind(session, after))
    rows = session.execute(statement).all()
    rules = _deciding(session, actor, [row.id for row in rows])
    places = catalogue.current(session).territories
    return [
        FoundAccount(
            row.id,
            row.name,
            None if row.territory_id is None else places[row.territory_id],
            rules.get(row.id, ()),
        )
        for row in rows
    ]


def idle_rules(session: Session, actor: Actor, *, limit: int) -> list[IdleRule]:
    """Up to `limit` rules that decide about no account, the newest first, each with the reason.

    Two queries. Raises Forbidden unless the actor keeps rules.
    """
    found = matches().cte("all_matches")
    top = select(found.c.account_id, func.max(found.c.weight).label("weight"))
    best = top.group_by(found.c.account_id).subquery()
    decides = select(found.c.rule_id).join(
        best, and_(best.c.account_id == found.c.account_id, best.c.weight == found.c.weight)
    )
    rule = TerritoryRule.id
    statement = (
        select(rule, rule.in_(select(found.c.rule_id)).label("outdone"))
        .where(rule.not_in(decides), *territory_rules.in_part(actor))
        .order_by(rule.desc())
        .limit(limit)
    )
    rows = session.execute(statement).all()
    rules = territory_rules.by_ids(session, actor, ids=[row.id for row in rows])
    return [IdleRule(rules[row.id], _reason(rules[row.id], outdone=row.outdone)) for row in rows]


def _reason(rule: RuleView, *, outdone: bool) -> str:
    if rule.territory.archived:
        return f"{rule.territory.name} is archived, so it sends nothing there."
    if outdone:
        return "Rules with two values decide about everything that it finds."
    return "No account has this." if len(rule.terms) == 1 else "No account has both."


def _joined(found: Subquery) -> FromClause:
    return table_of(Account).outerjoin(found, found.c.account_id == _ACCOUNTS.id)


def _wrong(found: Subquery, finding: Finding) -> ColumnElement[bool]:
    match finding:
        case Finding.GAP:
            return found.c.account_id.is_(None)
        case Finding.OVERLAP:
            return found.c.low != found.c.high
        case Finding.MISPLACED:
            elsewhere = _ACCOUNTS.territory_id.is_distinct_from(found.c.low)
            return and_(found.c.low == found.c.high, elsewhere)


def _in_part(actor: Actor, found: Subquery) -> list[ColumnElement[bool]]:
    in_use = _ACCOUNTS.archived_at.is_(None)
    if actor.manages_all:
        return [in_use]
    scope = sorted(actor.scope)
    places = (_ACCOUNTS.territory_id, found.c.low, found.c.high)
    return [in_use, or_(*(one.in_(scope) for one in places))]


def _deciding(
    session: Session, actor: Actor, account_ids: Sequence[int]
) -> dict[int, tuple[RuleView, ...]]:
    """The most specific rules of each account."""
    rows = session.execute(matches(_ACCOUNTS.id.in_(account_ids))).all()
    rules = territory_rules.by_ids(session, actor, ids=[row.rule_id for row in rows])
    return {
        account_id: tuple(rules[one] for one in _heaviest(rows, account_id))
        for account_id in account_ids
    }


def _heaviest(rows: Iterable[Any], account_id: int) -> list[int]:
    own = [row for row in rows if row.account_id == account_id]
    top = max((row.weight for row in own), default=0)
    return sorted(row.rule_id for row in own if row.weight == top)
