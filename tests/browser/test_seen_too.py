"""*Seen it too* while a note is written and once it is sent: one tap instead of a note again."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from insights.models import Note
from tests.browser.arrived import notes_with, person, sightings_of
from tests.browser.capture_form import Form, answered
from tests.fixtures.live import DESKTOP, Site, open_page

pytestmark = pytest.mark.browser


@pytest.fixture
def heard(site: Site, chromium: Browser, word: str) -> Note:
    """What somebody else has heard, in words that no other note has, once it is found."""
    page = open_page(chromium, DESKTOP)
    site.sign_in(page, "manager")
    form = Form(page, site).open()
    form.text.fill(_text(word))
    form.page.get_by_label("Territory", exact=True).select_option("georgia")
    form.save()
    expect(form.receipt).to_contain_text("Sent")
    address = f"{site.address}/n/similar?text={_text(word)}"
    for _ in range(100):
        if word in page.request.get(address).text():
            break
        page.wait_for_timeout(50)
    page.context.close()
    (note,) = notes_with(site, word)
    return note


def _text(word: str) -> str:
    return f"{word}a {word}b {word}c {word}d"


def _similar(form: Form, inside: Locator, note: Note) -> Locator:
    """The row of the note among similar ones, which are opened."""
    inside.locator("details summary").click()
    return inside.locator(f"li[data-note='{note.id}']")


def _is_one_tap_and_can_be_undone(form: Form, site: Site, row: Locator, note: Note) -> None:
    row.get_by_role("button", name="Seen it too").click()
    expect(row).to_contain_text("Seen it too")
    expect(row.get_by_role("button", name="Undo")).to_be_focused()
    (sighting,) = sightings_of(site, note)
    assert sighting.person_id == person(site, "rep").id
    assert sighting.territory_id == note.territory_id
    assert datetime.now(UTC) - sighting.at < timedelta(seconds=30)
    row.get_by_role("button", name="Undo").click()
    expect(row.get_by_role("button", name="Seen it too")).to_be_visible()
    assert sightings_of(site, note) == []


def test_while_it_is_written(rep: Form, site: Site, heard: Note, word: str) -> None:
    rep.open().write(_text(word))
    row = _similar(rep, rep.page.locator("#similar-notes"), heard)
    _is_one_tap_and_can_be_undone(rep, site, row, heard)
    row.get_by_role("button", name="Seen it too").click()
    rep.button("Clear my text").click()
    expect(rep.text).to_have_value("")
    assert len(sightings_of(site, heard)) == 1
    assert answered(rep.page, site, word) == []


def test_once_it_is_sent(rep: Form, site: Site, heard: Note, word: str) -> None:
    rep.open().write(_text(word))
    rep.save()
    expect(rep.receipt).to_contain_text("Sent")
    row = _similar(rep, rep.receipt, heard)
    _is_one_tap_and_can_be_undone(rep, site, row, heard)
    assert len(answered(rep.page, site, word)) == 1
