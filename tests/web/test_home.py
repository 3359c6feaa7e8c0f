"""Home: how my territories do, what became of my notes, what is new."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from insights.app import create_app
from insights.models import Audience
from insights.services import comments, sightings
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.databases import on_each_database
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.pages import html_of, text_of

pytestmark = on_each_database

ClientOf = Callable[[Actor], Browser]


class TestWhoSeesHome:
    def test_everyone_who_is_signed_in(self, characters: Characters, client_of: ClientOf) -> None:
        for one in characters.everyone:
            assert client_of(one).get("/").status_code == 200

    def test_nobody_else(self, nobody: Browser) -> None:
        assert nobody.get("/").location == "/sign-in?next=/"


class TestMyTerritories:
    def test_are_counted_over_the_last_four_weeks_and_the_four_before(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        for days in (1, 2, 40):
            stage.post(characters.owner, "Trucks", captured_at=NOW - timedelta(days=days))
        page = text_of(client_of(characters.owner).get("/"))
        assert "Georgia 2 notes in the last 4 weeks, 1 in the 4 before" in page

    def test_of_a_manager_hold_what_lies_below(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        stage.post(characters.owner, "Trucks")
        stage.post(characters.member, "Trucks")
        assert "Southeast 2 notes" in text_of(client_of(characters.manager).get("/"))

    def test_of_somebody_who_holds_none_are_the_whole_company(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        stage.post(characters.owner, "Trucks")
        stage.post(characters.stranger, "Trucks")
        assert "All territories 2 notes" in text_of(client_of(characters.analyst).get("/"))

    def test_wait_for_an_index_that_is_not_there_yet(
        self, stage: Stage, characters: Characters, tmp_path: Path
    ) -> None:
        fresh = replace(stage.runtime.settings, data_dir=tmp_path / "another machine")
        app = create_app(fresh, clock=stage.clock)
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = f"{characters.owner.id}:1"
        answer = browser.get("/")
        app.extensions["insights"].database.dispose()
        assert answer.status_code == 200
        assert "once the search index is ready" in text_of(answer)


class TestWhatIPosted:
    def test_shows_how_often_it_was_seen_and_discussed(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = stage.post(characters.owner, "They pay by the truck")
        with stage.database.writing() as session:
            sightings.add(session, characters.member, note_id, now=NOW)
            comments.add(
                session, characters.member, note_id, comment_id=note_id, text="Here too", now=NOW
            )
        own = html_of(client_of(characters.owner).get("/")).split('id="own-title"')[1]
        own = own.split('id="newest-title"')[0]
        assert "They pay by the truck" in own
        assert "1 seen it too" in own
        assert "1 comment" in own

    def test_says_what_will_stand_here_for_somebody_who_is_new(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        page = text_of(client_of(characters.owner).get("/"))
        assert "Nothing yet. Your notes appear here" in page
        assert "No notes yet" in page


class TestNewestNotes:
    @pytest.fixture
    def browser(self, stage: Stage, characters: Characters, client_of: ClientOf) -> Browser:
        """The member's browser; there are twenty notes, one more page than fits."""
        for number in range(20):
            moment = NOW - timedelta(minutes=number)
            stage.post(characters.owner, f"Note <{number:02}>", captured_at=moment)
        return client_of(characters.member)

    def test_go_on_without_javascript(self, browser: Browser) -> None:
        first = browser.get("/")
        following = browser.get(next_of(html_of(first)))
        assert "Note <14>" in text_of(first)
        assert "Note <15>" not in text_of(first)
        rest = [number for number in range(20) if f"Note <{number:02}>" in text_of(following)]
        assert rest == [15, 16, 17, 18, 19]

    def test_go_on_in_place_with_the_items_alone(self, browser: Browser) -> None:
        address = next_of(html_of(browser.get("/")))
        part = html_of(browser.get(address, headers={"HX-Request": "true"}))
        assert part.count('class="note-list-item"') == 5
        assert "<html" not in part

    def test_a_note_that_arrives_meanwhile_shifts_nothing(
        self, stage: Stage, characters: Characters, browser: Browser
    ) -> None:
        address = next_of(html_of(browser.get("/")))
        stage.post(characters.owner, "Later")
        assert "Note <15>" in text_of(browser.get(address))

    @pytest.mark.parametrize("cursor", ["x", "~", "2026-01-01T00:00Z~1", "9999-12-31T23:00-23:00~"])
    def test_a_damaged_cursor_is_refused_in_words(
        self, characters: Characters, client_of: ClientOf, cursor: str
    ) -> None:
        answer = client_of(characters.owner).get(f"/?after={quote(cursor)}")
        assert answer.status_code == 422
        assert "Begin again" in text_of(answer)

    def test_sealed_ones_are_shown_to_those_who_may_read_them(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        stage.post(characters.owner, "Only for us", audience=Audience.SEALED)
        shown = {
            one.name: "Only for us" in text_of(client_of(one).get("/"))
            for one in characters.everyone
        }
        allowed = {"Olivia Owner", "Anna Analyst", "Manuel Manager", "Ada Admin"}
        assert {name for name, seen in shown.items() if seen} == allowed

    def test_text_is_never_markup(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        stage.post(characters.owner, "<script>alert(1)</script> & \"'")
        page = html_of(client_of(characters.owner).get("/"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_take_as_many_queries_however_many_there_are(
        self, stage: Stage, characters: Characters, client_of: ClientOf, count_queries: Counter
    ) -> None:
        browser = client_of(characters.owner)
        stage.post(characters.owner, "Acme in healthcare")
        browser.get("/")
        counts = []
        for _ in range(2):
            with count_queries(stage.database) as statements:
                browser.get("/")
            counts.append(len(statements))
            for _ in range(5):
                stage.post(characters.owner, "Acme in healthcare")
        assert counts[0] == counts[1] <= 12


def next_of(html: str) -> str:
    """The address behind "Show more"."""
    found = re.search(r'class="note-list-more">\s*<a [^>]*href="([^"]+)"', html)
    assert found
    return found.group(1)
