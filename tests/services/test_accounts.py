"""Accounts: seen by everyone, kept by marketing, managers and admins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Invalid, NotFound
from insights.models import Account, TeamType
from insights.services import accounts, segments, territories
from insights.services.access import Actor
from insights.services.accounts import AccountView
from insights.text import fold
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    ENTERPRISE,
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    MERCY,
    NEVADA,
    NOW,
    ROADWAY,
    SOUTHEAST,
    TODAY,
    TRUCKING,
)
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may

DEEDS: dict[str, Callable[[Session, Actor], object]] = {
    "create": lambda s, a: accounts.create(s, a, now=NOW, name="Bayside Clinic"),
    "change": lambda s, a: accounts.change(s, a, now=NOW, account_id=MERCY, name="Mercy"),
    "archive": lambda s, a: accounts.archive(s, a, now=NOW, account_id=MERCY),
    "restore": lambda s, a: accounts.restore(s, a, now=NOW, account_id=MERCY),
}


@pytest.fixture
def analyst(characters: Characters) -> Actor:
    """One of those who may."""
    return characters.analyst


def create(session: Session, actor: Actor, name: str = "Bayside", **given: Any) -> AccountView:
    return accounts.create(session, actor, now=NOW, name=name, **given)


def change(session: Session, actor: Actor, account_id: int, **changes: Any) -> AccountView:
    return accounts.change(session, actor, now=NOW, account_id=account_id, **changes)


def found(session: Session, actor: Actor, words: str, **given: Any) -> list[str]:
    return [one.name for one in accounts.find(session, actor, words=words, **given)]


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_accounts_are_kept_by_all_but_reps(
    session: Session, characters: Characters, deed: Callable[[Session, Actor], object]
) -> None:
    assert who_may(session, characters, lambda actor: deed(session, actor)) == CURATORS


def test_an_account_is_seen_by_everyone_with_its_territory_and_segments(
    session: Session, characters: Characters
) -> None:
    for actor in characters.everyone:
        view = accounts.get(session, actor, account_id=MERCY)
        assert view.territory is not None
        assert (view.territory.id, [one.id for one in view.segments]) == (GEORGIA, [HEALTHCARE])


@pytest.mark.parametrize("account_id", [0, -5, 999, 2**31, 2**64])
def test_an_account_that_does_not_exist_is_not_found(
    session: Session, analyst: Actor, account_id: int
) -> None:
    with pytest.raises(NotFound, match="There is no account number"):
        accounts.get(session, analyst, account_id=account_id)


class TestANewAccount:
    def test_has_a_territory_and_a_segment_of_each_dimension(
        self, session: Session, analyst: Actor
    ) -> None:
        segments_given = ["healthcare", "enterprise"]
        made = create(
            session, analyst, external_id=" crm 3 ", territory="florida", segments=segments_given
        )
        assert made == accounts.get(session, analyst, account_id=made.id)
        assert made.territory is not None
        assert (made.territory.id, made.external_id) == (FLORIDA, "crm 3")
        assert [one.id for one in made.segments] == [HEALTHCARE, ENTERPRISE]
        assert last_entry(session).data == {"name": "Bayside"}

    def test_needs_nothing_but_a_name(self, session: Session, analyst: Actor) -> None:
        made = create(session, analyst, external_id="", territory="")
        assert (made.external_id, made.territory, made.segments) == (None, None, ())

    def test_may_have_the_name_of_another(self, session: Session, analyst: Actor) -> None:
        assert create(session, analyst, "Mercy Hospital").id != MERCY

    def test_has_an_external_id_of_its_own(self, session: Session, analyst: Actor) -> None:
        message = refused(lambda: create(session, analyst, external_id="crm-1"))["external_id"]
        assert "The account Mercy Hospital has this external id" in message
        assert journalled(session) == []

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"territory": "atlantis"}, "territory"),
            ({"segments": ["mining"]}, "segments"),
            ({"segments": ["healthcare", "trucking"]}, "segments"),
            ({"external_id": "x" * 101}, "external_id"),
            ({"name": " "}, "name"),
        ],
    )
    def test_is_refused_with_the_field_that_is_wrong(
        self, session: Session, analyst: Actor, given: dict[str, Any], field: str
    ) -> None:
        assert list(refused(lambda: create(session, analyst, **given))) == [field]

    def test_is_told_everything_that_is_wrong_at_once(
        self, session: Session, analyst: Actor
    ) -> None:
        given: dict[str, Any] = {"external_id": "x" * 101, "territory": "?", "segments": ["?"]}
        assert len(refused(lambda: create(session, analyst, "", **given))) == 4

    def test_cannot_be_put_where_nothing_is_in_use(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
        segments.archive(session, admin, now=NOW, slug="trucking")
        fields = refused(lambda: create(session, admin, territory="nevada", segments=["trucking"]))
        assert fields == {
            "territory": "Nevada is archived. Choose another one.",
            "segments": "Trucking is archived. Choose another one.",
        }

    def test_of_one_external_id_is_made_once_by_two_at_the_same_time(
        self, database: Database, analyst: Actor
    ) -> None:
        start = Barrier(2, timeout=10)

        def attempt(name: str) -> bool:
            start.wait()
            try:
                with database.writing() as session:
                    create(session, analyst, name, external_id="crm-9")
            except Invalid:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, ("First", "Second"))) == [False, True]


class TestChanging:
    def test_leaves_alone_what_is_not_given(self, session: Session, analyst: Actor) -> None:
        changed = change(session, analyst, MERCY, name="Mercy General")
        assert (changed.name, changed.external_id) == ("Mercy General", "crm-1")
        assert [one.id for one in changed.segments] == [HEALTHCARE]
        assert last_entry(session).data == {"name": "Mercy General", "changed": ["name"]}

    def test_the_segments_replaces_them(self, session: Session, analyst: Actor) -> None:
        changed = change(session, analyst, MERCY, segments=["enterprise", "trucking"])
        assert [one.id for one in changed.segments] == [TRUCKING, ENTERPRISE]
        assert change(session, analyst, MERCY, segments=[]).segments == ()

    def test_to_none_removes_territory_and_external_id(
        self, session: Session, analyst: Actor
    ) -> None:
        changed = change(session, analyst, MERCY, territory=None, external_id=None)
        assert (changed.territory, changed.external_id) == (None, None)

    def test_nothing_is_possible_although_the_territory_was_archived(
        self, session: Session, characters: Characters
    ) -> None:
        admin = characters.admin
        territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
        unchanged = change(session, admin, ROADWAY, name="Roadway Freight", territory="nevada")
        assert unchanged.territory is not None
        assert "account.changed" not in journalled(session)

    def test_to_the_external_id_of_another_is_refused_and_changes_nothing(
        self, session: Session, analyst: Actor
    ) -> None:
        fields = refused(lambda: change(session, analyst, MERCY, name="Zeta", external_id="crm-2"))
        assert "Roadway Freight has this external id" in fields["external_id"]
        assert accounts.get(session, analyst, account_id=MERCY).name == "Mercy Hospital"


class TestFinding:
    @pytest.mark.parametrize("words", ["mer", "MERCY", " mercy  hosp", "Mércy"])
    def test_is_by_the_beginning_of_the_folded_name(
        self, session: Session, characters: Characters, words: str
    ) -> None:
        assert found(session, characters.stranger, words) == ["Mercy Hospital"]

    @pytest.mark.parametrize(
        "words", ["", "  ", "ospital", "%", "_ercy", "m%", "\\", "\x00", "\ud800"]
    )
    def test_finds_nothing_else(self, session: Session, analyst: Actor, words: str) -> None:
        assert found(session, analyst, words) == []

    def test_leaves_archived_accounts_out(self, session: Session, analyst: Actor) -> None:
        accounts.archive(session, analyst, now=NOW, account_id=MERCY)
        assert found(session, analyst, "mercy") == []
        accounts.restore(session, analyst, now=NOW, account_id=MERCY)
        assert found(session, analyst, "mercy") == ["Mercy Hospital"]
        assert journalled(session) == ["account.archived", "account.restored"]

    def test_gives_twenty_at_most_in_two_queries(
        self, database: Database, session: Session, analyst: Actor, count_queries: Counter
    ) -> None:
        add_many(session, 30)
        found(session, analyst, "branch")
        with count_queries(database) as statements:
            assert len(found(session, analyst, "branch", limit=1000)) == 20
        assert len(statements) == 2  # the accounts and their segments


def add_many(session: Session, count: int) -> None:
    """Accounts called Branch, in Florida."""
    rows = (
        Account(name=name, folded=fold(name), territory_id=FLORIDA)
        for name in (f"Branch {number % 7}" for number in range(count))
    )
    session.add_all(rows)
    session.flush()


class TestTheList:
    def test_is_read_page_by_page_without_a_gap_or_a_repetition(
        self, session: Session, analyst: Actor
    ) -> None:
        add_many(session, 30)
        seen: list[AccountView] = []
        while page := accounts.list_accounts(
            session, analyst, limit=7, after=seen[-1].id if seen else None
        ):
            seen += page
        assert len({one.id for one in seen}) == len(seen) == 32
        assert [fold(one.name) for one in seen] == sorted(fold(one.name) for one in seen)

    @pytest.mark.parametrize(
        ("territory_id", "expected"), [(SOUTHEAST, [MERCY]), (NEVADA, [ROADWAY]), (FLORIDA, [])]
    )
    def test_can_be_of_a_part_of_the_tree(
        self, session: Session, analyst: Actor, territory_id: int, expected: list[int]
    ) -> None:
        listed = accounts.list_accounts(session, analyst, limit=9, territory_id=territory_id)
        assert [one.id for one in listed] == expected

    def test_shows_archived_ones_when_asked(self, session: Session, analyst: Actor) -> None:
        accounts.archive(session, analyst, now=NOW, account_id=MERCY)
        in_use = accounts.list_accounts(session, analyst, limit=9)
        everything = accounts.list_accounts(session, analyst, limit=9, archived=True)
        assert [one.id for one in in_use] == [ROADWAY]
        assert [one.id for one in everything if one.archived] == [MERCY]

    @pytest.mark.parametrize("after", [0, 999, 2**70])
    def test_cannot_go_on_behind_what_does_not_exist(
        self, session: Session, analyst: Actor, after: int
    ) -> None:
        fields = refused(lambda: accounts.list_accounts(session, analyst, limit=9, after=after))
        assert list(fields) == ["cursor"]

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("hospital", [MERCY]),
            ("MÉRCY", [MERCY]),
            ("crm-2", [ROADWAY]),
            ("crm", []),
            ("%", []),
            ("\x00", [MERCY, ROADWAY]),
        ],
    )
    def test_can_be_searched_by_name_and_external_id(
        self, session: Session, analyst: Actor, words: str, expected: list[int]
    ) -> None:
        listed = accounts.list_accounts(session, analyst, limit=9, words=words)
        assert [one.id for one in listed] == expected


class TestStateAndTeam:
    def test_are_kept_in_one_form(self, session: Session, characters: Characters) -> None:
        changed = accounts.change(
            session,
            characters.analyst,
            now=NOW,
            account_id=MERCY,
            state=" ga ",
            team_type="Inside",
        )
        assert (changed.state, changed.team_type) == ("GA", TeamType.INSIDE)
        cleared = accounts.change(
            session, characters.analyst, now=NOW, account_id=MERCY, state=None, team_type=None
        )
        assert (cleared.state, cleared.team_type) == (None, None)

    def test_that_nobody_knows_are_refused(self, session: Session, characters: Characters) -> None:
        fields = refused(
            lambda: accounts.change(
                session,
                characters.analyst,
                now=NOW,
                account_id=MERCY,
                state="x" * 41,
                team_type="outside",
            )
        )
        assert list(fields) == ["state", "team_type"]
