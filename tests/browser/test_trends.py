"""A trend on a phone: said in place on its card, and usable by everyone."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from insights.db import Database
from insights.http.runtime import Runtime
from insights.models import Note, Territory, Trend, TrendShowing
from tests.browser.axe import violations
from tests.fixtures.live import DESKTOP, PHONE, Site, open_page
from tests.trend_rows import show, trend_of

pytestmark = pytest.mark.browser

PHRASE = "kestrel crates"


@pytest.fixture
def trend_id(site: Site) -> Iterator[int]:
    """A trend in Georgia, beside whatever else the demo has there."""
    runtime: Runtime = site.app.extensions["insights"]
    today = datetime.now(UTC).date()
    with runtime.database.writing() as session:
        georgia = session.scalars(select(Territory.id).where(Territory.slug == "georgia")).one()
        notes = session.scalars(select(Note.id).where(Note.territory_id == georgia).limit(12)).all()
        trend = trend_of(session, opened_on=today, territory_id=georgia, phrase=PHRASE)
        trend_id = show(session, trend, day=today, score=9.0, evidence=notes)
    yield trend_id
    _forget(runtime.database, trend_id)


def _forget(database: Database, trend_id: int) -> None:
    """The next test writes its own; what was said of this one hangs on it and may stay unseen."""
    with database.writing() as session:
        for one in session.scalars(select(TrendShowing).where(TrendShowing.trend_id == trend_id)):
            session.delete(one)
        session.get_one(Trend, trend_id).shown_on = datetime(2000, 1, 1, tzinfo=UTC).date()


@pytest.fixture
def card(site: Site, phone: Page, trend_id: int) -> Locator:
    """Its card on the page of Georgia."""
    site.sign_in(phone, "rep")
    phone.goto(f"{site.address}/territories/georgia")
    return phone.locator(f"[data-trend='{trend_id}']")


def test_it_is_followed_and_judged_without_leaving_the_list(card: Locator, phone: Page) -> None:
    address = phone.url
    card.get_by_role("button", name="Follow").click()
    expect(card.get_by_role("button", name="Following")).to_have_attribute("aria-pressed", "true")
    useful = card.get_by_role("button", name="Useful", exact=True)
    useful.click()
    expect(useful).to_have_attribute("aria-pressed", "true")
    useful.click()
    expect(useful).to_have_attribute("aria-pressed", "false")
    assert phone.url == address


def test_it_is_muted_with_a_reason(card: Locator, phone: Page) -> None:
    card.get_by_text("Mute", exact=True).click()
    card.get_by_label("Why mute it?").fill("The trade fair")
    card.get_by_role("button", name="Mute this trend").click()
    expect(card).to_contain_text("it leaves this list")
    phone.reload()
    expect(card).to_have_count(0)


def test_the_whole_card_opens_it(card: Locator, phone: Page, trend_id: int) -> None:
    # The link lies over it, which the driver would take for an obstacle.
    card.locator(".trend-sparkline").click(force=True)
    expect(phone.locator("h1")).to_contain_text(PHRASE)
    assert phone.url.endswith(f"/trends/{trend_id}")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [pytest.param(PHONE, "light", id="phone"), pytest.param(DESKTOP, "dark", id="desktop")],
)
def test_its_pages_are_usable_by_everyone(
    site: Site, chromium: Browser, trend_id: int, size: dict[str, int], scheme: str
) -> None:
    page = open_page(chromium, size, scheme)
    site.sign_in(page, "manager")
    for address in ("/", "/trends", "/territories/georgia", f"/trends/{trend_id}"):
        page.goto(site.address + address)
        for opened in page.locator("main summary:visible").all():
            opened.click()
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.context.close()
