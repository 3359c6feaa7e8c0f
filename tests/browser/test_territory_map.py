"""The map and the silence map as people use them: with a keyboard, on a phone, on paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def rep(site: Site, phone: Page) -> Page:
    """A rep's phone."""
    site.sign_in(phone, "rep")
    return phone


def test_an_outline_leads_to_its_territory_by_keyboard(site: Site, rep: Page) -> None:
    rep.goto(f"{site.address}/territories/map")
    georgia = rep.locator("svg.territory-map a", has_text="Georgia")
    georgia.focus()
    rep.keyboard.press("Enter")
    rep.wait_for_url(f"{site.address}/territories/georgia")
    expect(rep.get_by_role("heading", level=1)).to_have_text("Georgia")


def test_the_keyboard_can_pass_the_map_by(site: Site, rep: Page) -> None:
    rep.goto(f"{site.address}/territories/map")
    rep.get_by_role("link", name="Skip the map").focus()
    rep.keyboard.press("Enter")
    rep.keyboard.press("Tab")
    assert rep.evaluate("document.activeElement.closest('#map-table') !== null")


def test_the_map_fits_a_phone_and_its_colours_differ(site: Site, rep: Page) -> None:
    rep.goto(f"{site.address}/territories/map")
    drawing = rep.locator("svg.territory-map").bounding_box()
    assert drawing is not None
    assert drawing["x"] >= 0
    assert drawing["x"] + drawing["width"] <= 390
    fills = rep.evaluate(
        "[...document.querySelectorAll('svg.territory-map path')]"
        ".map((outline) => getComputedStyle(outline).fill)"
    )
    assert len(set(fills)) >= 3


def test_on_a_phone_the_silence_map_opens_at_the_present_week(site: Site, rep: Page) -> None:
    rep.goto(f"{site.address}/territories/silence")
    newest = rep.get_by_role("columnheader", name="This week so far").bounding_box()
    name = rep.get_by_role("rowheader").first.bounding_box()
    assert newest is not None
    assert name is not None
    assert newest["x"] + newest["width"] <= 390
    assert name["x"] >= 0


def test_on_paper_every_week_is_there(site: Site, rep: Page) -> None:
    rep.goto(f"{site.address}/territories/silence")
    rep.emulate_media(media="print")
    rep.set_viewport_size({"width": 1000, "height": 700})
    assert not rep.evaluate("document.documentElement.scrollWidth > innerWidth")
    expect(rep.locator("nav.tabs")).to_be_hidden()
