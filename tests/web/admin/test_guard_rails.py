"""Guard-rails in the administration: the words, trying a text, and what was sent all the same."""

from collections.abc import Callable
from typing import Any

import pytest

from insights.models import GuardWord
from insights.services import guard_words
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.web.pages import html_of, is_checked, text_of, textarea_of, value_of

PAGE = "/admin/guard-rails"
HERON = {
    "word": "Project Heron",
    "topic": "restricted",
    "match": "exact",
    "action": "block",
    "advice": "Call it PH.",
}


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def listed(stage: Stage, characters: Characters) -> list[GuardWord]:
    with stage.database.reading() as session:
        return guard_words.list_words(session, characters.admin)


class TestTheList:
    def test_begins_with_an_offer(
        self, admin: Browser, stage: Stage, characters: Characters
    ) -> None:
        assert "No words yet" in text_of(admin.get(PAGE))
        assert admin.submit(f"{PAGE}/starter", PAGE).status_code == 303
        assert len(listed(stage, characters)) > 15
        page = text_of(admin.get(PAGE))
        assert "bid rigging" in page
        assert "No words yet" not in page

    def test_is_reached_from_the_first_page(self, admin: Browser) -> None:
        assert f'href="{PAGE}"' in html_of(admin.get("/admin"))


class TestAWord:
    def test_is_added(self, admin: Browser, stage: Stage, characters: Characters) -> None:
        assert admin.submit(f"{PAGE}/new", **HERON).status_code == 303
        (word,) = listed(stage, characters)
        assert {name: getattr(word, name) for name in HERON} == HERON
        page = text_of(admin.get(PAGE))
        for shown in ("Project Heron", "Restricted", "Blocked", "Call it PH."):
            assert shown in page

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"word": " "}, "word"),
            ({"word": "x" * 200}, "word"),
            ({"word": "ab", "match": "part"}, "word"),
            ({"topic": "gossip"}, "topic"),
            ({"match": ""}, "match"),
            ({"action": "delete"}, "action"),
            ({"advice": "x" * 301}, "advice"),
        ],
    )
    def test_that_cannot_be_is_refused_and_kept_in_the_form(
        self, admin: Browser, changes: dict[str, str], field: str
    ) -> None:
        answer = admin.submit(f"{PAGE}/new", **{**HERON, **changes})
        assert answer.status_code == 422
        assert f'id="field-{field}-error"' in answer.text
        assert value_of(answer, "word") == {**HERON, **changes}["word"]

    def test_of_the_list_is_a_conflict(self, admin: Browser) -> None:
        admin.submit(f"{PAGE}/new", **HERON)
        answer = admin.submit(f"{PAGE}/new", **{**HERON, "word": "PROJECT-HERON"})
        assert answer.status_code == 409
        assert "on the list already" in text_of(answer)
        assert value_of(answer, "word") == "PROJECT-HERON"

    def test_is_changed(self, admin: Browser, stage: Stage, characters: Characters) -> None:
        admin.submit(f"{PAGE}/new", **HERON)
        (word,) = listed(stage, characters)
        address = f"{PAGE}/{word.id}"
        form = admin.get(address)
        assert value_of(form, "word") == "Project Heron"
        assert is_checked(form, "action", "block")
        answer = admin.submit(address, **{**HERON, "action": "warn", "word": "Heron"})
        assert answer.status_code == 303
        (word,) = listed(stage, characters)
        assert (word.word, word.action.value) == ("Heron", "warn")
        refused = admin.submit(address, **{**HERON, "word": ""})
        assert refused.status_code == 422
        assert "Remove" in text_of(refused)

    def test_is_removed(self, admin: Browser, stage: Stage, characters: Characters) -> None:
        admin.submit(f"{PAGE}/new", **HERON)
        (word,) = listed(stage, characters)
        assert admin.submit(f"{PAGE}/{word.id}/remove", PAGE).status_code == 303
        assert listed(stage, characters) == []
        assert admin.get(f"{PAGE}/{word.id}").status_code == 404

    def test_is_named_in_the_journal(self, admin: Browser) -> None:
        admin.submit(f"{PAGE}/new", **HERON)
        assert "Ada Admin added to the guard-rails Project Heron" in text_of(
            admin.get("/admin/journal")
        )


class TestTryingAText:
    def attempt(self, admin: Browser, text: str) -> Any:
        return admin.submit(f"{PAGE}/try", PAGE, text=text)

    def test_shows_what_would_be_found(self, admin: Browser) -> None:
        admin.submit(f"{PAGE}/new", **HERON)
        answer = self.attempt(admin, "Ask 404-555-0137 about project heron <b>")
        assert answer.status_code == 200
        page = text_of(answer)
        assert "This looks like a phone number : 404-555-0137" in page
        assert "Blocked, masked as […]." in page
        assert textarea_of(answer, "text") == "Ask 404-555-0137 about project heron <b>"

    def test_says_when_nothing_is_found(self, admin: Browser) -> None:
        assert "could be sent at once" in text_of(self.attempt(admin, "They pay by the truck"))
        assert self.attempt(admin, "").status_code == 200


class TestWhatWasSentAllTheSame:
    def test_is_listed_with_its_note(
        self, admin: Browser, stage: Stage, characters: Characters
    ) -> None:
        note_id = stage.post(characters.owner, "Call 404-555-0137")
        answer = admin.get(PAGE)
        assert f'href="/notes/{note_id}"' in html_of(answer)
        page = text_of(answer)
        assert "Olivia Owner was not asked a phone number" in page
        assert "0137" not in page

    def test_goes_on_page_by_page(
        self, admin: Browser, stage: Stage, characters: Characters
    ) -> None:
        for _ in range(51):
            stage.post(characters.owner, "ann@example.com")
        first = admin.get(PAGE)
        assert html_of(first).count("/notes/") == 50
        assert 'rel="next"' in html_of(first)
        assert html_of(admin.get(f"{PAGE}?after=2")).count("/notes/") == 1
        assert admin.get(f"{PAGE}?after=x").status_code == 200


def test_a_word_is_shown_as_it_was_typed(admin: Browser) -> None:
    admin.submit(f"{PAGE}/new", **{**HERON, "word": "<script>&", "advice": "<b>"})
    page = html_of(admin.get(PAGE))
    assert "&lt;script&gt;&amp;" in page
    assert "<script>&" not in page
