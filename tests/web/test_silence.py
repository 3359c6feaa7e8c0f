"""The silence map: a table whose cells say where few notes came in, and whom to ask."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from insights.services.access import Actor
from tests.drafts import posted
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.pages import html_of
from tests.web.reading import links_on, page_text

BrowserOf = Callable[[Actor], Browser]
SILENCE = "/territories/silence"


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The owner's."""
    return client_of(characters.owner)


@pytest.fixture
def silent_georgia(stage: Stage, characters: Characters) -> None:
    """Three notes a week in Georgia until three weeks ago."""
    with stage.database.writing() as session:
        for weeks_ago in range(4, 24):
            for _ in range(3):
                moment = NOW - timedelta(weeks=weeks_ago)
                posted(session, characters.owner, now=moment, territory="georgia")
    stage.catch_up()


def row_of(browser: Browser, name: str, address: str = SILENCE) -> str:
    html = html_of(browser.get(address))
    return next(row for row in html.split("<tr>") if f">{name}</a>" in row)


def test_nobody_is_sent_to_sign_in(nobody: Browser) -> None:
    assert "/sign-in" in nobody.get(SILENCE).headers["Location"]


@pytest.mark.usefixtures("silent_georgia")
class TestTheTable:
    def test_says_in_words_how_a_territory_stands_and_who_holds_it(self, browser: Browser) -> None:
        text = page_text(browser.get(SILENCE))
        assert "Georgia Olivia Owner Silent for 3 weeks; usually 3 notes a week." in text
        assert "Silent 1 no note where some are usual" in text

    def test_marks_the_weeks_by_more_than_colour(self, browser: Browser) -> None:
        cells = re.findall(r"<td(?: class=\"(.*?)\")?>(\d+)", row_of(browser, "Georgia"))
        assert len(cells) == 26
        assert [count for _, count in cells[-5:]] == ["3", "0", "0", "0", "0"]
        assert cells[-1] == ("silence-3", "0")
        assert "hardly ever so few" in row_of(browser, "Georgia")

    def test_says_which_week_is_not_over(self, browser: Browser) -> None:
        assert "This week so far, from 16 Mar" in page_text(browser.get(SILENCE))

    def test_of_regions_leads_to_those_below(self, browser: Browser) -> None:
        answer = browser.get(f"{SILENCE}?by=region")
        assert "Southeast Manuel Manager Silent for 3 weeks" in page_text(answer)
        below = links_on(answer)["Show those below Southeast"]
        text = page_text(browser.get(below))
        assert "Silence in Southeast" in text
        assert "Georgia" in text
        assert "Nevada" not in text


class TestEmptyPages:
    def test_below_a_territory_without_others(self, browser: Browser) -> None:
        text = page_text(browser.get(f"{SILENCE}?in=georgia"))
        assert "Nothing lies below Georgia" in text

    def test_below_an_unknown_territory(self, browser: Browser) -> None:
        assert browser.get(f"{SILENCE}?in=atlantis").status_code == 404

    def test_beyond_the_last_page(self, browser: Browser) -> None:
        assert links_on(browser.get(f"{SILENCE}?page=9"))["Previous"] == f"{SILENCE}?page=8"

    def test_while_there_is_no_index(self, stage: Stage, browser: Browser) -> None:
        (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
        stage.runtime.reader.close()
        stage.runtime.reader.reload()
        assert "The search index is being built" in page_text(browser.get(SILENCE))


@pytest.mark.usefixtures("silent_georgia")
def test_who_may_not_see_the_notes_is_not_told_of_them(
    client_of: BrowserOf, characters: Characters
) -> None:
    told = {
        name
        for name, one in vars(characters).items()
        if "Silent for 3 weeks" in page_text(client_of(one).get(SILENCE))
    }
    assert told == set(vars(characters))


@pytest.mark.usefixtures("silent_georgia")
def test_queries_do_not_grow_with_the_rows(
    stage: Stage, browser: Browser, count_queries: Counter
) -> None:
    sent = []
    for address in (f"{SILENCE}?in=west", SILENCE):
        browser.get(address)
        with count_queries(stage.database) as statements:
            page_text(browser.get(address))
        sent.append(len(statements))
    assert sent[0] == sent[1]
