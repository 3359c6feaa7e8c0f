"""Which territory each account belongs to by the rules, asked of the database as one statement.

A rule of two attributes is more specific than one of a single attribute and outdoes it. Where the
most specific rules of an account name several territories, they overlap, and none of them counts.
Rules of archived territories send nothing anywhere, and archived accounts belong nowhere.
"""

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from insights.db import table_of
from insights.models import (
    Account,
    AccountSegment,
    RuleAttribute,
    Segment,
    Territory,
    TerritoryRule,
)

# The dimension that an attribute is about; the others are columns of the account.
DIMENSIONS = {RuleAttribute.FIRST_DIMENSION: 1, RuleAttribute.SECOND_DIMENSION: 2}
_ACCOUNTS, _SEGMENTS = table_of(Account).c, table_of(Segment).c
_LINKS, _RULES = table_of(AccountSegment).c, table_of(TerritoryRule).c
_SEGMENT_TEXT = cast(_LINKS.segment_id, String)
_TEAM_TYPE = cast(_ACCOUNTS.team_type, String)


def matches(*conditions: ColumnElement[bool]) -> Select[int, int, int, int]:
    """Each account in use with each rule that finds it: `account_id`, `rule_id`, `territory_id`
    and `weight`, the number of the rule's attributes. The conditions are on accounts."""
    facts = _facts()
    weight = case((_RULES.other_attribute.is_(None), 1), else_=2)
    return (
        select(
            facts.c.account_id,
            _RULES.id.label("rule_id"),
            _RULES.territory_id,
            weight.label("weight"),
        )
        .join(
            table_of(TerritoryRule),
            and_(
                cast(_RULES.attribute, String) == facts.c.attribute, _RULES.value == facts.c.value
            ),
        )
        .join(table_of(Account), _ACCOUNTS.id == facts.c.account_id)
        .join(table_of(Territory), table_of(Territory).c.id == _RULES.territory_id)
        .where(table_of(Territory).c.archived_at.is_(None), _other_matches(), *conditions)
    )


def verdicts() -> Subquery:
    """For each account that rules find: `account_id`, and `low` and `high`, the territories of its
    most specific rules. Both are the same unless those rules overlap."""
    found = matches().subquery("rule_matches")
    columns = {}
    for name, choose in (("low", func.min), ("high", func.max)):
        weighed = [
            choose(case((found.c.weight == weight, found.c.territory_id))) for weight in (2, 1)
        ]
        columns[name] = func.coalesce(*weighed, type_=Integer).label(name)
    by_account = select(found.c.account_id, *columns.values()).group_by(found.c.account_id)
    return by_account.subquery("rule_verdicts")


def _facts() -> Subquery:
    """What is known of each account in use, a row for each attribute."""
    in_use = _ACCOUNTS.archived_at.is_(None)
    state = select(
        _ACCOUNTS.id.label("account_id"),
        literal(RuleAttribute.STATE.value, String).label("attribute"),
        _ACCOUNTS.state.label("value"),
    ).where(in_use, _ACCOUNTS.state.is_not(None))
    team = select(_ACCOUNTS.id, literal(RuleAttribute.TEAM_TYPE.value, String), _TEAM_TYPE).where(
        in_use, _ACCOUNTS.team_type.is_not(None)
    )
    dimension = case(
        *((_SEGMENTS.dimension_id == number, one.value) for one, number in DIMENSIONS.items())
    )
    segment = (
        select(_ACCOUNTS.id, dimension, _SEGMENT_TEXT)
        .join(table_of(AccountSegment), _LINKS.account_id == _ACCOUNTS.id)
        .join(table_of(Segment), _SEGMENTS.id == _LINKS.segment_id)
        .where(in_use)
    )
    return union_all(state, team, segment).subquery("account_facts")


def _other_matches() -> ColumnElement[bool]:
    """Whether the account has the second attribute of the rule as well, if the rule has one."""
    other, value = _RULES.other_attribute, _RULES.other_value
    linked = exists().where(_LINKS.account_id == _ACCOUNTS.id, value == _SEGMENT_TEXT)
    return or_(
        other.is_(None),
        and_(other == RuleAttribute.STATE, _ACCOUNTS.state == value),
        and_(other == RuleAttribute.TEAM_TYPE, value == _TEAM_TYPE),
        and_(other.in_(DIMENSIONS), linked),
    )
