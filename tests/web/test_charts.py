"""The charts of a page: a sentence, the numbers as a table, and the same for the drawing."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from insights.models import Audience, Kind
from insights.services.access import Actor
from insights.web.app_shell_files import shell_files
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.services.weekly_notes import post_weekly
from tests.web.pages import html_of
from tests.web.reading import links_on, page_text

BrowserOf = Callable[[Actor], Browser]
REQUESTS = 10


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The stranger's, who may see all that is not sealed."""
    return client_of(characters.stranger)


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> None:
    """Georgia grows, mostly by Ionfield in healthcare; Florida does not."""
    post_weekly(
        stage,
        characters.owner,
        "Ionfield halves its price",
        *(1, 0, 0, 0, 2, 3, 4, 5, 1),
        kind=Kind.COMPETITOR,
        segments=("healthcare",),
    )
    post_weekly(
        stage,
        characters.owner,
        "Acme waits",
        *(1, 0, 1, 0, 1, 0, 1, 0, 1),
        kind=Kind.CHALLENGE,
        segments=("trucking", "enterprise"),
    )
    post_weekly(
        stage,
        characters.member,
        "Fibre One is liked",
        *(2,) * 9,
        territory="florida",
        kind=Kind.PREFERENCE,
    )


def drawn(answer: TestResponse) -> list[dict[str, Any]]:
    """What the drawings of a page read, in the order of the page."""
    found = re.findall(r"data-values='([^']*)'", html_of(answer))
    return [json.loads(unescape(one)) for one in found]


@pytest.mark.usefixtures("notes")
class TestATerritory:
    def test_says_what_is_seen(self, browser: Browser) -> None:
        text = page_text(browser.get("/territories/georgia"))
        assert "Competitor notes lead: 16 of 21 Notes by week and kind" in text
        assert "Ionfield leads with 16 of 21 mentions Share of all mentions" in text
        assert "Most come from Healthcare: 16 of 21 notes" in text
        assert "Georgia is busier than usual: 16 notes in the last four full weeks" in text

    def test_draws_the_numbers_of_its_tables(self, browser: Browser) -> None:
        answer = browser.get("/territories/georgia")
        volumes, shares, segments, comparison = drawn(answer)
        assert [one["kind"] for one in volumes["series"]] == ["competitor", "challenge"]
        assert volumes["series"][0]["values"][-5:] == [2, 3, 4, 5, 1]
        assert volumes["soFar"]
        assert [one["name"] for one in shares["lines"]] == ["Ionfield", "Acme Telecom"]
        assert [one["values"][-1] for one in shares["lines"]] == [86.7, 13.3]
        assert [one["name"] for one in segments["rows"]] == ["Healthcare", "Trucking"]
        assert segments["labels"][-1] == "16 Mar"
        names = [one["name"] for one in comparison["lines"]]
        assert names == ["Georgia", "Southeast", "Whole company"]
        text = page_text(answer)
        assert "Four weeks to Ionfield Acme Telecom 22 Mar 2026 87% (13) 13% (2)" in text
        assert "Week of Healthcare Trucking 16 Mar 2026 1 1 9 Mar 2026 5 0" in text

    def test_compares_weeks_that_are_over(self, browser: Browser) -> None:
        comparison = drawn(browser.get("/territories/georgia"))[-1]
        assert comparison["labels"][-1] == "15 Mar"
        assert {len(one["values"]) for one in comparison["lines"]} == {len(comparison["labels"])}

    def test_of_the_past_has_no_week_that_is_not_over(self, browser: Browser) -> None:
        volumes, *_, comparison = drawn(browser.get("/territories/georgia?to=2026-03-15"))
        assert not volumes["soFar"]
        assert volumes["labels"][-1] == "9 Mar"
        assert comparison["labels"][-1] == "15 Mar"

    def test_with_few_notes_is_not_compared(
        self, stage: Stage, characters: Characters, browser: Browser
    ) -> None:
        post_weekly(stage, characters.stranger, "They wait", 3, territory="nevada")
        assert "than usual" not in page_text(browser.get("/territories/nevada"))

    def test_without_notes_has_no_chart(self, browser: Browser) -> None:
        assert drawn(browser.get("/territories/nevada")) == []


@pytest.mark.usefixtures("notes")
class TestOtherPages:
    def test_a_competitor_is_compared_with_all_others(self, browser: Browser) -> None:
        text = page_text(browser.get("/competitors/acme-telecom"))
        assert "Acme Telecom has 5 of 21 mentions; Ionfield 16" in text

    def test_a_competitor_is_told_where_it_is_named_most(self, browser: Browser) -> None:
        answer = browser.get("/competitors/ionfield")
        text = page_text(answer)
        assert "Most often in Southeast: 16 of 39 notes" in text
        assert "Southeast 41% 16 of 39 Whole company 41% 16 of 39" in text
        link = links_on(answer)["Southeast"]
        assert "territory=southeast" in link
        assert "competitor=ionfield" in link

    def test_a_segment_is_shown_by_the_other_dimension(self, browser: Browser) -> None:
        answer = browser.get("/segments/trucking")
        assert "Acme Telecom leads with 5 of 5 mentions" in page_text(answer)
        assert "Most come from Enterprise: 5 of 5 notes" in page_text(answer)

    def test_a_product_is_compared_with_products(self, browser: Browser) -> None:
        text = page_text(browser.get("/products/fibre-one"))
        assert "Fibre One leads with 18 of 18 mentions" in text
        assert "Share of all mentions of products" in text

    def test_kinds_that_lead_together_are_named_together(
        self, stage: Stage, characters: Characters, browser: Browser
    ) -> None:
        for kind in (Kind.CHALLENGE, Kind.PREFERENCE):
            post_weekly(stage, characters.owner, "Cold", 1, kind=kind, territory="nevada")
        text = page_text(browser.get("/territories/nevada"))
        assert "Preference and challenge notes lead: 1 of 2 each" in text


def test_sealed_notes_are_in_no_chart_of_a_stranger(
    stage: Stage, characters: Characters, client_of: BrowserOf
) -> None:
    post_weekly(
        stage,
        characters.owner,
        "Ionfield pays their fine",
        *(3,) * 6,
        audience=Audience.SEALED,
        kind=Kind.COMPETITOR,
        segments=("healthcare",),
    )
    for page in ("/territories/georgia", "/competitors/ionfield", "/segments/healthcare"):
        assert drawn(client_of(characters.owner).get(page)), page
        assert drawn(client_of(characters.stranger).get(page)) == [], page
        text = page_text(client_of(characters.stranger).get(page))
        assert "Whole company" not in text


class CountingReader:
    """The real reader of the index, counting what it is asked."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.requests = 0

    def __getattr__(self, name: str) -> Any:
        self.requests += name in ("search", "count", "cross")
        return getattr(self.reader, name)


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize(
    "page",
    ["territories/georgia", "competitors/ionfield", "segments/trucking", "products/fibre-one"],
)
def test_a_page_asks_the_index_a_fixed_number_of_times(
    stage: Stage, browser: Browser, page: str
) -> None:
    reader = CountingReader(stage.runtime.reader)
    stage.app.extensions["insights"] = replace(stage.runtime, reader=reader)
    page_text(browser.get(f"/{page}"))
    assert reader.requests <= REQUESTS


def test_a_device_keeps_the_charts_but_not_the_library_for_reading_without_a_signal() -> None:
    names = shell_files().names
    assert "built/charts.js" in names
    assert "vendor/echarts.js" not in names
