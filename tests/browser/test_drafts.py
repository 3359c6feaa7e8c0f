"""What is not saved yet: drafts, what an address or another app fills in, and the place."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.capture_form import Form, answered
from tests.browser.devices import in_store
from tests.fixtures.live import Site

pytestmark = pytest.mark.browser


class TestDrafts:
    def test_come_back_after_a_reload(self, rep: Form, word: str) -> None:
        rep.open().write(f"Half a thought {word}")
        rep.tap(rep.kind("Challenge"))
        rep.page.wait_for_timeout(2300)
        rep.open()
        expect(rep.text).to_have_value(f"Half a thought {word}")
        expect(rep.page.get_by_role("radio", name="Challenge")).to_be_checked()
        expect(rep.page.locator("#draft-notice")).to_contain_text("Your draft from")

    def test_are_kept_when_the_form_is_closed_at_once(self, rep: Form, word: str) -> None:
        rep.open().write(f"Called away {word}")
        rep.tap(rep.page.get_by_role("link", name="Close"))
        rep.page.wait_for_url(f"{rep.site.address}/")
        rep.open()
        expect(rep.text).to_have_value(f"Called away {word}")

    def test_are_discarded_after_a_question(self, rep: Form) -> None:
        rep.open().write("Of no use")
        rep.page.wait_for_timeout(2300)
        rep.open()
        rep.tap(rep.button("Discard"))
        rep.tap(rep.page.locator("dialog").get_by_role("button", name="Discard"))
        expect(rep.text).to_have_value("")
        rep.open()
        expect(rep.text).to_have_value("")


class TestAnAddressThatFillsTheFormIn:
    QUERY = "/n?text=At+the+fair&territory=florida&kind=challenge&tag=ionfield&segment=healthcare"

    def is_filled_in(self, rep: Form) -> None:
        expect(rep.text).to_have_value("At the fair")
        expect(rep.page.get_by_label("Territory", exact=True)).to_have_value("florida")
        expect(rep.page.get_by_role("radio", name="Challenge")).to_be_checked()
        expect(rep.chip("Ionfield, competitor, chosen")).to_be_visible()
        expect(rep.chip("Healthcare, segment, chosen")).to_be_visible()

    def test_is_understood_by_the_servers_form(self, rep: Form) -> None:
        self.is_filled_in(rep.open(self.QUERY))

    def test_is_understood_by_the_form_of_the_device(self, rep: Form) -> None:
        self.is_filled_in(rep.open(self.QUERY.replace("/n?", "/n/shell?")))

    def test_keeps_a_draft_that_is_there(self, rep: Form) -> None:
        rep.open().write("Begun before")
        rep.page.wait_for_timeout(2300)
        rep.open("/n?text=At+the+fair")
        expect(rep.text).to_have_value("Begun before\nAt the fair")


class TestWhatAnotherAppShares:
    def test_comes_into_the_draft_once(self, rep: Form) -> None:
        rep.open()
        shared = "{ title: 'Price list', text: 'Ionfield cuts prices', url: '', photos: [] }"
        in_store(rep.page, f"kept.put({shared}, 'shared')")
        for _ in range(2):
            rep.open("/n?shared=1")
            expect(rep.text).to_have_value("Price list\nIonfield cuts prices")


class TestThePlace:
    """Of an admin, who holds no territory."""

    @pytest.fixture
    def admin(self, site: Site, chromium: Browser) -> Iterator[Form]:
        context = chromium.new_context(service_workers="block")
        page = context.new_page()
        site.sign_in(page, "admin")
        yield Form(page, site)
        context.close()

    def use_my_place(self, form: Form) -> None:
        form.open()
        form.tap(form.button("More"))
        form.page.get_by_role("switch", name="Use my place").check()
        form.page.keyboard.press("Escape")

    def test_proposes_the_territory_once_it_is_wanted_and_is_kept(
        self, admin: Form, word: str
    ) -> None:
        admin.page.context.grant_permissions(["geolocation"])
        admin.page.context.set_geolocation({"latitude": 33.75, "longitude": -84.39})
        self.use_my_place(admin)
        admin.open()
        expect(admin.page.get_by_label("Territory", exact=True)).to_have_value("")
        admin.write(f"Met in Atlanta {word}")
        expect(admin.page.get_by_label("Territory", exact=True)).to_have_value("georgia")
        admin.save()
        expect(admin.receipt).to_contain_text("Sent")
        assert answered(admin.page, admin.site, word)[0]["territory"]["slug"] == "georgia"
        (note,) = in_store(admin.page, "notes.getAll()")
        assert (note["latitude"], note["longitude"]) == (33.75, -84.39)

    def test_that_is_refused_keeps_nobody_from_saving(self, admin: Form, word: str) -> None:
        self.use_my_place(admin)
        admin.text.fill(f"Met somewhere {word}")
        admin.page.get_by_label("Territory", exact=True).select_option("florida")
        admin.save()
        expect(admin.receipt).to_contain_text("Sent")
        (note,) = in_store(admin.page, "notes.getAll()")
        assert note["latitude"] is None
