"""What is emerging, on every page that has it, and the page of each trend."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from insights.models import Audience, Kind, TrendReach
from insights.services import trends
from insights.services.access import Actor
from insights.services.trends import TrendView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    FIBRE_ONE,
    HEALTHCARE,
    NEVADA,
    SOUTHEAST,
    TODAY,
)
from tests.trend_rows import ARITHMETIC, run_of, show, showing, trend_of
from tests.web.pages import html_of, text_of
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
HTMX = {"HX-Request": "true"}
LEAD = "Ionfield is coming up in Georgia"
FIGURES = "9 voices in 4 weeks where 0.7 were expected; 7 people, 5 accounts."
PAGES = ("/territories/georgia", "/competitors/ionfield", "/segments/healthcare", "/trends", "/")
DEEDS = ("follow", "unfollow", "mute", "unmute", "judge")


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The owner's."""
    return client_of(characters.owner)


@pytest.fixture
def shows(stage: Stage) -> Callable[..., int]:
    """Writes a trend behind the pages' back; Ionfield in Georgia if nothing else is said."""

    def write(**about: Any) -> int:
        with stage.database.writing() as session:
            return showing(session, **about)

    return write


def seen(stage: Stage, actor: Actor, trend_id: int) -> TrendView:
    with stage.database.reading() as session:
        return trends.get(session, actor, trend_id, on=TODAY)


def say(browser: Browser, trend_id: int, deed: str, **fields: str) -> TestResponse:
    return browser.submit(f"/trends/{trend_id}/{deed}", page=f"/trends/{trend_id}", **fields)


class TestTheSection:
    def test_says_it_in_one_sentence_with_its_weeks(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        trend_id = shows(opened_on=TODAY - timedelta(days=14))
        answer = browser.get("/territories/georgia")
        assert "Active since 4 Mar 2026 1 in 300 by chance" in page_text(answer)
        assert f"{LEAD} {FIGURES}" in page_text(answer)
        assert links_on(answer)[LEAD] == f"/trends/{trend_id}"
        weeks = "0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 2, 4"
        assert f"Voices by week, oldest first: {weeks}." in html_of(answer)

    def test_is_on_the_pages_of_what_the_trend_is_about(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        shows(segment_id=HEALTHCARE)
        shows(product_id=FIBRE_ONE, territory_id=NEVADA)
        lead = "Ionfield is coming up with Healthcare customers in Georgia"
        product = "Fibre One is coming up in Nevada"
        for address in (*PAGES, "/territories/southeast"):
            assert lead in links_on(browser.get(address)), address
        for address in ("/products/fibre-one", "/territories/nevada", "/territories/west", "/"):
            assert product in links_on(browser.get(address)), address
        for address in ("/territories/florida", "/competitors/acme-telecom", "/segments/trucking"):
            assert "coming up" not in page_text(browser.get(address)), address

    def test_stands_first_and_names_in_a_line_what_emerges_above(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        shows()
        shows(phrase="load theft", territory_id=SOUTHEAST)
        shows(kind=Kind.CHALLENGE, territory_id=None)
        text = page_text(browser.get("/territories/georgia"))
        own, above = text.split("Above Georgia")
        assert LEAD in own
        assert own.index("What is emerging") < text.index("Notes in 26 weeks")
        assert "“load theft” is coming up in Southeast" in above
        assert "More challenge notes than usual across the company" in above
        assert "Above" not in page_text(browser.get("/competitors/ionfield"))

    def test_links_the_newest_two_notes_that_the_reader_may_see(
        self,
        stage: Stage,
        client_of: BrowserOf,
        characters: Characters,
        shows: Callable[..., int],
    ) -> None:
        owner = characters.owner
        open_notes = [stage.post(owner, f"Open {number}", territory="georgia") for number in "123"]
        sealed = stage.post(owner, "Zebrawood", territory="georgia", audience=Audience.SEALED)
        shows(evidence=[sealed, *open_notes])
        for reader, words in ((characters.member, "Open 2"), (owner, "Zebrawood")):
            section = _section(client_of(reader).get("/territories/georgia"))
            assert words in section
            assert section.count('href="/notes/') == 2
        assert "Zebrawood" not in html_of(client_of(characters.member).get("/trends"))

    def test_opens_as_a_search_that_finds_the_notes(
        self, stage: Stage, browser: Browser, characters: Characters, shows: Callable[..., int]
    ) -> None:
        stage.post(characters.owner, "Ionfield halves its price", territory="georgia")
        stage.post(characters.member, "Ionfield is here too", territory="florida")
        shows()
        section = _section(browser.get("/territories/georgia"))
        search = unescape(section.split('aria-label="Search such notes"')[0].split('href="')[-1])
        search = search.split('"')[0]
        assert notes_on(browser.get(search)) == ["Ionfield halves its price"]

    def test_has_five_cards_and_the_others_in_a_line(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        for number in range(7):
            shows(phrase=f"word {number}", score=9 - number)
        answer = browser.get("/territories/georgia")
        assert html_of(answer).count('<article class="trend-card"') == 5
        further = page_text(answer).split("Also emerging: 2")[1]
        assert "“word 5” is coming up in Georgia" in further
        assert "“word 4” is coming up in Georgia" not in further

    def test_has_watched_ones_apart(self, browser: Browser, shows: Callable[..., int]) -> None:
        shows(score=0.5)
        text = page_text(browser.get("/territories/georgia"))
        assert "Quiet here: nothing above what is usual" in text
        assert "On the watch list: 1 More than expected, but not yet by so much" in text
        assert LEAD in text


class TestNothingEmerging:
    @pytest.mark.parametrize("address", [*PAGES, "/products/fibre-one"])
    def test_before_the_first_run_says_that_it_comes_by_itself(
        self, browser: Browser, address: str
    ) -> None:
        assert "Nothing is computed yet" in page_text(browser.get(address))

    @pytest.mark.parametrize("address", PAGES)
    def test_in_the_first_weeks_says_how_many_are_missing(
        self, stage: Stage, browser: Browser, address: str
    ) -> None:
        with stage.database.writing() as session:
            run_of(session, history=4)
        assert "Not enough history yet: 4 of 10 weeks" in page_text(browser.get(address))

    @pytest.mark.parametrize("address", PAGES)
    def test_is_said_with_what_was_looked_at(
        self, stage: Stage, browser: Browser, address: str
    ) -> None:
        with stage.database.writing() as session:
            run_of(session)
        text = page_text(browser.get(address))
        assert "Quiet here" in text
        assert "Competitors, products, kinds of notes and phrases" in text


class TestADayInThePast:
    def test_is_looked_at_by_the_date_of_the_page(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        last_week = TODAY - timedelta(days=7)
        trend_id = shows(day=last_week)
        shows(phrase="load theft")
        for address in ("/trends?on=2026-03-12", "/territories/georgia?to=2026-03-12"):
            answer = browser.get(address)
            assert links_on(answer)[LEAD] == f"/trends/{trend_id}?on=2026-03-12"
            assert "load theft" not in page_text(answer)
            assert "As of 11 Mar 2026" in page_text(answer)
        assert 'value="2026-03-12"' in html_of(browser.get("/trends?on=2026-03-12"))

    @pytest.mark.parametrize("on", ["", "soon", "2027-01-01", "2026-02-30"])
    def test_that_is_none_means_today(
        self, browser: Browser, shows: Callable[..., int], on: str
    ) -> None:
        shows()
        assert LEAD in page_text(browser.get(f"/trends?on={on}"))


class TestHome:
    def test_has_mine_and_those_from_elsewhere_three_of_each(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        for number in range(4):
            shows(phrase=f"mine {number}", score=9 - number)
            shows(phrase=f"other {number}", score=9 - number, territory_id=NEVADA)
        answer = browser.get("/")
        own, others = page_text(answer).split("In my territories")[1].split("Elsewhere")
        others = others.split("My territories")[0]
        assert [own.count(f"mine {one}") for one in range(4)] == [1, 1, 1, 0]
        assert [others.count(f"other {one}") for one in range(4)] == [1, 1, 1, 0]
        assert links_on(answer)["All 8 trends"] == "/trends"

    def test_begins_with_those_that_one_follows(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        shows(phrase="strong", score=9)
        say(browser, shows(phrase="followed", score=1), "follow")
        text = page_text(browser.get("/"))
        assert text.index("“followed” is coming up") < text.index("“strong” is coming up")

    def test_of_somebody_without_territory_has_the_company(
        self, client_of: BrowserOf, characters: Characters, shows: Callable[..., int]
    ) -> None:
        shows()
        text = page_text(client_of(characters.analyst).get("/"))
        assert "In the company" in text
        assert "In my territories" not in text


class TestTheOverview:
    def test_has_all_by_place_the_strongest_first(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        shows(score=2)
        shows(phrase="load theft", territory_id=SOUTHEAST, score=5)
        shows(phrase="price list", score=4)
        shows(kind=Kind.CHALLENGE, territory_id=None, score=1)
        text = page_text(browser.get("/trends"))
        order = ("Southeast", "“load theft”", "Georgia in", "“price list”", LEAD, "as a whole")
        places = [text.index(one) for one in order]
        assert places == sorted(places)

    def test_is_behind_the_sign_in(self, nobody: Browser) -> None:
        assert nobody.get("/trends").location == "/sign-in?next=/trends"
        assert nobody.get("/trends/1").location == "/sign-in?next=/trends/1"


class TestThePage:
    def test_explains_the_arithmetic(self, browser: Browser, shows: Callable[..., int]) -> None:
        text = page_text(browser.get(f"/trends/{shows()}"))
        for words in (
            "Counted 9 voices In the last 4 weeks, in Georgia, among 320 notes.",
            "Usual here before 0.17 voices per 100 notes 4 voices in 2,300 notes of 52 weeks from"
            " 6 Jan 2025 on. The last 8 weeks teach nothing",
            "Usual around it 0.21 voices per 100 notes",
            "Used 0.19 voices per 100 notes",
            "The rest of the company × 1.17",
            "The time of the year × 1 ",
            "Expected 0.7 voices 0.6 times the larger",
            "By chance anywhere 1 in 300 The chance of so many or more in this one place and window"
            " is 1 in 500,000. 1,900 places, subjects and windows were looked at, so that 0.003"
            " such surprises are expected in the whole company.",
        ):
            assert words in text

    def test_says_in_words_that_next_to_nothing_else_was_looked_at(
        self, browser: Browser, shows: Callable[..., int]
    ) -> None:
        few = shows(told={"arithmetic": {**ARITHMETIC, "looks": 0.3}})
        text = page_text(browser.get(f"/trends/{few}"))
        assert "Hardly any other place, subject or window was looked at, so that" in text

    def test_has_a_table_of_its_weeks(self, browser: Browser, shows: Callable[..., int]) -> None:
        text = page_text(browser.get(f"/trends/{shows()}"))
        assert "Week of Voices Expected Seldom above 16 Mar 2026 so far 4 0.17 1" in text
        assert "22 Sep 2025 0 0.17 1" in text

    def test_has_its_days(self, stage: Stage, browser: Browser) -> None:
        with stage.database.writing() as session:
            trend = trend_of(session, opened_on=TODAY - timedelta(days=1))
            show(session, trend, day=TODAY - timedelta(days=1), score=1)
            trend_id = show(session, trend, day=TODAY)
        text = page_text(browser.get(f"/trends/{trend_id}"))
        assert "Opened 17 Mar 2026, last shown 18 Mar 2026, 2 days in all" in text
        assert "18 Mar 2026 9 0.7 1 in 300 17 Mar 2026 9 0.7 1 in 10" in text

    def test_lists_its_notes_page_by_page(
        self, stage: Stage, browser: Browser, characters: Characters, shows: Callable[..., int]
    ) -> None:
        texts = [f"Note {number}" for number in range(11)]
        ids = [stage.post(characters.owner, text, territory="georgia") for text in texts]
        answer = browser.get(f"/trends/{shows(evidence=ids)}")
        assert "The notes that prove it 11 notes" in page_text(answer)
        assert notes_on(answer) == texts[:10]
        further = links_on(answer)["Show more"]
        part = browser.get(further, headers=HTMX)
        assert notes_on(part) == notes_on(browser.get(further)) == ["Note 10"]
        assert "<html" not in html_of(part)

    @pytest.mark.parametrize("address", ["/trends/99", "/trends/0", f"/trends/{2**70}"])
    def test_of_none_is_not_found(self, browser: Browser, address: str) -> None:
        assert browser.get(address).status_code == 404


class TestWhoSeesWhat:
    @pytest.fixture
    def sealed(self, stage: Stage, characters: Characters, shows: Callable[..., int]) -> int:
        """A trend that only sealed notes prove."""
        note: UUID = stage.post(
            characters.owner, "Zebrawood", territory="georgia", audience=Audience.SEALED
        )
        shows(phrase="open")
        return shows(phrase="zebrawood", reach=TrendReach.ALL, evidence=[note])

    def test_a_trend_of_sealed_notes_exists_for_those_who_see_every_note(
        self, client_of: BrowserOf, characters: Characters, sealed: int
    ) -> None:
        found: dict[str, set[str]] = {}
        for name, one in vars(characters).items():
            browser = client_of(one)
            for address in ("/trends", "/territories/georgia", "/"):
                if "zebrawood" in page_text(browser.get(address)):
                    found.setdefault(address, set()).add(name)
            if browser.get(f"/trends/{sealed}").status_code == 200:
                found.setdefault("page", set()).add(name)
            for deed in DEEDS:
                if say(browser, sealed, deed, reason="x", useful="yes").status_code == 303:
                    found.setdefault(deed, set()).add(name)
        expected = {"analyst", "admin"}
        assert found.keys() == {"/trends", "/territories/georgia", "/", "page", *DEEDS}
        assert {name: who for name, who in found.items() if who != expected} == {}

    def test_notes_that_were_sealed_since_are_not_counted(
        self,
        stage: Stage,
        client_of: BrowserOf,
        characters: Characters,
        shows: Callable[..., int],
    ) -> None:
        owner = characters.owner
        ids = [
            stage.post(owner, "Zebrawood", territory="georgia", audience=Audience.SEALED),
            stage.post(owner, "Open", territory="georgia"),
        ]
        trend_id = shows(evidence=ids)
        stranger = client_of(characters.stranger).get(f"/trends/{trend_id}")
        assert "The notes that prove it 1 note " in page_text(stranger)
        assert "Zebrawood" not in html_of(stranger)
        assert "2 notes" in page_text(client_of(owner).get(f"/trends/{trend_id}"))


class TestWhatCanBeSaid:
    @pytest.fixture
    def trend_id(self, shows: Callable[..., int]) -> int:
        return shows()

    def test_following_is_shown_and_ended(
        self, stage: Stage, browser: Browser, characters: Characters, trend_id: int
    ) -> None:
        answer = say(browser, trend_id, "follow")
        assert (answer.status_code, answer.location) == (303, f"/trends/{trend_id}")
        text = page_text(browser.get(f"/trends/{trend_id}"))
        assert "You follow this trend" in text
        assert "Following" in text
        assert seen(stage, characters.owner, trend_id).followed
        say(browser, trend_id, "unfollow")
        assert not seen(stage, characters.owner, trend_id).followed

    def test_a_mute_moves_it_to_the_muted_ones_and_says_why(
        self, browser: Browser, trend_id: int
    ) -> None:
        say(browser, trend_id, "mute", reason="The trade fair")
        text = page_text(browser.get("/territories/georgia"))
        assert "Muted: 1 Open one to see" in text
        assert "Quiet here" in text
        page = page_text(browser.get(f"/trends/{trend_id}"))
        assert "You muted this just now : The trade fair" in page
        say(browser, trend_id, "unmute")
        assert "Muted: 1" not in page_text(browser.get("/territories/georgia"))

    def test_a_mute_for_everyone_is_offered_to_those_who_may(
        self, client_of: BrowserOf, characters: Characters, trend_id: int
    ) -> None:
        offered = {
            name
            for name, one in vars(characters).items()
            if "For everyone" in page_text(client_of(one).get(f"/trends/{trend_id}"))
        }
        assert offered == {"manager", "analyst", "admin"}
        stranger = client_of(characters.stranger)
        answer = say(stranger, trend_id, "mute", reason="x", for_everyone="on")
        assert answer.status_code == 403
        say(client_of(characters.manager), trend_id, "mute", reason="A fair", for_everyone="on")
        text = page_text(stranger.get(f"/trends/{trend_id}"))
        assert "Manuel Manager muted this for everyone just now : A fair" in text

    def test_a_mute_without_reason_comes_back_with_what_to_do(
        self, browser: Browser, trend_id: int
    ) -> None:
        answer = say(browser, trend_id, "mute", reason=" ")
        assert answer.status_code == 422
        assert "Say in a few words why" in text_of(answer)

    def test_a_verdict_is_kept_and_taken_back(
        self, stage: Stage, browser: Browser, characters: Characters, trend_id: int
    ) -> None:
        for useful, verdict in (("yes", True), ("no", False), ("", None)):
            say(browser, trend_id, "judge", useful=useful)
            assert seen(stage, characters.owner, trend_id).verdict is verdict

    @pytest.mark.parametrize(
        ("deed", "words"),
        [("follow", "Following"), ("mute", "Unmute"), ("judge", 'aria-pressed="true"')],
    )
    def test_on_a_card_is_answered_by_the_card(
        self, browser: Browser, trend_id: int, deed: str, words: str
    ) -> None:
        token = browser.get("/trends")
        fields = {"csrf_token": _token(token), "reason": "A fair", "useful": "yes"}
        answer = browser.post(f"/trends/{trend_id}/{deed}", data=fields, headers=HTMX)
        html = html_of(answer)
        assert answer.status_code == 200
        assert html.strip().startswith("<article")
        assert words in html

    def test_a_mute_without_reason_is_refused_in_the_card(
        self, browser: Browser, trend_id: int
    ) -> None:
        fields = {"csrf_token": _token(browser.get("/trends")), "reason": ""}
        answer = browser.post(f"/trends/{trend_id}/mute", data=fields, headers=HTMX)
        assert answer.status_code == 422
        assert html_of(answer).strip().startswith("<article")
        assert "Say in a few words why" in html_of(answer)

    def test_is_told_in_the_journal(
        self, client_of: BrowserOf, characters: Characters, trend_id: int
    ) -> None:
        admin = client_of(characters.admin)
        say(admin, trend_id, "mute", reason="A fair", for_everyone="on")
        say(admin, trend_id, "judge", useful="no")
        text = page_text(admin.get("/admin/journal"))
        assert f"Ada Admin muted trend {trend_id} for everyone" in text
        assert f"Ada Admin judged trend {trend_id} as not useful" in text
        assert "A fair" not in text


@pytest.mark.parametrize(
    "address", ["/territories/georgia", "/competitors/ionfield", "/trends", "/trends/1", "/"]
)
def test_queries_do_not_grow_with_the_trends(
    stage: Stage,
    browser: Browser,
    characters: Characters,
    count_queries: Counter,
    address: str,
) -> None:
    note = stage.post(characters.owner, "Ionfield is here", territory="georgia")
    sent = []
    for number in range(6):
        with stage.database.writing() as session:
            showing(session, score=1 + number, evidence=[note])
        if number in (0, 5):
            browser.get(address)
            with count_queries(stage.database) as statements:
                page_text(browser.get(address))
            sent.append(len(statements))
    assert sent[0] == sent[1] <= 17


def _section(answer: TestResponse) -> str:
    return html_of(answer).split('id="emerging-title"')[1].split("</section>")[0]


def _token(answer: TestResponse) -> str:
    return html_of(answer).split('name="csrf_token" value="')[1].split('"')[0]
