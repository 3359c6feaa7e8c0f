"""Capturing on a phone: at once, with one thumb, with or without a signal, and nothing is lost."""

from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.capture_form import SAVED, Form, answered
from tests.browser.devices import equip, eventually
from tests.fixtures.live import DESKTOP, Site, open_page

pytestmark = pytest.mark.browser

E_MAIL = "Call Mike at mike.jones@example.com about the renewal"
FOCUSED = "document.activeElement.textContent.trim() || document.activeElement.name"
NO_STORAGE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
# Milliseconds from the tap on "Save note" until the receipt stands on the page.
WATCH = """() => {
  window.receiptAfter = new Promise((resolve) => {
    let began;
    const press = document.querySelector(".capture-end button");
    press.addEventListener("click", () => { began = performance.now(); }, true);
    new MutationObserver(() => resolve(performance.now() - began))
      .observe(document.getElementById("receipts"), { childList: true });
  });
}"""


class TestWriting:
    def test_begins_with_the_keyboard_and_the_persons_territory(self, rep: Form) -> None:
        rep.open()
        expect(rep.text).to_be_focused()
        expect(rep.page.get_by_label("Territory", exact=True)).to_have_value("georgia")
        expect(rep.button("Save note")).to_be_in_viewport()

    def test_shows_the_tags_and_one_tap_drops_one(self, rep: Form, word: str) -> None:
        rep.open().write(f"Ionfield courts a healthcare customer {word}")
        chip = rep.chip("Ionfield, competitor")
        expect(chip).to_have_attribute("aria-pressed", "true")
        expect(rep.chip("Healthcare, segment")).to_be_visible()
        rep.tap(chip)
        expect(chip).to_have_attribute("aria-pressed", "false")
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        (note,) = answered(rep.page, rep.site, word)
        assert note["competitors"] == []
        assert [one["slug"] for one in note["segments"]] == ["healthcare"]

    def test_brings_a_dropped_tag_back_with_another_tap(self, rep: Form) -> None:
        rep.open().write("Ionfield again")
        chip = rep.chip("Ionfield, competitor")
        rep.tap(chip)
        rep.tap(chip)
        expect(chip).to_have_attribute("aria-pressed", "true")

    def test_shows_a_guess_as_a_guess_until_a_kind_is_chosen(self, rep: Form) -> None:
        rep.open().write("Ionfield undercut our price")
        guessed = rep.page.locator(".kind-button.guessed")
        expect(guessed).to_have_text("Competitor")
        expect(rep.page.locator("#kinds")).to_have_accessible_description(
            "Looks like: Competitor. Choose another kind if it is not."
        )
        rep.tap(rep.kind("Challenge"))
        expect(guessed).to_have_count(0)
        expect(rep.page.get_by_role("radio", name="Challenge")).to_be_checked()
        rep.tap(rep.kind("Challenge"))
        expect(guessed).to_have_text("Competitor")

    def test_proposes_a_territory_that_the_text_names_and_changes_nothing_by_itself(
        self, rep: Form
    ) -> None:
        rep.open().write("A distributor in Florida")
        place = rep.page.get_by_label("Territory", exact=True)
        proposal = rep.page.get_by_role("button", name="Set the territory to Florida")
        expect(proposal).to_be_visible()
        expect(place).to_have_value("georgia")
        rep.tap(proposal)
        expect(place).to_have_value("florida")
        expect(proposal).to_have_count(0)

    def test_sets_territory_and_segments_by_the_account(self, rep: Form) -> None:
        rep.open().write("They renew in May")
        name = rep.choose_account("a")
        expect(rep.page.locator("#place-why")).to_have_text(f"Territory of {name}")
        expect(
            rep.page.locator("#found-tags [aria-label*='from the account']").first
        ).to_be_visible()
        rep.tap(rep.button("Remove"))
        expect(rep.page.locator("#found-tags .chip")).to_have_count(0)

    def test_by_the_keyboard_alone(self, rep: Form, word: str) -> None:
        rep.open().write(f"Switching takes too long {word}")
        rep.page.keyboard.press("Alt+Digit4")
        expect(rep.page.get_by_role("radio", name="Opportunity")).to_be_checked()
        rep.page.keyboard.press("Control+Enter")
        expect(rep.receipt).to_contain_text("Sent")
        expect(rep.text).to_be_focused()
        (note,) = answered(rep.page, rep.site, word)
        assert note["kind"] == "opportunity"

    def test_goes_from_the_text_to_the_button_in_the_order_of_the_page(self, rep: Form) -> None:
        rep.open().write("Ionfield again")
        expect(rep.chip("Ionfield, competitor")).to_be_visible()
        seen = []
        for _ in range(12):
            rep.page.keyboard.press("Tab")
            seen.append(
                rep.page.evaluate(
                    "document.activeElement.textContent.trim() || document.activeElement.name"
                )
            )
        order = [seen.index(one) for one in ("Ionfield", "kind", "Account", "More", "Save note")]
        assert order == sorted(order)

    def test_closes_what_the_optional_row_has_opened_with_escape(self, rep: Form) -> None:
        rep.open()
        rep.tap(rep.button("More"))
        expect(rep.page.get_by_role("group", name="How do you know?")).to_be_visible()
        rep.page.keyboard.press("Escape")
        expect(rep.page.get_by_role("group", name="How do you know?")).to_be_hidden()
        expect(rep.button("More")).to_be_focused()


class TestGuardRails:
    def test_warn_and_mask(self, rep: Form, word: str) -> None:
        rep.open().write(f"{E_MAIL} {word}")
        expect(rep.page.locator(".finding")).to_contain_text("mike.jones@example.com")
        rep.tap(rep.button("Mask it"))
        expect(rep.page.locator(".finding")).to_have_count(0)
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        (note,) = answered(rep.page, rep.site, word)
        assert "mike.jones" not in note["text"]

    def test_ask_before_it_is_saved_and_send_it_as_it_is(self, rep: Form, word: str) -> None:
        rep.open().write(f"{E_MAIL} {word}")
        rep.save()
        expect(rep.page.locator("#text-problem")).to_contain_text("mask it, or say that it is sent")
        expect(rep.receipt).to_have_count(0)
        rep.tap(rep.button("Send as it is"))
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        assert "mike.jones@example.com" in answered(rep.page, rep.site, word)[0]["text"]

    def test_keep_what_is_blocked_as_a_draft_and_say_why(
        self, rep: Form, chromium: Browser, word: str
    ) -> None:
        _block(chromium, rep.site, word)
        rep.open().write(f"They talk of {word}")
        rep.save()
        expect(rep.page.locator("#text-problem")).to_contain_text("Not sent, kept as your draft.")
        expect(rep.page.locator(".finding.block")).to_contain_text(word)
        expect(rep.receipt).to_have_count(0)
        rep.open()
        expect(rep.text).to_have_value(f"They talk of {word}")


def _block(chromium: Browser, site: Site, word: str) -> None:
    """An admin puts the word on the list of those that no note may hold."""
    page = open_page(chromium, DESKTOP)
    site.sign_in(page, "admin")
    page.goto(f"{site.address}/admin/guard-rails/new")
    token = page.locator("input[name=csrf_token]").first.get_attribute("value")
    fields = {"topic": "restricted", "match": "exact", "action": "block", "advice": ""}
    page.request.post(page.url, form={"csrf_token": token or "", "word": word, **fields})
    page.context.close()


class TestSaving:
    def test_nothing_but_text_is_needed_and_the_next_note_can_begin(
        self, rep: Form, word: str
    ) -> None:
        rep.open()
        rep.save()
        expect(rep.page.locator("#text-problem")).to_have_text("Write what you heard first.")
        rep.write(f"Ionfield undercut our price {word}")
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        expect(rep.receipt).to_contain_text("Competitor guessed")
        expect(rep.text).to_have_value("")
        expect(rep.text).to_be_focused()

    def test_without_a_signal_gives_a_receipt_at_once_and_sends_later(
        self, rep: Form, word: str
    ) -> None:
        rep.open()
        rep.page.context.set_offline(True)
        rep.write(f"No signal in the warehouse {word}")
        rep.page.wait_for_timeout(300)
        rep.page.evaluate(WATCH)
        rep.save()
        expect(rep.receipt).to_contain_text(SAVED)
        elapsed = rep.page.evaluate("window.receiptAfter")
        print(f"\nreceipt after {elapsed:.0f} ms without a signal")
        assert elapsed <= 100
        expect(rep.text).to_have_value("")
        rep.page.context.set_offline(False)
        expect(rep.receipt).to_contain_text("Sent")
        assert len(answered(rep.page, rep.site, word)) == 1

    def test_sends_photos_after_the_text(self, rep: Form, word: str, picture: Path) -> None:
        rep.open().write(f"Look at their shelf {word}")
        rep.attach(picture)
        expect(rep.page.get_by_role("img", name="Photo 1")).to_be_visible()
        rep.save()
        expect(rep.receipt).to_contain_text("1 photo")
        expect(rep.receipt).to_contain_text("Sent")
        for _ in range(50):
            (note,) = answered(rep.page, rep.site, word)
            if note["photos"]:
                break
            rep.page.wait_for_timeout(100)
        assert [(one["width"], one["height"]) for one in note["photos"]] == [(2048, 1365)]

    def test_lets_a_photo_be_removed(self, rep: Form, picture: Path) -> None:
        rep.open().write("Look")
        rep.attach(picture)
        rep.tap(rep.button("Remove photo 1"))
        expect(rep.page.get_by_role("img", name="Photo 1")).to_have_count(0)

    def test_is_undone_within_ten_seconds(self, rep: Form, word: str) -> None:
        rep.open().write(f"Sent too soon {word}")
        rep.save()
        expect(rep.receipt).to_contain_text("Sent")
        rep.tap(rep.receipt.get_by_role("button", name="Undo"))
        expect(rep.text).to_have_value(f"Sent too soon {word}")
        eventually(
            rep.page,
            "fetch('/api/v1/notes?author=me').then((answer) => answer.json())"
            f".then(({{ items }}) => !items.some(({{ text }}) => text.includes('{word}')))",
        )

    def test_is_undone_before_it_was_sent(self, rep: Form, word: str) -> None:
        rep.open()
        rep.page.context.set_offline(True)
        rep.write(f"Never sent {word}")
        rep.save()
        rep.tap(rep.receipt.get_by_role("button", name="Undo"))
        expect(rep.text).to_have_value(f"Never sent {word}")
        rep.page.context.set_offline(False)
        rep.page.wait_for_timeout(1000)
        assert answered(rep.page, rep.site, word) == []


def test_without_a_signal_the_form_opens_writes_and_sends_later(
    site: Site, phone: Page, word: str
) -> None:
    form = Form(equip(phone, site, "rep"), site)
    phone.context.set_offline(True)
    form.open()
    form.write(f"Ionfield in the warehouse {word}")
    expect(form.chip("Ionfield, competitor")).to_be_visible()
    form.save()
    expect(form.receipt).to_contain_text(SAVED)
    phone.goto(f"{site.address}/waiting")
    expect(phone.locator(".waiting-note", has_text=word)).to_contain_text("Waiting")
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Sent lately")).to_be_visible()
    assert len(answered(phone, site, word)) == 1


def test_without_javascript_the_form_is_sent_as_it_is(
    site: Site, chromium: Browser, word: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page, "rep")
    page.goto(f"{site.address}/n")
    page.get_by_label("What did you hear?").fill(f"Ionfield undercut our price {word}")
    page.get_by_role("button", name="Save note").last.click()
    expect(page.get_by_text("guessed from the text")).to_be_visible()
    assert len(answered(page, site, word)) == 1
    context.close()


def test_a_browser_that_keeps_nothing_sends_directly(site: Site, rep: Form, word: str) -> None:
    rep.page.add_init_script(
        "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', { value: undefined })"
    )
    rep.open()
    expect(rep.page.locator("#capture-state")).to_contain_text("keeps nothing on this device")
    rep.text.fill(f"Ionfield undercut our price {word}")
    rep.tap(rep.chip("Ionfield, competitor"))
    rep.save()
    expect(rep.page.get_by_role("heading", name="Posted")).to_be_visible()
    assert answered(rep.page, site, word)[0]["competitors"] == []


class TestTheThreeCommonestNotes:
    """Taps and seconds of a note whose text is dictated or pasted."""

    def measured(self, rep: Form, what: str, most: int, began: float) -> None:
        expect(rep.receipt).to_contain_text("Sent")
        print(f"\n{what}: {rep.taps} taps, {monotonic() - began:.1f} s until it was sent")
        assert rep.taps <= most

    def test_text_alone(self, rep: Form, word: str) -> None:
        rep.open()
        began = monotonic()
        rep.write(f"Ionfield undercut our price {word}")
        rep.save()
        self.measured(rep, "text alone", 1, began)

    def test_another_kind_and_a_tag_less(self, rep: Form, word: str) -> None:
        rep.open()
        began = monotonic()
        rep.write(f"Ionfield and Skylark are too slow for them {word}")
        rep.tap(rep.chip("Ionfield, competitor"))
        rep.tap(rep.kind("Challenge"))
        rep.save()
        self.measured(rep, "another kind, a tag less", 3, began)

    def test_a_photo_and_an_account(self, rep: Form, word: str, picture: Path) -> None:
        rep.open()
        began = monotonic()
        rep.write(f"Their new price list {word}")
        rep.attach(picture)
        expect(rep.page.get_by_role("img", name="Photo 1")).to_be_visible()
        rep.choose_account("a")
        rep.save()
        self.measured(rep, "a photo and an account", 4, began)
