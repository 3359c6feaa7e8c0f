"""Reassignments: many territories and accounts at once, with a preview and a way back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Forbidden, NotFound
from insights.models import Account, ReassignedAccount, TeamType
from insights.services import assignments, reassignment_views, reassignments, territories
from insights.services.access import Actor
from insights.services.reassignment_filters import AccountChoice, Choice, HolderChoice
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    LEAVER,
    MANAGER,
    MEMBER,
    MERCY,
    NEVADA,
    NOW,
    OWNER,
    ROADWAY,
    SOUTHEAST,
    STRANGER,
    TODAY,
    WEST,
)
from tests.services.outcomes import journalled, last_entry, refused, who_may
from tests.services.reassigning import accounts, holders, lasting, look, reassign, state

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """Everything is theirs to reassign."""
    return characters.admin


@pytest.fixture
def manager(characters: Characters) -> Actor:
    """Manages the Southeast with Georgia and Florida."""
    return characters.manager


class TestWhoReassigns:
    def test_managers_and_admins(self, session: Session, characters: Characters) -> None:
        choice = holders(territory_ids=(GEORGIA,), to_id=MEMBER)
        deed = who_may(session, characters, lambda actor: reassign(session, actor, choice))
        assert deed == {"manager", "admin"}

    @pytest.mark.parametrize(
        "choice",
        [
            holders(territory_ids=(GEORGIA, NEVADA), to_id=MEMBER),
            holders(region_id=WEST, to_id=MEMBER),
            holders(holder_id=OWNER, table={NEVADA: MEMBER}),
            accounts(region_id=WEST, to_id=GEORGIA),
            accounts(region_id=GEORGIA, to_id=NEVADA),
        ],
    )
    def test_managers_are_refused_what_lies_outside_of_their_part(
        self, session: Session, manager: Actor, choice: Choice
    ) -> None:
        with pytest.raises(Forbidden, match=r"outside of your part: (Nevada|West)"):
            look(session, manager, choice)

    def test_what_a_filter_finds_outside_of_their_part_stays(
        self, session: Session, characters: Characters
    ) -> None:
        reassign(session, characters.admin, holders(territory_ids=(NEVADA,), to_id=OWNER))
        choice = holders(holder_id=OWNER, to_id=MEMBER)
        seen = look(session, characters.manager, choice)
        assert [row.place.id for row in seen.holder_rows] == [GEORGIA]
        assert "Outside of your part, so it stays: Nevada." in seen.warnings

    def test_accounts_outside_of_their_part_stay(self, session: Session, manager: Actor) -> None:
        session.execute(update(Account).values(state="GA"))
        seen = look(session, manager, accounts(state="GA", to_id=FLORIDA))
        assert [row.id for row in seen.account_rows] == [MERCY]
        assert seen.warnings == (
            "It lies outside of your part or would go there, so it stays: 1 account.",
        )


class TestThePreview:
    def test_shows_who_gets_what_and_writes_nothing(self, session: Session, admin: Actor) -> None:
        before = state(session)
        seen = look(session, admin, holders(region_id=SOUTHEAST, to_id=MEMBER))
        assert seen.title == "Territories in Southeast to Max Member"
        rows = [(row.place.name, row.former, row.next_holder) for row in seen.holder_rows]
        assert rows == [
            ("Georgia", ("Olivia Owner",), "Max Member"),
            ("Southeast", ("Manuel Manager",), "Max Member"),
        ]
        assert state(session) == before
        assert journalled(session) == []

    def test_finds_territories_by_their_segment(self, session: Session, admin: Actor) -> None:
        seen = look(session, admin, holders(segment_id=HEALTHCARE, to_id=MEMBER))
        assert [row.place.id for row in seen.holder_rows] == [GEORGIA]

    def test_of_a_table_takes_the_nearest_line(self, session: Session, admin: Actor) -> None:
        table = {SOUTHEAST: STRANGER, GEORGIA: MEMBER}
        ticked = (SOUTHEAST, GEORGIA, FLORIDA, NEVADA)
        seen = look(session, admin, holders(territory_ids=ticked, table=table))
        assert {row.place.name: row.next_holder for row in seen.holder_rows} == {
            "Southeast": "Stella Stranger",
            "Georgia": "Max Member",
            "Florida": "Stella Stranger",
        }
        assert "No line of the table says who gets it, so it stays: Nevada." in seen.warnings

    def test_warns_of_what_is_left_without_a_holder(self, session: Session, admin: Actor) -> None:
        seen = look(session, admin, holders(holder_id=OWNER, vacate=True))
        assert seen.warnings == ("Left without a holder: Georgia.",)

    def test_warns_where_the_next_holder_holds_it_already(
        self, session: Session, admin: Actor
    ) -> None:
        given: dict[str, Any] = {"person_id": MEMBER, "since": TODAY}
        assignments.assign(session, admin, now=NOW, territory_slug="georgia", **given)
        seen = look(session, admin, holders(territory_ids=(GEORGIA,), to_id=MEMBER))
        assert seen.warnings == ("It has a holder already, so nobody starts there: Georgia.",)
        assert [row.next_holder for row in seen.holder_rows] == [None]

    def test_warns_of_what_was_to_begin_later(self, session: Session, admin: Actor) -> None:
        given: dict[str, Any] = {"person_id": STRANGER, "since": TOMORROW}
        assignments.assign(session, admin, now=NOW, territory_slug="georgia", **given)
        seen = look(session, admin, holders(territory_ids=(GEORGIA,), to_id=MEMBER))
        assert seen.warnings == ("What was to begin later there is taken back: Georgia.",)

    def test_counts_accounts_by_where_they_go(self, session: Session, admin: Actor) -> None:
        session.execute(update(Account).values(team_type=TeamType.INSIDE))
        seen = look(session, admin, accounts(team_type=TeamType.INSIDE, to_id=FLORIDA))
        groups = [
            (one.former.name, one.next_place.name, one.number)
            for one in seen.account_groups
            if one.former
        ]
        assert sorted(groups) == [("Georgia", "Florida", 1), ("Nevada", "Florida", 1)]

    @pytest.mark.parametrize(
        ("choice", "fields"),
        [
            (Choice(TODAY), {""}),
            (holders(to_id=MEMBER), {"holder"}),
            (holders(holder_id=OWNER), {"to"}),
            (holders(holder_id=OWNER, to_id=MEMBER, vacate=True), {"to"}),
            (holders(holder_id=OWNER, to_id=LEAVER), {"to"}),
            (holders(holder_id=OWNER, to_id=2**40), {"to"}),
            (holders(holder_id=OWNER, table={GEORGIA: 999}), {"table"}),
            (holders(territory_ids=(999,), to_id=MEMBER), {"territory"}),
            (holders(TODAY - timedelta(days=1), holder_id=OWNER, to_id=MEMBER), {"since"}),
            (holders(date.max, holder_id=OWNER, to_id=MEMBER), {"since"}),
            (accounts(to_id=GEORGIA), {"account_region"}),
            (accounts(state="GA"), {"account_to"}),
            (accounts(state="GA", to_id=GEORGIA, by_rules=True), {"account_to"}),
            (
                Choice(TODAY, HolderChoice(holder_id=OWNER), AccountChoice(state="GA")),
                {"to", "account_to"},
            ),
        ],
    )
    def test_of_an_incomplete_choice_says_what_is_missing(
        self, session: Session, admin: Actor, choice: Choice, fields: set[str]
    ) -> None:
        assert set(refused(lambda: look(session, admin, choice))) == fields

    def test_refuses_archived_territories(self, session: Session, admin: Actor) -> None:
        territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
        choice = holders(territory_ids=(NEVADA,), to_id=MEMBER)
        assert "Nevada" in refused(lambda: look(session, admin, choice))["territory"]


class TestCarryingOut:
    def test_moves_a_leavers_territories(self, session: Session, admin: Actor) -> None:
        made = reassign(session, admin, holders(TOMORROW, holder_id=OWNER, to_id=MEMBER))
        assert (made.territories, made.accounts, made.may_undo) == (1, 0, True)
        history = assignments.territory_history(session, admin, territory_id=GEORGIA)
        assert [(one.person_id, one.since, one.until) for one in history][:2] == [
            (MEMBER, TOMORROW, None),
            (OWNER, date(2025, 6, 1), TOMORROW),
        ]

    def test_takes_back_what_would_begin_later(self, session: Session, admin: Actor) -> None:
        given: dict[str, Any] = {"person_id": STRANGER, "since": TOMORROW}
        assignments.assign(session, admin, now=NOW, territory_slug="georgia", **given)
        reassign(session, admin, holders(territory_ids=(GEORGIA,), to_id=MEMBER))
        assert lasting(session, GEORGIA) == {(MEMBER, TODAY)}

    def test_leaves_the_other_holders_of_a_leavers_territory(
        self, session: Session, admin: Actor
    ) -> None:
        given: dict[str, Any] = {"person_id": STRANGER, "since": TODAY}
        assignments.assign(session, admin, now=NOW, territory_slug="georgia", **given)
        reassign(session, admin, holders(holder_id=OWNER, to_id=MEMBER))
        assert lasting(session, GEORGIA) == {(STRANGER, TODAY), (MEMBER, TODAY)}

    def test_moves_accounts_and_holders_together(self, session: Session, admin: Actor) -> None:
        holder_part = HolderChoice(holder_id=OWNER, to_id=MEMBER)
        account_part = AccountChoice(holder_id=OWNER, to_id=FLORIDA)
        made = reassign(session, admin, Choice(TODAY, holder_part, account_part))
        assert made.title == (
            "Territories of Olivia Owner to Max Member; accounts of Olivia Owner to Florida"
        )
        assert state(session)[1] == [(MERCY, FLORIDA), (ROADWAY, NEVADA)]
        moved = session.query(ReassignedAccount).one()
        assert (moved.account_id, moved.former_id, moved.territory_id) == (MERCY, GEORGIA, FLORIDA)

    def test_is_journalled_as_a_whole_and_for_each_assignment(
        self, session: Session, admin: Actor
    ) -> None:
        reassign(session, admin, holders(holder_id=OWNER, to_id=MEMBER))
        assert journalled(session) == [
            "assignment.ended",
            "assignment.started",
            "reassignment.made",
        ]
        assert last_entry(session).data == {"territories": 1, "accounts": 0, "promises": 0}

    def test_is_refused_when_something_has_changed_since_the_preview(
        self, session: Session, admin: Actor
    ) -> None:
        choice = holders(holder_id=OWNER, to_id=MEMBER)
        seen = look(session, admin, choice)
        given: dict[str, Any] = {"person_id": OWNER, "since": TODAY}
        assignments.assign(session, admin, now=NOW, territory_slug="nevada", **given)
        before = state(session)
        with pytest.raises(Conflict, match="have changed since the preview"):
            reassignments.carry_out(
                session, admin, choice, fingerprint=seen.fingerprint, now=NOW, today=TODAY
            )
        assert state(session) == before

    def test_of_nothing_is_refused(self, session: Session, admin: Actor) -> None:
        choice = holders(holder_id=STRANGER, to_id=STRANGER)
        assert "Nothing would move" in refused(lambda: reassign(session, admin, choice))[""]

    def test_takes_the_same_statements_for_few_and_many(
        self, database: Database, admin: Actor, count_queries: Counter
    ) -> None:
        numbers = []
        for choice in (
            holders(territory_ids=(NEVADA,), to_id=MEMBER),
            holders(region_id=SOUTHEAST, to_id=STRANGER),
        ):
            with database.writing() as session:
                seen = look(session, admin, choice)
                with count_queries(database) as statements:
                    reassignments.carry_out(
                        session, admin, choice, fingerprint=seen.fingerprint, now=NOW, today=TODAY
                    )
            numbers.append(len(statements))
        assert numbers[0] == numbers[1]


class TestTheList:
    def test_is_for_managers_and_admins(self, session: Session, characters: Characters) -> None:
        deed = who_may(
            session,
            characters,
            lambda actor: reassignment_views.list_reassignments(session, actor, now=NOW, limit=10),
        )
        assert deed == {"manager", "admin"}

    def test_shows_managers_what_touches_their_part(
        self, session: Session, characters: Characters
    ) -> None:
        admin, manager = characters.admin, characters.manager
        west = reassign(session, admin, holders(territory_ids=(NEVADA,), to_id=MEMBER))
        east = reassign(session, admin, holders(territory_ids=(GEORGIA,), to_id=MEMBER))
        placed = reassign(session, admin, accounts(region_id=WEST, to_id=FLORIDA))
        seen = reassignment_views.list_reassignments(session, manager, now=NOW, limit=10)
        assert [one.id for one in seen] == [placed.id, east.id]
        with pytest.raises(NotFound):
            reassignment_views.get(session, manager, reassignment_id=west.id, now=NOW)

    def test_goes_on_behind_a_number(self, session: Session, admin: Actor) -> None:
        first = reassign(session, admin, holders(territory_ids=(NEVADA,), to_id=MEMBER))
        second = reassign(session, admin, holders(territory_ids=(GEORGIA,), to_id=MEMBER))
        older = reassignment_views.list_reassignments(
            session, admin, now=NOW, limit=10, after=second.id
        )
        assert [one.id for one in older] == [first.id]

    def test_of_rows_names_what_moved(self, session: Session, admin: Actor) -> None:
        choice = Choice(
            TODAY,
            HolderChoice(region_id=SOUTHEAST, to_id=MEMBER),
            AccountChoice(region_id=GEORGIA, to_id=FLORIDA),
        )
        made = reassign(session, admin, choice)
        given: dict[str, Any] = {"reassignment_id": made.id, "now": NOW, "limit": 10}
        rows = reassignment_views.holder_rows(session, admin, **given)
        assert [(row.place.id, row.former, row.next_holder) for row in rows] == [
            (SOUTHEAST, ("Manuel Manager",), "Max Member"),
            (GEORGIA, ("Olivia Owner",), "Max Member"),
        ]
        placed = reassignment_views.account_rows(session, admin, **given)
        assert [(row.name, row.former and row.former.id) for row in placed] == [
            ("Mercy Hospital", GEORGIA)
        ]


def test_managers_reassign_what_they_hold_themselves(session: Session, manager: Actor) -> None:
    reassign(session, manager, holders(holder_id=MANAGER, to_id=MEMBER))
    assert lasting(session, SOUTHEAST) == {(MEMBER, TODAY)}
