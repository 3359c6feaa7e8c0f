"""The main job, as a person does it: a note goes in, is found, and is counted on its territory."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fixtures.live import Site

pytestmark = pytest.mark.browser


def test_a_note_posted_on_a_phone_is_found_and_counted(site: Site, phone: Page) -> None:
    word = f"kestrel{uuid4().hex[:8]}"
    site.sign_in(phone, "rep")
    before = _notes_of_georgia(phone, site)
    phone.goto(f"{site.address}/n")
    phone.get_by_label("What did you hear?").fill(
        f"Ionfield offered {word} routers to a healthcare group in Georgia."
    )
    phone.get_by_role("button", name="Save note").click()
    expect(phone.get_by_label("The note you saved")).to_contain_text("Sent")
    results = _search_until_found(phone, site, word)
    expect(results).to_have_count(1)
    expect(results.locator("mark").first).to_have_text(word)
    assert _notes_of_georgia(phone, site) == before + 1


def _search_until_found(page: Page, site: Site, word: str) -> Locator:
    """Searches until the worker has taken the note in, which may take a moment."""
    results = page.locator("article", has_text=word)
    for _ in range(50):
        page.goto(f"{site.address}/search?q={word}")
        if results.count():
            break
        page.wait_for_timeout(100)
    return results


def _notes_of_georgia(page: Page, site: Site) -> int:
    page.goto(f"{site.address}/territories/georgia")
    heading = re.search(r"Notes in 26 weeks\s+([\d,]+)", page.inner_text("main"))
    assert heading is not None, page.inner_text("main")[:400]
    return int(heading.group(1).replace(",", ""))
