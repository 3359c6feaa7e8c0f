"""The notes on a device that are not at the server yet, and how every state looks to everyone."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.capture_form import SAVED, Form, answered
from tests.fixtures.live import DESKTOP, PHONE, Site, open_page

pytestmark = pytest.mark.browser

E_MAIL = "Call Mike at mike.jones@example.com about the renewal"


class TestTheWaitingNotes:
    def test_are_sent_exported_and_discarded(self, rep: Form, word: str) -> None:
        page = rep.page
        rep.open()
        page.context.route("**/api/v1/notes", lambda route: route.abort())
        rep.write(f"Waits {word}")
        rep.save()
        expect(rep.receipt).to_contain_text(SAVED)
        page.goto(f"{rep.site.address}/waiting")
        row = page.locator(".waiting-note", has_text=word)
        expect(row).to_contain_text("Waiting")
        with page.expect_download() as download:
            page.get_by_role("button", name="Export waiting notes").click()
        exported = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
        assert exported["format"] == "field-insights/waiting-notes"
        assert [one["note"]["text"] for one in exported["notes"]] == [f"Waits {word}"]
        page.context.unroute("**/api/v1/notes")
        page.locator("[data-send]").dispatch_event("click")  # it may be gone by itself
        expect(page.get_by_role("heading", name="Sent lately")).to_be_visible()
        assert len(answered(page, rep.site, word)) == 1

    def test_that_were_refused_say_why_and_can_be_mended(self, rep: Form, word: str) -> None:
        rep.open("/n/shell?account=99999999")
        expect(rep.button("Account 99999999")).to_be_visible()
        rep.text.fill(f"Refused {word}")
        rep.save()
        expect(rep.receipt).to_contain_text("There is no such account")
        rep.page.goto(f"{rep.site.address}/waiting")
        row = rep.page.locator(".waiting-note", has_text=word)
        expect(row).to_contain_text("Needs a look")
        expect(row).to_contain_text("There is no such account")
        row.get_by_role("link", name="Mend it").click()
        expect(rep.text).to_have_value(f"Refused {word}")
        rep.tap(rep.button("Account 99999999"))
        rep.tap(rep.button("Remove"))
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        assert len(answered(rep.page, rep.site, word)) == 1

    def test_are_counted_where_the_person_looks(self, rep: Form, word: str) -> None:
        page = rep.page
        page.context.route("**/api/v1/notes", lambda route: route.abort())
        rep.open().write(f"Counted {word}")
        rep.save()
        expect(rep.receipt).to_contain_text(SAVED)
        page.goto(f"{rep.site.address}/")
        expect(page.get_by_role("link", name="1 note waits to be sent")).to_be_visible()
        expect(page.get_by_role("link", name="New note 1 waiting to be sent")).to_be_visible()

    def test_are_none_at_first(self, rep: Form) -> None:
        rep.page.goto(f"{rep.site.address}/waiting")
        expect(rep.page.get_by_role("heading", name="Nothing waits here")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "scheme"),
    [pytest.param(PHONE, "light", id="phone"), pytest.param(DESKTOP, "dark", id="desktop")],
)
def test_every_state_is_usable_by_everyone(
    site: Site, chromium: Browser, size: dict[str, int], scheme: str, picture: Path
) -> None:
    page = open_page(chromium, size, scheme)
    complaints: list[str] = []

    def look(what: str) -> None:
        complaints.extend(f"{what}: {one}" for one in violations(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{what}: scrolls sideways")

    site.sign_in(page, "rep")
    form = Form(page, site).open()
    look("empty")
    form.text.fill(f"Ionfield in Florida lowered its price for the hospital group. {E_MAIL}")
    expect(page.locator(".finding")).to_be_visible()
    form.attach(picture)
    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
    look("written")
    form.button("Send as it is").click()
    form.button("More").click()
    look("more")
    form.button("Account").click()
    page.get_by_label("Name of the account").press_sequentially("a")
    page.locator("#account-panel").get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    look("accounts")
    page.keyboard.press("Enter")
    look("account chosen")
    form.save()
    look("saved")
    expect(form.receipt).to_contain_text("Sent")
    look("sent")
    form.text.fill("The next one")
    look("the next one")
    page.goto(f"{site.address}/waiting")
    expect(page.get_by_role("heading", name="Sent lately")).to_be_visible()
    look("waiting notes")
    page.context.close()
    assert complaints == []
