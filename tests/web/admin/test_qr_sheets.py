"""Sheets of QR codes: made for one's own territories, readable, and printed as they are."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from werkzeug.test import TestResponse

from insights.services.access import Actor
from tests.fixtures.app import Browser
from tests.fixtures.world import Characters
from tests.organisation import MANAGER
from tests.web.deeds import who
from tests.web.pages import html_of, text_of

ClientOf = Callable[[Actor], Browser]
FORM = "/admin/qr-sheets"
PRINT = f"{FORM}/print"
CHOSEN = {
    "territories": ["georgia"],
    "segments": ["healthcare", "small-business"],
    "account": "mercy hospital",
    "tag": "acme",
    "title": "Fibre Expo",
    "sentence": "Tell us what you heard at booth 12",
    "per_page": "1",
    "paper": "a4",
}


@pytest.fixture
def manager(characters: Characters, client_of: ClientOf) -> Browser:
    """The browser of the manager of the Southeast."""
    return client_of(characters.manager)


def sheet(browser: Browser, address: str = PRINT, **changes: object) -> TestResponse:
    """The sheet with these choices."""
    return browser.get(address, query_string={**CHOSEN, **changes})


def addresses_of(answer: TestResponse) -> list[str]:
    """What stands under the codes."""
    return [unescape(one) for one in re.findall(r'class="qr-address">([^<]*)<', html_of(answer))]


def modules_of(answer: TestResponse) -> list[list[bytes]]:
    """The dark and light modules of each code as the picture shows them, its margin included."""
    found = []
    for size, path in re.findall(
        r'<svg class="qr-code" viewBox="0 0 (\d+) \d+".*?<path d="([^"]*)"', html_of(answer)
    ):
        rows = [bytearray(int(size)) for _ in range(int(size))]
        for left, top, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", path):
            assert left == back
            for column in range(int(left), int(left) + int(width)):
                rows[int(top)][column] = 1
        found.append([bytes(row) for row in rows])
    return found


class TestWhoMakesThem:
    def test_managers_and_admins(self, characters: Characters, client_of: ClientOf) -> None:
        assert who(characters, lambda one: client_of(one).get(FORM).status_code == 200) == {
            "Manuel",
            "Ada",
        }

    def test_a_manager_for_their_own_territories_alone(self, manager: Browser) -> None:
        assert sheet(manager, territories=["georgia"]).status_code == 200
        assert sheet(manager, territories=["georgia", "nevada"]).status_code == 403
        words = text_of(manager.get(FORM))
        assert "Southeast › Georgia" in words
        assert "Nevada" not in words

    def test_only_an_admin_without_a_territory(
        self, manager: Browser, characters: Characters, client_of: ClientOf
    ) -> None:
        refused = sheet(manager, territories=[])
        assert refused.status_code == 422
        assert "Choose at least one of your territories." in text_of(refused)
        admin = sheet(client_of(characters.admin), territories=[])
        assert "territory" not in addresses_of(admin)[0]

    def test_is_found_from_the_first_page_of_the_administration(self, manager: Browser) -> None:
        assert f'href="{FORM}"' in html_of(manager.get("/admin"))


class TestTheCode:
    def test_holds_the_address_of_a_note_begun_with_all_that_was_chosen(
        self, manager: Browser
    ) -> None:
        (address,) = addresses_of(sheet(manager))
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc, parts.path) == ("http", "localhost", "/n")
        assert parse_qs(parts.query) == {
            "territory": ["georgia"],
            "segment": ["healthcare", "small-business"],
            "account": ["1"],
            "tag": ["acme-telecom"],
        }

    def test_shows_exactly_the_modules_of_its_address_with_a_quiet_zone(
        self, manager: Browser
    ) -> None:
        answer = sheet(manager)
        (address,), (modules,) = addresses_of(answer), modules_of(answer)
        expected = segno.make_qr(address, error="m").matrix_iter(border=4)
        assert modules == [bytes(row) for row in expected]

    def test_opens_a_form_with_the_territory_chosen(self, manager: Browser) -> None:
        (address,) = addresses_of(sheet(manager))
        parts = urlsplit(address)
        opened = manager.get(f"{parts.path}?{parts.query}")
        assert opened.status_code == 200
        assert '<option value="georgia" selected>' in html_of(opened)

    def test_names_the_host_that_was_asked(self, manager: Browser) -> None:
        elsewhere = "http://notes.example.com:8443"
        # A cookie is of one host: signed in there as well.
        with manager.session_transaction(base_url=elsewhere) as cookie:
            cookie["_user_id"] = f"{MANAGER}:1"
        answer = manager.get(PRINT, query_string=CHOSEN, base_url=elsewhere)
        assert addresses_of(answer)[0].startswith(f"{elsewhere}/n?territory=georgia&")


class TestThePages:
    def test_hold_one_code_for_each_territory(self, manager: Browser) -> None:
        territories = ["georgia", "florida", "southeast", "georgia"]
        answer = sheet(manager, territories=territories, per_page="2")
        assert [parse_qs(urlsplit(one).query)["territory"][0] for one in addresses_of(answer)] == [
            "georgia",
            "florida",
            "southeast",
        ]
        assert html_of(answer).count('<section class="qr-page') == 2
        assert len(modules_of(answer)) == 3

    @pytest.mark.parametrize("number", [1, 2, 6, 12])
    def test_are_filled_if_wanted(self, manager: Browser, number: int) -> None:
        answer = sheet(manager, per_page=str(number), repeat="on", paper="letter")
        assert len(addresses_of(answer)) == number
        assert f'class="qr-page qr-letter qr-by-{number}"' in html_of(answer)

    def test_say_title_sentence_place_and_organisation(self, manager: Browser) -> None:
        words = text_of(sheet(manager, title="<b>Expo</b>"))
        for one in ("Tell us what you heard at booth 12", "Georgia · Test Telecom"):
            assert one in words
        assert "&lt;b&gt;Expo&lt;/b&gt;" in html_of(sheet(manager, title="<b>Expo</b>"))

    def test_are_previewed_above_a_link_to_print_them(self, manager: Browser) -> None:
        answer = sheet(manager, FORM, territories=["georgia", "florida"])
        assert len(addresses_of(answer)) == 1
        assert "Print 2 pages" in text_of(answer)
        link = re.search(r'href="(/admin/qr-sheets/print[^"]*)"', html_of(answer))
        assert link
        printed = manager.get(unescape(link.group(1)))
        assert len(addresses_of(printed)) == 2
        assert "Tell us what you heard" in text_of(printed)


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("territories", ["atlantis"], "“atlantis” is not a territory in use."),
            ("segments", ["zzz"], "“zzz” is not a segment in use."),
            ("segments", ["healthcare"] * 11, "Choose at most 10 segments."),
            ("account", "Nobody Ltd", "No account begins with “Nobody Ltd”."),
            ("tag", "Zylo\x00", "“Zylo” is neither a competitor nor a product in use."),
            ("title", "x" * 81, "Shorten this to 80 characters."),
            ("sentence", "x" * 201, "Shorten this to 200 characters."),
            ("per_page", "7", "Choose one of 1, 2, 6, 12 codes on a page."),
            ("per_page", "many", "Choose one of 1, 2, 6, 12 codes on a page."),
            ("paper", "a0", "Choose A4 or Letter."),
        ],
    )
    @pytest.mark.parametrize("address", [FORM, PRINT])
    def test_is_said_beside_its_field(
        self, manager: Browser, address: str, field: str, value: object, words: str
    ) -> None:
        answer = sheet(manager, address, **{field: value})
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "Fibre Expo" in html_of(answer) or field == "title"

    def test_is_said_all_at_once(self, manager: Browser) -> None:
        answer = sheet(manager, segments=["zzz"], paper="a0", tag="Zylo")
        for words in ("“zzz”", "“Zylo”", "Choose A4 or Letter."):
            assert words in text_of(answer)
