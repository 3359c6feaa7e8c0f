"""A saved search on a phone: shared, renamed and removed from the menu of its row."""

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fixtures.live import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def row(site: Site, phone: Page) -> Locator:
    """The row of a search that was just saved."""
    name = f"Prices {uuid4().hex[:8]}"
    site.sign_in(phone, "rep")
    token = phone.locator("meta[name=csrf-token]").get_attribute("content")
    form = {"csrf_token": token or "", "name": name, "q": "price kind:competitor"}
    assert phone.request.post(f"{site.address}/searches", form=form).ok
    phone.goto(f"{site.address}/searches")
    return phone.locator("li.place", has_text=name)


def choose(row: Locator, deed: str) -> None:
    """Opens the menu of the row and presses what is called so."""
    row.locator("summary").click()
    row.locator(".menu-list").get_by_text(deed, exact=True).click()


def test_it_opens_the_search(row: Locator, phone: Page) -> None:
    row.get_by_role("link", name="Prices").first.click()
    expect(phone.locator("[data-search-field]")).to_have_value("price kind:competitor")


def test_it_is_shared_and_hidden_again(row: Locator, phone: Page) -> None:
    choose(row, "Share")
    expect(row).to_contain_text("Shared with colleagues")
    choose(row, "Stop sharing")
    expect(phone.locator("#messages")).to_contain_text("no longer shared")
    expect(row).not_to_contain_text("Shared with colleagues")


def test_it_is_removed_after_a_question(row: Locator, phone: Page) -> None:
    question = phone.locator("#confirm-dialog")
    choose(row, "Remove")
    question.get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(1)
    choose(row, "Remove")
    question.get_by_role("button", name="Remove").click()
    expect(phone.locator("#messages")).to_contain_text("is removed")
    expect(row).to_have_count(0)
