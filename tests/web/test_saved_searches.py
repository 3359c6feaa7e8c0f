"""The page of saved searches, and saving one from the search page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from markupsafe import escape

from insights.models import SearchSort
from insights.services import people, saved_searches
from insights.services.access import Actor
from insights.services.saved_searches import SavedSearchView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MANAGER, NOW, OWNER, TODAY
from tests.web.pages import html_of, is_checked, text_of, value_of
from tests.web.reading import links_on

ClientOf = Callable[[Actor], Browser]
QUERY = 'ionfield "list price" territory:georgia since:90d'
DEEDS = ("share", "unshare", "remove", "edit")


@pytest.fixture
def owner(characters: Characters, client_of: ClientOf) -> Browser:
    """The owner's browser."""
    return client_of(characters.owner)


@pytest.fixture
def save(stage: Stage, characters: Characters) -> Callable[..., SavedSearchView]:
    """Saves a search behind the pages' back, for the owner if nobody else is named."""

    def deed(name: str, actor: Actor = characters.owner, **given: Any) -> SavedSearchView:
        with stage.database.writing() as session:
            values = {"query": QUERY, **given}
            return saved_searches.save(session, actor, now=NOW, name=name, **values)

    return deed


def searches_of(stage: Stage, actor: Actor) -> list[SavedSearchView]:
    """The person's own searches, the last saved first."""
    with stage.database.reading() as session:
        return saved_searches.list_searches(session, actor, limit=200, mine=True)


def places_on(page: str) -> list[str]:
    """The sections of the page, from its headings on."""
    return page.split("<h2>")[1:]


class TestWhoSees:
    def test_everyone_the_page_which_invites_when_it_is_empty(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        for one in characters.everyone:
            page = client_of(one).get("/searches")
            assert page.status_code == 200
            assert "Nothing is saved yet" in text_of(page)
            assert "choose “Save this search”" in text_of(page)

    def test_nobody_anything(self, nobody: Browser) -> None:
        assert nobody.get("/searches").location == "/sign-in?next=/searches"
        for address in ("/searches", *(f"/searches/1/{deed}" for deed in DEEDS)):
            assert nobody.submit(address, page="/sign-in").status_code == 401

    def test_no_deed_without_the_form_token(
        self, stage: Stage, characters: Characters, owner: Browser, save: Any
    ) -> None:
        search = save("Prices")
        for address in ("/searches", *(f"/searches/{search.id}/{deed}" for deed in DEEDS)):
            assert owner.post(address, data={"name": "x", "q": "x"}).status_code == 400
        assert searches_of(stage, characters.owner) == [search]

    def test_colleagues_what_is_shared_and_by_whom(
        self, characters: Characters, client_of: ClientOf, save: Any
    ) -> None:
        save("Private")
        search = save("Prices", shared=True)
        page = client_of(characters.member).get("/searches")
        assert "Private" not in text_of(page)
        assert "Shared by Olivia Owner" in text_of(page)
        assert f"/searches/{search.id}/" not in html_of(page)
        assert f"/searches/{search.id}/remove" in html_of(
            client_of(characters.admin).get("/searches")
        )

    def test_what_a_leaver_shared(
        self, stage: Stage, characters: Characters, client_of: ClientOf, save: Any
    ) -> None:
        save("Prices", shared=True)
        with stage.database.writing() as session:
            people.deactivate(
                session,
                characters.admin,
                now=NOW,
                today=TODAY,
                person_id=OWNER,
                caretaker_id=MANAGER,
            )
        assert "Shared by Olivia Owner" in text_of(client_of(characters.member).get("/searches"))


class TestTheList:
    def test_has_mine_first_then_those_of_colleagues(
        self, characters: Characters, owner: Browser, save: Any
    ) -> None:
        save("Mine, private")
        save("Mine, shared", shared=True)
        save("Another's", characters.member, shared=True)
        mine, shared = places_on(html_of(owner.get("/searches")))
        assert mine.startswith("Mine</h2>")
        assert mine.index("Mine, shared") < mine.index("Mine, private")
        assert "Another&#39;s" in shared
        assert "Mine" not in shared

    def test_opens_each_on_the_search_page(self, owner: Browser, save: Any) -> None:
        save("Prices", sort=SearchSort.NEWEST)
        page = owner.get("/searches")
        address = urlsplit(links_on(page)["Prices"])
        assert address.path == "/search"
        assert parse_qs(address.query) == {"q": [QUERY], "sort": ["newest"]}
        assert "Newest first" in text_of(page)
        assert f'<code dir="auto">{escape(QUERY)}</code>' in html_of(page)

    def test_shows_names_and_queries_as_text(self, owner: Browser, save: Any) -> None:
        save("<script>x</script>", query="<b>y</b>")
        page = html_of(owner.get("/searches"))
        assert "<script>x" not in page
        assert "<b>y" not in page

    def test_goes_on_page_by_page(self, characters: Characters, owner: Browser, save: Any) -> None:
        save("Mine alone")
        for number in range(52):
            save(f"Shared {number:02}", characters.member, shared=True)
        first = owner.get("/searches")
        assert "Shared 02" in text_of(first)
        assert "Shared 01" not in text_of(first)
        second = owner.get(links_on(first)["Next"])
        assert "Shared 01" in text_of(second)
        assert "Mine alone" not in text_of(second)
        assert links_on(second)["Previous"] == "/searches"

    def test_takes_the_same_queries_however_long(
        self,
        stage: Stage,
        characters: Characters,
        owner: Browser,
        save: Any,
        count_queries: Counter,
    ) -> None:
        owner.get("/searches")
        with count_queries(stage.database) as few:
            owner.get("/searches")
        for number in range(10):
            save(f"Mine {number}")
            save(f"Shared {number}", characters.member, shared=True)
        with count_queries(stage.database) as many:
            owner.get("/searches")
        assert len(many) == len(few)

    def test_is_found_in_the_navigation(self, owner: Browser) -> None:
        assert links_on(owner.get("/"))["Saved searches"] == "/searches"


class TestSaving:
    def test_leads_back_to_the_search(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        form = {"name": "Prices", "q": f" {QUERY}", "sort": "newest", "shared": "on"}
        answer = owner.submit("/searches", **form)
        assert answer.status_code == 303
        address = urlsplit(answer.location)
        assert address.path == "/search"
        assert parse_qs(address.query) == {"q": [QUERY], "sort": ["newest"]}
        assert "“Prices” is saved" in text_of(owner.get(answer.location))
        [search] = searches_of(stage, characters.owner)
        assert (search.name, search.query) == ("Prices", QUERY)
        assert (search.sort, search.shared) == ("newest", True)

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, ("relevance", False)),
            ({"sort": "oldest", "shared": ""}, ("relevance", False)),
            ({"sort": "newest", "shared": "true"}, ("newest", True)),
            ({"sort": "", "shared": "false"}, ("relevance", False)),
        ],
    )
    def test_takes_what_is_left_out_as_usual(
        self,
        stage: Stage,
        characters: Characters,
        owner: Browser,
        given: dict[str, str],
        expected: tuple[str, bool],
    ) -> None:
        assert owner.submit("/searches", name="Prices", q=QUERY, **given).status_code == 303
        [search] = searches_of(stage, characters.owner)
        assert (search.sort, search.shared) == expected

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"name": " "}, "Name: Give the search a name of 1 to 80 characters"),
            ({"name": "prices"}, "You have a saved search called “Prices” already"),
            ({"q": ""}, "Search for: Say what to search for"),
            ({"q": "x" * 1_001}, "Search for: Shorten the search to 1,000 characters"),
        ],
    )
    def test_that_is_refused_comes_back_as_it_was_sent(
        self, owner: Browser, save: Any, given: dict[str, str], words: str
    ) -> None:
        save("Prices")
        form = {"name": "Other", "q": QUERY, "sort": "newest", "shared": "on", **given}
        answer = owner.submit("/searches", **form)
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert value_of(answer, "name") == form["name"]
        assert value_of(answer, "q") == form["q"]
        assert is_checked(answer, "sort", "newest")
        assert is_checked(answer, "shared", "on")

    def test_beyond_what_one_keeps_says_what_to_do(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        with stage.database.writing() as session:
            for number in range(200):
                saved_searches.save(
                    session, characters.owner, now=NOW, name=f"Search {number}", query="x"
                )
        answer = owner.submit("/searches", name="One more", q=QUERY)
        assert answer.status_code == 422
        assert "Remove one to save another" in text_of(answer)


class TestDeeds:
    def test_sharing_and_taking_it_back(
        self, stage: Stage, characters: Characters, owner: Browser, save: Any
    ) -> None:
        search = save("Prices")
        for deed, shared, words in (
            ("share", True, "Colleagues can see and open “Prices”"),
            ("unshare", False, "“Prices” is no longer shared"),
        ):
            answer = owner.submit(f"/searches/{search.id}/{deed}", page="/searches")
            assert answer.location == "/searches"
            assert words in text_of(owner.get("/searches"))
            assert searches_of(stage, characters.owner)[0].shared is shared

    def test_removing_asks_first_and_is_for_good(
        self, stage: Stage, characters: Characters, owner: Browser, save: Any
    ) -> None:
        search = save("Prices", shared=True)
        question = 'data-confirm="Remove “Prices”? Colleagues lose it too."'
        assert question in html_of(owner.get("/searches"))
        answer = owner.submit(f"/searches/{search.id}/remove", page="/searches")
        assert answer.location == "/searches"
        assert "“Prices” is removed" in text_of(owner.get("/searches"))
        assert searches_of(stage, characters.owner) == []

    def test_changing_fills_the_form_and_keeps_what_is_sent(
        self, stage: Stage, characters: Characters, owner: Browser, save: Any
    ) -> None:
        address = f"/searches/{save('Prices', shared=True).id}/edit"
        form = owner.get(address)
        assert (value_of(form, "name"), value_of(form, "q")) == ("Prices", QUERY)
        assert is_checked(form, "sort", "relevance")
        assert is_checked(form, "shared", "on")
        answer = owner.submit(address, name="Costs", q="acme", sort="newest")
        assert answer.location == "/searches"
        [search] = searches_of(stage, characters.owner)
        assert (search.name, search.query) == ("Costs", "acme")
        assert (search.sort, search.shared) == ("newest", False)

    def test_a_change_that_is_refused_comes_back_as_it_was_sent(
        self, stage: Stage, characters: Characters, owner: Browser, save: Any
    ) -> None:
        save("Other")
        search = save("Prices")
        address = f"/searches/{search.id}/edit"
        for name, query, words in (
            ("OTHER", QUERY, "Name: You have a saved search called “Other” already"),
            ("Costs", " ", "Search for: Say what to search for"),
        ):
            answer = owner.submit(address, name=name, q=query)
            assert answer.status_code == 422
            assert words in text_of(answer)
            assert (value_of(answer, "name"), value_of(answer, "q")) == (name, query)
        assert searches_of(stage, characters.owner)[0] == search

    @pytest.mark.parametrize("deed", DEEDS)
    def test_are_for_the_owner_and_for_admins(
        self, characters: Characters, client_of: ClientOf, save: Any, deed: str
    ) -> None:
        search = save("Prices", shared=True)
        for one in characters.everyone:
            if one.id != OWNER:
                browser = client_of(one)
                answer = browser.submit(
                    f"/searches/{search.id}/{deed}", page="/searches", name="Costs", q="acme"
                )
                assert answer.status_code == (303 if one is characters.admin else 403)

    @pytest.mark.parametrize("deed", DEEDS)
    def test_to_what_is_private_of_others_find_nothing(
        self,
        stage: Stage,
        characters: Characters,
        client_of: ClientOf,
        save: Any,
        deed: str,
    ) -> None:
        search = save("Prices")
        for one in (characters.member, characters.manager, characters.admin):
            for number in (search.id, 999, 10**30):
                answer = client_of(one).submit(
                    f"/searches/{number}/{deed}", page="/searches", name="Costs", q="acme"
                )
                assert answer.status_code == 404
        assert searches_of(stage, characters.owner) == [search]

    def test_the_form_for_changing_is_for_the_owner_and_for_admins(
        self, characters: Characters, client_of: ClientOf, save: Any
    ) -> None:
        address = f"/searches/{save('Prices', shared=True).id}/edit"
        assert client_of(characters.member).get(address).status_code == 403
        form = client_of(characters.admin).get(address)
        assert "Saved by Olivia Owner" in text_of(form)
