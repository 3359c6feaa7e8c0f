"""My notes: what became of them, what is new, and the notes of a phone from a file."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from insights.models import Audience
from insights.services import comments, note_cards, sightings
from insights.services.access import Actor
from insights.services.import_waiting import LARGEST
from insights.services.note_cards import NoteFilter
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.waiting import note, waiting_file
from tests.web.pages import html_of, text_of, value_of

ClientOf = Callable[[Actor], Browser]
LATER = NOW + timedelta(hours=1)
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def owner(characters: Characters, client_of: ClientOf) -> Browser:
    """The owner's browser."""
    return client_of(characters.owner)


def sight(stage: Stage, actor: Actor, note_id: UUID) -> None:
    """Somebody has seen the same."""
    with stage.database.writing() as session:
        sightings.add(session, actor, note_id, now=LATER)


def say(stage: Stage, actor: Actor, note_id: UUID, text: str) -> None:
    """Somebody comments."""
    with stage.database.writing() as session:
        comments.add(session, actor, note_id, comment_id=uuid4(), text=text, now=LATER)


def badge_of(answer: TestResponse) -> str:
    """The count at “My notes” in the navigation."""
    found = re.search(r'id="news-rail"><span class="badge">([^<]*)<', html_of(answer))
    return found.group(1) if found else ""


class TestThePage:
    def test_is_everyones_own(
        self, stage: Stage, characters: Characters, client_of: ClientOf, nobody: Browser
    ) -> None:
        stage.post(characters.owner, "Mine alone", audience=Audience.SEALED, territory="NV")
        for one in characters.everyone:
            words = text_of(client_of(one).get("/mine"))
            assert ("Mine alone" in words) is (one is characters.owner)
        assert nobody.get("/mine").location == "/sign-in?next=/mine"

    def test_says_what_became_of_each_note(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        stage.post(characters.owner, "Nobody noticed")
        seen = stage.post(characters.owner, "Acme was here")
        stage.clock.now = LATER + timedelta(minutes=2)
        sight(stage, characters.member, seen)
        say(stage, characters.analyst, seen, "<b>Here</b> too")
        words = text_of(owner.get("/mine"))
        assert "News: Seen by 1 other · 1 comment" in words
        assert "New: Max Member saw the same in Florida 2 min ago" in words
        assert "New: Anna Analyst wrote: “<b>Here</b> too”" in words
        assert "Nothing yet: colleagues find it by searching." in words
        assert "<b>Here" not in html_of(owner.get("/mine"))

    def test_goes_on_page_by_page(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        for number in range(23):
            moment = NOW - timedelta(minutes=number)
            stage.post(characters.owner, f"Note {number:02}.", captured_at=moment)
        first = owner.get("/mine")
        assert "Note 19." in text_of(first)
        address = unescape(
            html_of(first).split("note-list-more")[1].split('href="')[1].split('"')[0]
        )
        assert "Note 20." in text_of(owner.get(address))
        part = owner.get(address, headers=PARTIAL)
        assert html_of(part).count('class="note-list-item"') == 3
        assert owner.get("/mine?after=rubbish").status_code == 422

    def test_lists_those_with_news_alone_if_wanted(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        stage.post(characters.owner, "Nobody noticed")
        sight(stage, characters.member, stage.post(characters.owner, "Acme was here"))
        words = text_of(owner.get("/mine?news=1"))
        assert "Acme was here" in words
        assert "Nobody noticed" not in words

    def test_invites_when_there_is_nothing(self, owner: Browser) -> None:
        assert "You have not posted yet" in text_of(owner.get("/mine"))
        assert "Nothing new" in text_of(owner.get("/mine?news=1"))

    def test_is_linked_from_home_profile_and_navigation(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        stage.post(characters.owner, "Acme was here")
        for address in ("/", "/me", "/search"):
            assert 'href="/mine"' in html_of(owner.get(address))
        assert "What became of them" in text_of(owner.get("/"))
        assert "What became of them" in text_of(owner.get("/me"))


class TestNewsInTheNavigation:
    def test_counts_notes_not_events(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        assert badge_of(owner.get("/")) == ""
        for text in ("One", "Two"):
            note_id = stage.post(characters.owner, text)
            sight(stage, characters.member, note_id)
            sight(stage, characters.analyst, note_id)
        assert badge_of(owner.get("/")) == "2"
        assert badge_of(owner.get("/mine")) == "2"

    def test_costs_one_query_of_a_page_and_none_of_a_part(
        self, stage: Stage, owner: Browser, count_queries: Counter
    ) -> None:
        owner.get("/me/settings")
        with count_queries(stage.database) as statements:
            owner.get("/me/settings")
        assert sum("news_read_at" in one for one in statements) == 1
        with count_queries(stage.database) as statements:
            owner.get("/search/suggestions?q=a", headers=PARTIAL)
        assert not [one for one in statements if "news_read_at" in one]


class TestReading:
    def test_by_the_button_leaves_nothing_new(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        sight(stage, characters.member, stage.post(characters.owner, "Acme was here"))
        stage.clock.now = LATER
        assert "Mark all as read" in text_of(owner.get("/mine"))
        answer = owner.submit(
            "/mine/read", page="/mine", until=value_of(owner.get("/mine"), "until")
        )
        assert answer.location == "/mine"
        page = owner.get("/mine")
        assert badge_of(page) == ""
        assert "Mark all as read" not in text_of(page)
        assert "Seen by 1 other" in text_of(page)
        assert "New:" not in text_of(page)

    def test_by_looking_happens_when_all_news_is_in_sight(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        earlier = NOW - timedelta(minutes=1)
        note_id = stage.post(characters.owner, "Acme was here", captured_at=earlier)
        sight(stage, characters.member, note_id)
        assert 'hx-trigger="intersect once delay:3s"' in html_of(owner.get("/mine"))
        for number in range(20):
            stage.post(characters.owner, f"Later {number}")
        assert "intersect" not in html_of(owner.get("/mine"))
        assert "intersect" in html_of(owner.get("/mine?news=1"))

    def test_by_looking_answers_with_empty_counts(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        sight(stage, characters.member, stage.post(characters.owner, "Acme was here"))
        stage.clock.now = LATER
        token = value_of(owner.get("/mine"), "csrf_token")
        sent = {"csrf_token": token, "until": LATER.isoformat()}
        answer = owner.post("/mine/read", data=sent, headers=PARTIAL)
        assert html_of(answer).count('hx-swap-oob="true"></span>') == 4
        assert badge_of(owner.get("/")) == ""

    def test_keeps_what_happened_since_the_page_was_made(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        note_id = stage.post(characters.owner, "Acme was here")
        until = NOW.isoformat()
        sight(stage, characters.member, note_id)
        stage.clock.now = LATER + timedelta(minutes=1)
        owner.submit("/mine/read", page="/mine", until=until)
        assert badge_of(owner.get("/")) == "1"

    @pytest.mark.parametrize("until", ["", "yesterday", "9999-12-31T23:59:59Z", "\x00"])
    def test_with_a_moment_of_no_use_means_now(
        self, stage: Stage, characters: Characters, owner: Browser, until: str
    ) -> None:
        sight(stage, characters.member, stage.post(characters.owner, "Acme was here"))
        stage.clock.now = LATER
        assert owner.submit("/mine/read", page="/mine", until=until).status_code == 303
        assert badge_of(owner.get("/")) == ""

    def test_is_nothing_that_a_visit_does(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        sight(stage, characters.member, stage.post(characters.owner, "Acme was here"))
        owner.get("/mine")
        assert badge_of(owner.get("/mine")) == "1"


class TestAFileOfWaitingNotes:
    @staticmethod
    def send(browser: Browser, content: bytes, name: str = "waiting.json") -> TestResponse:
        """Sends the form at the foot of the page."""
        token = value_of(browser.get("/mine"), "csrf_token")
        # Encoded here: the test client would leave the temporary file of a large body open.
        sent = {"csrf_token": token, "file": FileStorage(io.BytesIO(content), name)}
        boundary, body = encode_multipart(sent)
        kind = f"multipart/form-data; boundary={boundary}"
        return browser.post("/mine/import", data=body, content_type=kind)

    def test_is_taken_from_the_foot_of_the_page(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        answer = self.send(owner, waiting_file(note("Acme was here"), note("")))
        assert answer.status_code == 200
        words = text_of(answer)
        assert "2 notes in the file" in words
        assert "Note 2 without text Text: Write what you heard" in words
        with stage.database.reading() as session:
            chosen = NoteFilter(author_id=characters.owner.id)
            found = note_cards.list_notes(session, characters.owner, chosen)
        assert [one.text for one in found.cards] == ["Acme was here"]
        assert "Import a file of waiting notes" in text_of(owner.get("/mine"))

    def test_of_somebody_else_is_refused(self, characters: Characters, client_of: ClientOf) -> None:
        answer = self.send(client_of(characters.member), waiting_file(note()))
        assert answer.status_code == 403
        assert "These are the notes of Olivia Owner" in text_of(answer)

    def test_that_cannot_be_used_is_refused_in_words(self, owner: Browser) -> None:
        answer = self.send(owner, b"text,state\nx,GA\n", "notes.csv")
        assert answer.status_code == 422
        assert "no file of waiting notes" in text_of(answer)

    def test_has_to_be_chosen(self, owner: Browser) -> None:
        answer = owner.submit("/mine/import", page="/mine")
        assert answer.status_code == 422
        assert "Choose the file that the device has written." in text_of(answer)

    def test_that_is_too_large_is_refused_before_it_is_read(self, owner: Browser) -> None:
        answer = self.send(owner, b"x" * (LARGEST + (2 << 20)))
        assert answer.status_code == 413
        assert "The file is larger than 128 MB." in text_of(answer)
