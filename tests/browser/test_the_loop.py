"""The loop in a browser: what a rep says becomes a trend, a topic, a question, a line and an
answer, and comes back to those who said it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from insights.db import Database
from insights.http.runtime import Runtime
from insights.models import Territory, Trend, TrendShowing
from tests.browser.arrived import notes_with
from tests.browser.capture_form import Form
from tests.fixtures.live import DESKTOP, PHONE, Site, open_page
from tests.trend_rows import show, trend_of

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(site: Site, chromium: Browser) -> Iterator[Page]:
    """The analyst's desktop."""
    page = open_page(chromium, DESKTOP)
    site.sign_in(page, "marketing")
    yield page
    page.context.close()


@pytest.fixture
def colleague(site: Site, chromium: Browser) -> Iterator[Page]:
    """The phone of somebody who hears the same as the rep."""
    page = open_page(chromium, PHONE)
    site.sign_in(page, "manager")
    yield page
    page.context.close()


class Loop:
    """The steps of the story; `word` is in everything that it leaves behind."""

    def __init__(self, site: Site, word: str, desk: Page) -> None:
        self.site, self.word, self.desk = site, word, desk

    def go(self, page: Page, address: str) -> None:
        page.goto(self.site.address + address)

    def heard(self, form: Form) -> UUID:
        """A rep in Georgia writes what they have heard."""
        form.open()
        form.text.fill(f"Ionfield gives {self.word} away for two months")
        form.save()
        expect(form.receipt).to_contain_text("Sent")
        [note] = notes_with(self.site, self.word)
        return note.id

    def sighted(self, page: Page, note_id: UUID) -> None:
        """Somebody else has seen it too."""
        self.go(page, f"/notes/{note_id}")
        page.locator("#sightings").get_by_role("button", name="Seen it too").click()
        expect(page.locator("#sightings")).to_contain_text("Take mine back")

    def topic_of(self, trend_id: int) -> str:
        """Marketing opens a topic from the trend, which brings its note; gives the address."""
        self.go(self.desk, "/territories/georgia")
        self.desk.locator(f"[data-trend='{trend_id}'] a").first.click(force=True)
        expect(self.desk.locator("h1")).to_contain_text(self.word)
        self.desk.get_by_role("link", name="Open a topic").click()
        expect(self.desk.locator("main")).to_contain_text("1 note that proves it comes along")
        self.desk.get_by_label("Title").fill(f"What do we say to free {self.word}?")
        self.desk.get_by_role("button", name="Open the topic").click()
        expect(self.desk.locator("h1")).to_contain_text(self.word)
        expect(self.desk.locator("#notes")).to_contain_text(f"Ionfield gives {self.word} away")
        return self.desk.url

    def asked(self) -> str:
        """Marketing asks Georgia and Alabama from the topic; gives the address of the question."""
        self.desk.get_by_role("link", name="Ask the field about this").click()
        form = self.desk.locator(".question-form")
        form.get_by_label("What do you want to hear?").fill(f"Who is offered {self.word}?")
        for checked in form.locator(".aims input:checked").all():
            checked.uncheck()
        for name in ("Georgia", "Alabama"):
            form.get_by_label(name, exact=True).check()
        form.get_by_role("button", name="Ask").click()
        expect(self.desk.locator("main")).to_contain_text(f"Who is offered {self.word}?")
        return self.desk.url

    def answered(self, form: Form) -> None:
        """The rep finds the question among all that are asked of them, since home names only those
        that end first, and answers it with a note."""
        self.go(form.page, "/")
        form.page.get_by_role("link", name="All questions").click()
        question = form.page.locator("main").get_by_text(f"Who is offered {self.word}?")
        expect(question.first).to_be_visible()
        form.open()
        form.tap(form.page.get_by_text("Questions to you"))
        form.tap(form.page.get_by_role("button", name=f"Who is offered {self.word}?"))
        form.text.fill(f"Clinics in Macon are offered {self.word}")
        form.save()
        expect(form.receipt).to_contain_text("Sent")

    def line(self, note_id: UUID) -> None:
        """The battlecard gets its line, which rests on the note."""
        self.go(self.desk, f"/battlecards/ionfield/lines/new?section=pricing&note={note_id}")
        self.desk.get_by_label("What is known").fill(f"They give {self.word} away at first")
        self.desk.get_by_role("button", name="Add the line").click()
        self.go(self.desk, "/competitors/ionfield")
        line = self.desk.locator(".card-line", has_text=f"They give {self.word} away at first")
        expect(line).to_contain_text("1 note, seen by 1 more")

    def settled(self, topic: str, note_id: UUID) -> None:
        """The topic is answered, and its note was used."""
        self.desk.goto(f"{topic}/answer")
        self.desk.get_by_label("Answer", exact=True).fill(f"**Warranty** instead of {self.word}")
        self.desk.get_by_role("button", name="Save and mark as answered").click()
        expect(self.desk.locator(".topic-head")).to_contain_text("Answered")
        note = self.desk.locator(f"#note-{note_id}")
        note.get_by_text("Say what became of it").click()
        note.locator(".choice", has_text=re.compile("used", re.IGNORECASE)).first.click()
        note.get_by_label("In what, from where, or why not now").fill("the price list of spring")
        note.get_by_role("button", name="Save the outcome").click()
        expect(self.desk.locator(f"#note-{note_id}")).to_contain_text("the price list of spring")

    def closed(self, question: str) -> None:
        """Those who answered are told what came of it; the next test finds no open question."""
        self.desk.goto(question)
        expect(self.desk.locator("#answers")).to_contain_text(f"offered {self.word}")
        coverage = self.desk.locator("main")
        for name in ("Georgia", "Alabama"):
            expect(coverage.get_by_role("link", name=name).first).to_be_visible()
        self.desk.get_by_label("What came of it?").fill(f"Clinics first: {self.word}")
        self.desk.get_by_role("button", name="Close and tell them").click()
        expect(self.desk.locator("main")).to_contain_text(f"Clinics first: {self.word}")

    def news(self, page: Page) -> Locator:
        """What somebody is told of all this."""
        self.go(page, "/news")
        return page.locator(".told", has_text=self.word)


@pytest.fixture
def shown(site: Site) -> Iterator[list[int]]:
    """The trends that a test shows; afterwards none of them is shown any more."""
    made: list[int] = []
    yield made
    runtime: Runtime = site.app.extensions["insights"]
    with runtime.database.writing() as session:
        for trend_id in made:
            for one in session.scalars(
                select(TrendShowing).where(TrendShowing.trend_id == trend_id)
            ):
                session.delete(one)
            session.get_one(Trend, trend_id).shown_on = datetime(2000, 1, 1, tzinfo=UTC).date()


def emerges(database: Database, word: str, note_id: UUID) -> int:
    """What the worker would compute once several people say the word; gives the trend."""
    today = datetime.now(UTC).date()
    with database.writing() as session:
        georgia = session.scalars(select(Territory.id).where(Territory.slug == "georgia")).one()
        trend = trend_of(session, opened_on=today, territory_id=georgia, phrase=word)
        return show(session, trend, day=today, score=9.5, evidence=[note_id])


@pytest.fixture
def loop(site: Site, word: str, desk: Page) -> Loop:
    return Loop(site, word, desk)


def test_the_loop_closes(loop: Loop, rep: Form, colleague: Page, shown: list[int]) -> None:
    note_id = loop.heard(rep)
    loop.sighted(colleague, note_id)
    runtime: Runtime = loop.site.app.extensions["insights"]
    trend_id = emerges(runtime.database, loop.word, note_id)
    shown.append(trend_id)
    topic = loop.topic_of(trend_id)
    question = loop.asked()
    loop.answered(rep)
    loop.line(note_id)
    loop.settled(topic, note_id)
    loop.closed(question)

    # Each is told once: the author of both, whoever has seen the note too of that alone.
    expect(loop.news(rep.page).filter(has_text="the price list of spring")).to_have_count(1)
    expect(loop.news(rep.page).filter(has_text="Clinics first")).to_have_count(1)
    expect(loop.news(colleague).filter(has_text="the price list of spring")).to_have_count(1)
    expect(loop.news(colleague).filter(has_text="Clinics first")).to_have_count(0)
    loop.go(rep.page, "/")
    expect(rep.page.get_by_text(f"Who is offered {loop.word}?")).to_have_count(0)
