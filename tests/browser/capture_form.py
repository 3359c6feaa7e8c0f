"""The form of a new note, as a thumb finds it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.fixtures.live import Site

SAVED = "Saved on this phone, will be sent"


class Form:
    """The form as a thumb finds it; `taps` counts how often it has touched the glass."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.taps = 0

    def open(self, address: str = "/n") -> "Form":
        self.page.goto(self.site.address + address)
        self.page.locator("[data-live][data-kit]").wait_for()
        return self

    @property
    def text(self) -> Locator:
        return self.page.get_by_label("What did you hear?")

    @property
    def receipt(self) -> Locator:
        return self.page.get_by_label("The note you saved")

    def write(self, text: str) -> None:
        """Types into the field that has the focus already."""
        expect(self.text).to_be_focused()
        self.page.keyboard.insert_text(text)

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()

    def chip(self, name: str) -> Locator:
        return self.page.locator("#found-tags").get_by_role("button", name=name)

    def button(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("button", name=name, exact=True)

    def kind(self, name: str) -> Locator:
        return self.page.locator(".kind-button", has_text=name)

    def save(self) -> None:
        self.tap(self.button("Save note"))

    def attach(self, *files: Path) -> None:
        """One tap, and what the phone's own camera or chooser asks for."""
        self.taps += 1
        self.page.locator("[data-photos]").last.set_input_files(files)

    def choose_account(self, letters: str) -> str:
        self.tap(self.button("Account"))
        self.page.get_by_label("Name of the account").press_sequentially(letters)
        option = self.page.locator("#account-panel").get_by_role("option").first
        name = option.locator("span").first.inner_text()
        self.tap(option)
        return name


def answered(page: Page, site: Site, word: str) -> list[dict[str, Any]]:
    """The person's own notes with that word, as the server tells them."""
    answer = page.request.get(f"{site.address}/api/v1/notes?author=me&limit=50")
    return [note for note in answer.json()["items"] if word in note["text"]]
