"""A day without a signal: notes and photos survive a dead browser and arrive as they were."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect
from werkzeug.serving import make_server

from insights.models import AttachmentState
from tests.browser.arrived import notes_with, photos_of, posts_of, until_arrived
from tests.browser.capture_form import SAVED, Form
from tests.browser.devices import equip, eventually
from tests.fixtures.live import CHROMIUM, PHONE, Site

pytestmark = pytest.mark.browser

ATLANTA = {"latitude": 33.75, "longitude": -84.39}
SAVANNAH = {"latitude": 32.08, "longitude": -81.09}
COLOURS = [(200, 30, 30), (30, 160, 60), (40, 60, 190)]
# The note that is being written has got its place.
PLACED = """new Promise((resolve) => {
  const opening = indexedDB.open("field-insights");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("notes").objectStore("notes").getAll();
    asking.onsuccess = () => {
      opening.result.close();
      const draft = asking.result.find(({ state }) => state === "draft");
      resolve(Boolean(draft && draft.latitude !== null));
    };
  };
})"""
# The photos on the device: what was announced of each, and what its bytes really are.
PHOTOS = """() => new Promise((resolve) => {
  const opening = indexedDB.open("field-insights");
  opening.onsuccess = () => {
    const tables = opening.result.transaction(["photos", "bytes"]);
    const [photos, keys, bytes] = [tables.objectStore("photos").getAll(),
      tables.objectStore("bytes").getAllKeys(), tables.objectStore("bytes").getAll()];
    tables.oncomplete = async () => {
      opening.result.close();
      resolve(await Promise.all(photos.result.map(async ({ id, note_id, sha256 }) => {
        const own = bytes.result[keys.result.indexOf(id)];
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", own));
        const hex = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
        return { id, note: note_id, size: own.byteLength, announced: sha256, real: hex };
      })));
    };
  };
})"""


class Network:
    """The site on an address of its own, which can be out of reach."""

    def __init__(self, site: Site) -> None:
        self._app = site.app
        self._port = 0
        self.come()
        self.site = Site(f"http://127.0.0.1:{self._port}", site.app)

    def come(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self._app, threaded=True)
        self._port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def go(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def network(site: Site) -> Iterator[Network]:
    network = Network(site)
    yield network
    network.go()


class Installed:
    """The app on a phone whose browser can die."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self._playwright = playwright
        self._profile = profile
        self.context = self.start()

    def start(self) -> BrowserContext:
        self.context = self._playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path=CHROMIUM,
            args=["--no-sandbox"],
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            has_touch=True,
            is_mobile=True,
            reduced_motion="reduce",
            permissions=["geolocation"],
            geolocation=ATLANTA,  # type: ignore[arg-type]
        )
        return self.context

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def kill(self) -> None:
        """All its processes at once, without a goodbye."""
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self.context.close()

    def _processes(self) -> list[int]:
        """Those that were started on this profile, which nothing else uses."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if str(self._profile).encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> Iterator[Installed]:
    phone = Installed(playwright, tmp_path / "profile")
    yield phone
    phone.kill()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = []
    for number, colour in enumerate(COLOURS):
        path = tmp_path / f"picture-{number}.jpg"
        Image.new("RGB", (3000 + 100 * number, 2000), colour).save(path)
        paths.append(path)
    return paths


def test_five_notes_survive_a_dead_browser_and_arrive_as_they_were(
    network: Network, phone: Installed, pictures: list[Path], word: str
) -> None:
    equip(phone.page, network.site, "rep")
    phone.context.close()  # a browser writes down that somebody has signed in after a while only
    form = Form(phone.start().pages[0], network.site).open()
    form.button("More").click()
    form.page.get_by_role("switch", name="Use my place").check()

    network.go()
    phone.context.set_offline(True)
    morning = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=9)
    hours = [morning + timedelta(hours=number) for number in range(5)]
    of_note = {0: pictures[:1], 2: pictures[1:], 4: []}
    for number in range(5):
        form.page.clock.set_fixed_time(hours[number])
        if number in (0, 3):  # in between the app is opened anew, elsewhere
            phone.context.set_geolocation(ATLANTA if number == 0 else SAVANNAH)  # type: ignore[arg-type]
            form.open()
        _post(form, f"{word} {number}", of_note.get(number, []), hours[number])
    before = form.page.evaluate(PHOTOS)
    phone.kill()

    page = phone.start().pages[0]
    phone.context.set_offline(True)
    page.goto(f"{network.site.address}/waiting")
    expect(page.locator(".waiting-note[data-state=waiting]")).to_have_count(5)
    assert page.evaluate(PHOTOS) == before
    assert notes_with(network.site, word) == []

    posts = posts_of(page)
    network.come()
    phone.context.set_offline(False)
    notes = until_arrived(page, network.site, word, 5)
    assert [note.text for note in notes] == [f"{word} {number}" for number in range(5)]
    assert [note.captured_at for note in notes] == hours
    places = [(note.latitude, note.longitude) for note in notes]
    assert places == [tuple(ATLANTA.values())] * 3 + [tuple(SAVANNAH.values())] * 2
    expect(page.locator(".waiting-note[data-state=sent]")).to_have_count(5)
    assert len(posts) == len({post["id"] for post in posts})  # none twice
    _photos_are_whole(page, network.site, notes, before)


def _post(form: Form, text: str, pictures: list[Path], hour: datetime) -> None:
    """Begins at that hour and is done twenty minutes later."""
    form.write(text)
    eventually(form.page, PLACED)
    form.page.clock.set_fixed_time(hour + timedelta(minutes=20))
    if pictures:
        form.attach(*pictures)
        expect(form.page.get_by_role("img", name="Photo")).to_have_count(len(pictures))
    form.save()
    expect(form.receipt).to_contain_text(SAVED)
    expect(form.receipt).to_contain_text(text)
    expect(form.text).to_have_value("")


def _photos_are_whole(
    page: Page, site: Site, notes: list[Any], before: list[dict[str, Any]]
) -> None:
    assert len(before) == 3
    for known in before:
        assert known["announced"] == known["real"]
        (note,) = [note for note in notes if str(note.id) == known["note"]]
        (photo,) = [photo for photo in photos_of(site, note) if str(photo.id) == known["id"]]
        assert (photo.state, photo.sha256) == (AttachmentState.READY, known["real"])
        assert photo.received == photo.size == known["size"]
        picture = Image.open(BytesIO(page.request.get(f"{site.address}/photos/{photo.id}").body()))
        assert picture.size == (photo.width, photo.height)
        assert max(picture.size) == 2048
        pixel = picture.convert("RGB").getpixel((1000, 600))
        assert isinstance(pixel, tuple)
        assert any(_alike(pixel, colour) for colour in COLOURS)


def _alike(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))
