"""Rules by which accounts find their territory: one or two values that an account must have.

A rule is added and removed, never changed: what it was stays readable in the journal. Which rule
counts for an account is worked out in `rule_matching`, what the rules leave open in `rule_report`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid, NotFound
from insights.models import Account, RuleAttribute, TeamType, TerritoryRule
from insights.services import access, account_fields, catalogue, journal, lookup
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place
from insights.services.rule_matching import DIMENSIONS

MOST_STATES = 200
TEAM_WORDS = {
    TeamType.FIELD: "field team",
    TeamType.INSIDE: "inside team",
    TeamType.NAMED: "named accounts",
}
_ORDER = {one: place for place, one in enumerate(RuleAttribute)}


@dataclass(frozen=True, slots=True)
class Term:
    """One value that an account must have, as it is stored, and as people read it."""

    attribute: RuleAttribute
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule: accounts that have all the terms belong to the territory."""

    id: int
    territory: Place
    terms: tuple[Term, ...]
    created_at: datetime

    @property
    def words(self) -> str:
        """The terms in one line."""
        return " and ".join(term.words for term in self.terms)


def add(
    session: Session,
    actor: Actor,
    *,
    territory_id: int,
    terms: Mapping[RuleAttribute, str],
    now: datetime,
) -> RuleView:
    """Adds the rule that accounts with these one or two values belong to the territory.

    A state is given as it stands with accounts, a segment by slug or name, a sort of team by its
    word. Raises Forbidden unless the actor manages the territory, and Invalid(territory, terms, and
    each attribute by its name) for what is unknown, and for a rule that exists already.
    """
    known = catalogue.current(session)
    place = known.territories.get(territory_id)
    if place is None:
        raise Invalid({"territory": ["There is no such territory. Choose one from the list."]})
    access.require_manager_of(actor, territory_id)
    if place.archived:
        message = f"{place.name} is archived. Restore it or choose another territory."
        raise Invalid({"territory": [message]})
    columns = _columns(known, terms)
    lookup.hold_territories(session, [territory_id])
    same = (getattr(TerritoryRule, name) == value for name, value in columns.items())
    of_territory = TerritoryRule.territory_id == territory_id
    if session.scalar(select(TerritoryRule.id).where(of_territory, *same).limit(1)):
        raise Invalid({"terms": [f"There is this rule for {place.name} already."]})
    row = TerritoryRule(territory_id=territory_id, created_at=now, **columns)
    session.add(row)
    session.flush()
    _record(session, actor, "rule.added", row, now)
    return _view(known, row)


def remove(session: Session, actor: Actor, *, rule_id: int, now: datetime) -> None:
    """Removes the rule; accounts stay where they are.

    Raises NotFound, and Forbidden unless the actor manages its territory.
    """
    row = lookup.by_id(session, TerritoryRule, rule_id, lock=True)
    if row is None:
        raise NotFound(f"There is no rule number {rule_id}.")
    access.require_manager_of(actor, row.territory_id)
    session.delete(row)
    session.flush()
    _record(session, actor, "rule.removed", row, now)


def list_rules(
    session: Session,
    actor: Actor,
    *,
    limit: int,
    after: int | None = None,
    territory_id: int | None = None,
) -> list[RuleView]:
    """Up to `limit` rules, the newest first, from behind number `after`: for admins all, for
    managers those of their part; with a territory those of its subtree. One query.

    Raises Forbidden unless the actor keeps rules.
    """
    statement = select(TerritoryRule).where(*in_part(actor)).order_by(TerritoryRule.id.desc())
    known = catalogue.current(session)
    if after is not None:
        statement = statement.where(TerritoryRule.id < after)
    if territory_id is not None:
        subtree = sorted(known.subtree(territory_id))
        statement = statement.where(TerritoryRule.territory_id.in_(subtree))
    return [_view(known, row) for row in session.scalars(statement.limit(limit))]


def by_ids(session: Session, _actor: Actor, *, ids: Iterable[int]) -> dict[int, RuleView]:
    """The rules of these numbers. One query."""
    known = catalogue.current(session)
    statement = select(TerritoryRule).where(TerritoryRule.id.in_(sorted(set(ids))))
    return {row.id: _view(known, row) for row in session.scalars(statement)}


def in_part(actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions on rules that every list for the actor must carry; raises Forbidden unless
    they keep rules."""
    access.require_assigner(actor)
    if actor.manages_all:
        return []
    return [TerritoryRule.territory_id.in_(sorted(actor.scope))]


def states(session: Session, _actor: Actor) -> list[str]:
    """The states that accounts in use have, in order, at most 200: for choosing one."""
    statement = select(Account.state).where(
        Account.state.is_not(None), Account.archived_at.is_(None)
    )
    ordered = statement.distinct().order_by(Account.state).limit(MOST_STATES)
    return [one for one in session.scalars(ordered) if one]


def _columns(known: Catalogue, terms: Mapping[RuleAttribute, str]) -> dict[str, Any]:
    """The terms as columns, in a fixed order, so that a rule has one way to be written."""
    if not 1 <= len(terms) <= 2:
        raise Invalid({"terms": ["Give one or two values that the accounts have."]})
    problems = FieldProblems()
    found: list[tuple[RuleAttribute, str]] = []
    for attribute in sorted(terms, key=lambda one: _ORDER[one]):
        with problems:
            found.append((attribute, _require_value(known, attribute, terms[attribute])))
    problems.settle()
    other = found[1] if len(found) > 1 else (None, None)
    names = ("attribute", "value", "other_attribute", "other_value")
    return dict(zip(names, (*found[0], *other), strict=True))


def _require_value(known: Catalogue, attribute: RuleAttribute, typed: str) -> str:
    if attribute is RuleAttribute.STATE:
        state = account_fields.require_state(typed)
        if state is None:
            raise Invalid({"state": ["Give the state as it stands with the accounts."]})
        return state
    if attribute is RuleAttribute.TEAM_TYPE:
        team_type = account_fields.require_team_type(typed)
        if team_type is None:
            raise Invalid({"team_type": ["Choose a sort of team."]})
        return team_type.value
    segment = known.find_segment(typed)
    if segment is None or segment.dimension != DIMENSIONS[attribute]:
        name = known.dimensions[DIMENSIONS[attribute]]
        message = f"“{lookup.quoted(typed)}” is no value of {name}. Choose one from the list."
        raise Invalid({attribute.value: [message]})
    return str(segment.id)


def _view(known: Catalogue, row: TerritoryRule) -> RuleView:
    pairs = ((row.attribute, row.value), (row.other_attribute, row.other_value))
    terms = tuple(
        Term(attribute, value, _words(known, attribute, value))
        for attribute, value in pairs
        if attribute is not None and value is not None
    )
    return RuleView(row.id, known.territories[row.territory_id], terms, row.created_at)


def _words(known: Catalogue, attribute: RuleAttribute, value: str) -> str:
    if attribute is RuleAttribute.STATE:
        return f"state {value}"
    if attribute is RuleAttribute.TEAM_TYPE:
        return TEAM_WORDS[TeamType(value)]
    segment = known.segments.get(int(value))
    return segment.name if segment else "a segment that is gone"


def _record(session: Session, actor: Actor, verb: str, row: TerritoryRule, now: datetime) -> None:
    pairs = ((row.attribute, row.value), (row.other_attribute, row.other_value))
    terms = {attribute.value: value for attribute, value in pairs if attribute is not None}
    data = {"territory": row.territory_id, "terms": terms}
    journal.append(session, verb, ("rule", row.id), actor_id=actor.journal_id, now=now, data=data)
