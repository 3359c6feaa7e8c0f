"""A note whole beside the results, and what the search box suggests."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from insights.models import Audience
from insights.services import saved_searches
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.pages import html_of
from tests.web.reading import notes_on, page_text

BrowserOf = Callable[[Actor], Browser]


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The stranger's."""
    return client_of(characters.stranger)


@pytest.fixture
def note_id(stage: Stage, characters: Characters) -> UUID:
    """A note that everyone may read."""
    return stage.post(characters.owner, "Ionfield halves its price", territory="georgia")


@pytest.fixture
def sealed_id(stage: Stage, characters: Characters) -> UUID:
    """A note that is sealed from the stranger."""
    return stage.post(
        characters.owner, "Zebrawood deal", territory="georgia", audience=Audience.SEALED
    )


class TestANoteBesideTheResults:
    def test_is_whole(self, browser: Browser, note_id: UUID) -> None:
        part = browser.get(f"/search/notes/{note_id}")
        text = page_text(part)
        for heading in ("Seen it too", "Comments", "More like this", "About this note"):
            assert heading in text
        assert "<html" not in html_of(part)
        assert "<h1" not in html_of(part)

    def test_is_part_of_an_address_that_can_be_shared(
        self, browser: Browser, note_id: UUID
    ) -> None:
        answer = browser.get(f"/search?q=ionfield&note={note_id}")
        assert "Note by Olivia Owner in Georgia" in page_text(answer)
        assert notes_on(answer) == ["Ionfield halves its price"]
        assert 'href="/search?q=ionfield" data-close-note' in html_of(answer)

    def test_that_one_may_not_see_is_not_there(self, browser: Browser, sealed_id: UUID) -> None:
        assert browser.get(f"/search/notes/{sealed_id}").status_code == 404
        for note in (sealed_id, uuid4()):
            text = page_text(browser.get(f"/search?note={note}"))
            assert "is not there, or you may not see it" in text
            assert "Zebrawood" not in text

    def test_of_a_damaged_address_is_left_out_and_said(self, browser: Browser) -> None:
        assert "note: “x%” is no note." in page_text(browser.get("/search?note=x%25"))


def suggested(browser: Browser, typed: str) -> str:
    return page_text(browser.get("/search/suggestions", query_string={"q": typed}))


class TestSuggestions:
    def test_are_names_and_words(self, browser: Browser, note_id: UUID) -> None:
        answer = browser.get("/search/suggestions?q=price+ion")
        assert 'data-text="price competitor:ionfield" data-kind="competitor"' in html_of(answer)
        assert "Ion Cloud Product" in page_text(answer)
        assert "ionfield 1 note" in page_text(answer)

    def test_are_a_part_that_is_kept_for_a_moment_by_the_browser_alone(
        self, browser: Browser
    ) -> None:
        answer = browser.get("/search/suggestions?q=ion")
        assert "<html" not in html_of(answer)
        assert answer.headers["Cache-Control"] == "private, max-age=20"
        assert "Cookie" in answer.headers["Vary"]

    def test_name_saved_searches_that_one_may_open(
        self, stage: Stage, characters: Characters, browser: Browser
    ) -> None:
        with stage.database.writing() as session:
            for name, shared in (("Weekly prices", True), ("Weekly secrets", False)):
                saved_searches.save(
                    session, characters.owner, now=NOW, name=name, query="price", shared=shared
                )
        assert suggested(browser, "weekly") == "Weekly prices Saved by Olivia Owner"

    @pytest.mark.parametrize("typed", ["", " ", "\x00", "%", '"', "a" * 5_000, "(((", "since:"])
    def test_come_for_whatever_is_typed(self, browser: Browser, typed: str) -> None:
        assert "<li" not in suggested(browser, typed)

    def test_betray_no_word_of_a_sealed_note(
        self, client_of: BrowserOf, characters: Characters, sealed_id: UUID
    ) -> None:
        assert suggested(client_of(characters.stranger), "zebra") == ""
        assert suggested(client_of(characters.analyst), "zebra") == "zebrawood 1 note"
