"""Every page, on a phone in light and on a desktop in dark: nothing for axe to find, nothing to
scroll sideways, nothing refused by the content security policy."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import select

from insights.http.runtime import Runtime
from insights.models import Note, TriageState
from insights.services import access, triage
from tests.browser.axe import violations
from tests.fixtures.live import DESKTOP, PHONE, Site, open_page

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/n",
    "/search?q=price",
    "/search?q=competitor:ionfield+price+OR+pricing+-fibre&kind=competitor",
    "/search?q=ionfeld",
    "/search?q=nothing+like+this+anywhere",
    "/searches",
    "/territories",
    "/territories/georgia",
    "/territories/map",
    "/territories/map?show=trend",
    "/territories/map?show=silence",
    "/territories/silence",
    "/territories/silence?by=region",
    "/competitors",
    "/competitors/ionfield",
    "/segments",
    "/segments/healthcare",
    "/products",
    "/reading",
    "/offline",
    "/me",
    "/me/settings",
    "/inbox",
    "/inbox?state=taken",
    "/inbox?state=done",
    "/topics",
    "/topics?view=list",
    "/topics/new",
    "/handovers",
    "/handovers/new",
    "/briefs/territories/georgia",
    "/news",
    "/news?unread=1",
    "/questions",
    "/questions?show=closed",
    "/questions/new",
    "/questions/misses",
    "/battlecards/checks",
    "/promises",
    "/promises/new?territory=georgia",
    "/accounts",
    "/accounts?q=nothing+like+this",
    "/measures",
    "/measures?in=georgia",
    "/who-knows",
    "/who-knows?q=price",
    "/admin",
    "/admin/people",
    "/admin/territories",
    "/admin/territories/georgia",
    "/admin/reassignments",
    "/admin/reassignments/new",
    "/admin/territory-rules",
    "/admin/territory-rules/new",
    "/admin/salesforce",
    "/admin/figures",
    "/admin/shelf-lives",
    "/admin/segments",
    "/admin/competitors",
    "/admin/competitors/ionfield",
    "/admin/competitors/names/proposed",
    "/admin/products",
    "/admin/accounts",
    "/admin/guard-rails",
    "/admin/guard-rails/new",
    "/admin/trends",
    "/admin/destinations",
    "/trends",
    "/routes",
    "/routes/new",
    "/routes/new?for=all",
    "/admin/import",
    "/admin/tokens",
    "/admin/journal",
    "/api/docs",
    "/nowhere",
)
# Each size and each theme once: contrast depends on the theme, the rest on the size.
DEVICES = [
    pytest.param(PHONE, "light", id="phone-light"),
    pytest.param(DESKTOP, "dark", id="desktop-dark"),
]


@pytest.mark.parametrize(("size", "scheme"), DEVICES)
def test_every_page_is_usable_by_everyone(
    site: Site, chromium: Browser, size: dict[str, int], scheme: str
) -> None:
    page = open_page(chromium, size, scheme)
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", note)
    site.sign_in(page, "admin")
    _save_a_search(page, site)
    _fill_the_inbox(site)
    for address in [*PAGES, _first_note(page, site)]:
        page.goto(site.address + address)
        complaints += [f"{address}: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{address}: scrolls sideways")
    page.context.close()
    assert complaints == []


def _fill_the_inbox(site: Site) -> None:
    runtime: Runtime = site.app.extensions["insights"]
    now = datetime.now(UTC)
    with runtime.database.writing() as session:
        ids = session.scalars(select(Note.id).limit(6)).all()
        triage.open_notes(session, ids, now=now)
        triage.decide_many(session, access.OPERATOR, ids[:2], TriageState.TAKEN, now=now)


def _save_a_search(page: Page, site: Site) -> None:
    """So that its page has a row with all that can be done to one."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    assert token is not None
    form = {"csrf_token": token, "name": f"Prices {uuid4()}", "q": "price", "shared": "on"}
    page.request.post(f"{site.address}/searches", form=form)
    page.goto(f"{site.address}/searches")
    assert page.locator("main details.menu").count()


@pytest.mark.parametrize(("size", "scheme"), DEVICES)
def test_what_opens_on_the_search_page_is_usable_by_everyone(
    site: Site, chromium: Browser, size: dict[str, int], scheme: str
) -> None:
    page = open_page(chromium, size, scheme)
    complaints: list[str] = []

    def look(what: str) -> None:
        complaints.extend(f"{what}: {one}" for one in violations(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{what}: scrolls sideways")

    site.sign_in(page, "admin")
    note_id = _first_note(page, site).rpartition("/")[2]
    page.goto(f"{site.address}/search?q=price")
    page.get_by_label("Search notes").fill("ionf")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    look("suggestions")
    page.keyboard.press("Escape")
    for opened in ("How to search", "Save this search", "Why this?"):
        page.locator("summary", has_text=opened).first.click()
        look(opened)
    page.goto(f"{site.address}/search?q=price&note={note_id}")
    look("the note beside")
    page.goto(f"{site.address}/notes/{note_id}/similar")
    look("similar notes")
    page.context.close()
    assert complaints == []


def _first_note(page: Page, site: Site) -> str:
    page.goto(f"{site.address}/search")
    link = page.locator("a[href^='/notes/']").first.get_attribute("href")
    assert link is not None
    return link
