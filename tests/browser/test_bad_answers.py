"""A server or a network in trouble: the note stays, words say why, and the next one goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from insights.demo.load import PASSWORD
from tests.browser.arrived import notes_with, posts_of, until_arrived
from tests.browser.capture_form import SAVED, Form
from tests.browser.devices import end_sign_in

pytestmark = pytest.mark.browser

NOTES = "**/api/v1/notes"
FIRST, NEXT = "First", "Next"
PORTAL = "<html><title>Free Wi-Fi</title>Please sign in</html>"

Answer = Callable[[Route], None]


def answer(status: int, **more: object) -> Answer:
    return lambda route: route.fulfill(status=status, **more)  # type: ignore[arg-type]


def cut_before(route: Route) -> None:
    route.abort()


def cut_after(route: Route) -> None:
    """The server has stored it, and nobody hears of that."""
    assert route.fetch().status == 201
    route.abort()


class Troubled:
    """A phone whose notes meet an answer of the test's choice, until the server is well again."""

    def __init__(self, form: Form, word: str) -> None:
        self.form = form
        self.word = word
        self.page = form.page
        self.posts = posts_of(form.page)

    def meets(self, answer: Answer, only: str = "") -> None:
        """From now on, for posts with that word in them."""

        def meet(route: Route) -> None:
            if only in (route.request.post_data or ""):
                answer(route)
            else:
                route.continue_()

        self.page.context.route(NOTES, meet)

    def recovers(self) -> None:
        self.page.context.unroute(NOTES)

    def saves(self, beginning: str) -> None:
        expect(self.form.text).to_have_value("")
        self.form.write(f"{beginning} {self.word}")
        self.form.save()

    def looks_at_what_waits(self) -> Locator:
        """The first note on the page of those that wait."""
        self.page.goto(f"{self.form.site.address}/waiting")
        return self.page.locator(".waiting-note", has_text=f"{FIRST} {self.word}")

    def sends_now(self) -> None:
        """Also where it has just gone by itself, and the button with it."""
        self.page.locator("[data-send]").dispatch_event("click")

    def arrived(self, *beginnings: str) -> None:
        """Each is at the server once."""
        notes = until_arrived(self.page, self.form.site, self.word, len(beginnings))
        texts = sorted(note.text for note in notes)
        assert texts == sorted(f"{one} {self.word}" for one in beginnings)
        assert not any(note.withdrawn_at for note in notes)


@pytest.fixture
def phone(rep: Form, word: str) -> Troubled:
    return Troubled(rep.open(), word)


@pytest.mark.parametrize(
    ("trouble", "is_stored"),
    [
        pytest.param(answer(500, body="<h1>Oops</h1>"), False, id="server error"),
        pytest.param(answer(200, body=PORTAL, content_type="text/html"), False, id="portal"),
        pytest.param(cut_before, False, id="cut before"),
        pytest.param(cut_after, True, id="cut after it was stored"),
    ],
)
def test_what_may_be_over_soon_is_tried_again(
    phone: Troubled, trouble: Answer, is_stored: bool
) -> None:
    phone.meets(trouble, only=FIRST)
    phone.saves(FIRST)
    expect(phone.form.receipt).to_contain_text(SAVED)
    phone.saves(NEXT)
    expect(phone.form.receipt).to_contain_text("Sent")
    assert len(notes_with(phone.form.site, phone.word)) == (2 if is_stored else 1)
    phone.meets(cut_before)
    row = phone.looks_at_what_waits()
    expect(row).to_contain_text("Waiting")
    expect(row).to_contain_text("next attempt within a minute")
    phone.recovers()
    phone.sends_now()
    expect(row).to_contain_text("Sent")
    phone.arrived(FIRST, NEXT)
    assert len({post["id"] for post in phone.posts}) == 2


@pytest.mark.parametrize(
    ("refusal", "words", "keeps_its_id"),
    [
        pytest.param(
            answer(413, body="<html>", content_type="text/html"),
            "That is too large. Send less at once.",
            True,
            id="too large",
        ),
        pytest.param(
            answer(422, json={"errors": {"territory": ["Choose one."], "text": ["Say more."]}}),
            "Choose one. Say more.",
            True,
            id="invalid",
        ),
        pytest.param(
            answer(409, json={"detail": "Another note has this id."}),
            "Another note has this id.",
            False,
            id="taken",
        ),
    ],
)
def test_a_refused_note_says_why_and_waits_to_be_mended(
    phone: Troubled, refusal: Answer, words: str, keeps_its_id: bool
) -> None:
    phone.meets(refusal, only=FIRST)
    phone.saves(FIRST)
    expect(phone.form.receipt).to_contain_text("Kept on this phone, but not taken")
    expect(phone.form.receipt).to_contain_text(words)
    phone.saves(NEXT)
    expect(phone.form.receipt).to_contain_text("Sent")
    row = phone.looks_at_what_waits()
    expect(row).to_contain_text("Needs a look")
    expect(row).to_contain_text(words)
    phone.recovers()
    phone.sends_now()
    expect(row).to_contain_text("Needs a look")
    row.get_by_role("link", name="Mend it").click()
    expect(phone.form.text).to_have_value(f"{FIRST} {phone.word}")
    phone.form.text.fill(f"Mended {phone.word}")
    phone.form.save()
    expect(phone.form.receipt).to_contain_text("Sent")
    phone.arrived("Mended", NEXT)
    ids = [post["id"] for post in phone.posts if NEXT not in post["text"]]
    assert (ids[0] == ids[-1]) is keeps_its_id


class TestTooMany:
    """The server asks for ten minutes; the clock of the phone is the test's."""

    @pytest.fixture
    def phone(self, rep: Form, word: str) -> Troubled:
        rep.page.clock.install()
        phone = Troubled(rep.open(), word)
        phone.meets(answer(429, headers={"Retry-After": "600"}))
        with rep.page.expect_response(NOTES):
            phone.saves(FIRST)
        expect(rep.receipt).to_contain_text(SAVED)
        phone.recovers()
        return phone

    def test_is_obeyed_for_all_notes_and_then_they_go(self, phone: Troubled) -> None:
        phone.saves(NEXT)
        phone.page.clock.fast_forward("09:30")
        expect(phone.form.receipt).to_contain_text(SAVED)
        assert len(phone.posts) == 1
        phone.page.clock.fast_forward("00:40")
        phone.arrived(FIRST, NEXT)
        assert len(phone.posts) == 3

    def test_is_told_with_the_time_of_the_next_attempt(self, phone: Troubled) -> None:
        row = phone.looks_at_what_waits()
        expect(row).to_contain_text("next attempt at")
        phone.sends_now()
        expect(phone.page.locator("#spoken")).to_have_text("1 note waits still")
        assert len(phone.posts) == 1
        phone.page.clock.fast_forward("10:05")
        expect(row).to_contain_text("Sent")
        phone.arrived(FIRST)


def test_an_answer_that_never_comes_is_given_up_after_twenty_seconds(rep: Form, word: str) -> None:
    rep.page.clock.install()
    phone = Troubled(rep.open(), word)
    phone.meets(lambda route: None, only=FIRST)
    phone.saves(FIRST)
    expect(rep.receipt).to_contain_text("Sending…")
    rep.page.clock.fast_forward("00:18")
    phone.saves(NEXT)
    expect(rep.receipt).to_contain_text(SAVED)
    rep.page.clock.fast_forward("00:02")
    expect(rep.receipt).to_contain_text("Sent")
    phone.recovers()
    rep.page.clock.fast_forward("00:05")
    phone.arrived(FIRST, NEXT)


def test_trouble_of_the_whole_server_is_told_and_the_words_go_when_it_is_over(
    phone: Troubled,
) -> None:
    context = phone.page.context
    context.route("**/api/v1/**", answer(503))
    phone.saves(FIRST)
    expect(phone.form.receipt).to_contain_text(SAVED)
    row = phone.looks_at_what_waits()
    expect(phone.page.locator("[data-trouble]")).to_have_text("The server cannot answer just now.")
    context.unroute("**/api/v1/**")
    expect(row).to_contain_text("Sent")  # by itself, after a while
    expect(phone.page.locator("[data-trouble]")).to_be_empty()
    phone.arrived(FIRST)


class TestAnEndedSignIn:
    def test_is_told_on_the_form_and_the_note_goes_after_signing_in(self, phone: Troubled) -> None:
        end_sign_in(phone.page)
        phone.saves(FIRST)
        expect(phone.form.receipt).to_contain_text(SAVED)
        state = phone.page.locator("#capture-state")
        expect(state).to_contain_text("You are signed out. Notes wait on this phone")
        assert notes_with(phone.form.site, phone.word) == []
        state.get_by_role("link", name="Sign in").click()
        _sign_in(phone.page)
        phone.page.wait_for_url("**/n")
        phone.arrived(FIRST)
        expect(phone.page.get_by_role("link", name="waiting")).to_have_count(0)

    def test_is_told_where_notes_wait(self, phone: Troubled) -> None:
        phone.meets(answer(401))
        phone.saves(FIRST)
        row = phone.looks_at_what_waits()
        expect(row).to_contain_text("Waiting")
        expect(phone.page.locator("[data-trouble]")).to_contain_text(
            "You are signed out. Notes stay here until you sign in."
        )
        phone.recovers()
        phone.sends_now()
        expect(row).to_contain_text("Sent")
        expect(phone.page.locator("[data-trouble]")).to_be_empty()
        phone.arrived(FIRST)

    def test_is_never_answered_by_a_redirect(self, phone: Troubled) -> None:
        statuses = []
        phone.page.on("response", lambda got: statuses.append((got.url, got.status)))
        end_sign_in(phone.page)
        phone.saves(FIRST)
        expect(phone.page.locator("#capture-state")).to_contain_text("signed out")
        told = [status for url, status in statuses if "/api/v1/" in url]
        assert 401 in told
        assert not [status for status in told if 300 <= status < 400]


def _sign_in(page: Page) -> None:
    page.get_by_label("E-mail").fill("rep@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
