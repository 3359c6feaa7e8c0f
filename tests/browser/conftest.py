"""What browser tests of capturing can ask for."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, Response, StorageState

from tests.browser.capture_form import Form
from tests.fixtures.live import PHONE, Site, open_page


@pytest.fixture(scope="session")
def signed_in(site: Site, chromium: Browser) -> StorageState:
    """The cookies of a rep who has signed in, which takes longer than most of the tests."""
    page = open_page(chromium, PHONE)
    site.sign_in(page, "rep")
    state = page.context.storage_state()
    page.context.close()
    return state


@pytest.fixture
def rep(site: Site, chromium: Browser, signed_in: StorageState) -> Iterator[Form]:
    """A rep's phone on the server's own form: without a service worker."""
    context = chromium.new_context(
        storage_state=signed_in,
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
        service_workers="block",
    )
    missing: list[str] = []

    def note_missing(answer: Response) -> None:
        if answer.status == 404:
            missing.append(answer.url)

    context.on("response", note_missing)
    yield Form(context.new_page(), site)
    context.close()
    assert not missing


@pytest.fixture
def word() -> str:
    """A word that no other note has."""
    return f"kestrel{uuid4().hex[:8]}"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """What a camera gives."""
    path = tmp_path / "shelf.jpg"
    Image.new("RGB", (3000, 2000), "orange").save(path)
    return path
