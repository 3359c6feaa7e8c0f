"""Handovers: prepared, carried out whole or not at all, cancelled; and who may see and do so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from unittest.mock import ANY

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Forbidden, NotFound
from insights.models import HandoverState, Person, Telling, TellingMatter
from insights.services import assignments, handover_letters, handovers, territories
from insights.services.access import Actor, load_actor
from insights.services.handover_checks import NewHandover
from insights.services.handovers import HandoverView
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    LEAVER,
    MEMBER,
    NEVADA,
    NOW,
    OWNER,
    STRANGER,
    TODAY,
    WEST,
)
from tests.services.outcomes import journalled, last_entry, refused, who_may

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def manager(characters: Characters) -> Actor:
    """Manages the Southeast with Georgia and Florida."""
    return characters.manager


def prepare(
    session: Session,
    actor: Actor,
    *chosen: tuple[int, int],
    from_id: int | None = OWNER,
    on: date = TODAY,
    **more: Any,
) -> list[HandoverView]:
    wanted = [NewHandover(*one) for one in chosen or ((GEORGIA, MEMBER),)]
    return handovers.prepare(
        session, actor, wanted, from_id=from_id, on=on, now=NOW, today=TODAY, **more
    )


@pytest.fixture
def prepared(session: Session, manager: Actor) -> HandoverView:
    """Georgia, from the owner to the member, today."""
    return prepare(session, manager)[0]


def carry_out(session: Session, actor: Actor, found: HandoverView) -> HandoverView:
    return handovers.carry_out(session, actor, found.id, now=NOW, today=TODAY)


def told(session: Session) -> list[tuple[int, TellingMatter, str]]:
    rows = session.scalars(select(Telling).order_by(Telling.id))
    return [(row.person_id, row.matter, row.subject) for row in rows]


class TestPreparing:
    def test_is_for_managers_of_the_territory_and_admins(
        self, session: Session, characters: Characters
    ) -> None:
        assert who_may(session, characters, lambda actor: prepare(session, actor)) == {
            "manager",
            "admin",
        }
        deed = lambda actor: prepare(  # noqa: E731
            session, actor, (NEVADA, OWNER), from_id=STRANGER
        )
        assert who_may(session, characters, deed) == {"admin"}

    def test_asks_the_leaver_and_changes_nothing_yet(
        self, session: Session, manager: Actor, prepared: HandoverView
    ) -> None:
        assert told(session) == [(OWNER, TellingMatter.HANDOVER_INTERVIEW, str(prepared.id))]
        assert load_actor(session, OWNER, today=TODAY).held == (GEORGIA,)
        assert prepared.is_prepared
        assert (prepared.from_name, prepared.to_name) == ("Olivia Owner", "Max Member")

    def test_several_territories_of_one_leaver_is_one_deed(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        assignments.assign(
            session, admin, now=NOW, territory_slug="nevada", person_id=OWNER, since=TODAY
        )
        made = prepare(session, admin, (GEORGIA, MEMBER), (NEVADA, STRANGER), on=TOMORROW)
        assert [one.territory.id for one in made] == [GEORGIA, NEVADA]
        assert journalled(session)[1:] == ["handover.prepared"] * 2

    def test_somebody_who_manages_one_of_two_prepares_neither(
        self, session: Session, manager: Actor
    ) -> None:
        with pytest.raises(Forbidden):
            prepare(session, manager, (GEORGIA, MEMBER), (NEVADA, MEMBER))
        assert journalled(session) == []

    @pytest.mark.parametrize(
        "case",
        [
            ((GEORGIA, OWNER), {}, "person", "holds it now"),
            ((GEORGIA, LEAVER), {}, "person", "deactivated"),
            ((GEORGIA, 999), {}, "person", "Choose who"),
            ((GEORGIA, 2**70), {}, "person", "Choose who"),
            ((FLORIDA, STRANGER), {}, "from", "do not hold Florida"),
            ((GEORGIA, MEMBER), {"from_id": None}, "from", "Georgia is held by somebody"),
            ((GEORGIA, MEMBER), {"from_id": 2**70}, "from", "no such person"),
            ((GEORGIA, MEMBER), {"on": YESTERDAY}, "on", "Choose a day from"),
            ((2**70, MEMBER), {}, "territories", "not there"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, session: Session, characters: Characters, case: tuple[Any, ...]
    ) -> None:
        chosen, given, field, reason = case
        fields = refused(lambda: prepare(session, characters.admin, chosen, **given))
        assert reason in fields[field]

    def test_refuses_an_archived_territory_and_the_same_one_twice(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        twice = refused(lambda: prepare(session, admin, (GEORGIA, MEMBER), (GEORGIA, STRANGER)))
        assert "each once" in twice["territories"]
        territories.archive(session, admin, now=NOW, today=TODAY, slug="georgia")
        assert "archived" in refused(lambda: prepare(session, admin))["territories"]

    def test_a_second_time_names_who_was_first(
        self, session: Session, characters: Characters, prepared: HandoverView
    ) -> None:
        with pytest.raises(Conflict, match="Manuel Manager prepared a handover of Georgia on"):
            prepare(session, characters.admin, (GEORGIA, STRANGER))

    def test_two_at_once_take_turns(self, database: Database, manager: Actor) -> None:
        barrier = Barrier(2)

        def prepare_too(_number: int) -> str:
            barrier.wait()
            try:
                with database.writing() as session:
                    return prepare(session, manager)[0].to_name
            except Conflict as conflict:
                return conflict.message

        with ThreadPoolExecutor(2) as threads:
            answers = sorted(threads.map(prepare_too, range(2)), key=len)
        assert answers[1].endswith("Change or cancel that one.")
        with database.reading() as session:
            assert len(handovers.list_handovers(session, manager, limit=9)) == 1

    def test_of_what_nobody_holds_asks_nobody(
        self, session: Session, characters: Characters
    ) -> None:
        [made] = prepare(session, characters.admin, (WEST, STRANGER), from_id=None)
        assert made.from_name is None
        assert told(session) == []


class TestCarryingOut:
    def test_changes_the_holder_and_tells_the_next_one(
        self, session: Session, manager: Actor, prepared: HandoverView
    ) -> None:
        done = carry_out(session, manager, prepared)
        assert (done.state, done.done_at) == (HandoverState.DONE, NOW)
        assert load_actor(session, OWNER, today=TODAY).held == ()
        assert GEORGIA in load_actor(session, MEMBER, today=TODAY).held
        assert (MEMBER, TellingMatter.HANDOVER, str(done.id)) in told(session)
        assert journalled(session)[1:] == [
            "assignment.ended",
            "assignment.started",
            "handover.done",
        ]
        assert last_entry(session).data == {
            "territory": GEORGIA,
            "from": OWNER,
            "to": MEMBER,
            "on": TODAY.isoformat(),
        }

    def test_works_ahead_of_the_day(self, session: Session, manager: Actor) -> None:
        [made] = prepare(session, manager, on=TOMORROW)
        assert carry_out(session, manager, made).on == TOMORROW
        assert load_actor(session, OWNER, today=TODAY).held == (GEORGIA,)
        assert load_actor(session, OWNER, today=TOMORROW).held == ()
        assert GEORGIA in load_actor(session, MEMBER, today=TOMORROW).held

    def test_after_the_day_happens_today(self, session: Session, manager: Actor) -> None:
        [made] = prepare(session, manager)
        done = handovers.carry_out(session, manager, made.id, now=NOW, today=TOMORROW)
        assert done.on == TOMORROW

    def test_of_what_nobody_holds_only_starts(
        self, session: Session, characters: Characters
    ) -> None:
        [made] = prepare(session, characters.admin, (WEST, STRANGER), from_id=None)
        carry_out(session, characters.admin, made)
        assert load_actor(session, STRANGER, today=TODAY).held == (WEST, NEVADA)

    def test_is_for_managers_and_admins(
        self, session: Session, characters: Characters, prepared: HandoverView
    ) -> None:
        for actor in (characters.owner, characters.member):
            with pytest.raises(Forbidden):
                carry_out(session, actor, prepared)
        for actor in (characters.stranger, characters.analyst):
            with pytest.raises(NotFound):
                carry_out(session, actor, prepared)

    def test_twice_or_after_cancelling_is_refused(
        self, session: Session, manager: Actor, prepared: HandoverView
    ) -> None:
        carry_out(session, manager, prepared)
        with pytest.raises(Conflict, match="carried out already"):
            carry_out(session, manager, prepared)
        [other] = prepare(session, manager, (FLORIDA, OWNER), from_id=MEMBER)
        handovers.cancel(session, manager, other.id, now=NOW)
        with pytest.raises(Conflict, match="cancelled"):
            carry_out(session, manager, other)

    def test_that_fails_in_the_midst_leaves_everything_as_it_was(
        self, database: Database, characters: Characters
    ) -> None:
        with database.writing() as session:
            [made] = prepare(session, characters.manager)
            session.get_one(Person, MEMBER).deactivated_at = NOW

        def carry_out_for_good() -> None:
            with database.writing() as session:
                carry_out(session, characters.manager, made)

        assert "deactivated" in refused(carry_out_for_good)["person"]
        with database.reading() as session:
            assert load_actor(session, OWNER, today=TODAY).held == (GEORGIA,)
            again = handovers.get(session, characters.manager, made.id)
            assert again.is_prepared
            assert journalled(session) == ["handover.prepared"]
            assert [matter for _, matter, _ in told(session)] == [TellingMatter.HANDOVER_INTERVIEW]


class TestChanging:
    def test_says_what_was_changed(
        self, session: Session, manager: Actor, prepared: HandoverView
    ) -> None:
        given: Any = {"to_id": STRANGER, "on": TOMORROW, "interim": False}
        changed = handovers.change(session, manager, prepared.id, now=NOW, today=TODAY, **given)
        assert (changed.to_name, changed.on) == ("Stella Stranger", TOMORROW)
        assert last_entry(session).data["fields"] == ["on", "to_id"]

    def test_to_the_same_is_no_change(
        self, session: Session, manager: Actor, prepared: HandoverView
    ) -> None:
        handovers.change(session, manager, prepared.id, now=NOW, today=TODAY, to_id=MEMBER)
        assert journalled(session) == ["handover.prepared"]

    @pytest.mark.parametrize(
        ("given", "field"), [({"to_id": OWNER}, "person"), ({"on": YESTERDAY}, "on")]
    )
    def test_to_what_cannot_be_is_refused(
        self,
        session: Session,
        manager: Actor,
        prepared: HandoverView,
        given: Any,
        field: str,
    ) -> None:
        deed = lambda: handovers.change(  # noqa: E731
            session, manager, prepared.id, now=NOW, today=TODAY, **given
        )
        assert list(refused(deed)) == [field]

    def test_cancelling_leaves_the_holder(
        self, session: Session, manager: Actor, prepared: HandoverView
    ) -> None:
        handovers.cancel(session, manager, prepared.id, now=NOW)
        assert load_actor(session, OWNER, today=TODAY).held == (GEORGIA,)
        assert journalled(session)[-1] == "handover.cancelled"


class TestSeeing:
    def test_is_for_both_people_managers_and_admins(
        self, session: Session, characters: Characters, prepared: HandoverView
    ) -> None:
        def listed(actor: Actor) -> list[int]:
            return [one.id for one in handovers.list_handovers(session, actor, limit=9)]

        seeing = {name for name, actor in vars(characters).items() if listed(actor)}
        assert seeing == {"owner", "member", "manager", "admin"}
        with pytest.raises(NotFound):
            handovers.get(session, characters.stranger, prepared.id)

    def test_a_list_is_narrowed_and_goes_on(self, session: Session, manager: Actor) -> None:
        [first] = prepare(session, manager)
        [second] = prepare(session, manager, (FLORIDA, OWNER), from_id=MEMBER)
        carry_out(session, manager, first)
        listing: Any = lambda **more: [  # noqa: E731
            one.id for one in handovers.list_handovers(session, manager, limit=9, **more)
        ]
        assert listing() == [second.id, first.id]
        assert listing(states=[HandoverState.DONE]) == [first.id]
        assert listing(after=second.id) == [first.id]
        assert listing(after=2**70) == [second.id, first.id]

    def test_what_somebody_took_over_is_fresh_for_two_months(
        self, session: Session, characters: Characters, prepared: HandoverView
    ) -> None:
        carry_out(session, characters.manager, prepared)
        taken: Any = lambda today: handovers.received(  # noqa: E731
            session, characters.member, today=today, limit=9
        )
        assert [one.id for one in taken(TODAY)] == [prepared.id]
        assert taken(TODAY + timedelta(days=61)) == []
        assert handovers.received(session, characters.owner, today=TODAY, limit=9) == []


class TestLetters:
    def test_ask_the_leaver_until_everything_is_told(
        self, session: Session, characters: Characters, prepared: HandoverView
    ) -> None:
        letter = handover_letters.interview(session, characters.owner, str(prepared.id))
        assert letter is not None
        assert (letter.title, letter.key) == ("Tell what Georgia needs to know", str(prepared.id))
        assert "Max Member" in letter.lines[0]
        assert handover_letters.interview(session, characters.member, str(prepared.id)) is None
        handovers.cancel(session, characters.manager, prepared.id, now=NOW)
        assert handover_letters.interview(session, characters.owner, str(prepared.id)) is None

    def test_tell_the_next_holder_once_it_is_done(
        self, session: Session, characters: Characters, prepared: HandoverView
    ) -> None:
        assert handover_letters.received(session, characters.member, str(prepared.id)) is None
        carry_out(session, characters.manager, prepared)
        letter = handover_letters.received(session, characters.member, str(prepared.id))
        assert letter is not None
        assert letter.title == "Georgia is yours: read the brief"
        assert letter.lines == [ANY, ANY]
        for other in (characters.owner, characters.stranger, characters.manager):
            assert handover_letters.received(session, other, str(prepared.id)) is None
        assert len(letter.title) <= 150
