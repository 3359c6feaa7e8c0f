"""The app on a phone: it opens without a signal, keeps pages for one person alone, and asks before
it renews itself."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from insights.http.runtime import Runtime
from insights.models import Note
from tests.browser.devices import (
    CONTROLLED,
    equip,
    eventually,
    in_store,
    kept,
    refused_note,
    sign_out,
    wake_in_the_background,
)
from tests.fixtures.live import PHONE, Site, open_page
from tests.fixtures.releases import SECOND, Releases

pytestmark = pytest.mark.browser

GEORGIA = "/territories/georgia"
SHARE = """() => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", enctype: "multipart/form-data", action: "/n/share" });
  const add = (parts) => form.append(Object.assign(document.createElement("input"), parts));
  add({ name: "title", value: "A page" });
  add({ name: "text", value: "Ionfield cuts prices" });
  add({ name: "url", value: "https://example.com/" });
  const { files, items } = new DataTransfer();
  items.add(new File(["picture"], "sign.png", { type: "image/png" }));
  items.add(new File(["words"], "words.txt", { type: "text/plain" }));
  add({ name: "photos", type: "file", multiple: true, files });
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def device(site: Site, phone: Page) -> Page:
    """The phone of a rep, with everything kept."""
    return equip(phone, site, "rep")


class TestWithoutASignal:
    def test_a_new_note_opens_ready_to_write(self, site: Site, device: Page) -> None:
        device.context.set_offline(True)
        device.goto(f"{site.address}/n?territory=georgia")
        expect(device.get_by_label("What did you hear?")).to_be_focused()

    def test_the_waiting_notes_open(self, site: Site, device: Page) -> None:
        device.context.set_offline(True)
        device.goto(f"{site.address}/waiting")
        expect(device.locator("h1")).to_have_text("Notes on this device")

    def test_a_kept_page_says_how_old_it_is(self, site: Site, device: Page) -> None:
        device.context.set_offline(True)
        device.goto(site.address + GEORGIA)
        expect(device.locator("h1")).to_have_text("Georgia")
        expect(device.locator("#messages")).to_contain_text("Saved copy, as of")
        assert device.evaluate("getComputedStyle(document.body).fontFamily").startswith("system-ui")

    def test_another_page_offers_what_there_is(self, site: Site, device: Page) -> None:
        device.context.set_offline(True)
        device.goto(f"{site.address}/competitors")
        expect(device.locator("h1")).to_have_text("No connection")
        expect(device.get_by_role("link", name="New note")).to_be_visible()
        device.locator("[data-kept-pages]").get_by_role("link", name="Georgia").click()
        expect(device.locator("h1")).to_have_text("Georgia")

    def test_a_page_with_other_filters_is_not_taken_for_the_kept_one(
        self, site: Site, device: Page
    ) -> None:
        device.context.set_offline(True)
        device.goto(f"{site.address}{GEORGIA}?to=2020-01-01")
        expect(device.locator("h1")).to_have_text("No connection")


class TestOnline:
    def test_pages_come_from_the_server(self, site: Site, device: Page) -> None:
        device.goto(site.address + GEORGIA)
        expect(device.locator("#messages")).to_be_empty()

    def test_only_pages_on_the_list_are_kept(self, site: Site, device: Page) -> None:
        before = kept(device)
        for address in ("/competitors", "/search?q=price", "/nowhere", f"{GEORGIA}?to=2020-01-01"):
            device.goto(site.address + address)
        device.goto(site.address + GEORGIA)
        assert {GEORGIA, "/reading"} <= before == kept(device)


def test_a_network_that_takes_too_long_is_not_waited_for(releases: Releases, phone: Page) -> None:
    device = equip(phone, releases.site, "rep")
    releases.slow_down()
    device.goto(releases.site.address + GEORGIA)
    expect(device.locator("#messages")).to_contain_text("Saved copy, as of")


def test_a_browser_without_module_workers_gets_a_plain_one(site: Site, phone: Page) -> None:
    phone.goto(f"{site.address}/offline")
    eventually(phone, CONTROLLED)
    phone.evaluate("navigator.serviceWorker.register('/sw.js?plain=1')")
    eventually(
        phone,
        "navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting?.scriptURL"
        ".endsWith('plain=1'))",
    )


class TestOneDeviceTwoPeople:
    def test_signing_out_removes_what_was_kept(self, site: Site, device: Page) -> None:
        in_store(device, "notes.put({id: 'a', person_id: 0, state: 'sent', photo_ids: []})")
        sign_out(device)
        device.wait_for_url("**/sign-in")
        assert kept(device) == set()
        assert in_store(device, "kept.get('kit')") is None
        assert in_store(device, "notes.count()") == 0
        device.context.set_offline(True)
        device.goto(site.address + GEORGIA)
        expect(device.locator("h1")).to_have_text("No connection")

    def test_signing_out_asks_first_when_notes_wait(self, site: Site, device: Page) -> None:
        me = device.locator("meta[name=person]").get_attribute("content")
        for name in ("a", "b"):
            in_store(device, refused_note(name, me or ""))
        sign_out(device)
        question = device.locator("#confirm-dialog")
        expect(question).to_contain_text("2 notes are not sent yet. They stay on this phone")
        question.get_by_role("button", name="Stay").click()
        assert GEORGIA in kept(device)
        sign_out(device)
        question.get_by_role("button", name="Sign out").click()
        device.wait_for_url("**/sign-in")
        assert kept(device) == set()
        assert in_store(device, "notes.count()") == 2

    def test_without_a_connection_nobody_is_signed_out(self, device: Page) -> None:
        device.context.set_offline(True)
        sign_out(device)
        expect(device.locator("#messages")).to_contain_text("you are still signed in")
        assert GEORGIA in kept(device)

    def test_the_second_person_sees_nothing_of_the_first(self, site: Site, device: Page) -> None:
        first = device.locator("meta[name=person]").get_attribute("content")
        device.context.clear_cookies()  # the sign-in has ended by itself
        equip(device, site, "admin")
        names = device.evaluate("caches.keys()")
        assert f"pages:{first}" not in names
        assert len([name for name in names if name.startswith("pages:")]) == 1
        kit = in_store(device, "kept.get('kit')")
        assert str(kit["kit"]["person"]["id"]) != first

    def test_an_ended_sign_in_is_shown_and_not_kept(self, site: Site, device: Page) -> None:
        device.context.clear_cookies()
        device.goto(site.address + GEORGIA)
        expect(device.get_by_role("button", name="Sign in")).to_be_visible()
        device.context.set_offline(True)
        device.goto(site.address + GEORGIA)
        expect(device.locator("h1")).to_have_text("Georgia")


class TestANewRelease:
    @pytest.fixture
    def updated(self, releases: Releases, chromium: Browser) -> Iterator[Page]:
        """A device of the first release, after the second one has arrived."""
        page = equip(open_page(chromium, PHONE), releases.site, "rep")
        releases.update()
        page.goto(f"{releases.site.address}/n")
        yield page
        page.context.close()

    def test_is_taken_only_when_asked_for(self, releases: Releases, updated: Page) -> None:
        prompt = updated.locator(".update-prompt")
        expect(prompt).to_contain_text("A new version is ready")
        assert SECOND not in updated.content()
        prompt.get_by_role("button", name="Reload").click()
        expect(updated.locator(f"script[src*='{SECOND}']").first).to_be_attached()
        expect(updated.locator(".update-prompt")).to_have_count(0)
        names = updated.evaluate("caches.keys()")
        assert len([name for name in names if name.startswith("shell:")]) == 1

    def test_disturbs_nobody_who_writes(self, updated: Page) -> None:
        prompt = updated.locator(".update-prompt")
        expect(prompt).to_be_visible()
        updated.get_by_label("What did you hear?").fill("Ionfield")
        expect(prompt).to_be_hidden()
        updated.get_by_label("What did you hear?").fill("")
        expect(prompt).to_be_visible()

    def test_still_shows_pages_that_were_kept_before(
        self, releases: Releases, updated: Page
    ) -> None:
        updated.locator(".update-prompt").get_by_role("button", name="Reload").click()
        expect(updated.locator(f"script[src*='{SECOND}']").first).to_be_attached()
        updated.context.set_offline(True)
        updated.goto(f"{releases.site.address}/reading")
        expect(updated.locator("h1")).to_have_text("Reading")
        assert updated.evaluate("getComputedStyle(document.body).fontFamily").startswith(
            "system-ui"
        )


def test_what_another_app_shares_comes_into_a_new_note(site: Site, device: Page) -> None:
    device.context.set_offline(True)
    device.evaluate(SHARE)
    device.wait_for_url("**/n*")
    text = device.get_by_label("What did you hear?")
    expect(text).to_have_value("A page\nIonfield cuts prices\nhttps://example.com/")
    expect(device.locator("#pictures img")).to_have_count(1)


def test_a_note_is_sent_while_no_page_is_open(site: Site, device: Page) -> None:
    text = f"Ionfield sends falcons {uuid4().hex}"
    device.context.set_offline(True)
    device.goto(f"{site.address}/n")
    device.get_by_label("What did you hear?").fill(text)
    device.get_by_role("button", name="Save note").click()
    eventually(device, "document.querySelector('#field-text').value === ''")
    device.goto("about:blank")
    device.context.set_offline(False)
    assert not is_stored(site, text)
    wake_in_the_background(device, site)
    for _ in range(50):
        if is_stored(site, text):
            break
        device.wait_for_timeout(100)
    assert is_stored(site, text)


def is_stored(site: Site, text: str) -> bool:
    runtime: Runtime = site.app.extensions["insights"]
    with runtime.database.reading() as session:
        return session.scalar(select(Note.id).where(Note.text == text)) is not None
