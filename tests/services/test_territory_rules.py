"""Rules for accounts: who keeps them, what they find, and what they leave open."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import NotFound
from insights.models import Account, RuleAttribute, TeamType
from insights.services import accounts, rule_report, territories, territory_rules
from insights.services.access import Actor
from insights.services.rule_report import Finding
from insights.services.territory_rules import RuleView
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, MERCY, NEVADA, NOW, ROADWAY, TODAY
from tests.services import reassigning
from tests.services.outcomes import last_entry, refused, who_may

STATE, TEAM = RuleAttribute.STATE, RuleAttribute.TEAM_TYPE
INDUSTRY, SIZE = RuleAttribute.FIRST_DIMENSION, RuleAttribute.SECOND_DIMENSION


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """Every territory is theirs to make rules for."""
    return characters.admin


def rule(
    session: Session, actor: Actor, territory_id: int, terms: dict[RuleAttribute, str]
) -> RuleView:
    return territory_rules.add(session, actor, territory_id=territory_id, terms=terms, now=NOW)


def place_in(session: Session, account_id: int, **values: object) -> None:
    session.execute(update(Account).where(Account.id == account_id).values(**values))


def found(session: Session, actor: Actor, finding: Finding) -> list[int]:
    rows = rule_report.list_found(session, actor, finding=finding, limit=50)
    numbers = rule_report.counts(session, actor)
    assert getattr(numbers, finding.value) == len(rows)
    return [row.id for row in rows]


class TestKeeping:
    @pytest.mark.parametrize(
        ("territory_id", "allowed"), [(GEORGIA, {"manager", "admin"}), (NEVADA, {"admin"})]
    )
    def test_is_for_managers_of_the_territory_and_admins(
        self, session: Session, characters: Characters, territory_id: int, allowed: set[str]
    ) -> None:
        made = rule(session, characters.admin, territory_id, {STATE: "GA"})
        adding = who_may(
            session, characters, lambda one: rule(session, one, territory_id, {STATE: "FL"})
        )
        removing = who_may(
            session,
            characters,
            lambda one: territory_rules.remove(session, one, rule_id=made.id, now=NOW),
        )
        assert (adding, removing) == (allowed, allowed)

    def test_a_rule_reads_as_its_terms(self, session: Session, admin: Actor) -> None:
        made = rule(session, admin, GEORGIA, {SIZE: "enterprise", STATE: "ga"})
        assert made.words == "state GA and Enterprise"
        assert rule(session, admin, GEORGIA, {TEAM: "Inside"}).words == "inside team"
        assert last_entry(session).verb == "rule.added"

    def test_the_same_rule_twice_is_refused(self, session: Session, admin: Actor) -> None:
        rule(session, admin, GEORGIA, {STATE: "GA", INDUSTRY: "healthcare"})
        again = refused(
            lambda: rule(session, admin, GEORGIA, {INDUSTRY: "healthcare", STATE: "GA"})
        )
        assert again["terms"] == "There is this rule for Georgia already."

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({}, "terms"),
            ({STATE: "GA", TEAM: "field", INDUSTRY: "healthcare"}, "terms"),
            ({STATE: " "}, "state"),
            ({STATE: "x" * 41}, "state"),
            ({TEAM: "outside"}, "team_type"),
            ({INDUSTRY: "enterprise"}, "dimension-1"),
            ({SIZE: "enormous"}, "dimension-2"),
        ],
    )
    def test_what_no_account_can_have_is_refused(
        self, session: Session, admin: Actor, terms: dict[RuleAttribute, str], field: str
    ) -> None:
        assert list(refused(lambda: rule(session, admin, GEORGIA, terms))) == [field]

    def test_managers_see_the_rules_of_their_part(
        self, session: Session, characters: Characters
    ) -> None:
        east = rule(session, characters.admin, GEORGIA, {STATE: "GA"})
        west = rule(session, characters.admin, NEVADA, {STATE: "NV"})
        lists = {
            name: territory_rules.list_rules(session, getattr(characters, name), limit=10)
            for name in ("admin", "manager")
        }
        assert lists == {"admin": [west, east], "manager": [east]}

    def test_one_that_is_gone_is_not_found(self, session: Session, admin: Actor) -> None:
        made = rule(session, admin, GEORGIA, {STATE: "GA"})
        territory_rules.remove(session, admin, rule_id=made.id, now=NOW)
        with pytest.raises(NotFound):
            territory_rules.remove(session, admin, rule_id=made.id, now=NOW)


class TestTheReport:
    def test_is_for_managers_and_admins(self, session: Session, characters: Characters) -> None:
        for ask in (
            lambda one: rule_report.counts(session, one),
            lambda one: rule_report.list_found(session, one, finding=Finding.GAP, limit=1),
            lambda one: rule_report.idle_rules(session, one, limit=1),
        ):
            assert who_may(session, characters, ask) == {"manager", "admin"}

    def test_finds_accounts_without_a_rule(self, session: Session, admin: Actor) -> None:
        place_in(session, MERCY, state="GA")
        rule(session, admin, GEORGIA, {STATE: "GA"})
        assert found(session, admin, Finding.GAP) == [ROADWAY]

    def test_finds_where_rules_send_an_account_to_two_territories(
        self, session: Session, admin: Actor
    ) -> None:
        place_in(session, MERCY, state="GA", team_type=TeamType.INSIDE)
        rules = (
            rule(session, admin, GEORGIA, {STATE: "GA"}),
            rule(session, admin, FLORIDA, {TEAM: "inside"}),
        )
        assert found(session, admin, Finding.OVERLAP) == [MERCY]
        (row,) = rule_report.list_found(session, admin, finding=Finding.OVERLAP, limit=5)
        assert row.rules == rules
        assert [place.name for place in row.wanted] == ["Georgia", "Florida"]

    def test_lets_the_rule_with_two_values_decide(self, session: Session, admin: Actor) -> None:
        place_in(session, MERCY, state="GA")
        rule(session, admin, GEORGIA, {STATE: "GA"})
        rule(session, admin, FLORIDA, {STATE: "GA", INDUSTRY: "healthcare"})
        assert found(session, admin, Finding.OVERLAP) == []
        assert found(session, admin, Finding.MISPLACED) == [MERCY]

    def test_does_not_call_two_rules_for_one_territory_an_overlap(
        self, session: Session, admin: Actor
    ) -> None:
        place_in(session, MERCY, state="GA", team_type=TeamType.FIELD)
        rule(session, admin, GEORGIA, {STATE: "GA"})
        rule(session, admin, GEORGIA, {TEAM: "field"})
        assert found(session, admin, Finding.OVERLAP) == []
        assert found(session, admin, Finding.MISPLACED) == []

    @pytest.mark.parametrize(
        "other", [{TEAM: "field"}, {INDUSTRY: "healthcare"}, {SIZE: "enterprise"}]
    )
    def test_needs_both_values(
        self, session: Session, admin: Actor, other: dict[RuleAttribute, str]
    ) -> None:
        place_in(session, ROADWAY, state="NV")
        rule(session, admin, GEORGIA, {STATE: "NV", **other})
        assert found(session, admin, Finding.GAP) == [MERCY, ROADWAY]

    def test_finds_both_values_whatever_they_are_about(
        self, session: Session, admin: Actor
    ) -> None:
        accounts.change(
            session,
            admin,
            now=NOW,
            account_id=ROADWAY,
            state="nv",
            team_type="named",
            segments=["trucking", "small-business"],
        )
        for terms in (
            {INDUSTRY: "trucking", SIZE: "small-business"},
            {INDUSTRY: "trucking", TEAM: "named"},
            {STATE: "NV", TEAM: "named"},
        ):
            made = rule(session, admin, GEORGIA, terms)
            assert found(session, admin, Finding.MISPLACED) == [ROADWAY]
            territory_rules.remove(session, admin, rule_id=made.id, now=NOW)

    def test_leaves_archived_accounts_and_territories_out(
        self, session: Session, admin: Actor
    ) -> None:
        place_in(session, MERCY, state="NV", archived_at=NOW)
        place_in(session, ROADWAY, state="NV")
        rule(session, admin, NEVADA, {STATE: "NV"})
        territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
        assert found(session, admin, Finding.GAP) == [ROADWAY]

    def test_goes_on_behind_an_account(self, session: Session, admin: Actor) -> None:
        rows = rule_report.list_found(session, admin, finding=Finding.GAP, limit=5, after=MERCY)
        assert [row.id for row in rows] == [ROADWAY]

    def test_shows_managers_what_touches_their_part(
        self, session: Session, characters: Characters
    ) -> None:
        assert found(session, characters.manager, Finding.GAP) == [MERCY]
        place_in(session, ROADWAY, state="GA")
        rule(session, characters.admin, GEORGIA, {STATE: "GA"})
        assert found(session, characters.manager, Finding.MISPLACED) == [ROADWAY]

    def test_says_why_a_rule_decides_about_nothing(self, session: Session, admin: Actor) -> None:
        place_in(session, MERCY, state="GA")
        deciding = rule(session, admin, GEORGIA, {STATE: "GA", INDUSTRY: "healthcare"})
        outdone = rule(session, admin, FLORIDA, {STATE: "GA"})
        empty = rule(session, admin, FLORIDA, {STATE: "FL", INDUSTRY: "healthcare"})
        archived = rule(session, admin, NEVADA, {STATE: "GA"})
        territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
        idle = {one.rule.id: one.reason for one in rule_report.idle_rules(session, admin, limit=9)}
        assert idle == {
            outdone.id: "Rules with two values decide about everything that it finds.",
            empty.id: "No account has both.",
            archived.id: "Nevada is archived, so it sends nothing there.",
        }
        assert deciding.id not in idle

    def test_asks_a_fixed_number_of_queries(
        self, database: Database, admin: Actor, count_queries: Counter
    ) -> None:
        with database.writing() as session:
            rule(session, admin, FLORIDA, {STATE: "GA"})
            session.execute(update(Account).values(state="GA"))
        with database.reading() as session, count_queries(database) as statements:
            rule_report.counts(session, admin)
            rule_report.list_found(session, admin, finding=Finding.MISPLACED, limit=50)
            rule_report.idle_rules(session, admin, limit=50)
        assert len(statements) <= 7


class TestMovingByRules:
    def test_puts_accounts_where_their_rule_says(self, session: Session, admin: Actor) -> None:
        place_in(session, MERCY, state="FL")
        rule(session, admin, FLORIDA, {STATE: "FL"})
        made = reassigning.reassign(session, admin, reassigning.accounts(by_rules=True))
        assert made.title == "accounts to where their rules say"
        assert reassigning.state(session)[1] == [(MERCY, FLORIDA), (ROADWAY, NEVADA)]
        assert found(session, admin, Finding.MISPLACED) == []

    def test_leaves_what_rules_disagree_about(self, session: Session, admin: Actor) -> None:
        place_in(session, MERCY, state="FL", team_type=TeamType.NAMED)
        rule(session, admin, FLORIDA, {STATE: "FL"})
        rule(session, admin, NEVADA, {TEAM: "named"})
        seen = reassigning.look(session, admin, reassigning.accounts(by_rules=True))
        assert seen.accounts == 0
        assert seen.warnings == ("Rules disagree about it, so it stays: 1 account.",)

    def test_is_refused_when_a_rule_has_changed_since_the_preview(
        self, session: Session, admin: Actor
    ) -> None:
        place_in(session, MERCY, state="FL")
        first = rule(session, admin, FLORIDA, {STATE: "FL"})
        choice = reassigning.accounts(by_rules=True)
        seen = reassigning.look(session, admin, choice)
        territory_rules.remove(session, admin, rule_id=first.id, now=NOW)
        rule(session, admin, NEVADA, {STATE: "FL"})
        assert reassigning.look(session, admin, choice).fingerprint != seen.fingerprint
