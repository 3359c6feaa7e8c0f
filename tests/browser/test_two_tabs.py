"""Two tabs of one person, and two people at one phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.arrived import notes_with, person, posts_of, until_arrived
from tests.browser.capture_form import SAVED, Form
from tests.browser.devices import end_sign_in, eventually, in_store, sign_out
from tests.fixtures.live import Site

pytestmark = pytest.mark.browser

PRESS = "setTimeout(() => document.querySelector('.capture-end button').click(), 50)"
BADGE = """
  navigator.setAppBadge = async (count) => { localStorage.badge = count; };
  navigator.clearAppBadge = async () => { localStorage.badge = ""; };
"""


def write(form: Form, text: str) -> None:
    """Types, and waits until it is kept."""
    form.page.bring_to_front()
    form.text.press_sequentially(text, delay=1)
    eventually(form.page, "document.querySelector('#field-text').value.length > 0")


def texts(page: Page, state: str) -> list[str]:
    notes = in_store(page, "notes.getAll()")
    return sorted(one["fields"]["text"] for one in notes if one["state"] == state)


class TestTwoTabs:
    @pytest.fixture
    def tabs(self, rep: Form) -> tuple[Form, Form]:
        other = Form(rep.page.context.new_page(), rep.site)
        return rep.open(), other.open()

    def test_that_write_by_turns_keep_both_drafts_and_no_copies(
        self, tabs: tuple[Form, Form], word: str
    ) -> None:
        one, other = tabs
        for part in ("Ionfield", " is cheap"):
            for form, who in ((one, "one"), (other, "other")):
                form.page.bring_to_front()
                form.text.press_sequentially(part if part != "Ionfield" else f"{who} {word}")
                form.page.evaluate("dispatchEvent(new Event('pagehide'))")  # as when it is left
        whole = sorted(f"{who} {word} is cheap" for who in ("one", "other"))
        eventually(one.page, _kept(whole))
        assert sorted(texts(one.page, "draft") + texts(one.page, "parked")) == whole

    def test_that_save_at_once_send_each_note_once(
        self, tabs: tuple[Form, Form], word: str
    ) -> None:
        posts = posts_of(tabs[0].page)
        for form, who in zip(tabs, ("one", "other"), strict=True):
            form.text.fill(f"{who} {word}")
        for form in tabs:
            form.page.evaluate(PRESS)
        for form, who in zip(tabs, ("one", "other"), strict=True):
            expect(form.receipt).to_contain_text(f"{who} {word}")
            expect(form.receipt).to_contain_text("Sent")
            expect(form.text).to_have_value("")
        notes = until_arrived(tabs[0].page, tabs[0].site, word, 2)
        assert sorted(note.text for note in notes) == [f"one {word}", f"other {word}"]
        assert len(posts) == 2
        assert texts(tabs[0].page, "draft") == texts(tabs[0].page, "parked") == []

    def test_the_draft_of_one_does_not_come_into_the_form_of_the_other(
        self, tabs: tuple[Form, Form], word: str
    ) -> None:
        one, other = tabs
        one.text.fill(f"one {word}")
        eventually(one.page, _kept([f"one {word}"]))
        other.text.fill(f"other {word}")
        eventually(one.page, _kept([f"one {word}", f"other {word}"]))
        one.save()
        expect(one.receipt).to_contain_text("Sent")
        expect(one.text).to_have_value("")
        other.save()
        expect(other.receipt).to_contain_text("Sent")
        until_arrived(one.page, one.site, word, 2)
        assert texts(one.page, "draft") == texts(one.page, "parked") == []


def _kept(texts: list[str]) -> str:
    """Whether those are on the device, by the page's own eyes."""
    return f"""new Promise((resolve) => {{
      const opening = indexedDB.open("field-insights");
      opening.onsuccess = () => {{
        const asking = opening.result.transaction("notes").objectStore("notes").getAll();
        asking.onsuccess = () => {{
          opening.result.close();
          const all = asking.result.map(({{ fields }}) => fields.text);
          resolve({texts!r}.every((one) => all.includes(one)));
        }};
      }};
    }})"""


class TestTwoPeople:
    @pytest.fixture
    def phone(self, rep: Form) -> Form:
        """Of a rep whose sign-in has ended."""
        rep.page.context.add_init_script(BADGE)
        rep.open()
        end_sign_in(rep.page)
        return rep

    def sees_nothing_of_the_first(self, page: Page, site: Site, word: str) -> None:
        page.goto(f"{site.address}/")
        eventually(page, "localStorage.badge === ''")
        expect(page.locator("[data-waiting]:visible")).to_have_count(0)
        page.goto(f"{site.address}/waiting")
        expect(page.get_by_role("heading", name="Nothing waits here")).to_be_visible()
        assert word not in page.content()

    def test_the_second_sees_and_sends_nothing_of_the_first(
        self, phone: Form, site: Site, word: str
    ) -> None:
        phone.write(f"By the first {word}")
        phone.save()
        expect(phone.receipt).to_contain_text(SAVED)
        eventually(phone.page, "localStorage.badge === '1'")
        site.sign_in(phone.page, "manager")
        self.sees_nothing_of_the_first(phone.page, site, word)
        phone.open().write(f"By the second {word}")
        phone.save()
        expect(phone.receipt).to_contain_text("Sent")
        (note,) = notes_with(site, word)
        assert (note.text, note.author_id) == (f"By the second {word}", person(site, "manager").id)

        phone.page.goto(f"{site.address}/")
        sign_out(phone.page)
        phone.page.wait_for_url("**/sign-in")
        site.sign_in(phone.page, "rep")
        until_arrived(phone.page, site, word, 2)
        (note,) = notes_with(site, f"By the first {word}")
        assert note.author_id == person(site, "rep").id

    def test_who_signs_in_in_another_tab_sends_nothing_of_the_open_form(
        self, phone: Form, site: Site, word: str
    ) -> None:
        other = phone.page.context.new_page()
        site.sign_in(other, "manager")
        phone.page.bring_to_front()
        phone.write(f"Saved {word}")
        phone.save()
        expect(phone.receipt).to_contain_text(SAVED)
        expect(phone.page.locator("#capture-state")).to_contain_text("You are signed out")
        phone.write(f"Half {word}")
        eventually(phone.page, _kept([f"Half {word}"]))
        self.sees_nothing_of_the_first(other, site, word)
        other.goto(f"{site.address}/n")
        expect(other.get_by_label("What did you hear?")).to_have_value("")
        assert notes_with(site, word) == []

        other.goto(f"{site.address}/")
        sign_out(other)
        other.wait_for_url("**/sign-in")
        site.sign_in(other, "rep")
        (note,) = until_arrived(other, site, word, 1)
        assert (note.text, note.author_id) == (f"Saved {word}", person(site, "rep").id)
        other.goto(f"{site.address}/n")
        expect(other.get_by_label("What did you hear?")).to_have_value(f"Half {word}")
