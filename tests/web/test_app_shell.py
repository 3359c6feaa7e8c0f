"""The installable app: its manifest, its worker, and all that a device has to keep of it."""

import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from insights.http.templating import STATIC
from insights.services.access import Actor
from insights.web.app_shell_files import imports_of, shell_files
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.web.pages import text_of

NEUTRAL_PAGES = ["/n/shell", "/waiting", "/offline"]


@pytest.fixture
def manifest(nobody: Browser) -> dict[str, object]:
    found: dict[str, object] = nobody.get("/manifest.webmanifest").get_json(force=True)
    return found


def shell_of(answer: TestResponse) -> dict[str, object]:
    """What the worker's script says that a device keeps."""
    found = re.search(r"self\.shell = (\{.*?\});", answer.get_data(as_text=True), re.DOTALL)
    assert found is not None
    shell: dict[str, object] = json.loads(found.group(1))
    return shell


class TestTheManifest:
    def test_names_the_organisation_and_opens_a_new_note(self, manifest: dict[str, object]) -> None:
        assert manifest["name"] == "Test Telecom"
        assert (manifest["start_url"], manifest["scope"]) == ("/n", "/")
        assert manifest["display"] == "standalone"

    def test_says_language_and_colours(self, manifest: dict[str, object]) -> None:
        assert manifest["lang"] == "en"
        assert manifest["theme_color"] == manifest["background_color"] == "#faf7f1"
        assert manifest["description"]

    def test_has_icons_of_the_sizes_it_claims(self, nobody: Browser) -> None:
        manifest = nobody.get("/manifest.webmanifest").get_json(force=True)
        kinds = set()
        for icon in manifest["icons"]:
            with nobody.get(icon["src"]) as answer, Image.open(BytesIO(answer.data)) as image:
                assert f"{image.width}x{image.height}" == icon["sizes"], icon["src"]
            kinds.add((icon["sizes"], icon["purpose"]))
        assert kinds == {(f"{n}x{n}", use) for n in (192, 512) for use in ("any", "maskable")}

    def test_has_shortcuts_that_lead_somewhere(
        self, client_of: Callable[[Actor], Browser], characters: Characters, nobody: Browser
    ) -> None:
        manifest = nobody.get("/manifest.webmanifest").get_json(force=True)
        browser = client_of(characters.owner)
        assert [one["name"] for one in manifest["shortcuts"]] == ["New note", "Search"]
        for one in manifest["shortcuts"]:
            assert browser.get(one["url"]).status_code == 200

    def test_takes_words_and_pictures_from_other_apps(self, nobody: Browser) -> None:
        target = nobody.get("/manifest.webmanifest").get_json(force=True)["share_target"]
        assert (target["action"], target["method"]) == ("/n/share", "POST")
        assert target["params"]["files"] == [{"name": "photos", "accept": ["image/*"]}]

    def test_is_named_by_every_page(self, nobody: Browser) -> None:
        for address in ("/sign-in", *NEUTRAL_PAGES):
            html = nobody.get(address).get_data(as_text=True)
            assert '<link rel="manifest" href="/manifest.webmanifest">' in html
            assert '<html lang="en">' in html
            assert 'name="description"' in html
            assert 'name="theme-color"' in html


class TestTheWorker:
    @pytest.mark.parametrize("address", ["/sw.js", "/sw.js?plain=1"])
    def test_governs_the_whole_site_and_is_asked_for_each_time(
        self, nobody: Browser, address: str
    ) -> None:
        headers = nobody.get(address).headers
        assert headers["Content-Type"].startswith("application/javascript")
        assert headers["Service-Worker-Allowed"] == "/"
        assert headers["Cache-Control"] == "no-cache"
        again = nobody.get(address, headers={"If-None-Match": headers["ETag"]})
        assert again.status_code == 304

    def test_is_a_module_that_sends(self, nobody: Browser) -> None:
        script = nobody.get("/sw.js").get_data(as_text=True)
        assert re.search(r'^import "/static/\w+/js/service_worker\.js";', script)
        assert "service_worker_sending.js" in script

    def test_has_a_plain_form_for_browsers_without_module_workers(self, nobody: Browser) -> None:
        script = nobody.get("/sw.js?plain=1").get_data(as_text=True)
        assert "importScripts(" in script
        assert not re.search(r"^import ", script, re.MULTILINE)

    def test_both_keep_the_same(self, nobody: Browser) -> None:
        assert shell_of(nobody.get("/sw.js")) == shell_of(nobody.get("/sw.js?plain=1"))


class TestWhatADeviceKeeps:
    def test_every_file_and_page_is_there(self, nobody: Browser) -> None:
        shell = shell_of(nobody.get("/sw.js"))
        files, pages = shell["files"], shell["pages"]
        assert isinstance(files, list)
        assert isinstance(pages, dict)
        addresses = [f"{shell['statics']}{name}" for name in files]
        for address in [*addresses, *pages.values(), shell["offline"]]:
            with nobody.get(address) as answer:
                assert answer.status_code == 200, address

    def test_every_import_of_a_kept_module_is_kept(self) -> None:
        names = set(shell_files().names)
        missing = {
            (name, one)
            for name in names
            if name.endswith(".js")
            for one in imports_of(name)
            if one not in names
        }
        assert missing == set()

    def test_every_import_is_recognised(self) -> None:
        for name in shell_files().names:
            if name.endswith(".js") and not name.startswith("vendor/"):
                source = (STATIC / name).read_text(encoding="utf-8")
                # Charts are for reading with a signal; without one their tables stand.
                source = source.replace('import("../vendor/echarts.js")', "")
                said = re.findall(r"""\bfrom\s+["']|^import\s*["']|\bimport\(""", source, re.M)
                assert len(said) == len(imports_of(name)), name

    def test_everything_that_the_kept_pages_load_is_kept(self, nobody: Browser) -> None:
        names = set(shell_files().names)
        for address in NEUTRAL_PAGES:
            html = nobody.get(address).get_data(as_text=True)
            loaded = re.findall(r'(?:src|href)="/static/\w+/([^"#]+)', html)
            assert "css/app.css" in loaded
            assert set(loaded) <= names, address

    def test_the_worker_itself_and_its_sender_are_kept(self) -> None:
        assert {
            "js/service_worker.js",
            "built/service_worker_sending.js",
            "built/form.js",
            "icons.svg",
        } <= set(shell_files().names)


class TestTheNeutralPages:
    @pytest.mark.parametrize("address", NEUTRAL_PAGES)
    def test_are_the_same_for_everybody(
        self,
        address: str,
        nobody: Browser,
        client_of: Callable[[Actor], Browser],
        characters: Characters,
    ) -> None:
        everybody = [nobody, *(client_of(one) for one in characters.everyone)]
        answers = [browser.get(address) for browser in everybody]
        assert len({answer.data for answer in answers}) == 1
        assert not any("Set-Cookie" in answer.headers for answer in answers)

    @pytest.mark.parametrize("address", NEUTRAL_PAGES)
    def test_do_not_even_ask_who_is_signed_in(
        self,
        address: str,
        stage: Stage,
        client_of: Callable[[Actor], Browser],
        characters: Characters,
        count_queries: Counter,
    ) -> None:
        browser = client_of(characters.owner)
        with count_queries(stage.database) as statements:
            assert browser.get(address).status_code == 200
        assert statements == []

    def test_the_offline_page_leads_to_a_new_note(self, nobody: Browser) -> None:
        answer = nobody.get("/offline")
        assert "No connection" in text_of(answer)
        assert 'href="/n"' in answer.get_data(as_text=True)


def test_a_page_says_whose_it_is(
    client_of: Callable[[Actor], Browser], characters: Characters, nobody: Browser
) -> None:
    mark = f'<meta name="person" content="{characters.owner.id}">'
    assert mark in client_of(characters.owner).get("/").get_data(as_text=True)
    assert 'name="person"' not in nobody.get("/sign-in").get_data(as_text=True)
