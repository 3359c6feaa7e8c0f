"""Charts as they are drawn: in the room the page kept, in both themes, on paper, or not at all."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.fixtures.live import DESKTOP, PHONE, Site, open_page

pytestmark = pytest.mark.browser

GEORGIA = "/territories/georgia"
PAGES = (GEORGIA, "/territories/southeast", "/competitors/ionfield", "/segments/healthcare")
LIBRARY = "**/vendor/echarts.js"
DRAWINGS = "[data-chart]"
COLOUR = "getComputedStyle(document.querySelector('[data-chart] svg text')).fill"
SPACE = re.compile(r'class="chart-space" width="1" height="(\d+)"')
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def manager(site: Site, chromium: Browser) -> StorageState:
    """The cookies of the manager who has signed in."""
    page = open_page(chromium, DESKTOP)
    site.sign_in(page, "manager")
    state = page.context.storage_state()
    page.context.close()
    return state


@pytest.fixture
def opened(site: Site, chromium: Browser, manager: StorageState) -> Iterator[Opener]:
    """Opens a page of the manager's, by default on a desktop in light."""
    contexts = []

    def open_as_manager(
        address: str, *, size: dict[str, int] = DESKTOP, blocked: bool = False, **options: Any
    ) -> Page:
        context = chromium.new_context(
            storage_state=manager,
            viewport={"width": size["width"], "height": size["height"]},
            service_workers="block",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        if blocked:
            page.route(LIBRARY, lambda route: route.abort())
        page.goto(site.address + address)
        return page

    yield open_as_manager
    for context in contexts:
        context.close()


def wait_until_drawn(page: Page) -> None:
    for place in page.locator(DRAWINGS).all():
        place.locator("svg path").first.wait_for(state="attached")
    assert page.locator(f"{DRAWINGS}[role=img]").count() == page.locator(DRAWINGS).count()


def heights(page: Page) -> list[int]:
    found: list[int] = page.evaluate(
        f"[...document.querySelectorAll('{DRAWINGS}')].map((one) => one.offsetHeight)"
    )
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("address", PAGES)
def test_charts_are_drawn_in_the_room_that_was_kept(
    opened: Opener, address: str, size: dict[str, int]
) -> None:
    page = opened(address, size=size)
    wait_until_drawn(page)
    kept = [int(one) for one in SPACE.findall(page.request.get(page.url).text())]
    assert len(kept) >= 2
    assert heights(page)[1:] == kept
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_moves_while_they_are_drawn(opened: Opener) -> None:
    page = opened("/me")
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries()"
        ".forEach((one) => { window.moved += one.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(page.url.replace("/me", GEORGIA))
    wait_until_drawn(page)
    assert page.evaluate("window.moved") < 0.02


def test_a_chart_says_what_is_seen_and_where_its_numbers_are(opened: Opener) -> None:
    page = opened(GEORGIA)
    wait_until_drawn(page)
    label = page.locator(DRAWINGS).nth(1).get_attribute("aria-label")
    assert label is not None
    assert "mentions. Share of all mentions" in label
    assert label.endswith("The numbers follow as a table.")
    summary = page.locator(".chart-numbers summary").nth(1)
    summary.press("Enter")
    assert page.get_by_role("table", name="Share of all mentions").is_visible()


def test_a_change_of_theme_changes_their_colours(opened: Opener) -> None:
    page = opened(GEORGIA)
    wait_until_drawn(page)
    light = page.evaluate(COLOUR)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(COLOUR)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate(COLOUR) == light != dark


def test_on_paper_they_are_dark_on_light(opened: Opener) -> None:
    page = opened(GEORGIA)
    wait_until_drawn(page)
    light = page.evaluate(COLOUR)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(COLOUR) == light
    assert not page.locator(".pager").first.is_visible()


def test_they_follow_the_width_of_the_page(opened: Opener) -> None:
    page = opened(GEORGIA)
    wait_until_drawn(page)
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    drawing = page.locator(f"{DRAWINGS} svg").first
    for _ in range(50):
        if float(drawing.get_attribute("width") or 0) <= PHONE["width"]:
            break
        page.wait_for_timeout(100)
    assert float(drawing.get_attribute("width") or 0) <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_touch_or_the_mouse_brings_the_numbers_of_a_week(opened: Opener) -> None:
    page = opened(GEORGIA)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    wait_until_drawn(page)
    place = page.locator(DRAWINGS).first
    words = place.locator("text").count()
    place.hover()
    for _ in range(50):
        if place.locator("text").count() > words:
            break
        page.wait_for_timeout(100)
    assert place.locator("text").count() > words
    assert not [one for one in refused if "Content Security Policy" in one]


@pytest.mark.parametrize("missing", ["library", "javascript"])
def test_without_the_library_or_javascript_what_the_server_drew_stands(
    opened: Opener, missing: str
) -> None:
    if missing == "library":
        page = opened(GEORGIA, blocked=True)
        page.locator(".not-drawn").first.wait_for()
    else:
        page = opened(GEORGIA, java_script_enabled=False)
    assert page.locator(".chart-plot rect.column").count() > 5
    assert page.get_by_role("figure", name="mentions").is_visible()
    assert not page.locator(".chart-space").first.is_visible()
    page.locator(".chart-numbers summary").nth(1).click()
    assert page.get_by_role("table", name="Share of all mentions").is_visible()
