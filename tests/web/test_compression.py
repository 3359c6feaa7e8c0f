"""Answers are packed on the way, and what never changes comes out of the browser's cache."""

import gzip
import re
from collections.abc import Callable

from insights.services.access import Actor
from tests.fixtures.app import Browser
from tests.fixtures.world import Characters

PACKED = {"Accept-Encoding": "gzip"}


def _stylesheet(page: str) -> str:
    found = re.search(r'href="(/static/[^"]+app\.css)"', page)
    assert found is not None
    return found.group(1)


def test_pages_and_our_files_are_packed(nobody: Browser) -> None:
    page = nobody.get("/sign-in", headers=PACKED)
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    assert html.rstrip().endswith("</html>")
    address = _stylesheet(html)
    plain = nobody.get(address)
    packed = nobody.get(address, headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    plain.close()
    packed.close()


def test_json_is_not_packed_so_that_its_etag_can_be_sent_back(
    client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    answer = client_of(characters.admin).get("/api/v1/openapi.json", headers=PACKED)
    assert len(answer.data) > 1000
    assert "Content-Encoding" not in answer.headers


def test_our_files_are_the_same_for_everybody(
    client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    browser = client_of(characters.owner)
    address = _stylesheet(browser.get("/").get_data(as_text=True))
    with browser.get(address) as answer:
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "max-age=31536000" in answer.headers["Cache-Control"]
