"""Searching in a browser: suggestions, the note beside the results, keys, months to drag over."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.fixtures.live import DESKTOP, Site, open_page

pytestmark = pytest.mark.browser


@pytest.fixture
def desktop(chromium: Browser, site: Site) -> Iterator[Page]:
    """A desktop-sized page, signed in as the analyst."""
    page = open_page(chromium, DESKTOP)
    site.sign_in(page, "marketing")
    yield page
    page.context.close()


def box_of(page: Page) -> Locator:
    return page.get_by_label("Search notes")


def options_of(page: Page) -> Locator:
    return page.get_by_role("option")


def results_of(page: Page) -> Locator:
    return page.locator("#results .note-card-text a")


def open_first(page: Page, site: Site) -> Locator:
    """Opens the first result of a search beside the others."""
    page.goto(f"{site.address}/search?q=price")
    results_of(page).first.click()
    beside = page.locator("#beside")
    expect(beside.locator("article")).to_be_visible()
    return beside


class TestSuggestions:
    def test_are_chosen_with_the_keyboard(self, site: Site, desktop: Page) -> None:
        desktop.goto(f"{site.address}/search")
        desktop.keyboard.press("/")
        desktop.keyboard.type("ionf")
        expect(options_of(desktop).first).to_contain_text("Ionfield")
        assert box_of(desktop).get_attribute("aria-expanded") == "true"
        desktop.keyboard.press("ArrowDown")
        chosen = options_of(desktop).first
        assert box_of(desktop).get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        desktop.keyboard.press("Enter")
        expect(desktop.get_by_text("Competitor: Ionfield")).to_be_visible()
        expect(options_of(desktop)).to_have_count(0)

    def test_go_with_escape_and_what_was_typed_stays(self, site: Site, desktop: Page) -> None:
        desktop.goto(f"{site.address}/search")
        box_of(desktop).press_sequentially("ionf")
        expect(options_of(desktop).first).to_be_visible()
        desktop.keyboard.press("Escape")
        expect(options_of(desktop)).to_have_count(0)
        expect(box_of(desktop)).to_have_value("ionf")

    def test_of_words_typed_further_are_not_taken(self, site: Site, desktop: Page) -> None:
        desktop.goto(f"{site.address}/search")
        box_of(desktop).press_sequentially("ionf")
        expect(options_of(desktop).first).to_be_visible()
        desktop.keyboard.press("ArrowDown")
        box_of(desktop).fill("price")
        desktop.keyboard.press("Enter")
        desktop.wait_for_url("**/search?q=price")

    def test_move_nothing_on_the_page(self, site: Site, desktop: Page) -> None:
        desktop.goto(f"{site.address}/search")
        before = desktop.locator("#results").bounding_box()
        box_of(desktop).press_sequentially("ionf")
        expect(options_of(desktop).first).to_be_visible()
        assert desktop.locator("#results").bounding_box() == before


class TestRecentSearches:
    def test_are_offered_removed_and_gone_after_signing_out(
        self, site: Site, desktop: Page
    ) -> None:
        desktop.goto(f"{site.address}/search")
        for words in ("price", "router", "fibre"):
            box_of(desktop).fill(words)
            box_of(desktop).press("Enter")
            desktop.wait_for_url(f"**/search?q={words}")
        box_of(desktop).fill("")
        expect(options_of(desktop)).to_have_text(
            [re.compile(one) for one in ("fibre", "router", "price")]
        )
        desktop.keyboard.press("ArrowDown")
        desktop.keyboard.press("Shift+Delete")
        options_of(desktop).first.locator(".forget").click()
        expect(options_of(desktop)).to_have_text([re.compile("price")])
        desktop.keyboard.press("Escape")
        desktop.get_by_role("button", name="Sign out").click()
        desktop.wait_for_url("**/sign-in*")
        assert desktop.evaluate("Object.keys(localStorage).join()") == ""


class TestTheNoteBeside:
    def test_has_an_address_that_opens_it_again(self, site: Site, desktop: Page) -> None:
        text = open_first(desktop, site).locator(".note-text").inner_text()
        assert "note=" in desktop.url
        desktop.goto(desktop.url)
        expect(desktop.locator("#beside .note-text")).to_have_text(text)

    def test_closes_with_back_and_opens_with_forward(self, site: Site, desktop: Page) -> None:
        beside = open_first(desktop, site)
        desktop.go_back()
        expect(beside).to_be_hidden()
        expect(results_of(desktop).first).to_be_focused()
        desktop.go_forward()
        expect(beside.locator("article")).to_be_visible()

    def test_closes_with_escape_where_it_was_opened(self, site: Site, desktop: Page) -> None:
        beside = open_first(desktop, site)
        desktop.keyboard.press("Escape")
        expect(beside).to_be_hidden()
        expect(results_of(desktop).first).to_be_focused()
        assert "note=" not in desktop.url

    def test_gives_way_to_other_results(self, site: Site, desktop: Page) -> None:
        beside = open_first(desktop, site)
        desktop.get_by_role("link", name="Newest first").click()
        desktop.wait_for_url("**sort=newest*")
        expect(beside).to_be_hidden()
        desktop.go_back()
        expect(beside.locator("article")).to_be_visible()

    def test_takes_a_comment_and_a_sighting_in_place(self, site: Site, desktop: Page) -> None:
        beside = open_first(desktop, site)
        address = desktop.url
        beside.get_by_label("Add a comment").fill("Heard in Ohio, too")
        beside.get_by_role("button", name="Comment").click()
        expect(beside.get_by_text("Heard in Ohio, too").first).to_be_visible()
        beside.locator("#sight").click()
        expect(beside.locator("#sightings")).to_be_visible()
        assert desktop.url == address


class TestKeys:
    def test_go_through_the_results_and_open_one(self, site: Site, desktop: Page) -> None:
        desktop.goto(f"{site.address}/search?q=price")
        results = results_of(desktop)
        for key, number in (("j", 0), ("ArrowDown", 1), ("j", 2), ("k", 1), ("ArrowUp", 0)):
            desktop.keyboard.press(key)
            expect(results.nth(number)).to_be_focused()
        desktop.keyboard.press("Enter")
        expect(desktop.locator("#beside article")).to_be_visible()
        desktop.keyboard.press("j")
        expect(results.nth(1)).to_be_focused()

    def test_lead_out_of_the_box(self, site: Site, desktop: Page) -> None:
        desktop.goto(f"{site.address}/search?q=price")
        desktop.keyboard.press("/")
        desktop.keyboard.press("ArrowDown")
        expect(results_of(desktop).first).to_be_focused()


def test_the_box_follows_a_chip_that_is_taken_away(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.address}/search?q=kind:competitor+price")
    desktop.get_by_role("link", name="Kind: Competitor").click()
    desktop.wait_for_url("**/search?q=price")
    expect(box_of(desktop)).to_have_value("price")


def test_dragging_over_months_sets_the_period(site: Site, desktop: Page) -> None:
    desktop.goto(f"{site.address}/search?q=price")
    columns = desktop.locator("[data-brush] .hit")
    first, last = columns.nth(4).bounding_box(), columns.nth(7).bounding_box()
    assert first is not None
    assert last is not None
    desktop.mouse.move(first["x"] + 5, first["y"] + 20)
    desktop.mouse.down()
    desktop.mouse.move(last["x"] + 5, last["y"] + 20, steps=4)
    desktop.mouse.up()
    desktop.wait_for_url("**since=*")
    expect(desktop.locator("#chosen")).to_contain_text("Since 1 ")
    expect(desktop.locator("#chosen")).to_contain_text("Until ")
    expect(desktop.locator("[data-brush] a[aria-current]")).to_have_count(4)


def test_on_a_phone_a_result_is_a_page(site: Site, phone: Page) -> None:
    site.sign_in(phone, "rep")
    phone.goto(f"{site.address}/search?q=price")
    results_of(phone).first.tap()
    phone.wait_for_url("**/notes/*")


def test_without_javascript_links_lead_to_pages(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page, "rep")
    page.goto(f"{site.address}/search?q=price")
    page.get_by_text("How to search").click()
    expect(page.get_by_text("one of them is enough")).to_be_visible()
    page.get_by_text("How to search").click()
    results_of(page).first.click()
    page.wait_for_url("**/notes/*")
    context.close()
