"""The page of news: what somebody is told, and the answers that take one tap."""

import re
from collections.abc import Callable

import pytest

from insights.http import letter_paths
from insights.models import TellingMatter
from insights.services import tellings
from insights.services.access import Actor
from insights.services.letter import Leads, Letter
from insights.services.tellings import NewTelling
from tests.fixtures.app import Browser, Stage
from tests.fixtures.letters import GONE
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.pages import html_of, text_of

pytestmark = pytest.mark.usefixtures("plain_letters")

ClientOf = Callable[[Actor], Browser]
Tell = Callable[..., None]
TOPIC, QUESTION, CHECK = TellingMatter.TOPIC, TellingMatter.QUESTION, TellingMatter.CHECK
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def owner(characters: Characters, client_of: ClientOf) -> Browser:
    """The owner's browser."""
    return client_of(characters.owner)


@pytest.fixture
def tell(stage: Stage, characters: Characters) -> Tell:
    """Tells the owner, if nobody else is named, of a few subjects, the last one on top."""

    def deed(
        *subjects: object, matter: TellingMatter = TOPIC, actor: Actor = characters.owner
    ) -> None:
        new = [
            NewTelling(actor.id, matter, str(one), f"{matter}:{one}:{number}:{actor.id}")
            for number, one in enumerate(subjects)
        ]
        with stage.database.writing() as session:
            tellings.tell(session, new, now=NOW)

    return deed


def titles(page: str) -> list[str]:
    """What is told on the page, from the top."""
    return re.findall(r'told-\d+-title" dir="auto"><a href="[^"]*">([^<]*)</a>', page)


def badge(page: str, place: str) -> str:
    """The number in one place of the navigation; empty for none."""
    found = re.search(rf'id="news-{place}"[^>]*><span class="badge">([^<]*)<', page)
    return found.group(1) if found else ""


def answer_address(page: str) -> str:
    """Where the answers of the first item go."""
    return re.findall(r'action="(/news/\d+/answer)"', page)[0]


class TestWhoSees:
    def test_everyone_their_own(
        self, characters: Characters, client_of: ClientOf, tell: Tell
    ) -> None:
        for number, one in enumerate(characters.everyone):
            tell(number, actor=one)
        for number, one in enumerate(characters.everyone):
            assert titles(html_of(client_of(one).get("/news"))) == [f"Topic {number} is yours"]

    def test_nobody_anything(self, nobody: Browser) -> None:
        assert nobody.get("/news").location == "/sign-in?next=/news"
        for address in ("/news/read", "/news/1/answer"):
            assert nobody.submit(address, page="/sign-in").status_code == 401

    def test_no_deed_without_the_form_token(self, owner: Browser) -> None:
        for address in ("/news/read", "/news/1/answer"):
            assert owner.post(address).status_code == 400


class TestThePage:
    def test_invites_when_nothing_was_told(self, owner: Browser) -> None:
        page = text_of(owner.get("/news"))
        assert "Nothing told yet" in page
        assert "Mark all as read" not in page
        assert "All read" in text_of(owner.get("/news?unread=1"))

    def test_tells_in_words_what_is_unread_and_where_it_leads(
        self, owner: Browser, tell: Tell
    ) -> None:
        tell(7)
        page = owner.get("/news")
        assert "Olivia Owner, it is due." in text_of(page)
        assert "Unread</strong>" in html_of(page)
        assert 'href="/topics/7"' in html_of(page)

    def test_offers_to_answer_a_question_with_a_note(self, owner: Browser, tell: Tell) -> None:
        tell(12, matter=QUESTION)
        assert 'href="/n?question=12"' in html_of(owner.get("/news"))

    def test_comes_a_part_at_a_time(self, owner: Browser, tell: Tell) -> None:
        tell(*range(25))
        first = html_of(owner.get("/news"))
        assert titles(first) == [f"Topic {one} is yours" for one in range(24, 4, -1)]
        following = re.findall(r'hx-get="(/news\?after=\d+)"', first)[0]
        rest = html_of(owner.get(following, headers=PARTIAL))
        assert titles(rest) == [f"Topic {one} is yours" for one in range(4, -1, -1)]
        assert "<html" not in rest
        assert "Back to the newest" in text_of(owner.get(following))

    @pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "½"])
    def test_says_that_an_address_is_damaged(self, owner: Browser, after: str) -> None:
        assert owner.get("/news", query_string={"after": after}).status_code == 422


class TestReading:
    def test_takes_the_numbers_off(self, owner: Browser, tell: Tell) -> None:
        tell(1, 2)
        home = html_of(owner.get("/"))
        assert [badge(home, one) for one in ("told-rail", "told-menu", "bar")] == ["2"] * 3
        assert "2 pieces of news for you" in text_of(owner.get("/"))
        answer = owner.submit("/news/read", page="/news")
        assert answer.location == "/news"
        page = html_of(owner.get("/news"))
        assert badge(page, "told-rail") == ""
        assert "Unread</strong>" not in page
        assert "All read" in text_of(owner.get("/news?unread=1"))

    def test_happens_by_looking_when_all_of_it_is_in_sight(
        self, owner: Browser, tell: Tell
    ) -> None:
        tell(1)
        assert 'hx-trigger="intersect once delay:3s"' in html_of(owner.get("/news"))
        tell(*range(2, 30))
        assert 'hx-trigger="intersect once delay:3s"' not in html_of(owner.get("/news"))

    def test_leaves_what_came_since_the_page_was_made(self, owner: Browser, tell: Tell) -> None:
        tell(1)
        owner.submit("/news/read", page="/news", until="2026-03-18T11:59:00Z")
        assert badge(html_of(owner.get("/news")), "told-rail") == "1"

    def test_can_be_said_of_what_is_nothing_any_more(self, owner: Browser, tell: Tell) -> None:
        tell(GONE)
        page = owner.get("/news")
        assert titles(html_of(page)) == []
        assert "Mark all as read" in text_of(page)
        # It is on no page, so that this page is all there is to look at.
        assert 'hx-trigger="intersect once delay:3s"' in html_of(page)

    def test_by_the_page_itself_answers_with_the_numbers(self, owner: Browser, tell: Tell) -> None:
        tell(1)
        owner.get("/news")
        token = re.findall(r'name="csrf-token" content="([^"]+)"', html_of(owner.get("/news")))[0]
        answer = owner.post("/news/read", data={"csrf_token": token}, headers=PARTIAL)
        assert 'id="news-told-rail" hx-swap-oob="true"></span>' in html_of(answer)


class TestAnAnswer:
    def test_that_is_none_is_refused(self, owner: Browser, tell: Tell) -> None:
        tell(5, matter=CHECK)
        address = answer_address(html_of(owner.get("/news")))
        assert owner.submit(address, page="/news", value="perhaps").status_code == 422

    def test_to_what_others_are_told_is_not_found(
        self, owner: Browser, characters: Characters, client_of: ClientOf, tell: Tell
    ) -> None:
        tell(5, matter=CHECK)
        address = answer_address(html_of(owner.get("/news")))
        for one in characters.everyone[1:]:
            sent = client_of(one).submit(address, page="/news", value="still-true")
            assert sent.status_code == 404


KEYS = {Leads.NOTE: "01890a5d-ac96-774b-bcce-b302099a8057", Leads.COMPETITOR: "ionfield"}


@pytest.mark.parametrize("leads", Leads)
def test_each_letter_leads_to_a_page_that_there_is(stage: Stage, leads: Leads) -> None:
    letter = Letter("News", (), leads, KEYS.get(leads, "7"))
    pages = stage.app.url_map.bind("localhost")
    assert pages.test(letter_paths.path_of(letter), "GET")
    assert pages.match("/n", "GET")[0] == "capture.form"
