"""A device that has no room left: what is written is sent at once, or stays on the page."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.arrived import posts_of, until_arrived
from tests.browser.capture_form import Form
from tests.browser.devices import eventually, in_store

pytestmark = pytest.mark.browser

NO_ROOM = "There is no room left on this device"


# Why a device with little room does not keep this.
TOO_LARGE = """() => new Promise((resolve) => {
  const opening = indexedDB.open("field-insights");
  opening.onsuccess = () => {
    const writing = opening.result.transaction("kept", "readwrite");
    writing.objectStore("kept").put(new Uint8Array(20_000_000), "too large");
    writing.oncomplete = () => resolve("kept");
    writing.onabort = () => { opening.result.close(); resolve(writing.error?.name); };
  };
})"""


class Room:
    """How much of its storage the device gives the product."""

    def __init__(self, form: Form) -> None:
        self._page = form.page
        self._tools = form.page.context.new_cdp_session(form.page)
        self._origin = {"origin": form.site.address}
        self._set(16_000_000)

    def take(self, left: int = 0) -> None:
        """All but so many bytes; the browser notices once something is too large for it."""
        usage = self._tools.send("Storage.getUsageAndQuota", self._origin)["usage"]
        self._set(int(usage) + left if left else 1)
        assert self._page.evaluate(TOO_LARGE) == "QuotaExceededError"

    def give_back(self) -> None:
        self._tools.send("Storage.overrideQuotaForOrigin", self._origin)

    def _set(self, size: int) -> None:
        quota = {"quotaSize": size}
        self._tools.send("Storage.overrideQuotaForOrigin", self._origin | quota)


@pytest.fixture
def room(rep: Form) -> Room:
    room = Room(rep)
    rep.open()
    return room


def test_a_note_goes_at_once_and_is_there_once(rep: Form, room: Room, word: str) -> None:
    posts = posts_of(rep.page)
    room.take()
    rep.write(f"First {word}")
    expect(rep.page.locator("#capture-state")).to_contain_text(NO_ROOM)
    rep.save()
    expect(rep.receipt).to_contain_text("Sent")
    expect(rep.text).to_have_value("")
    expect(rep.page.locator("#capture-state")).to_be_empty()
    room.give_back()
    rep.open()
    expect(rep.text).to_have_value("")
    until_arrived(rep.page, rep.site, word, 1)
    assert len(posts) == 1


def test_the_next_note_is_another_one(rep: Form, room: Room, word: str) -> None:
    room.take()
    for text in (f"First {word}", f"Second {word}"):
        rep.write(text)
        rep.save()
        expect(rep.receipt).to_contain_text(text)
        expect(rep.receipt).to_contain_text("Sent")
        expect(rep.text).to_have_value("")
    until_arrived(rep.page, rep.site, word, 2)


def test_a_draft_from_before_is_done_with_once_it_is_sent(rep: Form, room: Room, word: str) -> None:
    rep.write(f"First {word}")
    rep.page.evaluate("dispatchEvent(new Event('pagehide'))")
    eventually(rep.page, "new Promise((done) => setTimeout(() => done(true), 100))")
    room.take()
    rep.page.keyboard.insert_text(" and more" * 2_000)
    rep.save()
    expect(rep.receipt).to_contain_text("Sent")
    expect(rep.text).to_have_value("")
    until_arrived(rep.page, rep.site, word, 1)


def test_without_a_signal_the_text_stays_on_the_page_until_there_is_room(
    rep: Form, room: Room, word: str
) -> None:
    room.take()
    rep.page.context.set_offline(True)
    rep.write(f"First {word}")
    rep.save()
    expect(rep.page.locator("#capture-state")).to_contain_text(NO_ROOM)
    expect(rep.receipt).to_have_count(0)
    expect(rep.text).to_have_value(f"First {word}")
    room.give_back()
    rep.save()
    expect(rep.receipt).to_contain_text("Saved on this phone")
    rep.page.context.set_offline(False)
    expect(rep.receipt).to_contain_text("Sent")
    until_arrived(rep.page, rep.site, word, 1)


def test_a_photo_that_finds_no_room_leaves_the_note_as_it_was(
    rep: Form, room: Room, word: str, tmp_path: Path
) -> None:
    picture = tmp_path / "noise.jpg"
    Image.effect_noise((2000, 2000), 120).save(picture, quality=95)
    room.take(left=300_000)
    rep.write(f"First {word}")
    rep.attach(picture)
    expect(rep.page.locator("#pictures")).to_contain_text(NO_ROOM)
    expect(rep.page.get_by_role("img", name="Photo 1")).to_have_count(0)
    room.give_back()
    rep.save()
    expect(rep.receipt).to_contain_text("Sent")
    until_arrived(rep.page, rep.site, word, 1)
    assert [one["photo_ids"] for one in in_store(rep.page, "notes.getAll()")] == [[]]
