"""Saved searches: kept by everyone for themselves, shown to colleagues when they are shared."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden, Invalid, NotFound
from insights.models import SavedSearch, SearchSort
from insights.services import people, saved_searches
from insights.services.access import Actor
from insights.services.saved_searches import MOST_PER_PERSON, SavedSearchView
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MANAGER, NOW, OWNER, TODAY
from tests.services.outcomes import EVERYONE, journalled, last_entry, refused, who_may

LATER = NOW + timedelta(hours=1)
QUERY = "ionfield pricing territory:georgia since:90d"


def save(session: Session, actor: Actor, name: str = "Ionfield", **given: Any) -> SavedSearchView:
    return saved_searches.save(session, actor, now=NOW, name=name, **{"query": QUERY, **given})


def change(session: Session, actor: Actor, found: SavedSearchView, **given: Any) -> SavedSearchView:
    return saved_searches.change(session, actor, now=LATER, search_id=found.id, **given)


def remove(session: Session, actor: Actor, found: SavedSearchView) -> None:
    saved_searches.remove(session, actor, now=NOW, search_id=found.id)


def names_for(session: Session, actor: Actor) -> list[str]:
    found = saved_searches.list_mine_and_shared(session, actor, limit=50)
    return [one.name for one in found]


def row_count(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(SavedSearch))


@pytest.fixture
def owner(characters: Characters) -> Actor:
    """A rep who looks the same things up again and again."""
    return characters.owner


@pytest.fixture
def private(session: Session, owner: Actor) -> SavedSearchView:
    """A search that the owner keeps to themselves."""
    return save(session, owner, "Private")


@pytest.fixture
def shared(session: Session, owner: Actor) -> SavedSearchView:
    """A search that the owner shares."""
    return save(session, owner, "Shared", shared=True)


class TestSaving:
    def test_is_for_everyone(self, session: Session, characters: Characters) -> None:
        assert who_may(session, characters, lambda one: save(session, one)) == EVERYONE

    def test_keeps_what_was_typed_in_its_clean_form(self, session: Session, owner: Actor) -> None:
        saved = save(session, owner, " Prices\nof Ionfield ", query=" “Ion\u200b field”\r\nprice ")
        assert (saved.name, saved.query) == ("Prices of Ionfield", "“Ion field” price")
        assert (saved.sort, saved.shared) == (SearchSort.RELEVANCE, False)
        assert (saved.owner_id, saved.owner_name, saved.mine) == (OWNER, "Olivia Owner", True)
        assert (saved.created_at, saved.updated_at) == (NOW, NOW)
        assert saved_searches.get(session, owner, search_id=saved.id) == saved

    def test_is_journalled_without_a_word_of_it(self, session: Session, owner: Actor) -> None:
        saved = save(session, owner, shared=True)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_type) == ("search.saved", "search")
        assert (entry.subject_id, entry.actor_id) == (str(saved.id), OWNER)
        assert entry.data == {"person": OWNER}

    @pytest.mark.parametrize(
        ("given", "field", "words"),
        [
            ({"name": ""}, "name", "Give the search a name"),
            ({"name": " \u200b™ "}, "name", "Give the search a name"),
            ({"name": "x" * 81}, "name", "Shorten the name to 80"),
            ({"name": "ﷺ" * 80}, "name", "Shorten the name to 80"),
            ({"query": " \u2060\n"}, "query", "Say what to search for"),
            ({"query": "x" * 1_001}, "query", "Shorten the search to 1,000"),
        ],
    )
    def test_is_refused_with_words_that_say_what_to_do(
        self, session: Session, owner: Actor, given: dict[str, str], field: str, words: str
    ) -> None:
        fields = refused(lambda: save(session, owner, **given))
        assert list(fields) == [field]
        assert words in fields[field]
        assert journalled(session) == []

    def test_takes_the_longest_that_is_allowed(self, session: Session, owner: Actor) -> None:
        saved = save(session, owner, "€" * 80, query="😀" * 1_000)
        assert (len(saved.name), len(saved.query)) == (80, 1_000)

    def test_tells_everything_that_is_wrong_at_once(self, session: Session, owner: Actor) -> None:
        assert sorted(refused(lambda: save(session, owner, "", query=""))) == ["name", "query"]

    @pytest.mark.parametrize("name", ["Prices", " PRICES ", "prićes"])
    def test_needs_a_name_that_no_other_of_theirs_has(
        self, session: Session, characters: Characters, owner: Actor, name: str
    ) -> None:
        save(session, owner, "Prices")
        fields = refused(lambda: save(session, owner, name))
        assert "called “Prices” already" in fields["name"]
        assert save(session, characters.member, name).mine

    def test_ends_at_so_many_for_each_person(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        for number in range(MOST_PER_PERSON):
            save(session, owner, f"Search {number}")
        fields = refused(lambda: save(session, owner, "One more"))
        assert "Remove one" in fields[""]
        assert save(session, characters.member).mine
        first = saved_searches.list_searches(session, owner, limit=1, mine=True)[0]
        remove(session, owner, first)
        assert save(session, owner, "One more").mine

    def test_at_the_same_time_gives_a_name_once(self, database: Database, owner: Actor) -> None:
        def attempt(_: int) -> bool:
            try:
                with database.writing() as session:
                    save(session, owner)
            except Invalid:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]


class TestSeeing:
    def test_a_private_one_is_for_its_owner_alone(
        self, session: Session, characters: Characters, private: SavedSearchView
    ) -> None:
        for one in characters.everyone:
            if one.id == OWNER:
                assert saved_searches.get(session, one, search_id=private.id) == private
                continue
            with pytest.raises(NotFound):
                saved_searches.get(session, one, search_id=private.id)
            assert names_for(session, one) == []
            assert saved_searches.list_searches(session, one, limit=9) == []

    def test_a_shared_one_is_for_everyone(
        self, session: Session, characters: Characters, shared: SavedSearchView
    ) -> None:
        for one in characters.everyone:
            seen = saved_searches.get(session, one, search_id=shared.id)
            assert (seen.name, seen.query, seen.owner_name) == ("Shared", QUERY, "Olivia Owner")
            assert seen.mine is (one.id == OWNER)
            assert seen.may_change is (one in (characters.owner, characters.admin))
            assert names_for(session, one) == ["Shared"]

    def test_a_shared_one_outlasts_its_owners_time_here(
        self,
        session: Session,
        characters: Characters,
        private: SavedSearchView,
        shared: SavedSearchView,
    ) -> None:
        people.deactivate(
            session, characters.admin, now=NOW, today=TODAY, person_id=OWNER, caretaker_id=MANAGER
        )
        assert names_for(session, characters.member) == ["Shared"]
        assert change(session, characters.admin, shared, name="Inherited").name == "Inherited"

    @pytest.mark.parametrize("number", [0, -1, 999, 2**31, 2**70])
    def test_a_number_that_none_has_does_not_exist(
        self, session: Session, owner: Actor, number: int
    ) -> None:
        with pytest.raises(NotFound):
            saved_searches.get(session, owner, search_id=number)


class TestChanging:
    DEEDS: tuple[Callable[[Session, Actor, SavedSearchView], object], ...] = (
        lambda session, actor, found: change(session, actor, found, name="Other"),
        lambda session, actor, found: change(session, actor, found, shared=False),
        remove,
    )

    @pytest.mark.parametrize("deed", DEEDS, ids=["rename", "unshare", "remove"])
    def test_a_shared_one_is_for_the_owner_and_admins(
        self,
        session: Session,
        characters: Characters,
        shared: SavedSearchView,
        deed: Callable[[Session, Actor, SavedSearchView], object],
    ) -> None:
        allowed = who_may(session, characters, lambda one: deed(session, one, shared))
        assert allowed == {"owner", "admin"}

    @pytest.mark.parametrize("deed", DEEDS, ids=["rename", "unshare", "remove"])
    def test_a_private_one_does_not_exist_for_others(
        self,
        session: Session,
        characters: Characters,
        private: SavedSearchView,
        deed: Callable[[Session, Actor, SavedSearchView], object],
    ) -> None:
        for one in characters.everyone:
            if one.id != OWNER:
                with pytest.raises(NotFound):
                    deed(session, one, private)
        assert names_for(session, characters.owner) == ["Private"]

    def test_changes_what_is_given_and_nothing_else(
        self, session: Session, owner: Actor, private: SavedSearchView
    ) -> None:
        changed = change(session, owner, private, query="acme", sort=SearchSort.NEWEST)
        assert (changed.name, changed.query, changed.sort) == ("Private", "acme", "newest")
        assert (changed.shared, changed.created_at, changed.updated_at) == (False, NOW, LATER)
        assert saved_searches.get(session, owner, search_id=private.id) == changed

    def test_is_journalled_with_the_names_of_the_fields(
        self, session: Session, characters: Characters, shared: SavedSearchView
    ) -> None:
        change(session, characters.admin, shared, query="acme", name="Acme", shared=True)
        entry = last_entry(session)
        assert (entry.verb, entry.actor_id) == ("search.changed", characters.admin.id)
        assert entry.data == {"person": OWNER, "fields": ["name", "query"]}

    def test_to_what_it_is_already_does_nothing(
        self, session: Session, owner: Actor, private: SavedSearchView
    ) -> None:
        assert change(session, owner, private) == private
        assert (
            change(session, owner, private, name=" Private", query=QUERY, shared=False) == private
        )
        assert journalled(session) == ["search.saved"]

    def test_refuses_a_name_that_another_of_the_owners_has(
        self,
        session: Session,
        characters: Characters,
        private: SavedSearchView,
        shared: SavedSearchView,
    ) -> None:
        for one, words in (
            (characters.owner, "You have a saved search called “Private” already"),
            (characters.admin, "Its owner has another saved search of this name"),
        ):
            fields = refused(lambda one=one: change(session, one, shared, name="PRIVATE"))
            assert words in fields["name"]
        assert change(session, characters.owner, shared, name="SHARED").name == "SHARED"

    def test_refuses_what_saving_refuses(
        self, session: Session, owner: Actor, private: SavedSearchView
    ) -> None:
        fields = refused(lambda: change(session, owner, private, name="x" * 81, query=""))
        assert sorted(fields) == ["name", "query"]


class TestRemoving:
    def test_deletes_the_row_and_says_so_in_the_journal(
        self, session: Session, characters: Characters, shared: SavedSearchView
    ) -> None:
        remove(session, characters.admin, shared)
        assert row_count(session) == 0
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("search.removed", str(shared.id))
        assert entry.data == {"person": OWNER}

    def test_a_second_time_finds_nothing(
        self, session: Session, owner: Actor, private: SavedSearchView
    ) -> None:
        remove(session, owner, private)
        with pytest.raises(NotFound):
            remove(session, owner, private)

    def test_at_the_same_time_as_a_change_is_no_failure(
        self, database: Database, owner: Actor
    ) -> None:
        with database.writing() as session:
            found = save(session, owner)

        def attempt(deed: Callable[[Session], object]) -> str:
            try:
                with database.writing() as session:
                    deed(session)
            except NotFound:
                return "gone"
            return "done"

        deeds: list[Callable[[Session], object]] = [
            lambda session: remove(session, owner, found),
            lambda session: change(session, owner, found, query="acme"),
            lambda session: remove(session, owner, found),
        ]
        with ThreadPoolExecutor(3) as pool:
            outcomes = list(pool.map(attempt, deeds))
        assert [outcomes[0], outcomes[2]].count("done") == 1
        with database.reading() as session:
            assert row_count(session) == 0


class TestTheLists:
    @pytest.fixture(autouse=True)
    def saved(self, session: Session, characters: Characters) -> None:
        save(session, characters.member, "Member's", shared=True)
        save(session, characters.owner, "Mine first")
        save(session, characters.stranger, "Stranger's own")
        save(session, characters.owner, "Mine second", shared=True)
        save(session, characters.admin, "Admin's", shared=True)

    def test_one_own_stand_before_those_of_colleagues(self, session: Session, owner: Actor) -> None:
        everything = ["Mine second", "Mine first", "Admin's", "Member's"]
        assert names_for(session, owner) == everything
        some = saved_searches.list_mine_and_shared(session, owner, limit=3)
        assert [one.name for one in some] == everything[:3]
        assert [one.mine for one in some] == [True, True, False]

    @pytest.mark.parametrize(
        ("mine", "expected"),
        [
            (None, ["Admin's", "Mine second", "Mine first", "Member's"]),
            (True, ["Mine second", "Mine first"]),
            (False, ["Admin's", "Member's"]),
        ],
    )
    def test_come_in_pages_that_survive_a_removal(
        self, session: Session, characters: Characters, mine: bool | None, expected: list[str]
    ) -> None:
        owner, after, names = characters.owner, None, []
        while page := saved_searches.list_searches(session, owner, limit=1, after=after, mine=mine):
            names.append(page[0].name)
            after = page[0].id
            if page[0].mine:
                remove(session, owner, page[0])
        assert names == expected

    def test_begin_at_the_top_behind_a_number_too_large(
        self, session: Session, owner: Actor
    ) -> None:
        found = saved_searches.list_searches(session, owner, limit=9, after=10**30)
        assert len(found) == 4

    def test_take_one_query(
        self, database: Database, session: Session, owner: Actor, count_queries: Counter
    ) -> None:
        session.flush()
        with count_queries(database) as statements:
            names_for(session, owner)
        assert len(statements) == 1


def test_the_words_of_a_refusal_name_the_way_out(
    session: Session, characters: Characters, shared: SavedSearchView
) -> None:
    with pytest.raises(Forbidden, match="save it as your own"):
        change(session, characters.member, shared, name="Theirs")
