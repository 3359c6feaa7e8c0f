"""Notes that say much the same: on the page of a note, and while one is written."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from insights.models import Audience
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.web.deeds import card_of
from tests.web.pages import html_of, value_of
from tests.web.reading import notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
PARTIAL = {"HX-Request": "true"}
TEXT = "Ionfield halves its price for routers in hospitals"
ALIKE = "Ionfield has halved the price of routers for a hospital"


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The member's."""
    return client_of(characters.member)


@pytest.fixture
def note_id(stage: Stage, characters: Characters) -> UUID:
    """A note with one that is like it, one that is like it but sealed, and one that is not."""
    stage.post(characters.owner, ALIKE, territory="georgia")
    stage.post(
        characters.owner, f"{ALIKE}, zebrawood", territory="georgia", audience=Audience.SEALED
    )
    stage.post(characters.stranger, "The weather is fine", territory="nevada")
    return stage.post(characters.member, TEXT, territory="florida")


def while_typing(browser: Browser, text: str) -> str:
    return page_text(browser.get("/n/similar", query_string={"text": text}))


class TestOnThePageOfANote:
    def test_come_later_and_without_javascript_by_a_link(
        self, browser: Browser, note_id: UUID
    ) -> None:
        html = html_of(browser.get(f"/notes/{note_id}"))
        assert f'hx-get="/notes/{note_id}/similar"' in html
        answer = browser.get(f"/notes/{note_id}/similar")
        assert notes_on(answer) == [ALIKE]
        assert "<html" in html_of(answer)

    def test_are_a_part_for_htmx(self, browser: Browser, note_id: UUID) -> None:
        part = browser.get(f"/notes/{note_id}/similar", headers=PARTIAL)
        assert ALIKE in page_text(part)
        assert "weather" not in page_text(part)
        assert "<html" not in html_of(part)

    def test_are_nothing_at_all_where_there_are_none(
        self, stage: Stage, characters: Characters, browser: Browser
    ) -> None:
        lone = stage.post(characters.member, "Nothing else is like it", territory="florida")
        assert page_text(browser.get(f"/notes/{lone}/similar", headers=PARTIAL)) == ""
        assert "stands alone" in page_text(browser.get(f"/notes/{lone}/similar"))

    def test_betray_no_sealed_note(
        self, client_of: BrowserOf, characters: Characters, note_id: UUID
    ) -> None:
        found = {
            name: "zebrawood" in page_text(client_of(one).get(f"/notes/{note_id}/similar"))
            for name, one in vars(characters).items()
            if name in ("stranger", "owner", "analyst")
        }
        assert found == {"stranger": False, "owner": True, "analyst": True}

    def test_are_seen_too_and_taken_back_on_the_spot(
        self, stage: Stage, client_of: BrowserOf, characters: Characters, note_id: UUID
    ) -> None:
        stranger = client_of(characters.stranger)
        page = stranger.get(f"/notes/{note_id}/similar", headers=PARTIAL)
        found = re.search(r'action="(/notes/([^/]+)/sight)"', html_of(page))
        assert found
        form = {"csrf_token": value_of(page, "csrf_token"), "part": "row"}
        part = stranger.post(found.group(1), data=form, headers=PARTIAL)
        assert page_text(part) == "Seen it too Undo"
        assert card_of(stage, characters.stranger, UUID(found.group(2))).sighted_by_me
        part = stranger.post(f"/notes/{found.group(2)}/unsight", data=form, headers=PARTIAL)
        assert page_text(part) == "Seen it too"
        assert not card_of(stage, characters.stranger, UUID(found.group(2))).sighted_by_me


@pytest.mark.usefixtures("note_id")
class TestWhileANoteIsWritten:
    def test_are_offered_to_be_seen_too(self, client_of: BrowserOf, characters: Characters) -> None:
        text = while_typing(client_of(characters.stranger), TEXT)
        assert "Similar: 2 notes" in text
        assert text.count("Seen it too") == 2

    def test_that_are_ones_own_need_no_sighting(self, browser: Browser) -> None:
        text = while_typing(browser, TEXT)
        assert "Yours" in text
        assert text.count("Seen it too") == 1

    def test_are_not_looked_for_before_there_is_enough_text(self, browser: Browser) -> None:
        assert while_typing(browser, "Ionfield price") == ""

    @pytest.mark.parametrize("text", ["\x00" * 30, "% _ ' \" " * 10, "🎉" * 40, "a" * 100_000])
    def test_are_none_for_what_says_nothing(self, browser: Browser, text: str) -> None:
        assert page_text(browser.submit("/n/similar", page="/n", text=text)) == ""

    def test_betray_no_sealed_note(self, browser: Browser) -> None:
        assert "zebrawood" not in while_typing(browser, f"{ALIKE}, zebrawood")
