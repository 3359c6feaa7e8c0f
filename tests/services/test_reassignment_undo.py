"""Taking a reassignment back: exactly as it was, for a day, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Forbidden, Invalid, NotFound
from insights.models import Account
from insights.services import accounts as account_service
from insights.services import assignments, people, territories
from insights.services.access import Actor
from insights.services.reassignment_filters import AccountChoice, Choice, HolderChoice
from insights.services.reassignment_undo import undo
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    MANAGER,
    MEMBER,
    MERCY,
    NEVADA,
    NOW,
    OWNER,
    SOUTHEAST,
    STRANGER,
    TODAY,
    WEST,
)
from tests.services.outcomes import journalled, who_may
from tests.services.reassigning import accounts, holders, reassign, state

TOMORROW = TODAY + timedelta(days=1)
LATER = NOW + timedelta(hours=23)
PLACES, PEOPLE = (SOUTHEAST, GEORGIA, FLORIDA, WEST, NEVADA), (OWNER, MEMBER, STRANGER, MANAGER)


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """Everything is theirs to reassign."""
    return characters.admin


def assign(session: Session, actor: Actor, slug: str, person_id: int, **period: Any) -> int:
    """The number of a new assignment, which begins today."""
    period = {"since": TODAY, **period}
    return assignments.assign(
        session, actor, now=NOW, territory_slug=slug, person_id=person_id, **period
    ).id


class TestUndoing:
    def test_restores_what_ended_and_removes_what_started(
        self, session: Session, admin: Actor
    ) -> None:
        assign(session, admin, "georgia", STRANGER, since=TOMORROW)
        assign(session, admin, "nevada", OWNER, until=TOMORROW)
        before = state(session)
        made = reassign(
            session,
            admin,
            Choice(
                TODAY,
                HolderChoice(territory_ids=(GEORGIA, NEVADA), to_id=MEMBER),
                AccountChoice(region_id=SOUTHEAST, to_id=NEVADA),
            ),
        )
        assert state(session) != before
        undone = undo(session, admin, reassignment_id=made.id, now=LATER)
        assert state(session) == before
        assert (undone.undone_at, undone.undone_by, undone.may_undo) == (LATER, "Ada Admin", False)
        assert journalled(session)[-1] == "reassignment.undone"

    def test_a_second_time_changes_nothing(self, session: Session, admin: Actor) -> None:
        made = reassign(session, admin, holders(holder_id=OWNER, to_id=MEMBER))
        first = undo(session, admin, reassignment_id=made.id, now=LATER)
        number = len(journalled(session))
        assert undo(session, admin, reassignment_id=made.id, now=LATER) == first
        assert len(journalled(session)) == number

    def test_is_refused_after_a_day(self, session: Session, admin: Actor) -> None:
        made = reassign(session, admin, holders(holder_id=OWNER, to_id=MEMBER))
        with pytest.raises(Conflict, match="can be undone for a day"):
            undo(session, admin, reassignment_id=made.id, now=NOW + timedelta(hours=24))

    def test_is_for_managers_of_all_that_moved(
        self, session: Session, characters: Characters
    ) -> None:
        made = reassign(session, characters.admin, holders(holder_id=OWNER, to_id=MEMBER))
        deed = who_may(
            session,
            characters,
            lambda actor: undo(session, actor, reassignment_id=made.id, now=LATER),
        )
        assert deed == {"manager", "admin"}

    def test_of_what_lies_partly_outside_is_refused_in_words(
        self, session: Session, characters: Characters
    ) -> None:
        choice = holders(territory_ids=(GEORGIA, NEVADA), to_id=MEMBER)
        made = reassign(session, characters.admin, choice)
        with pytest.raises(Forbidden, match="outside of your part: Nevada"):
            undo(session, characters.manager, reassignment_id=made.id, now=LATER)

    @pytest.mark.parametrize("reassignment_id", [0, 999, 2**70])
    def test_of_what_does_not_exist_is_refused(
        self, session: Session, admin: Actor, reassignment_id: int
    ) -> None:
        with pytest.raises(NotFound):
            undo(session, admin, reassignment_id=reassignment_id, now=LATER)


class TestWhatHasChangedSince:
    def test_among_the_holders_is_named(self, session: Session, admin: Actor) -> None:
        made = reassign(session, admin, holders(holder_id=OWNER, to_id=MEMBER))
        reassign(session, admin, holders(territory_ids=(GEORGIA,), to_id=STRANGER))
        before = state(session)
        with pytest.raises(Conflict, match="has changed: who holds Georgia"):
            undo(session, admin, reassignment_id=made.id, now=LATER)
        assert state(session) == before

    def test_by_assigning_the_former_holder_anew_is_named(
        self, session: Session, admin: Actor
    ) -> None:
        made = reassign(session, admin, holders(holder_id=OWNER, to_id=MEMBER))
        assign(session, admin, "georgia", OWNER)
        with pytest.raises(Conflict, match="who holds Georgia"):
            undo(session, admin, reassignment_id=made.id, now=LATER)

    def test_among_many_accounts_is_counted(self, session: Session, admin: Actor) -> None:
        added = [
            Account(name=f"Clinic {one}", folded=f"clinic {one}", territory_id=GEORGIA)
            for one in range(8)
        ]
        session.add_all(added)
        session.flush()
        made = reassign(session, admin, accounts(region_id=GEORGIA, to_id=FLORIDA))
        reassign(session, admin, accounts(region_id=FLORIDA, to_id=NEVADA))
        with pytest.raises(Conflict, match=r"Clinic 0, .*Clinic 4 and 4 more\."):
            undo(session, admin, reassignment_id=made.id, now=LATER)

    def test_to_one_account_is_enough(self, session: Session, admin: Actor) -> None:
        made = reassign(session, admin, accounts(region_id=GEORGIA, to_id=FLORIDA))
        account_service.change(session, admin, now=NOW, account_id=MERCY, territory="nevada")
        with pytest.raises(Conflict, match="Mercy Hospital"):
            undo(session, admin, reassignment_id=made.id, now=LATER)

    def test_because_somebody_has_left_or_a_territory_is_archived_is_named(
        self, session: Session, admin: Actor
    ) -> None:
        made = reassign(session, admin, holders(holder_id=OWNER, to_id=MEMBER))
        placed = reassign(session, admin, accounts(region_id=NEVADA, to_id=FLORIDA))
        people.deactivate(session, admin, now=NOW, today=TODAY, person_id=OWNER)
        territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
        with pytest.raises(Conflict, match="Olivia Owner has left"):
            undo(session, admin, reassignment_id=made.id, now=LATER)
        with pytest.raises(Conflict, match="Nevada is archived"):
            undo(session, admin, reassignment_id=placed.id, now=LATER)


periods = st.tuples(
    st.sampled_from(["southeast", "georgia", "florida", "west", "nevada"]),
    st.sampled_from(PEOPLE),
    st.integers(-3, 4),
    st.none() | st.integers(1, 5),
)
holder_choices = st.builds(
    HolderChoice,
    holder_id=st.none() | st.sampled_from(PEOPLE),
    region_id=st.none() | st.sampled_from(PLACES),
    territory_ids=st.lists(st.sampled_from(PLACES), unique=True).map(tuple),
    to_id=st.none() | st.sampled_from(PEOPLE),
    table=st.dictionaries(st.sampled_from(PLACES), st.sampled_from(PEOPLE), max_size=2),
    vacate=st.booleans(),
)
account_choices = st.builds(
    AccountChoice,
    holder_id=st.none() | st.sampled_from(PEOPLE),
    region_id=st.none() | st.sampled_from(PLACES),
    to_id=st.none() | st.sampled_from(PLACES),
)
choices = st.builds(
    Choice,
    since=st.integers(0, 4).map(lambda days: TODAY + timedelta(days=days)),
    holders=st.none() | holder_choices,
    accounts=st.none() | account_choices,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(periods, max_size=6), choice=choices)
def test_any_reassignment_and_its_undoing_change_nothing(
    database: Database,
    characters: Characters,
    history: list[tuple[str, int, int, int | None]],
    choice: Choice,
) -> None:
    session, admin = database.open_session(write=True), characters.admin
    try:
        for slug, person_id, begins, lasts in history:
            since = TODAY + timedelta(days=begins)
            until = None if lasts is None else since + timedelta(days=lasts)
            try:
                assign(session, admin, slug, person_id, since=since, until=until)
            except Invalid:
                continue
        before = state(session)
        try:
            made = reassign(session, admin, choice)
        except Invalid:
            assert state(session) == before
            return
        undo(session, admin, reassignment_id=made.id, now=LATER)
        assert state(session) == before
    finally:
        session.close()
