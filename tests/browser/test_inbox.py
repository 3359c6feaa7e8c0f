"""The inbox in a browser: by keys on a desktop, by thumb on a phone, and without JavaScript."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from insights.http.runtime import Runtime
from insights.models import TriageState
from insights.services import triage
from insights.services.access import load_actor
from tests.browser.arrived import person
from tests.drafts import posted
from tests.fixtures.live import DESKTOP, PHONE, Site, open_page

pytestmark = pytest.mark.browser
TEXTS = ("first", "second", "third", "fourth")


@pytest.fixture
def notes(site: Site, word: str) -> list[UUID]:
    """Four notes that came into the inbox last, the first one on top."""
    runtime: Runtime = site.app.extensions["insights"]
    now = datetime.now(UTC)
    with runtime.database.writing() as session:
        rep = load_actor(session, person(site, "rep").id, today=now.date())
        ids = [posted(session, rep, f"{word} the {one}", now=now) for one in reversed(TEXTS)]
        for one in ids:
            triage.open_notes(session, [one], now=datetime.now(UTC))
    return ids[::-1]


@pytest.fixture
def desk(site: Site, chromium: Browser, notes: list[UUID]) -> Page:
    """The inbox on the analyst's desktop."""
    page = open_page(chromium, DESKTOP)
    site.sign_in(page, "marketing")
    page.goto(f"{site.address}/inbox")
    return page


def row(page: Page, note_id: UUID) -> Locator:
    """The note's row."""
    return page.locator(f"#inbox-{note_id}")


def state_of(site: Site, note_id: UUID) -> TriageState:
    """How far the note is."""
    runtime: Runtime = site.app.extensions["insights"]
    with runtime.database.reading() as session:
        return triage.views_of(session, [note_id])[note_id].state


def test_everything_can_be_done_by_keys(site: Site, desk: Page, notes: list[UUID]) -> None:
    first, second, third, fourth = (row(desk, one) for one in notes)
    desk.keyboard.press("j")
    expect(first.locator(".note-card-text a")).to_be_focused()
    height = first.bounding_box()
    desk.keyboard.press("t")
    expect(first).to_contain_text("Taken by")
    # The next one is at hand, and nothing has moved.
    expect(second.locator(".note-card-text a")).to_be_focused()
    assert first.bounding_box() == height
    desk.keyboard.press("a")
    expect(second).to_contain_text("Already known, says")
    desk.keyboard.press("d")
    expect(third).to_contain_text("Done, says")
    expect(fourth.locator(".note-card-text a")).to_be_focused()
    desk.keyboard.press("u")
    expect(third).to_contain_text("Came into the inbox")
    expect(third.locator(".note-card-text a")).to_be_focused()
    desk.keyboard.press("u")
    expect(second).to_contain_text("Came into the inbox")
    states = [state_of(site, one).value for one in notes]
    assert states == ["taken", "new", "new", "new"]
    desk.keyboard.press("k")
    expect(first.locator(".note-card-text a")).to_be_focused()
    desk.keyboard.press("o")
    desk.wait_for_url(f"{site.address}/notes/{notes[0]}")
    expect(desk.locator("#triage")).to_contain_text("Taken by")
    desk.go_back()
    # Two keys that lead elsewhere decide nothing.
    for key in ("j", "j", "g", "t"):
        desk.keyboard.press(key)
    desk.wait_for_url(f"{site.address}/territories")
    assert [state_of(site, one).value for one in notes] == states
    desk.context.close()


def test_several_are_selected_and_decided_at_once(
    site: Site, desk: Page, notes: list[UUID]
) -> None:
    bar = desk.locator(".inbox-bulk")
    expect(bar).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        desk.keyboard.press(key)
    expect(bar).to_contain_text("2 notes selected")
    bar.get_by_role("button", name="Done").click()
    expect(desk.locator("#messages")).to_contain_text("2 notes are done.")
    for one in notes[:2]:
        expect(row(desk, one)).to_contain_text("Done, says")
        assert state_of(site, one) is TriageState.DONE
    expect(bar).to_be_hidden()
    assert state_of(site, notes[2]) is TriageState.NEW
    desk.context.close()


def test_somebody_was_there_before(site: Site, desk: Page, notes: list[UUID]) -> None:
    runtime: Runtime = site.app.extensions["insights"]
    with runtime.database.writing() as session:
        other = load_actor(session, person(site, "admin").id, today=datetime.now(UTC).date())
        triage.decide(session, other, notes[0], TriageState.TAKEN, now=datetime.now(UTC))
        name = other.name
    row(desk, notes[0]).get_by_role("button", name="Take it").click()
    expect(row(desk, notes[0])).to_contain_text(f"{name} took it already, just now.")
    expect(row(desk, notes[0]).get_by_role("button", name="Take it over")).to_be_visible()
    desk.context.close()


def test_on_a_phone_it_is_one_tap(site: Site, chromium: Browser, notes: list[UUID]) -> None:
    phone = open_page(chromium, PHONE)
    site.sign_in(phone, "marketing")
    phone.goto(f"{site.address}/inbox")
    button = row(phone, notes[0]).get_by_role("button", name="Take it")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    button.tap()
    expect(row(phone, notes[0])).to_contain_text("Taken by")
    row(phone, notes[0]).get_by_role("button", name="Undo").tap()
    expect(row(phone, notes[0])).to_contain_text("Came into the inbox")
    phone.context.close()


def test_it_works_without_javascript(site: Site, chromium: Browser, notes: list[UUID]) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page, "marketing")
    page.goto(f"{site.address}/inbox")
    row(page, notes[0]).get_by_role("button", name="Already known").click()
    assert state_of(site, notes[0]) is TriageState.ALREADY_KNOWN
    row(page, notes[1]).get_by_role("checkbox").check()
    page.locator(".inbox-bulk").get_by_role("button", name="Take").click()
    expect(page.locator("#messages")).to_contain_text("1 note is yours now.")
    assert state_of(site, notes[1]) is TriageState.TAKEN
    context.close()
