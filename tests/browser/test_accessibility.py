"""Every page, on a phone in light and on a desktop in dark: nothing for axe to find, nothing to
scroll sideways, nothing refused by the content security policy."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.fixtures.live import DESKTOP, PHONE, Site, open_page
from tests.guards.sources import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/",
    "/n",
    "/search?q=price",
    "/search?q=nothing+like+this+anywhere",
    "/territories",
    "/territories/georgia",
    "/competitors",
    "/competitors/ionfield",
    "/segments",
    "/segments/healthcare",
    "/products",
    "/me",
    "/admin",
    "/admin/people",
    "/admin/territories",
    "/admin/segments",
    "/admin/competitors",
    "/admin/products",
    "/admin/accounts",
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
    for address in [*PAGES, _first_note(page, site)]:
        page.goto(site.address + address)
        complaints += [f"{address}: {one}" for one in _violations(page, AXE)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{address}: scrolls sideways")
    page.context.close()
    assert complaints == []


def _first_note(page: Page, site: Site) -> str:
    page.goto(f"{site.address}/search")
    link = page.locator("a[href^='/notes/']").first.get_attribute("href")
    assert link is not None
    return link


def _violations(page: Page, axe: Path) -> list[str]:
    # Evaluated by the debugger, which the content security policy does not bind.
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
