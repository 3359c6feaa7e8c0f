"""What is typed in the search language, on the page: chips, other spellings, reasons, saving."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from insights.models import Kind
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.pages import html_of, value_of
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
AWAY = ": take this filter away"


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The owner's."""
    return client_of(characters.owner)


@pytest.fixture(autouse=True)
def notes(stage: Stage, characters: Characters) -> None:
    """Three notes that share the word "price"; the oldest has been seen by others."""
    stage.post(
        characters.owner,
        "Ionfield halves its price",
        territory="georgia",
        kind=Kind.COMPETITOR,
        segments=("healthcare",),
    )
    stage.clock.now = NOW + timedelta(days=60)
    stage.post(characters.member, "The price of Fibre One", territory="florida", known="heard")
    stage.post(characters.stranger, "A price of Acme rises", territory="nevada")


class TestChips:
    def test_are_made_of_the_fields_that_were_typed(self, browser: Browser) -> None:
        answer = browser.get("/search?q=competitor:ionfield+author:olivia+price+since:2026-03-01")
        assert notes_on(answer) == ["Ionfield halves its price"]
        links = links_on(answer)
        assert links[f"Competitor: Ionfield {AWAY}"] == "/search?author=1&q=price&since=2026-03-01"
        assert "Author: Olivia Owner" in page_text(answer)
        assert "Since 1 Mar 2026" in page_text(answer)

    def test_take_other_parts_of_the_text_away_one_by_one(self, browser: Browser) -> None:
        links = links_on(browser.get('/search?q=price+-acme+"of+fibre"'))
        assert links[f"-acme {AWAY}"] == "/search?q=price+%22of+fibre%22"
        assert links[f'"of fibre" {AWAY}'] == "/search?q=price+-acme"

    def test_leave_the_box_as_it_was_typed(self, browser: Browser) -> None:
        answer = browser.get("/search?q=competitor:Ionfield++price&kind=competitor")
        assert value_of(answer, "q") == "competitor:Ionfield  price"
        form = html_of(answer)
        kept = form[form.index('id="kept-fields"') : form.index("</span>", form.index("kept-f"))]
        assert 'name="kind"' in kept
        assert "ionfield" not in kept

    def test_filters_add_to_what_was_typed(self, browser: Browser) -> None:
        links = links_on(browser.get("/search?q=territory:southeast+price"))
        assert links["Heard 1"] == "/search?territory=southeast&known=heard&q=price"

    def test_of_a_name_that_is_none_say_so_and_search_for_the_word(self, browser: Browser) -> None:
        assert "nothing is called “zylo”" in page_text(browser.get("/search?q=competitor:zylo"))


class TestOtherSpellings:
    def test_are_offered_with_what_they_find(self, browser: Browser) -> None:
        links = links_on(browser.get("/search?q=ionfeld"))
        assert links["ionfield 1 note"] == "/search?q=ionfield"

    def test_keep_the_filters(self, browser: Browser) -> None:
        links = links_on(browser.get("/search?q=ionfeld&kind=competitor"))
        assert links["ionfield 1 note"] == "/search?kind=competitor&q=ionfield"

    def test_are_none_where_all_words_are_found(self, browser: Browser) -> None:
        assert "Did you mean" not in page_text(browser.get("/search?q=price"))


class TestFewerWords:
    def test_are_enough_where_no_note_has_all(self, browser: Browser) -> None:
        answer = browser.get("/search?q=halves+rises")
        assert set(notes_on(answer)) == {"Ionfield halves its price", "A price of Acme rises"}
        assert "No note has all of these words. These have some of them." in page_text(answer)

    def test_are_not_enough_for_a_filter(self, browser: Browser) -> None:
        answer = browser.get("/search?q=halves+rises&territory=southeast")
        assert notes_on(answer) == ["Ionfield halves its price"]


class TestWhyThis:
    def test_tells_the_score_and_each_reason_with_its_factor(self, browser: Browser) -> None:
        text = page_text(browser.get("/search?q=acme"))
        assert "Why this? How well your words fit: " in text
        assert "fresh: ×1.35 · first-hand: ×1.1. Together" in text

    def test_tells_that_others_have_seen_it(self, stage: Stage, browser: Browser) -> None:
        address = links_on(browser.get("/search?q=acme"))["A price of Acme rises"]
        browser.submit(f"{address}/sight", page=address)
        stage.catch_up()
        assert "seen by others: ×1.1" in page_text(browser.get("/search?q=acme"))

    def test_is_not_asked_where_the_order_is_by_time(self, browser: Browser) -> None:
        for address in ("/search", "/search?q=acme&sort=newest"):
            assert "Why this?" not in page_text(browser.get(address))


class TestSaving:
    def test_keeps_words_and_filters_as_one_text(self, browser: Browser) -> None:
        page = "/search?q=price+kind:competitor&territory=georgia&sort=newest"
        html = html_of(browser.get(page))
        form = html[html.index('action="/searches"') :]
        assert 'name="q" value="price territory:georgia kind:competitor"' in form
        assert 'name="sort" value="newest"' in form

    def test_leads_back_to_the_same_search(self, browser: Browser) -> None:
        page = "/search?kind=competitor&territory=georgia"
        text = "territory:georgia kind:competitor"
        saved = browser.submit("/searches", page=page, name="Georgia", q=text, sort="relevance")
        assert notes_on(browser.get(saved.headers["Location"])) == ["Ionfield halves its price"]

    def test_is_not_offered_for_all_notes(self, browser: Browser) -> None:
        assert "Save this search" not in page_text(browser.get("/search"))


def test_the_search_language_is_explained_on_the_page(browser: Browser) -> None:
    text = page_text(browser.get("/search"))
    for sign in ("acme OR globex", "-price", '"load theft"', "install*", "globx~", "since:30d"):
        assert sign in text
