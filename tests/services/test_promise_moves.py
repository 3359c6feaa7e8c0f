"""Open promises go with their account to its next territory, and come back with an undo."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Account, Promise
from insights.services import accounts as account_service
from insights.services import promises
from insights.services.access import Actor
from insights.services.reassignment_filters import Choice
from insights.services.reassignment_undo import undo
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, MERCY, NEVADA, NOW, ROADWAY, SOUTHEAST, WEST
from tests.services.outcomes import journalled, last_entry
from tests.services.reassigning import accounts, look, reassign
from tests.services.test_promises import make, open_for

HOURS_LATER = NOW + timedelta(hours=3)
PLACES = (GEORGIA, FLORIDA, NEVADA, SOUTHEAST, WEST)


@pytest.fixture
def admin(characters: Characters) -> Actor:
    return characters.admin


def places(session: Session) -> dict[UUID, int]:
    """Where each promise stands."""
    rows = session.execute(select(Promise.id, Promise.territory_id)).all()
    return {row.id: row.territory_id for row in rows}


def put(session: Session, account_id: int, territory_id: int | None) -> None:
    session.get_one(Account, account_id).territory_id = territory_id
    session.flush()


class TestAnAccountThatIsChanged:
    def test_takes_its_open_promises_along(self, session: Session, characters: Characters) -> None:
        make(session, characters.owner, account_id=MERCY)
        account_service.change(
            session, characters.admin, now=NOW, account_id=MERCY, territory="florida"
        )
        assert open_for(session, characters.member) == ["A price list"]
        assert journalled(session)[-2:] == ["account.changed", "promise.changed"]
        assert last_entry(session).data == {
            "territory": FLORIDA, "account": MERCY, "fields": ["territory"],
        }  # fmt: skip

    def test_leaves_what_is_settled_stands_elsewhere_or_is_of_others(
        self, session: Session, characters: Characters
    ) -> None:
        kept = make(session, characters.owner, account_id=MERCY)
        promises.settle(session, characters.owner, kept, kept=True, now=NOW)
        elsewhere = make(session, characters.admin, account_id=MERCY, territory_id=NEVADA)
        others = make(session, characters.owner)
        before = places(session)
        account_service.change(
            session, characters.admin, now=NOW, account_id=MERCY, territory="florida"
        )
        assert places(session) == before
        assert set(before) == {kept, elsewhere, others}

    @pytest.mark.parametrize("change", [{"territory": None}, {"name": "Mercy"}])
    def test_without_a_next_territory_leaves_them(
        self, session: Session, characters: Characters, change: dict[str, Any]
    ) -> None:
        make(session, characters.owner, account_id=MERCY)
        account_service.change(session, characters.admin, now=NOW, account_id=MERCY, **change)
        assert set(places(session).values()) == {GEORGIA}

    def test_does_not_make_a_second_send_another_promise(
        self, session: Session, characters: Characters
    ) -> None:
        identity = make(session, characters.owner, account_id=MERCY)
        account_service.change(
            session, characters.admin, now=NOW, account_id=MERCY, territory="florida"
        )
        again = promises.make(
            session, characters.owner, promise_id=identity, territory_id=GEORGIA,
            account_id=MERCY, text="A price list", now=HOURS_LATER,
        )  # fmt: skip
        assert again is False


class TestAReassignment:
    def test_takes_open_promises_along_and_counts_them(
        self, session: Session, admin: Actor
    ) -> None:
        moved = make(session, admin, account_id=MERCY)
        stays = make(session, admin, account_id=MERCY, territory_id=NEVADA)
        reassign(session, admin, accounts(region_id=GEORGIA, to_id=FLORIDA))
        assert places(session) == {moved: FLORIDA, stays: NEVADA}
        assert last_entry(session).data["promises"] == 1

    def test_that_is_undone_puts_them_back_also_when_kept_meanwhile(
        self, session: Session, admin: Actor
    ) -> None:
        kept = make(session, admin, account_id=MERCY)
        # Of the account, but in the territory that it goes to: it was there before.
        there = make(session, admin, account_id=MERCY, territory_id=FLORIDA)
        before = places(session)
        made = reassign(session, admin, accounts(region_id=GEORGIA, to_id=FLORIDA))
        promises.settle(session, admin, kept, kept=True, now=HOURS_LATER)
        undo(session, admin, reassignment_id=made.id, now=HOURS_LATER)
        assert places(session) == before
        assert before[there] == FLORIDA

    def test_that_is_undone_sends_new_promises_back_with_the_account(
        self, session: Session, admin: Actor
    ) -> None:
        made = reassign(session, admin, accounts(region_id=GEORGIA, to_id=FLORIDA))
        new = make_later(session, admin, account_id=MERCY, territory_id=FLORIDA)
        undo(session, admin, reassignment_id=made.id, now=HOURS_LATER)
        assert places(session) == {new: GEORGIA}

    def test_asks_as_often_for_many_promises_as_for_one(
        self, database: Database, session: Session, admin: Actor, count_queries: Counter
    ) -> None:
        def asked() -> int:
            made = reassign(session, admin, accounts(region_id=GEORGIA, to_id=FLORIDA))
            undo(session, admin, reassignment_id=made.id, now=HOURS_LATER)
            with count_queries(database) as queries:
                made = reassign(session, admin, accounts(region_id=GEORGIA, to_id=FLORIDA))
            undo(session, admin, reassignment_id=made.id, now=HOURS_LATER)
            return len(queries)

        make(session, admin, account_id=MERCY)
        one = asked()
        for _ in range(5):
            make(session, admin, account_id=MERCY)
        assert asked() == one


def make_later(session: Session, actor: Actor, **given: Any) -> UUID:
    identity = make(session, actor, **given)
    session.get_one(Promise, identity).made_at = NOW + timedelta(hours=1)
    session.flush()
    return identity


_PROMISE = some.tuples(
    some.sampled_from((None, MERCY, ROADWAY)), some.sampled_from(PLACES), some.booleans()
)


@given(
    made=some.lists(_PROMISE, max_size=6),
    stood=some.tuples(*[some.sampled_from((None, *PLACES))] * 2),
    way=some.tuples(some.sampled_from(PLACES), some.sampled_from(PLACES)),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_moved_an_undo_restores(
    database: Database,
    characters: Characters,
    made: list[tuple[int | None, int, bool]],
    stood: Collection[int | None],
    way: tuple[int, int],
) -> None:
    with database.reading() as session:
        for account_id, place_id in zip((MERCY, ROADWAY), stood, strict=True):
            put(session, account_id, place_id)
        for account_id, place_id, settled in made:
            one = make(session, characters.admin, account_id=account_id, territory_id=place_id)
            if settled:
                promises.settle(session, characters.admin, one, kept=False, now=NOW)
        before = places(session)
        choice = accounts(region_id=way[0], to_id=way[1])
        if not _moves(session, characters.admin, choice):
            return
        done = reassign(session, characters.admin, choice)
        assert set(places(session)) == set(before)
        undo(session, characters.admin, reassignment_id=done.id, now=HOURS_LATER)
        assert places(session) == before


def _moves(session: Session, actor: Actor, choice: Choice) -> bool:
    return look(session, actor, choice).accounts > 0
