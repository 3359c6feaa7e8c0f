"""Assignments: who held which territory from when to when, and who may say so."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import NotFound
from insights.models import Assignment, Person
from insights.services import assignments, handovers, territories
from insights.services.access import Actor, load_actor
from insights.services.assignments import Holding
from insights.services.handover_checks import NewHandover
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    LEAVER,
    MANAGER,
    MEMBER,
    NEVADA,
    NOW,
    OWNER,
    SOUTHEAST,
    STRANGER,
    TODAY,
)
from tests.services.outcomes import journalled, last_entry, refused, who_may
from tests.services.reassigning import holders, look

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def manager(characters: Characters) -> Actor:
    """Manages the Southeast with Georgia and Florida."""
    return characters.manager


def assign(
    session: Session,
    actor: Actor,
    slug: str = "georgia",
    person_id: int = MEMBER,
    **period: date | None,
) -> Holding:
    given: dict[str, Any] = {"person_id": person_id, "since": TODAY, **period}
    return assignments.assign(session, actor, now=NOW, territory_slug=slug, **given)


def end(session: Session, actor: Actor, assignment_id: int, until: date = TODAY) -> Holding:
    return assignments.end(session, actor, now=NOW, assignment_id=assignment_id, until=until)


def georgia_of_the_owner(session: Session) -> int:
    """The id of the assignment."""
    return session.query(Assignment).filter_by(person_id=OWNER).one().id


class TestAssigning:
    @pytest.mark.parametrize(
        ("slug", "allowed"), [("georgia", {"manager", "admin"}), ("nevada", {"admin"})]
    )
    def test_is_for_managers_of_the_territory_and_admins(
        self, session: Session, characters: Characters, slug: str, allowed: set[str]
    ) -> None:
        deed = who_may(session, characters, lambda actor: assign(session, actor, slug))
        assert deed == allowed

    def test_gives_the_territory_from_that_day_on(self, session: Session, manager: Actor) -> None:
        made = assign(session, manager, since=TOMORROW)
        assert (made.person_name, made.territory_name) == ("Max Member", "Georgia")
        assert load_actor(session, MEMBER, today=TODAY).held == (FLORIDA,)
        assert load_actor(session, MEMBER, today=TOMORROW).held == (GEORGIA, FLORIDA)

    def test_is_journalled(self, session: Session, manager: Actor) -> None:
        made = assign(session, manager, since=TODAY)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("assignment.started", str(made.id))
        assert entry.data == {
            "territory": GEORGIA,
            "person": MEMBER,
            "since": "2026-03-18",
            "until": None,
        }

    def test_leaves_other_holders_alone(self, session: Session, manager: Actor) -> None:
        assign(session, manager)
        holders = assignments.list_holders(session, manager, today=TODAY, territory_ids=[GEORGIA])
        assert {one.person_id for one in holders[GEORGIA]} == {OWNER, MEMBER}

    def test_of_a_territory_that_does_not_exist_is_refused(
        self, session: Session, manager: Actor
    ) -> None:
        with pytest.raises(NotFound, match="There is no territory “atlantis”"):
            assign(session, manager, "atlantis")

    def test_of_an_archived_territory_is_refused(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
        assert (
            "Nevada is archived" in refused(lambda: assign(session, admin, "nevada"))["territory"]
        )

    @pytest.mark.parametrize(
        ("person_id", "reason"), [(LEAVER, "deactivated"), (999, "no such"), (2**80, "no such")]
    )
    def test_to_somebody_who_is_not_here_is_refused(
        self, session: Session, manager: Actor, person_id: int, reason: str
    ) -> None:
        assert reason in refused(lambda: assign(session, manager, person_id=person_id))["person"]

    def test_to_a_guest_is_refused(self, session: Session, manager: Actor) -> None:
        session.get_one(Person, STRANGER).guest = True
        for deed in (
            lambda: assign(session, manager, person_id=STRANGER),
            lambda: handovers.prepare(
                session, manager, [NewHandover(GEORGIA, STRANGER)], from_id=OWNER, on=TODAY,
                now=NOW, today=TODAY,
            ),
            lambda: look(session, manager, holders(holder_id=OWNER, to_id=STRANGER)),
        ):  # fmt: skip
            (reasons,) = refused(deed).values()
            assert "is a guest" in reasons

    @pytest.mark.parametrize("since", [date.min, date(26, 3, 18), date(2031, 1, 1), date.max])
    def test_on_a_day_far_away_is_refused(
        self, session: Session, manager: Actor, since: date
    ) -> None:
        assert (
            "Choose a day between"
            in refused(lambda: assign(session, manager, since=since))["since"]
        )

    @pytest.mark.parametrize("until", [TODAY, YESTERDAY])
    def test_that_ends_before_it_has_begun_is_refused(
        self, session: Session, manager: Actor, until: date
    ) -> None:
        fields = refused(lambda: assign(session, manager, since=TODAY, until=until))
        assert fields["until"].startswith("Choose a day after 2026-03-18")


class TestTheSamePersonAndTerritory:
    @pytest.mark.parametrize(
        ("since", "until"),
        [
            (date(2025, 1, 1), None),
            (date(2025, 5, 31), date(2025, 6, 2)),
            (TODAY, None),
            (TOMORROW, TOMORROW + timedelta(days=1)),
        ],
    )
    def test_are_assigned_once_at_a_time(
        self, session: Session, manager: Actor, since: date, until: date | None
    ) -> None:
        fields = refused(
            lambda: assign(session, manager, "georgia", OWNER, since=since, until=until)
        )
        assert fields["person"] == ("Olivia Owner holds Georgia from 2025-06-01. End that first.")

    def test_may_meet_again_before_and_after(self, session: Session, manager: Actor) -> None:
        end(session, manager, georgia_of_the_owner(session))
        assign(
            session,
            manager,
            "georgia",
            OWNER,
            since=date(2025, 1, 1),
            until=date(2025, 6, 1),
        )
        assign(session, manager, "georgia", OWNER, since=TODAY)
        history = assignments.person_history(session, manager, person_id=OWNER)
        assert [(one.since, one.until) for one in history] == [
            (TODAY, None),
            (date(2025, 6, 1), TODAY),
            (date(2025, 1, 1), date(2025, 6, 1)),
        ]

    def test_are_refused_with_the_days_of_the_other_period(
        self, session: Session, manager: Actor
    ) -> None:
        assign(session, manager, "florida", OWNER, since=TODAY, until=TOMORROW)
        fields = refused(lambda: assign(session, manager, "florida", OWNER, since=YESTERDAY))
        assert "from 2026-03-18 until 2026-03-19" in fields["person"]


class TestEnding:
    def test_is_for_managers_of_the_territory_and_admins(
        self, session: Session, characters: Characters
    ) -> None:
        held = georgia_of_the_owner(session)
        deed = who_may(session, characters, lambda actor: end(session, actor, held))
        assert deed == {"manager", "admin"}

    def test_takes_the_territory_away_on_that_day(self, session: Session, manager: Actor) -> None:
        assert end(session, manager, georgia_of_the_owner(session), TOMORROW).until == TOMORROW
        assert load_actor(session, OWNER, today=TODAY).held == (GEORGIA,)
        assert load_actor(session, OWNER, today=TOMORROW).held == ()
        assert journalled(session) == ["assignment.ended"]

    def test_on_the_same_day_again_changes_nothing(self, session: Session, manager: Actor) -> None:
        for _ in range(2):
            end(session, manager, georgia_of_the_owner(session))
        assert journalled(session) == ["assignment.ended"]

    def test_can_be_brought_forward_but_not_put_off(self, session: Session, manager: Actor) -> None:
        held = georgia_of_the_owner(session)
        end(session, manager, held, TODAY)
        assert (
            "It ends on 2026-03-18"
            in refused(lambda: end(session, manager, held, TOMORROW))["until"]
        )
        assert end(session, manager, held, YESTERDAY).until == YESTERDAY

    @pytest.mark.parametrize("until", [date.min, date(2025, 6, 1), date.max])
    def test_is_refused_on_a_day_that_makes_no_sense(
        self, session: Session, manager: Actor, until: date
    ) -> None:
        held = georgia_of_the_owner(session)
        assert list(refused(lambda: end(session, manager, held, until))) == ["until"]

    @pytest.mark.parametrize("assignment_id", [0, 999, 2**70])
    def test_what_does_not_exist_is_refused(
        self, session: Session, manager: Actor, assignment_id: int
    ) -> None:
        with pytest.raises(NotFound, match="There is no assignment number"):
            end(session, manager, assignment_id)


class TestEndingEverythingOfAPerson:
    def test_takes_back_what_began_today_or_has_yet_to_begin(
        self, session: Session, manager: Actor
    ) -> None:
        assign(session, manager, "georgia", since=TODAY)
        assign(session, manager, "southeast", since=TOMORROW)
        of_member = Assignment.person_id == MEMBER
        entries = assignments.end_all(session, manager, of_member, now=NOW, today=TODAY)
        history = assignments.person_history(session, manager, person_id=MEMBER)
        assert [(one.territory_id, one.until) for one in history] == [(FLORIDA, TODAY)]
        assert [entry["verb"] for entry in entries] == ["assignment.ended"] * 3

    def test_leaves_what_has_ended_as_it_was(self, session: Session, manager: Actor) -> None:
        of_leaver = Assignment.person_id == LEAVER
        assert assignments.end_all(session, manager, of_leaver, now=NOW, today=TODAY) == []
        history = assignments.person_history(session, manager, person_id=LEAVER)
        assert [one.until for one in history] == [date(2025, 6, 1)]


class TestTheHistory:
    def test_of_a_territory_is_newest_first_and_seen_by_everyone(
        self, session: Session, characters: Characters
    ) -> None:
        for actor in characters.everyone:
            history = assignments.territory_history(session, actor, territory_id=GEORGIA)
            assert [one.person_name for one in history] == ["Olivia Owner", "Leo Leaver"]
            assert [one.holds_on(TODAY) for one in history] == [True, False]

    def test_of_all_territories_today_takes_one_query(
        self, database: Database, manager: Actor, count_queries: Counter
    ) -> None:
        with database.reading() as session, count_queries(database) as statements:
            holders = assignments.list_holders(session, manager, today=TODAY)
        assert len(statements) == 1
        assert {place: [one.person_id for one in those] for place, those in holders.items()} == {
            SOUTHEAST: [MANAGER],
            GEORGIA: [OWNER],
            FLORIDA: [MEMBER],
            NEVADA: [STRANGER],
        }

    def test_of_no_territories_is_empty(self, session: Session, manager: Actor) -> None:
        assert assignments.list_holders(session, manager, today=TODAY, territory_ids=[]) == {}


class TestTakingBack:
    @pytest.mark.parametrize("since", [TODAY, TOMORROW])
    def test_removes_what_has_not_lasted_a_day(
        self, session: Session, manager: Actor, since: date
    ) -> None:
        held = assign(session, manager, "georgia", since=since)
        given: dict[str, Any] = {"now": NOW, "today": TODAY, "assignment_id": held.id}
        assert assignments.take_back(session, manager, **given) == held
        history = assignments.territory_history(session, manager, territory_id=GEORGIA)
        assert held.id not in [one.id for one in history]
        assert last_entry(session).verb == "assignment.ended"
        with pytest.raises(NotFound):
            assignments.get(session, manager, assignment_id=held.id)

    def test_leaves_history_alone(self, session: Session, manager: Actor) -> None:
        held = georgia_of_the_owner(session)
        given: dict[str, Any] = {"now": NOW, "today": TODAY, "assignment_id": held}
        fields = refused(lambda: assignments.take_back(session, manager, **given))
        assert "End it instead" in fields[""]
        assert assignments.get(session, manager, assignment_id=held).person_name == "Olivia Owner"

    def test_is_for_managers_of_the_territory(
        self, session: Session, characters: Characters, manager: Actor
    ) -> None:
        held = assign(session, manager, "georgia", since=TODAY)
        given: dict[str, Any] = {"now": NOW, "today": TODAY, "assignment_id": held.id}
        allowed = who_may(session, characters, lambda a: assignments.take_back(session, a, **given))
        assert allowed == {"manager", "admin"}


class TestHandingOver:
    def hand_over(
        self, session: Session, actor: Actor, on: date = TODAY, **given: int
    ) -> list[str]:
        people = {"territory_id": GEORGIA, "from_id": OWNER, "to_id": MEMBER, **given}
        entries = assignments.hand_over(session, actor, **people, on=on, now=NOW, today=TODAY)
        return [entry["verb"] for entry in entries]

    def test_is_for_managers_of_the_territory_and_admins(
        self, session: Session, characters: Characters
    ) -> None:
        deed = who_may(session, characters, lambda actor: self.hand_over(session, actor))
        assert deed == {"manager", "admin"}

    def test_ends_the_one_and_starts_the_other_on_that_day(
        self, session: Session, manager: Actor
    ) -> None:
        done = self.hand_over(session, manager, TOMORROW)
        assert done == ["assignment.ended", "assignment.started"]
        assert load_actor(session, OWNER, today=TODAY).held == (GEORGIA,)
        assert load_actor(session, OWNER, today=TOMORROW).held == ()
        assert load_actor(session, MEMBER, today=TOMORROW).held == (GEORGIA, FLORIDA)

    def test_takes_back_what_began_today(self, session: Session, manager: Actor) -> None:
        held = assign(session, manager, "georgia", MANAGER, since=TODAY)
        self.hand_over(session, manager, from_id=MANAGER)
        history = assignments.territory_history(session, manager, territory_id=GEORGIA)
        assert held.id not in [one.id for one in history]
        assert {one.person_id for one in history} == {OWNER, LEAVER, MEMBER}

    def test_starts_nothing_for_who_holds_it_already(
        self, session: Session, manager: Actor
    ) -> None:
        assign(session, manager, "georgia", since=TODAY)
        assert self.hand_over(session, manager) == ["assignment.ended"]

    def test_goes_up_to_what_would_begin_later(self, session: Session, manager: Actor) -> None:
        assign(session, manager, "georgia", since=TOMORROW)
        self.hand_over(session, manager)
        history = assignments.territory_history(session, manager, territory_id=GEORGIA)
        theirs = [(one.since, one.until) for one in history if one.person_id == MEMBER]
        assert theirs == [(TOMORROW, None), (TODAY, TOMORROW)]

    @pytest.mark.parametrize(
        ("on", "to_id", "field"),
        [(YESTERDAY, MEMBER, "on"), (date.max, MEMBER, "on"), (TODAY, LEAVER, "person")],
    )
    def test_is_refused_in_the_past_and_to_who_has_left(
        self, session: Session, manager: Actor, on: date, to_id: int, field: str
    ) -> None:
        fields = refused(lambda: self.hand_over(session, manager, on, to_id=to_id))
        assert list(fields) == [field]
