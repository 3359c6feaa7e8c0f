"""The notes of a search as a CSV file, in the order of the page."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from insights.models import Audience
from insights.services.access import Actor
from insights.services.exports import COLUMNS
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.reading import links_on, notes_on

BrowserOf = Callable[[Actor], Browser]


@pytest.fixture(autouse=True)
def notes(stage: Stage, characters: Characters) -> None:
    """Three notes for everyone and a sealed one, a minute apart."""
    for number, (text, audience) in enumerate(
        [
            ("=price", Audience.EVERYONE),
            ("Acme halves its price, and the price of Fibre One", Audience.EVERYONE),
            ("Zebrawood has a price", Audience.SEALED),
            ("The weather is fine", Audience.EVERYONE),
        ]
    ):
        stage.clock.now = NOW + timedelta(minutes=number)
        stage.post(characters.owner, text, territory="georgia", audience=audience)


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.status
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def texts(browser: Browser, query: str) -> list[str]:
    return [row["text"] for row in rows_of(browser.get(f"/search.csv?{query}"))]


class TestTheFile:
    def test_has_the_columns_of_an_export_of_notes(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        answer = client_of(characters.member).get("/search.csv?q=acme")
        [row] = rows_of(answer)
        assert tuple(row) == COLUMNS
        assert row["competitors"] == "Acme Telecom"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("query", ["q=price", "q=price&sort=newest", "", "q=fine+zebra"])
    def test_has_the_order_of_the_page(
        self, client_of: BrowserOf, characters: Characters, query: str
    ) -> None:
        browser = client_of(characters.analyst)
        listed = notes_on(browser.get(f"/search?{query}"))
        assert [text.removeprefix("'") for text in texts(browser, query)] == listed
        assert listed

    def test_follows_from_the_link_on_the_page(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        browser = client_of(characters.owner)
        address = links_on(browser.get("/search?q=kind:competitor+price&offset=0"))["CSV"]
        assert address == "/search.csv?kind=competitor&q=price"
        assert len(rows_of(browser.get(address))) == 1

    def test_begins_at_the_first_note_wherever_the_page_does(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        assert len(texts(client_of(characters.member), "offset=2")) == 3

    def test_holds_nothing_that_a_spreadsheet_would_run(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        assert "'=price" in texts(client_of(characters.member), "q=price")

    def test_of_nothing_is_its_head(self, client_of: BrowserOf, characters: Characters) -> None:
        assert texts(client_of(characters.member), "q=nowhere") == []


def test_a_sealed_note_is_in_no_file_of_a_stranger(
    client_of: BrowserOf, characters: Characters
) -> None:
    for query in ("", "q=price", "q=zebrawood", "sort=newest"):
        assert "Zebrawood has a price" not in texts(client_of(characters.stranger), query)
    assert texts(client_of(characters.analyst), "q=zebrawood") == ["Zebrawood has a price"]


def test_more_notes_than_are_read_at_once_come_in_one_piece(
    stage: Stage, client_of: BrowserOf, characters: Characters
) -> None:
    for number in range(103):
        stage.post(characters.member, f"Again {number}", territory="florida")
    found = texts(client_of(characters.owner), "q=again")
    assert len(found) == len(set(found)) == 103


def test_without_an_index_there_is_no_file(
    stage: Stage, client_of: BrowserOf, characters: Characters
) -> None:
    (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
    stage.runtime.reader.close()
    stage.runtime.reader.reload()
    assert client_of(characters.owner).get("/search.csv").status_code == 503
