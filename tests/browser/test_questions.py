"""Questions on a phone: chosen in the form, and answered without a signal."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from insights.clock import utc_now
from insights.http.runtime import Runtime
from insights.models import Kind, Person, QuestionAnswer
from insights.services import questions
from insights.services.access import load_actor
from insights.services.question_views import QuestionView
from tests.browser.arrived import until_arrived
from tests.browser.axe import violations
from tests.browser.capture_form import SAVED, Form
from tests.browser.devices import equip
from tests.fixtures.live import DESKTOP, PHONE, Site, open_page

pytestmark = pytest.mark.browser


def _runtime(site: Site) -> Runtime:
    runtime: Runtime = site.app.extensions["insights"]
    return runtime


def ask(site: Site, word: str) -> QuestionView:
    """Marketing asks everybody."""
    runtime, now = _runtime(site), utc_now()
    with runtime.database.writing() as session:
        marketing = select(Person.id).where(Person.email == "marketing@example.com")
        analyst = load_actor(session, session.scalars(marketing).one(), today=runtime.today())
        return questions.ask(
            session,
            analyst,
            text=f"What of {word}?",
            kinds=[Kind.CHALLENGE],
            until=runtime.today() + timedelta(days=7),
            now=now,
            today=runtime.today(),
        )


def close(site: Site, question: QuestionView) -> None:
    runtime, now = _runtime(site), utc_now()
    with runtime.database.writing() as session:
        assert question.asker_id is not None
        analyst = load_actor(session, question.asker_id, today=runtime.today())
        questions.close(session, analyst, question.id, summary="", now=now)


def answers(site: Site, question: QuestionView) -> list[UUID]:
    with _runtime(site).database.reading() as session:
        chosen = select(QuestionAnswer.note_id).where(QuestionAnswer.question_id == question.id)
        return list(session.scalars(chosen))


@pytest.fixture
def device(chromium: Browser, site: Site) -> Iterator[Page]:
    """A rep's phone with all that it keeps for times without a signal."""
    page = open_page(chromium, PHONE)
    equip(page, site, "rep")
    yield page
    page.context.close()


def test_a_question_is_answered_without_a_signal_also_when_it_is_closed_meanwhile(
    device: Page, site: Site, word: str
) -> None:
    question = ask(site, word)
    Form(device, site).open()
    expect(device.get_by_text(f"What of {word}?")).to_be_attached()
    device.context.set_offline(True)
    form = Form(device, site).open(f"/n?question={question.id}")
    expect(device.locator(".answering")).to_contain_text(f"What of {word}?")
    expect(form.kind("Challenge").locator("input")).to_be_checked()
    form.write(f"Heard of {word}")
    form.save()
    expect(form.receipt).to_contain_text(SAVED)
    expect(device.locator(".answering")).to_have_count(0)
    close(site, question)
    device.context.set_offline(False)
    [note] = until_arrived(device, site, word, 1)
    assert answers(site, question) == [note.id]


def test_a_question_that_is_newer_than_the_lists_of_the_device_gets_its_words(
    device: Page, site: Site, word: str
) -> None:
    Form(device, site).open()
    question = ask(site, word)
    form = Form(device, site).open(f"/n?question={question.id}")
    expect(device.locator(".answering")).to_contain_text(f"What of {word}?")
    expect(form.kind("Challenge").locator("input")).to_be_checked()
    close(site, question)


def test_a_question_that_is_not_among_the_lists_is_looked_up(
    device: Page, site: Site, word: str
) -> None:
    question = ask(site, word)
    close(site, question)
    Form(device, site).open(f"/n?question={question.id}")
    expect(device.locator(".answering")).to_contain_text(f"What of {word}?")


class TestTheForm:
    def test_a_question_is_taken_from_the_list_and_given_back(
        self, rep: Form, site: Site, word: str
    ) -> None:
        question = ask(site, word)
        page = rep.open().page
        rep.text.fill(f"Heard of {word}")
        rep.tap(page.get_by_text("Questions to you"))
        rep.tap(page.get_by_role("button", name=f"What of {word}?"))
        expect(page.locator(".answering")).to_contain_text(f"What of {word}?")
        expect(rep.text).to_have_value(f"Heard of {word}")
        rep.tap(page.get_by_role("button", name="It answers no question"))
        expect(page.locator(".answering")).to_have_count(0)
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        assert answers(site, question) == []

    def test_a_list_that_is_read_stays_open_when_newer_lists_come(
        self, rep: Form, site: Site, word: str
    ) -> None:
        first = ask(site, f"{word}a")
        rep.open()
        second = ask(site, f"{word}b")
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        rep.page.route("**/api/v1/capture/kit", hold)
        rep.open()
        rep.tap(rep.page.get_by_text("Questions to you"))
        expect(rep.page.get_by_role("button", name=f"What of {word}a?")).to_be_visible()
        held[0].continue_()
        expect(rep.page.get_by_role("button", name=f"What of {word}b?")).to_be_visible()
        for one in (first, second):
            close(site, one)

    def test_a_draft_keeps_the_question_that_it_answers(
        self, rep: Form, site: Site, word: str
    ) -> None:
        question = ask(site, word)
        rep.open(f"/n?question={question.id}").text.fill(f"Heard of {word}")
        rep.page.wait_for_timeout(2_500)
        rep.open()
        expect(rep.text).to_have_value(f"Heard of {word}")
        expect(rep.page.locator(".answering")).to_contain_text(f"What of {word}?")
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        assert len(answers(site, question)) == 1


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(
    chromium: Browser, site: Site, word: str, size: dict[str, int], scheme: str
) -> None:
    question = ask(site, word)
    page = open_page(chromium, size, scheme)
    site.sign_in(page, "marketing")
    for address in (
        "/questions",
        f"/questions/{question.id}",
        f"/questions/new?q={word}",
        "/questions/misses",
        "/who-knows?q=price",
        f"/search?q={word}",
        f"/n?question={question.id}",
    ):
        page.goto(site.address + address)
        assert violations(page) == [], address
    page.context.close()
